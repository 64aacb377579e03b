"""The pages of who is asked to sign: theirs alone, whatever else they do in the portal."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.accounts import service as accounts
from portal.accounts import throttle
from portal.agreements import (
    attachments,
    contract_text,
    envelope_answers,
    envelope_codes,
    envelope_present,
    envelope_signing,
    envelope_turns,
    envelopes,
)
from portal.agreements.envelope_codes import Circumstances
from portal.agreements.envelope_signing import MOST_ATTEMPTS, Put, StaleDocumentError
from portal.agreements.forms.signing import (
    CodeRequestForm,
    DeclineForm,
    ForwardForm,
    RemoteForm,
    SignedFileForm,
    SignForm,
)
from portal.agreements.models import EnvelopeSignatory
from portal.agreements.views import blueprint
from portal.core import documents, guard
from portal.core.attempts import attempt, succeeds
from portal.core.db import db, reading
from portal.core.downloads import attachment, send
from portal.core.errors import DomainError
from portal.core.forms import BaseForm, need_file, show_error
from portal.core.permissions import Permission
from portal.core.signing import RefusedSignatureError
from portal.core.signing.csc import RemoteService, remote_service

Answer = Response | str
_SIGN = "/ondertekenen/<int:signatory_id>"
SIGNING = "10 per 15 minutes"  # passwords, codes and files of one person


@blueprint.get(_SIGN)
@guard.requires(Permission.AGREEMENT_SIGN)
def sign(signatory_id: int) -> str:
    """Show the document to read, and the ways to sign it."""
    one = _asked(signatory_id)
    envelope = one.envelope
    docx = documents.read(envelope.docx) if envelope.docx else None
    return render_template(
        "agreements/sign.html",
        signatory=one,
        envelope=envelope,
        people=envelope_present.people(envelope),
        badge=envelope_present.own_badge(one),
        sections=contract_text.sections(docx) if docx else [],
        may=envelope_turns.has_turn(one),
        waiting=envelope_present.still_to_sign(envelope),
        remote=remote_service() is not None,
        may_forward=one.delegated_from_id is None,
    )


@blueprint.get(f"{_SIGN}/document")
@guard.requires(Permission.AGREEMENT_SIGN)
def sign_file(signatory_id: int) -> Response:
    """Send the newest state of the document: to read, or to sign with one's own certificate."""
    kept = _asked(signatory_id).envelope.latest
    return attachment(envelopes.read(kept), kept.document.filename, kept.document.media_type)


@blueprint.get(f"{_SIGN}/bewijsstuk")
@guard.requires(Permission.AGREEMENT_SIGN)
def sign_evidence(signatory_id: int) -> Response:
    """Send the evidence certificate to who signed; before it is there, the document."""
    evidence = _asked(signatory_id).envelope.evidence
    if evidence is None:
        return sign_file(signatory_id)
    return send(evidence.document)


@blueprint.route(f"{_SIGN}/bevestigen", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_SIGN)
@throttle.per_person(SIGNING)
def confirm_signature(signatory_id: int) -> Answer:
    """Sign in the portal: the password again, a code by mail, and the confirmation."""
    one = _asked(signatory_id)
    if not envelope_turns.has_turn(one):
        return _over(one)
    code_sent = envelope_codes.is_out(one, guard.actor(), g.sign_in_id)
    asking = not code_sent or "nieuw" in request.args
    if asking:
        form: BaseForm = CodeRequestForm()
        if form.validate_on_submit() and _send_code(one, form):
            return redirect(url_for("agreements.confirm_signature", signatory_id=signatory_id), 303)
    else:
        form = SignForm()
        if form.validate_on_submit() and _sign_by_code(signatory_id, form):
            return _thanks(signatory_id)
        one = _asked(signatory_id)
    return render_template(
        "agreements/confirm_signature.html", signatory=one, form=form, asking=asking
    )


def _send_code(one: EnvelopeSignatory, form: BaseForm) -> bool:
    actor = guard.actor()
    right = accounts.is_password_of(actor, form["password"].data or "")
    if not right:
        db.session.commit()  # a failure counts
        form["password"].errors = [gettext("Dit is niet je huidige wachtwoord.")]
        return False
    return succeeds(form, lambda: envelope_codes.ask(actor, one, _where()))


def _sign_by_code(signatory_id: int, form: BaseForm) -> bool:
    actor, where = guard.actor(), _where()
    one = _asked(signatory_id)
    found = envelope_codes.try_code(actor, one, form["code"].data or "", where)
    db.session.commit()  # also a wrong try counts
    if isinstance(found, str):
        words = gettext(found, left=envelope_codes.left(one, actor))
        form["code"].errors = [words]
        return False
    code_id = found.id
    return _put(
        form, signatory_id, lambda mine: envelope_signing.in_portal(mine, where), code_id=code_id
    )


