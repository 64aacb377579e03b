"""Writing an addendum with the forms of a draft, seeing what it makes of the text, proposing it."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.agreements import addenda, addendum_present, addendum_talk, addendum_text, in_force
from portal.agreements import listing as agreements
from portal.agreements.addendum_checks import GROUND
from portal.agreements.addendum_text import Texts
from portal.agreements.drafting_checks import PARTIES
from portal.agreements.forms.addenda import GroundForm, StartForm
from portal.agreements.forms.propose import ProposeForm
from portal.agreements.models import Addendum, AddendumVersion, FileKind
from portal.agreements.proposing import PDF, WORD
from portal.agreements.views import blueprint
from portal.agreements.views.addenda import FILE, KINDS, LIST
from portal.agreements.views.desk import Desk, addendum_desk
from portal.agreements.views.edit import STEP, check_page, step_page, steps
from portal.agreements.views.edit_parties import party_page
from portal.agreements.views.propose import printed
from portal.core import guard
from portal.core.attempts import attempt, press, succeeds
from portal.core.db import db, reading
from portal.core.downloads import attachment
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.permissions import Permission
from portal.core.rendering import Converter

Answer = Response | str
_DRAFT = "/overeenkomsten/<reference>/wijziging"


@blueprint.post(LIST)
@guard.requires(Permission.AGREEMENT_MANAGE)
def start_addendum(reference: str) -> Response:
    """Begin an addendum, or go on with the one that is being written."""
    agreement = agreements.find(guard.actor(), reference)
    form = StartForm()

    def work() -> None:
        addenda.start(guard.actor(), agreement, longer=bool(form.longer.data))

    if press(form, work):
        return redirect(url_for("agreements.ground", reference=reference), 303)
    return redirect(url_for("agreements.addenda_list", reference=reference), 303)


@blueprint.route(f"{_DRAFT}/{GROUND}", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_MANAGE)
def ground(reference: str) -> Answer:
    """Ask why the agreement changes, and from when."""
    desk = addendum_desk(guard.actor(), reference)
    draft = _draft(desk)
    form = GroundForm(
        data={"version": draft.version, "reason": draft.reason, "from_on": draft.from_on}
    )

    def work() -> None:
        addenda.set_ground(guard.actor(), draft, form.ground(), form.version.data)

    if form.validate_on_submit() and succeeds(form, work):
        return redirect(desk.url(desk.next_step(GROUND)), 303)
    return render_template(
        "agreements/ground.html", form=form, steps=steps(desk, GROUND), **desk.page(GROUND)
    )


@blueprint.route(f"{_DRAFT}/{STEP}", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_MANAGE)
def amend(reference: str, step: str) -> Answer:
    """Show or keep one step of an addendum: what of the terms changes."""
    return step_page(addendum_desk(guard.actor(), reference), step)


@blueprint.route(f"{_DRAFT}/{PARTIES}/<int:position>", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_MANAGE)
def amend_party(reference: str, position: int) -> Answer:
    """Change what a party says of itself: who signs, who is the contact; 0 is HSV."""
    return party_page(addendum_desk(guard.actor(), reference), position)


@blueprint.get(f"{_DRAFT}/voorbeeld")
@guard.requires(Permission.AGREEMENT_MANAGE)
def preview_addendum(reference: str) -> Answer:
    """Show what an addendum would say, and the old and new text of each article."""
    desk = addendum_desk(guard.actor(), reference)
    made = attempt(None, lambda: _texts(_draft(desk)))
    if made is None:
        return redirect(desk.url("nakijken"), 303)
    return render_template(
        "agreements/preview_addendum.html",
        desk=desk,
        agreement=desk.agreement,
        texts=made,
        changed=addendum_present.compared(in_force.concluded(desk.agreement), desk.terms),
        changes=addendum_present.passages(made.before, made.consolidated),
    )


@blueprint.get(f"{_DRAFT}/voorbeeld/{FILE}")
@guard.requires(Permission.AGREEMENT_MANAGE)
def preview_file(reference: str, what: str, form: str) -> Response:
    """Send what an addendum would be, in Word or PDF; nothing is kept."""
    desk = addendum_desk(guard.actor(), reference)
    made = attempt(None, lambda: _texts(_draft(desk)))
    if made is None:
        return redirect(desk.url("nakijken"), 303)
    kind = KINDS[what, form]
    docx = made.docx if kind in (FileKind.WORD, FileKind.PDF) else made.consolidated
    name = f"{reference} {what} ontwerp"
    if form == "word":
        return attachment(docx, f"{name}.docx", WORD)
    return attachment(Converter().to_pdf(docx), f"{name}.pdf", PDF)


@blueprint.post(f"{_DRAFT}/voorleggen")
@guard.requires(Permission.AGREEMENT_MANAGE)
def propose_addendum(reference: str) -> Answer:
    """Freeze the addendum and put it to the partners; printed before the transaction."""
    actor = guard.actor()
    form = ProposeForm()
    if not form.validate():
        return check_page(addendum_desk(actor, reference), form)
    db.session.rollback()
    with reading():
        draft = _draft(addendum_desk(actor, reference))
        prepared = attempt(form, lambda: printed(lambda: addendum_talk.prepare(draft)))
    desk = addendum_desk(actor, reference)

    def keep() -> AddendumVersion:
        assert prepared is not None
        note = form.note.data or ""
        return addendum_talk.propose(actor, _draft(desk), prepared, form.version.data, note)

    kept = attempt(form, keep) if prepared else None
    if kept is None:
        return check_page(desk, form)
    number = _draft(desk).number
    flash(
        gettext("Addendum %(n)s ligt vast en is voorgelegd aan de partners.", n=number), "success"
    )
    return redirect(url_for("agreements.addendum", reference=reference, number=number), 303)


@blueprint.post(f"{_DRAFT}/weggooien")
@guard.requires(Permission.AGREEMENT_MANAGE)
def discard_addendum(reference: str) -> Response:
    """Throw away a draft that no partner saw."""
    desk = addendum_desk(guard.actor(), reference)
    version = request.form.get("version", -1, int)
    if succeeds(None, lambda: addenda.discard(guard.actor(), _draft(desk), version)):
        flash(gettext("Het ontwerp is weggegooid. Geen enkele partner zag het."), "info")
    return redirect(url_for("agreements.addenda_list", reference=reference), 303)


def _draft(desk: Desk) -> Addendum:
    assert desk.addendum is not None
    return desk.addendum


def _texts(draft: Addendum) -> Texts:
    if draft.from_on is None:
        raise DomainError(N_("Kies eerst vanaf welke dag het addendum geldt."))
    number = addendum_talk.next_number_of(draft)
    return printed(lambda: addendum_text.make(draft, number, None))
