"""How much room the branches have: kept by coordinators, looked at by staff."""

from flask import flash, redirect, render_template, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.core.attempts import succeeds
from portal.core.guard import actor, requires
from portal.core.permissions import Permission
from portal.referrals import capacity as service
from portal.referrals.forms.capacity import CapacityForm
from portal.referrals.views import blueprint


@blueprint.record
def _put_on_map(state: BlueprintSetupState) -> None:
    """Give this page an address of its own: it is not about a referral."""
    state.app.add_url_rule("/capaciteit", "referrals.capacity", capacity, methods=["GET", "POST"])


@requires(Permission.CAPACITY_VIEW)
def capacity() -> str | Response:
    """Show the room of one's own branch and keep its volunteers; staff see every branch."""
    branch_id = actor().branch_id if actor().can(Permission.REFERRAL_HANDLE) else None
    found = service.of(branch_id)
    if branch_id is None:
        return render_template("referrals/capacity.html", branches=found, form=None)
    form = CapacityForm(data={"volunteers": found[0].volunteers})
    if form.validate_on_submit() and succeeds(
        form, lambda: service.keep(actor(), form.volunteers.data or 0)
    ):
        flash(gettext("Bewaard. Verwijzers zien het in grote stappen."), "success")
        return redirect(url_for("referrals.capacity"))
    return render_template("referrals/capacity.html", branches=found, form=form)
