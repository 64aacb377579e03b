"""The statement of account of a year for one partner, frozen when it was sent."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import BigInt, Identified, Model, text_enum
from portal.core.documents import Document
from portal.core.permissions import Actor, Permission
from portal.directory.models import Organisation
from portal.finance.models.budget import Budget


class StatementStatus(StrEnum):
    SENT = "sent"
    QUESTIONED = "questioned"
    APPROVED = "approved"
    REPLACED = "replaced"


class Statement(Identified, Model):
    """What a partner is told of a year: figures, Word, PDF and the SHA-256 of each file.

    `number` counts the closings of the year. The database refuses every change to what was sent.
    """

    __tablename__ = "budget_statement"
    budget_id: Mapped[int] = mapped_column(ForeignKey("budget.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    number: Mapped[int]
    status: Mapped[StatementStatus] = mapped_column(text_enum(StatementStatus))
    version: Mapped[int] = mapped_column()
    figures_json: Mapped[dict[str, Any]] = mapped_column(JSON)
    balance_cents: Mapped[int] = mapped_column(BigInt)
    returned_cents: Mapped[int] = mapped_column(BigInt)
    carried_cents: Mapped[int] = mapped_column(BigInt)
    docx_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    docx_sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    pdf_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    pdf_sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    sent_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    budget: Mapped[Budget] = relationship()
    organisation: Mapped[Organisation] = relationship()
    docx: Mapped[Document] = relationship(foreign_keys=[docx_id])
    pdf: Mapped[Document] = relationship(foreign_keys=[pdf_id])
    events: Mapped[list["StatementEvent"]] = relationship(order_by="StatementEvent.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (UniqueConstraint("budget_id", "organisation_id", "number"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition for the statements this person may see: HSV all, a partner its."""
        if not actor.can(Permission.BUDGET_READ):
            return false()
        if actor.can(Permission.AGREEMENT_READ_ALL):
            return true()
        if actor.organisation_id is None:
            return false()
        return cls.organisation_id == actor.organisation_id


class StatementEvent(Identified, Model):
    """One line of what happened with a statement; `note` is a question or its answer."""

    __tablename__ = "budget_statement_event"
    statement_id: Mapped[int] = mapped_column(ForeignKey("budget_statement.id"), index=True)
    version: Mapped[int]
    action: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    note: Mapped[str] = mapped_column(Text, default="")
