"""Going on or not: answering on renewal, giving notice, and taking it back together."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.agreements import attachments, ending, in_force, listing, renewal
from portal.agreements.forms.ending import OURSELVES, GiveNoticeForm, RenewalForm
from portal.agreements.forms.steps import ReasonForm
from portal.agreements.models import Agreement, Notice
from portal.agreements.states import changes_since
from portal.agreements.views import blueprint
from portal.agreements.views.fitting import must_fit
from portal.core import guard
from portal.core.attempts import attempt, succeeds
from portal.core.downloads import send
from portal.core.errors import ConflictError
from portal.core.forms import need_file
from portal.core.i18n import N_
from portal.core.permissions import Permission

Answer = Response | str


@blueprint.route("/overeenkomsten/<reference>/verlenging", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_CONTINUE)
def answer_renewal(reference: str) -> Answer:
    """Say for one's party whether to go on after the end."""
    actor = guard.actor()
    agreement = listing.find(actor, reference)
    asked = renewal.open_round(agreement)
    if asked is None:
        message = N_("Over verlenging kan nu niet geantwoord worden.")
        raise ConflictError(message, changes_since(agreement, 0))
    form = RenewalForm(data={"version": agreement.version})
    if form.validate_on_submit() and attempt(
        form,
        lambda: renewal.answer(
            actor,
            agreement,
            form.version.data,
            wanted=bool(form.wanted.data),
            note=form.note.data or "",
        ),
    ):
        flash(gettext("Jullie antwoord is genoteerd. Alle partijen krijgen bericht."), "success")
        return _back(agreement)
    place = None if actor.can(Permission.AGREEMENT_MANAGE) else actor.organisation_id
    return render_template(
        "agreements/answer_renewal.html",
        agreement=agreement,
        form=form,
        asked=asked,
        earlier=asked.current.get(place),
        terms=in_force.concluded(agreement),
    )


@blueprint.route("/overeenkomsten/<reference>/opzegging", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_CONTINUE)
def give_notice(reference: str) -> Answer:
    """Record notice: a partner its own, HSV its own or one it received."""
    actor = guard.actor()
    agreement = listing.find(actor, reference)
    must_fit(agreement, "give_notice", actor)
    manages = actor.can(Permission.AGREEMENT_MANAGE)
    form = GiveNoticeForm(data={"version": agreement.version})
    if manages:
        form.party.choices = [
            (OURSELVES, gettext("Home-Start Vlaanderen")),
            *((p.organisation_id, p.organisation.name) for p in agreement.parties),
        ]
    else:
        del form.party

    def work() -> Notice:
        place = (form.party.data or None) if manages else actor.organisation_id
        name, data = need_file(form.file)
        document = attachments.keep(data, name)
        details = form.details(place)
        return ending.give_notice(actor, agreement, details, document, form.version.data)

    if form.validate_on_submit() and attempt(form, work):
        flash(gettext("De opzegging is geregistreerd. Alle partijen krijgen bericht."), "success")
        return _back(agreement)
    return render_template(
        "agreements/give_notice.html",
        agreement=agreement,
        form=form,
        manages=manages,
        terms=in_force.terms(agreement),
        several=len(agreement.parties) > 1,
    )


@blueprint.route(
    "/overeenkomsten/<reference>/opzeggingen/<int:notice_id>/intrekken", methods=["GET", "POST"]
)
@guard.requires(Permission.AGREEMENT_MANAGE)
def withdraw_notice(reference: str, notice_id: int) -> Answer:
    """Record that all parties take a notice as not given."""
    actor = guard.actor()
    agreement = listing.find(actor, reference)
    notice = ending.find(agreement, notice_id)
    must_fit(agreement, "withdraw_notice", actor)
    form = ReasonForm(data={"version": agreement.version})
    if form.validate_on_submit() and succeeds(
        form,
        lambda: ending.withdraw_notice(
            actor, agreement, notice, form.reason.data or "", form.version.data
        ),
    ):
        flash(gettext("De opzegging is ingetrokken. Alle partijen krijgen bericht."), "success")
        return _back(agreement)
    return render_template("agreements/withdraw_notice.html", agreement=agreement, form=form)


@blueprint.get("/overeenkomsten/<reference>/opzeggingen/<int:notice_id>/document")
@guard.requires(Permission.AGREEMENT_READ)
def notice_file(reference: str, notice_id: int) -> Response:
    """Send the letter of a notice."""
    agreement = listing.find(guard.actor(), reference)
    return send(ending.find(agreement, notice_id).document)


def _back(agreement: Agreement) -> Response:
    return redirect(url_for("agreements.show", reference=agreement.reference), 303)
