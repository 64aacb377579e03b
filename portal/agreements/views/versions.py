"""Versions: read on screen, downloaded, compared, commented on, countered and agreed with."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.agreements import (
    comparing,
    contract_text,
    listing,
    negotiation,
    notices,
    present,
    proposing,
    uploading,
)
from portal.agreements.drafting_checks import LOCKED_ARTICLES
from portal.agreements.forms.steps import (
    AnswerForm,
    ButtonForm,
    CommentForm,
    HandOverForm,
    UploadForm,
    need_file,
)
from portal.agreements.models import Agreement, AgreementVersion, VersionComment
from portal.agreements.proposing import Prepared
from portal.agreements.states import workflow
from portal.agreements.views import blueprint
from portal.agreements.views.fitting import must_fit
from portal.core import guard, once
from portal.core.attempts import attempt
from portal.core.db import db, reading
from portal.core.downloads import attachment
from portal.core.errors import NotFoundError
from portal.core.permissions import Permission

Answer = Response | str
_VERSION = "/overeenkomsten/<reference>/versies/<int:number>"


@blueprint.get(_VERSION)
@guard.requires(Permission.AGREEMENT_READ)
def version(reference: str, number: int) -> str:
    """Show the text of a version, article by article, with what was said about each."""
    actor = guard.actor()
    agreement = listing.find(actor, reference)
    found = _version(agreement, number)
    docx, _document = proposing.read(found, "docx")
    newest = found is agreement.latest
    return render_template(
        "agreements/version.html",
        agreement=agreement,
        version=found,
        newest=newest,
        sections=contract_text.sections(docx),
        comments=_comments(found),
        people=_names(found),
        names=present.organisation_names(agreement),
        proposer=present.proposer(found, present.organisation_names(agreement)),
        locked=LOCKED_ARTICLES,
        may_comment=newest and workflow.can(agreement, "comment", actor),
        may_answer=workflow.can(agreement, "answer", actor),
        before=next((v for v in agreement.versions if v.number == number - 1), None),
    )


@blueprint.get(f"{_VERSION}/<any(word, pdf):form>")
@guard.requires(Permission.AGREEMENT_READ)
def version_file(reference: str, number: int, form: str) -> Response:
    """Send a version as Word or PDF, exactly as it was kept."""
    found = _version(listing.find(guard.actor(), reference), number)
    data, document = proposing.read(found, "pdf" if form == "pdf" else "docx")
    return attachment(data, document.filename or "document", document.media_type)


@blueprint.get("/overeenkomsten/<reference>/verschillen")
@guard.requires(Permission.AGREEMENT_READ)
def differences(reference: str) -> str:
    """Show what changed between two versions, in the terms and in the text."""
    agreement = listing.find(guard.actor(), reference)
    old, new = _pair(agreement)
    return render_template(
        "agreements/differences.html",
        agreement=agreement,
        old=old,
        new=new,
        versions=agreement.versions,
        terms=comparing.terms(old.terms, new.terms),
        changes=comparing.text(old, new),
        names=present.organisation_names(agreement),
        proposer=present.proposer,
    )


@blueprint.get("/overeenkomsten/<reference>/verschillen/word")
@guard.requires(Permission.AGREEMENT_READ)
def differences_file(reference: str) -> Response:
    """Send the differences between two versions as Word with tracked changes."""
    agreement = listing.find(guard.actor(), reference)
    old, new = _pair(agreement)
    author = present.proposer(new, present.organisation_names(agreement))
    data = comparing.word(old, new, author)
    name = f"{agreement.reference} verschillen versie {old.number} en {new.number}.docx"
    return attachment(data, name, proposing.WORD)


@blueprint.route("/overeenkomsten/<reference>/opmerking", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_NEGOTIATE)
def comment(reference: str) -> Answer:
    """Say something about an article of the newest version."""
    actor = guard.actor()
    agreement = listing.find(actor, reference)
    must_fit(agreement, "comment", actor)
    latest = _latest(agreement)
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
    since = len(_comments_on(_version(agreement, number)))
    made = negotiation.comment(actor, agreement, number, article, form.text.data or "")
    path = url_for(
        "agreements.version",
        reference=agreement.reference,
        number=number,
        _anchor=f"opmerking-{made.id}",
    )
    once.finish(key, path)
    flash(gettext("Je opmerking staat erbij. Geef ze door als je alles gezegd hebt."), "success")
    others = len(_comments_on(_version(agreement, number))) - since - 1
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
    latest = _latest(agreement)
    form = HandOverForm(data={"number": latest.number})
    if form.validate_on_submit():

        def work() -> bool:
            number = form.number.data or 0
            negotiation.hand_over(actor, agreement, number, form.note.data or "")
            return True

        if attempt(form, work):
            flash(gettext("Doorgegeven. Home-Start Vlaanderen is nu aan zet."), "success")
            return redirect(url_for("agreements.show", reference=reference), 303)
    mine = [c for c in _comments_on(latest) if c.organisation_id == actor.organisation_id]
    return render_template(
        "agreements/hand_over.html", agreement=agreement, form=form, comments=mine, version=latest
    )


@blueprint.route("/overeenkomsten/<reference>/eigen-versie", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_NEGOTIATE)
def upload(reference: str) -> Answer:
    """Take in a partner's edited Word as a counter-proposal."""
    actor = guard.actor()
    agreement = listing.find(actor, reference)
    must_fit(agreement, "counter_propose", actor)
    latest = _latest(agreement)
    form = UploadForm(data={"number": latest.number})
    if form.validate_on_submit() and _upload(reference, form):
        flash(gettext("Jullie versie is bewaard zoals ze is en aan HSV bezorgd."), "success")
        return redirect(url_for("agreements.show", reference=reference), 303)
    return render_template(
        "agreements/upload.html",
        agreement=listing.find(actor, reference),
        form=form,
        version=latest,
        locked=LOCKED_ARTICLES,
    )


