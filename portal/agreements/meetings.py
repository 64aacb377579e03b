"""Meetings of the steering group: planned by HSV, in everybody's calendar.

What is written about them afterwards is in `meeting_reports`.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.agreements import notices
from portal.agreements.models import Agreement, Meeting
from portal.core import audit, clock, mail
from portal.core.db import db
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import N_, moment, speaking
from portal.core.permissions import Actor


@dataclass(frozen=True)
class MeetingDetails:
    """What a meeting is about, when, how long and where."""

    subject: str
    starts_at: datetime
    minutes: int
    place: str = ""
    agenda: str = ""


_ONLINE = N_("De agenda en een bestand voor je kalender staan online.")
_TEXTS = {
    "plan": (
        N_("Overleg gepland: {subject}"),
        N_("Over de overeenkomst “{title}” is er overleg op {when}."),
        _ONLINE,
    ),
    "change": (
        N_("Overleg gewijzigd: {subject}"),
        N_("Het overleg over de overeenkomst “{title}” is nu op {when}."),
        _ONLINE,
    ),
    "cancel": (
        N_("Overleg geannuleerd: {subject}"),
        N_("Het overleg over de overeenkomst “{title}” op {when} gaat niet door."),
        N_("Wat er verder gepland is, staat online."),
    ),
    "report": (
        N_("Verslag van het overleg: {subject}"),
        N_("Het verslag van het overleg over “{title}” op {when} is er."),
        N_("Je leest het in het portaal. Klopt er iets niet? Laat het ons weten."),
    ),
}


def planned(agreement: Agreement) -> list[Meeting]:
    """Return the meetings that are not cancelled, the first one first."""
    rows = db.session.scalars(
        select(Meeting)
        .where(Meeting.agreement_id == agreement.id, Meeting.cancelled_at.is_(None))
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return list(rows)


def meeting(agreement: Agreement, meeting_id: int) -> Meeting:
    """Return one meeting of an agreement. Raises NotFoundError."""
    found = db.session.get(Meeting, meeting_id)
    if found is None or found.agreement_id != agreement.id:
        raise NotFoundError()
    return found


def plan(actor: Actor, agreement: Agreement, details: MeetingDetails) -> Meeting:
    """Plan a meeting and tell everybody. Raises DomainError."""
    _check(details)
    planned_now = Meeting(
        agreement_id=agreement.id,
        **vars(details),
        planned_by_id=actor.account_id,
        planned_at=clock.now(),
        sequence=0,
    )
    db.session.add(planned_now)
    db.session.flush()
    audit.record("agreement_meeting:plan", planned_now, actor=actor)
    _tell(actor, agreement, planned_now, "plan")
    return planned_now


def change(actor: Actor, agreement: Agreement, found: Meeting, details: MeetingDetails) -> None:
    """Change a meeting; calendars follow by its sequence. Raises DomainError."""
    _check(details)
    if found.cancelled_at is not None:
        raise DomainError(N_("Dit overleg is geannuleerd."))
    for name, value in vars(details).items():
        setattr(found, name, value)
    found.sequence += 1
    audit.record("agreement_meeting:change", found, actor=actor, fields=vars(details))
    db.session.flush()
    _tell(actor, agreement, found, "change")


def cancel(actor: Actor, agreement: Agreement, found: Meeting) -> None:
    """Cancel a meeting; once is enough."""
    if found.cancelled_at is not None:
        return
    found.cancelled_at = clock.now()
    found.sequence += 1
    audit.record("agreement_meeting:cancel", found, actor=actor, fields={"cancelled_at"})
    db.session.flush()
    _tell(actor, agreement, found, "cancel")


def _check(details: MeetingDetails) -> None:
    if details.starts_at < clock.now():
        raise DomainError(N_("Dit moment ligt in het verleden."), "starts_at")


def _tell(actor: Actor, agreement: Agreement, about: Meeting, what: str) -> None:
    tell(actor, agreement, about, what, key=f"meeting:{about.id}:{about.sequence}")


def tell(actor: Actor, agreement: Agreement, about: Meeting, what: str, *, key: str) -> None:
    """Write the mails about a meeting to all parties, but not to who did it."""
    people = [*notices.audience(agreement, "hsv"), *notices.audience(agreement, "partners")]
    for person in {one.account_id: one for one in people}.values():
        if person.account_id == actor.account_id:
            continue
        with speaking(person.locale) as _:
            subject, happened, more = (
                _(text).format(
                    subject=about.subject, title=agreement.title, when=moment(about.starts_at)
                )
                for text in _TEXTS[what]
            )
            message = mail.Mail(
                to=person.email,
                subject=subject,
                greeting=_("Dag {name},").format(name=person.name),
                paragraphs=[happened, more],
                button_label=_("Bekijk het overleg"),
                button_url=f"/overeenkomsten/{agreement.reference}#overleg",
                locale=person.locale,
            )
        mail.send(message, key=f"{key}:{person.account_id}")
