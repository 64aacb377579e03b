"""An envelope: one frozen PDF, who must sign it, and each state the PDF went through."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    and_,
    exists,
    false,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agreements.models.agreement import Agreement
from portal.core.db import BigInt, Identified, Model, text_enum
from portal.core.documents import Document
from portal.core.permissions import Actor


class EnvelopeStatus(StrEnum):
    PREPARED = "prepared"
    OUT = "out"
    COMPLETE = "complete"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Subject(StrEnum):
    """What is signed; with the number of the subject that says which."""

    AGREEMENT = "agreement"  # number: of the version
    ADDENDUM = "addendum"  # number: of the addendum


class SignatoryStatus(StrEnum):
    PENDING = "pending"
    SIGNED = "signed"
    DECLINED = "declined"
    FORWARDED = "forwarded"  # somebody else signs in this person's place
    SPARED = "spared"  # another one who could sign here did


class Way(StrEnum):
    """How somebody signed."""

    PORTAL = "portal"
    OWN_CERTIFICATE = "own_certificate"
    REMOTE = "remote"
    WET_INK = "wet_ink"


class Envelope(Identified, Model):
    """See the module. `number` counts per agreement: one that stopped is followed by another."""

    __tablename__ = "envelope"
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    number: Mapped[int]
    subject: Mapped[Subject] = mapped_column(text_enum(Subject))
    subject_number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    status: Mapped[EnvelopeStatus] = mapped_column(text_enum(EnvelopeStatus))
    version: Mapped[int] = mapped_column()
    source_sha256: Mapped[bytes] = mapped_column(LargeBinary(32))  # of the PDF before the seal
    docx_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))  # to read on screen
    prepared_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    prepared_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    expires_on: Mapped[date] = mapped_column(Date)
    completed_at: Mapped[datetime | None]
    stopped_reason: Mapped[str] = mapped_column(Text, default="")

    agreement: Mapped[Agreement] = relationship()
    docx: Mapped[Document | None] = relationship()
    evidence: Mapped["EnvelopeEvidence | None"] = relationship()
    signatories: Mapped[list["EnvelopeSignatory"]] = relationship(
        back_populates="envelope", order_by="EnvelopeSignatory.position"
    )
    revisions: Mapped[list["EnvelopeRevision"]] = relationship(order_by="EnvelopeRevision.number")
    events: Mapped[list["EnvelopeEvent"]] = relationship(order_by="EnvelopeEvent.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        UniqueConstraint("agreement_id", "number"),
        Index("ix_envelope_status", "status", "expires_on"),
    )

    @property
    def latest(self) -> "EnvelopeRevision":
        """The newest state of the PDF."""
        return self.revisions[-1]

    @property
    def missing_fields(self) -> dict[str, int]:
        """The fields nobody signed yet, with their step."""
        signed = {s.field for s in self.signatories if s.status == SignatoryStatus.SIGNED}
        return {s.field: s.step for s in self.signatories if s.field not in signed}

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition for envelopes of agreements this person may see."""
        return exists(
            select(Agreement.id).where(
                Agreement.id == cls.agreement_id, Agreement.visible_to(actor)
            )
        )


class EnvelopeSignatory(Identified, Model):
    """Somebody asked to sign. Of several with the same `field` one is enough; a lower `step` goes
    first, the same step at the same time."""

    __tablename__ = "envelope_signatory"
    envelope_id: Mapped[int] = mapped_column(ForeignKey("envelope.id"), index=True)
    position: Mapped[int]
    field: Mapped[str] = mapped_column(String(40))
    step: Mapped[int]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    party: Mapped[str] = mapped_column(String(160))
    name: Mapped[str] = mapped_column(String(120))
    capacity: Mapped[str] = mapped_column(String(120))
    instead_of: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[str] = mapped_column(String(254), index=True)
    status: Mapped[SignatoryStatus] = mapped_column(text_enum(SignatoryStatus))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    invited_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    way: Mapped[Way | None] = mapped_column(text_enum(Way))
    reason: Mapped[str] = mapped_column(Text, default="")
    delegated_from_id: Mapped[int | None] = mapped_column(ForeignKey("envelope_signatory.id"))
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))  # of a wet signature

    envelope: Mapped[Envelope] = relationship(back_populates="signatories")
    delegation: Mapped[Document | None] = relationship(foreign_keys=[delegation_id])
    scan: Mapped[Document | None] = relationship(foreign_keys=[scan_id])
    __table_args__ = (UniqueConstraint("envelope_id", "position"),)

    @classmethod
    def of(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition for what this very person is asked to sign, and nobody else's."""
        if not actor.account_id:
            return false()
        unbound = and_(cls.account_id.is_(None), cls.email == actor.email)
        return or_(cls.account_id == actor.account_id, unbound)


class EnvelopeRevision(Identified, Model):
    """The PDF as it was at one moment: sealed (number 0), and after each signature.

    The database refuses every change to these rows (core/immutable.py), and two signatures in the
    same field or on the same state of the document.
    """

    __tablename__ = "envelope_revision"
    envelope_id: Mapped[int] = mapped_column(ForeignKey("envelope.id"))
    number: Mapped[int]
    field: Mapped[str] = mapped_column(String(40))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    size_bytes: Mapped[int]
    signatory_id: Mapped[int | None] = mapped_column(ForeignKey("envelope_signatory.id"))
    way: Mapped[Way | None] = mapped_column(text_enum(Way))
    evidence_json: Mapped[dict[str, Any]] = mapped_column(JSON)  # how we know who it was
    made_at: Mapped[datetime]

    document: Mapped[Document] = relationship()
    signatory: Mapped[EnvelopeSignatory | None] = relationship()
    __table_args__ = (
        UniqueConstraint("envelope_id", "number"),
        UniqueConstraint("envelope_id", "field"),
    )


class EnvelopeEvent(Identified, Model):
    """One line of what happened with an envelope; the evidence certificate prints them all."""

    __tablename__ = "envelope_event"
    envelope_id: Mapped[int] = mapped_column(ForeignKey("envelope.id"), index=True)
    version: Mapped[int]
    action: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    signatory_id: Mapped[int | None] = mapped_column(ForeignKey("envelope_signatory.id"))
    address: Mapped[str] = mapped_column(String(45), default="")  # of the network, of who acted
    note: Mapped[str] = mapped_column(Text, default="")


class EnvelopeEvidence(Identified, Model):
    """The evidence certificate of a finished envelope: made once, sealed, never changed."""

    __tablename__ = "envelope_evidence"
    envelope_id: Mapped[int] = mapped_column(ForeignKey("envelope.id"), unique=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    made_at: Mapped[datetime]

    document: Mapped[Document] = relationship()


class SigningCode(Identified, Model):
    """A one-time code sent to who is about to sign: for one signatory, one account, one sign-in."""

    __tablename__ = "signing_code"
    signatory_id: Mapped[int] = mapped_column(ForeignKey("envelope_signatory.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    session_id: Mapped[int] = mapped_column(BigInt)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
