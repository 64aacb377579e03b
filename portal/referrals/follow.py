"""What a coordinator does with a referral, step by step, until it ends.

Every function takes the person, the referral and what she filled in; checks the rules; fires one
row of the transition table, and only then changes anything: a step that no longer fits leaves the
referral as it was. Raises DomainError, ConflictError or NotAllowedError.
"""

from datetime import date, datetime

from portal.core import clock
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.referrals import erasing
from portal.referrals.models import Match, Referral
from portal.referrals.states import workflow
from portal.referrals.steps import check_day, end, take
from portal.referrals.trajectory import evaluations


def record_contact(actor: Actor, referral: Referral, on: date, note: str = "") -> None:
    """Note the first time the branch reached the family."""
    check_day(on, referral)
    take(actor, referral, "record_contact", {"first_contact_on": on}, on=on, note=note)


def plan_intake(actor: Actor, referral: Referral, at: datetime, note: str = "") -> None:
    """Plan the intake, or move it; an appointment is a first contact too."""
    if at < clock.now():
        raise DomainError(N_("Het moment van de intake ligt in het verleden."), "at")
    values = {"intake_at": at, **_first_contact(referral, clock.today())}
    take(actor, referral, "plan_intake", values, on=clock.local(at).date(), note=note)


def accept(
    actor: Actor,
    referral: Referral,
    on: date,
    note: str = "",
    *,
    street: str = "",
    priority: int = 0,
) -> None:
    """Record the intake and put the family on the waiting list; the street may be kept now."""
    check_day(on, referral)
    values = {
        "intake_on": on,
        "waiting_since_on": on,
        "priority": priority,
        **_first_contact(referral, on),
    }
    take(actor, referral, "accept", values, on=on, note=note, sealed=_filled({"street": street}))
    if referral.family is not None and street:
        referral.family.street = street


def decline(
    actor: Actor, referral: Referral, reason: str, advice: str = "", note: str = ""
) -> None:
    """Say no, with a reason and a service that fits better (both for the referrer)."""
    end(actor, referral, "decline", clock.today(), reason, note=note, advice=advice)


def set_priority(actor: Actor, referral: Referral, priority: int, reason: str) -> None:
    """Change the place on the waiting list; always with a reason."""
    if priority == referral.priority:
        raise DomainError(N_("Dat is al de volgorde."), "priority")
    take(actor, referral, "set_priority", {"priority": priority}, note=reason)


def record_visit(actor: Actor, referral: Referral, on: date, note: str = "") -> None:
    """Note the acquaintance visit at home."""
    check_day(on, referral)
    take(actor, referral, "record_visit", {"visited_on": on}, on=on, note=note)


def propose_match(
    actor: Actor, referral: Referral, volunteer_name: str, on: date, note: str = ""
) -> Match:
    """Propose a volunteer. Both still have to choose freely; one proposal at a time."""
    check_day(on, referral)
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
    refusal: str = "",
    note: str = "",
) -> None:
    """Record who accepted and when; the second yes makes the match, a no ends the proposal.

    `refusal`: who said no, `family_no` or `volunteer_no`; empty while nobody did.
    """
    match = referral.active_match
    for day, field in ((family, "family_on"), (volunteer, "volunteer_on")):
        if day is not None:
            check_day(day, referral, field)
    workflow.fire(referral, "refuse_match" if refusal else "answer_match", actor, note=note)
    assert match is not None
    match.family_accepted_on, match.volunteer_accepted_on = family, volunteer
    if refusal:
        match.stop(clock.today(), refusal)
    elif family is not None and volunteer is not None:
        on = max(family, volunteer)
        take(actor, referral, "match", {"matched_on": on}, on=on)


def introduce(actor: Actor, referral: Referral, on: date, note: str = "") -> None:
    """Note the day family and volunteer met."""
    check_day(on, referral)
    match = referral.active_match
    workflow.fire(referral, "introduce", actor, on=on, note=note)
    assert match is not None
    match.introduced_on = on


def start(actor: Actor, referral: Referral, on: date, note: str = "") -> None:
    """Start the weekly visits; the trajectory goes on with the next volunteer where it was."""
    check_day(on, referral)
    match = referral.active_match
    begun = {} if referral.started_on else {"started_on": on}
    take(actor, referral, "start", begun, on=on, note=note)
    assert match is not None
    match.started_on = on
    if begun:
        referral.evaluation_due_on = evaluations.due_after(referral)


def end_match(actor: Actor, referral: Referral, on: date, reason: str, note: str = "") -> None:
    """End a match and look for another volunteer; the family keeps its place in time."""
    check_day(on, referral)
    match = referral.active_match
    if match is not None and match.started_on is not None and on < match.started_on:
        raise DomainError(N_("Deze datum ligt voor het begin van de match."), "on")
    take(actor, referral, "end_match", {"matched_on": None}, on=on, note=note)
    assert match is not None
    match.stop(on, reason)


def correct_contact(
    actor: Actor, referral: Referral, *, phone: str, email: str, street: str, note: str = ""
) -> None:
    """Correct how to reach the family; the street only once it is accepted.

    The referrer reads back what she wrote, never what was corrected since.
    """
    family = referral.family
    if family is None:
        raise DomainError(N_("De gegevens van dit gezin zijn gewist."))
    if street and referral.waiting_since_on is None:
        raise DomainError(N_("Het adres vragen we pas als het gezin aanvaard is."), "street")
    before = {**family.identity, "street": family.street or ""}
    given = {"phone": phone, "email": email, "street": street}
    changed = {name: value for name, value in given.items() if value != (before[name] or "")}
    if not changed:
        raise DomainError(N_("Je hebt niets gewijzigd."))
    take(actor, referral, "correct_contact", {}, note=note, sealed=set(changed))
    family.street = street
    corrected = sorted({*family.identity.get("corrected", ()), *changed} - {"street"})
    family.identity = {**family.identity, "phone": phone, "email": email, "corrected": corrected}


def record_withdrawal(
    actor: Actor, referral: Referral, on: date, reason: str, note: str = ""
) -> None:
    """Note that the family stops; it may, at any point."""
    check_day(on, referral)
    end(actor, referral, "record_withdrawal", on, reason, note=note)


def withdraw(actor: Actor, referral: Referral, reason: str, note: str = "") -> None:
    """Withdraw one's own referral; the branch reads why."""
    end(actor, referral, "withdraw", clock.today(), reason, note=note)


def leave_list(actor: Actor, referral: Referral) -> None:
    """Take a family no branch serves off the list: what was kept of it is erased."""
    take(actor, referral, "leave_list", {"ended_on": clock.today()})
    erase_family(referral)


def erase_family(referral: Referral) -> None:
    """Erase what was kept of a family, its files and marks too; its consent ends now."""
    referral.ended_on = clock.today()
    if referral.consent is not None:
        referral.consent.withdrawn_at = clock.now()
    erasing.erase(referral)


def _first_contact(referral: Referral, on: date) -> dict[str, date]:
    return {"first_contact_on": on} if referral.first_contact_on is None else {}


def _filled(values: dict[str, str]) -> set[str]:
    return {name for name, value in values.items() if value}
