"""Materials: the list for who may use them, and managing them for HSV."""

from collections.abc import Callable

from flask import Response as FileResponse
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.agreements import attachments, materials, materials_list, notices
from portal.agreements.forms.materials import AddMaterialForm, EditMaterialForm, ReplaceMaterialForm
from portal.agreements.models import Material
from portal.agreements.views import blueprint
from portal.core import downloads, guard
from portal.core.attempts import attempt, press, succeeds
from portal.core.db import db
from portal.core.documents import Document
from portal.core.forms import VersionedForm, need_file
from portal.core.kept import keep
from portal.core.permissions import Actor, Permission

Answer = Response | str


@blueprint.get("/materialen")
@guard.requires(Permission.MATERIAL_READ)
def material_list() -> str:
    """Show what may be downloaded: by partners with an agreement in force, and by branches."""
    actor = guard.actor()
    shown = materials_list.listing_for(actor)
    page = shown.page(materials_list.statement(actor), request.args, request.path, count=True)
    return render_template(
        "agreements/material_list.html", page=page, services=dict(materials.services())
    )


@blueprint.get("/materialen/<int:material_id>/versies/<int:number>")
@guard.requires(Permission.MATERIAL_READ, logs_access=True)
def material_file(material_id: int, number: int) -> FileResponse:
    """Send a version, and note who took it."""
    document = materials.take(guard.actor(), material_id, number)
    db.session.commit()
    return downloads.send(document)


@blueprint.route("/materialen/nieuw", methods=["GET", "POST"])
@guard.requires(Permission.MATERIAL_MANAGE)
def add_material() -> Answer:
    """Put up something new."""
    form = AddMaterialForm()

    def work() -> Material:
        return materials.add(guard.actor(), form.about(), _document(form))

    if form.validate_on_submit():
        said = gettext("Het materiaal staat klaar om te downloaden.")
        path = url_for("agreements.material_list")
        if done := keep(form, "agreements.add_material", path, work, said):
            return done
    return render_template("agreements/add_material.html", form=form)


@blueprint.get("/materialen/<int:material_id>")
@guard.requires(Permission.MATERIAL_MANAGE)
def material(material_id: int) -> str:
    """Show a material with all its versions and who downloaded it."""
    found = materials.find(guard.actor(), material_id)
    return render_template(
        "agreements/material.html",
        material=found,
        names=notices.names_of(one.added_by_id for one in found.versions),
        services=dict(materials.services()),
        downloads=materials.downloads(found),
        most=materials.MOST_SHOWN,
    )


@blueprint.route("/materialen/<int:material_id>/wijzigen", methods=["GET", "POST"])
@guard.requires(Permission.MATERIAL_MANAGE)
def edit_material(material_id: int) -> Answer:
    """Say anew what a material is."""
    actor = guard.actor()
    found = materials.find(actor, material_id)
    form = EditMaterialForm(obj=found)
    if form.validate_on_submit() and succeeds(
        form, lambda: materials.edit(actor, found, form.about(), form.version.data)
    ):
        flash(gettext("Bewaard."), "success")
        return _to(found)
    return render_template("agreements/edit_material.html", form=form, material=found)


@blueprint.route("/materialen/<int:material_id>/nieuwe-versie", methods=["GET", "POST"])
@guard.requires(Permission.MATERIAL_MANAGE)
def replace_material(material_id: int) -> Answer:
    """Put a new version in use."""
    actor = guard.actor()
    found = materials.find(actor, material_id)
    form = ReplaceMaterialForm(data={"version": found.version})
    if form.validate_on_submit() and attempt(
        form,
        lambda: materials.replace(
            actor, found, _document(form), form.note.data or "", form.version.data
        ),
    ):
        flash(gettext("Versie %(n)s is in gebruik.", n=found.number), "success")
        return _to(found)
    return render_template("agreements/replace_material.html", form=form, material=found)


@blueprint.post("/materialen/<int:material_id>/intrekken")
@guard.requires(Permission.MATERIAL_MANAGE)
def withdraw_material(material_id: int) -> Response:
    """Offer a material no longer."""
    said = gettext("Het materiaal wordt niet meer aangeboden.")
    return _pressed(material_id, materials.withdraw, said)


@blueprint.post("/materialen/<int:material_id>/aanbieden")
@guard.requires(Permission.MATERIAL_MANAGE)
def offer_material(material_id: int) -> Response:
    """Offer a material again."""
    said = gettext("Het materiaal wordt weer aangeboden.")
    return _pressed(material_id, materials.offer_again, said)


def _pressed(
    material_id: int, work: Callable[[Actor, Material, int | None], None], said: str
) -> Response:
    actor = guard.actor()
    found = materials.find(actor, material_id)
    form = VersionedForm()
    if press(form, lambda: work(actor, found, form.version.data)):
        flash(said, "success")
    return _to(found)


def _document(form: AddMaterialForm | ReplaceMaterialForm) -> Document:
    name, data = need_file(form.file)
    return attachments.keep(data, name)


def _to(found: Material) -> Response:
    return redirect(url_for("agreements.material", material_id=found.id), 303)
