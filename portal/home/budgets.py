"""What waits in the budgets: lines at a threshold, and statements to approve or explain."""

from dataclasses import dataclass, field

from portal.core.permissions import Actor, Permission
from portal.finance import budget_closing, budget_warnings
from portal.finance.budget_warnings import AtThreshold
from portal.finance.models import Statement

MOST = 6


@dataclass(frozen=True)
class Budgets:
    """Budgets with a line at a threshold, for HSV; statements of account that wait for you."""

    at_threshold: list[AtThreshold] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)


def day(actor: Actor) -> Budgets:
    """Return what waits; nothing for who does not follow budgets."""
    if not actor.can(Permission.BUDGET_READ):
        return Budgets()
    inside = actor.can(Permission.AGREEMENT_READ_ALL)
    return Budgets(
        budget_warnings.budgets_at_threshold(actor, MOST) if inside else [],
        budget_closing.waiting(actor, MOST),
    )
