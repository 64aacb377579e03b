"""An addendum: what changes in an agreement in force, from when, and how all parties said yes."""

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
    or_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agreements.terms import Terms
from portal.core.db import Identified, Model, text_enum
from portal.core.documents import Document
from portal.core.permissions import Actor, Permission

if TYPE_CHECKING:
    from portal.agreements.models.agreement import Agreement
    from portal.agreements.models.decision import Decision


class AddendumStatus(StrEnum):
    DRAFT = "draft"
    PROPOSED = "proposed"
    AGREED = "agreed"
    APPROVED = "approved"
    OUT_FOR_SIGNATURE = "out_for_signature"
    CONCLUDED = "concluded"  # signed by everybody; it applies from `in_force_on`
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


OPEN = (
    AddendumStatus.DRAFT,
    AddendumStatus.PROPOSED,
    AddendumStatus.AGREED,
    AddendumStatus.APPROVED,
    AddendumStatus.OUT_FOR_SIGNATURE,
)
_IS_OPEN = "status IN ('draft', 'proposed', 'agreed', 'approved', 'out_for_signature')"


class Addendum(Identified, Model):
    """One addendum. `terms` is the whole agreement as it will read, HSV's draft until it is signed.

    number: taken with the first proposal, before which partners see nothing of it. renewed_until:
    the tacit renewal its terms know of already. in_force_on: `from_on`, or the day of the last
    signature where that came later. Once concluded the database refuses every change.
    """

    __tablename__ = "addendum"
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    number: Mapped[int | None]
    status: Mapped[AddendumStatus] = mapped_column(text_enum(AddendumStatus))
    version: Mapped[int] = mapped_column()
    reason: Mapped[str] = mapped_column(Text, default="")
    from_on: Mapped[date | None] = mapped_column(Date)
    terms_json: Mapped[dict[str, Any]] = mapped_column(JSON)
    renewed_until: Mapped[date | None] = mapped_column(Date)
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    agreed_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    in_force_on: Mapped[date | None] = mapped_column(Date)

    agreement: Mapped["Agreement"] = relationship(back_populates="addenda")
    versions: Mapped[list["AddendumVersion"]] = relationship(
        order_by="AddendumVersion.number", back_populates="addendum"
    )
    events: Mapped[list["AddendumEvent"]] = relationship(order_by="AddendumEvent.id")
    decisions: Mapped[list["Decision"]] = relationship(order_by="Decision.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        UniqueConstraint("agreement_id", "number"),
        Index(  # one at a time
            "uq_addendum_open",
            "agreement_id",
            unique=True,
            sqlite_where=text(_IS_OPEN),
            postgresql_where=text(_IS_OPEN),
        ),
    )

    @property
    def terms(self) -> Terms:
        """The agreement as it will read."""
        return Terms.from_json(self.terms_json)

    @terms.setter
    def terms(self, terms: Terms) -> None:
        self.terms_json = terms.to_json()

    @property
    def latest(self) -> "AddendumVersion | None":
        """The version that was proposed last; None before the first."""
        return self.versions[-1] if self.versions else None

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition for addenda of agreements one may see: partners what was proposed
        to them, HSV its drafts too, but nobody a draft that came to nothing."""
        shown = cls.number.is_not(None)
        if actor.can(Permission.AGREEMENT_MANAGE):
            return or_(shown, cls.status == AddendumStatus.DRAFT)
        return shown


class AddendumVersion(Identified, Model):
    """An addendum as it was proposed, for ever; the database refuses a change.

    terms: the consolidated ones. changes: the parts of the text that read otherwise, as printed.
    """

    __tablename__ = "addendum_version"
    addendum_id: Mapped[int] = mapped_column(ForeignKey("addendum.id"))
    number: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    from_on: Mapped[date] = mapped_column(Date)
    terms_json: Mapped[dict[str, Any]] = mapped_column(JSON)
    terms_sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    changes_json: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    finance: Mapped[str] = mapped_column(Text)
    template_edition_id: Mapped[int | None] = mapped_column(ForeignKey("template_edition.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime]

    addendum: Mapped[Addendum] = relationship(back_populates="versions")
    files: Mapped[list["AddendumFile"]] = relationship(order_by="AddendumFile.id")
    answers: Mapped[list["AddendumAnswer"]] = relationship(order_by="AddendumAnswer.id")
    __table_args__ = (UniqueConstraint("addendum_id", "number"),)

    @property
    def terms(self) -> Terms:
        """The agreement as it will read."""
        return Terms.from_json(self.terms_json)


class FileKind(StrEnum):
    """Which of the documents of an addendum."""

    WORD = "docx"
    PDF = "pdf"
    TEXT_WORD = "text_docx"  # the consolidated text
    TEXT_PDF = "text_pdf"
    BEFORE_WORD = "before_docx"  # the text it changes, to compare with


class AddendumFile(Identified, Model):
    """A document of a version of an addendum; never changed, never made again."""

    __tablename__ = "addendum_file"
    version_id: Mapped[int] = mapped_column(ForeignKey("addendum_version.id"))
    kind: Mapped[FileKind] = mapped_column(text_enum(FileKind))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)

    document: Mapped[Document] = relationship()
    __table_args__ = (UniqueConstraint("version_id", "kind"),)


class AddendumAnswer(Identified, Model):
    """What a party said to a version: a remark, or its yes. organisation None: HSV."""

    __tablename__ = "addendum_answer"
    version_id: Mapped[int] = mapped_column(ForeignKey("addendum_version.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    accepts: Mapped[bool]
    text: Mapped[str] = mapped_column(Text, default="")
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


class AddendumEvent(Identified, Model):
    """One line of the timeline of an addendum; `internal` ones are HSV's alone."""

    __tablename__ = "addendum_event"
    addendum_id: Mapped[int] = mapped_column(ForeignKey("addendum.id"), index=True)
    version: Mapped[int]
    action: Mapped[str] = mapped_column(String(30))
    before: Mapped[str] = mapped_column(String(20))
    after: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    on: Mapped[date | None] = mapped_column("on_date", Date)
    note: Mapped[str] = mapped_column(Text, default="")
    internal: Mapped[bool] = mapped_column(default=False)
