"""Municipalities, organisations, branches and the area each branch serves."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Enum,
    ForeignKey,
    Index,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from portal.core import clock
from portal.core.db import BigInt, Identified, Model
from portal.directory.folding import fold
from portal.directory.kinds import LanguageRegime, OrganisationKind, Source

SORTED = 120  # characters of a name that count for searching and sorting


def _stored(values: type[StrEnum]) -> Enum:
    """Keep the value of an enum as plain text, so that adding one needs no migration."""
    return Enum(
        values,
        native_enum=False,
        create_constraint=False,
        length=40,
        values_callable=lambda members: [m.value for m in members],
    )


class Municipality(Model):
    """A municipality of Flanders or Brussels as it is since the mergers of 2025."""

    __tablename__ = "municipality"
    nis: Mapped[str] = mapped_column(String(5), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    name_fr: Mapped[str] = mapped_column(String(80))
    sort_name: Mapped[str] = mapped_column(String(SORTED), index=True)
    province: Mapped[str | None] = mapped_column(String(40))  # Brussels has none
    region: Mapped[str] = mapped_column(String(40))
    language_regime: Mapped[LanguageRegime] = mapped_column(_stored(LanguageRegime))
    inhabitants: Mapped[int]
    inhabitants_year: Mapped[int]
    # [{"nis": "44040", "name": "Melle"}, …]: the municipalities that merged into this one
    predecessors: Mapped[list[dict[str, str]]] = mapped_column(JSON)

    postcodes: Mapped[list["MunicipalityPostcode"]] = relationship(
        order_by="MunicipalityPostcode.postcode", viewonly=True
    )


class MunicipalityPostcode(Model):
    """A postcode of a municipality; 1040, 1050 and 1804 belong to two."""

    __tablename__ = "municipality_postcode"
    postcode: Mapped[str] = mapped_column(String(4), primary_key=True)
    nis: Mapped[str] = mapped_column(ForeignKey("municipality.nis"), primary_key=True, index=True)


class Organisation(Identified, Model):
    """A service that refers families, a partner of an agreement, or HSV itself."""

    __tablename__ = "organisation"
    name: Mapped[str] = mapped_column(String(160))
    sort_name: Mapped[str] = mapped_column(String(SORTED))  # folded: for searching and sorting
    kind: Mapped[OrganisationKind] = mapped_column(_stored(OrganisationKind), index=True)
    other_kind: Mapped[str] = mapped_column(String(80), default="")  # when kind is OTHER
    kbo: Mapped[str | None] = mapped_column(String(10), unique=True)  # ten digits
    ovo: Mapped[str | None] = mapped_column(String(12))
    lblod_uri: Mapped[str | None] = mapped_column(String(200), unique=True)
    nis: Mapped[str | None] = mapped_column(ForeignKey("municipality.nis"), index=True)
    street: Mapped[str] = mapped_column(String(120), default="")
    postcode: Mapped[str] = mapped_column(String(10), default="")
    city: Mapped[str] = mapped_column(String(80), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    website: Mapped[str] = mapped_column(String(200), default="")
    colleagues_see_referrals: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    # Staff who correct a preloaded organisation own it from then on: reloading leaves it alone.
    source: Mapped[Source] = mapped_column(_stored(Source), default=Source.STAFF)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    version: Mapped[int] = mapped_column(default=1)

    municipality: Mapped[Municipality | None] = relationship()

    __table_args__ = (Index("ix_organisation_sort_name_id", "sort_name", "id"),)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own declaration

    @validates("name")
    def _follow_name(self, _key: str, name: str) -> str:
        self.sort_name = fold(name)[:SORTED]
        return name


class Branch(Identified, Model):
    """A local Home-Start branch. Its coordinators are memberships, kept by accounts."""

    __tablename__ = "branch"
    name: Mapped[str] = mapped_column(String(120))
    sort_name: Mapped[str] = mapped_column(String(SORTED))
    slug: Mapped[str] = mapped_column(String(60), unique=True)  # given once, for its address
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(40), default="")
    street: Mapped[str] = mapped_column(String(120), default="")
    postcode: Mapped[str] = mapped_column(String(10), default="")
    city: Mapped[str] = mapped_column(String(80), default="")
    places_capacity: Mapped[int] = mapped_column(default=0)  # families at the same time
    active_from: Mapped[date]
    closed_on: Mapped[date | None]  # the last day it is open
    recognition_number: Mapped[str] = mapped_column(String(40), default="")
    recognised_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    version: Mapped[int] = mapped_column(default=1)

    areas: Mapped[list["BranchArea"]] = relationship(
        back_populates="branch", cascade="all, delete-orphan", passive_deletes=True
    )

    __table_args__ = (
        Index("ix_branch_sort_name_id", "sort_name", "id"),
        CheckConstraint("places_capacity >= 0", name="capacity"),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own declaration

    @validates("name")
    def _follow_name(self, _key: str, name: str) -> str:
        self.sort_name = fold(name)[:SORTED]
        return name

    def is_open(self, on: date) -> bool:
        """Say whether the branch is open on a day."""
        return self.active_from <= on and (self.closed_on is None or on <= self.closed_on)


class BranchArea(Identified, Model):
    """A municipality that a branch serves, from and including, to and including a day."""

    __tablename__ = "branch_area"
    branch_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("branch.id", ondelete="CASCADE"), index=True
    )
    nis: Mapped[str] = mapped_column(ForeignKey("municipality.nis"))
    from_on: Mapped[date]
    to_on: Mapped[date | None]

    branch: Mapped[Branch] = relationship(back_populates="areas")
    municipality: Mapped[Municipality] = relationship()

    __table_args__ = (
        Index("ix_branch_area_nis_from_on", "nis", "from_on"),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="period"),
    )

    def covers(self, on: date) -> bool:
        """Say whether the branch serves the municipality on a day."""
        return self.from_on <= on and (self.to_on is None or on <= self.to_on)
