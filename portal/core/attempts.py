"""From a form that is in order to work that is done: commit, or say on the form what refuses."""

from collections.abc import Callable
from typing import TypeVar

from flask import abort, flash
from flask_babel import gettext

from portal.core.db import db
from portal.core.errors import (
    AlreadyUsedError,
    ConflictError,
    DomainError,
    NotAllowedError,
    NotFoundError,
)
from portal.core.forms import BaseForm, show_error

Done = TypeVar("Done")

_FOR_A_PAGE_OF_THEIR_OWN = (AlreadyUsedError, ConflictError, NotAllowedError, NotFoundError)


def attempt(form: BaseForm | None, work: Callable[[], Done]) -> Done | None:
    """Do the work and commit; when a rule refuses, put that on the form and return None.

    Without a form (a mere button) the refusal becomes a message on the next page.
    """
    try:
        done = work()
    except _FOR_A_PAGE_OF_THEIR_OWN:
        raise
    except DomainError as error:
        db.session.rollback()
        if form is None:
            flash(gettext(error.message, **error.values), "error")
        else:
            show_error(form, error)
        return None
    db.session.commit()
    return done


def succeeds(form: BaseForm | None, work: Callable[[], object]) -> bool:
    """Do the work as `attempt` does, and say whether it was done."""
    return attempt(form, lambda: (work(),)) is not None


def press(form: BaseForm, work: Callable[[], object]) -> bool:
    """Do what a button asks and commit; there is no form to show again, so a refusal is a message.

    Returns whether it was done. Ends the request with 400 when the form is not what we sent.
    """
    if not form.validate():
        abort(400)
    if succeeds(form, work):
        return True
    for words in form.form_errors:
        flash(words, "error")
    return False