@blueprint.route(f"{_SIGN}/eigen-certificaat", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_SIGN)
@throttle.per_person(SIGNING)
def upload_signature(signatory_id: int) -> Answer:
    """Sign with one's own certificate: download, sign, upload."""
    one = _asked(signatory_id)
    if not envelope_turns.has_turn(one):
        return _over(one)
    form = SignedFileForm()
    if form.validate_on_submit():
        sent = attempt(form, lambda: need_file(form.file))
        if sent and _put(form, signatory_id, lambda mine: envelope_signing.uploaded(mine, sent[1])):
            return _thanks(signatory_id)
    return render_template(
        "agreements/upload_signature.html", signatory=_asked(signatory_id), form=form
    )


@blueprint.route(f"{_SIGN}/ondertekendienst", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_SIGN)
@throttle.per_person(SIGNING)
def sign_remotely(signatory_id: int) -> Answer:
    """Sign with the key one keeps at a remote service."""
    one, service = _asked(signatory_id), remote_service()
    if not envelope_turns.has_turn(one):
        return _over(one)
    if service is None:
        flash(gettext("Er is geen ondertekendienst ingesteld."), "info")
        return redirect(url_for("agreements.sign", signatory_id=signatory_id), 303)
    form = RemoteForm()
    if form.validate_on_submit() and _put(form, signatory_id, _remotely(service, form)):
        return _thanks(signatory_id)
    return render_template(
        "agreements/sign_remotely.html",
        signatory=_asked(signatory_id),
        form=form,
        service=service.name,
    )


def _remotely(service: RemoteService, form: Any) -> Callable[[EnvelopeSignatory], Put]:
    credential, secret = form.credential.data or "", form.secret.data or ""
    return lambda mine: envelope_signing.remotely(mine, service, credential, secret)


@blueprint.route(f"{_SIGN}/niet-ondertekenen", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_SIGN)
def decline_signature(signatory_id: int) -> Answer:
    """Do not sign, and say why."""
    one = _asked(signatory_id)
    if not envelope_turns.has_turn(one):
        return _over(one)
    form = DeclineForm()

    def work() -> None:
        envelope_answers.decline(guard.actor(), one, form.reason.data or "", _where())

    if form.validate_on_submit() and succeeds(form, work):
        flash(gettext("Je liet weten dat je niet ondertekent. Iedereen kreeg bericht."), "success")
        return redirect(url_for("agreements.sign", signatory_id=signatory_id), 303)
    return render_template("agreements/decline_signature.html", signatory=one, form=form)


@blueprint.route(f"{_SIGN}/gemachtigde", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_SIGN)
def forward_signature(signatory_id: int) -> Answer:
    """Let a delegate sign in one's place, with the written delegation."""
    one = _asked(signatory_id)
    if not envelope_turns.has_turn(one):
        return _over(one)
    form = ForwardForm()

    def work() -> None:
        name, data = need_file(form.file)
        given, given_on = form.given()
        envelope_answers.forward(
            guard.actor(),
            one,
            given,
            given_on=given_on,
            document=attachments.keep(data, name),
            where=_where(),
        )

    if form.validate_on_submit() and succeeds(form, work):
        flash(gettext("%(name)s is gevraagd om te tekenen.", name=form.name.data), "success")
        return redirect(url_for("agreements.sign", signatory_id=signatory_id), 303)
    return render_template("agreements/forward_signature.html", signatory=one, form=form)


def _put(
    form: BaseForm,
    signatory_id: int,
    make: Callable[[EnvelopeSignatory], Put],
    *,
    code_id: int | None = None,
) -> bool:
    """Make a signature on the newest document and keep it; again when another was first."""
    for _ in range(MOST_ATTEMPTS):
        db.session.rollback()
        try:
            with reading():
                one = _asked(signatory_id)
                envelope_turns.check_turn(one)
                put = make(one)
            one = _asked(signatory_id)
            envelope_signing.keep(guard.actor(), one, put, _where(), code_id=code_id)
        except StaleDocumentError:
            continue
        except DomainError as error:
            db.session.rollback()
            _note_refusal(signatory_id, error)
            show_error(form, error)
            return False
        db.session.commit()
        return True
    show_error(form, StaleDocumentError())
    return False


def _note_refusal(signatory_id: int, error: DomainError) -> None:
    one = _asked(signatory_id)
    if isinstance(error, RefusedSignatureError) and envelope_turns.has_turn(one):
        envelope_signing.refuse(guard.actor(), one, error, _where())
        db.session.commit()


def _asked(signatory_id: int) -> EnvelopeSignatory:
    return envelopes.asked(guard.actor(), signatory_id)


def _where() -> Circumstances:
    browser = request.user_agent.string[:200]
    return Circumstances(request.remote_addr or "", browser, g.sign_in_id)


def _over(one: EnvelopeSignatory) -> Response:
    """Go back to the document, which says where things stand."""
    try:
        envelope_turns.check_turn(one)
    except DomainError as error:
        flash(gettext(error.message, **error.values), "info")
    return redirect(url_for("agreements.sign", signatory_id=one.id), 303)


def _thanks(signatory_id: int) -> Response:
    flash(gettext("Bedankt: je handtekening is geplaatst en bewaard."), "success")
    return redirect(url_for("agreements.sign", signatory_id=signatory_id), 303)
