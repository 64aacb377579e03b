"""A pause in the weekly visits, a holiday or an illness: planned until a day, ended on another."""

from datetime import date

from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.referrals.models import MatchPause, Referral
from portal.referrals.steps import check_day, take


def pause(
    actor: Actor,
    referral: Referral,
    from_on: date,
    restart_on: date,
    *,
    reason: str,
    note: str = "",
) -> None:
    """Plan a pause of the match under way; it may still have to begin."""
    match = referral.active_match
    begun = match.started_on if match else None
    if begun is not None and from_on < begun:
        raise DomainError(N_("De pauze begint voor de match."), "from_on")
    if restart_on <= from_on:
        raise DomainError(N_("De herstart komt na het begin van de pauze."), "restart_on")
    take(actor, referral, "pause", {}, sealed={"pause"}, on=from_on, note=note)
    assert match is not None
    match.pauses.append(
        MatchPause(match_id=match.id, from_on=from_on, restart_on=restart_on, reason=reason)
    )


def resume(actor: Actor, referral: Referral, on: date, note: str = "") -> None:
    """Note from which day the volunteer came again."""
    check_day(on, referral)
    match = referral.active_match
    open_pause = match.open_pause if match else None
    if open_pause is not None and on < open_pause.from_on:
        raise DomainError(N_("De herstart komt na het begin van de pauze."), "on")
    take(actor, referral, "resume", {}, sealed={"pause"}, on=on, note=note)
    assert open_pause is not None
    open_pause.ended_on = on
