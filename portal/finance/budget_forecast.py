"""What a line is expected to have cost at the end of the year, and a person's own forecast.

The method, as the page says it too: once the year is over, what was booked and committed. Before
that, for a line spent evenly over the months (wages): what was booked, and for the months after
the latest booking the plan of those months, or what is committed when that is more. For any other
line: the plan, or what was booked and committed when that is more.
"""

from datetime import date

from portal.core import audit, clock, money
from portal.core.db import db
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.finance.models import Budget, BudgetLine, LineForecast, LineKind, YearStatus

METHOD = (
    N_("Lonen: wat geboekt is, en voor de maanden na de laatste boeking de begroting."),
    N_("Andere lijnen: de begroting, of wat geboekt en vastgelegd is als dat meer is."),
    N_("Na afloop van het jaar: wat geboekt en vastgelegd is."),
    N_("Weet je meer dan de cijfers? Stuur een lijn bij, met de reden."),
)


def expected(
    planned: int, actual: int, committed: int, *, rest: int | None, months: int, over: bool
) -> int:
    """Return the forecast of a line in cents.

    rest: of an even line, how many of its `months` come after the latest booking; None for any
    other. over: the year has passed.
    """
    if over:
        return actual + committed
    if rest is None:
        return max(planned, actual + committed)
    to_come = money.allocate(planned, [months - rest, rest])[1] if planned > 0 else 0
    return actual + max(committed, to_come)


def months_left(budget: Budget, last_on: date | None) -> int:
    """Return how many months of the budget come after the month of a day; all without a day."""
    if last_on is None:
        return budget.months
    last_month = budget.first_month + budget.months - 1
    return min(max(last_month - last_on.month, 0), budget.months)


def adjust(
    budget: Budget, line: BudgetLine, cents: int | None, reason: str, by: Actor
) -> LineForecast:
    """Keep what a person expects of a line; None goes back to what is computed.

    Raises DomainError without a reason, below 0, on a line that is not spent or received, or once
    the year is closed.
    """
    if budget.status == YearStatus.CLOSED:
        raise DomainError(N_("Dit jaar is afgesloten."))
    if line.kind not in (LineKind.COST, LineKind.INCOME):
        raise DomainError(N_("Van deze lijn is er geen prognose."))
    if cents is not None and cents < 0:
        raise DomainError(N_("Een prognose is nul of meer."), "cents")
    if not reason.strip():
        raise DomainError(N_("Zeg waarom je iets anders verwacht."), "reason")
    made = LineForecast(
        line_id=line.id,
        cents=cents,
        reason=reason,
        account_id=by.account_id,
        at=clock.now(),
    )
    db.session.add(made)
    audit.record("budget_line:forecast", line, actor=by, fields={"forecast"})
    db.session.flush()
    return made


def line_of(budget: Budget, line_id: int) -> BudgetLine:
    """Return a line of which one can expect something. Raises NotFoundError."""
    found = db.session.get(BudgetLine, line_id)
    if found is None or found.budget_id != budget.id:
        raise NotFoundError()
    if found.kind not in (LineKind.COST, LineKind.INCOME):
        raise NotFoundError()
    return found
