"""Reports of the steering group: written by HSV after the meeting, shared when ready.

Partners read what was shared, never a draft. Once shared a report stays as it is; the next one of
the same meeting corrects it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from portal.agreements import meetings
from portal.agreements.models import Agreement, Meeting, MeetingReport
from portal.core import audit, clock
from portal.core.db import db
from portal.core.documents import Document
from portal.core.errors import ConflictError, DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.permissions import Actor, Permission


@dataclass(frozen=True)
class ReportDetails:
    """Who was there, who was not, and what was said; people one a line."""

    present: str
    absent: str = ""
    text: str = ""


def of_meetings(actor: Actor, found: Iterable[Meeting]) -> dict[int, list[MeetingReport]]:
    """Return the reports this person may read per meeting, the newest first; one query."""
    query = select(MeetingReport).where(MeetingReport.meeting_id.in_([m.id for m in found]))
    if not actor.can(Permission.AGREEMENT_MANAGE):
        query = query.where(MeetingReport.shared_at.is_not(None))
    reports: dict[int, list[MeetingReport]] = {}
    for one in db.session.scalars(query.order_by(MeetingReport.number.desc())):
        reports.setdefault(one.meeting_id, []).append(one)
    return reports


def readable(actor: Actor, meeting: Meeting) -> list[MeetingReport]:
    """Return the reports of a meeting this person may read, the newest first.

    Raises NotFoundError when there is none.
    """
    found = of_meetings(actor, [meeting]).get(meeting.id, [])
    if not found:
        raise NotFoundError()
    return found


def draft(meeting: Meeting) -> MeetingReport | None:
    """Return the report that is being written, if any."""
    return db.session.scalar(
        select(MeetingReport).where(
            MeetingReport.meeting_id == meeting.id, MeetingReport.shared_at.is_(None)
        )
    )


def write(
    actor: Actor,
    meeting: Meeting,
    details: ReportDetails,
    *,
    document: Document | None = None,
    version: int = 0,
) -> MeetingReport:
    """Keep the draft of a report; `version` of the draft looked at, 0 when there was none.

    Raises DomainError, or ConflictError when a colleague saved in between.
    """
    if meeting.cancelled_at is not None:
        raise DomainError(N_("Dit overleg is geannuleerd."))
    if meeting.starts_at > clock.now():
        raise DomainError(N_("Dit overleg moet nog plaatsvinden."))
    db.session.refresh(meeting, with_for_update=True)
    report = draft(meeting)
    if version != (report.version if report else 0):
        raise ConflictError(N_("Een collega heeft dit verslag intussen aangepast of gedeeld."))
    if report is None:
        report = MeetingReport(meeting_id=meeting.id, number=_next_number(meeting))
        db.session.add(report)
    report.present, report.absent, report.text = details.present, details.absent, details.text
    if document is not None:
        report.document_id = document.id
    report.written_by_id, report.written_at = actor.account_id, clock.now()
    db.session.flush()
    audit.record("agreement_meeting_report:write", report, actor=actor)
    return report


def share(actor: Actor, agreement: Agreement, report: MeetingReport) -> None:
    """Show a report to all parties and tell them. Raises DomainError while it says nothing."""
    db.session.refresh(report, with_for_update=True)
    if report.shared_at is not None:
        return
    if not report.text and report.document_id is None:
        raise DomainError(N_("Schrijf het verslag of voeg het toe als bestand."), "text")
    report.shared_by_id, report.shared_at = actor.account_id, clock.now()
    db.session.flush()
    audit.record("agreement_meeting_report:share", report, actor=actor, fields={"shared_at"})
    meetings.tell(actor, agreement, report.meeting, "report", key=f"report:{report.id}")


def _next_number(meeting: Meeting) -> int:
    numbers = select(MeetingReport.number).where(MeetingReport.meeting_id == meeting.id)
    return max(db.session.scalars(numbers), default=0) + 1
