"""The journal balances whatever happened, and all documents of a period are there to the byte."""

import csv
import hashlib
import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import cli
from portal.core import clock as time
from portal.core import documents, jobs
from portal.core.db import db
from portal.core.documents import DamagedDocumentError, Document
from portal.core.errors import DomainError
from portal.finance import (
    account_codes,
    charging,
    crediting,
    issuing,
    journal,
    keeping,
    ledger,
    payments,
    period_archive,
    periods,
)
from portal.finance.account_codes import ACCOUNTS
from portal.finance.content import Line
from portal.finance.models import Invoice, InvoiceKind, JournalExport, LedgerAccount
from tests import make
from tests.agreements import make_agreement
from tests.browser import Browser
from tests.finance import make_finance, make_late, make_payment
from tests.finance.make_finance import finance_officer

pytestmark = pytest.mark.usefixtures("settings")
NOVEMBER = date(2026, 11, 1), date(2026, 11, 30)
EVER = date(2000, 1, 1), date(2100, 1, 1)


@pytest.fixture
def november(clock) -> None:  # type: ignore[no-untyped-def]
    clock.move_to(datetime(2026, 11, 23, 9, tzinfo=UTC))


def credited(invoice: Invoice, cents: int) -> Invoice:
    note = crediting.credit(finance_officer(), invoice, (Line("Minder", cents),), "Afspraak")
    issuing.issue(finance_officer(), note, note.version)
    db.session.commit()
    return note


def sides(on: tuple[date, date]) -> dict[str, tuple[int, int]]:
    """Debit and credit by account, whatever its code."""
    return {key[1]: value for key, value in journal.totals(journal.lines(*on)).by_account.items()}


@pytest.mark.usefixtures("november")
def test_every_booking_of_the_journal_balances_and_the_whole_too(session: Session) -> None:
    temse = make_late.partner()
    invoice = make_finance.issued(temse)
    claim = make_finance.issued(temse, Line("Toelage", 900_00), kind=InvoiceKind.CLAIM)
    credited(invoice, 50_00)
    make_payment.paid(claim)
    payments.write_off(invoice, 20_00, finance_officer(), "Verschil")
    make_payment.received(-12_00)
    db.session.commit()
    found = journal.totals(journal.lines(*NOVEMBER))
    assert found.balances
    assert found.debit_cents == found.credit_cents > 0
    assert sides(NOVEMBER) == {
        LedgerAccount.DEBTORS: (1_150_00, 50_00 + 900_00 + 20_00),
        LedgerAccount.UNMATCHED: (900_00 + 12_00, 900_00),
        LedgerAccount.BANK: (900_00, 12_00),
        LedgerAccount.WRITTEN_OFF: (20_00, 0),
        "invoiced": (50_00, 250_00),
        "claimed": (0, 900_00),
    }
    for one in journal.lines(*NOVEMBER):
        assert (one.debit_cents == 0) != (one.credit_cents == 0)
        assert one.journal in ("VK", "BK", "DV")


@pytest.mark.usefixtures("november")
def test_debtors_of_the_journal_are_what_the_invoices_say_is_open(session: Session) -> None:
    first, second = make_finance.issued(), make_finance.issued()
    make_payment.paid(first, 100_00)
    credited(second, 30_00)
    make_payment.paid(second)
    found = {one.account: one for one in journal.balances(*NOVEMBER)}
    still_open = payments.open_cents(first) + payments.open_cents(second)
    assert found[LedgerAccount.DEBTORS].closing_cents == still_open == 150_00
    assert found[LedgerAccount.DEBTORS].opening_cents == 0
    assert found[LedgerAccount.BANK].closing_cents == 320_00
    moved = sides(NOVEMBER)[LedgerAccount.DEBTORS]
    assert moved[0] - moved[1] == still_open


@pytest.mark.usefixtures("november")
def test_interest_charged_has_an_account_of_its_own(clock) -> None:  # type: ignore[no-untyped-def]
    invoice = make_late.late(make_late.partner(), 73, 1_000_00, clock_=clock)
    claim = charging.charge(finance_officer(), invoice, with_interest=True, with_cost=True)
    issuing.issue(finance_officer(), claim, claim.version)
    db.session.commit()
    credited(claim, 11_00)
    assert sides(NOVEMBER)["lateness"] == (11_00, 61_00)


@pytest.mark.usefixtures("november")
def test_the_journal_names_no_one_who_paid(session: Session) -> None:
    make_payment.received(
        10_00, payer_name="Kanarie Vogel", payer_iban="BE68539007547034", message="kanarie"
    )
    words = " ".join(map(repr, journal.lines(*NOVEMBER)))
    assert "anarie" not in words
    assert "BE68" not in words


