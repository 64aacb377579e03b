"""Materials HSV lends its partners and branches: scripts, forms, logos, courses."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
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

from portal.agreements.models.agreement import Agreement, AgreementParty, Status
from portal.core.db import Identified, Model, text_enum
from portal.core.documents import Document
from portal.core.i18n import N_
from portal.core.permissions import Actor, Permission


class MaterialKind(StrEnum):
    """What a material is."""

    PRACTICE = "practice"
    SCRIPT = "script"
    FORM = "form"
    LOGO = "logo"
    COURSE = "course"
    LEAFLET = "leaflet"

    @property
    def label(self) -> str:
        """Return the Dutch name (a message id)."""
        return _KINDS[self]


_KINDS = {
    MaterialKind.PRACTICE: N_("Praktijkomschrijving"),
    MaterialKind.SCRIPT: N_("Draaiboek"),
    MaterialKind.FORM: N_("Formulier"),
    MaterialKind.LOGO: N_("Logo en huisstijl"),
    MaterialKind.COURSE: N_("Vormingsmateriaal"),
    MaterialKind.LEAFLET: N_("Folder"),
}


class Material(Identified, Model):
    """One thing to download. Its file is replaced by a new version; the old ones are kept."""

    __tablename__ = "material"
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[MaterialKind] = mapped_column(text_enum(MaterialKind))
    service: Mapped[int | None]  # of the ten
    summary: Mapped[str] = mapped_column(Text, default="")
    number: Mapped[int] = mapped_column(default=0)  # of the version in use
    version: Mapped[int] = mapped_column()
    changed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    versions: Mapped[list["MaterialVersion"]] = relationship(
        order_by="MaterialVersion.number.desc()", back_populates="material"
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition for the materials this person may download.

        Coordinators of branches always; people of a partner as long as an agreement of theirs is
        in force, for their right to use them ends with it.
        """
        if actor.can(Permission.MATERIAL_MANAGE):
            return true()
        if not actor.can(Permission.MATERIAL_READ):
            return false()
        offered = cls.withdrawn_at.is_(None)
        if actor.branch_id is not None:
            return offered
        in_force = exists(
            select(AgreementParty.id)
            .join(Agreement, Agreement.id == AgreementParty.agreement_id)
            .where(
                AgreementParty.organisation_id == (actor.organisation_id or 0),
                Agreement.status == Status.ACTIVE,
            )
        )
        return and_(offered, in_force)


class MaterialVersion(Identified, Model):
    """A file as it was put up, for ever; the database refuses a change (core/immutable.py)."""

    __tablename__ = "material_version"
    material_id: Mapped[int] = mapped_column(ForeignKey("material.id"))
    number: Mapped[int]
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    note: Mapped[str] = mapped_column(String(300), default="")  # what is new in it
    added_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    added_at: Mapped[datetime]

    material: Mapped[Material] = relationship(back_populates="versions")
    document: Mapped[Document] = relationship()
    __table_args__ = (UniqueConstraint("material_id", "number"),)
