"""What a coordinator does with a referral, step by step, until it ends.

Every function takes the person, the referral and what she filled in; checks the rules; and fires
one row of the transition table. Raises DomainError, ConflictError or NotAllowedError.
"""

from datetime import date, datetime

from portal.core import clock
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.referrals.models import Family, Match, Referral
from portal.referrals.states import workflow

YEAR_DAYS = 365


def record_contact(actor: Actor, referral: Referral, on: date, note: str = "") -> None:
    """Note the first time the branch reached the family."""
    _has_been(on, referral)
    referral.first_contact_on = on
    workflow.fire(referral, "record_contact", actor, on=on, note=note)


def plan_intake(actor: Actor, referral: Referral, at: datetime, note: str = "") -> None:
    """Plan the intake, or move it; an appointment is a first contact too."""
    if at < clock.now():
        raise DomainError(N_("Het moment van de intake ligt in het verleden."), "at")
    referral.intake_at = at
    if referral.first_contact_on is None:
        referral.first_contact_on = clock.today()
    day = clock.local(at).date()
    workflow.fire(referral, "plan_intake", actor, on=day, note=note)


def accept(
    actor: Actor, referral: Referral, on: date, note: str = "", street: str = "", priority: int = 0
) -> None:
    """Record the intake and put the family on the waiting list; the street may be kept now."""
    _has_been(on, referral)
    referral.intake_on = on
    referral.waiting_since_on = on
    referral.priority = priority
    if street:
        _family(referral).street = street
    workflow.fire(referral, "accept", actor, on=on, note=note, fields={"intake_on", "street"})


def decline(
    actor: Actor, referral: Referral, reason: str, advice: str = "", note: str = ""
) -> None:
    """Say no, with a reason and a service that fits better (both for the referrer)."""
    referral.reason = reason
    referral.ended_on = clock.today()
    workflow.fire(referral, "decline", actor, advice=advice, note=note, fields={"reason"})


def set_priority(actor: Actor, referral: Referral, priority: int, reason: str) -> None:
    """Change the place on the waiting list; always with a reason."""
    if priority == referral.priority:
        raise DomainError(N_("Dat is al de volgorde."), "priority")
    referral.priority = priority
    workflow.fire(referral, "set_priority", actor, note=reason, fields={"priority"})


def record_visit(actor: Actor, referral: Referral, on: date, note: str = "") -> None:
    """Note the acquaintance visit at home."""
    _has_been(on, referral)
    referral.visited_on = on
    workflow.fire(referral, "record_visit", actor, on=on, note=note, fields={"visited_on"})


def propose_match(
    actor: Actor, referral: Referral, volunteer_name: str, on: date, note: str = ""
) -> Match:
    """Propose a volunteer. Both still have to choose freely; one proposal at a time."""
    _has_been(on, referral)
    workflow.fire(referral, "propose_match", actor, on=on, note=note)
    match = Match(referral_id=referral.id, proposed_on=on)
    match.volunteer_name = volunteer_name
    referral.matches.append(match)
    return match


def answer_match(
    actor: Actor,
    referral: Referral,
    family: date | None,
    volunteer: date | None,
    *,
    refused: bool = False,
    note: str = "",
) -> None:
    """Record who accepted and when; the second yes makes the match, a no ends the proposal."""
    match = referral.active_match
    for day, field in ((family, "family"), (volunteer, "volunteer")):
        if day is not None:
            _has_been(day, referral, field)
    workflow.fire(referral, "answer_match", actor, note=note)
    assert match is not None
    if refused:
        match.ended_on = clock.today()
        return
    match.family_accepted_on, match.volunteer_accepted_on = family, volunteer
    if match.accepted:
        assert family is not None
        assert volunteer is not None
        referral.matched_on = max(family, volunteer)
        workflow.fire(referral, "match", actor, on=referral.matched_on, fields={"matched_on"})


def introduce(actor: Actor, referral: Referral, on: date, note: str = "") -> None:
    """Note the day family and volunteer met."""
    _has_been(on, referral)
    match = referral.active_match
    workflow.fire(referral, "introduce", actor, on=on, note=note)
    assert match is not None
    match.introduced_on = on


def start(actor: Actor, referral: Referral, on: date, note: str = "") -> None:
    """Start the trajectory: the weekly visits begin."""
    _has_been(on, referral)
    referral.started_on = on
    workflow.fire(referral, "start", actor, on=on, note=note, fields={"started_on"})


def end_match(actor: Actor, referral: Referral, on: date, reason: str) -> None:
    """End a match and look for another volunteer; the family keeps its place in time."""
    _has_been(on, referral)
    match = referral.active_match
    workflow.fire(referral, "end_match", actor, on=on, note=reason)
    referral.matched_on = None
    if match is not None:
        match.ended_on = on


def complete(actor: Actor, referral: Referral, on: date, reason: str, note: str = "") -> None:
    """Close the trajectory; shorter than a year asks for an explanation."""
    _has_been(on, referral)
    started = referral.started_on
    if started is not None and on < started:
        raise DomainError(N_("De einddatum ligt voor de startdatum."), "on")
    if started is not None and (on - started).days < YEAR_DAYS and not note:
        raise DomainError(
            N_("Het traject duurde korter dan een jaar. Schrijf kort waarom."), "note"
        )
    _end(referral, on, reason)
    workflow.fire(referral, "complete", actor, on=on, note=note, fields={"reason", "ended_on"})


def record_withdrawal(
    actor: Actor, referral: Referral, on: date, reason: str, note: str = ""
) -> None:
    """Note that the family stops; it may, at any point."""
    _has_been(on, referral)
    _end(referral, on, reason)
    workflow.fire(referral, "record_withdrawal", actor, on=on, note=note, fields={"reason"})


def withdraw(actor: Actor, referral: Referral, reason: str, note: str = "") -> None:
    """Withdraw one's own referral; the branch reads why."""
    _end(referral, clock.today(), reason)
    workflow.fire(referral, "withdraw", actor, note=note, fields={"reason"})


def _end(referral: Referral, on: date, reason: str) -> None:
    referral.reason, referral.ended_on = reason, on
    if referral.active_match is not None:
        referral.active_match.ended_on = on


def _has_been(on: date, referral: Referral, field: str = "on") -> None:
    if on > clock.today():
        raise DomainError(N_("Deze datum ligt in de toekomst."), field)
    if on < clock.local(referral.received_at).date():
        raise DomainError(N_("Deze datum ligt voor de verwijzing."), field)


def _family(referral: Referral) -> Family:
    if referral.family is None:
        raise DomainError(N_("De gegevens van dit gezin zijn gewist."))
    return referral.family
