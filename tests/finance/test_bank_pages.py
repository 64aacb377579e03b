"""The worklist, one payment, and bank files on screen."""

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.directory.models import Organisation
from portal.finance import bank_files, ledger, payments
from portal.finance.models import BankFile, Payment
from tests import make
from tests.agreements import make_agreement
from tests.browser import Browser, Page
from tests.directory.conftest import count_queries
from tests.finance import make_finance, make_payment
from tests.finance.bank_files import CITY, OTHER, OWN, camt, coda, movement, statement

pytestmark = pytest.mark.usefixtures("settings")
DAY = date(2027, 3, 1)


@pytest.fixture(autouse=True)
def march(clock) -> None:
    clock.move_to(datetime(2027, 3, 10, 9, tzinfo=UTC))


@pytest.fixture
def officer(session: Session, app: Flask) -> Browser:
    return Browser(app).sign_in(make_agreement.finance_officer().account)


@pytest.fixture
def gent(session: Session) -> Organisation:
    return make_finance.municipality("Stad Gent")


def upload(officer: Browser, data: bytes, name: str = "maart.cod") -> Page:
    page = officer.get("finance.bank_files")
    sent: dict[str, Any] = {**page.hidden(), "file": (BytesIO(data), name)}
    path = officer.path("finance.bank_files")
    return officer._page(officer.send("POST", path, data=sent))


def came_in(cents: int, **values: Any) -> Payment:
    return make_payment.received(cents, on=DAY, **values)


def test_a_file_is_looked_at_before_anything_is_booked(officer: Browser) -> None:
    invoice = make_finance.issued()
    paid = movement(250_00, DAY, ogm=invoice.ogm, name="Stad Gent", iban=CITY)
    data = coda(statement(1, 0, paid, movement(9_00, DAY, name="Jan Janssens", text="gift")))
    seen = officer.follow(upload(officer, data))
    for words in (invoice.number, "Stad Gent", "Jan Janssens", "te plaatsen", "€ 259,00"):
        assert str(words) in seen.text
    assert make.number_of(Payment) == 0
    file_id = make.only(BankFile).id
    done = officer.follow(officer.submit(seen, "finance.bank_file", {}, file_id=file_id))
    assert "2 bewegingen geboekt, waarvan 1 op een factuur." in done.text
    assert "Jan Janssens" in done.text
    assert "Stad Gent" not in done.text  # the worklist holds what waits
    assert payments.open_cents(invoice) == 0
    again = officer.follow(upload(officer, data))
    assert "Dit bestand is ingelezen" in again.text
    assert make.number_of(BankFile) == 1
    listed = officer.get("finance.bank_files").text
    assert "maart.cod" in listed
    assert f"{OWN[:4]} {OWN[4:8]}" in listed


def test_a_file_confirmed_twice_books_once(officer: Browser) -> None:
    seen = officer.follow(upload(officer, coda(statement(1, 0, movement(9_00, DAY)))))
    file_id = make.only(BankFile).id
    for _ in range(2):
        officer.submit(seen, "finance.bank_file", {}, file_id=file_id)
    assert make.number_of(Payment) == 1


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (None, "Kies een bestand."),
        (b"", "Het bestand is leeg."),
        (b"Rekening;Bedrag", "geen bankbestand dat we kennen"),
        (coda(statement(1, 0, movement(5_00, DAY)))[:-40], "geen volledig CODA-bestand"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "die een bank nooit meestuurt"),
    ],
    ids=["none", "empty", "words", "cut off", "entities"],
)
def test_what_is_no_bank_file_is_said(officer: Browser, data: bytes | None, told: str) -> None:
    if data is None:
        page = officer.submit(officer.get("finance.bank_files"), "finance.bank_files", {})
    else:
        page = upload(officer, data)
    assert told in page.text
    assert make.number_of(BankFile) == 0