def _upload(reference: str, form: UploadForm) -> AgreementVersion | None:
    """Inspect and print outside the transaction that writes, then keep it."""
    actor, number = guard.actor(), form.number.data or 0
    db.session.rollback()

    def read_it() -> Prepared:
        _name, data = need_file(form.file)
        agreement = listing.find(actor, reference)
        return uploading.prepare(agreement, _version(agreement, number), data)

    def keep_it(prepared: Prepared) -> AgreementVersion:
        agreement = listing.find(actor, reference)
        return negotiation.upload(actor, agreement, number, prepared, form.note.data or "")

    with reading():
        prepared = attempt(form, read_it)
    return attempt(form, lambda: keep_it(prepared)) if prepared else None


@blueprint.route("/overeenkomsten/<reference>/akkoord", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_NEGOTIATE)
def accept(reference: str) -> Answer:
    """Agree with the newest version for one's organisation."""
    actor = guard.actor()
    agreement = listing.find(actor, reference)
    must_fit(agreement, "accept", actor)
    latest = _latest(agreement)
    form = ButtonForm(data={"number": latest.number})
    if form.validate_on_submit():

        def work() -> bool:
            negotiation.accept(actor, agreement, form.number.data or 0)
            return True

        if attempt(form, work):
            flash(
                gettext("Het akkoord van %(name)s is vastgelegd.", name=actor.organisation_name),
                "success",
            )
            return redirect(url_for("agreements.show", reference=reference), 303)
    own = next(
        (p for p in latest.terms.partners if p.organisation_id == actor.organisation_id), None
    )
    return render_template(
        "agreements/accept.html", agreement=agreement, form=form, version=latest, party=own
    )


@blueprint.post("/overeenkomsten/<reference>/overnemen")
@guard.requires(Permission.AGREEMENT_MANAGE)
def take_over(reference: str) -> Response:
    """Accept a partner's counter-proposal for HSV."""
    actor = guard.actor()
    agreement = listing.find(actor, reference)
    number = request.form.get("number", 0, int)
    if attempt(None, lambda: (negotiation.take_over(actor, agreement, number),)):
        flash(
            gettext("Versie %(n)s is overgenomen en ligt voor aan de partners.", n=number),
            "success",
        )
    return redirect(url_for("agreements.show", reference=reference), 303)


def _version(agreement: Agreement, number: int) -> AgreementVersion:
    for found in agreement.versions:
        if found.number == number:
            return found
    raise NotFoundError()


def _latest(agreement: Agreement) -> AgreementVersion:
    if agreement.latest is None:
        raise NotFoundError()
    return agreement.latest


def _pair(agreement: Agreement) -> tuple[AgreementVersion, AgreementVersion]:
    """Return the two versions asked for; by default the newest and the one before."""
    last = _latest(agreement).number
    new = request.args.get("naar", last, int)
    old = request.args.get("van", max(new - 1, 1), int)
    return _version(agreement, old), _version(agreement, new)


def _comments_on(found: AgreementVersion) -> list[VersionComment]:
    rows = db.session.scalars(
        select(VersionComment)
        .where(VersionComment.version_id == found.id)
        .order_by(VersionComment.id)
    )
    return list(rows)


def _comments(found: AgreementVersion) -> dict[int | None, list[VersionComment]]:
    """Return the comments on a version by article; None for the whole text."""
    by_article: dict[int | None, list[VersionComment]] = {}
    for one in _comments_on(found):
        by_article.setdefault(one.article, []).append(one)
    return by_article


def _names(found: AgreementVersion) -> dict[int | None, str]:
    comments = _comments_on(found)
    ids: list[Any] = [c.account_id for c in comments] + [c.answered_by_id for c in comments]
    return notices.names_of([*ids, found.proposed_by_id])
