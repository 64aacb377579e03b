"""What the parties say to an addendum: a remark, yes, no; and HSV's stopping or writing it anew."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.agreements import addendum_talk
from portal.agreements.addendum_states import changes_since, workflow
from portal.agreements.forms.addenda import RemarkForm
from portal.agreements.forms.steps import ButtonForm, ReasonForm
from portal.agreements.models import Addendum
from portal.agreements.views import blueprint
from portal.agreements.views.addenda import ADDENDUM, find, page
from portal.core import guard, once
from portal.core.attempts import attempt, press, succeeds
from portal.core.errors import ConflictError
from portal.core.i18n import N_
from portal.core.permissions import Actor, Permission

Answer = Response | str
Work = Callable[[Actor, Addendum, int | None, str], None]


@blueprint.post(f"{ADDENDUM}/opmerking")
@guard.requires(Permission.AGREEMENT_CONTINUE)
def comment_addendum(reference: str, number: int) -> Answer:
    """Keep a remark of a partner, or HSV's answer."""
    actor = guard.actor()
    agreement, found = find(reference, number)
    form = RemarkForm()

    def work() -> str:
        key, purpose = str(form.once.data), f"agreements.comment_addendum {reference} {number}"
        earlier = once.redeem(key, purpose, request.form, account_id=actor.account_id)
        if earlier:
            return earlier
        edition, text = form.edition.data or 0, (form.text.data or "").strip()
        addendum_talk.comment(actor, found, edition, text)
        path = _path(found, anchor="opmerkingen")
        once.finish(key, path)
        return path

    if form.validate() and (path := attempt(form, work)):
        flash(gettext("Je opmerking is bewaard. De andere partijen lezen ze."), "success")
        return redirect(path, 303)
    return page(agreement, found, form)


@blueprint.post(f"{ADDENDUM}/akkoord")
@guard.requires(Permission.AGREEMENT_NEGOTIATE)
def accept_addendum(reference: str, number: int) -> Response:
    """Agree with the newest version for one's organisation."""
    _agreement, found = find(reference, number)
    form = ButtonForm()

    def work() -> None:
        addendum_talk.accept(guard.actor(), found, form.number.data or 0)

    if press(form, work):
        name = guard.actor().organisation_name
        flash(gettext("Het akkoord van %(name)s is vastgelegd.", name=name), "success")
    return redirect(_path(found), 303)


@blueprint.route(f"{ADDENDUM}/niet-akkoord", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_NEGOTIATE)
def decline_addendum(reference: str, number: int) -> Answer:
    """Refuse an addendum for one's organisation."""
    done = gettext("Het addendum gaat niet door. Alle partijen krijgen bericht.")
    return _with_reason(reference, number, "decline", addendum_talk.decline, done)


@blueprint.route(f"{ADDENDUM}/intrekken", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_MANAGE)
def withdraw_addendum(reference: str, number: int) -> Answer:
    """Take an addendum back for HSV."""
    done = gettext("Het addendum is ingetrokken. Alle partners krijgen bericht.")
    return _with_reason(reference, number, "withdraw", addendum_talk.withdraw, done)


@blueprint.route(f"{ADDENDUM}/heropenen", methods=["GET", "POST"])
@guard.requires(Permission.AGREEMENT_MANAGE)
def reopen_addendum(reference: str, number: int) -> Answer:
    """Write an addendum anew after everybody agreed."""
    done = gettext("Het addendum is opnieuw in opmaak. Pas het aan en leg het opnieuw voor.")
    return _with_reason(reference, number, "reopen", addendum_talk.reopen, done)


def _with_reason(reference: str, number: int, action: str, work: Work, done: str) -> Answer:
    agreement, found = find(reference, number)
    must_fit(found, action)
    form = ReasonForm(data={"version": found.version})
    reason = form.reason.data or ""
    if form.validate_on_submit() and succeeds(
        form, lambda: work(guard.actor(), found, form.version.data, reason)
    ):
        flash(done, "success")
        return redirect(_path(found), 303)
    return render_template(
        f"agreements/{action}_addendum.html", agreement=agreement, addendum=found, form=form
    )


def must_fit(found: Addendum, action: str) -> None:
    """Raise ConflictError, with what happened, when a step cannot be taken any more."""
    if not workflow.can(found, action, guard.actor()):
        raise ConflictError(N_("Deze stap kan nu niet meer."), changes_since(found, 0))


def _path(found: Addendum, anchor: str | None = None) -> str:
    reference = found.agreement.reference
    return url_for("agreements.addendum", reference=reference, number=found.number, _anchor=anchor)
