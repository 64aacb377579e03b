"""The list of referrals."""

from flask import render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.core import export, guard
from portal.core.permissions import Permission
from portal.referrals import listing
from portal.referrals.states import STATUS_LABELS
from portal.referrals.views import blueprint


@blueprint.get("/")
@guard.requires(Permission.REFERRAL_LIST)
def index() -> str | Response:
    """Show the referrals of one's branch or organisation."""
    actor = guard.actor()
    listed = listing.listing_for(actor)
    query = listing.statement(actor)
    if form := request.args.get("formaat"):
        rows = listed.everything(query, request.args)
        return export.respond(form, listed.columns, rows, gettext("verwijzingen"))
    page = listed.page(query, request.args, request.path)
    labels = {status: gettext(label) for status, label in STATUS_LABELS.items()}
    lines = listing.lines(page.rows, labels)
    return render_template("referrals/index.html", page=page, lines=lines)
