"""The texts for families: written by HSV, put in use by a second person, readable ever after."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.accounts import service as accounts
from portal.core import i18n, once
from portal.core.attempts import attempt, press, succeeds
from portal.core.errors import NotFoundError
from portal.core.forms import VersionedForm
from portal.core.guard import actor, requires
from portal.core.i18n import N_
from portal.core.permissions import Permission
from portal.referrals import texts as service
from portal.referrals.forms.texts import BeginTextForm, LanguageForm, WriteTextForm
from portal.referrals.text_kinds import LANGUAGE_NAMES, TextKind, direction
from portal.referrals.texts import Text, TextEdition, TextState
from portal.referrals.views import blueprint

STATES = {
    TextState.DRAFT: (N_("In voorbereiding"), "warning"),
    TextState.ACTIVE: (N_("In gebruik"), "success"),
    TextState.RETIRED: (N_("Vroeger gebruikt"), "neutral"),
}
_KIND = "<any(consent, self, letter, page):text_kind>"
_ONE = f"/teksten/{_KIND}/<int:text_number>"


def shown(text: Text, language: str) -> dict[str, Any]:
    """Return what a page needs to print a text in a language it has, else in Dutch."""
    spoken = text.spoken(language)
    values = {"email": current_app.config["DPO_EMAIL"]}
    return {
        "blocks": text.blocks(spoken, values if text.kind != TextKind.LETTER else {}),
        "language": spoken,
        "direction": direction(spoken),
        "version": text.name,
        "languages": [(code, LANGUAGE_NAMES[code]) for code in text.languages],
    }


@blueprint.get("/teksten")
@requires(Permission.FAMILY_TEXT_MANAGE)
def texts() -> str:
    """List the texts with what is in use, and every version."""
    listed = [
        {
            "kind": kind,
            "label": gettext(service.label(kind)),
            "in_use": service.in_use(kind),
            "editions": service.editions(kind),
            "shipped": service.shipped(kind),
        }
        for kind in TextKind
    ]
    return render_template("referrals/texts.html", listed=listed, states=STATES)


@blueprint.get("/gelezen-tekst")
@requires(Permission.REFERRAL_LIST)
def text_version() -> str:
    """Show the version of a text that a family agreed to, in any language it has."""
    name = request.args.get("versie", "")
    language = request.args.get("taal", i18n.language())
    kind = service.kind_of(name)
    text = service.named(kind, name) if name else service.in_use(TextKind.CONSENT)
    return render_template(
        "referrals/text_version.html",
        text=shown(text, language),
        label=gettext(service.label(kind)),
    )


@blueprint.route(f"/teksten/{_KIND}/nieuw", methods=["GET", "POST"])
@requires(Permission.FAMILY_TEXT_MANAGE)
def begin_text(text_kind: str) -> str | Response:
    """Begin a new version of a text, as a copy of the one in use."""
    kind, form = TextKind(text_kind), BeginTextForm()
    if form.validate_on_submit():
        path = attempt(form, lambda: _begun(kind, form))
        if path:
            return redirect(path, 303)
    return render_template(
        "referrals/begin_text.html", form=form, label=gettext(service.label(kind))
    )


def _begun(kind: TextKind, form: BeginTextForm) -> str:
    key = str(form.once.data)
    earlier = once.redeem(key, f"text {kind}", request.form, account_id=actor().account_id)
    if earlier:
        return earlier
    made = service.begin(actor(), kind, form.reason.data or "")
    path = url_for("referrals.text", text_kind=kind, text_number=made.number)
    once.finish(key, path)
    return path


@blueprint.get(_ONE)
@requires(Permission.FAMILY_TEXT_MANAGE)
def text(text_kind: str, text_number: int) -> str:
    """Show one version in every language, and what may be done with it."""
    kind = TextKind(text_kind)
    found, row = service.find(kind, text_number)
    people = accounts.accounts_by_id([*row.writer_ids, row.activated_by_id or 0]) if row else {}
    return render_template(
        "referrals/text.html",
        text=found,
        row=row,
        bodies=[shown(found, code) for code in found.languages],
        names=LANGUAGE_NAMES,
        label=gettext(service.label(kind)),
        state=STATES[found.state],
        people={one: person.name for one, person in people.items()},
        writers=[people[one].name for one in row.writer_ids if one in people] if row else [],
        may_activate=row is not None and service.may_activate(actor(), row),
        form=LanguageForm(formdata=None),
    )


@blueprint.route(f"{_ONE}/<language>", methods=["GET", "POST"])
@requires(Permission.FAMILY_TEXT_MANAGE)
def write_text(text_kind: str, text_number: int, language: str) -> str | Response:
    """Write a draft in one language, with the Dutch beside it."""
    draft = _draft(text_kind, text_number)
    back = url_for("referrals.text", text_kind=text_kind, text_number=text_number)
    if language not in LANGUAGE_NAMES:
        raise NotFoundError
    if draft is None:
        return redirect(back)
    form = WriteTextForm(data={"body": draft.bodies.get(language, ""), "version": draft.version})
    if form.validate_on_submit() and succeeds(form, lambda: _write(draft, language, form)):
        flash(gettext("De tekst is bewaard."), "success")
        return redirect(back, 303)
    return render_template(
        "referrals/write_text.html",
        form=form,
        back=back,
        label=gettext(service.label(draft.kind)),
        language=language,
        language_name=LANGUAGE_NAMES[language],
        direction=direction(language),
        dutch=draft.bodies[service.DUTCH] if language != service.DUTCH else "",
    )


def _write(draft: TextEdition, language: str, form: WriteTextForm) -> None:
    service.write(actor(), draft, language, form.body.data or "", form.version.data)


@blueprint.post(f"{_ONE}/taal")
@requires(Permission.FAMILY_TEXT_MANAGE)
def add_language(text_kind: str, text_number: int) -> Response:
    """Go to the page where a language of a draft is written."""
    form = LanguageForm()
    place = {"text_kind": text_kind, "text_number": text_number}
    if not form.validate():
        flash(gettext("Kies een taal."), "error")
        return redirect(url_for("referrals.text", **place), 303)
    return redirect(url_for("referrals.write_text", language=form.language.data, **place), 303)


@blueprint.post(f"{_ONE}/in-gebruik")
@requires(Permission.FAMILY_TEXT_MANAGE)
def activate_text(text_kind: str, text_number: int) -> Response:
    """Put a draft in use."""
    draft, form = _draft(text_kind, text_number), VersionedForm()
    if draft is None:
        raise NotFoundError
    if press(form, lambda: service.activate(actor(), draft, form.version.data)):
        flash(gettext("De tekst is in gebruik."), "success")
    return _to(text_kind, text_number)


@blueprint.post(f"{_ONE}/weg")
@requires(Permission.FAMILY_TEXT_MANAGE)
def discard_text(text_kind: str, text_number: int) -> Response:
    """Throw a draft away."""
    draft, form = _draft(text_kind, text_number), VersionedForm()
    if draft is None:
        raise NotFoundError
    if press(form, lambda: service.discard(actor(), draft, form.version.data)):
        flash(gettext("De nieuwe versie is weggegooid."), "success")
        return redirect(url_for("referrals.texts"), 303)
    return _to(text_kind, text_number)


def _draft(text_kind: str, text_number: int) -> TextEdition | None:
    _text, row = service.find(TextKind(text_kind), text_number)
    return row if row is not None and row.state == TextState.DRAFT else None


def _to(text_kind: str, text_number: int) -> Response:
    place = {"text_kind": text_kind, "text_number": text_number}
    return redirect(url_for("referrals.text", **place), 303)
