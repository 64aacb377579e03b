"""Where a payment may belong: said, never done before a person agrees."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.core.errors import DomainError
from portal.directory.models import Organisation
from portal.finance import bank_files, crediting, issuing, ledger, payments, placing, suggestions
from portal.finance.content import Line
from portal.finance.models import Invoice, LedgerAccount, OnlinePayout, Payment
from portal.finance.online import payouts
from portal.finance.online.facts import PayoutFact
from tests.finance import make_finance, make_payment
from tests.finance.bank_files import CITY, OTHER, coda, movement, statement
from tests.finance.make_finance import finance_officer

pytestmark = pytest.mark.usefixtures("settings")
DAY = date(2027, 3, 1)


@pytest.fixture(autouse=True)
def march(clock) -> None:
    clock.move_to(datetime(2027, 3, 10, 9, tzinfo=UTC))


@pytest.fixture
def gent(session: Session) -> Organisation:
    return make_finance.municipality("Stad Gent")


def came_in(cents: int, **values: Any) -> Payment:
    return make_payment.received(cents, on=DAY, **values)


def suggested(payment: Payment) -> list[tuple[str, list[tuple[str, int]]]]:
    return [
        (one.why, [(str(invoice.number), cents) for invoice, cents in one.parts])
        for one in suggestions.suggest(payment)
    ]


def cost(organisation: Organisation, euros: int) -> Invoice:
    return make_finance.issued(organisation, Line("Cursus", euros * 100))


def known_account(organisation: Organisation) -> None:
    """An invoice of this partner was paid from CITY before."""
    invoice = cost(organisation, 10)
    payments.allocate(came_in(10_00, payer_iban=CITY), invoice, 10_00, finance_officer())


def test_a_known_account_and_the_right_amount_are_suggested(gent: Organisation) -> None:
    known_account(gent)
    invoice, _other = cost(gent, 250), cost(gent, 300)
    payment = came_in(250_00, payer_iban="BE41 0630 1234 5610")
    assert suggested(payment) == [(suggestions.SAME_ACCOUNT, [(invoice.number, 250_00)])]
    assert payments.open_cents(invoice) == 250_00  # not placed yet
    placing.accept(payment, suggestions.suggest(payment)[0].key, finance_officer())
    assert payments.open_cents(invoice) == ledger.rest_of(payment) == 0
    assert suggestions.suggest(payment) == []


def test_one_transfer_for_several_invoices_of_a_partner(gent: Organisation) -> None:
    known_account(gent)
    one, two, _three = cost(gent, 250), cost(gent, 300), cost(gent, 125)
    payment = came_in(550_00, payer_iban=CITY)
    parts = [(one.number, 250_00), (two.number, 300_00)]
    assert suggested(payment) == [(suggestions.TOGETHER, parts)]
    placing.accept(payment, suggestions.suggest(payment)[0].key, finance_officer())
    assert [payments.open_cents(x) for x in (one, two)] == [0, 0]


def test_the_search_for_a_sum_is_bounded(gent: Organisation) -> None:
    known_account(gent)
    for euros in range(1, 31):
        cost(gent, euros)
    found = suggestions.suggest(came_in(15_00, payer_iban=CITY))
    assert 0 < len(found) <= suggestions.MOST_SUGGESTIONS


@pytest.mark.parametrize("written", ["{0} en {1}", "Facturen {0},{1}", "betaling {0}/{1}"])
def test_numbers_in_the_free_text_are_read(gent: Organisation, written: str) -> None:
    one, two = cost(gent, 250), cost(make_finance.municipality("Deinze"), 300)
    message = written.format(one.number, str(two.number).replace("-", " ").lower())
    payment = came_in(550_00, message=message)
    parts = [(one.number, 250_00), (two.number, 300_00)]
    assert suggested(payment) == [(suggestions.NUMBERS, parts)]


def test_two_communications_in_one_text_are_suggested_together(gent: Organisation) -> None:
    one, two = cost(gent, 250), cost(gent, 300)
    payment = came_in(600_00, message=f"{one.ogm} {two.ogm}")
    assert suggested(payment)[0][1] == [(one.number, 250_00), (two.number, 300_00)]


def test_a_name_or_an_amount_alone_is_a_weaker_ground(gent: Organisation) -> None:
    invoice = cost(gent, 250)
    assert suggested(came_in(250_00, payer_name="STAD GENT"))[0][0] == suggestions.SAME_NAME
    alone = came_in(250_00, payer_name="Jan Janssens", payer_iban=OTHER)
    assert suggested(alone) == [(suggestions.SAME_AMOUNT, [(invoice.number, 250_00)])]
    cost(make_finance.municipality("Deinze"), 250)
    assert suggested(alone) == []


def test_what_is_paid_or_drafted_is_not_suggested(gent: Organisation) -> None:
    make_payment.paid(cost(gent, 250))
    make_finance.draft(gent)
    assert suggested(came_in(250_00, payer_name="Stad Gent")) == []


def test_a_refund_is_set_against_what_was_paid_too_much(gent: Organisation) -> None:
    invoice = cost(gent, 250)
    twice = came_in(250_00, payer_iban=CITY)
    make_payment.paid(invoice)
    back = came_in(-250_00, payer_iban=CITY)
    (found,) = suggestions.suggest(back)
    assert (found.why, found.incoming) == (suggestions.PAID_BACK, twice)
    placing.accept(back, found.key, finance_officer())
    assert ledger.rest_of(back) == ledger.rest_of(twice) == 0
    assert payments.open_cents(invoice) == 0


def test_a_refund_of_what_was_credited_goes_back_on_its_invoice(gent: Organisation) -> None:
    known_account(gent)
    invoice = cost(gent, 250)
    make_payment.paid(invoice)
    note = crediting.credit(finance_officer(), invoice, (Line("Minder", 50_00),), "Minder")
    issuing.issue(finance_officer(), note, note.version)
    back = came_in(-50_00, payer_iban=CITY)
    assert suggested(back) == [(suggestions.CREDITED, [(invoice.number, -50_00)])]
    placing.accept(back, suggestions.suggest(back)[0].key, finance_officer())
    assert payments.open_cents(invoice) == 0


def test_a_suggestion_that_holds_no_more_is_refused(gent: Organisation) -> None:
    invoice = cost(gent, 250)
    payment = came_in(250_00, payer_name="Stad Gent")
    key = suggestions.suggest(payment)[0].key
    make_payment.paid(invoice)
    with pytest.raises(DomainError, match="klopt niet meer"):
        placing.accept(payment, key, finance_officer())
    assert ledger.rest_of(payment) == 250_00


def test_a_person_places_on_several_documents_at_once(gent: Organisation) -> None:
    one, two = cost(gent, 250), cost(gent, 300)
    payment = came_in(400_00)
    parts = [(str(one.number).lower(), 250_00), (str(two.ogm), 100_00)]
    placing.on_invoices(payment, parts, finance_officer(), "Volgens mail")
    assert [payments.open_cents(x) for x in (one, two)] == [0, 200_00]
    assert ledger.rest_of(payment) == 50_00


def test_a_wrong_row_is_named_and_nothing_is_placed(gent: Organisation, session: Session) -> None:
    invoice = cost(gent, 250)
    payment, by = came_in(400_00), finance_officer()
    session.commit()
    for parts, field in (
        ([(str(invoice.number), 250_00), ("F1999-0001", 1_00)], "rows-1-number"),
        ([("", 1_00)], "rows-0-number"),
        ([(invoice.reference, 250_01)], "rows-0-cents"),
        ([], None),
    ):
        with pytest.raises(DomainError) as refused, session.begin_nested():
            placing.on_invoices(payment, parts, by, "")
        assert refused.value.field == field
        assert ledger.rest_of(payment) == 400_00


def test_a_gift_leaves_the_worklist_and_comes_back_when_undone(session: Session) -> None:
    gift = came_in(50_00)
    by = finance_officer()
    placing.elsewhere(gift, LedgerAccount.OTHER, 50_00, by, "Gift voor de werking")
    assert ledger.rest_of(gift) == 0
    assert ledger.balance_of(LedgerAccount.OTHER) == -50_00
    entry = payments.entries_of(gift)[-1][0]
    placing.take_back(gift, placing.entry_of(gift, entry.id), by, "Toch een factuur")
    assert ledger.rest_of(gift) == 50_00


def test_what_the_bank_saw_is_not_undone_but_what_a_person_typed_is(session: Session) -> None:
    from portal.core.errors import NotFoundError
    from portal.finance.models import PaymentSource

    seen, typed = came_in(50_00), came_in(60_00, source=PaymentSource.HAND)
    receipt = payments.entries_of(seen)[0][0]
    with pytest.raises(NotFoundError):
        placing.entry_of(seen, receipt.id)
    receipt = placing.entry_of(typed, payments.entries_of(typed)[0][0].id)
    placing.take_back(typed, receipt, finance_officer(), "Verkeerd getypt")
    assert payments.was_taken_back(typed)


def paid_out(cents: int) -> OnlinePayout:
    """A payout of the online provider that the bank did not show yet."""
    payouts.apply(PayoutFact("po_1", cents, DAY, True, False), DAY)
    return payouts.in_transit()[0]


def test_a_payout_in_a_bank_file_is_known_by_its_name(session: Session) -> None:
    paid_out(250_00)
    seen = movement(250_00, DAY, name="STRIPE TECHNOLOGY EUROPE LTD")
    bank_files.take(bank_files.keep(coda(statement(1, 0, seen)), "a.cod", None), None)
    assert payouts.in_transit() == []
    assert ledger.balance_of(LedgerAccount.TRANSIT) == 0
    assert ledger.balance_of(LedgerAccount.BANK) == 250_00


def test_a_payout_without_its_name_is_suggested(session: Session) -> None:
    payout = paid_out(250_00)
    payment = came_in(250_00, payer_name="Onbekend")
    (found,) = suggestions.suggest(payment)
    assert (found.why, found.payout) == (suggestions.PAYOUT, payout)
    placing.accept(payment, found.key, finance_officer())
    assert ledger.rest_of(payment) == 0
    assert payouts.in_transit() == []
    with pytest.raises(ValueError, match="no person"):
        placing.elsewhere(payment, LedgerAccount.TRANSIT, 1, finance_officer(), "Stripe")
