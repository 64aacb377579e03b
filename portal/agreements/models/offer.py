"""What HSV offers, as editions that never change once in use, and dated figures and grounds."""

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

from portal.agreements.terms import IndexKind
from portal.core.db import BigInt, Identified, Model, text_enum
from portal.core.documents import Document


class EditionState(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


class PackageEdition(Identified, Model):
    """The whole offer (services, packages, prices) as of one decision. At most one is active.

    The database refuses a change to `offer_json` once it was activated (core/immutable.py).
    """

    __tablename__ = "package_edition"
    number: Mapped[int] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(String(120))
    state: Mapped[EditionState] = mapped_column(text_enum(EditionState))
    version: Mapped[int] = mapped_column()
    offer_json: Mapped[dict[str, Any]] = mapped_column(JSON)
    based_on: Mapped[int | None]  # number of the edition it was copied from
    reason: Mapped[str] = mapped_column(Text, default="")  # why this edition, for who activates
    writer_ids: Mapped[list[int]] = mapped_column(JSON)  # accounts that wrote in it
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    activated_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    activated_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        Index(  # one draft, one in use
            "uq_package_edition_current",
            "state",
            unique=True,
            sqlite_where=text("state <> 'retired'"),
            postgresql_where=text("state <> 'retired'"),
        ),
    )


class TemplateEdition(Identified, Model):
    """A Word template: `kind` is a formula, "addendum" or "processing". One active per kind."""

    __tablename__ = "template_edition"
    kind: Mapped[str] = mapped_column(String(12))
    number: Mapped[int]
    state: Mapped[EditionState] = mapped_column(text_enum(EditionState))
    version: Mapped[int] = mapped_column()
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    note: Mapped[str] = mapped_column(Text, default="")
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    activated_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    activated_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]

    document: Mapped[Document] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (UniqueConstraint("kind", "number"),)


class IndexFigure(Identified, Model):
    """A published figure, with where it was read. Corrected by a new row, never changed.

    Health index: its value in a month, on a base year. Spilindex: the coefficient by which wages
    are multiplied in a month. `value_e4`: ten-thousandths (133.15 is 1331500).
    """

    __tablename__ = "index_figure"
    kind: Mapped[IndexKind] = mapped_column(text_enum(IndexKind))
    month: Mapped[date] = mapped_column(Date)  # the first of it
    base_year: Mapped[int]
    value_e4: Mapped[int] = mapped_column(BigInt)
    source: Mapped[str] = mapped_column(String(300))
    published_on: Mapped[date | None] = mapped_column(Date)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_index_figure_current",
            "kind",
            "month",
            "base_year",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )


class LegalGround(Identified, Model):
    """A legal ground an agreement or draft decision may name, from a day, perhaps to a day."""

    __tablename__ = "legal_ground"
    text: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(String(300), default="")
    use: Mapped[str] = mapped_column(String(20))  # considerations, council, welfare, …
    position: Mapped[int] = mapped_column(default=0)
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(String(300), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]
