"""Half-days: filled in for several weeks at once, put right, and added up for the branch."""

from flask import render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.db import db
from portal.core.guard import actor, requires
from portal.core.months import months_later
from portal.core.permissions import Permission
from portal.referrals import reading
from portal.referrals.forms.half_days import MISTAKE, CorrectHalfDayForm, HalfDaysForm
from portal.referrals.states import workflow
from portal.referrals.trajectory import half_days as service
from portal.referrals.trajectory import present_half_days, sums
from portal.referrals.views import blueprint
from portal.referrals.views.decide import found, taken, too_late

_PAGE = "referrals.half_days"
_READ = ("half_days",)


@blueprint.route("/<reference>/traject/dagdelen", methods=["GET", "POST"])
@requires(Permission.REFERRAL_HANDLE, logs_access=True)
def half_days(reference: str) -> str | Response:
    """Show the half-days of a trajectory and fill in those of the last weeks."""
    referral = found(reference)
    may = workflow.can(referral, "record_half_days", actor())
    if request.method == "GET" and not may:
        return too_late(referral)
    form = HalfDaysForm(
        days=service.open_days(referral),
        data={"version": referral.version},
    )
    if form.is_submitted():
        done = form.validate() and taken(
            referral,
            "record_half_days",
            form,
            lambda who, one, filled: service.record(who, one, filled.entries()),
            _PAGE,
        )
        if done:
            return done
    referral = reading.open_family(actor(), reference, _READ)
    every = service.every(referral)
    total = sums.of_trajectory(referral, [one for one in every if one.replaced_at is None])
    page = {
        "lines": present_half_days.lines(every),
        "withdrawn": present_half_days.withdrawn(every),
        "sum": present_half_days.sum_rows(total.sum),
        "sentence": present_half_days.sentence(total),
    }
    db.session.commit()
    return render_template("referrals/half_days.html", form=form, referral=referral, page=page)


@blueprint.route("/<reference>/traject/dagdelen/<int:half_day_id>", methods=["GET", "POST"])
@requires(Permission.REFERRAL_HANDLE, logs_access=True)
def correct_half_day(reference: str, half_day_id: int) -> str | Response:
    """Put one half-day right; what stood there stays to be read."""
    referral = found(reference)
    half_day = service.find(referral, half_day_id)
    if request.method == "GET" and not workflow.can(referral, "correct_half_day", actor()):
        return too_late(referral)
    form = CorrectHalfDayForm(
        data={"version": referral.version, "on": half_day.on, "what": half_day.what}
    )
    if form.is_submitted():
        done = form.validate() and taken(
            referral,
            "correct_half_day",
            form,
            lambda who, one, filled: service.correct(
                who, one, half_day, filled.on.data, filled.corrected
            ),
            _PAGE,
        )
        if done:
            return done
    referral = reading.open_family(actor(), reference, _READ)
    db.session.commit()
    return render_template(
        "referrals/correct_half_day.html", form=form, referral=referral, mistake=MISTAKE
    )


@blueprint.get("/dagdelen")
@requires(Permission.CAPACITY_VIEW)
def half_day_sums() -> str:
    """Add up the half-days of one's own branch by month; for staff, of each branch in a year."""
    branch_id = actor().branch_id if actor().can(Permission.REFERRAL_HANDLE) else None
    since = months_later(clock.today().replace(day=1), 1 - sums.MONTHS)
    return render_template(
        "referrals/half_day_sums.html",
        months=sums.by_month(branch_id) if branch_id is not None else None,
        branches=sums.by_branch(since) if branch_id is None else None,
        since=since,
        kinds=[
            {"what": what, "label": gettext(label), "num": True}
            for what, label in service.HELD.items()
        ],
    )
