"""Decisions of the partners' bodies, who signs, and the text their staff would otherwise write."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.agreements import attachments, decisions, legal, listing, signatories, word_templates
from portal.agreements.contract import TemplateKind
from portal.agreements.contract_related import Qualification, draft_decision_docx
from portal.agreements.forms.steps import DecisionForm, DelegationForm
from portal.agreements.imprints import imprint_of
from portal.agreements.models import Agreement, Decision, Delegation
from portal.agreements.proposing import WORD
from portal.agreements.terms import Party
from portal.agreements.views import blueprint
from portal.agreements.views.fitting import must_fit
from portal.core import clock, guard
from portal.core.attempts import attempt
from portal.core.db import db
from portal.core.downloads import attachment, send
from portal.core.errors import NotFoundError
from portal.core.forms import need_file, sent_file
from portal.core.permissions import Permission

Answer = Response | str


@blueprint.route("/overeenkomsten/<reference>/beslissing", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_NEGOTIATE)
def record_decision(reference: str) -> Answer:
    """Record the decision of one's own organisation."""
    agreement = listing.find(guard.actor(), reference)
    organisation_id = guard.actor().organisation_id
    if organisation_id is None:
        raise NotFoundError()
    return _decision(agreement, organisation_id)


@blueprint.route(
    "/overeenkomsten/<reference>/beslissingen/<int:organisation_id>", methods=["GET", "POST"]
)
@guard.requires(Permission.AGREEMENT_MANAGE)
def record_decision_for(reference: str, organisation_id: int) -> Answer:
    """Record a decision that a partner sent to HSV."""
    return _decision(listing.find(guard.actor(), reference), organisation_id)


def _decision(agreement: Agreement, organisation_id: int) -> Answer:
    actor = guard.actor()
    own = organisation_id == actor.organisation_id
    must_fit(agreement, "record_decision" if own else "record_decision_for", actor)
    version = decisions.agreed_version(agreement)
    party = decisions.party_of(version.terms, organisation_id)
    form = DecisionForm(data={"version": agreement.version, "body": party.deciding_body})
    form.offer(signatories.bodies(party.kind))
    if form.validate_on_submit() and attempt(form, lambda: _record(agreement, party, form)):
        flash(gettext("De beslissing van %(name)s is geregistreerd.", name=party.name), "success")
        return redirect(url_for("agreements.show", reference=agreement.reference), 303)
    rules = [
        (one, signatories.rule_for(party, one, clock.today()))
        for one in signatories.bodies(party.kind)
    ]
    return render_template(
        "agreements/record_decision.html",
        agreement=agreement,
        form=form,
        party=party,
        version=version,
        rules=rules,
        earlier=decisions.current(agreement).get(organisation_id),
        own=own,
    )


def _record(agreement: Agreement, party: Party, form: DecisionForm) -> Decision:
    assert party.organisation_id is not None
    sent = sent_file(form.file)
    document = attachments.keep(sent[1], sent[0]) if sent else None
    return decisions.record_decision(
        guard.actor(),
        agreement,
        party.organisation_id,
        form.details(),
        document=document,
        version=form.version.data,
    )


@blueprint.route("/overeenkomsten/<reference>/delegatie", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_NEGOTIATE)
def record_delegation(reference: str) -> Answer:
    """Record who signs in whose place, with the document."""
    actor = guard.actor()
    agreement = listing.find(actor, reference)
    must_fit(agreement, "record_delegation", actor)
    version = decisions.agreed_version(agreement)
    party = decisions.party_of(version.terms, actor.organisation_id or 0)
    form = DelegationForm(data={"version": agreement.version})
    signing = decisions.signing(agreement, party)
    form.from_capacity.choices = [
        (s.instead_of or s.capacity, s.instead_of or s.capacity) for s in signing
    ]
    if form.validate_on_submit() and attempt(form, lambda: _delegate(agreement, form)):
        flash(gettext("De delegatie is geregistreerd."), "success")
        return redirect(url_for("agreements.show", reference=reference), 303)
    return render_template(
        "agreements/record_delegation.html",
        agreement=agreement,
        form=form,
        party=party,
        signing=signing,
    )


def _delegate(agreement: Agreement, form: DelegationForm) -> Delegation:
    name, data = need_file(form.file)
    document = attachments.keep(data, name)
    assert form.given_on.data is not None
    given = {
        "from_capacity": form.from_capacity.data,
        "to_name": form.to_name.data or "",
        "to_capacity": form.to_capacity.data or "",
        "note": form.note.data or "",
    }
    return decisions.record_delegation(
        guard.actor(),
        agreement,
        given,
        form.given_on.data,
        document,
        version=form.version.data,
    )


@blueprint.get("/overeenkomsten/<reference>/ontwerpbesluit/<int:organisation_id>")
@guard.requires(Permission.AGREEMENT_READ)
def draft_decision(reference: str, organisation_id: int) -> Response:
    """Send the draft decision for a partner's body, in Word, filled in."""
    agreement = listing.find(guard.actor(), reference)
    version = decisions.agreed_version(agreement) if agreement.agreed_number else agreement.latest
    if version is None:
        raise NotFoundError()
    party = decisions.party_of(version.terms, organisation_id)
    terms = version.terms
    body = party.deciding_body or signatories.bodies(party.kind)[0]
    made_on = clock.local(version.proposed_at).date()
    imprint = imprint_of(agreement, version.number, made_on)
    data = draft_decision_docx(
        terms,
        imprint,
        terms.partners.index(party),
        [ground.text for ground in legal.grounds_on(str(body), clock.today())],
        qualification=Qualification(agreement.qualification or "", agreement.qualification_reason),
        edition=word_templates.in_use(TemplateKind.DECISION).content,
    )
    return attachment(data, f"Ontwerpbesluit {party.name} {agreement.reference}.docx", WORD)


@blueprint.get("/overeenkomsten/<reference>/beslissingen/<int:decision_id>/document")
@guard.requires(Permission.AGREEMENT_READ)
def decision_file(reference: str, decision_id: int) -> Response:
    """Send the document of a decision."""
    agreement = listing.find(guard.actor(), reference)
    found = db.session.get(Decision, decision_id)
    if found is None or found.agreement_id != agreement.id or found.document is None:
        raise NotFoundError()
    return send(found.document)


@blueprint.get("/overeenkomsten/<reference>/delegaties/<int:delegation_id>/document")
@guard.requires(Permission.AGREEMENT_READ)
def delegation_file(reference: str, delegation_id: int) -> Response:
    """Send the document of a delegation."""
    agreement = listing.find(guard.actor(), reference)
    found = db.session.get(Delegation, delegation_id)
    if found is None or found.agreement_id != agreement.id:
        raise NotFoundError()
    return send(found.document)
