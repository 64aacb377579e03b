"""A file of bookings is shown with what is wrong per row, and booked whole or not at all."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from flask import Flask

from portal.core import money, sheets
from portal.core.db import db
from portal.core.errors import ConflictError, DomainError
from portal.finance import budget_figures, budget_import
from portal.finance.models import Booking, BookingImport, BookingKind, Budget, YearStatus
from tests import make
from tests.agreements import make_agreement
from tests.browser import Browser, Page
from tests.finance import make_budget, make_finance

pytestmark = pytest.mark.usefixtures("offer")
HEAD = "datum;lijn;bedrag;leverancier;omschrijving;stuk;soort\n"


@pytest.fixture
def budget(app: Flask, offer: Any) -> Budget:
    return make_budget.opened()


@pytest.fixture
def wim(browser: Browser, budget: Budget) -> Browser:
    return browser.sign_in(make_agreement.finance_officer().account)


def _place(budget: Budget, **more: Any) -> dict[str, Any]:
    return {"reference": budget.agreement.reference, "year": budget.year, **more}


def _send(wim: Browser, budget: Budget, data: bytes, name: str = "boekingen.csv") -> Page:
    page = wim.get("finance.import_bookings", **_place(budget))
    file = {"file": (BytesIO(data), name)}
    return wim.submit(page, "finance.import_bookings", file, **_place(budget))


def _rows(budget: Budget, *rows: str) -> bytes:
    return (HEAD + "\n".join(row.replace("{y}", str(budget.year)) for row in rows)).encode()


def _xlsx(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


GOOD = (
    "31/01/{y};b10;2.789,15;Acerta;Loon januari;L1;kost",
    "{y}-02-03;B20;1234.56;Drukkerij;Folders;F1;",
    "5/02/{y};B21;1,200.00;Lesgever;Reeks;;vastlegging",
    "06.02.{y};B20;-12,5;Drukkerij;Creditnota;C1;kost",
)


def test_a_file_is_read_shown_and_booked_in_one_go(wim: Browser, budget: Budget) -> None:
    answer = _send(wim, budget, _rows(budget, *GOOD))
    shown = wim.follow(answer)
    assert make.number_of(Booking) == 0
    assert "Lijken al geboekt" in shown.text
    path = {"import_id": make.only(BookingImport).id, **_place(budget)}
    done = wim.follow(wim.submit(shown, "finance.book_import", {}, **path))
    assert "4 rijen geboekt." in done.text
    rows = db.session.query(Booking).order_by(Booking.booked_on).all()
    assert [row.cents for row in rows] == [278_915, 123_456, 120_000, -1_250]
    assert rows[2].kind == BookingKind.COMMITMENT
    assert rows[1].booked_on == date(budget.year, 2, 3)
    again = wim.submit(shown, "finance.book_import", {}, **path)
    assert again.status == 409
    assert make.number_of(Booking) == 4
    assert "Dit bestand is geboekt" in wim.get("finance.book_import", **path).text


def test_every_wrong_row_says_why_and_nothing_is_booked(wim: Browser, budget: Budget) -> None:
    wrong = {
        "31/13/{y};B10;1;A;;;": "De datum is niet te lezen",
        "31/01/{y};B99;1;A;;;": "staat niet in de begroting",
        "31/01/{y};P1;1;A;;;": "staat niet in de begroting",
        "31/01/{y};B10;1.234;A;;;": "dubbelzinnig",
        "31/01/{y};B10;1,234;A;;;": "dubbelzinnig",
        "31/01/{y};B10;0;A;;;": "niet nul",
        "31/01/{y};B10;5;;;;": "Een leverancier of een omschrijving ontbreekt",
        "31/01/{y};B10;5;=HYPERLINK(1);;;": "teken van een formule",
        "31/01/{y};B10;5;@SUM(A1);;;": "teken van een formule",
        "31/01/{y};B10;5;Jan 85.07.30-033.28;;;": "rijksregisternummer",
        "31/01/2001;B10;5;A;;;": "niet in het jaar",
        "31/01/{y};B10;-5;A;;;vastlegging": "boven nul",
        "31/01/{y};B10;5;A;;;iets": "“kost” of “vastlegging”",
    }
    shown = wim.follow(_send(wim, budget, _rows(budget, *wrong)))
    for words in wrong.values():
        assert words in shown.text, words
    assert "In 13 rijen is iets mis" in shown.text
    path = {"import_id": make.only(BookingImport).id, **_place(budget)}
    assert wim.submit(shown, "finance.book_import", {}, **path).errors
    assert make.number_of(Booking) == 0


def test_rows_booked_before_are_recognised_and_left_out_unless_asked(
    wim: Browser, budget: Budget
) -> None:
    first = wim.follow(_send(wim, budget, _rows(budget, *GOOD)))
    kept = make.only(BookingImport)
    wim.submit(first, "finance.book_import", {}, import_id=kept.id, **_place(budget))
    twice = "31/01/{y};B11;5;Acerta;Bijdrage;;"
    shown = wim.follow(_send(wim, budget, _rows(budget, *GOOD, twice, twice)))
    assert shown.text.count("Lijkt al geboekt") == 4
    assert shown.text.count("Staat twee keer in dit bestand") == 1
    other = db.session.query(BookingImport).filter(BookingImport.id != kept.id).one()
    path = {"import_id": other.id, **_place(budget)}
    wim.submit(shown, "finance.book_import", {}, **path)
    assert make.number_of(Booking) == 5
    asked = budget_import.read_file(
        budget, _rows(budget, *GOOD), "b.csv", make_finance.finance_officer()
    )
    booked = budget_import.book_all(budget, asked, make_finance.finance_officer(), duplicates=True)
    assert booked == 4


def test_an_excel_file_with_numbers_and_dates_is_read_to_the_cent(
    wim: Browser, budget: Budget
) -> None:
    head = ["Datum", "Begrotingslijn", "Bedrag", "Leverancier", "Factuurnummer"]
    data = _xlsx(
        head,
        [date(budget.year, 1, 5), "B10", 12.1, "Acerta", 2026001],
        [date(budget.year, 1, 6), "B20", 1234.56, "Drukkerij", "F2"],
        [date(budget.year, 1, 6), "B20", 0.1 + 0.2, "Drukkerij", "F4"],
        [f"07/01/{budget.year}", "B20", "1.000,00", "Drukkerij", "F3"],
    )
    wim.follow(_send(wim, budget, data, "boekingen.xlsx"))
    shown = budget_import.preview(budget, make.only(BookingImport))
    assert [one.entry.cents for one in shown if one.entry] == [1_210, 123_456, 30, 100_000]
    assert [one.row.voucher for one in shown] == ["2026001", "F2", "F4", "F3"]


def test_a_formula_in_a_spreadsheet_is_refused_whatever_it_comes_to(
    wim: Browser, budget: Budget
) -> None:
    head = ["datum", "lijn", "bedrag", "leverancier"]
    row = [date(budget.year, 1, 5), "B10", "=1+1", "Acerta"]
    shown = wim.follow(_send(wim, budget, _xlsx(head, row), "b.xlsx"))
    assert "bevat een formule" in shown.text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "bestand is leeg"),
        (b"datum;lijn\n1;2", "ontbreekt een kolom: bedrag"),
        (HEAD.encode(), "geen rijen"),
        (b"PK\x03\x04kapot", "beschadigd"),
        (b"\x00\x01\x02", "geen rekenblad"),
        (HEAD.encode() + b"1;2;3\n" * (sheets.MOST_ROWS + 1), "meer dan 3000 rijen"),
    ],
    ids=["empty", "no amount", "only headings", "broken zip", "binary", "too long"],
)
def test_a_file_that_is_no_table_is_refused_with_the_reason(
    wim: Browser, budget: Budget, data: bytes, words: str
) -> None:
    assert words in " ".join(_send(wim, budget, data).errors)
    assert make.number_of(BookingImport) == 0


def test_a_file_of_another_budget_is_not_found(wim: Browser, budget: Budget) -> None:
    other = make_budget.opened()
    kept = budget_import.read_file(
        other, _rows(other, *GOOD), "b.csv", make_finance.finance_officer()
    )
    db.session.commit()
    assert wim.get("finance.book_import", **_place(budget, import_id=kept.id)).status == 404


def test_two_people_booking_the_same_file_book_it_once(budget: Budget) -> None:
    by = make_finance.finance_officer()
    kept = budget_import.read_file(budget, _rows(budget, *GOOD), "b.csv", by)
    assert budget_import.book_all(budget, kept, by) == 4
    with pytest.raises(ConflictError):
        budget_import.book_all(budget, kept, by)
    assert budget_figures.standing(budget).cost.actual == 278_915 + 123_456 - 1_250


def test_a_file_that_was_never_booked_is_forgotten_after_a_week(budget: Budget, clock: Any) -> None:
    budget_import.read_file(budget, _rows(budget, *GOOD), "b.csv", make_finance.finance_officer())
    db.session.commit()
    assert budget_import.forget_unbooked() == 0
    clock.shift(8 * 24 * 3600)
    assert budget_import.forget_unbooked() == 1
    assert make.number_of(BookingImport) == 0


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("1234.56", 123_456),
        ("1,234.56", 123_456),
        ("1.234,56", 123_456),
        ("1.234.567,89", 123_456_789),
        ("12,5", 1_250),
        ("€ 20", 2_000),
        ("-20", -2_000),
        ("20,10-", -2_010),
        ("1 234,50", 123_450),
    ],
)
def test_an_exported_amount_is_read_with_a_comma_or_a_point(typed: str, cents: int) -> None:
    assert money.parse_exported(typed) == cents


@pytest.mark.parametrize(
    "typed", ["1.234", "1,234", "1,234,567", "1,2,3", "-1-", "1.234.56", "", "=1", "1e5", "٣"]
)
def test_an_amount_that_may_mean_two_things_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        money.parse_exported(typed)


def test_a_number_that_was_worked_out_has_no_parts_of_a_cent() -> None:
    assert money.from_number(Decimal(str(0.1 + 0.2))) == 30
    assert money.from_number(Decimal("-3.40")) == -340
    for wrong in ("1.005", "NaN", "Infinity", "1e30"):
        with pytest.raises(ValueError, match="amount"):
            money.from_number(Decimal(wrong))


def test_no_row_can_be_read_without_a_budget_that_is_open(budget: Budget) -> None:
    budget.status = YearStatus.CLOSED
    db.session.commit()
    with pytest.raises(DomainError, match="afgesloten"):
        budget_import.read_file(budget, b"x", "b.csv", make_finance.finance_officer())
