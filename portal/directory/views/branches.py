"""Branches and the area of each, kept by HSV's administrators."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import ColumnElement, func, select
from werkzeug.wrappers import Response

from portal.core import clock, export, once
from portal.core.attempts import attempt, press
from portal.core.forms import VersionedForm
from portal.core.guard import actor, requires
from portal.core.i18n import N_
from portal.core.permissions import Permission
from portal.core.tables import Column, Filter, Listing
from portal.directory import areas
from portal.directory import branches as service
from portal.directory.forms import BranchForm, CloseBranchForm, NewBranchForm
from portal.directory.models import Branch, BranchArea
from portal.directory.views import blueprint


def state(branch: Branch) -> tuple[str, str]:
    """Return whether a branch is open today, in words, and the tone of the badge."""
    today = clock.today()
    if branch.is_open(today):
        return gettext("Open"), "success"
    if branch.active_from > today:
        return gettext("Nog niet open"), "info"
    return gettext("Gesloten"), "neutral"


def _in_state(wanted: str) -> ColumnElement[bool]:
    open_or_coming = service.not_closed(clock.today())
    return ~open_or_coming if wanted == "gesloten" else open_or_coming


COLUMNS: list[Column[Any]] = [
    Column("naam", N_("Afdeling"), lambda row: row.Branch.name, sort=Branch.sort_name),
    Column("gemeenten", N_("Gemeenten"), lambda row: row.served, num=True),
    Column(
        "plaatsen",
        N_("Plaatsen"),
        lambda row: row.Branch.places_capacity,
        sort=Branch.places_capacity,
        num=True,
    ),
    Column("vanaf", N_("Open vanaf"), lambda row: row.Branch.active_from, sort=Branch.active_from),
    Column("staat", N_("Staat"), lambda row: state(row.Branch)[0]),
]
EXPORTED: list[Column[Any]] = [
    *COLUMNS,
    Column("tot", N_("Laatste dag open"), lambda row: row.Branch.closed_on),
    Column("email", N_("E-mailadres"), lambda row: row.Branch.email),
    Column("telefoon", N_("Telefoon"), lambda row: row.Branch.phone),
]
LISTING: Listing[Any] = Listing(
    COLUMNS,
    row_id=Branch.id,
    first_sort="naam",
    filters=[
        Filter("q", N_("Naam"), service.matching),
        Filter(
            "staat",
            N_("Staat"),
            _in_state,
            choices=lambda: [
                ("open", gettext("Open of binnenkort open")),
                ("gesloten", gettext("Gesloten")),
            ],
        ),
    ],
)


def _with_count() -> Any:
    served = (
        select(func.count())
        .where(BranchArea.branch_id == Branch.id, service.serving(clock.today()))
        .scalar_subquery()
    )
    return select(Branch, served.label("served"))


@blueprint.get("/afdelingen")
@requires(Permission.DIRECTORY_MANAGE)
def branches() -> Any:
    """List the branches."""
    if wanted := request.args.get("formaat"):
        statement = LISTING.everything(_with_count(), request.args)
        return export.respond(wanted, EXPORTED, statement, gettext("afdelingen"))
    page = LISTING.page(_with_count(), request.args, request.path, count=True)
    states = {row.Branch.id: state(row.Branch) for row in page.rows}
    return render_template("directory/branches.html", page=page, states=states)


@blueprint.get("/afdelingen/<slug>")
@requires(Permission.DIRECTORY_MANAGE)
def branch(slug: str) -> str:
    """Show a branch with the municipalities it serves."""
    found = service.branch_at(slug)
    today = clock.today()
    parts = areas.areas_of(found)
    over = [part for part in parts if part.to_on is not None and part.to_on < today]
    return render_template(
        "directory/branch.html",
        branch=found,
        state=state(found),
        parts=[part for part in parts if part not in over],
        over=over,
        today=today,
    )


@blueprint.route("/afdelingen/nieuw", methods=["GET", "POST"])
@requires(Permission.DIRECTORY_MANAGE)
def new_branch() -> str | Response:
    """Open a branch."""
    form = NewBranchForm()
    if form.validate_on_submit() and (path := attempt(form, lambda: _open(form))):
        return redirect(path)
    return render_template("directory/new_branch.html", form=form)


def _open(form: NewBranchForm) -> str:
    earlier = once.redeem(form.once.data, "branch", request.form, account_id=actor().account_id)
    if earlier:
        return earlier
    created = service.open_branch(form.details(), actor())
    path = url_for("directory.branch", slug=created.slug)
    once.finish(str(form.once.data), path)
    flash(gettext("%(name)s is toegevoegd.", name=created.name), "success")
    return path


@blueprint.route("/afdelingen/<slug>/wijzigen", methods=["GET", "POST"])
@requires(Permission.DIRECTORY_MANAGE)
def edit_branch(slug: str) -> str | Response:
    """Change a branch."""
    found = service.branch_at(slug)
    name, form = found.name, BranchForm.of(found)
    if form.validate_on_submit():
        changed = attempt(
            form,
            lambda: service.update_branch(found, form.details(), actor(), form.version.data),
        )
        if changed is not None:
            flash(gettext("De wijzigingen zijn bewaard."), "success")
            return redirect(url_for("directory.branch", slug=slug))
    return render_template("directory/edit_branch.html", form=form, name=name, slug=slug)


@blueprint.route("/afdelingen/<slug>/sluiten", methods=["GET", "POST"])
@requires(Permission.DIRECTORY_MANAGE)
def close_branch(slug: str) -> str | Response:
    """Set the last day of a branch."""
    found = service.branch_at(slug)
    name, form = found.name, CloseBranchForm(obj=found)
    if form.validate_on_submit() and attempt(form, lambda: _close(found, form)):
        return redirect(url_for("directory.branch", slug=slug))
    return render_template("directory/close_branch.html", form=form, name=name, slug=slug)


def _close(found: Branch, form: CloseBranchForm) -> bool:
    last_day_on = form.closed_on.data
    assert last_day_on is not None  # the form asked for it
    service.close_branch(found, last_day_on, actor(), form.version.data)
    flash(gettext("De laatste dag van %(name)s is bewaard.", name=found.name), "success")
    return True


@blueprint.post("/afdelingen/<slug>/heropenen")
@requires(Permission.DIRECTORY_MANAGE)
def reopen_branch(slug: str) -> Response:
    """Take back the closing of a branch."""
    found, form = service.branch_at(slug), VersionedForm()
    if press(form, lambda: service.reopen_branch(found, actor(), form.version.data)):
        flash(
            gettext("De sluiting is ongedaan gemaakt. Voeg de gemeenten opnieuw toe waar nodig."),
            "success",
        )
    return redirect(url_for("directory.branch", slug=slug))
