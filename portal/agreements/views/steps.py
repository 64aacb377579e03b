"""Steps that ask for a reason or a choice: stopping, reopening, who manages, subsidy or service;
and the meetings of the steering group."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.agreements import deadlines_ics, listing, meetings, negotiation, notices
from portal.agreements.forms.steps import AssignForm, MeetingForm, QualifyForm, ReasonForm
from portal.agreements.meetings import MeetingDetails
from portal.agreements.models import Agreement
from portal.agreements.views import blueprint
from portal.agreements.views.fitting import must_fit
from portal.core import guard, once
from portal.core.attempts import attempt
from portal.core.db import db
from portal.core.downloads import attachment
from portal.core.permissions import Actor, Permission

Answer = Response | str
Work = Callable[[Actor, Agreement, int | None, str], None]


@blueprint.route("/overeenkomsten/<reference>/afzien", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_NEGOTIATE)
def decline(reference: str) -> Answer:
    """Stop for one's organisation."""
    done = gettext("De samenwerking gaat niet door. Alle partijen krijgen bericht.")
    return _with_reason(reference, "decline", negotiation.decline, done)


@blueprint.route("/overeenkomsten/<reference>/intrekken", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_MANAGE)
def withdraw(reference: str) -> Answer:
    """Stop for HSV."""
    done = gettext("Het voorstel is ingetrokken.")
    return _with_reason(reference, "withdraw", negotiation.withdraw, done)


@blueprint.route("/overeenkomsten/<reference>/heropenen", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_MANAGE)
def reopen(reference: str) -> Answer:
    """Go back to negotiating after everybody agreed."""
    done = gettext("De bespreking is weer open. Stel een volgende versie op.")
    return _with_reason(reference, "reopen", negotiation.reopen, done)


def _with_reason(reference: str, name: str, work: Work, done: str) -> Answer:
    actor = guard.actor()
    agreement = listing.find(actor, reference)
    must_fit(agreement, name, actor)
    form = ReasonForm(data={"version": agreement.version})
    if form.validate_on_submit():
        reason, version = form.reason.data or "", form.version.data
        if attempt(form, lambda: (work(actor, agreement, version, reason),)):
            flash(done, "success")
            return redirect(url_for("agreements.show", reference=reference), 303)
    return render_template(f"agreements/{name}.html", agreement=agreement, form=form)


@blueprint.route("/overeenkomsten/<reference>/dossierbeheerder", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_MANAGE)
def assign(reference: str) -> Answer:
    """Choose who of HSV manages the agreement."""
    actor = guard.actor()
    agreement = listing.find(actor, reference)
    must_fit(agreement, "assign", actor)
    form = AssignForm(data={"version": agreement.version, "manager": agreement.manager_id})
    form.manager.choices = [(one.account_id, one.name) for one in notices.managers()]
    if form.validate_on_submit():
        chosen, version = form.manager.data, form.version.data
        if attempt(form, lambda: (negotiation.assign(actor, agreement, version, chosen),)):
            return redirect(url_for("agreements.show", reference=reference), 303)
    return render_template("agreements/assign.html", agreement=agreement, form=form)


@blueprint.route("/overeenkomsten/<reference>/kwalificatie", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_MANAGE)
def qualify(reference: str) -> Answer:
    """Record whether this is a subsidy or a service, and why."""
    actor = guard.actor()
    agreement = listing.find(actor, reference)
    must_fit(agreement, "qualify", actor)
    form = QualifyForm(
        data={
            "version": agreement.version,
            "kind": agreement.qualification,
            "reason": agreement.qualification_reason,
        }
    )
    if form.validate_on_submit():
        kind, reason, version = form.kind.data, form.reason.data or "", form.version.data
        if attempt(form, lambda: (negotiation.qualify(actor, agreement, version, kind, reason),)):
            return redirect(url_for("agreements.show", reference=reference), 303)
    return render_template("agreements/qualify.html", agreement=agreement, form=form)


@blueprint.route("/overeenkomsten/<reference>/overleg", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_MANAGE)
def plan_meeting(reference: str) -> Answer:
    """Plan a meeting of the steering group."""
    actor = guard.actor()
    agreement = listing.find(actor, reference)
    form = MeetingForm()
    if form.validate_on_submit():

        def work() -> str:
            key, purpose = str(form.once.data), f"agreements.plan_meeting {reference}"
            earlier = once.redeem(key, purpose, request.form, account_id=actor.account_id)
            if earlier:
                return earlier
            meetings.plan(actor, agreement, _details(form))
            path = url_for("agreements.show", reference=reference, _anchor="overleg")
            once.finish(key, path)
            flash(gettext("Het overleg is gepland. Iedereen krijgt bericht."), "success")
            return path

        if path := attempt(form, work):
            return redirect(path, 303)
    return render_template(
        "agreements/plan_meeting.html", agreement=agreement, form=form, meeting=None
    )


@blueprint.route(
    "/overeenkomsten/<reference>/overleg/<int:meeting_id>/wijzigen", methods=["GET", "POST"]
)
@guard.requires(Permission.AGREEMENT_MANAGE)
def change_meeting(reference: str, meeting_id: int) -> Answer:
    """Change a meeting."""
    actor = guard.actor()
    agreement = listing.find(actor, reference)
    found = meetings.meeting(agreement, meeting_id)
    form = MeetingForm(obj=found)
    if form.validate_on_submit():

        def work() -> tuple[Any]:
            return (meetings.change(actor, agreement, found, _details(form)),)

        if attempt(form, work):
            flash(gettext("Het overleg is gewijzigd. Iedereen krijgt bericht."), "success")
            return redirect(url_for("agreements.show", reference=reference, _anchor="overleg"), 303)
    return render_template(
        "agreements/plan_meeting.html", agreement=agreement, form=form, meeting=found
    )


@blueprint.post("/overeenkomsten/<reference>/overleg/<int:meeting_id>/annuleren")
@guard.requires(Permission.AGREEMENT_MANAGE)
def cancel_meeting(reference: str, meeting_id: int) -> Response:
    """Cancel a meeting."""
    agreement = listing.find(guard.actor(), reference)
    meetings.cancel(guard.actor(), agreement, meetings.meeting(agreement, meeting_id))
    db.session.commit()
    flash(gettext("Het overleg is geannuleerd. Iedereen krijgt bericht."), "success")
    return redirect(url_for("agreements.show", reference=reference, _anchor="overleg"), 303)


@blueprint.get("/overeenkomsten/<reference>/overleg/<int:meeting_id>.ics")
@guard.requires(Permission.AGREEMENT_READ)
def meeting_file(reference: str, meeting_id: int) -> Response:
    """Send a meeting as a file for one's calendar."""
    agreement = listing.find(guard.actor(), reference)
    found = meetings.meeting(agreement, meeting_id)
    data = deadlines_ics.calendar(agreement.title, [], [(agreement, found)])
    return attachment(data, f"overleg {agreement.reference}.ics", deadlines_ics.MEDIA_TYPE)


def _details(form: MeetingForm) -> MeetingDetails:
    assert form.starts_at.data is not None
    return MeetingDetails(
        subject=str(form.subject.data),
        starts_at=form.starts_at.data,
        minutes=form.minutes.data or 90,
        place=form.place.data or "",
        agenda=form.agenda.data or "",
    )
