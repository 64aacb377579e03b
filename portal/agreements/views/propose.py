"""Putting a version to the other side: made in Word and PDF first, then kept in one go."""

from collections.abc import Callable
from typing import TypeVar

from flask import flash, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.agreements import proposing
from portal.agreements.forms.propose import ProposeForm
from portal.agreements.models import AgreementVersion
from portal.agreements.proposing import Prepared
from portal.agreements.views import blueprint
from portal.agreements.views.desk import Desk, hsv_desk, partner_desk
from portal.agreements.views.edit import check_page
from portal.core import guard
from portal.core.attempts import attempt
from portal.core.db import db, reading
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.permissions import Permission
from portal.core.rendering import RefusedError

Answer = Response | str
Made = TypeVar("Made")


@blueprint.post("/overeenkomsten/<reference>/voorstellen")
@guard.requires(Permission.AGREEMENT_MANAGE)
def propose(reference: str) -> Answer:
    """Freeze HSV's draft as the next version and put it to the partners."""
    actor = guard.actor()

    def keep(desk: Desk, prepared: Prepared, form: ProposeForm) -> AgreementVersion:
        return proposing.propose(
            actor, desk.agreement, prepared, form.version.data, form.note.data or ""
        )

    return _freeze(lambda: hsv_desk(actor, reference), keep)


@blueprint.post("/overeenkomsten/<reference>/tegenvoorstel/voorstellen")
@guard.requires(Permission.AGREEMENT_NEGOTIATE)
def counter_propose(reference: str) -> Answer:
    """Freeze a partner's counter-proposal as the next version and put it to HSV."""
    actor = guard.actor()

    def keep(desk: Desk, prepared: Prepared, form: ProposeForm) -> AgreementVersion:
        assert desk.counter is not None
        return proposing.counter_propose(
            actor, desk.counter, prepared, form.version.data, form.note.data or ""
        )

    return _freeze(lambda: partner_desk(actor, reference), keep)


def _freeze(
    open_desk: Callable[[], Desk],
    keep: Callable[[Desk, Prepared, ProposeForm], AgreementVersion],
) -> Answer:
    """Print outside the transaction that writes, so that nobody waits for Word; then keep it."""
    form = ProposeForm()
    if not form.validate():
        return check_page(open_desk(), form)
    db.session.rollback()
    with reading():
        desk = open_desk()
        prepared = attempt(form, lambda: _prepared(desk))
    desk = open_desk()
    kept = attempt(form, lambda: keep(desk, prepared, form)) if prepared else None
    if kept is None:
        return check_page(desk, form)
    flash(
        gettext(
            "Versie %(number)s ligt vast en is bezorgd aan de andere partijen.",
            number=kept.number,
        ),
        "success",
    )
    return redirect(url_for("agreements.show", reference=desk.agreement.reference), 303)


def _prepared(desk: Desk) -> Prepared:
    return printed(lambda: proposing.prepare(desk.agreement, desk.terms))


def printed(work: Callable[[], Made]) -> Made:
    """Return what some work prints. Raises DomainError, with why, when it cannot be printed."""
    try:
        return work()
    except RefusedError as refused:
        message = N_("De tekst kan niet gedrukt worden: %(why)s")
        raise DomainError(message, why="; ".join(str(p) for p in refused.problems)) from refused
