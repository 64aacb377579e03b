"""What a family lets be shared: what holds, what it said before, and a change it asks for."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.core.db import db
from portal.core.guard import actor, requires
from portal.core.kept import keep
from portal.core.permissions import Permission
from portal.referrals import consents, present, reading, texts
from portal.referrals.consents import NO, YES, ConsentChoice, Purpose
from portal.referrals.forms.consents import ConsentChangeForm
from portal.referrals.models import Referral
from portal.referrals.senders import names_of
from portal.referrals.states import workflow
from portal.referrals.text_kinds import TextKind
from portal.referrals.views import blueprint


@blueprint.route("/<reference>/toestemming", methods=["GET", "POST"])
@requires(Permission.REFERRAL_HANDLE, logs_access=True)
def consent(reference: str) -> str | Response:
    """Show what a family lets be shared, and note what it says now."""
    referral = _opened(reference)
    choices = consents.history(referral)
    form = ConsentChangeForm(referral, data=_now(referral, choices))
    if request.method == "POST" and form.validate():
        done = _changed(referral, form)
        if done:
            return done
        referral = _opened(reference)
    db.session.commit()  # no access event, no page
    return render_template(
        "referrals/consent.html",
        form=form,
        referral=referral,
        current=present.choice_rows(consents.current(choices)),
        history=present.choice_history(choices, names_of(one.by_id for one in choices)),
        is_version=texts.is_version,
        may_change=workflow.can(referral, "change_consent", actor()),
    )


def _opened(reference: str) -> Referral:
    deciding = request.method == "POST"
    return reading.open_family(actor(), reference, ("consent",), to_decide=deciding)


def _now(referral: Referral, choices: list[ConsentChoice]) -> dict[str, Any]:
    held = {purpose: one.answer for purpose, one in consents.current(choices).items()}
    family = referral.family
    return {
        "version": referral.version,
        "situation": held.get(Purpose.SITUATION, NO) == YES,
        "health": held.get(Purpose.HEALTH, NO) == YES,
        "health_codes": list(family.health or ()) if family else [],
        "feedback": referral.feedback,
    }


def _changed(referral: Referral, form: ConsentChangeForm) -> Response | None:
    def work() -> None:
        workflow.expect(referral, form.version.data)
        consents.change(
            actor(),
            referral,
            form.answers(),
            form.said(texts.in_use(TextKind.CONSENT).name),
            health=form.health_codes.data or (),
            note=form.note.data or "",
        )

    back = url_for("referrals.consent", reference=referral.reference)
    said = gettext("De toestemming is aangepast. Wat niet meer mag, is gewist.")
    return keep(form, f"consent {referral.id}", back, work, said)
