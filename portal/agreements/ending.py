"""The end of an agreement: notice with its term and form, termination, and the last day.

What article 25 asks is checked when notice is recorded. One of several partners that gives notice
leaves the others bound; they lay down the new shares in an addendum. The branch never closes by
itself: HSV is told that a person must decide.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from portal.agreements import in_force
from portal.agreements.models import Agreement, Notice, NoticeForm, NoticeGround, Status
from portal.agreements.states import workflow
from portal.agreements.terms import Terms
from portal.core import clock
from portal.core.db import db
from portal.core.documents import Document
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import N_, long_date
from portal.core.months import months_later
from portal.core.permissions import Actor, Permission

SUBSIDY_MONTHS = 3  # article 25, when a subsidy falls away


@dataclass(frozen=True)
class NoticeDetails:
    """Notice as it was given. organisation_id None: by HSV; effect_on None: as early as can be."""

    organisation_id: int | None
    ground: NoticeGround
    form: NoticeForm
    notified_on: date
    reason: str
    began_on: date | None = None
    effect_on: date | None = None


def standing(agreement: Agreement) -> list[Notice]:
    """Return the notices in force, in the order they were given."""
    return list(
        db.session.scalars(
            select(Notice)
            .where(Notice.agreement_id == agreement.id, Notice.withdrawn_at.is_(None))
            .order_by(Notice.id)
        )
    )


def find(agreement: Agreement, notice_id: int) -> Notice:
    """Return one notice of an agreement. Raises NotFoundError."""
    found = db.session.get(Notice, notice_id)
    if found is None or found.agreement_id != agreement.id:
        raise NotFoundError()
    return found


def earliest_effect(terms: Terms, ground: NoticeGround, notified_on: date) -> date:
    """Return the first day that can be the last one.

    A term begins on the first day of the month after the notice; after a breach it ends at once.
    """
    if ground == NoticeGround.BREACH:
        return notified_on
    months = SUBSIDY_MONTHS if ground == NoticeGround.SUBSIDY else terms.notice_months
    first_on = months_later(notified_on.replace(day=1), 1)
    return months_later(first_on, months) - timedelta(days=1)


def give_notice(
    actor: Actor,
    agreement: Agreement,
    details: NoticeDetails,
    document: Document,
    version: int | None,
) -> Notice:
    """Record notice by one's own party; HSV also records what a partner sent it.

    Raises DomainError, ConflictError, NotAllowedError.
    """
    workflow.expect(agreement, version)
    _check_party(actor, agreement, details)
    effect_on = _checked(agreement, details)
    made = Notice(
        agreement_id=agreement.id,
        **{**vars(details), "effect_on": effect_on},
        document_id=document.id,
        recorded_by_id=actor.account_id,
        recorded_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    agreement.stops_on = _stops_on(agreement)
    note = f"{_name(made)}: {details.reason}"
    workflow.fire(agreement, "give_notice", actor, on=effect_on, note=note, fields={"stops_on"})
    return made


def withdraw_notice(
    actor: Actor, agreement: Agreement, notice: Notice, reason: str, version: int | None
) -> None:
    """Record that all parties take a notice as not given. Raises DomainError, ConflictError."""
    workflow.expect(agreement, version)
    if not reason:
        raise DomainError(N_("Schrijf kort waarom."), "reason")
    if notice.withdrawn_at is not None:
        return
    notice.withdrawn_at, notice.withdrawn_by_id = clock.now(), actor.account_id
    notice.withdrawn_reason = reason
    db.session.flush()
    agreement.stops_on = _stops_on(agreement)
    note = f"{_name(notice)}: {reason}"
    workflow.fire(agreement, "withdraw_notice", actor, note=note, fields={"stops_on"})


def end_when_over(agreement: Agreement) -> bool:
    """End an agreement whose last day is past, after notice or of itself. Returns whether."""
    last_on = in_force.last_on(agreement)
    if agreement.status != Status.ACTIVE or last_on is None or clock.today() <= last_on:
        return False
    action = "terminate" if agreement.stops_on == last_on else "end"
    workflow.fire(agreement, action, None, on=last_on)
    return True


def _check_party(actor: Actor, agreement: Agreement, details: NoticeDetails) -> None:
    partners = {p.organisation_id for p in agreement.parties}
    theirs = (
        {None, *partners} if actor.can(Permission.AGREEMENT_MANAGE) else {actor.organisation_id}
    )
    if details.organisation_id not in theirs & {None, *partners}:
        raise NotFoundError()
    if any(one.organisation_id == details.organisation_id for one in standing(agreement)):
        raise DomainError(N_("Deze partij zegde al op."), "party")


def _checked(agreement: Agreement, details: NoticeDetails) -> date:
    """Return the last day, once all that article 25 asks is there. Raises DomainError."""
    terms = in_force.terms(agreement)
    if details.notified_on > clock.today():
        raise DomainError(N_("Deze datum ligt in de toekomst."), "notified_on")
    if terms.starts_on and details.notified_on < terms.starts_on:
        message = N_("Deze datum ligt voor het begin van de overeenkomst.")
        raise DomainError(message, "notified_on")
    if not details.reason:
        raise DomainError(N_("Schrijf kort waarom."), "reason")
    if details.ground != NoticeGround.TERM:
        _check_began(terms, details)
    first = earliest_effect(terms, details.ground, details.notified_on)
    effect_on = details.effect_on or first
    if effect_on < first:
        message = N_("Met deze opzegtermijn is de laatste dag ten vroegste %(day)s.")
        raise DomainError(message, "effect_on", day=long_date(first))
    if agreement.ends_on is not None and effect_on >= agreement.ends_on:
        message = N_("De overeenkomst eindigt zelf al op %(day)s.")
        raise DomainError(message, "effect_on", day=long_date(agreement.ends_on))
    return effect_on


def _check_began(terms: Terms, details: NoticeDetails) -> None:
    waited = timedelta(days=terms.deadlines.default_days)
    if details.began_on is None:
        message = N_("Vul in wanneer de ingebrekestelling of het overleg begon.")
        raise DomainError(message, "began_on")
    if details.began_on + waited > details.notified_on:
        message = N_("Tussen het begin en de kennisgeving moeten %(days)s dagen liggen.")
        raise DomainError(message, "began_on", days=waited.days)


def _stops_on(agreement: Agreement) -> date | None:
    """Return when the whole agreement stops: HSV's notice, or that of the last partner left."""
    given = {one.organisation_id: one.effect_on for one in standing(agreement)}
    partners = [p.organisation_id for p in agreement.parties]
    days = [given[None]] if None in given else []
    if all(one in given for one in partners):
        days.append(max(given[one] for one in partners))
    return min(days, default=None)


def _name(notice: Notice) -> str:
    return notice.organisation.name if notice.organisation else "Home-Start Vlaanderen"
