"""What surrounds the text: meetings of the steering group, and notes HSV keeps to itself."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Identified, Model


class Meeting(Identified, Model):
    """A meeting of the steering group; `sequence` goes up with every change, for calendars."""

    __tablename__ = "agreement_meeting"
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    starts_at: Mapped[datetime]
    minutes: Mapped[int] = mapped_column(default=90)
    place: Mapped[str] = mapped_column(String(200), default="")
    subject: Mapped[str] = mapped_column(String(200))
    agenda: Mapped[str] = mapped_column(Text, default="")
    sequence: Mapped[int] = mapped_column(default=0)
    planned_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    planned_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]

    if TYPE_CHECKING:
        reported: bool  # whether a report was shared; read with the meeting (`models.report`)


class InternalNote(Identified, Model):
    """What HSV's people write to each other about an agreement. No partner ever reads it."""

    __tablename__ = "agreement_internal_note"
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
