"""The sheet a coordinator takes along to the intake visit."""

from flask import Response

from portal.core.db import db
from portal.core.downloads import attachment
from portal.core.guard import actor, requires
from portal.core.permissions import Permission
from portal.referrals import intake_sheet as sheet
from portal.referrals import reading
from portal.referrals.views import blueprint


@blueprint.get("/<reference>/intakeblad.pdf")
@requires(Permission.REFERRAL_HANDLE, logs_access=True)
def intake_sheet(reference: str) -> Response:
    """Send the referral as a PDF; that it was printed is noted first."""
    referral = reading.open_family(actor(), reference)
    data = sheet.render(referral, actor())
    db.session.commit()
    return attachment(data, f"intake-{referral.reference}.pdf", "application/pdf")
