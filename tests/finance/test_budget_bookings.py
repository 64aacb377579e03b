"""What is booked stays: a mistake is taken back by a counter-booking, and every sum adds up."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.core import clock
from portal.core.db import db
from portal.core.errors import DomainError
from portal.finance import budget_booking, budget_figures
from portal.finance.budget_booking import Entry
from portal.finance.budget_figures import Standing
from portal.finance.models import Booking, BookingDocument, BookingKind, Budget, YearStatus
from tests import make
from tests.agreements import make_agreement
from tests.browser import Browser
from tests.core.files import PNG
from tests.finance import make_budget, make_finance

pytestmark = pytest.mark.usefixtures("offer")


@pytest.fixture
def budget(app: Flask, offer: Any) -> Budget:
    return make_budget.opened()


@pytest.fixture
def wim(browser: Browser, budget: Budget) -> Browser:
    return browser.sign_in(make_agreement.finance_officer().account)


def _place(budget: Budget, **more: Any) -> dict[str, Any]:
    return {"reference": budget.agreement.reference, "year": budget.year, **more}


def _sums(budget: Budget, code: str = "B10") -> budget_figures.Sums:
    standing = budget_figures.standing(budget)
    return next(one.sums for one in (*standing.costs, *standing.income) if one.line.code == code)


def test_a_cost_is_booked_with_its_document_and_says_who_did_it(
    wim: Browser, budget: Budget
) -> None:
    page = wim.get("finance.book_cost", **_place(budget))
    typed = {
        "line_id": make_budget.line(budget, "B20").id,
        "booked_on": f"15/01/{budget.year}",
        "cents": "1.250,50",
        "supplier": "Drukkerij De Raap",
        "description": "Folders",
        "voucher": "F-2026-12",
        "file": (BytesIO(PNG), "factuur.png"),
    }
    answer = wim.submit(page, "finance.book_cost", typed, **_place(budget))
    shown = wim.follow(answer)
    assert "€ -" not in shown.heading
    assert "1.250,50" in shown.heading
    assert "Drukkerij De Raap" in shown.text
    assert "Bram Nys" in shown.text
    assert "factuur.png" in shown.text
    assert _sums(budget, "B20").actual == 125_050
    kept = make.only(BookingDocument)
    place = _place(budget, booking_id=kept.booking_id, document_id=kept.document_id)
    assert wim.get("finance.booking_file", **place).body == PNG


def test_a_form_sent_empty_or_with_nonsense_says_so_and_keeps_what_was_typed(
    wim: Browser, budget: Budget
) -> None:
    page = wim.get("finance.book_cost", **_place(budget))
    empty = wim.submit(page, "finance.book_cost", {"booked_on": ""}, **_place(budget))
    assert len(empty.errors) == 3
    nonsense = {
        "line_id": "abc",
        "booked_on": "gisteren",
        "cents": "1.5",
        "supplier": "=SOM(A1)",
        "description": "rijksregister 85.07.30-033.28",
    }
    again = wim.submit(page, "finance.book_cost", nonsense, **_place(budget))
    assert len(again.errors) >= 3
    assert again.value("supplier") == "=SOM(A1)"
    assert make.number_of(Booking) == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"booked_on": date(2000, 1, 1)}, "booked_on"),
        ({"cents": 0}, "cents"),
        ({"supplier": "", "description": ""}, "description"),
        ({"kind": BookingKind.COMMITMENT, "cents": -5}, "cents"),
    ],
)
def test_what_cannot_be_booked_is_refused_on_its_field(
    budget: Budget, changes: dict[str, Any], field: str
) -> None:
    entry = make_budget.entry(budget, 100)
    entry = Entry(**{**{n: getattr(entry, n) for n in Entry.__dataclass_fields__}, **changes})
    with pytest.raises(DomainError) as refused:
        budget_booking.book(budget, entry, make_finance.finance_officer())
    assert refused.value.field == field


def test_a_line_of_another_budget_or_a_contribution_cannot_be_booked_on(budget: Budget) -> None:
    other = make_budget.opened()
    by = make_finance.finance_officer()
    for line_id in (make_budget.line(other, "B10").id, make_budget.line(budget, "P1").id, 7):
        entry = Entry(line_id, BookingKind.ACTUAL, date(budget.year, 1, 5), 100, "Iemand")
        with pytest.raises(DomainError):
            budget_booking.book(budget, entry, by)


def test_a_day_to_come_can_be_committed_but_not_booked(budget: Budget) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    if tomorrow.year != budget.year:
        pytest.skip("on the last day of a year tomorrow lies in another budget")
    with pytest.raises(DomainError, match="nog komen"):
        make_budget.cost(budget, 100, booked_on=tomorrow)
    assert make_budget.commitment(budget, 100, booked_on=tomorrow).cents == 100


def test_a_counter_booking_takes_the_amount_back_once_and_nothing_disappears(
    wim: Browser, budget: Budget
) -> None:
    wrong = make_budget.cost(budget, 12_500)
    place = _place(budget, booking_id=wrong.id)
    page = wim.get("finance.counter_book", **place)
    assert wim.submit(page, "finance.counter_book", {"reason": ""}, **place).errors
    shown = wim.follow(
        wim.submit(page, "finance.counter_book", {"reason": "Verkeerde lijn"}, **place)
    )
    assert "Tegenboeking" in shown.text
    assert _sums(budget).actual == 0
    assert make.number_of(Booking) == 2
    with pytest.raises(DomainError, match="niet meer tegengeboekt"):
        budget_booking.counter_book(budget, wrong, "Nog eens", make_finance.finance_officer())
    listed = wim.get("finance.bookings", **_place(budget)).text
    assert "Tegengeboekt" in listed
    assert "Verkeerde lijn" in listed


def test_a_cost_that_pays_a_commitment_releases_as_much_of_it(budget: Budget) -> None:
    ordered = make_budget.commitment(budget, 100_000, code="B20")
    by = make_finance.finance_officer()
    first = budget_booking.book(budget, make_budget.entry(budget, 40_000, "B20"), by, pays=ordered)
    assert _sums(budget, "B20") == budget_figures.Sums(80_000, 40_000, 60_000, 100_000)
    assert [(one.id, left) for one, left in budget_booking.open_commitments(budget)] == [
        (ordered.id, 60_000)
    ]
    budget_booking.counter_book(budget, first, "Dubbel betaald", by)
    assert (_sums(budget, "B20").actual, _sums(budget, "B20").committed) == (0, 100_000)
    entry = make_budget.entry(budget, 95_000, "B20", description="Tweede factuur")
    budget_booking.book(budget, entry, by, pays=ordered, pays_all=True)
    assert (_sums(budget, "B20").actual, _sums(budget, "B20").committed) == (95_000, 0)
    assert budget_booking.open_commitments(budget) == []


def test_a_commitment_that_falls_away_is_released_on_screen(wim: Browser, budget: Budget) -> None:
    ordered = make_budget.commitment(budget, 30_000, code="B21")
    place = _place(budget, booking_id=ordered.id)
    page = wim.get("finance.booking", **place)
    assert "Nog vastgelegd" in page.text
    shown = wim.follow(wim.submit(page, "finance.let_go", {}, **place))
    assert "Nog vastgelegd" not in shown.text
    assert _sums(budget, "B21").committed == 0
    assert not budget_booking.may_counter(ordered)


def test_the_same_cost_twice_is_asked_about_and_a_second_click_books_once(
    wim: Browser, budget: Budget
) -> None:
    typed = {
        "line_id": make_budget.line(budget, "B10").id,
        "booked_on": f"{budget.year}-01-20",
        "cents": "100",
        "supplier": "Acerta",
    }
    page = wim.get("finance.book_cost", **_place(budget))
    first = wim.submit(page, "finance.book_cost", typed, **_place(budget))
    second = wim.submit(page, "finance.book_cost", typed, **_place(budget))
    assert first.location == second.location
    page = wim.get("finance.book_cost", **_place(budget))
    asked = wim.submit(page, "finance.book_cost", typed, **_place(budget))
    assert "werd al hetzelfde geboekt" in asked.errors[0]
    sure = wim.submit(asked, "finance.book_cost", {**typed, "again": "y"}, **_place(budget))
    assert sure.status == 303
    assert make.number_of(Booking) == 2


def test_nothing_is_booked_on_a_year_that_is_closed(wim: Browser, budget: Budget) -> None:
    kept = make_budget.cost(budget, 100)
    budget.status = YearStatus.CLOSED
    db.session.commit()
    with pytest.raises(DomainError, match="afgesloten"):
        make_budget.cost(budget, 100, code="B11")
    with pytest.raises(DomainError, match="afgesloten"):
        budget_booking.counter_book(budget, kept, "Fout", make_finance.finance_officer())
    assert "afgesloten" in wim.get("finance.book_cost", **_place(budget)).text


@pytest.mark.parametrize(
    "change",
    ["UPDATE booking SET cents = 1", "DELETE FROM booking", "DELETE FROM booking_document"],
)
def test_the_database_refuses_to_change_what_was_booked(budget: Budget, change: str) -> None:
    kept = make_budget.cost(budget, 100)
    budget_booking.attach(kept, PNG, "stuk.png", make_finance.finance_officer())
    db.session.commit()
    with pytest.raises(DBAPIError, match="does not change"), db.session.begin_nested():
        db.session.execute(text(change))


def test_the_list_finds_costs_without_document_and_exports_text_as_text(
    wim: Browser, budget: Budget
) -> None:
    bare = make_budget.cost(budget, 100, supplier="=cmd|' /C calc'!A0", description="Kaal")
    proven = make_budget.cost(budget, 200, description="Bewezen")
    budget_booking.attach(proven, PNG, "stuk.png", make_finance.finance_officer())
    db.session.commit()
    page = wim.open(wim.path("finance.bookings", **_place(budget)) + "?zonder=1")
    assert "Kaal" in page.text
    assert "Bewezen" not in page.text
    sheet = wim.open(wim.path("finance.bookings", **_place(budget)) + "?formaat=csv")
    assert "\"'=cmd" in sheet.body.decode()
    assert wim.get("finance.booking", **_place(budget, booking_id=bare.id)).status == 200
    assert wim.get("finance.booking", **_place(budget, booking_id=7)).status == 404


steps = st.lists(
    st.tuples(
        st.sampled_from(["cost", "commit", "pay", "counter", "let_go"]),
        st.integers(1, 500_000),
        st.sampled_from(["B10", "B11", "B20"]),
        st.integers(0, 50),
    ),
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_whatever_is_booked_every_sum_is_the_sum_of_its_rows(app: Flask, steps: Any) -> None:
    budget = budget_of_steps(steps)
    standing = budget_figures.standing(budget)
    rows = db.session.query(Booking).filter_by(budget_id=budget.id).all()
    for kind, name in ((BookingKind.ACTUAL, "actual"), (BookingKind.COMMITMENT, "committed")):
        assert sum(r.cents for r in rows if r.kind == kind) == getattr(standing.cost, name)
    _never_below_nothing(standing, rows)


def _never_below_nothing(standing: Standing, rows: list[Booking]) -> None:
    for one in standing.costs:
        assert one.sums.committed >= 0
        assert one.sums.left + one.sums.used == one.sums.planned
        assert one.sums.forecast >= one.sums.used
    for row in rows:
        if row.kind == BookingKind.COMMITMENT and not budget_booking.is_release(row):
            assert 0 <= budget_booking.open_cents(row) <= row.cents


def budget_of_steps(steps: Any) -> Budget:
    """A budget on which these things were tried, in this order."""
    by = make_finance.finance_officer()
    budget = make_budget.opened(by=by)
    for number, (what, cents, code, pick) in enumerate(steps):
        kind = BookingKind.COMMITMENT if what == "commit" else BookingKind.ACTUAL
        entry = make_budget.entry(budget, cents, code, kind=kind, description=f"Stap {number}")
        rows = db.session.query(Booking).filter_by(budget_id=budget.id).order_by(Booking.id).all()
        chosen = rows[pick % len(rows)] if rows else None
        try:
            if what in ("cost", "commit"):
                budget_booking.book(budget, entry, by)
            elif chosen is not None and what == "pay":
                budget_booking.book(budget, entry, by, pays=chosen)
            elif chosen is not None and what == "counter":
                budget_booking.counter_book(budget, chosen, "Fout", by)
            elif chosen is not None:
                budget_booking.let_go(budget, chosen, by)
        except DomainError:
            continue  # the rules said no: nothing may have changed for the worse
    return budget
