"""A family takes its consent back: sharing stops at once, erasing follows by a plan.

At once goes what it told and what was written of it. Its name and number stay for some days, so
that the coordinator can stop a visit; then everything goes but the referral that is counted.
The same job keeps the terms that the texts for families promise.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import Date, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import audit, clock
from portal.core.db import Model, db
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.jobs import periodic
from portal.core.permissions import Actor
from portal.core.terms import days
from portal.referrals import consents, erasing, rules
from portal.referrals.choices import Feedback
from portal.referrals.consents import NO, Purpose, Said
from portal.referrals.models import Family, Referral, Status
from portal.referrals.states import workflow

MOST_A_RUN = 500
WITHDRAWN_BY_FAMILY = "family_choice"


class Erasure(Model):
    """The plan for a family that withdrew: by when everything is gone, and when it was."""

    __tablename__ = "referral_erasure"
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), primary_key=True)
    asked_at: Mapped[datetime]
    due_on: Mapped[date] = mapped_column(Date, index=True)
    done_at: Mapped[datetime | None]


def withdraw(actor: Actor | None, referral: Referral, said: Said, note: str = "") -> Erasure:
    """Stop all sharing now and plan the erasure. `actor` None is the parent herself.

    Raises DomainError when nothing is shared any more.
    """
    if referral.family is None or not referral.shared:
        raise DomainError(N_("De toestemming was al ingetrokken."))
    rules.check_given_on(said.given_on)
    match, is_listed = referral.active_match, referral.status == Status.NOT_SERVED
    fired = workflow.fire(referral, "withdraw_consent", actor, fields={"shared"}, note="")
    if fired.before != referral.status:
        referral.reason, referral.ended_on = WITHDRAWN_BY_FAMILY, clock.today()
    if match is not None:
        match.ended_on = clock.today()
    _stop_sharing(actor, referral, said)
    erasing.erase_told(referral)
    if note:
        _keep_note(referral, note)
    wait = timedelta(0) if is_listed else days("ERASE_AFTER_DAYS")
    plan = Erasure(
        referral_id=referral.id, asked_at=clock.now(), due_on=clock.today() + wait, done_at=None
    )
    db.session.add(plan)
    db.session.flush()
    if is_listed:
        erase_now(actor, referral)
    return plan


def _keep_note(referral: Referral, note: str) -> None:
    """Keep what the coordinator notes of the withdrawal, after older notes were emptied."""
    referral.events[-1].note = note


def _stop_sharing(actor: Actor | None, referral: Referral, said: Said) -> None:
    refused = {Purpose.IDENTITY: NO, Purpose.SITUATION: NO, Purpose.HEALTH: NO}
    if referral.sender_id is not None:
        refused[Purpose.FEEDBACK] = str(Feedback.NONE)
    consents.record(actor, referral, refused, said)
    referral.shared, referral.referrer_hears = False, False
    referral.feedback = Feedback.NONE
    if referral.consent is not None:
        referral.consent.withdrawn_at = clock.now()
    db.session.flush()


def plan_of(referral: Referral) -> Erasure | None:
    """Return the plan for a family that withdrew."""
    return db.session.get(Erasure, referral.id)


def erase_now(actor: Actor | None, referral: Referral) -> None:
    """Carry out the plan without waiting. Raises DomainError when there is none, or no family."""
    plan = plan_of(referral)
    if plan is None or referral.family is None:
        raise DomainError(N_("Er valt niets meer te wissen."))
    audit.record("referral:erase", referral, actor=actor)
    erasing.erase(referral)
    plan.done_at = clock.now()
    db.session.flush()


@periodic(timedelta(hours=6))
def carry_out() -> int:
    """Erase the families whose plan is due. Returns how many."""
    due = (
        select(Referral)
        .join(Erasure, Erasure.referral_id == Referral.id)
        .join(Family, Family.referral_id == Referral.id)
        .where(Erasure.due_on <= clock.today())
    )
    found = list(db.session.scalars(due.limit(MOST_A_RUN)))
    for referral in found:
        erase_now(None, referral)
    return len(found)


@periodic(timedelta(hours=6))
def keep_terms() -> int:
    """Erase what was kept for as long as families were told. Returns of how many families.

    Not helped: everything, after UNHELPED_KEPT_DAYS. Helped: what they told after TOLD_KEPT_DAYS,
    the rest after CORE_KEPT_DAYS, all counted from the end.
    """
    unhelped = _ended((Status.DECLINED, Status.WITHDRAWN), days("UNHELPED_KEPT_DAYS"))
    helped = _ended((Status.COMPLETED,), days("CORE_KEPT_DAYS"))
    told = _ended((Status.COMPLETED,), days("TOLD_KEPT_DAYS"), told=True)
    for referral in (*unhelped, *helped):
        audit.record("referral:forget", referral)
        erasing.erase(referral)
    told = [one for one in told if one.family is not None]
    for referral in told:
        audit.record("referral:forget_told", referral)
        erasing.erase_told(referral)
    return len(unhelped) + len(helped) + len(told)


def _ended(statuses: tuple[Status, ...], kept: timedelta, *, told: bool = False) -> list[Referral]:
    ended = (
        select(Referral)
        .join(Family, Family.referral_id == Referral.id)
        .where(Referral.status.in_(statuses), Referral.ended_on <= clock.today() - kept)
    )
    if told:
        ended = ended.where(Family.told_erased_at.is_(None))
    return list(db.session.scalars(ended.order_by(Referral.id).limit(MOST_A_RUN)))


def kept_until(referral: Referral) -> tuple[date | None, date | None]:
    """Return by when what a family told is erased, and by when everything; None: not known yet."""
    plan = plan_of(referral)
    if plan is not None:
        return plan.due_on, plan.due_on
    if referral.status == Status.NOT_SERVED:
        last = clock.local(referral.received_at).date() + days("UNSERVED_KEPT_DAYS")
        return last, last
    if referral.ended_on is None:
        return None, None
    if referral.status == Status.COMPLETED:
        ended = referral.ended_on
        return ended + days("TOLD_KEPT_DAYS"), ended + days("CORE_KEPT_DAYS")
    last = referral.ended_on + days("UNHELPED_KEPT_DAYS")
    return last, last
