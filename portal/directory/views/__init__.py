"""The pages of the directory, by noun."""

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, abort

from portal.core.db import db
from portal.core.errors import AlreadyUsedError, ConflictError, DomainError, NotFoundError
from portal.core.forms import BaseForm, VersionedForm, show_error

blueprint = Blueprint("directory", "portal.directory", template_folder="templates")

Done = TypeVar("Done")

_FOR_A_PAGE_OF_THEIR_OWN = (AlreadyUsedError, ConflictError, NotFoundError)


def attempt(form: BaseForm, work: Callable[[], Done]) -> Done | None:
    """Do the work and commit; when a rule refuses, put that on the form and return None."""
    try:
        done = work()
    except _FOR_A_PAGE_OF_THEIR_OWN:
        raise
    except DomainError as error:
        db.session.rollback()
        show_error(form, error)
        return None
    db.session.commit()
    return done


def sent_version() -> int:
    """Return the version that came with a button. Ends the request with 400 without one."""
    form = VersionedForm()
    if not form.validate() or form.version.data is None:
        abort(400)
    return form.version.data


from portal.directory.views import areas, branches, municipalities, organisations  # noqa: E402

__all__ = ["areas", "branches", "municipalities", "organisations"]
