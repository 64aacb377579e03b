"""What the bodies of the partners decided, and who may sign in another's place."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agreements.terms import DecidingBody
from portal.core.db import Identified, Model, text_enum
from portal.core.documents import Document
from portal.directory.models import Organisation


class Decision(Identified, Model):
    """The decision of a partner's body on one version of the agreement, or of an addendum.

    Corrected by a new row, never changed.
    """

    __tablename__ = "agreement_decision"
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    addendum_id: Mapped[int | None] = mapped_column(ForeignKey("addendum.id"), index=True)
    version_number: Mapped[int]
    body: Mapped[DecidingBody] = mapped_column(text_enum(DecidingBody))
    decided_on: Mapped[date] = mapped_column(Date)
    title: Mapped[str] = mapped_column(String(300))
    number: Mapped[str] = mapped_column(String(60), default="")
    uri: Mapped[str] = mapped_column(String(500), default="")
    page_url: Mapped[str] = mapped_column(String(500), default="")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]  # by a later row, or by a newer version agreed to

    organisation: Mapped[Organisation] = relationship()
    document: Mapped[Document | None] = relationship()
    __table_args__ = (Index("ix_agreement_decision_agreement", "agreement_id", "organisation_id"),)


class Delegation(Identified, Model):
    """A written delegation to sign: who signs for whom, with its document."""

    __tablename__ = "agreement_delegation"
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    from_capacity: Mapped[str] = mapped_column(String(120))
    to_name: Mapped[str] = mapped_column(String(120))
    to_capacity: Mapped[str] = mapped_column(String(120))
    given_on: Mapped[date] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text, default="")
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()
    document: Mapped[Document] = relationship()
