"""Invoices and claims, their credit notes, and what was said about them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    and_,
    false,
    or_,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agreements.models import Agreement
from portal.core.db import BigInt, Identified, Model, text_enum
from portal.core.documents import Document
from portal.core.i18n import N_
from portal.core.permissions import Actor, Permission
from portal.core.plain import from_plain, to_plain
from portal.directory.models import Organisation
from portal.finance.content import Line, Receiver, Sender, total_cents


class InvoiceKind(StrEnum):
    """What is asked of a partner, or given back. A claim is for a subsidy: no VAT document."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    CLAIM = "claim"
    CLAIM_REDUCTION = "claim_reduction"

    @property
    def label(self) -> str:
        """Return the Dutch word (a message id)."""
        return _KINDS[self]

    @property
    def is_claim(self) -> bool:
        """Say whether the contribution is a subsidy, outside VAT altogether."""
        return self in (InvoiceKind.CLAIM, InvoiceKind.CLAIM_REDUCTION)

    @property
    def credits(self) -> bool:
        """Say whether this takes back all or part of another one."""
        return self in (InvoiceKind.CREDIT_NOTE, InvoiceKind.CLAIM_REDUCTION)

    @property
    def credited_by(self) -> "InvoiceKind":
        """Return the kind that takes this one back."""
        return InvoiceKind.CLAIM_REDUCTION if self.is_claim else InvoiceKind.CREDIT_NOTE


_KINDS = {
    InvoiceKind.INVOICE: N_("Factuur"),
    InvoiceKind.CREDIT_NOTE: N_("Creditnota"),
    InvoiceKind.CLAIM: N_("Schuldvordering"),
    InvoiceKind.CLAIM_REDUCTION: N_("Vermindering van schuldvordering"),
}


class InvoiceStatus(StrEnum):
    DRAFT = "draft"
    ISSUED = "issued"  # for ever: the database refuses every change (core/immutable.py)
    SET_ASIDE = "set_aside"  # a draft that will not be issued


class Invoice(Identified, Model):
    """One document. Until it is issued it holds what a person may change; from then on, nothing.

    `due_key` names the instalment it asks for, so that no instalment is asked for twice.
    """

    __tablename__ = "invoice"
    reference: Mapped[str] = mapped_column(String(11), unique=True)
    kind: Mapped[InvoiceKind] = mapped_column(text_enum(InvoiceKind))
    status: Mapped[InvoiceStatus] = mapped_column(text_enum(InvoiceStatus))
    version: Mapped[int] = mapped_column()
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"), index=True)
    credits_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"), index=True)
    due_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    lines_json: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    total_cents: Mapped[int] = mapped_column(BigInt)
    period_from: Mapped[date | None] = mapped_column(Date)
    period_to: Mapped[date | None] = mapped_column(Date)
    order_number: Mapped[str] = mapped_column(String(60), default="")
    buyer_reference: Mapped[str] = mapped_column(String(60), default="")
    note: Mapped[str] = mapped_column(Text, default="")  # printed on the document
    term_days: Mapped[int]
    announced_at: Mapped[datetime | None]  # since when its partner sees the draft
    created_at: Mapped[datetime]
    # From here on: empty until it is issued.
    number: Mapped[str | None] = mapped_column(String(20), unique=True)
    series: Mapped[str | None] = mapped_column(String(20))
    sequence: Mapped[int | None]
    issued_on: Mapped[date | None] = mapped_column(Date)
    issued_at: Mapped[datetime | None]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    due_on: Mapped[date | None] = mapped_column(Date)
    ogm: Mapped[str | None] = mapped_column(String(12), unique=True)  # twelve digits
    contract: Mapped[str] = mapped_column(String(11), default="")  # reference of the agreement
    sender_json: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    receiver_json: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    pdf_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    pdf_sha256: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    ubl_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))  # a claim has none
    ubl_sha256: Mapped[bytes | None] = mapped_column(LargeBinary(32))

    organisation: Mapped[Organisation] = relationship()
    agreement: Mapped[Agreement | None] = relationship()
    credited: Mapped["Invoice | None"] = relationship(remote_side="Invoice.id")
    pdf: Mapped[Document | None] = relationship(foreign_keys=[pdf_id])
    ubl: Mapped[Document | None] = relationship(foreign_keys=[ubl_id])

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        UniqueConstraint("series", "sequence"),
        Index("ix_invoice_status_issued", "status", "issued_on", "id"),
        Index("ix_invoice_organisation_issued", "organisation_id", "status", "issued_on"),
        CheckConstraint("total_cents > 0", name="total"),
    )

    @property
    def lines(self) -> tuple[Line, ...]:
        """What it asks for (of a credit note: gives back), line by line."""
        return from_plain(tuple[Line, ...], self.lines_json)

    @lines.setter
    def lines(self, lines: tuple[Line, ...]) -> None:
        self.lines_json = to_plain(lines)
        self.total_cents = total_cents(lines)

    @property
    def sender(self) -> Sender:
        """HSV as it was on the day of issue."""
        return from_plain(Sender, self.sender_json)

    @property
    def receiver(self) -> Receiver:
        """The partner as it was on the day of issue."""
        return from_plain(Receiver, self.receiver_json)

    @property
    def signed_cents(self) -> int:
        """The amount as it weighs on what a partner owes: less than nothing when it credits."""
        return -self.total_cents if self.kind.credits else self.total_cents

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition for what this person may see: a partner what was issued or
        announced to it, HSV's finance everything, others nothing.
        """
        if actor.can(Permission.INVOICE_MANAGE):
            return true()
        if not actor.can(Permission.INVOICE_READ) or actor.organisation_id is None:
            return false()
        announced = and_(cls.status == InvoiceStatus.DRAFT, cls.announced_at.is_not(None))
        shown = or_(cls.status == InvoiceStatus.ISSUED, announced)
        return and_(cls.organisation_id == actor.organisation_id, shown)


class InvoiceEvent(Identified, Model):
    """One line of the timeline of a document."""

    __tablename__ = "invoice_event"
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    version: Mapped[int]
    action: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    note: Mapped[str] = mapped_column(Text, default="")


class InvoiceQuestion(Identified, Model):
    """What a partner asks about an invoice, and what HSV answers."""

    __tablename__ = "invoice_question"
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answered_at: Mapped[datetime | None]


class ConditionMet(Identified, Model):
    """That the condition of an instalment is met: who says so, since what day, and why."""

    __tablename__ = "instalment_condition_met"
    due_key: Mapped[str] = mapped_column(String(80), unique=True)
    met_on: Mapped[date] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text, default="")
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


class BilledInstalment(Model):
    """That an instalment was asked for, and for how much; of two runs at the same moment, one
    writes this row."""

    __tablename__ = "billed_instalment"
    due_key: Mapped[str] = mapped_column(String(80), primary_key=True)
    cents: Mapped[int] = mapped_column(BigInt)
    at: Mapped[datetime]
