"""What waits in the budgets: lines that reached a threshold, for who follows them at HSV."""

from portal.core.permissions import Actor, Permission
from portal.finance import budget_warnings
from portal.finance.budget_warnings import AtThreshold

MOST = 6


def day(actor: Actor) -> list[AtThreshold]:
    """Return the budgets with a line at a threshold; nothing for a partner, in one query."""
    if not (actor.can(Permission.BUDGET_READ) and actor.can(Permission.AGREEMENT_READ_ALL)):
        return []
    return budget_warnings.budgets_at_threshold(actor, MOST)
