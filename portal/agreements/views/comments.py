"""Comments on the articles of a version: made, answered, and handed over to HSV."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.agreements import contract_text, listing, negotiation, proposing, versions
from portal.agreements.forms.steps import AnswerForm, CommentForm, HandOverForm
from portal.agreements.models import Agreement, VersionComment
from portal.agreements.views import blueprint
from portal.agreements.views.fitting import must_fit
from portal.core import guard, once
from portal.core.attempts import attempt
from portal.core.db import db
from portal.core.errors import NotFoundError
from portal.core.permissions import Permission

Answer = Response | str


@blueprint.route("/overeenkomsten/<reference>/opmerking", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_NEGOTIATE)
def comment(reference: str) -> Answer:
    """Say something about an article of the newest version."""
    actor = guard.actor()
    agreement = listing.find(actor, reference)
    must_fit(agreement, "comment", actor)
    latest = versions.newest(agreement)
    docx, _document = proposing.read(latest, "docx")
    parts = [one for one in contract_text.sections(docx) if one.article is not None]
    asked = request.args.get("artikel", None, int)
    form = CommentForm(data={"number": latest.number, "article": asked})
    form.article.choices = [(one.article, one.title) for one in parts]
    if form.validate_on_submit():
        path = attempt(form, lambda: _comment(agreement, form))
        if path:
            return redirect(path, 303)
    chosen = next((one for one in parts if one.article == form.article.data), None)
    return render_template(
        "agreements/comment.html", agreement=agreement, version=latest, form=form, section=chosen
    )


def _comment(agreement: Agreement, form: CommentForm) -> str:
    actor, key = guard.actor(), str(form.once.data)
    purpose = f"agreements.comment {agreement.reference}"
    if earlier := once.redeem(key, purpose, request.form, account_id=actor.account_id):
        return earlier
    number, article = form.number.data or 0, form.article.data
    since = len(versions.comments_on(versions.numbered(agreement, number)))
    made = negotiation.comment(actor, agreement, number, article, form.text.data or "")
    path = url_for(
        "agreements.version",
        reference=agreement.reference,
        number=number,
        _anchor=f"opmerking-{made.id}",
    )
    once.finish(key, path)
    flash(gettext("Je opmerking staat erbij. Geef ze door als je alles gezegd hebt."), "success")
    others = len(versions.comments_on(versions.numbered(agreement, number))) - since - 1
    if others > 0:
        flash(gettext("Intussen kwam er nog een opmerking van iemand anders bij."), "info")
    return path


@blueprint.post("/overeenkomsten/<reference>/opmerkingen/<int:comment_id>/antwoord")
@guard.requires(Permission.AGREEMENT_MANAGE)
def answer(reference: str, comment_id: int) -> Answer:
    """Answer a comment for HSV."""
    actor = guard.actor()
    agreement = listing.find(actor, reference)
    found = db.session.get(VersionComment, comment_id)
    if found is None or found.on_version.agreement_id != agreement.id:
        raise NotFoundError()
    form = AnswerForm()
    path = url_for(
        "agreements.version",
        reference=reference,
        number=found.on_version.number,
        _anchor=f"opmerking-{comment_id}",
    )
    if not form.validate():
        flash(gettext("Schrijf je antwoord."), "error")
    else:
        attempt(
            None, lambda: negotiation.answer(actor, agreement, comment_id, form.text.data or "")
        )
    return redirect(path, 303)


@blueprint.route("/overeenkomsten/<reference>/doorgeven", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_NEGOTIATE)
def hand_over(reference: str) -> Answer:
    """Tell HSV that the comments are complete."""
    actor = guard.actor()
    agreement = listing.find(actor, reference)
    must_fit(agreement, "hand_over", actor)
    latest = versions.newest(agreement)
    form = HandOverForm(data={"number": latest.number})
    if form.validate_on_submit():

        def work() -> bool:
            number = form.number.data or 0
            negotiation.hand_over(actor, agreement, number, form.note.data or "")
            return True

        if attempt(form, work):
            flash(gettext("Doorgegeven. Home-Start Vlaanderen is nu aan zet."), "success")
            return redirect(url_for("agreements.show", reference=reference), 303)
    mine = [c for c in versions.comments_on(latest) if c.organisation_id == actor.organisation_id]
    return render_template(
        "agreements/hand_over.html", agreement=agreement, form=form, comments=mine, version=latest
    )
