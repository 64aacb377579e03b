"""Builders of budgets: opened, booked on, closed. `make_finance` gives the agreement in force.

opened = make_budget.opened()                    # this year's, of a new agreement in force
make_budget.cost(opened, 125_00, code="B10")
"""

from datetime import date
from typing import Any

from portal.agreements.models import Agreement
from portal.core import clock
from portal.core.db import db
from portal.core.permissions import Actor
from portal.finance import budget_booking, budget_opening
from portal.finance.budget_booking import Entry
from portal.finance.models import Booking, BookingKind, Budget, BudgetLine
from tests.finance import make_finance


def this_year() -> int:
    return clock.today().year


def agreement(year: int | None = None, **values: Any) -> Agreement:
    """An agreement in force from 1 January of a year (this one by default)."""
    return make_finance.active(starts_on=date(year or this_year(), 1, 1), **values)


def opened(of: Agreement | None = None, year: int | None = None, by: Actor | None = None) -> Budget:
    """The budget of a year, opened."""
    of = of or agreement(year)
    budget = budget_opening.open_year(of, year or this_year(), by or make_finance.finance_officer())
    db.session.commit()
    return budget


def line(budget: Budget, code: str) -> BudgetLine:
    return next(one for one in budget.lines if one.code == code)


def entry(budget: Budget, cents: int, code: str = "B10", **values: Any) -> Entry:
    filled: dict[str, Any] = {
        "kind": BookingKind.ACTUAL,
        "booked_on": date(budget.year, 1, 31),
        "supplier": "Sociaal secretariaat",
        "description": f"Boeking van {cents} cent",
    }
    return Entry(line_id=line(budget, code).id, cents=cents, **{**filled, **values})


def cost(budget: Budget, cents: int, code: str = "B10", **values: Any) -> Booking:
    """A cost booked on 31 January, unless told otherwise."""
    return _booked(budget, entry(budget, cents, code, **values))


def commitment(budget: Budget, cents: int, code: str = "B10", **values: Any) -> Booking:
    """A commitment made on 31 January, unless told otherwise."""
    return _booked(budget, entry(budget, cents, code, kind=BookingKind.COMMITMENT, **values))


def _booked(budget: Budget, of: Entry) -> Booking:
    made = budget_booking.book(budget, of, make_finance.finance_officer(), again=True)
    db.session.commit()
    return made
