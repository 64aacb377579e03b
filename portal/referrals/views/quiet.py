"""One click that says that a branch is still busy with a family."""

from flask import flash, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.core.attempts import press
from portal.core.forms import BaseForm
from portal.core.guard import actor, requires
from portal.core.permissions import Permission
from portal.core.redirects import inside
from portal.referrals import quiet, reading
from portal.referrals.views import blueprint


@blueprint.post("/<reference>/opgevolgd")
@requires(Permission.REFERRAL_HANDLE)
def follow_up(reference: str) -> Response:
    """Note that the branch is still busy with a family, and go back."""
    referral = reading.find(actor(), reference, to_decide=True)
    if press(BaseForm(), lambda: quiet.follow_up(actor(), referral)):
        flash(gettext("Genoteerd: je bent er nog mee bezig."), "success")
    return redirect(inside(request.form.get("next")))
