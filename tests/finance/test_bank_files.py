"""Bank files taken in: each movement once, whatever file it stands in and in what order they come."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from portal.core import documents
from portal.core.audit import AuditEvent
from portal.core.db import db
from portal.core.documents import Document
from portal.core.errors import NotFoundError
from portal.finance import bank_balances, bank_files, ledger, payments
from portal.finance.bank_files import Taken
from portal.finance.banking import BankFileError, Movement
from portal.finance.content import Line
from portal.finance.models import (
    BankFile,
    BankMovement,
    BankStatement,
    Invoice,
    LedgerAccount,
    Payment,
)
from tests import make
from tests.finance import make_finance
from tests.finance.bank_files import CITY, OTHER, OWN, Batch, camt, coda, movement, statement

pytestmark = pytest.mark.usefixtures("settings")
DAY = date(2027, 3, 1)
NEXT = date(2027, 3, 2)


@pytest.fixture(autouse=True)
def march(clock) -> None:
    clock.move_to(datetime(2027, 3, 10, 9, tzinfo=UTC))


def take(data: bytes) -> Taken:
    """Take in a file as the worker does."""
    taken = bank_files.take(bank_files.keep(data, "maart.cod", None), None)
    db.session.flush()
    return taken


def refused(data: bytes) -> str:
    before = make.number_of(Payment)
    with pytest.raises(BankFileError) as error:
        take(data)
    assert make.number_of(Payment) == before
    return error.value.message % error.value.values


def paying(invoice: Invoice, cents: int = 250_00, on: date = DAY, **more: object) -> Movement:
    """A transfer with the communication of an invoice."""
    known = {"name": "Stad Gent", "iban": CITY, "ogm": invoice.ogm, "bank_reference": "R1"}
    return movement(cents, on, **{**known, **more})


@pytest.mark.parametrize("write", [coda, camt])
def test_a_transfer_with_the_communication_pays_its_invoice(session: Session, write) -> None:
    invoice = make_finance.issued()
    assert take(write(statement(1, 0, paying(invoice)))) == Taken(1, 0, 1, 0)
    assert payments.open_cents(invoice) == 0
    payment = make.only(Payment)
    assert (payment.payer_name, payment.payer_iban, payment.ogm) == ("Stad Gent", CITY, invoice.ogm)
    assert payment.organisation_id == invoice.organisation_id
    assert ledger.balance_of(LedgerAccount.BANK) == 250_00


def test_a_communication_in_free_text_pays_too(session: Session) -> None:
    invoice = make_finance.issued()
    ogm = str(invoice.ogm)
    words = f"factuur +++{ogm[:3]}/{ogm[3:7]}/{ogm[7:]}+++ dank u"
    take(coda(statement(1, 0, paying(invoice, ogm="", text=words))))
    assert payments.open_cents(invoice) == 0


def test_a_part_pays_a_part_and_more_leaves_a_rest(session: Session) -> None:
    invoice = make_finance.issued()
    take(coda(statement(1, 0, paying(invoice, 100_00), paying(invoice, 200_00, name="Gent"))))
    assert payments.open_cents(invoice) == 0
    rests = [ledger.rest_of(one) for one in session.query(Payment).order_by(Payment.id)]
    assert rests == [0, 50_00]


def test_a_second_payment_of_the_same_invoice_waits(session: Session) -> None:
    invoice = make_finance.issued()
    take(coda(statement(1, 0, paying(invoice), paying(invoice, bank_reference="R2"))))
    assert payments.open_cents(invoice) == 0
    assert sum(ledger.rest_of(one) for one in session.query(Payment)) == 250_00


def test_a_digit_short_or_a_stranger_waits(session: Session) -> None:
    invoice = make_finance.issued()
    short = movement(250_00, DAY, text=str(invoice.ogm)[:-1], iban=CITY)
    other = movement(250_00, DAY, text="090/9337/55493", iban=OTHER)
    assert take(coda(statement(1, 0, short, other))).placed == 0
    assert payments.open_cents(invoice) == 250_00
    assert ledger.balance_of(LedgerAccount.UNMATCHED) == -500_00


def test_money_out_is_never_placed_by_itself(session: Session) -> None:
    invoice = make_finance.issued()
    assert take(coda(statement(1, 900_00, paying(invoice, -250_00)))).placed == 0
    assert payments.open_cents(invoice) == 250_00


@pytest.mark.parametrize("write", [coda, camt])
def test_the_same_file_twice_does_nothing(session: Session, write) -> None:
    data = write(statement(1, 0, paying(make_finance.issued())))
    take(data)
    assert take(data) == Taken(0, 1, 0, 0)
    assert make.number_of(Payment) == make.number_of(BankFile) == 1


def test_two_equal_transfers_of_a_day_count_twice_in_every_file(session: Session) -> None:
    first, second = (movement(5_00, DAY, iban=CITY, text="koffie") for _ in range(2))
    both = statement(1, 0, first, second)
    assert take(coda(both)).booked == 2
    assert take(camt(both)).booked == 0
    assert take(camt(replace(both, number="17"))).booked == 0
    assert make.number_of(Payment) == 2


def test_equal_transfers_in_two_statements_of_one_day_count_twice(session: Session) -> None:
    first = movement(5_00, DAY, iban=CITY, text="koffie", bank_reference="R1")
    second = replace(first, bank_reference="R2")
    morning = statement(1, 0, first)
    evening = statement(2, 5_00, second, opened_on=DAY)
    assert take(coda(morning)).booked == 1
    assert take(coda(evening)).booked == 1
    whole = statement(9, 0, first, second)
    assert take(camt(whole)).booked == 0


def test_texts_that_formats_cut_off_differently_are_one_movement(session: Session) -> None:
    one = movement(5_00, DAY, name="Vereniging " * 5, iban=CITY, text="lang " * 27)
    assert take(camt(statement(1, 0, one))).booked == 1
    assert take(coda(statement(1, 0, one))).booked == 0


def test_the_same_statement_in_the_other_format_is_known_by_its_balances(session: Session) -> None:
    """One format tells who paid, the other does not: what they say alike is not enough."""
    told = movement(5_00, DAY, iban=CITY, name="Stad Gent", bank_reference="A")
    silent = movement(5_00, DAY, bank_reference="B")
    take(coda(statement(1, 0, told)))
    assert take(camt(statement(1, 0, silent))) == Taken(0, 1, 0, 0)
    other = [movement(2_00, DAY), movement(3_00, DAY)]
    assert "in een ander formaat" in refused(camt(statement(2, 0, *other)))


def test_a_total_and_its_details_count_once(session: Session) -> None:
    one, two = paying(make_finance.issued()), paying(make_finance.issued())
    written = statement(1, 0, one, two)
    assert take(coda(written, batches=[Batch([one, two])])) == Taken(2, 0, 2, 0)
    assert take(camt(written, batches=[Batch([one, two])])).booked == 0
    assert ledger.balance_of(LedgerAccount.BANK) == 500_00


def test_only_accounts_of_home_start_are_read(session: Session) -> None:
    mine, other = statement(1, 0, movement(5_00, DAY)), statement(1, 0, movement(9_00, DAY))
    foreign = replace(other, iban=OTHER)
    assert OTHER in refused(coda(foreign))
    assert OWN in refused(camt(foreign))
    assert take(coda(mine, foreign)) == Taken(1, 0, 0, 1)
    assert [one.iban for one in session.query(BankStatement)] == [OWN]
    dollars = statement(2, 5_00, movement(1_00, NEXT), currency="USD")
    assert take(camt(dollars)) == Taken(0, 0, 0, 1)


def test_an_account_that_was_on_invoices_before_is_still_read(session: Session) -> None:
    make_finance.settings(from_on=date(2026, 1, 1), iban=OTHER)
    assert take(coda(statement(1, 0, movement(5_00, DAY)))).booked == 1
    assert take(coda(replace(statement(1, 0, movement(5_00, DAY)), iban=OTHER))).booked == 1


def test_balances_that_do_not_follow_are_refused(session: Session) -> None:
    take(coda(statement(7, 100_00, movement(5_00, DAY))))
    after = statement(8, 106_00, movement(1_00, NEXT))
    told = refused(coda(after))
    assert "begint met €\u00a0106,00" in told
    assert "eindigt op €\u00a0105,00" in told
    before = statement(6, 0, movement(99_00, date(2027, 2, 26)))
    assert "eindigt op €\u00a099,00" in refused(coda(before))
    assert take(coda(replace(after, opening_cents=105_00, closing_cents=106_00))).booked == 1


def test_a_number_that_comes_back_with_other_amounts_is_refused(session: Session) -> None:
    take(coda(statement(7, 100_00, movement(5_00, DAY))))
    assert "met andere bedragen" in refused(coda(statement(7, 100_00, movement(6_00, DAY))))


def test_one_bad_statement_refuses_the_whole_file(session: Session) -> None:
    good = statement(7, 0, movement(5_00, DAY))
    bad = statement(8, 6_00, movement(1_00, NEXT))
    refused(coda(good, bad))
    assert make.number_of(BankStatement) == make.number_of(BankFile) == 0


def test_a_missing_statement_is_told_until_it_comes(session: Session) -> None:
    days = [DAY + timedelta(days=n) for n in range(4)]
    each = [statement(n + 1, n * 5_00, movement(5_00, day)) for n, day in enumerate(days)]
    for one in (each[0], each[3]):
        take(coda(one))
    ((before, after),) = bank_balances.gaps(bank_balances.known_of([OWN]))
    assert (before.number, after.number) == ("1", "4")
    take(coda(each[1], each[2]))
    assert bank_balances.gaps(bank_balances.known_of([OWN])) == []


def test_a_file_that_was_looked_at_and_left_is_forgotten(session: Session, clock) -> None:
    left = bank_files.keep(coda(statement(1, 0, movement(5_00, DAY))), "x.cod", None)
    take(coda(statement(2, 5_00, movement(5_00, NEXT))))
    db.session.commit()
    assert bank_files.forget_untaken() == 0
    clock.move_to(datetime(2027, 3, 18, 10, tzinfo=UTC))
    assert bank_files.forget_untaken() == 1
    db.session.commit()
    assert session.get(Document, left.document_id) is None
    with pytest.raises(NotFoundError):
        bank_files.find(left.id)


def test_what_was_taken_in_never_changes(session: Session) -> None:
    take(coda(statement(1, 0, movement(5_00, DAY))))
    for table, column in (
        (BankFile, "taken_by_id"),
        (BankStatement, "movements"),
        (BankMovement, "ordinal"),
    ):
        with pytest.raises(DatabaseError), session.begin_nested():
            session.execute(update(table).values({column: 7}))
        with pytest.raises(DatabaseError), session.begin_nested():
            session.execute(text(f"DELETE FROM {table.__tablename__}"))


def test_who_paid_stands_nowhere_in_the_clear(session: Session) -> None:
    private = movement(5_00, DAY, name="Jan Janssens", iban=OTHER, text="voor Emma en Lotte")
    take(coda(statement(1, 0, private)))
    payment = make.only(Payment)
    assert (payment.payer_name, payment.message) == ("Jan Janssens", "voor Emma en Lotte")
    document = make.only(BankFile).document
    assert document.encrypted
    assert b"Janssens" in documents.read(document)
    dumped = ""
    for table in db.metadata.sorted_tables:
        dumped += str(session.execute(select(table)).all())
    for word in ("Janssens", "Emma", OTHER):
        assert word not in dumped
    assert not {"payer_name"} & {f for e in session.query(AuditEvent) for f in e.fields}


# Any order, any repetition.

DAYS = [date(2027, 3, n) for n in (1, 2, 3)]
TRUTH = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from((5_00, 250_00, -5_00)), st.integers(0, 3)),
    min_size=1,
    max_size=8,
)


def test_any_order_and_repetition_of_overlapping_files_ends_the_same(session: Session) -> None:
    invoices = [make_finance.issued(None, Line("Cursus", 300_00)) for _ in range(2)]

    @examples(max_examples=20)
    @given(truth=TRUTH, order=st.randoms(use_true_random=False), named=st.booleans())
    def holds(truth, order, named) -> None:  # type: ignore[no-untyped-def]
        files = _files(_movements(truth, invoices, named))
        states = [_after(files, order, invoices) for _ in range(2)]
        assert states[0] == states[1]
        booked = Counter((on, cents) for _key, on, cents, _ogm in states[0][0])
        assert booked == Counter((DAYS[day], cents) for day, cents, _payer in truth)

    holds()


def _after(files, order, invoices):  # type: ignore[no-untyped-def]
    """What stands after the files came in some order, half of them twice; then all is undone."""
    shuffled = [*files, *order.sample(files, k=len(files) // 2)]
    order.shuffle(shuffled)
    savepoint = db.session.begin_nested()
    for one in shuffled:
        take(one)
    state = _state(invoices)
    savepoint.rollback()
    db.session.expire_all()
    return state


def _movements(truth, invoices, named) -> list[list[Movement]]:
    """The movements of each day; of payers 0 and 1 with the communication of an invoice."""
    days: list[list[Movement]] = [[], [], []]
    for number, (day, cents, payer) in enumerate(truth):
        ogm = invoices[payer].ogm if payer < 2 and cents > 0 else ""
        days[day].append(
            movement(
                cents,
                DAYS[day],
                iban=(CITY, OTHER)[payer % 2],
                ogm=ogm,
                text="" if ogm else f"tekst {payer}",
                bank_reference=f"R{number}" if named else "",
            )
        )
    return days


def _files(days: list[list[Movement]]) -> list[bytes]:
    """CODA a day, camt of two overlapping periods, and one of all days; a day cut in two."""
    opening = [sum(m.cents for d in days[:n] for m in d) for n in range(4)]
    daily = [_of(n + 1, opening[n], days[n], DAYS[n], DAYS[n]) for n in range(3)]
    files = [coda(one) for one in daily]
    files.append(coda(*daily))
    files.append(camt(_of(901, opening[0], days[0] + days[1], DAYS[0], DAYS[1])))
    files.append(camt(_of(902, opening[1], days[1] + days[2], DAYS[1], DAYS[2]), version=2))
    files.append(camt(_of(903, opening[0], [m for d in days for m in d], DAYS[0], DAYS[2])))
    return files


def _of(number, opening, movements, first, last):
    return statement(
        number, opening, *movements, opened_on=first - timedelta(days=1), closed_on=last
    )


def _state(invoices: list[Invoice]):
    db.session.expire_all()
    booked = sorted((p.key, p.booked_on, p.cents, p.ogm or "") for p in db.session.query(Payment))
    waiting = -ledger.balance_of(LedgerAccount.UNMATCHED)
    assert waiting == sum(map(ledger.rest_of, db.session.query(Payment)))
    assert sum(ledger.balance_of(account) for account in LedgerAccount) == 0
    return booked, [payments.open_cents(one) for one in invoices], waiting
