"""The pages about accounts: one's own, and those with which staff let people in."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from portal.core.db import db
from portal.core.errors import AlreadyUsedError, DomainError, NotFoundError
from portal.core.forms import BaseForm, show_error

blueprint = Blueprint("accounts", "portal.accounts", template_folder="templates")

Page = str | Response


def attempt(form: BaseForm, work: Callable[[], Any]) -> bool:
    """Do the work and commit; when a rule refuses, say so on the form and return False."""
    try:
        work()
    except (AlreadyUsedError, NotFoundError):
        raise
    except DomainError as error:
        db.session.rollback()
        show_error(form, error)
        return False
    db.session.commit()
    return True


def committed(path: str) -> Response:
    """Commit and go on to a page."""
    db.session.commit()
    return redirect(path)


from portal.accounts.views import invitations, memberships, own, people  # noqa: E402

__all__ = ["invitations", "memberships", "own", "people"]
