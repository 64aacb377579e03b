"""The referrals a person began and did not send yet."""

from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.core import guard
from portal.core.db import db
from portal.core.permissions import Permission
from portal.core.terms import days
from portal.referrals.drafts import discard, find, mine
from portal.referrals.forms.filling import CHECK, Filling, steps_for
from portal.referrals.models import Draft
from portal.referrals.views import blueprint


@dataclass(frozen=True)
class Line:
    """One draft, told apart by what its writer knows of it."""

    draft_id: int
    first_name: str
    place: str
    changed_at: datetime
    step: str
    step_number: int
    steps: int


@blueprint.get("/ontwerpen")
@guard.requires(Permission.REFERRAL_SUBMIT)
def drafts() -> str:
    """Show one's own drafts, the latest first."""
    lines = [_line(draft) for draft in mine(guard.actor())]
    kept_days = days("DRAFT_KEPT_DAYS").days
    return render_template("referrals/drafts.html", drafts=lines, kept_days=kept_days)


@blueprint.route("/ontwerp/<int:draft_id>/verwijderen", methods=["GET", "POST"])
@guard.requires(Permission.REFERRAL_SUBMIT)
def discard_draft(draft_id: int) -> Response | str:
    """Ask whether a draft may go; then it goes for good."""
    draft = find(guard.actor(), draft_id)
    if request.method == "GET":
        return render_template("referrals/discard_draft.html", line=_line(draft))
    discard(draft, guard.actor())
    db.session.commit()
    flash(gettext("Het ontwerp is verwijderd."), "success")
    return redirect(url_for("referrals.drafts"), 303)


def _line(draft: Draft) -> Line:
    filling = Filling(draft)
    family = filling.saved("gezin")
    # As it was answered then: whether a branch serves the place by now is looked up on opening.
    steps = steps_for(counted_only=family.kept_when_unserved.data is False)
    step = next((one for one in steps if not filling.done(one)), CHECK)
    where = family.where
    return Line(
        draft_id=draft.id,
        first_name=family.first_name.data or "",
        place=where.municipality.name if where.municipality else "",
        changed_at=draft.changed_at,
        step=step,
        step_number=steps.index(step) + 1,
        steps=len(steps),
    )
