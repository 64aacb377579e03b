"""Choosing the goals with the family, and revising them."""

from flask import render_template, request
from werkzeug.wrappers import Response

from portal.core.db import db
from portal.core.guard import actor, requires
from portal.core.permissions import Permission
from portal.referrals import present, reading
from portal.referrals.forms.goals import GoalsForm, start_with
from portal.referrals.states import workflow
from portal.referrals.trajectory import goals as service
from portal.referrals.views import blueprint
from portal.referrals.views.decide import found, taken, too_late

_READ = ("goals", "situation")


@blueprint.route("/<reference>/traject/doelen", methods=["GET", "POST"])
@requires(Permission.REFERRAL_HANDLE, logs_access=True)
def goals(reference: str) -> str | Response:
    """Ask what the family wants to work on; what was hoped for at referral is the proposal."""
    referral = found(reference)
    if request.method == "GET" and not workflow.can(referral, "choose_goals", actor()):
        return too_late(referral)
    before = service.latest(referral)
    form = GoalsForm(
        current=before.tasks if before else [],
        data={
            "version": referral.version,
            "occasion": service.usual_occasion(referral),
            "own_words": before.own_words if before else "",
            **start_with(service.proposal(referral)),
        },
    )
    if form.is_submitted():
        done = form.validate() and taken(
            referral,
            "choose_goals",
            form,
            lambda who, one, filled: service.choose(who, one, filled.chosen()),
            "referrals.trajectory",
        )
        if done:
            return done
    referral = reading.open_family(actor(), reference, _READ)
    hoped_for = present.tasks(referral.family) if referral.family and before is None else []
    db.session.commit()
    return render_template(
        "referrals/goals.html", form=form, referral=referral, hoped_for=hoped_for
    )
