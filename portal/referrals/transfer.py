"""Handing a family over to another branch: it moved, or the referral came to the wrong one."""

from dataclasses import dataclass
from datetime import date

from portal.core import clock
from portal.core.errors import DomainError
from portal.core.i18n import N_, long_date
from portal.core.permissions import Actor
from portal.core.terms import days
from portal.directory.models import Branch, Municipality
from portal.directory.municipalities import resolve
from portal.referrals.choices import TRANSFER_REASONS
from portal.referrals.models import Referral
from portal.referrals.routing import branch_for
from portal.referrals.states import workflow

# What the branch that leaves established, and the next one establishes anew.
_BEGUN_ANEW = (
    *("first_contact_on", "intake_at", "intake_on", "waiting_since_on", "visited_on"),
    *("matched_on", "started_on", "evaluation_due_on"),
)


@dataclass(frozen=True)
class Handover:
    """What a coordinator fills in: where the family lives now, why, and when it agreed."""

    nis: str
    postcode: str
    reason: str
    agreed_on: date
    note: str = ""


def transfer(actor: Actor, referral: Referral, handover: Handover) -> Branch:
    """Hand a referral over; the branch loses sight of it, the timeline goes on in the other.

    Returns the other branch. Raises DomainError where no other branch serves the municipality,
    ConflictError when the referral can no longer be handed over.
    """
    if handover.agreed_on > clock.today():
        raise DomainError(N_("Deze datum ligt in de toekomst."), "agreed_on")
    municipality = resolve(handover.nis, handover.postcode)
    branch = branch_for(municipality.nis, clock.today())
    if branch is None:
        raise DomainError(
            N_("In deze gemeente is er geen werking die het gezin kan opvolgen."), "municipality"
        )
    if branch.id == referral.branch_id:
        raise DomainError(
            N_("Je eigen afdeling bedient deze gemeente: overdragen hoeft niet."), "municipality"
        )
    left = referral.branch
    if workflow.can(referral, "transfer", actor):  # else `fire` refuses, and nothing has changed
        _begin_anew(referral, branch, municipality, handover)
    workflow.fire(
        referral,
        "transfer",
        actor,
        fields={"branch_id", "municipality_nis", "postcode", *_BEGUN_ANEW},
        note=_told(left, branch, handover),
        left_branch_id=left.id if left else None,
    )
    return branch


def _begin_anew(
    referral: Referral, branch: Branch, municipality: Municipality, handover: Handover
) -> None:
    match = referral.active_match
    if match is not None:
        match.stop(clock.today(), "transferred")
    for name in _BEGUN_ANEW:
        setattr(referral, name, None)
    referral.priority = 0
    referral.branch, referral.municipality = branch, municipality
    referral.postcode = handover.postcode
    referral.first_contact_due_on = clock.today() + days("FIRST_CONTACT_DAYS")
    if referral.family is not None and handover.reason == "moved":
        referral.family.street = ""


def _told(left: Branch | None, branch: Branch, handover: Handover) -> str:
    """Return the note of the timeline, in Dutch as everything that is stored."""
    lines = (
        f"{left.name if left else ''} → {branch.name}",
        f"{TRANSFER_REASONS[handover.reason]}.",
        f"Het gezin stemde in op {long_date(handover.agreed_on)}.",
        handover.note,
    )
    return "\n".join(line for line in lines if line)
