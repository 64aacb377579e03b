"""Word templates: uploaded, inspected, previewed on made-up data, put in use by a second person."""

from collections.abc import Iterable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.agreements import contract, notices, template_preview, word_templates
from portal.agreements.contract import TemplateKind
from portal.agreements.contract_fields import fields_of
from portal.agreements.forms.steps import TemplateForm
from portal.agreements.models import EditionState, TemplateEdition
from portal.agreements.proposing import PDF, WORD
from portal.agreements.views import blueprint
from portal.agreements.word_templates import RefusedTemplateError
from portal.core import guard, once
from portal.core.attempts import attempt
from portal.core.db import db
from portal.core.downloads import attachment
from portal.core.errors import NotFoundError
from portal.core.forms import need_file
from portal.core.i18n import N_
from portal.core.permissions import Permission
from portal.core.rendering import Problem, RefusedError

Answer = Response | str
_ONE = "/sjablonen/<kind>/<int:number>"
STATES = {
    EditionState.DRAFT: (N_("Wacht op een collega"), "warning"),
    EditionState.ACTIVE: (N_("In gebruik"), "success"),
    EditionState.RETIRED: (N_("Vroeger gebruikt"), "neutral"),
}


@blueprint.get("/sjablonen")
@guard.requires(Permission.TEMPLATE_MANAGE)
def templates() -> str:
    """List the kinds of template with what is in use, and every edition."""
    every = word_templates.editions()
    people = notices.names_of([*(e.made_by_id for e in every), *(e.activated_by_id for e in every)])
    by_kind = {kind: [e for e in every if e.kind == kind] for kind in TemplateKind}
    return render_template(
        "agreements/templates.html", by_kind=by_kind, people=people, states=STATES
    )


@blueprint.route("/sjablonen/nieuw", methods=["GET", "POST"])
@guard.requires(Permission.TEMPLATE_MANAGE)
def upload_template() -> Answer:
    """Take in a new template; say per paragraph what is wrong with it."""
    form = TemplateForm(data={"kind": request.args.get("soort")})
    form.kind.choices = [(str(kind), gettext(kind.label)) for kind in TemplateKind]
    problems: list[Problem] = []
    if form.validate_on_submit():
        try:
            path = attempt(form, lambda: _upload(form))
        except RefusedTemplateError as refused:
            db.session.rollback()  # the key is not spent
            path, problems = None, refused.problems
        if path:
            return redirect(path, 303)
    return render_template("agreements/upload_template.html", form=form, problems=said(problems))


def said(problems: Iterable[Problem]) -> list[tuple[str, str]]:
    """Return problems as (where, what) in the reader's words."""
    return [(one.place, gettext(one.message) % one.values) for one in problems]


def _upload(form: TemplateForm) -> str:
    actor, key = guard.actor(), str(form.once.data)
    earlier = once.redeem(
        key, "agreements.upload_template", request.form, account_id=actor.account_id
    )
    if earlier:
        return earlier
    name, data = need_file(form.file)
    added = word_templates.add(
        actor, TemplateKind(form.kind.data), data, name, form.note.data or ""
    )
    path = url_for("agreements.template", kind=added.kind, number=added.number)
    once.finish(key, path)
    return path


@blueprint.get(_ONE)
@guard.requires(Permission.TEMPLATE_MANAGE)
def template(kind: str, number: int) -> str:
    """Show one template: what was found, the preview, and putting it in use."""
    found = word_templates.edition(kind, number)
    return render_template(
        "agreements/template.html",
        edition=found,
        label=gettext(TemplateKind(found.kind).label),
        state=STATES[found.state],
        people=notices.names_of([found.made_by_id, found.activated_by_id]),
        own=found.made_by_id == guard.actor().account_id,
    )


@blueprint.get(f"{_ONE}/<any(word, pdf, sjabloon):form>")
@guard.requires(Permission.TEMPLATE_MANAGE)
def template_file(kind: str, number: int, form: str) -> Answer:
    """Send the template itself, or a preview of it on made-up data."""
    found = word_templates.edition(kind, number)
    return _file(TemplateKind(found.kind), word_templates.content(found), form, found)


@blueprint.get("/sjablonen/<kind>/meegeleverd/<any(word, pdf, sjabloon):form>")
@guard.requires(Permission.TEMPLATE_MANAGE)
def shipped_template(kind: str, form: str) -> Answer:
    """Send the template that came with the portal, or a preview of it."""
    if kind not in {str(one) for one in TemplateKind}:
        raise NotFoundError()
    return _file(TemplateKind(kind), None, form, None)


def _file(
    kind: TemplateKind, content: bytes | None, form: str, edition: TemplateEdition | None
) -> Answer:
    name = f"{kind.filename.removesuffix('.docx')}"
    if form == "sjabloon":
        return attachment(content or contract.template(kind), f"{name}.docx", WORD)
    try:
        data = template_preview.preview(kind, content, pdf=form == "pdf")
    except RefusedError as refused:
        return render_template(
            "agreements/template_refused.html", problems=said(refused.problems), edition=edition
        )
    extension, media_type = ("pdf", PDF) if form == "pdf" else ("docx", WORD)
    return attachment(data, f"voorbeeld {name}.{extension}", media_type)


@blueprint.post(f"{_ONE}/in-gebruik")
@guard.requires(Permission.TEMPLATE_MANAGE)
def activate_template(kind: str, number: int) -> Response:
    """Put a template in use."""
    found = word_templates.edition(kind, number)
    version = request.form.get("version", -1, int)

    def work() -> tuple[Any]:
        return (word_templates.activate(guard.actor(), found, version),)

    if attempt(None, work):
        flash(gettext("Nieuwe versies gebruiken vanaf nu dit sjabloon."), "success")
    return redirect(url_for("agreements.template", kind=kind, number=number), 303)


@blueprint.post(f"{_ONE}/uit-gebruik")
@guard.requires(Permission.TEMPLATE_MANAGE)
def retire_template(kind: str, number: int) -> Response:
    """Go back to the template that came with the portal."""
    found = word_templates.edition(kind, number)
    version = request.form.get("version", -1, int)

    def work() -> tuple[Any]:
        return (word_templates.retire(guard.actor(), found, version),)

    if attempt(None, work):
        flash(gettext("Nieuwe versies gebruiken weer het meegeleverde sjabloon."), "success")
    return redirect(url_for("agreements.templates"), 303)


@blueprint.get("/sjablonen/velden")
@guard.requires(Permission.TEMPLATE_MANAGE)
def template_fields() -> str:
    """Show the fields a template of a kind may use."""
    wanted = request.args.get("soort", "")
    known = {str(kind) for kind in TemplateKind}
    kind = TemplateKind(wanted if wanted in known else TemplateKind.COORDINATOR)
    return render_template(
        "agreements/template_fields.html",
        kind=kind,
        kinds=[(str(one), gettext(one.label)) for one in TemplateKind],
        fields=fields_of(kind),
        examples=template_preview.examples(kind),
    )
