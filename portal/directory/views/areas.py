"""The municipalities a branch serves: adding, ending, taking back."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.core import clock, once
from portal.core.attempts import attempt, press
from portal.core.forms import BaseForm
from portal.core.guard import actor, requires
from portal.core.permissions import Permission
from portal.directory import areas as service
from portal.directory import branches
from portal.directory.forms import AddMunicipalityForm, EndMunicipalityForm
from portal.directory.models import Branch, BranchArea
from portal.directory.views import blueprint


@blueprint.route("/afdelingen/<slug>/gemeenten/toevoegen", methods=["GET", "POST"])
@requires(Permission.DIRECTORY_MANAGE)
def add_municipality(slug: str) -> str | Response:
    """Let a branch serve a municipality from a day."""
    branch = branches.branch_at(slug)
    name = branch.name
    form = AddMunicipalityForm(from_on=max(clock.today(), branch.active_from))
    if form.validate_on_submit() and attempt(form, lambda: _add(branch, form)):
        return redirect(url_for("directory.branch", slug=slug))
    return render_template("directory/add_municipality.html", form=form, name=name, slug=slug)


def _add(branch: Branch, form: AddMunicipalityForm) -> bool:
    key = form.once.data
    if once.redeem(key, "branch area", request.form, account_id=actor().account_id):
        return True
    nis, from_on = form.chosen_nis(), form.from_on.data
    assert nis is not None  # the form asked for both
    assert from_on is not None
    added = service.add_municipality(branch, nis, from_on, actor(), form.to_on.data)
    once.finish(str(key), url_for("directory.branch", slug=branch.slug))
    flash(
        gettext(
            "%(branch)s bedient nu %(name)s.", branch=branch.name, name=added.municipality.name
        ),
        "success",
    )
    return True


@blueprint.route("/afdelingen/<slug>/gemeenten/<int:area_id>/einde", methods=["GET", "POST"])
@requires(Permission.DIRECTORY_MANAGE)
def end_municipality(slug: str, area_id: int) -> str | Response:
    """Set the last day a branch serves a municipality."""
    branch = branches.branch_at(slug)
    part = service.area(branch, area_id)
    form = EndMunicipalityForm(obj=part)
    page = {
        "branch_name": branch.name,
        "municipality_name": part.municipality.name,
        "from_on": part.from_on,
        "slug": slug,
    }
    if form.validate_on_submit() and attempt(form, lambda: _end(part, form)):
        return redirect(url_for("directory.branch", slug=slug))
    return render_template("directory/end_municipality.html", form=form, **page)


def _end(part: BranchArea, form: EndMunicipalityForm) -> bool:
    service.end_municipality(part, form.to_on.data, actor())
    flash(
        gettext("De laatste dag voor %(name)s is bewaard.", name=part.municipality.name), "success"
    )
    return True


@blueprint.post("/afdelingen/<slug>/gemeenten/<int:area_id>/verwijderen")
@requires(Permission.DIRECTORY_MANAGE)
def remove_municipality(slug: str, area_id: int) -> Response:
    """Take back a municipality that the branch does not serve yet."""
    part = service.area(branches.branch_at(slug), area_id)
    name = part.municipality.name
    if press(BaseForm(), lambda: service.remove_municipality(part, clock.today(), actor())):
        flash(gettext("%(name)s is weggehaald.", name=name), "success")
    return redirect(url_for("directory.branch", slug=slug))
