"""Unmet demand per municipality, for HSV staff: counts only."""

from typing import Any

from flask import render_template, request
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext
from sqlalchemy import BigInteger, Integer, Subquery, cast, func, select, true
from werkzeug.wrappers import Response

from portal.core import export
from portal.core.db import db
from portal.core.errors import NotFoundError
from portal.core.guard import requires
from portal.core.i18n import N_
from portal.core.permissions import Permission
from portal.core.tables import Column, Filter, Listing
from portal.directory.models import Municipality
from portal.referrals import unmet as service
from portal.referrals.views import blueprint

BRUSSELS = N_("Brussel")


@blueprint.record
def _put_on_map(state: BlueprintSetupState) -> None:
    """Give these pages addresses of their own: they are not about a referral."""
    add = state.app.add_url_rule
    add("/onbeantwoorde-vraag", "referrals.unmet", unmet)
    add("/onbeantwoorde-vraag/<nis>", "referrals.unmet_municipality", unmet_municipality)


@requires(Permission.UNMET_DEMAND_VIEW)
def unmet() -> str | Response:
    """List how often each municipality was asked for while no branch served it."""
    period = request.args.get("periode", "")
    counts = service.counted(period)
    listing = _listing(counts)
    statement = service.per_municipality(counts)
    if form := request.args.get("formaat"):
        rows = listing.everything(statement, request.args)
        columns = [_NIS, *listing.columns]
        return export.respond(form, columns, rows, gettext("onbeantwoorde-vraag"))
    page = listing.page(statement, request.args, request.path, count=True)
    number, places = service.totals(period)
    return render_template(
        "referrals/unmet.html", page=page, number=number, places=places, brussels=gettext(BRUSSELS)
    )


@requires(Permission.UNMET_DEMAND_VIEW)
def unmet_municipality(nis: str) -> str:
    """Show what was asked in one municipality, by month, kind of referrer and indicator."""
    municipality = db.session.get(Municipality, nis)
    if municipality is None:
        raise NotFoundError
    period = request.args.get("periode", "")
    return render_template(
        "referrals/unmet_municipality.html",
        municipality=municipality,
        needs=service.needs_of(nis, period),
        period=period,
        periods=_periods(),
    )


_NIS: Column[Any] = Column("nis", N_("NIS-code"), lambda row: row.Municipality.nis)


def _listing(counts: Subquery) -> Listing[Any]:
    province = func.coalesce(Municipality.province, BRUSSELS)
    number = cast(func.coalesce(counts.c.number, 0), BigInteger)
    return Listing(
        [
            Column("gemeente", N_("Gemeente"), _name, sort=Municipality.sort_name),
            Column("provincie", N_("Provincie"), _province, sort=province),
            Column("aantal", N_("Aantal vragen"), lambda row: row.number, sort=number, num=True),
            Column("laatste", N_("Laatste vraag in"), lambda row: row.latest),
            Column("lijst", N_("Gezinnen op de lijst"), lambda row: row.listed, num=True),
            Column("werking", N_("Werking vandaag"), lambda row: row.branch),
        ],
        row_id=cast(Municipality.nis, Integer),
        first_sort="-aantal",
        filters=[
            Filter("provincie", N_("Provincie"), lambda p: province == p, choices=_provinces),
            # The period decides what is counted, before there is a row to filter.
            Filter("periode", N_("Periode"), lambda _: true(), choices=_periods),
        ],
    )


def _name(row: Any) -> str:
    return row.Municipality.name


def _province(row: Any) -> str:
    return row.Municipality.province or gettext(BRUSSELS)


def _provinces() -> list[tuple[str, str]]:
    found = db.session.scalars(
        select(Municipality.province).where(Municipality.province.is_not(None)).distinct()
    )
    return [*((name, name) for name in sorted(filter(None, found))), (BRUSSELS, gettext(BRUSSELS))]


def _periods() -> list[tuple[str, str]]:
    return [(code, gettext(label)) for code, label in service.PERIODS.items()]
