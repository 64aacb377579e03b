"""From a form that is in order to work that is done: commit, or say on the form what refuses."""

from collections.abc import Callable
from typing import TypeVar

from flask import abort, flash

from portal.core.db import db
from portal.core.errors import AlreadyUsedError, ConflictError, DomainError, NotFoundError
from portal.core.forms import BaseForm, show_error

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
