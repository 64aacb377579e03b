"""Where a budget stands: planned, booked, committed and expected, per line and in total.

Every page, list, statement and warning takes its sums from here. Amounts are cents.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, cast, func, select
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.db import BigInt, db
from portal.finance import budget_forecast
from portal.finance.models import (
    Booking,
    BookingKind,
    Budget,
    BudgetLine,
    LineForecast,
    LineKind,
    Statement,
    StatementStatus,
    YearStatus,
)


@dataclass(frozen=True)
class Sums:
    """What was planned, booked, committed and is expected, of a line or of several."""

    planned: int
    actual: int
    committed: int
    forecast: int

    @property
    def used(self) -> int:
        """Return what was booked and committed together."""
        return self.actual + self.committed

    @property
    def left(self) -> int:
        """Return what of the plan is neither booked nor committed; below 0 when overspent."""
        return self.planned - self.used

    @property
    def percent(self) -> int | None:
        """Return how much of the plan is used, in whole percents downwards; None without a plan."""
        return self.used * 100 // self.planned if self.planned > 0 else None


def total(sums: Iterable[Sums]) -> Sums:
    """Return the sums added up."""
    rows = list(sums)
    return Sums(
        sum(one.planned for one in rows),
        sum(one.actual for one in rows),
        sum(one.committed for one in rows),
        sum(one.forecast for one in rows),
    )


@dataclass(frozen=True)
class LineStanding:
    """A line and its sums. computed: the forecast without a person's; adjusted: that person's."""

    line: BudgetLine
    sums: Sums
    computed: int
    adjusted: LineForecast | None = None


@dataclass(frozen=True)
class Standing:
    """Where a budget stands. carried_cents: what came over from the year before, per partner."""

    budget: Budget
    costs: tuple[LineStanding, ...]
    contributions: tuple[LineStanding, ...]
    income: tuple[LineStanding, ...]
    in_kind: tuple[LineStanding, ...]
    carried_cents: Mapping[int, int]

    @property
    def cost(self) -> Sums:
        """Return all costs together."""
        return total(one.sums for one in self.costs)

    @property
    def other_income(self) -> Sums:
        """Return all income but the contributions."""
        return total(one.sums for one in self.income)

    @property
    def contribution(self) -> Sums:
        """Return what the partners bear together."""
        return total(one.sums for one in self.contributions)

    @property
    def carried(self) -> int:
        """Return what came over from the year before."""
        return sum(self.carried_cents.values())

    @property
    def result(self) -> int:
        """Return what is expected to be left at the end of the year; below 0 for a shortage."""
        income = self.contribution.forecast + self.other_income.forecast + self.carried
        return income - self.cost.forecast


@dataclass(frozen=True)
class Booked:
    """The sums of one line. last_on: of its latest cost that stands."""

    actual: int = 0
    committed: int = 0
    last_on: date | None = None


def standing(budget: Budget) -> Standing:
    """Return where a budget stands, in four queries however much was booked."""
    lines = db.session.scalars(
        select(BudgetLine)
        .where(BudgetLine.budget_id == budget.id)
        .order_by(BudgetLine.position, BudgetLine.id)
    ).all()
    return _standing(budget, lines, _booked(budget), adjustments(budget))


def _standing(
    budget: Budget,
    lines: Sequence[BudgetLine],
    booked: Mapping[int, Booked],
    adjusted: Mapping[int, LineForecast],
) -> Standing:
    over = budget.status == YearStatus.CLOSED or clock.today().year > budget.year
    found: dict[LineKind, list[LineStanding]] = {kind: [] for kind in LineKind}
    for line in lines:
        found[line.kind].append(
            _of_line(budget, line, booked.get(line.id, Booked()), adjusted.get(line.id), over)
        )
    return Standing(
        budget,
        tuple(found[LineKind.COST]),
        tuple(found[LineKind.CONTRIBUTION]),
        tuple(found[LineKind.INCOME]),
        tuple(found[LineKind.IN_KIND]),
        carried_in(budget),
    )


def _of_line(
    budget: Budget, line: BudgetLine, booked: Booked, adjusted: LineForecast | None, over: bool
) -> LineStanding:
    planned = line.planned_cents or 0
    if line.kind in (LineKind.CONTRIBUTION, LineKind.IN_KIND):
        return LineStanding(line, Sums(planned, 0, 0, planned), planned)
    computed = budget_forecast.expected(
        planned,
        booked.actual,
        booked.committed,
        rest=budget_forecast.months_left(budget, booked.last_on) if line.even else None,
        months=budget.months,
        over=over,
    )
    by_hand = None if budget.status == YearStatus.CLOSED else adjusted
    forecast = computed if by_hand is None or by_hand.cents is None else by_hand.cents
    return LineStanding(
        line, Sums(planned, booked.actual, booked.committed, forecast), computed, by_hand
    )


def _booked(budget: Budget) -> dict[int, Booked]:
    """Return the sums per line, in one query."""
    reversal = aliased(Booking)
    stands = (Booking.kind == BookingKind.ACTUAL) & Booking.reverses_id.is_(None)
    last_on = func.max(Booking.booked_on).filter(stands, reversal.id.is_(None))
    rows = db.session.execute(
        select(
            Booking.line_id,
            booked_cents(BookingKind.ACTUAL),
            booked_cents(BookingKind.COMMITMENT),
            last_on,
        )
        .outerjoin(reversal, reversal.reverses_id == Booking.id)
        .where(Booking.budget_id == budget.id)
        .group_by(Booking.line_id)
    )
    return {line_id: Booked(actual, committed, last) for line_id, actual, committed, last in rows}


def booked_cents(kind: BookingKind) -> ColumnElement[int]:
    """Return the sum of what was booked of a kind, as a column; 0 without any."""
    return whole(func.sum(Booking.cents).filter(Booking.kind == kind))


def whole(amount: ColumnElement[Any]) -> ColumnElement[int]:
    """Return a sum as a whole number that is never NULL; PostgreSQL would give a decimal."""
    return cast(func.coalesce(amount, 0), BigInt)


def adjustments(budget: Budget) -> dict[int, LineForecast]:
    """Return the newest forecast a person made of each line, withdrawn ones too."""
    rows = db.session.scalars(
        select(LineForecast)
        .join(BudgetLine, BudgetLine.id == LineForecast.line_id)
        .where(BudgetLine.budget_id == budget.id)
        .order_by(LineForecast.id)
    )
    return {row.line_id: row for row in rows}


def carried_in(budget: Budget) -> dict[int, int]:
    """Return what approved statements of the year before carried over, per partner."""
    rows = db.session.execute(
        select(Statement.organisation_id, Statement.carried_cents)
        .join(Budget, Budget.id == Statement.budget_id)
        .where(
            Budget.agreement_id == budget.agreement_id,
            Budget.year == budget.year - 1,
            Statement.status == StatementStatus.APPROVED,
            Statement.carried_cents > 0,
        )
        .order_by(Statement.organisation_id)
    )
    return {row.organisation_id: row.carried_cents for row in rows}
