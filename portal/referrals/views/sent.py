"""What a referrer gets once a referral is sent: the page that says so, and the receipt."""

from flask import render_template
from werkzeug.wrappers import Response

from portal.core import downloads, guard
from portal.core.db import db
from portal.core.documents import Document
from portal.core.errors import NotFoundError
from portal.core.permissions import Permission
from portal.referrals import reading
from portal.referrals.views import blueprint


@blueprint.get("/<reference>/verstuurd")
@guard.requires(Permission.REFERRAL_FOLLOW)
def sent(reference: str) -> str:
    """Tell whoever sent it that it arrived, and what happens now."""
    actor = guard.actor()
    referral = reading.find(actor, reference)
    if referral.sender_id != actor.person_id:
        raise NotFoundError
    return render_template("referrals/sent.html", referral=referral)


@blueprint.get("/<reference>/ontvangstbewijs.pdf")
@guard.requires(Permission.REFERRAL_FOLLOW)
def receipt(reference: str) -> Response:
    """Send the receipt, to file. It says nothing about the family."""
    referral = reading.find(guard.actor(), reference)
    document = db.session.get(Document, referral.receipt_id) if referral.receipt_id else None
    if document is None:
        raise NotFoundError
    return downloads.send(document)
