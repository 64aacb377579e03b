"""Keeping an eye on dates: a person's calendar link, and what was reminded already."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Identified, Model


class CalendarLink(Identified, Model):
    """A secret address by which a person's calendar reads her dates, in one role."""

    __tablename__ = "calendar_link"
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Reminder(Identified, Model):
    """That somebody was reminded of a deadline; nobody is reminded twice."""

    __tablename__ = "agreement_reminder"
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    deadline: Mapped[str] = mapped_column(String(80))  # which, so that a moved date counts anew
    due_on: Mapped[date] = mapped_column(Date)
    sent_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("agreement_id", "account_id", "deadline", "due_on"),)
