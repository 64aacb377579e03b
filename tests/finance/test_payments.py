"""Money placed on invoices, and taken back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.db import db
from portal.core.errors import DomainError, NotFoundError
from portal.finance import crediting, issuing, ledger, payments
from portal.finance.content import Line
from portal.finance.ledger import Leg
from portal.finance.models import (
    EntryKind,
    Invoice,
    LedgerAccount,
    LedgerLine,
    Payment,
    PaymentSource,
)
from portal.finance.payment_state import PaymentState, column, state_of
from portal.finance.payments import Received
from tests.finance import make_finance, make_payment
from tests.finance.make_finance import finance_officer

pytestmark = pytest.mark.usefixtures("settings")


def credit_note(invoice: Invoice, cents: int) -> Invoice:
    note = crediting.credit(finance_officer(), invoice, (Line("Minder", cents),), "Minder uren")
    issuing.issue(finance_officer(), note, note.version)
    db.session.commit()
    return note


def state(invoice: Invoice) -> PaymentState:
    """How far it is paid, worked out both ways, which must agree."""
    assert invoice.due_on is not None
    open_cents, settled = payments.open_cents(invoice), ledger.settled_of(invoice)
    by_python = state_of(open_cents, settled, invoice.due_on, clock.today())
    in_sql = select(column(clock.today())).where(Invoice.id == invoice.id)
    assert db.session.scalar(in_sql) == by_python
    return by_python


def test_a_payment_in_parts_pays_an_invoice(session: Session) -> None:
    invoice = make_finance.issued()
    assert (payments.open_cents(invoice), state(invoice)) == (250_00, PaymentState.OPEN)
    make_payment.paid(invoice, 100_00)
    assert (payments.open_cents(invoice), state(invoice)) == (150_00, PaymentState.PARTLY_PAID)
    make_payment.paid(invoice)
    assert (payments.open_cents(invoice), state(invoice)) == (0, PaymentState.PAID)
    assert ledger.balance_of(LedgerAccount.BANK) == 250_00


def test_what_is_more_than_open_stays_on_the_payment(session: Session) -> None:
    invoice = make_finance.issued()
    payment = make_payment.received(300_00)
    with pytest.raises(DomainError) as refused:
        payments.allocate(payment, invoice, 300_00, finance_officer())
    assert refused.value.values["left"] == "€\u00a0250,00"
    payments.allocate(payment, invoice, 250_00, finance_officer())
    assert ledger.rest_of(payment) == 50_00
    with pytest.raises(DomainError):
        payments.allocate(payment, make_finance.issued(), 50_01, finance_officer())


def test_an_invoice_credited_after_it_was_paid_is_paid_back(session: Session) -> None:
    invoice = make_finance.issued()
    make_payment.paid(invoice)
    credit_note(invoice, 50_00)
    assert (payments.open_cents(invoice), state(invoice)) == (-50_00, PaymentState.OVERPAID)
    back = make_payment.received(-50_00)
    payments.allocate(back, invoice, -50_00, finance_officer())
    assert (payments.open_cents(invoice), state(invoice)) == (0, PaymentState.PAID)
    with pytest.raises(DomainError):
        payments.allocate(make_payment.received(-201_00), invoice, -201_00, finance_officer())


def test_a_fully_credited_invoice_asks_nothing(session: Session) -> None:
    invoice = make_finance.issued()
    credit_note(invoice, 250_00)
    assert state(invoice) == PaymentState.CREDITED


def test_a_second_payment_is_paid_back_whole(session: Session) -> None:
    again, back = make_payment.received(250_00), make_payment.received(-250_00)
    payments.settle(back, again, 250_00, finance_officer())
    assert (ledger.rest_of(again), ledger.rest_of(back)) == (0, 0)
    assert ledger.balance_of(LedgerAccount.BANK) == 0
    with pytest.raises(DomainError):
        payments.settle(back, again, 1, finance_officer())


def test_the_same_movement_is_booked_once(session: Session) -> None:
    seen = Received(PaymentSource.BANK, 10_00, clock.today(), "bank:1", payer_name="Jan Peeters")
    first = payments.receive(seen, None)
    assert first is not None
    assert payments.receive(seen, None) is None
    assert first.payer_name == "Jan Peeters"
    assert ledger.balance_of(LedgerAccount.BANK) == 10_00


def test_a_bounced_payment_is_undone_and_the_invoice_is_open_again(session: Session) -> None:
    invoice = make_finance.issued()
    payment = make_payment.paid(invoice)
    payments.take_back_payment(payment, finance_officer(), "Domiciliëring teruggekeerd")
    assert payments.open_cents(invoice) == 250_00
    assert ledger.balance_of(LedgerAccount.BANK) == 0
    assert payments.was_taken_back(payment)
    with pytest.raises(DomainError):
        payments.take_back_payment(payment, finance_officer(), "Nog eens")


def test_an_entry_is_taken_back_once_and_in_order(session: Session) -> None:
    invoice = make_finance.issued()
    payment = make_payment.paid(invoice)
    received, placed = [entry for entry, _stands in payments.entries_of(payment)]
    with pytest.raises(DomainError, match="heeft al een plaats"):
        payments.take_back(received, finance_officer(), "Fout")
    payments.take_back(placed, finance_officer(), "Verkeerde factuur")
    assert ledger.rest_of(payment) == 250_00
    with pytest.raises(DomainError, match="al tegengeboekt"):
        payments.take_back(placed, finance_officer(), "Nog eens")


def test_what_was_paid_back_first_keeps_its_payment(session: Session) -> None:
    invoice = make_finance.issued()
    payment = make_payment.paid(invoice)
    back = make_payment.received(-100_00)
    payments.allocate(back, invoice, -100_00, finance_officer())
    placed = payments.entries_of(payment)[1][0]
    with pytest.raises(DomainError, match="terugbetaald"):
        payments.take_back(placed, finance_officer(), "Fout")


def test_a_small_difference_is_written_off_with_a_reason(session: Session) -> None:
    invoice = make_finance.issued()
    make_payment.paid(invoice, 249_99)
    with pytest.raises(DomainError):
        payments.write_off(invoice, 2, finance_officer(), "Te veel")
    payments.write_off(invoice, 1, finance_officer(), "Eén cent verschil")
    assert state(invoice) == PaymentState.PAID


def test_money_goes_neither_to_a_draft_nor_to_a_credit_note(session: Session) -> None:
    payment = make_payment.received(10_00)
    invoice = make_finance.issued()
    for wrong in (make_finance.draft(), credit_note(invoice, 50_00)):
        with pytest.raises(DomainError, match="uitgereikte"):
            payments.allocate(payment, wrong, 10_00, finance_officer())


def test_costs_and_gifts_leave_the_worklist(session: Session) -> None:
    costs = make_payment.received(-4_50)
    payments.place_elsewhere(costs, LedgerAccount.FEES, -4_50, finance_officer(), "Bankkosten")
    assert ledger.rest_of(costs) == 0
    assert ledger.balance_of(LedgerAccount.FEES) == 4_50
    with pytest.raises(ValueError, match="no place"):
        payments.place_elsewhere(costs, LedgerAccount.BANK, -4_50, None, "")


def test_an_entry_that_does_not_balance_is_refused(session: Session) -> None:
    legs = (Leg(LedgerAccount.BANK, 100), Leg(LedgerAccount.OTHER, -99))
    with pytest.raises(ValueError, match="balance"):
        ledger.post(EntryKind.ELSEWHERE, "x", clock.today(), legs, by=None)


@pytest.mark.parametrize("table", [Payment, LedgerLine])
def test_nothing_booked_ever_changes(session: Session, table: type[Payment | LedgerLine]) -> None:
    make_payment.paid(make_finance.issued())
    with pytest.raises(DatabaseError), session.begin_nested():
        session.execute(update(table).values(cents=1))
    with pytest.raises(DatabaseError), session.begin_nested():
        session.execute(text(f"DELETE FROM {table.__tablename__}"))


def test_a_reference_that_is_none_is_not_found(session: Session) -> None:
    payment = make_payment.received(1_00)
    assert payments.find(payment.reference.lower()) is payment
    for wrong in ("P-0000-0000", "x", ""):
        with pytest.raises(NotFoundError):
            payments.find(wrong)


STEPS = st.lists(
    st.tuples(st.sampled_from(("in", "out", "place", "back", "credit", "write_off")),
              st.integers(1, 300_00), st.integers(0, 5)),
    max_size=12,
)  # fmt: skip


@pytest.mark.usefixtures("session")
@given(steps=STEPS)
def test_whatever_is_done_everything_adds_up(steps: list[tuple[str, int, int]]) -> None:
    by = finance_officer()
    before = balances()
    invoice = make_finance.issued()
    found = [make_payment.received(80_00), make_payment.received(-30_00)]
    for action, cents, which in steps:
        try:
            _step(action, cents, found[which % len(found)], invoice, found, by)
        except DomainError:
            db.session.rollback()
        else:
            db.session.commit()
    _adds_up(found, invoice, before)


def balances() -> dict[LedgerAccount, int]:
    return {account: ledger.balance_of(account) for account in LedgerAccount}


def _step(action, cents, payment, invoice, found, by) -> None:  # type: ignore[no-untyped-def]
    if action in ("in", "out"):
        found.append(make_payment.received(cents if action == "in" else -cents))
    elif action == "place":
        payments.allocate(payment, invoice, cents if payment.cents > 0 else -cents, by)
    elif action == "credit":
        credit_note(invoice, cents)
    elif action == "write_off":
        payments.write_off(invoice, cents, by, "Verschil")
    else:
        payments.take_back_payment(payment, by, "Fout")


def _adds_up(found: list[Payment], invoice: Invoice, before: dict[LedgerAccount, int]) -> None:
    change = {account: cents - before[account] for account, cents in balances().items()}
    assert sum(change.values()) == 0
    settled = ledger.settled_of(invoice)
    assert change[LedgerAccount.DEBTORS] == -settled
    assert 0 <= settled <= invoice.total_cents
    for payment in found:
        rest = ledger.rest_of(payment)
        assert min(0, payment.cents) <= rest <= max(0, payment.cents)
    assert change[LedgerAccount.UNMATCHED] == -sum(map(ledger.rest_of, found))
    state(invoice)
