"""The materials as a list: searched, filtered and paged."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from sqlalchemy import ColumnElement, Row, Select, or_, select

from portal.agreements import materials
from portal.agreements.models import Material, MaterialKind, MaterialVersion
from portal.core.documents import Document
from portal.core.i18n import N_
from portal.core.permissions import Actor, Permission
from portal.core.tables import Column, Filter, Listing


def statement(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the materials this person may download, each with its version in use."""
    return (
        select(
            Material.id,
            Material.title,
            Material.kind,
            Material.service,
            Material.summary,
            Material.number,
            Material.withdrawn_at,
            MaterialVersion.added_at,
            MaterialVersion.note,
            Document.size_bytes,
            Document.media_type,
        )
        .join(
            MaterialVersion,
            (MaterialVersion.material_id == Material.id)
            & (MaterialVersion.number == Material.number),
        )
        .join(Document, Document.id == MaterialVersion.document_id)
        .where(Material.visible_to(actor))
    )


def listing_for(actor: Actor) -> Listing[Row[Any]]:
    """Return the list as this person asks it; HSV also filters on what was withdrawn."""
    columns: tuple[Column[Row[Any]], ...] = (
        Column("titel", N_("Materiaal"), lambda r: r.title, sort=Material.title),
        Column("soort", N_("Soort"), lambda r: gettext(r.kind.label), sort=Material.kind),
        Column("dienst", N_("Dienst"), lambda r: r.service),
        Column("versie", N_("Versie"), lambda r: r.number, num=True),
        Column("datum", N_("Sinds"), lambda r: r.added_at, sort=MaterialVersion.added_at),
    )
    filters: tuple[Filter, ...] = (
        Filter("zoek", N_("Zoeken"), _says),
        Filter("soort", N_("Soort"), lambda a: Material.kind == a, _kinds),
        Filter("dienst", N_("Dienst"), lambda a: Material.service == int(a), materials.services),
    )
    if actor.can(Permission.MATERIAL_MANAGE):
        withdrawn = Filter("stand", N_("Stand"), _stands, _standings)
        filters = (*filters, withdrawn)
    return Listing(columns, row_id=Material.id, first_sort="titel", filters=filters)


def _says(answer: str) -> ColumnElement[bool]:
    return or_(
        Material.title.icontains(answer, autoescape=True),
        Material.summary.icontains(answer, autoescape=True),
    )


def _kinds() -> Sequence[tuple[str, str]]:
    return [(str(one), gettext(one.label)) for one in MaterialKind]


def _stands(answer: str) -> ColumnElement[bool]:
    offered = Material.withdrawn_at.is_(None)
    return offered if answer == "aangeboden" else ~offered


def _standings() -> Sequence[tuple[str, str]]:
    return [("aangeboden", gettext("Aangeboden")), ("ingetrokken", gettext("Ingetrokken"))]
