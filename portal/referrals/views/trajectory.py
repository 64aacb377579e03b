"""The trajectory of one family on one page, for its branch."""

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext

from portal.core.db import db
from portal.core.guard import actor, requires
from portal.core.permissions import Permission
from portal.referrals import progress, reading
from portal.referrals.models import Referral
from portal.referrals.states import workflow
from portal.referrals.trajectory import (
    evaluations,
    goals,
    guidance,
    half_days,
    present,
    present_evaluations,
    present_half_days,
    present_matches,
    running,
    sums,
)
from portal.referrals.trajectory.dimensions import BEST
from portal.referrals.views import blueprint

_READ = ("goals", "half_days", "scores", "guidance")
_STEPS = (
    "choose_goals",
    "plan_half_day",
    "record_half_days",
    "evaluate",
    "correct_evaluation",
    "note_guidance",
    "settle_guidance",
)


@blueprint.get("/trajecten")
@requires(Permission.REFERRAL_HANDLE)
def trajectories() -> str:
    """List the trajectories of the branch that have begun, without a word on their families."""
    return render_template("referrals/trajectories.html", lines=running.of(actor()))


@blueprint.get("/<reference>/traject")
@requires(Permission.REFERRAL_HANDLE, logs_access=True)
def trajectory(reference: str) -> str:
    """Show what the family works on and how it goes; that it was opened is noted first."""
    referral = reading.open_family(actor(), reference, _READ)
    page = {
        "badge": progress.badge(referral),
        "may": {step: workflow.can(referral, step, actor()) for step in _STEPS},
        "half_days": _half_days(referral),
        "evaluations": _evaluations(referral),
        "matches": present_matches.shown(referral),
        "steps": _steps(referral),
        "guidance": present.guidance(guidance.of(referral)),
        "goals": present.goals(goals.history(referral)),
    }
    db.session.commit()
    return render_template("referrals/trajectory.html", referral=referral, page=page)


def _half_days(referral: Referral) -> dict[str, Any]:
    total = sums.of_trajectory(referral, half_days.standing(referral))
    begun = referral.started_on is not None
    return {
        "agreement": present_half_days.agreement(referral.active_match),
        "sentence": present_half_days.sentence(total) if begun else "",
        "sum": present_half_days.sum_rows(total.sum),
        "open": len(half_days.open_days(referral)),
    }


def _evaluations(referral: Referral) -> dict[str, Any]:
    found = evaluations.standing(referral)
    due = present_evaluations.due(referral)
    return {
        "due": due,
        "sentence": present_evaluations.sentence(due) if due else "",
        "charts": present_evaluations.charts(found),
        "told": present_evaluations.told(found),
        "dimensions": present_evaluations.dimension_labels(),
        "best": BEST,
    }


def _steps(referral: Referral) -> list[dict[str, str]]:
    """Return what can be done with the match under way from here."""
    return [
        {
            "label": gettext(row.label),
            "url": url_for("referrals.decide", reference=referral.reference, action=row.action),
            "tone": row.tone,
        }
        for row in workflow.allowed(referral, actor())
        if row.action in ("pause", "resume")
    ]
