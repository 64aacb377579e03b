"""Taking a step: one row of the transition table fires, then what it establishes is set."""

from datetime import date
from typing import Any

from portal.core import clock
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.referrals.models import Referral
from portal.referrals.states import workflow


def take(
    actor: Actor,
    referral: Referral,
    action: str,
    values: dict[str, Any],
    *,
    sealed: set[str] | None = None,
    **details: Any,
) -> None:
    """Fire one row of the table, then set what it establishes.

    The audit trail names the columns, and `sealed`: what of the family is written with it.
    """
    workflow.fire(referral, action, actor, fields={*values, *(sealed or ())}, **details)
    for name, value in values.items():
        setattr(referral, name, value)


def end(
    actor: Actor, referral: Referral, action: str, on: date, reason: str, **details: Any
) -> None:
    """Take a step that ends a referral, and the match under way with it."""
    match = referral.active_match
    values = {"reason": reason, "ended_on": on, "evaluation_due_on": None}
    take(actor, referral, action, values, on=on, **details)
    if match is not None:
        match.stop(on, "ended")


def check_day(on: date, referral: Referral, field: str = "on") -> None:
    """Raise DomainError for a day that has not been, or was before the referral."""
    if on > clock.today():
        raise DomainError(N_("Deze datum ligt in de toekomst."), field)
    if on < clock.local(referral.received_at).date():
        raise DomainError(N_("Deze datum ligt voor de verwijzing."), field)
