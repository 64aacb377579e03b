"""Keeping what a form asks, once: who sends it again goes where the first sending went."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request
from werkzeug.wrappers import Response

from portal.core import once
from portal.core.attempts import attempt
from portal.core.errors import ConflictError
from portal.core.guard import actor


def keep(
    form: Any, purpose: str, path: str, work: Callable[[], object], said: str
) -> Response | None:
    """Do the work of a valid form and go to `path`, where the person reads what was `said`.

    None when a rule refuses, which stands on the form then. `form` is an OnceForm.
    """
    key = str(form.once.data)

    def first_time() -> tuple[str, bool]:
        earlier = once.redeem(key, purpose, request.form, account_id=actor().person_id)
        if earlier:
            return earlier, False
        work()
        once.finish(key, path)
        return path, True

    try:
        done = attempt(form, first_time)
    except ConflictError as conflict:
        conflict.back = path
        raise
    if done is None:
        return None
    target, is_first = done
    if is_first:
        flash(said, "success")
    return redirect(target)
