"""The waiting list of one's branch."""

from flask import render_template

from portal.core.db import db
from portal.core.guard import actor, requires
from portal.core.permissions import Permission
from portal.referrals import waiting as service
from portal.referrals.views import blueprint


@blueprint.get("/wachtlijst")
@requires(Permission.REFERRAL_HANDLE, logs_access=True)
def waiting() -> str:
    """Show who waits for a match, in order; that the list was opened is noted first."""
    lines = service.open_list(actor())
    db.session.commit()
    return render_template("referrals/waiting.html", lines=lines)
