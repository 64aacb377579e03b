"""The steps people take with a referral, each with a small form of its own."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext
from werkzeug.routing import BaseConverter, ValidationError
from werkzeug.wrappers import Response

from portal.core.db import db
from portal.core.errors import ConflictError
from portal.core.guard import actor, requires
from portal.core.kept import keep
from portal.core.permissions import Permission
from portal.core.workflow import Transition
from portal.referrals import feedback, follow, notices, progress, reading
from portal.referrals.forms.decide import CorrectContactForm, DecisionForm, WithdrawForm
from portal.referrals.forms.decisions import DECISIONS, SLUGS
from portal.referrals.models import Referral
from portal.referrals.states import PAST, workflow
from portal.referrals.views import blueprint

_ROWS = {row.action: row for row in workflow.table}
_TELLS_AS = {"answer_match": "match"}  # the second yes fires another row, and that one mails

Apply = Callable[[Any, Referral, Any], object]


class StepConverter(BaseConverter):
    """A step: `intake-plannen` in the address, `plan_intake` in the code."""

    def to_python(self, value: str) -> str:
        if value not in SLUGS:
            raise ValidationError
        return SLUGS[value]

    def to_url(self, value: str) -> str:
        return DECISIONS[value].slug


@blueprint.record
def _know_steps(state: BlueprintSetupState) -> None:
    state.app.url_map.converters["step"] = StepConverter


@blueprint.route("/<reference>/<step:action>", methods=["GET", "POST"])
@requires(Permission.REFERRAL_HANDLE)
def decide(reference: str, action: str) -> str | Response:
    """Show the form of a step, and take it."""
    referral = found(reference)
    decision = DECISIONS[action]
    form = decision.form(data={"version": referral.version, **decision.start_with(referral)})
    if form.is_submitted():
        done = form.validate() and taken(referral, action, form, decision.apply, decision.page)
        if done:
            return done
    elif not workflow.can(referral, action, actor()):
        return too_late(referral)
    row = _ROWS[action]
    told = _ROWS[_TELLS_AS.get(action, action)]
    return render_template(
        "referrals/decide.html",
        form=form,
        referral=referral,
        label=gettext(row.label),
        will=gettext(decision.will),
        hints={name: gettext(hint) for name, hint in decision.hints.items()}
        | _advice_hint(referral, form),
        shown_if=decision.shown_if,
        back=url_for(decision.page, reference=referral.reference),
        danger=row.tone == "danger",
        **_mail(referral, told),
    )


@blueprint.route("/<reference>/contactgegevens", methods=["GET", "POST"])
@requires(Permission.REFERRAL_HANDLE, logs_access=True)
def correct_contact(reference: str) -> str | Response:
    """Correct how to reach the family."""
    referral = found(reference)
    if not (request.method == "POST" or workflow.can(referral, "correct_contact", actor())):
        return too_late(referral)
    family = referral.family
    known = {**family.identity, "street": family.street} if family else {}
    form = CorrectContactForm(data={**known, "version": referral.version})
    if referral.waiting_since_on is None:
        del form.street
    if form.is_submitted():
        done = form.validate() and taken(referral, "correct_contact", form, _correct)
        if done:
            return done
    else:
        reading.open_family(actor(), referral.reference)
        db.session.commit()
    return render_template("referrals/correct_contact.html", form=form, referral=referral)


@blueprint.route("/<reference>/intrekken", methods=["GET", "POST"])
@requires(Permission.REFERRAL_WITHDRAW)
def withdraw(reference: str) -> str | Response:
    """Withdraw one's referral, or take a family that no branch serves off the list."""
    referral = found(reference)
    unserved = referral.branch_id is None
    action = "leave_list" if unserved else "withdraw"
    form = (DecisionForm if unserved else WithdrawForm)(data={"version": referral.version})
    if form.is_submitted():
        try:
            done = form.validate() and taken(referral, action, form, _leave)
        except ConflictError as conflict:
            seen = form.version.data or referral.version
            conflict.changes = feedback.changes(referral, seen)
            raise
        if done:
            return done
    elif not workflow.can(referral, action, actor()):
        return too_late(referral)
    return render_template(
        "referrals/withdraw.html",
        form=form,
        referral=referral,
        label=gettext(_ROWS[action].label),
        unserved=unserved,
    )


def found(reference: str) -> Referral:
    """Return the referral; where something is sent, held until it is done."""
    return reading.find(actor(), reference, to_decide=request.method == "POST")


def taken(
    referral: Referral, action: str, form: Any, apply: Apply, page: str = "referrals.show"
) -> Response | None:
    """Take the step and go to a page of the referral; None when a rule refuses, on the form."""
    back = url_for(page, reference=referral.reference)

    def work() -> None:
        workflow.expect(referral, form.version.data)
        apply(actor(), referral, form)

    said = gettext("Bewaard: %(what)s.", what=gettext(PAST[action]))
    return keep(form, f"{action} {referral.id}", back, work, said)


def too_late(referral: Referral) -> Response:
    flash(gettext("Deze stap kan nu niet. Kijk hieronder hoe het met deze verwijzing staat."))
    return redirect(url_for("referrals.show", reference=referral.reference))


def _correct(who: Any, referral: Referral, form: CorrectContactForm) -> None:
    follow.correct_contact(
        who,
        referral,
        phone=form.phone.data or "",
        email=form.email.data or "",
        street=form.street.data or "" if "street" in form else "",
        note=form.note.data or "",
    )


def _leave(who: Any, referral: Referral, form: Any) -> None:
    if referral.branch_id is None:
        follow.leave_list(who, referral)
    else:
        follow.withdraw(who, referral, form.reason.data, form.note.data or "")


def _mail(referral: Referral, row: Transition) -> dict[str, Any]:
    return {
        "mail": notices.preview(referral, row),
        "mail_sentence": progress.mail_sentence(referral, row),
    }


def _advice_hint(referral: Referral, form: DecisionForm) -> dict[str, str]:
    return {"advice": progress.advice_hint(referral)} if "advice" in form else {}
