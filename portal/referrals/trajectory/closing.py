"""Closing a trajectory, hearing from the family once more, and taking it up again."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select, update

from portal.accounts import service as accounts
from portal.core import clock, mail
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.i18n import N_, speaking
from portal.core.jobs import periodic
from portal.core.months import months_later
from portal.core.permissions import Actor
from portal.core.terms import number
from portal.referrals.models import Referral, Status
from portal.referrals.steps import check_day, end, take
from portal.referrals.trajectory import evaluations
from portal.referrals.trajectory.evaluations import END

YEAR_DAYS = 365
DONE, PLANNED, NONE = "done", "planned", "none"
SUBJECT = N_("Tijd voor een nazorgcontact")
TOLD = N_("Met een of meer gezinnen van jouw afdeling was nu een nazorgcontact afgesproken.")
NOW = N_("Op je startpagina zie je welke. Noteer daarna in het portaal dat het contact er was.")


@dataclass(frozen=True)
class Closing:
    """What is filled in at the end. `last`: is the last evaluation done, planned, or will there be
    none; `follow_up_on`: when the branch calls once more, None when the family prefers not.
    """

    on: date
    reason: str
    note: str = ""
    last: str = NONE
    evaluation_on: date | None = None
    follow_up_on: date | None = None


def usual_follow_up(on: date) -> date:
    """Return when a family is usually called once more, as HSV set it."""
    return months_later(on, number("FOLLOW_UP_MONTHS"))


def has_last_evaluation(referral: Referral) -> bool:
    """Say whether the last evaluation was noted since the trajectory began."""
    begun = referral.started_on or date.min
    found = evaluations.standing(referral)
    return any(one.moment == END and one.on >= begun for one in found)


def complete(actor: Actor, referral: Referral, closing: Closing) -> None:
    """Close the trajectory; shorter than a year asks for an explanation. Raises DomainError."""
    check_day(closing.on, referral)
    _check_length(referral, closing)
    evaluation_on = _last_evaluation(referral, closing)
    if closing.follow_up_on is not None and closing.follow_up_on <= closing.on:
        raise DomainError(N_("Het nazorgcontact komt na het einde."), "follow_up_on")
    end(actor, referral, "complete", closing.on, closing.reason, note=closing.note)
    referral.evaluation_due_on = evaluation_on
    referral.follow_up_due_on, referral.follow_up_reminded_on = closing.follow_up_on, None


def record_follow_up(
    actor: Actor,
    referral: Referral,
    on: date,
    result: str,
    note: str = "",
    *,
    again_on: date | None = None,
) -> None:
    """Note the contact after the end, and when there is another one."""
    check_day(on, referral)
    if again_on is not None and again_on <= on:
        raise DomainError(N_("Een volgend contact komt na dit."), "again_on")
    values = {
        "followed_up_on": on,
        "follow_up_result": result,
        "follow_up_due_on": again_on,
        "follow_up_reminded_on": None,
    }
    take(actor, referral, "record_follow_up", values, on=on, note=note)


def reopen(actor: Actor, referral: Referral, agreed_on: date, note: str = "") -> None:
    """Take a trajectory up again with the family's agreement: it waits for its next match."""
    check_day(agreed_on, referral, "agreed_on")
    if referral.ended_on is not None and agreed_on < referral.ended_on:
        raise DomainError(N_("Deze datum ligt voor het einde van het traject."), "agreed_on")
    values = {
        "ended_on": None,
        "reason": None,
        "matched_on": None,
        "waiting_since_on": agreed_on,
        "reopened_on": clock.today(),
        "follow_up_due_on": None,
        "follow_up_reminded_on": None,
    }
    take(actor, referral, "reopen", values, on=agreed_on, note=note)
    done = {one.moment for one in evaluations.standing(referral)}
    referral.evaluation_due_on = evaluations.due_after(referral, done)


@periodic(timedelta(days=1))
def remind() -> int:
    """Mail the coordinators of branches of follow-up contacts that fall due, once each.

    By a statement that leaves the versions alone: for people nothing changed. Returns how many.
    """
    due = select(Referral.id, Referral.branch_id).where(
        Referral.status == Status.COMPLETED,
        Referral.follow_up_due_on <= clock.today(),
        Referral.follow_up_reminded_on.is_(None),
        Referral.branch_id.is_not(None),
    )
    found = db.session.execute(due.order_by(Referral.id)).all()
    ids = [row.id for row in found]
    reminded = update(Referral).where(Referral.id.in_(ids))
    reminded = reminded.values(follow_up_reminded_on=clock.today())
    db.session.execute(reminded.execution_options(synchronize_session="fetch"))
    for branch_id in Counter(row.branch_id for row in found):
        _mail(branch_id)
    return len(ids)


def _check_length(referral: Referral, closing: Closing) -> None:
    started = referral.started_on
    if started is None:
        return  # then nothing began, and the step is refused
    if closing.on < started:
        raise DomainError(N_("De einddatum ligt voor de startdatum."), "on")
    if (closing.on - started).days < YEAR_DAYS and not closing.note:
        raise DomainError(
            N_("Het traject duurde korter dan een jaar. Schrijf kort waarom."), "note"
        )


def _last_evaluation(referral: Referral, closing: Closing) -> date | None:
    """Return when the last evaluation is still due; None when it is done, or there is none."""
    if closing.last == DONE and not has_last_evaluation(referral):
        raise DomainError(N_("Er is nog geen slotevaluatie genoteerd."), "last")
    if closing.last != PLANNED:
        return None
    if closing.evaluation_on is None:
        raise DomainError(N_("Vul in wanneer de slotevaluatie gepland is."), "evaluation_on")
    if closing.evaluation_on < closing.on:
        raise DomainError(N_("De slotevaluatie komt niet voor het einde."), "evaluation_on")
    return closing.evaluation_on


def _mail(branch_id: int) -> None:
    for person in accounts.members_of_branch(branch_id):
        with speaking(person.locale) as _:
            message = mail.Mail(
                to=person.email,
                subject=_(SUBJECT),
                greeting=_("Dag {name},").format(name=person.name),
                paragraphs=[_(TOLD), _(NOW)],
                button_label=_("Naar je startpagina"),
                button_url="/",
                locale=person.locale,
            )
        mail.send(message, key=f"follow_up:{branch_id}:{clock.today()}:{person.account_id}")
