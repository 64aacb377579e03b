"""The pages of the directory, by noun."""

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, abort, flash

from portal.core.db import db
from portal.core.errors import AlreadyUsedError, ConflictError, DomainError, NotFoundError
from portal.core.forms import BaseForm, show_error

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


def press(form: BaseForm, work: Callable[[], object]) -> bool:
    """Do what a button asks and commit; there is no form to show again, so a refusal is a message.

    Returns whether it was done. Ends the request with 400 when the form is not what we sent.
    """
    if not form.validate():
        abort(400)
    if attempt(form, lambda: (work(),)):
        return True
    for words in form.form_errors:
        flash(words, "error")
    return False


from portal.directory.views import areas, branches, municipalities, organisations  # noqa: E402

__all__ = ["areas", "branches", "municipalities", "organisations"]
