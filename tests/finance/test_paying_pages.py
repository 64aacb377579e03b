"""What HSV books on an invoice by hand, and what its partner sees of it."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.directory.models import Organisation
from portal.finance import ledger, payments
from portal.finance.models import Invoice, Payment
from tests.agreements import make_agreement
from tests.browser import Browser, Page
from tests.directory.conftest import count_queries
from tests.finance import make_finance, make_payment

pytestmark = pytest.mark.usefixtures("settings")
CASH = {"direction": "in", "cents": "100", "booked_on": "2027-02-01", "reason": "Contant betaald"}


@pytest.fixture(autouse=True)
def february(clock) -> None:
    clock.move_to(datetime(2027, 2, 1, 9, tzinfo=UTC))


@pytest.fixture
def officer(session: Session, app: Flask) -> Browser:
    return Browser(app).sign_in(make_agreement.finance_officer().account)


@pytest.fixture
def gent(session: Session) -> Organisation:
    return make_finance.municipality("Stad Gent")


@pytest.fixture
def nele(gent: Organisation, app: Flask) -> Browser:
    return Browser(app).sign_in(make_finance.finance_contact(gent).account)


def book(officer: Browser, invoice: Invoice, **typed: str) -> Page:
    """Fill in the form for a payment in cash, but for what is said otherwise, and send it."""
    page = officer.get("finance.book_payment", reference=invoice.reference)
    data = {**CASH, **typed}
    return officer.submit(page, "finance.book_payment", data, reference=invoice.reference)


def test_a_payment_in_cash_is_booked_and_its_partner_sees_it(
    gent: Organisation, officer: Browser, nele: Browser
) -> None:
    invoice = make_finance.issued(gent)
    page = officer.get("finance.book_payment", reference=invoice.reference)
    assert page.value("cents") == "250,00"
    officer.submit(page, "finance.book_payment", CASH, reference=invoice.reference)
    assert payments.open_cents(invoice) == 150_00
    seen = nele.get("finance.invoice", reference=invoice.reference).text
    assert "Deels betaald" in seen
    assert "Betaling ontvangen" in seen
    assert "Contant betaald" not in seen
    assert "Tegenboeken" not in seen
    listed = nele.get("finance.invoices", betaling="partly_paid").text
    assert "€ 150,00" in listed


def test_a_double_click_books_once(gent: Organisation, officer: Browser) -> None:
    invoice = make_finance.issued(gent)
    page = officer.get("finance.book_payment", reference=invoice.reference)
    for _ in range(2):
        officer.submit(page, "finance.book_payment", CASH, reference=invoice.reference)
    assert payments.open_cents(invoice) == 150_00


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"cents": ""}, "Vul dit in."),
        ({"cents": "veel"}, "Vul een bedrag in, zoals 1.250 of 1.250,50."),
        ({"cents": "0"}, "Vul een bedrag boven nul in."),
        ({"reason": ""}, "Vul dit in."),
        ({"booked_on": "2027-02-02"}, "Die dag moet nog komen."),
        ({"booked_on": "1927-02-02"}, "Die dag ligt lang voor de factuur."),
        ({"direction": "out"}, "werd € 0,00 betaald."),
    ],
    ids=["no amount", "words", "nothing", "no reason", "tomorrow", "long ago", "never paid"],
)
def test_what_cannot_be_booked_is_said_and_kept(
    officer: Browser, typed: dict[str, str], told: str
) -> None:
    invoice = make_finance.issued()
    page = book(officer, invoice, **typed)
    assert told in page.text
    assert page.value("reason") == {**CASH, **typed}["reason"]
    assert payments.open_cents(invoice) == 250_00


def test_more_than_is_open_leaves_a_rest_that_waits(officer: Browser, session: Session) -> None:
    invoice = make_finance.issued()
    book(officer, invoice, cents="300")
    payment = session.query(Payment).one()
    assert ledger.rest_of(payment) == 50_00
    assert "staat niets meer open" in book(officer, invoice).text


def test_a_booking_on_the_wrong_invoice_is_undone(officer: Browser) -> None:
    invoice = make_finance.issued()
    payment = make_payment.paid(invoice)
    placed = payments.entries_of(payment)[1][0]
    where = {"reference": invoice.reference, "entry_id": placed.id}
    page = officer.get("finance.take_back_entry", **where)
    refused = officer.submit(page, "finance.take_back_entry", {"reason": ""}, **where)
    assert "Vul dit in." in refused.text
    why = {"reason": "Was voor een andere factuur"}
    officer.submit(page, "finance.take_back_entry", why, **where)
    assert payments.open_cents(invoice) == 250_00
    shown = officer.get("finance.invoice", reference=invoice.reference).text
    assert "Tegengeboekt" in shown
    assert "Was voor een andere factuur" in shown
    page = officer.get("finance.take_back_entry", **where)
    again = officer.submit(page, "finance.take_back_entry", {"reason": "Nog eens"}, **where)
    assert "al tegengeboekt" in again.text


def test_a_cent_that_does_not_come_is_written_off(officer: Browser, nele: Browser, gent) -> None:  # type: ignore[no-untyped-def]
    invoice = make_finance.issued(gent)
    make_payment.paid(invoice, 249_99)
    page = officer.get("finance.write_off", reference=invoice.reference)
    much = {"cents": "1", "reason": "Afronding"}
    refused = officer.submit(page, "finance.write_off", much, reference=invoice.reference)
    assert "Er staat € 0,01 open" in refused.text
    cent = {"cents": "0,01", "reason": "Afronding"}
    officer.submit(page, "finance.write_off", cent, reference=invoice.reference)
    assert "Betaald" in officer.get("finance.invoice", reference=invoice.reference).text
    assert "Niet meer te betalen" in nele.get("finance.invoice", reference=invoice.reference).text


def test_the_list_of_invoices_asks_as_much_for_many_as_for_few(officer: Browser) -> None:
    make_payment.paid(make_finance.issued())
    with count_queries() as few:
        officer.get("finance.invoices")
    for _ in range(4):
        make_payment.paid(make_finance.issued(), 10_00)
    with count_queries() as many:
        officer.get("finance.invoices")
    assert len(many) == len(few)
