"""Reminders of what is overdue: how they are worded since when, what was sent, what is left alone.

Whether an invoice is due for a reminder is worked out when somebody looks, never kept: what is
kept is what was sent, and who paused what.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import BigInt, Identified, Model, text_enum
from portal.core.documents import Document
from portal.core.i18n import N_
from portal.directory.models import Organisation
from portal.finance.models.invoice import Invoice


class ReminderState(StrEnum):
    WAITING = "waiting"  # decided on; the worker sends it
    SENT = "sent"
    LEFT_OUT = "left_out"  # everything was paid, credited or paused before it left
    FAILED = "failed"

    @property
    def label(self) -> str:
        """Return the Dutch words (a message id)."""
        return _STATES[self][0]

    @property
    def tone(self) -> str:
        """Return how the badge looks."""
        return _STATES[self][1]


_STATES = {
    ReminderState.WAITING: (N_("Wordt verstuurd"), "info"),
    ReminderState.SENT: (N_("Verstuurd"), "success"),
    ReminderState.LEFT_OUT: (N_("Niet verstuurd: was niet meer nodig"), "neutral"),
    ReminderState.FAILED: (N_("Niet bezorgd"), "danger"),
}


class ReminderSettings(Identified, Model):
    """When reminders go and what they say, from a day on. Corrected by a new row, never changed.

    first_days, second_days, third_days: after the due day. answer_days: what a mail gives to
    pay. automatic: without a person's press. cost_cents: what the law gives for the cost of
    recovery. texts_json: of each step its subject and body.
    """

    __tablename__ = "reminder_settings"
    from_on: Mapped[date] = mapped_column(Date)
    first_days: Mapped[int]
    second_days: Mapped[int]
    third_days: Mapped[int]
    answer_days: Mapped[int]
    automatic: Mapped[bool]
    cost_cents: Mapped[int] = mapped_column(BigInt)
    texts_json: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_reminder_settings_current",
            "from_on",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )


class Reminder(Identified, Model):
    """One mail to one partner about what is overdue, all of the same step.

    subject, body, pdf: as they were sent; empty until then. account_id: who pressed; None: sent
    by itself.
    """

    __tablename__ = "reminder"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    step: Mapped[int]
    state: Mapped[ReminderState] = mapped_column(text_enum(ReminderState))
    target: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    open_cents: Mapped[int | None] = mapped_column(BigInt)  # of what it asks for
    pdf_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    pdf_sha256: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    problem: Mapped[str] = mapped_column(String(300), default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()
    pdf: Mapped[Document | None] = relationship()
    items: Mapped[list["ReminderItem"]] = relationship(
        order_by="ReminderItem.id", back_populates="reminder"
    )


class ReminderItem(Identified, Model):
    """That a step was taken for an invoice; the database knows each step once.

    step: None once it was left out, so that it can be taken later after all.
    """

    __tablename__ = "reminder_item"
    reminder_id: Mapped[int] = mapped_column(ForeignKey("reminder.id"), index=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"))
    step: Mapped[int | None]
    decided_on: Mapped[date] = mapped_column(Date)

    reminder: Mapped[Reminder] = relationship(back_populates="items")
    invoice: Mapped[Invoice] = relationship()
    __table_args__ = (UniqueConstraint("invoice_id", "step"),)


class ReminderPause(Identified, Model):
    """That an invoice is not reminded of until after a day, and why. `ended_at`: ended sooner."""

    __tablename__ = "reminder_pause"
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    until_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]


class InterestCharge(Identified, Model):
    """That somebody decided to charge interest or the cost of recovery on an invoice.

    through_on: the last day interest was charged for; None when only the cost was. detail_json:
    the calculation, period by period. claim: the document that asks for it; set aside, it does
    not count.
    """

    __tablename__ = "interest_charge"
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), unique=True)
    through_on: Mapped[date | None] = mapped_column(Date)
    interest_cents: Mapped[int] = mapped_column(BigInt)
    cost_cents: Mapped[int] = mapped_column(BigInt)
    detail_json: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]

    invoice: Mapped[Invoice] = relationship(foreign_keys=[invoice_id])
    claim: Mapped[Invoice] = relationship(foreign_keys=[claim_id])