@pytest.mark.usefixtures("november")
def test_codes_hold_from_a_day_on_and_the_past_keeps_its_own(session: Session) -> None:
    make_finance.issued()
    shipped = account_codes.on(time.today())
    account_codes.record(date(2026, 12, 1), {**shipped, "debtors": "400100"}, finance_officer())
    db.session.commit()
    assert {one.code for one in journal.lines(*NOVEMBER)} == {"400000", "700000"}
    assert account_codes.on(date(2026, 12, 1))["debtors"] == "400100"
    with pytest.raises(DomainError) as refused:
        account_codes.record(date(2027, 1, 1), {**shipped, "bank": "55"}, finance_officer())
    assert refused.value.field == "bank"
    assert set(LedgerAccount) <= set(ACCOUNTS)


@pytest.mark.parametrize(
    ("code", "from_on", "to_on"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-K1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-K4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_is_written_as_people_keep_books(code: str, from_on: date, to_on: date) -> None:
    found = periods.read(code)
    assert found is not None
    assert (found.from_on, found.to_on) == (from_on, to_on)


@pytest.mark.parametrize(
    "code", ["", "26", "2026-13", "2026-00", "2026-K5", "2026-1", "1026-K1", "²026"]
)
def test_what_is_no_period_is_none(code: str) -> None:
    assert periods.read(code) is None


STEPS = st.lists(
    st.tuples(
        st.sampled_from(("in", "place", "credit", "write_off", "out", "back", "undo", "invoice")),
        st.integers(1, 400_00),
        st.integers(0, 5),
    ),
    max_size=14,
)


@pytest.mark.usefixtures("session")
@given(steps=STEPS)
def test_whatever_happens_journal_ledger_and_invoices_agree_to_the_cent(
    steps: list[tuple[str, int, int]],
) -> None:
    by = finance_officer()
    before = {one.account: one.closing_cents for one in journal.balances(*EVER)}
    organisation = make_finance.municipality()
    invoices = [make_finance.issued(organisation)]
    received = [make_payment.received(100_00)]
    for action, cents, which in steps:
        try:
            _step(action, cents, which, invoices, received, by)
            db.session.commit()
        except DomainError:
            db.session.rollback()
    found = journal.totals(journal.lines(*EVER))
    assert found.balances
    after = {
        one.account: one.closing_cents - before[one.account] for one in journal.balances(*EVER)
    }
    assert after[LedgerAccount.DEBTORS] == sum(payments.open_cents(one) for one in invoices)
    assert after[LedgerAccount.UNMATCHED] == -sum(ledger.rest_of(one) for one in received)
    standing = sum(one.cents for one in received if not payments.was_taken_back(one))
    assert after[LedgerAccount.BANK] == standing
    assert all(payments.open_cents(one) <= one.total_cents for one in invoices)


def _step(action: str, cents: int, which: int, invoices: Any, received: Any, by: Any) -> None:
    invoice, payment = invoices[which % len(invoices)], received[which % len(received)]
    if action in ("in", "out"):
        received.append(make_payment.received(cents if action == "in" else -cents))
    elif action == "invoice":
        invoices.append(make_finance.issued(invoice.organisation, Line("Cursus", cents)))
    elif action == "place":
        payments.allocate(payment, invoice, cents if payment.cents > 0 else -cents, by)
    elif action == "credit":
        credited(invoice, cents)
    elif action == "write_off":
        payments.write_off(invoice, cents, by, "Verschil")
    elif action == "back":
        payments.take_back_payment(payment, by, "Verkeerd")
    else:
        placed = [entry for entry, stands in payments.entries_on(invoice) if stands]
        if placed:
            payments.take_back(placed[-1], by, "Verkeerd")


def test_on_screen_one_hands_over_a_period_and_is_told_when_it_changed(app: Flask, clock) -> None:  # type: ignore[no-untyped-def]
    clock.move_to(datetime(2026, 11, 23, 9, tzinfo=UTC))
    invoice = make_finance.issued(make_late.partner())
    bram = Browser(app).sign_in(make_agreement.finance_officer().account)
    page = bram.get("finance.books", periode="2026-11")
    assert "In evenwicht" in page.text
    answer = bram.post("finance.export_journal", {"periode": "2026-11"}, form="csv")
    rows = list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:4] == ["Datum", "Dagboek", "Stuk", "Rekening"]
    assert rows[1][2] == invoice.number
    assert [row[7] for row in rows[1:]] == ["250,00", "0,00"]
    book = bram.post("finance.export_journal", {"periode": "2026-11"}, form="xlsx").body
    assert book.startswith(b"PK")
    assert make.number_of(JournalExport) == 2
    page = bram.get("finance.books", periode="2026-11")
    assert "sindsdien niet gewijzigd" in page.text
    make_payment.paid(invoice)
    page = bram.get("finance.books", periode="2026-11")
    assert "Gewijzigd sinds het doorgegeven werd" in page.text
    assert bram.get("finance.books", periode="onzin").status == 200


def test_on_screen_the_accountant_changes_a_code(app: Flask) -> None:
    bram = Browser(app).sign_in(make_agreement.finance_officer().account)
    page = bram.get("finance.record_codes")
    typed = {key: page.value(key) for key in ("from_on", *map(str, ACCOUNTS))}
    wrong = bram.submit(page, "finance.record_codes", {**typed, "bank": "vijf"})
    assert len(wrong.errors) == 1
    assert "drie tot tien cijfers" in wrong.errors[0]
    page = bram.follow(bram.submit(page, "finance.record_codes", {**typed, "bank": "550010"}))
    assert page.value("bank") == "550010"


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_all_documents_of_a_period_are_in_one_zip_to_the_byte(app: Flask, clock) -> None:  # type: ignore[no-untyped-def]
    clock.move_to(datetime(2026, 11, 23, 9, tzinfo=UTC))
    invoice = make_finance.issued(make_late.partner())
    note = credited(invoice, 50_00)
    claim = make_finance.issued(make_late.partner("OCMW Temse"), kind=InvoiceKind.CLAIM)
    make_late.reminded(invoice)
    bram = Browser(app).sign_in(make_agreement.finance_officer().account)
    files = unpacked(bram.get("finance.export_period", periode="2026-11").body)
    for one, folder in (
        (invoice, "facturen"),
        (note, "creditnota's"),
        (claim, "schuldvorderingen"),
    ):
        data = files[f"{folder}/{one.number}.pdf"]
        assert hashlib.sha256(data).digest() == one.pdf_sha256
    assert hashlib.sha256(files[f"facturen/{invoice.number}.xml"]).digest() == invoice.ubl_sha256
    assert any(name.startswith("herinneringen/") for name in files)
    index = list(csv.DictReader(io.StringIO(files["index.csv"].decode("utf-8-sig")), delimiter=";"))
    assert {row["bestand"] for row in index} == set(files) - {"index.csv", "index.html"}
    for row in index:
        assert hashlib.sha256(files[row["bestand"]]).hexdigest() == row["sha256"]
    assert str(invoice.number) in files["index.html"].decode()
    assert b"400000" in files["journaal.csv"]
    assert unpacked(bram.get("finance.export_period", periode="2025").body).keys() == {
        "journaal.csv", "journaal.xlsx", "index.csv", "index.html",
    }  # fmt: skip


def test_a_damaged_document_stops_the_packing_by_name(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = make_finance.issued()
    pdf_id, number = invoice.pdf_id, str(invoice.number)
    whole = documents.read

    def damaged(document: Document) -> bytes:
        if document.id == pdf_id:
            raise DamagedDocumentError("document")
        return whole(document)

    monkeypatch.setattr(documents, "read", damaged)
    bram = Browser(app).sign_in(make_agreement.finance_officer().account)
    page = bram.follow(bram.get("finance.export_period", periode=str(time.today().year)))
    assert f"{number}.pdf" in page.text
    with pytest.raises(DamagedDocumentError, match=number):
        period_archive.write(io.BytesIO(), *EVER)


def test_from_the_command_line_the_same_journal_and_the_same_archive(
    app: Flask, tmp_path: Path, clock
) -> None:  # type: ignore[no-untyped-def]
    clock.move_to(datetime(2026, 11, 23, 9, tzinfo=UTC))
    invoice = make_finance.issued()
    span = ["--from", "2026-11-01", "--to", "2026-11-30", "-o"]
    written = tmp_path / "journaal.csv"
    said = CliRunner().invoke(cli.export_journal, [*span, str(written)])
    assert said.exit_code == 0, said.output
    assert "2 lijnen" in said.output
    assert str(invoice.number) in written.read_text("utf-8-sig")
    packed = tmp_path / "november.zip"
    assert CliRunner().invoke(cli.export_period, [*span, str(packed)]).exit_code == 0
    assert f"facturen/{invoice.number}.pdf" in unpacked(packed.read_bytes())


def test_nine_years_later_no_job_has_touched_what_the_books_rest_on(app: Flask, clock) -> None:  # type: ignore[no-untyped-def]
    clock.move_to(datetime(2026, 11, 23, 9, tzinfo=UTC))
    invoice = make_finance.issued(make_late.partner())
    make_payment.paid(invoice)
    note = credited(make_finance.issued(), 20_00)
    make_late.reminded(invoice)
    db.session.commit()
    tables = [name for names in keeping.KEPT.values() for name in names]
    kept = {name: _rows_of(name) for name in tables}
    clock.shift(timedelta(days=9 * 365))
    for job in list(jobs._jobs.values()):
        job.run()
        db.session.commit()
    db.session.expire_all()
    assert {name: _rows_of(name) for name in tables} == kept
    for one in (invoice, note):
        assert one.pdf is not None
        assert hashlib.sha256(documents.read(one.pdf)).digest() == one.pdf_sha256


def _rows_of(name: str) -> list[str]:
    return sorted(map(repr, db.session.execute(select(db.metadata.tables[name]))))


def test_the_list_of_what_is_kept_names_every_table_of_finance_but_what_only_waits(
    session: Session,
) -> None:
    from portal.finance import models

    ours = {
        getattr(models, name).__tablename__
        for name in models.__all__
        if hasattr(getattr(models, name), "__tablename__")
    }
    named = {name for names in keeping.KEPT.values() for name in names}
    assert named <= ours
    assert ours - named <= keeping.NOT_BOOKS
