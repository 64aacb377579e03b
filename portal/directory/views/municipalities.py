"""Municipalities: for everybody who is signed in; the suggestions for everybody."""

from typing import Any

from flask import Response, abort, jsonify, render_template, request
from flask_babel import gettext
from sqlalchemy import ColumnElement, Integer, and_, cast, func, select
from sqlalchemy.orm import selectinload

from portal.core import clock, export
from portal.core.db import db
from portal.core.guard import requires
from portal.core.i18n import N_
from portal.core.permissions import Permission
from portal.core.tables import Column, Filter, Listing
from portal.core.web import limiter
from portal.directory import areas, branches, gazetteer, organisations
from portal.directory.labels import found_hint, found_label
from portal.directory.models import Branch, BranchArea, Municipality
from portal.directory.municipalities import find_municipalities
from portal.directory.views import blueprint

BRUSSELS = "Brussel"


def _provinces() -> list[tuple[str, str]]:
    named = {place.province for place in gazetteer.places().values() if place.province}
    return [(name, name) for name in sorted(named)] + [(BRUSSELS, gettext("Brussel"))]


def _in_province(name: str) -> ColumnElement[bool]:
    return Municipality.province.is_(None) if name == BRUSSELS else Municipality.province == name


def _found(text: str) -> ColumnElement[bool]:
    return Municipality.nis.in_([f.place.nis for f in find_municipalities(text, limit=None)])


COLUMNS: list[Column[Any]] = [
    Column("naam", N_("Gemeente"), lambda row: row.Municipality.name, sort=Municipality.sort_name),
    Column("postcodes", N_("Postcodes"), lambda row: _postcodes(row.Municipality)),
    Column(
        "provincie",
        N_("Provincie"),
        lambda row: row.Municipality.province or BRUSSELS,
        sort=func.coalesce(Municipality.province, BRUSSELS),
    ),
    Column(
        "inwoners",
        N_("Inwoners"),
        lambda row: row.Municipality.inhabitants,
        sort=Municipality.inhabitants,
        num=True,
    ),
    Column(
        "afdeling",
        N_("Afdeling"),
        lambda row: row.Branch.name if row.Branch else None,
        sort=func.coalesce(Branch.sort_name, ""),
    ),
]
EXPORTED: list[Column[Any]] = [
    Column("nis", N_("NIS-code"), lambda row: row.Municipality.nis),
    *COLUMNS,
    Column("jaar", N_("Jaar van de telling"), lambda row: row.Municipality.inhabitants_year),
    Column("taal", N_("Taal"), lambda row: gettext(row.Municipality.language_regime.label)),
    Column("vroeger", N_("Vroegere gemeenten"), lambda row: ", ".join(_former(row.Municipality))),
]
LISTING: Listing[Any] = Listing(
    COLUMNS,
    row_id=cast(Municipality.nis, Integer),
    first_sort="naam",
    filters=[
        Filter("q", N_("Naam of postcode"), _found),
        Filter("provincie", N_("Provincie"), _in_province, choices=_provinces),
        Filter("zonder", N_("Zonder afdeling"), lambda _answer: Branch.id.is_(None), kind="check"),
    ],
)


def _with_branch() -> Any:
    served = and_(BranchArea.nis == Municipality.nis, branches.serving(clock.today()))
    return (
        select(Municipality, Branch)
        .outerjoin(BranchArea, served)
        .outerjoin(Branch)
        .options(selectinload(Municipality.postcodes))
    )


def _postcodes(municipality: Municipality) -> str:
    return " ".join(row.postcode for row in municipality.postcodes)


def _former(municipality: Municipality) -> list[str]:
    return [p["name"] for p in municipality.predecessors if p["name"] != municipality.name]


@blueprint.get("/gemeenten")
@requires(Permission.DIRECTORY_VIEW)
def municipalities() -> Any:
    """List the municipalities with the branch that serves each today."""
    if wanted := request.args.get("formaat"):
        statement = LISTING.everything(_with_branch(), request.args)
        return export.respond(wanted, EXPORTED, statement, gettext("gemeenten"))
    page = LISTING.page(_with_branch(), request.args, request.path, count=True)
    text = page.filters["q"].value
    hints = {f.place.nis: found_hint(f) for f in find_municipalities(text, limit=None)}
    return render_template("directory/municipalities.html", page=page, hints=hints)


@blueprint.get("/gemeenten/<nis>")
@requires(Permission.DIRECTORY_VIEW)
def municipality(nis: str) -> str:
    """Show a municipality, who serves it, and its local governments."""
    found = db.session.get(Municipality, nis)
    if found is None:
        abort(404)
    today = clock.today()
    history = areas.history_of(nis)
    return render_template(
        "directory/municipality.html",
        municipality=found,
        postcodes=_postcodes(found),
        former=_former(found),
        branch=next((part.branch for part in history if part.covers(today)), None),
        other_periods=[part for part in history if not part.covers(today)],
        governments=organisations.local_governments_of(nis),
        today=today,
    )


@blueprint.get("/gemeenten/zoek")
@limiter.limit("120 per minute")
def suggest_municipalities() -> Response:
    """Answer what somebody is typing with municipalities, as JSON; reference data only."""
    found = find_municipalities(request.args.get("q", ""), limit=10)
    return jsonify([{"value": f.place.nis, "label": found_label(f)} for f in found])