def test_another_account_and_a_gap_are_told_before(officer: Browser, session: Session) -> None:
    first = bank_files.keep(coda(statement(1, 0, movement(5_00, DAY))), "a.cod", None)
    bank_files.take(first, None)
    late = statement(5, 90_00, movement(1_00, date(2027, 3, 5)))
    foreign = statement(1, 0, movement(7_00, DAY), iban=OTHER)
    session.commit()
    seen = officer.follow(upload(officer, camt(late, foreign), "b.xml"))
    assert "Hiervoor ontbreekt een uittreksel" in seen.text
    assert "staat niet in de facturatiegegevens" in seen.text
    file_id = session.query(BankFile.id).filter(BankFile.taken_at.is_(None)).scalar()
    officer.submit(seen, "finance.bank_file", {}, file_id=file_id)
    assert "Er ontbreekt een uittreksel" in officer.get("finance.bank_files").text


def test_the_file_comes_back_as_it_was(officer: Browser) -> None:
    data = coda(statement(1, 0, movement(5_00, DAY)))
    upload(officer, data)
    path = officer.path("finance.bank_file_download", file_id=make.only(BankFile).id)
    answer = officer.send("GET", path)
    assert answer.data == data
    assert "attachment" in answer.headers["Content-Disposition"]


def test_a_suggestion_is_confirmed_with_one_button(officer: Browser, gent: Organisation) -> None:
    invoice = make_finance.issued(gent)
    payment = came_in(250_00, payer_name="Stad Gent", payer_iban=CITY)
    page = officer.get("finance.payment", reference=payment.reference)
    assert "De naam is die van deze partner" in page.text
    choice = {"choice": page.value("choice")}
    where = {"reference": payment.reference}
    done = officer.follow(officer.submit(page, "finance.accept_suggestion", choice, **where))
    assert "De betaling heeft haar plaats." in done.text
    assert "Geplaatst" in done.text
    assert payments.open_cents(invoice) == 0
    again = officer.follow(officer.submit(page, "finance.accept_suggestion", choice, **where))
    assert "Dit voorstel klopt niet meer" in again.text


def test_a_made_up_choice_places_nothing(officer: Browser, gent: Organisation) -> None:
    invoice = make_finance.issued(gent)
    payment = came_in(10_00)
    page = officer.get("finance.payment", reference=payment.reference)
    choice = {"choice": f"{invoice.reference}:1000"}
    officer.submit(page, "finance.accept_suggestion", choice, reference=payment.reference)
    assert ledger.rest_of(payment) == 10_00


def test_a_person_names_two_documents(officer: Browser, gent: Organisation) -> None:
    one, two = make_finance.issued(gent), make_finance.issued(gent)
    payment = came_in(400_00)
    where = {"reference": payment.reference}
    page = officer.get("finance.place_payment", **where)
    typed = {
        "rows-0-number": str(one.number),
        "rows-0-cents": "250",
        "rows-1-number": str(two.number),
        "rows-1-cents": "250",
        "note": "",
    }
    refused = officer.submit(page, "finance.place_payment", typed, **where)
    assert "is nog € 150,00 te plaatsen" in refused.text
    assert refused.value("rows-1-cents") == "250"
    assert payments.open_cents(one) == 250_00
    officer.submit(refused, "finance.place_payment", {**typed, "rows-1-cents": "150"}, **where)
    assert [payments.open_cents(x) for x in (one, two)] == [0, 100_00]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({}, "Vul minstens één document"),
        ({"rows-0-number": "F1999-0001", "rows-0-cents": "1"}, "geen uitgereikte factuur"),
        ({"rows-0-number": "F1999-0001", "rows-0-cents": ""}, "Vul dit in."),
        ({"rows-0-number": "", "rows-0-cents": "1"}, "Vul dit in."),
        ({"rows-0-number": "x", "rows-0-cents": "-1"}, "boven nul"),
        ({"rows-0-number": "x", "rows-0-cents": "veel"}, "Vul een bedrag in"),
    ],
    ids=["nothing", "unknown", "no amount", "no number", "below nothing", "words"],
)
def test_a_row_that_is_wrong_says_so(officer: Browser, typed: dict[str, str], told: str) -> None:
    payment = came_in(10_00)
    where = {"reference": payment.reference}
    page = officer.get("finance.place_payment", **where)
    assert told in officer.submit(page, "finance.place_payment", typed, **where).text
    assert ledger.rest_of(payment) == 10_00


