"""Evaluating with the parents, and putting an evaluation right."""

from flask import render_template, request
from werkzeug.wrappers import Response

from portal.core.db import db
from portal.core.guard import actor, requires
from portal.core.permissions import Permission
from portal.referrals import reading
from portal.referrals.forms.evaluations import EvaluationForm
from portal.referrals.models import Referral
from portal.referrals.states import workflow
from portal.referrals.trajectory import evaluations as service
from portal.referrals.trajectory import present_evaluations
from portal.referrals.trajectory.dimensions import ASKED
from portal.referrals.views import blueprint
from portal.referrals.views.decide import found, taken, too_late

_READ = ("scores",)


@blueprint.route("/<reference>/traject/evaluatie", methods=["GET", "POST"])
@requires(Permission.REFERRAL_HANDLE, logs_access=True)
def evaluate(reference: str) -> str | Response:
    """Ask what the parents answer; the moment that is due is proposed."""
    referral = found(reference)
    if request.method == "GET" and not workflow.can(referral, "evaluate", actor()):
        return too_late(referral)
    moments = service.moments(referral)
    form = EvaluationForm(
        moments=[(one, present_evaluations.label(one)) for one in moments],
        data={
            "version": referral.version,
            "moment": service.moment_due(referral) or (moments[0] if len(moments) == 1 else None),
        },
    )
    if form.is_submitted():
        done = form.validate() and taken(
            referral,
            "evaluate",
            form,
            lambda who, one, filled: service.record(who, one, filled.told()),
            "referrals.trajectory",
        )
        if done:
            return done
    return _page(reference, form)


@blueprint.route("/<reference>/traject/evaluaties/<int:evaluation_id>", methods=["GET", "POST"])
@requires(Permission.REFERRAL_HANDLE, logs_access=True)
def correct_evaluation(reference: str, evaluation_id: int) -> str | Response:
    """Put an evaluation right; the one that stood there stays stored."""
    referral = found(reference)
    before = service.find(referral, evaluation_id)
    if request.method == "GET" and not workflow.can(referral, "correct_evaluation", actor()):
        return too_late(referral)
    answers = {score.dimension.value: score.answer for score in before.scores}
    standing = {"on": before.on, "remarks": before.remarks, **answers}
    form = EvaluationForm(moments=[], data={"version": referral.version, **standing})
    if form.is_submitted():
        done = form.validate() and taken(
            referral,
            "correct_evaluation",
            form,
            lambda who, one, filled: service.record(who, one, filled.told(before.moment), before),
            "referrals.trajectory",
        )
        if done:
            return done
    return _page(reference, form, present_evaluations.label(before.moment))


def _page(reference: str, form: EvaluationForm, corrects: str = "") -> str:
    referral: Referral = reading.open_family(actor(), reference, _READ)
    db.session.commit()
    return render_template(
        "referrals/evaluate.html",
        form=form,
        referral=referral,
        corrects=corrects,
        questions={one.value: asked.question for one, asked in ASKED.items()},
    )
