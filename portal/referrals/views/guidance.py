"""Noting where a family was led to, and what came of it."""

from flask import render_template, request
from werkzeug.wrappers import Response

from portal.core.db import db
from portal.core.guard import actor, requires
from portal.core.permissions import Permission
from portal.referrals import reading
from portal.referrals.forms.guidance import GuidanceForm, ResultForm
from portal.referrals.states import workflow
from portal.referrals.trajectory import guidance as service
from portal.referrals.trajectory import present
from portal.referrals.views import blueprint
from portal.referrals.views.decide import found, taken, too_late

_READ = ("guidance",)
_BACK = "referrals.trajectory"


@blueprint.route("/<reference>/traject/toeleiding", methods=["GET", "POST"])
@requires(Permission.REFERRAL_HANDLE, logs_access=True)
def guidance(reference: str) -> str | Response:
    """Ask where the family was led to."""
    referral = found(reference)
    if request.method == "GET" and not workflow.can(referral, "note_guidance", actor()):
        return too_late(referral)
    form = GuidanceForm(data={"version": referral.version})
    if form.is_submitted():
        done = form.validate() and taken(
            referral,
            "note_guidance",
            form,
            lambda who, one, filled: service.note(who, one, filled.led()),
            _BACK,
        )
        if done:
            return done
    return render_template("referrals/guidance.html", form=form, referral=referral)


@blueprint.route("/<reference>/traject/toeleiding/<int:guidance_id>", methods=["GET", "POST"])
@requires(Permission.REFERRAL_HANDLE, logs_access=True)
def settle_guidance(reference: str, guidance_id: int) -> str | Response:
    """Ask what came of it."""
    referral = found(reference)
    one = service.find(referral, guidance_id)
    if request.method == "GET" and not workflow.can(referral, "settle_guidance", actor()):
        return too_late(referral)
    form = ResultForm(data={"version": referral.version, "result": one.result})
    if form.is_submitted():
        done = form.validate() and taken(
            referral,
            "settle_guidance",
            form,
            lambda who, about, filled: service.settle(
                who, about, one, filled.result.data, filled.on.data
            ),
            _BACK,
        )
        if done:
            return done
    referral = reading.open_family(actor(), reference, _READ)
    [shown] = present.guidance([one])
    db.session.commit()
    return render_template(
        "referrals/settle_guidance.html", form=form, referral=referral, one=shown
    )
