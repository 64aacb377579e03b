"""Materials: put up and replaced by HSV, downloaded by partners and branches, each time noted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Membership
from portal.agreements import notices, packages
from portal.agreements.models import Material, MaterialKind, MaterialVersion
from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.db import db
from portal.core.documents import Document
from portal.core.errors import ConflictError, DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.permissions import Actor, Permission

DOWNLOAD = "material_version:download"
MOST_SHOWN = 100


@dataclass(frozen=True)
class About:
    """What a material is; `service`: the number of one of the ten, or None."""

    title: str
    kind: MaterialKind
    service: int | None = None
    summary: str = ""


@dataclass(frozen=True)
class Download:
    """That somebody took a version: who, of where, when."""

    number: int
    at: datetime
    who: str
    place: str


def find(actor: Actor, material_id: int) -> Material:
    """Return a material this person may see. Raises NotFoundError."""
    found = db.session.scalar(
        select(Material).where(Material.id == material_id, Material.visible_to(actor))
    )
    if found is None:
        raise NotFoundError()
    return found


def add(actor: Actor, about: About, document: Document) -> Material:
    """Put up something new. Raises DomainError."""
    _check(about)
    made = Material(**vars(about), number=0, changed_at=clock.now())
    db.session.add(made)
    db.session.flush()
    audit.record("material:add", made, actor=actor)
    _put(actor, made, document, "")
    return made


def edit(actor: Actor, material: Material, about: About, version: int | None) -> None:
    """Say anew what a material is. Raises DomainError, ConflictError."""
    _check(about)
    _lock(material, version)
    changed = {k for k, v in vars(about).items() if getattr(material, k) != v}
    for name in changed:
        setattr(material, name, getattr(about, name))
    material.changed_at = clock.now()
    audit.record("material:edit", material, actor=actor, fields=changed)
    db.session.flush()


def replace(
    actor: Actor, material: Material, document: Document, note: str, version: int | None
) -> MaterialVersion:
    """Put a new version in use; the one that was stays readable for HSV. Raises ConflictError."""
    _lock(material, version)
    return _put(actor, material, document, note)


def withdraw(actor: Actor, material: Material, version: int | None) -> None:
    """Offer a material no longer; nothing of it is deleted. Raises ConflictError."""
    _lock(material, version)
    material.withdrawn_at = material.withdrawn_at or clock.now()
    audit.record("material:withdraw", material, actor=actor, fields={"withdrawn_at"})
    db.session.flush()


def offer_again(actor: Actor, material: Material, version: int | None) -> None:
    """Offer a material that was withdrawn. Raises ConflictError."""
    _lock(material, version)
    material.withdrawn_at = None
    audit.record("material:offer_again", material, actor=actor, fields={"withdrawn_at"})
    db.session.flush()


def take(actor: Actor, material_id: int, number: int) -> Document:
    """Return the file of a version and note who took it; only HSV takes old ones.

    Raises NotFoundError.
    """
    material = find(actor, material_id)
    if number != material.number and not actor.can(Permission.MATERIAL_MANAGE):
        raise NotFoundError()
    found = db.session.scalar(
        select(MaterialVersion)
        .where(MaterialVersion.material_id == material.id, MaterialVersion.number == number)
        .options(joinedload(MaterialVersion.document))
    )
    if found is None:
        raise NotFoundError()
    audit.record(DOWNLOAD, found, actor=actor)
    return found.document


def downloads(material: Material) -> list[Download]:
    """Return the latest downloads of all versions, the newest first."""
    numbers = {str(one.id): one.number for one in material.versions}
    rows = db.session.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.action == DOWNLOAD,
            AuditEvent.object_type == MaterialVersion.__tablename__,
            AuditEvent.object_id.in_(numbers),
        )
        .order_by(AuditEvent.number.desc())
        .limit(MOST_SHOWN)
    ).all()
    names = notices.names_of(row.account_id for row in rows)
    places = _places(row.membership_id for row in rows)
    return [
        Download(
            numbers[row.object_id],
            row.at,
            names.get(row.account_id, ""),
            places.get(row.membership_id or 0, ""),
        )
        for row in rows
    ]


def services() -> list[tuple[int, str]]:
    """Return the services of the offer in use a material can belong to: number and title.

    None as long as there is no offer.
    """
    try:
        offer = packages.offer_of(packages.active_edition())
    except NotFoundError:
        return []
    return [(one.number, one.title) for one in offer.services]


def _check(about: About) -> None:
    if not about.title:
        raise DomainError(N_("Geef het materiaal een titel."), "title")


def _lock(material: Material, version: int | None) -> None:
    db.session.refresh(material, with_for_update=True)
    if version != material.version:
        raise ConflictError(N_("Intussen heeft iemand anders dit gewijzigd."))


def _put(actor: Actor, material: Material, document: Document, note: str) -> MaterialVersion:
    material.number += 1
    material.changed_at = clock.now()
    made = MaterialVersion(
        material_id=material.id,
        number=material.number,
        document_id=document.id,
        note=note,
        added_by_id=actor.account_id,
        added_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    audit.record("material_version:add", made, actor=actor)
    return made


def _places(membership_ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {one for one in membership_ids if one is not None}
    rows: Sequence[Membership] = db.session.scalars(
        select(Membership)
        .where(Membership.id.in_(wanted))
        .options(joinedload(Membership.organisation), joinedload(Membership.branch))
    ).all()
    return {
        row.id: place.name for row in rows if (place := row.organisation or row.branch) is not None
    }
