"""An agreement from draft to its end: its parties, its versions and what was said about them."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

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
    select,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agreements.terms import Formula, Terms
from portal.core.db import Identified, Model, text_enum
from portal.core.documents import Document
from portal.core.permissions import Actor, Permission
from portal.directory.models import Organisation

if TYPE_CHECKING:
    from portal.agreements.models.addendum import Addendum
    from portal.agreements.models.decision import Decision
    from portal.agreements.models.ending import RenewalRound
    from portal.agreements.models.working import Meeting


class Status(StrEnum):
    DRAFT = "draft"
    PROPOSED = "proposed"
    IN_NEGOTIATION = "in_negotiation"
    AGREED = "agreed"
    APPROVED = "approved"
    OUT_FOR_SIGNATURE = "out_for_signature"
    SIGNED = "signed"  # by everybody; it begins on its start date
    ACTIVE = "active"
    ENDED = "ended"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"


NEGOTIABLE = (Status.PROPOSED, Status.IN_NEGOTIATION)
UNDER_WAY = (
    Status.DRAFT,
    *NEGOTIABLE,
    Status.AGREED,
    Status.APPROVED,
    Status.OUT_FOR_SIGNATURE,
)


class Turn(StrEnum):
    """Who is to act now."""

    HSV = "hsv"
    PARTNERS = "partners"
    NOBODY = "nobody"


class Side(StrEnum):
    HSV = "hsv"
    PARTNER = "partner"


class Agreement(Identified, Model):
    """One agreement of HSV with one or more partners. `terms` are HSV's working draft.

    Partners read versions, never the draft; before the first proposal they see nothing.
    """

    __tablename__ = "agreement"
    reference: Mapped[str] = mapped_column(String(11), unique=True)
    status: Mapped[Status] = mapped_column(text_enum(Status))
    version: Mapped[int] = mapped_column()
    turn: Mapped[Turn] = mapped_column(text_enum(Turn), default=Turn.HSV)
    title: Mapped[str] = mapped_column(String(200))
    formula: Mapped[Formula] = mapped_column(text_enum(Formula))
    terms_json: Mapped[dict[str, Any]] = mapped_column(JSON)
    package_edition_id: Mapped[int | None] = mapped_column(ForeignKey("package_edition.id"))
    enquiry_id: Mapped[int | None] = mapped_column(ForeignKey("enquiry.id"), unique=True)
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    area: Mapped[str] = mapped_column(Text, default="")  # " 44021 44088 ": NIS codes, to search
    qualification: Mapped[str | None] = mapped_column(String(10))  # subsidy, service
    qualification_reason: Mapped[str] = mapped_column(Text, default="")
    agreed_number: Mapped[int | None]  # the version all parties agreed to
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    first_proposed_at: Mapped[datetime | None]
    agreed_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branch.id"))  # it opened or joined
    renewed_until: Mapped[date | None] = mapped_column(Date)  # by tacit renewal, once
    stops_on: Mapped[date | None] = mapped_column(Date)  # the last day, after notice

    parties: Mapped[list["AgreementParty"]] = relationship(
        back_populates="agreement",
        order_by="AgreementParty.position",
        cascade="all, delete-orphan",
    )
    versions: Mapped[list["AgreementVersion"]] = relationship(order_by="AgreementVersion.number")
    events: Mapped[list["AgreementEvent"]] = relationship(order_by="AgreementEvent.id")
    decisions: Mapped[list["Decision"]] = relationship(order_by="Decision.id")
    renewals: Mapped[list["RenewalRound"]] = relationship(order_by="RenewalRound.id")
    meetings: Mapped[list["Meeting"]] = relationship(order_by="Meeting.starts_at", viewonly=True)
    addenda: Mapped[list["Addendum"]] = relationship(
        order_by="Addendum.id", back_populates="agreement"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (Index("ix_agreement_status_changed", "status", "changed_at", "id"),)

    @property
    def terms(self) -> Terms:
        """HSV's working draft of the terms."""
        return Terms.from_json(self.terms_json)

    @terms.setter
    def terms(self, terms: Terms) -> None:
        self.terms_json = terms.to_json()
        if self.first_proposed_at is None:
            self.show(terms)

    def show(self, terms: Terms) -> None:
        """Set what lists and mails say, which partners read too: what was proposed."""
        self.formula, self.title = terms.formula, terms.title
        self.starts_on, self.ends_on = terms.starts_on, terms.ends_on
        self.area = f" {' '.join(place.nis for place in terms.area)} "

    @property
    def latest(self) -> "AgreementVersion | None":
        """The newest version, by whichever side; None before the first proposal."""
        return self.versions[-1] if self.versions else None

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition for the agreements this person may see; nothing by default."""
        if actor.can(Permission.AGREEMENT_READ_ALL):
            return true()
        if not actor.can(Permission.AGREEMENT_READ) or actor.organisation_id is None:
            return false()
        party = exists(
            select(AgreementParty.id).where(
                AgreementParty.agreement_id == cls.id,
                AgreementParty.organisation_id == actor.organisation_id,
            )
        )
        return and_(party, cls.first_proposed_at.is_not(None))


class AgreementParty(Identified, Model):
    """A partner of an agreement, and the version it agreed to. HSV needs no row."""

    __tablename__ = "agreement_party"
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    position: Mapped[int]
    accepted_number: Mapped[int | None]
    accepted_at: Mapped[datetime | None]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    agreement: Mapped[Agreement] = relationship(back_populates="parties")
    organisation: Mapped[Organisation] = relationship()
    __table_args__ = (UniqueConstraint("agreement_id", "organisation_id"),)


class AgreementVersion(Identified, Model):
    """A proposal as it was made, for ever: terms, Word, PDF and the SHA-256 of each.

    The database refuses every change to these rows (core/immutable.py).
    """

    __tablename__ = "agreement_version"
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    number: Mapped[int]
    terms_json: Mapped[dict[str, Any]] = mapped_column(JSON)
    terms_sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    docx_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    docx_sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    pdf_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    pdf_sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    template_edition_id: Mapped[int | None] = mapped_column(ForeignKey("template_edition.id"))
    uploaded: Mapped[bool] = mapped_column(default=False)  # a partner's own Word, as it came
    side: Mapped[Side] = mapped_column(text_enum(Side))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text, default="")  # what the proposer says with it

    docx: Mapped[Document] = relationship(foreign_keys=[docx_id])
    pdf: Mapped[Document] = relationship(foreign_keys=[pdf_id])
    __table_args__ = (UniqueConstraint("agreement_id", "number"),)

    @property
    def terms(self) -> Terms:
        """The terms that were proposed."""
        return Terms.from_json(self.terms_json)


class VersionComment(Identified, Model):
    """A remark on an article of a version (None: on all of it), and HSV's answer."""

    __tablename__ = "version_comment"
    version_id: Mapped[int] = mapped_column(ForeignKey("agreement_version.id"), index=True)
    article: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text)
    side: Mapped[Side] = mapped_column(text_enum(Side))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answered_at: Mapped[datetime | None]

    on_version: Mapped[AgreementVersion] = relationship()


class AgreementEvent(Identified, Model):
    """One line of the timeline; `internal` ones are HSV's alone."""

    __tablename__ = "agreement_event"
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    version: Mapped[int]
    action: Mapped[str] = mapped_column(String(30))
    before: Mapped[str] = mapped_column(String(20))
    after: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[int | None]  # the version it is about
    on: Mapped[date | None] = mapped_column("on_date", Date)
    note: Mapped[str] = mapped_column(Text, default="")
    internal: Mapped[bool] = mapped_column(default=False)
