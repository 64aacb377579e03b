"""Sending an agreement for signature, following it and stopping it: HSV and the parties."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from portal.agreements import (
    agreement_signing,
    attachments,
    decisions,
    envelope_answers,
    envelope_present,
    envelope_signing,
    envelopes,
    listing,
)
from portal.agreements.envelopes import Ready
from portal.agreements.forms.signing import ScanForm, SendForm
from portal.agreements.forms.steps import ButtonForm, ReasonForm
from portal.agreements.models import Agreement, Envelope, EnvelopeSignatory
from portal.agreements.views import blueprint
from portal.agreements.views.fitting import must_fit
from portal.core import documents, guard
from portal.core.attempts import attempt, press, succeeds
from portal.core.db import db, reading
from portal.core.downloads import attachment, send
from portal.core.errors import NotFoundError
from portal.core.forms import need_file
from portal.core.permissions import Permission

Answer = Response | str
_ENVELOPE = "/overeenkomsten/<reference>/ondertekening/<int:number>"


@blueprint.route("/overeenkomsten/<reference>/ter-ondertekening", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_MANAGE)
def send_for_signature(reference: str) -> Answer:
    """Ask everybody who must sign: where to reach them, in which order, until when."""
    actor = guard.actor()
    agreement = listing.find(actor, reference)
    must_fit(agreement, "send_for_signature", actor)
    expected = agreement_signing.expected(agreement)
    form = SendForm(
        data={
            "version": agreement.version,
            "order": "partners_first",
            "expires_on": agreement_signing.last_day(),
            "people": [
                {"name": one.name, "email": agreement_signing.known_email(one)} for one in expected
            ],
        }
    )
    form.name_people(expected)
    if form.validate_on_submit() and (made := _send(reference, form)):
        message = ngettext(
            "%(num)d persoon is gevraagd om te ondertekenen.",
            "%(num)d mensen zijn gevraagd om te ondertekenen.",
            sum(one.invited_at is not None for one in made.signatories),
        )
        flash(message, "success")
        return redirect(
            url_for("agreements.envelope", reference=reference, number=made.number), 303
        )
    return render_template(
        "agreements/send_for_signature.html",
        agreement=agreement,
        form=form,
        expected=expected,
        version=decisions.agreed_version(agreement),
    )


def _send(reference: str, form: SendForm) -> Envelope | None:
    """Seal outside the transaction that keeps it, as sealing takes a moment."""
    actor = guard.actor()
    db.session.rollback()

    def seal() -> Ready:
        agreement = listing.find(actor, reference)
        expected = agreement_signing.expected(agreement)
        return agreement_signing.make_ready(agreement, form.invitees(expected))

    def keep(ready: Ready) -> Envelope:
        agreement = listing.find(actor, reference)
        assert form.expires_on.data is not None
        return agreement_signing.send(
            actor, agreement, ready, form.expires_on.data, form.version.data
        )

    with reading():
        ready = attempt(form, seal)
    return attempt(form, lambda: keep(ready)) if ready else None


@blueprint.get(_ENVELOPE)
@guard.requires(Permission.AGREEMENT_READ)
def envelope(reference: str, number: int) -> str:
    """Show who signed, who is asked, and everything that happened."""
    agreement, found = _find(reference, number)
    may = guard.actor().can(Permission.AGREEMENT_MANAGE)
    return render_template(
        "agreements/envelope.html",
        agreement=agreement,
        envelope=found,
        badge=envelope_present.badge(found),
        people=envelope_present.people(found),
        timeline=envelope_present.timeline(found),
        steps=envelope_present.steps(found) if may else [],
        may_manage=may and found.status == "out",
    )


@blueprint.get(f"{_ENVELOPE}/document")
@guard.requires(Permission.AGREEMENT_READ)
def envelope_file(reference: str, number: int) -> Response:
    """Send the document with every signature put so far, exactly as it was kept."""
    _agreement, found = _find(reference, number)
    kept = found.latest
    return attachment(envelopes.read(kept), kept.document.filename, kept.document.media_type)


@blueprint.get(f"{_ENVELOPE}/bewijsstuk")
@guard.requires(Permission.AGREEMENT_READ)
def evidence_file(reference: str, number: int) -> Response:
    """Send the evidence certificate."""
    _agreement, found = _find(reference, number)
    if found.evidence is None:
        raise NotFoundError()
    return send(found.evidence.document)


@blueprint.get(f"{_ENVELOPE}/scan/<int:signatory_id>")
@guard.requires(Permission.AGREEMENT_READ)
def scan_file(reference: str, number: int, signatory_id: int) -> Response:
    """Send the scan of a signature on paper."""
    _agreement, found = _find(reference, number)
    scan = _signatory(found, signatory_id).scan
    if scan is None:
        raise NotFoundError()
    return attachment(documents.read(scan), scan.filename, scan.media_type)


@blueprint.post(f"{_ENVELOPE}/herinneren")
@guard.requires(Permission.AGREEMENT_MANAGE)
def remind_signatories(reference: str, number: int) -> Response:
    """Write once more to everybody whose turn it is."""
    _agreement, found = _find(reference, number)

    if press(ButtonForm(number=number), lambda: envelope_answers.remind(guard.actor(), found)):
        flash(gettext("Wie aan de beurt is, kreeg een herinnering."), "success")
    return redirect(url_for("agreements.envelope", reference=reference, number=number), 303)


@blueprint.route(f"{_ENVELOPE}/stopzetten", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_MANAGE)
def cancel_envelope(reference: str, number: int) -> Answer:
    """Stop the signing, with the reason; who signed and who was asked hears it."""
    agreement, found = _find(reference, number)
    form = ReasonForm(data={"version": found.version})

    def work() -> None:
        envelope_answers.cancel(guard.actor(), found, form.reason.data or "", form.version.data)

    if form.validate_on_submit() and succeeds(form, work):
        flash(gettext("De ondertekening is stopgezet. Iedereen kreeg bericht."), "success")
        return redirect(url_for("agreements.show", reference=reference), 303)
    return render_template(
        "agreements/cancel_envelope.html", agreement=agreement, envelope=found, form=form
    )


@blueprint.route(f"{_ENVELOPE}/papier/<int:signatory_id>", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_MANAGE)
def record_wet_ink(reference: str, number: int, signatory_id: int) -> Answer:
    """Record that somebody signed on paper, with the scan."""
    agreement, found = _find(reference, number)
    one = _signatory(found, signatory_id)
    form = ScanForm()

    def work() -> None:
        name, data = need_file(form.file)
        envelope_signing.record_wet_ink(guard.actor(), one, attachments.keep(data, name))

    if form.validate_on_submit() and succeeds(form, work):
        flash(gettext("De handtekening op papier is geregistreerd."), "success")
        return redirect(url_for("agreements.envelope", reference=reference, number=number), 303)
    return render_template(
        "agreements/record_wet_ink.html",
        agreement=agreement,
        envelope=found,
        signatory=one,
        form=form,
    )


def _find(reference: str, number: int) -> tuple[Agreement, Envelope]:
    agreement = listing.find(guard.actor(), reference)
    return agreement, envelopes.find(agreement, number)


def _signatory(found: Envelope, signatory_id: int) -> EnvelopeSignatory:
    for one in found.signatories:
        if one.id == signatory_id:
            return one
    raise NotFoundError()
