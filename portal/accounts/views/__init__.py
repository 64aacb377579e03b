"""The pages about accounts: one's own, and those with which staff let people in."""

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from portal.core.db import db

blueprint = Blueprint("accounts", "portal.accounts", template_folder="templates")

Page = str | Response


def committed(path: str) -> Response:
    """Commit and go on to a page."""
    db.session.commit()
    return redirect(path)


from portal.accounts.views import (  # noqa: E402
    guest_accounts,
    guests,
    invitations,
    mails,
    memberships,
    own,
    people,
)

__all__ = ["guest_accounts", "guests", "invitations", "mails", "memberships", "own", "people"]