def test_a_gift_leaves_the_list_and_comes_back_when_undone(officer: Browser) -> None:
    payment = came_in(50_00, payer_name="A. Goossens")
    where = {"reference": payment.reference}
    page = officer.get("finance.place_elsewhere", **where)
    assert page.value("cents") == "50,00"
    empty = officer.submit(page, "finance.place_elsewhere", {"cents": "60"}, **where)
    assert "Maak een keuze." in empty.text
    gift = {"account": "other", "cents": "60", "why": "Gift voor de werking"}
    assert "is nog € 50,00" in officer.submit(page, "finance.place_elsewhere", gift, **where).text
    officer.submit(page, "finance.place_elsewhere", {**gift, "cents": "50"}, **where)
    assert "Goossens" not in officer.get("finance.payments", staat="waiting").text
    shown = officer.get("finance.payment", **where)
    assert "Gift voor de werking" in shown.text
    entry = payments.entries_of(payment)[-1][0]
    place = {**where, "entry_id": entry.id}
    form = officer.get("finance.take_back_place", **place)
    assert "Vul dit in." in officer.submit(form, "finance.take_back_place", {}, **place).text
    why = {"reason": "Toch een factuur"}
    officer.submit(form, "finance.take_back_place", why, **place)
    assert ledger.rest_of(payment) == 50_00
    assert "Goossens" in officer.get("finance.payments", staat="waiting").text


def test_the_list_is_asked_by_state_source_month_and_account(officer: Browser) -> None:
    came_in(1_00, payer_name="Een", payer_iban=CITY)
    make_payment.received(2_00, on=date(2027, 2, 1), payer_name="Twee")
    paid = make_finance.issued()
    make_payment.paid(paid)
    out = came_in(-3_00, payer_name="Drie")

    def shown(**asked: str) -> set[str]:
        text = officer.get("finance.payments", **asked).text
        return {name for name in ("Een", "Twee", "Drie") if name in text}

    assert shown(staat="waiting") == {"Een", "Twee", "Drie"}
    assert shown(staat="whole") == set()
    assert shown(richting="out") == {"Drie"}
    assert shown(maand="2027-02") == {"Twee"}
    assert shown(zoek="be41 0630 1234 5610") == {"Een"}
    assert shown(zoek=out.reference) == {"Drie"}
    assert shown(maand="onzin", bron="onzin", staat="onzin") == {"Een", "Twee", "Drie"}
    exported = officer.send("GET", officer.path("finance.payments", formaat="csv")).data.decode()
    assert "Een" in exported
    assert "-3,00" in exported


def test_the_list_asks_as_much_for_many_as_for_few(officer: Browser) -> None:
    came_in(1_00, payer_name="Een")
    with count_queries() as few:
        officer.get("finance.payments")
    for _ in range(5):
        came_in(1_00, payer_name="Nog een")
    with count_queries() as many:
        officer.get("finance.payments")
    assert len(many) == len(few)


def test_a_partner_never_sees_who_paid(gent: Organisation, app: Flask, session: Session) -> None:
    nele = Browser(app).sign_in(make_finance.finance_contact(gent).account)
    invoice = make_finance.issued(gent)
    paid = movement(250_00, DAY, ogm=invoice.ogm, name="Jan Janssens", iban=OTHER)
    bank_files.take(bank_files.keep(coda(statement(1, 0, paid)), "a.cod", None), None)
    session.commit()
    assert nele.get("finance.payments").status == 403
    shown = nele.get("finance.invoice", reference=invoice.reference).text
    assert "Betaling ontvangen" in shown
    assert "Janssens" not in shown
