"""What the bodies decided on an addendum, and sending it out to who signs."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from portal.agreements import (
    addendum_decisions,
    addendum_signing,
    addendum_talk,
    agreement_signing,
    attachments,
    decisions,
    signatories,
)
from portal.agreements.envelopes import Ready
from portal.agreements.forms.signing import SendForm
from portal.agreements.forms.steps import DecisionForm
from portal.agreements.models import Addendum, Agreement, Decision, Envelope
from portal.agreements.terms import Party
from portal.agreements.views import blueprint
from portal.agreements.views.addenda import ADDENDUM, find
from portal.agreements.views.addendum_answers import must_fit
from portal.core import clock, guard
from portal.core.attempts import attempt
from portal.core.db import db, reading
from portal.core.errors import NotFoundError
from portal.core.forms import sent_file
from portal.core.permissions import Permission

Answer = Response | str


@blueprint.route(f"{ADDENDUM}/beslissing", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_NEGOTIATE)
def decide_addendum(reference: str, number: int) -> Answer:
    """Record the decision of one's own organisation on an addendum."""
    place = guard.actor().organisation_id
    if place is None:
        raise NotFoundError()
    return _decision(*find(reference, number), place)


@blueprint.route(f"{ADDENDUM}/beslissingen/<int:organisation_id>", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_MANAGE)
def decide_addendum_for(reference: str, number: int, organisation_id: int) -> Answer:
    """Record a decision on an addendum that a partner sent to HSV."""
    return _decision(*find(reference, number), organisation_id)


def _decision(agreement: Agreement, found: Addendum, organisation_id: int) -> Answer:
    own = organisation_id == guard.actor().organisation_id
    party = decisions.party_of(found.terms, organisation_id)
    must_fit(found, "record_decision" if own else "record_decision_for")
    form = DecisionForm(data={"version": found.version, "body": party.deciding_body})
    form.offer(signatories.bodies(party.kind))
    if form.validate_on_submit() and attempt(form, lambda: _record(found, party, form)):
        flash(gettext("De beslissing van %(name)s is geregistreerd.", name=party.name), "success")
        return redirect(_path(found), 303)
    bodies = signatories.bodies(party.kind)
    return render_template(
        "agreements/decide_addendum.html",
        agreement=agreement,
        addendum=found,
        form=form,
        party=party,
        rules=[(one, signatories.rule_for(party, one, clock.today())) for one in bodies],
        earlier=addendum_decisions.current(found).get(organisation_id),
    )


def _record(found: Addendum, party: Party, form: DecisionForm) -> Decision:
    sent = sent_file(form.file)
    document = attachments.keep(sent[1], sent[0]) if sent else None
    return addendum_decisions.record(
        guard.actor(),
        found,
        party.organisation_id or 0,
        form.details(),
        document=document,
        version=form.version.data,
    )


@blueprint.route(f"{ADDENDUM}/ter-ondertekening", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_MANAGE)
def send_addendum(reference: str, number: int) -> Answer:
    """Ask everybody who must sign: where to reach them, in which order, until when."""
    agreement, found = find(reference, number)
    must_fit(found, "send_for_signature")
    expected = addendum_signing.expected(found)
    people = [{"name": one.name, "email": agreement_signing.known_email(one)} for one in expected]
    form = SendForm(
        data={
            "version": found.version,
            "order": "partners_first",
            "expires_on": agreement_signing.last_day(),
            "people": people,
        }
    )
    if form.validate_on_submit() and (made := _send(reference, number, form)):
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
        "agreements/send_addendum.html",
        agreement=agreement,
        addendum=found,
        form=form,
        expected=expected,
        version=addendum_talk.latest(found),
    )


def _send(reference: str, number: int, form: SendForm) -> Envelope | None:
    """Seal outside the transaction that keeps it, as sealing takes a moment."""
    db.session.rollback()

    def seal() -> Ready:
        _agreement, found = find(reference, number)
        expected = addendum_signing.expected(found)
        return addendum_signing.make_ready(found, form.invitees(expected))

    def keep(ready: Ready) -> Envelope:
        _agreement, found = find(reference, number)
        assert form.expires_on.data is not None
        return addendum_signing.send(
            guard.actor(), found, ready, form.expires_on.data, form.version.data
        )

    with reading():
        ready = attempt(form, seal)
    return attempt(form, lambda: keep(ready)) if ready else None


def _path(found: Addendum) -> str:
    reference = found.agreement.reference
    return url_for("agreements.addendum", reference=reference, number=found.number)
