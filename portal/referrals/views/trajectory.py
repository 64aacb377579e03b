"""The trajectory of one family on one page, for its branch."""

from flask import render_template

from portal.core.db import db
from portal.core.guard import actor, requires
from portal.core.permissions import Permission
from portal.referrals import progress, reading
from portal.referrals.states import workflow
from portal.referrals.trajectory import goals, present
from portal.referrals.views import blueprint

_READ = ("goals",)
_STEPS = ("choose_goals",)


@blueprint.get("/<reference>/traject")
@requires(Permission.REFERRAL_HANDLE, logs_access=True)
def trajectory(reference: str) -> str:
    """Show what the family works on and how it goes; that it was opened is noted first."""
    referral = reading.open_family(actor(), reference, _READ)
    page = {
        "badge": progress.badge(referral),
        "may": {step: workflow.can(referral, step, actor()) for step in _STEPS},
        "goals": present.goals(goals.history(referral)),
    }
    db.session.commit()
    return render_template("referrals/trajectory.html", referral=referral, page=page)
