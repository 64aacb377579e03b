"""What is expected, what is warned of, and who sees it."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.core.db import db
from portal.core.errors import ConflictError, DomainError
from portal.core.outbox import OutboxMessage
from portal.core.permissions import Role
from portal.finance import budget_booking, budget_figures, budget_forecast, budget_warnings
from portal.finance.budget_figures import LineStanding
from portal.finance.models import Budget, BudgetNotice
from tests import make
from tests.agreements import make_agreement
from tests.browser import Browser
from tests.directory.conftest import count_queries
from tests.finance import make_budget, make_finance

pytestmark = pytest.mark.usefixtures("offer")
amounts = st.integers(0, 10_000_000)


@pytest.fixture
def budget(app: Flask, offer: Any) -> Budget:
    return make_budget.opened()


def _line(budget: Budget, code: str) -> LineStanding:
    found = budget_figures.standing(budget)
    return next(one for one in (*found.costs, *found.income) if one.line.code == code)


@given(amounts, amounts, amounts, st.integers(0, 12) | st.none(), st.booleans())
def test_a_forecast_is_never_below_what_is_booked_and_committed(
    planned: int, actual: int, committed: int, rest: int | None, over: bool
) -> None:
    found = budget_forecast.expected(planned, actual, committed, rest=rest, months=12, over=over)
    assert found >= actual + committed
    if over:
        assert found == actual + committed


def test_wages_are_expected_as_booked_and_planned_for_the_months_that_follow(
    budget: Budget,
) -> None:
    wages = _line(budget, "B10")
    assert wages.computed == wages.sums.planned
    make_budget.cost(budget, 300_000, booked_on=date(budget.year, 3, 31))
    months_to_come = wages.sums.planned * 9 // 12
    assert _line(budget, "B10").sums.forecast == 300_000 + months_to_come


def test_another_line_is_expected_as_planned_or_as_booked_when_that_is_more(
    budget: Budget,
) -> None:
    planned = _line(budget, "B20").sums.planned
    make_budget.cost(budget, planned - 100, "B20")
    assert _line(budget, "B20").sums.forecast == planned
    make_budget.commitment(budget, 5_000, "B20")
    assert _line(budget, "B20").sums.forecast == planned + 4_900


def test_when_the_year_is_over_nothing_more_is_expected(budget: Budget, clock: Any) -> None:
    make_budget.cost(budget, 1_000)
    clock.move_to(f"{budget.year + 1}-01-10T10:00:00Z")
    assert _line(budget, "B10").sums.forecast == 1_000


def test_a_person_adjusts_a_forecast_with_a_reason_and_takes_it_back(
    browser: Browser, budget: Budget
) -> None:
    line = make_budget.line(budget, "B22")
    place = {"reference": budget.agreement.reference, "year": budget.year, "line_id": line.id}
    wim = browser.sign_in(make_agreement.finance_officer().account)
    page = wim.get("finance.budget_forecast_line", **place)
    without = wim.submit(page, "finance.budget_forecast_line", {"cents": "4.000"}, **place)
    assert without.errors
    assert without.value("cents") == "4.000"
    typed = {"cents": "4.000", "reason": "Vijf vrijwilligers meer"}
    shown = wim.follow(wim.submit(page, "finance.budget_forecast_line", typed, **place))
    assert "bijgestuurd" in shown.text
    assert _line(budget, "B22").sums.forecast == 400_000
    history = wim.get("finance.budget_forecast_line", **place)
    assert "Vijf vrijwilligers meer" in history.text
    back = {"cents": "", "reason": "Toch niet"}
    wim.submit(history, "finance.budget_forecast_line", back, **place)
    assert _line(budget, "B22").sums.forecast == _line(budget, "B22").computed
    for line_id in (make_budget.line(budget, "P1").id, 7):
        there = {**place, "line_id": line_id}
        assert wim.get("finance.budget_forecast_line", **there).status == 404


def _mails() -> list[OutboxMessage]:
    rows = db.session.query(OutboxMessage).order_by(OutboxMessage.id)
    return [row for row in rows if "drempel" in row.subject]


def test_a_line_that_reaches_a_threshold_is_said_once_by_one_mail(budget: Budget) -> None:
    planned = make_budget.line(budget, "B20").planned_cents or 0
    people = {make_agreement.finance_officer().account.email}
    officers = {m.payload["to"] for m in _mails()}
    assert not officers
    make_budget.cost(budget, planned * 89 // 100, "B20")
    assert _mails() == []
    make_budget.cost(budget, planned * 2 // 100, "B20", description="Nog iets")
    first = _mails()
    assert people <= {m.payload["to"] for m in first}
    assert len(first) == len({m.payload["to"] for m in first})
    assert "91 procent" in " ".join(first[0].payload["paragraphs"])
    make_budget.cost(budget, 1, "B20", description="Een cent")
    assert len(_mails()) == len(first)
    over = make_budget.cost(budget, planned, "B20", description="Veel te veel")
    again = len(_mails())
    assert again > len(first)
    budget_booking.counter_book(budget, over, "Fout", make_finance.finance_officer())
    assert {row.percent for row in db.session.query(BudgetNotice)} == {90}
    make_budget.cost(budget, planned, "B20", description="Toch te veel")
    assert len(_mails()) > again


def test_a_line_that_is_just_used_up_is_near_and_one_cent_more_is_over(budget: Budget) -> None:
    planned = make_budget.line(budget, "B23").planned_cents or 0
    make_budget.cost(budget, planned, "B23")
    assert budget_warnings.tone(budget, _line(budget, "B23").sums) == "warning"
    make_budget.cost(budget, 1, "B23", description="Een cent")
    assert budget_warnings.tone(budget, _line(budget, "B23").sums) == "danger"


def test_thresholds_are_set_by_a_person_and_two_at_once_are_told(
    browser: Browser, budget: Budget
) -> None:
    place = {"reference": budget.agreement.reference, "year": budget.year}
    wim = browser.sign_in(make_agreement.finance_officer().account)
    page = wim.get("finance.budget_thresholds", **place)
    wrong = {"warn_at": "95", "alarm_at": "80"}
    assert wim.submit(page, "finance.budget_thresholds", wrong, **place).errors
    right = {"warn_at": "50", "alarm_at": "80"}
    assert wim.submit(page, "finance.budget_thresholds", right, **place).status == 303
    late = wim.submit(
        page, "finance.budget_thresholds", {"warn_at": "60", "alarm_at": "70"}, **place
    )
    assert late.status == 409
    with pytest.raises(DomainError):
        budget_warnings.set_thresholds(budget, 0, 100, make_finance.finance_officer(), None)
    with pytest.raises(ConflictError):
        budget_warnings.set_thresholds(budget, 10, 100, make_finance.finance_officer(), 0)


def test_start_page_and_list_show_which_budgets_reach_a_threshold(app: Flask) -> None:
    quiet, busy = make_budget.opened(), make_budget.opened()
    busy.agreement.title, quiet.agreement.title = "Home-Start Druk", "Home-Start Rustig"
    make_budget.cost(busy, 10**8, "B20")
    for role in (Role.FINANCE_OFFICER, Role.AGREEMENTS_MANAGER):
        who = Browser(app).sign_in(make.membership(role, make.home_start()).account)
        page = who.get("home.start")
        assert "Home-Start Druk" in page.text
        assert "erover" in page.text
        assert "Home-Start Rustig" not in page.text.split("die een drempel bereiken")[-1]
        listed = who.open("/begrotingen?gebruik=voorbij").text
        assert "Home-Start Druk" in listed
        assert "Home-Start Rustig" not in listed
    partner = make_finance.finance_contact(busy.agreement.parties[0].organisation)
    start = Browser(app).sign_in(partner.account).get("home.start")
    assert "drempel" not in start.text


@pytest.mark.parametrize(
    "sort", ["titel", "-begroot", "geboekt", "-vastgelegd", "-gebruikt", "jaar"]
)
def test_the_list_sorts_pages_and_exports_whatever_it_is_sorted_by(
    browser: Browser, sort: str
) -> None:
    for number in range(3):
        make_budget.cost(make_budget.opened(), 1_000 * (number + 1))
    wim = browser.sign_in(make_agreement.finance_officer().account)
    page = wim.open(f"/begrotingen?sorteer={sort}")
    assert page.status == 200
    assert page.text.count("Home-Start Merelbeke-Melle") == 3
    sheet = wim.open(f"/begrotingen?sorteer={sort}&formaat=csv")
    assert sheet.body.decode().count("Home-Start Merelbeke-Melle") == 3


def test_a_page_and_the_list_cost_as_many_queries_however_much_was_booked(app: Flask) -> None:
    budget = make_budget.opened()
    wim = Browser(app).sign_in(make_agreement.finance_officer().account)
    path = wim.path("finance.budget", reference=budget.agreement.reference, year=budget.year)
    make_budget.cost(budget, 10**8)
    paths = (path, f"{path}/boekingen", "/begrotingen", "/")
    for one in paths:
        wim.open(one)
    before = [_cost(wim, one) for one in paths]
    for number in range(12):
        make_budget.cost(budget, 100 + number, ("B10", "B11", "B20")[number % 3])
        make_budget.cost(make_budget.opened(), 10**8)
    assert [_cost(wim, one) for one in paths] == before


def _cost(browser: Browser, path: str) -> int:
    with count_queries() as sent:
        assert browser.open(path).status == 200
    return len(sent)


@pytest.mark.parametrize("role", [Role.NEGOTIATOR, Role.PARTNER_FINANCE, Role.SIGNATORY])
def test_a_partner_sees_the_budget_of_its_agreement_without_suppliers(
    app: Flask, role: Role
) -> None:
    mine, theirs = make_budget.opened(), make_budget.opened()
    make_budget.cost(mine, 123_456, supplier="Drukkerij Geheim", description="Vertrouwelijk")
    budget_forecast.adjust(
        mine, make_budget.line(mine, "B22"), 1, "Interne reden", make_finance.finance_officer()
    )
    db.session.commit()
    who = make.membership(role, mine.agreement.parties[0].organisation)
    karel = Browser(app).sign_in(who.account)
    page = karel.get("finance.budget", reference=mine.agreement.reference, year=mine.year)
    assert "1.234,56" in page.text
    for hidden in ("Geheim", "Vertrouwelijk", "Interne reden", "boeken", "Drempels instellen"):
        assert hidden not in page.text, hidden
    other = karel.get("finance.budget", reference=theirs.agreement.reference, year=theirs.year)
    missing = karel.get("finance.budget", reference="O-0000-0000", year=theirs.year)
    assert (other.status, other.body) == (404, missing.body)
    assert mine.agreement.reference in karel.get("finance.budgets").text
    assert theirs.agreement.reference not in karel.get("finance.budgets").text
