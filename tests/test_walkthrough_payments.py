"""From issued invoices to balanced books: paid by bank twice over, online, reminded of, paid back.

Bram works for HSV's finance, Nele pays the bills of Temse. Everything happens on screen, but for
the bank, Stripe and the worker, who do what they do.
"""

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from portal.core import outbox
from portal.core.db import db
from portal.finance import ledger, payments
from portal.finance.banking.statements import Statement
from portal.finance.models import Invoice, LedgerAccount, Payment, PaymentSource
from tests import make
from tests.agreements import make_agreement
from tests.browser import Browser, Page
from tests.finance import bank_files, make_finance, make_online, make_payment, stripe_server
from tests.finance.bank_files import movement, statement
from tests.finance.stripe_server import Stripe

TEMSE = "BE43068999999501"


@pytest.fixture
def stripe(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stripe]:
    with stripe_server.running() as found:
        make_online.set_up(app, found, monkeypatch)
        yield found


def shown(page: Page) -> str:
    return page.text.replace("\u00a0", " ")


def read_bank_file(bram: Browser, data: bytes, name: str) -> Page:
    """Bram uploads a bank file, looks at what it would do, and takes it in."""
    page = bram.get("finance.bank_files")
    sent = {**page.hidden(), "file": (io.BytesIO(data), name)}
    answer = bram.send("POST", "/betalingen/bankbestanden", data=sent)
    assert answer.status_code == 303, answer.get_data(as_text=True)[:3000]
    path = answer.headers["Location"]
    page = bram.open(path)
    assert "Inlezen en boeken" in page.text
    return bram.follow(bram.post_to(path, page.hidden()))


def open_cents(*invoices: Invoice) -> list[int]:
    db.session.expire_all()
    return [payments.open_cents(one) for one in invoices]


def test_from_issued_invoices_to_balanced_books_and_a_zip(
    app: Flask,
    stripe: Stripe,
    clock,  # type: ignore[no-untyped-def]
) -> None:
    clock.move_to(datetime(2026, 9, 1, 9, tzinfo=UTC))
    make_finance.settings()
    temse = make_finance.municipality("Gemeente Temse")
    make_finance.wishes(temse, email="facturen@temse.example")
    coda, first, second, online, late = (make_finance.issued(temse) for _ in range(5))
    officer = make_agreement.finance_officer()
    outbox.deliver_due()

    # The bank says in CODA that the first was paid, with its structured communication.
    clock.move_to(datetime(2026, 9, 10, 9, tzinfo=UTC))
    paid = movement(250_00, date(2026, 9, 9), name="Gemeente Temse", iban=TEMSE, ogm=coda.ogm)
    bram = Browser(app).sign_in(officer.account)
    one: Statement = statement(1, 10_000_00, paid)
    read_bank_file(bram, bank_files.coda(one), "september.cod")
    assert open_cents(coda) == [0]

    # In camt.053 it says that one transfer came for two. The portal suggests which; Bram agrees.
    both = movement(
        500_00,
        date(2026, 9, 14),
        name="Gemeente Temse",
        iban=TEMSE,
        text=f"{first.number} en {second.number}",
    )
    clock.move_to(datetime(2026, 9, 15, 9, tzinfo=UTC))
    bram = Browser(app).sign_in(officer.account)
    page = read_bank_file(bram, bank_files.camt(statement(2, one.closing_cents, both)), "2.xml")
    transfer = db.session.scalars(db.select(Payment).where(Payment.cents == 500_00)).one()
    assert f"/betalingen/{transfer.reference}" in page.links()
    page = bram.get("finance.payment", reference=transfer.reference)
    choice = next(e.get("value") for e in page.find("input") if e.get("name") == "choice")
    bram.submit(page, "finance.accept_suggestion", {"choice": choice}, reference=transfer.reference)
    assert open_cents(first, second) == [0, 0]

    # Nele pays the fourth online, with the link that stands on it.
    nele = Browser(app)
    card = make_online.paid_online(nele, stripe, online)
    assert card.source == PaymentSource.ONLINE
    assert open_cents(online) == [0]

    # The last is late: a reminder leaves when Bram presses, with a statement of what is open.
    clock.move_to(datetime(2026, 10, 9, 9, tzinfo=UTC))
    bram = Browser(app).sign_in(officer.account)
    page = bram.get("finance.reminders")
    assert str(late.number) in page.text
    assert str(coda.number) not in page.text
    ids = [e.get("value") for e in page.find("input") if e.get("name") == "invoice"]
    bram.post("finance.send_reminder", {"invoice": ids}, organisation_id=temse.id, number=1)
    outbox.deliver_due()
    page = bram.get("finance.invoice", reference=late.reference)
    assert "Verstuurde herinneringen" in page.text
    assert "Verwijlinterest" not in bram.get("finance.to_bill").text  # nothing is charged by itself

    # The last is paid twice; what is too much goes back to Temse.
    twice = make_payment.received(500_00, payer_iban=TEMSE, payer_name="Gemeente Temse")
    by = make.actor(officer)
    payments.allocate(twice, late, 250_00, by)
    back = make_payment.received(-250_00, payer_iban=TEMSE, payer_name="Gemeente Temse")
    payments.settle(back, twice, 250_00, by)
    db.session.commit()
    assert open_cents(late) == [0]
    assert bram.get("finance.reminders").text.count(str(late.number)) == 0

    # The books balance: nothing is open, nothing is without a place, and the bank is right.
    page = bram.get("finance.books", periode="2026")
    assert "In evenwicht" in page.text
    assert ledger.balance_of(LedgerAccount.UNMATCHED) == 0
    assert ledger.balance_of(LedgerAccount.BANK) == 1_000_00
    answer = bram.post("finance.export_journal", {"periode": "2026"}, form="csv")
    rows = list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig")), delimiter=";"))
    debit, credit = (
        sum(int(row[side].replace(",", "")) for row in rows) for side in ("Debet", "Credit")
    )
    assert debit == credit > 0
    assert {row["Dagboek"] for row in rows} == {"VK", "BK", "ON", "DV"}
    assert TEMSE not in answer.body.decode()

    # And the accountant gets every document of the year in one file, each what it was.
    data = bram.get("finance.export_period", periode="2026").body
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        for invoice in (coda, first, second, online, late):
            pdf = archive.read(f"facturen/{invoice.number}.pdf")
            assert hashlib.sha256(pdf).digest() == invoice.pdf_sha256
        assert sum(name.startswith("bankbestanden/") for name in names) == 2
        assert sum(name.startswith("herinneringen/") for name in names) == 1
        assert archive.read("journaal.csv") == answer.body
        assert "september.cod" in archive.read("index.html").decode()
