"""The report of a meeting of the steering group."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint, exists
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from portal.agreements.models.working import Meeting
from portal.core.db import Identified, Model
from portal.core.documents import Document


class MeetingReport(Identified, Model):
    """A report: a draft of HSV's until it is shared, and from then on as it is.

    A mistake in a shared report is put right by the next number; the database refuses a change
    (core/immutable.py). `present` and `absent`: people, one a line.
    """

    __tablename__ = "agreement_meeting_report"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("agreement_meeting.id"))
    number: Mapped[int]
    version: Mapped[int] = mapped_column()
    present: Mapped[str] = mapped_column(Text, default="")
    absent: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text, default="")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    written_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    written_at: Mapped[datetime]
    shared_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    shared_at: Mapped[datetime | None]

    meeting: Mapped[Meeting] = relationship()
    document: Mapped[Document | None] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)


Meeting.reported = column_property(  # pyright: ignore[reportAttributeAccessIssue]
    exists()
    .where(MeetingReport.meeting_id == Meeting.id, MeetingReport.shared_at.is_not(None))
    .correlate_except(MeetingReport)
)
