"""The parties of a draft: each on a page of its own, partners added and taken out."""

from flask import flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.agreements import drafting_parties, signatories
from portal.agreements.drafting_checks import PARTIES
from portal.agreements.forms.draft_parties import AddPartnerForm, PartyForm, TitleForm
from portal.agreements.partners import pick
from portal.agreements.terms import Party, Terms
from portal.agreements.views import blueprint
from portal.agreements.views.desk import Desk, hsv_desk, partner_desk
from portal.agreements.views.edit import steps
from portal.core import clock, guard
from portal.core.attempts import attempt
from portal.core.errors import NotFoundError
from portal.core.permissions import Permission

Answer = Response | str


@blueprint.route(
    "/overeenkomsten/<reference>/ontwerp/partijen/<int:position>", methods=["GET", "POST"]
)
@guard.requires(Permission.AGREEMENT_MANAGE)
def edit_party(reference: str, position: int) -> Answer:
    """Change a party of HSV's draft; 0 is HSV itself."""
    return party_page(hsv_desk(guard.actor(), reference), position)


@blueprint.route("/overeenkomsten/<reference>/tegenvoorstel/partij", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_NEGOTIATE)
def counter_party(reference: str) -> Answer:
    """Change what a partner says about itself in its counter-proposal."""
    desk = partner_desk(guard.actor(), reference)
    ids = [party.organisation_id for party in desk.terms.parties]
    return party_page(desk, ids.index(desk.actor.organisation_id))


def party_page(desk: Desk, position: int) -> Answer:
    """Show or keep one party of a draft."""
    parties = desk.terms.parties
    if position >= len(parties):
        raise NotFoundError()
    party = parties[position]
    form = PartyForm.of(party, partner=desk.partner, version=desk.version)
    if form.validate_on_submit():

        def work() -> Party:
            changed = form.applied(party)
            desk.save(_with_party(desk.terms, position, changed), form.version.data)
            return changed

        if changed := attempt(form, work):
            return redirect(_after(desk, position, party, changed), 303)
    return render_template(
        "agreements/step_party.html",
        form=form,
        desk=desk,
        party=party,
        position=position,
        rule=signatories.rule_for(party, None, clock.today()),
        agreement=desk.agreement,
    )


def _after(desk: Desk, position: int, before: Party, after: Party) -> str:
    """Return where to go: back to the names when somebody else signs from now on."""
    if [p.capacity for p in before.signatories] == [p.capacity for p in after.signatories]:
        return desk.url(PARTIES)
    rule = signatories.rule_for(after, None, clock.today())
    if rule is None:
        return desk.url(PARTIES)
    flash(gettext("Nu tekenen anderen. Vul hun namen in zodra je ze kent."), "info")
    return desk.party_url(position) or desk.url(PARTIES)


def _with_party(terms: Terms, position: int, party: Party) -> Terms:
    if position == 0:
        return terms.with_(hsv=party)
    partners = list(terms.partners)
    partners[position - 1] = party
    return terms.with_(partners=tuple(partners))


@blueprint.post("/overeenkomsten/<reference>/ontwerp/partners")
@guard.requires(Permission.AGREEMENT_MANAGE)
def add_partner(reference: str) -> Answer:
    """Add a partner to HSV's draft."""
    desk = hsv_desk(guard.actor(), reference)
    form = AddPartnerForm()

    def work() -> bool:
        organisation = pick(form.partner.data or "", form.partner_id.data or "")
        desk.save(drafting_parties.with_partner(desk.terms, organisation), form.version.data)
        return True

    if form.validate() and attempt(form, work):
        return redirect(desk.url(PARTIES), 303)
    own = TitleForm.of(desk.terms, partner=False, version=desk.version)
    return render_template(
        "agreements/step_parties.html",
        form=own,
        add=form,
        steps=steps(desk, PARTIES),
        **desk.page(PARTIES),
    )


@blueprint.post("/overeenkomsten/<reference>/ontwerp/partijen/<int:position>/verwijderen")
@guard.requires(Permission.AGREEMENT_MANAGE)
def remove_partner(reference: str, position: int) -> Response:
    """Take a partner out of HSV's draft."""
    desk = hsv_desk(guard.actor(), reference)
    if not 1 <= position <= len(desk.terms.partners):
        raise NotFoundError()
    version = request.form.get("version", -1, int)
    terms = drafting_parties.without_partner(desk.terms, position - 1)
    attempt(None, lambda: desk.save(terms, version))
    return redirect(desk.url(PARTIES), 303)
