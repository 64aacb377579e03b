"""Organisations, kept by HSV's administrators."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import contains_eager
from werkzeug.wrappers import Response

from portal.core import export, once
from portal.core.attempts import attempt, press
from portal.core.forms import VersionedForm
from portal.core.guard import actor, requires
from portal.core.i18n import N_
from portal.core.permissions import Permission
from portal.core.tables import Column, Filter, Listing
from portal.directory import organisations as service
from portal.directory.forms import NewOrganisationForm, OrganisationForm, kinds
from portal.directory.kbo import show_kbo
from portal.directory.models import Municipality, Organisation
from portal.directory.municipalities import find_municipalities
from portal.directory.views import blueprint

STATES = {"actief": True, "stopgezet": False}


def _in_municipality(text: str) -> ColumnElement[bool]:
    return Organisation.nis.in_([f.place.nis for f in find_municipalities(text, limit=None)])


def kind_label(organisation: Organisation) -> str:
    """Return the kind in words; of another kind, which."""
    return organisation.other_kind or gettext(organisation.kind.label)


COLUMNS: list[Column[Organisation]] = [
    Column("naam", N_("Naam"), lambda o: o.name, sort=Organisation.sort_name),
    Column("soort", N_("Soort"), kind_label),
    Column(
        "gemeente",
        N_("Gemeente"),
        lambda o: o.municipality.name if o.municipality else None,
        sort=func.coalesce(Municipality.sort_name, ""),
    ),
    Column("kbo", N_("Ondernemingsnummer"), lambda o: show_kbo(o.kbo)),
    Column("staat", N_("Staat"), lambda o: gettext("Actief") if o.active else gettext("Stopgezet")),
]
EXPORTED: list[Column[Organisation]] = [
    *COLUMNS,
    Column("ovo", N_("OVO-code"), lambda o: o.ovo),
    Column("straat", N_("Straat en nummer"), lambda o: o.street),
    Column("postcode", N_("Postcode"), lambda o: o.postcode),
    Column("plaats", N_("Plaats"), lambda o: o.city),
    Column("telefoon", N_("Telefoon"), lambda o: o.phone),
    Column("email", N_("E-mailadres"), lambda o: o.email),
    Column("website", N_("Website"), lambda o: o.website),
]
LISTING: Listing[Organisation] = Listing(
    COLUMNS,
    row_id=Organisation.id,
    first_sort="naam",
    filters=[
        Filter("q", N_("Naam of nummer"), service.matching),
        Filter("soort", N_("Soort"), lambda kind: Organisation.kind == kind, choices=kinds),
        Filter("gemeente", N_("Gemeente of postcode"), _in_municipality),
        Filter(
            "staat",
            N_("Staat"),
            lambda state: Organisation.active == STATES[state],
            choices=lambda: [
                ("actief", gettext("Actief")),
                ("stopgezet", gettext("Stopgezet")),
            ],
        ),
    ],
)


def _with_municipality() -> Select[Any]:
    return (
        select(Organisation)
        .outerjoin(Organisation.municipality)
        .options(contains_eager(Organisation.municipality))
    )


@blueprint.get("/organisaties")
@requires(Permission.DIRECTORY_MANAGE)
def organisations() -> Any:
    """List the organisations."""
    if wanted := request.args.get("formaat"):
        statement = LISTING.everything(_with_municipality(), request.args)
        return export.respond(wanted, EXPORTED, statement, gettext("organisaties"))
    page = LISTING.page(_with_municipality(), request.args, request.path, count=True)
    return render_template("directory/organisations.html", page=page, kinds=dict(kinds()))


@blueprint.get("/organisaties/<int:organisation_id>")
@requires(Permission.DIRECTORY_MANAGE)
def organisation(organisation_id: int) -> str:
    """Show an organisation."""
    found = service.organisation(organisation_id)
    return render_template(
        "directory/organisation.html", organisation=found, kind=kind_label(found)
    )


@blueprint.route("/organisaties/nieuw", methods=["GET", "POST"])
@requires(Permission.DIRECTORY_MANAGE)
def new_organisation() -> str | Response:
    """Add an organisation."""
    form = NewOrganisationForm()
    if form.validate_on_submit() and (path := attempt(form, lambda: _create(form))):
        return redirect(path)
    return render_template("directory/new_organisation.html", form=form)


def _create(form: NewOrganisationForm) -> str:
    earlier = once.redeem(
        form.once.data, "organisation", request.form, account_id=actor().account_id
    )
    if earlier:
        return earlier
    created = service.create_organisation(form.details(), actor())
    path = url_for("directory.organisation", organisation_id=created.id)
    once.finish(str(form.once.data), path)
    flash(gettext("%(name)s is toegevoegd.", name=created.name), "success")
    return path


@blueprint.route("/organisaties/<int:organisation_id>/wijzigen", methods=["GET", "POST"])
@requires(Permission.DIRECTORY_MANAGE)
def edit_organisation(organisation_id: int) -> str | Response:
    """Change an organisation."""
    found = service.organisation(organisation_id)
    name, form = found.name, OrganisationForm.of(found)
    if form.validate_on_submit():
        changed = attempt(
            form,
            lambda: service.update_organisation(found, form.details(), actor(), form.version.data),
        )
        if changed is not None:
            flash(gettext("De wijzigingen zijn bewaard."), "success")
            return redirect(url_for("directory.organisation", organisation_id=organisation_id))
    return render_template(
        "directory/edit_organisation.html", form=form, name=name, organisation_id=organisation_id
    )


@blueprint.post("/organisaties/<int:organisation_id>/stopzetten")
@requires(Permission.DIRECTORY_MANAGE)
def deactivate_organisation(organisation_id: int) -> Response:
    """Stop an organisation: it is not offered any more."""
    return _set_active(organisation_id, active=False)


@blueprint.post("/organisaties/<int:organisation_id>/hervatten")
@requires(Permission.DIRECTORY_MANAGE)
def reactivate_organisation(organisation_id: int) -> Response:
    """Resume a stopped organisation."""
    return _set_active(organisation_id, active=True)


def _set_active(organisation_id: int, *, active: bool) -> Response:
    found, form = service.organisation(organisation_id), VersionedForm()
    name = found.name
    done = gettext("%(name)s is stopgezet.", name=name)
    if active:
        done = gettext("%(name)s is weer actief.", name=name)
    if press(form, lambda: service.set_active(found, active, actor(), form.version.data)):
        flash(done, "success")
    return redirect(url_for("directory.organisation", organisation_id=organisation_id))
