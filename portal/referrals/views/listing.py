"""The list of referrals."""

from flask import Response, render_template, request
from flask_babel import gettext

from portal.core import export, guard
from portal.core.permissions import Permission
from portal.referrals import listing
from portal.referrals.views import blueprint


@blueprint.get("/")
@guard.requires(Permission.REFERRAL_LIST)
def index() -> str | Response:
    """Show the referrals of one's branch or organisation."""
    query, listed = listing.for_actor(guard.actor())
    if form := request.args.get("formaat"):
        handles = guard.actor().can(Permission.REFERRAL_HANDLE)
        query, counts = listing.with_counts(query) if handles else (query, [])
        rows = listed.everything(query, request.args)
        return export.respond(form, [*listed.columns, *counts], rows, gettext("verwijzingen"))
    page = listed.page(query, request.args, request.path)
    return render_template("referrals/index.html", page=page, lines=listing.lines(page.rows))
