"""What a supported family and a volunteer cost, from numbers alone.

Finance asks referrals for counts and never sees a family. A partner is shown nothing of a year
that still runs, where a figure that moves would tell of one family, and nothing below five.
"""

from dataclasses import dataclass
from fractions import Fraction

from portal.core import clock, money
from portal.core.permissions import Actor, Permission
from portal.finance import budget_opening
from portal.finance.budget_figures import Standing
from portal.referrals import supported

FEWEST_SHOWN = 5


@dataclass(frozen=True)
class UnitCosts:
    """Counts, and the cost for each in cents; None where there is no figure to show.

    expected: the cost is what is expected at the end of a year that still runs.
    """

    families: int | None
    per_family_cents: int | None
    volunteers: int | None
    per_volunteer_cents: int | None
    expected: bool


def unit_costs(standing: Standing, actor: Actor) -> UnitCosts | None:
    """Return the figures this person may see; None when there are none to show yet."""
    budget = standing.budget
    running = clock.today().year <= budget.year
    inside = actor.can(Permission.AGREEMENT_READ_ALL)
    if running and not inside:
        return None
    terms = budget_opening.signed_version(budget.agreement).terms
    area = [place.nis for place in terms.area]
    families: int | None = supported.families(area, budget.year)
    # Volunteers are counted as they are now: of another year nobody knows.
    volunteers = supported.volunteers(area) if clock.today().year == budget.year else None
    cost = standing.cost.forecast if running else standing.cost.actual
    families, volunteers = _shown(families, inside), _shown(volunteers, inside)
    return UnitCosts(families, _each(cost, families), volunteers, _each(cost, volunteers), running)


def _shown(number: int | None, inside: bool) -> int | None:
    if number is None or (not inside and number < FEWEST_SHOWN):
        return None
    return number


def _each(cost: int, number: int | None) -> int | None:
    return money.round_cents(Fraction(cost, number)) if number else None
