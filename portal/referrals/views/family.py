"""What the branch does for a family that decides: its letter, its questions, its withdrawal."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.core.attempts import attempt, press
from portal.core.db import db
from portal.core.downloads import attachment
from portal.core.errors import NotFoundError
from portal.core.forms import BaseForm
from portal.core.guard import actor, requires
from portal.core.kept import keep
from portal.core.permissions import Permission
from portal.referrals import family_door, family_requests, letters, reading, texts, withdrawal
from portal.referrals.forms.consents import SaidForm
from portal.referrals.forms.letter import LetterForm
from portal.referrals.models import Referral
from portal.referrals.senders import names_of
from portal.referrals.states import workflow
from portal.referrals.text_kinds import TextKind
from portal.referrals.views import blueprint
from portal.referrals.views.decide import too_late


@blueprint.route("/<reference>/brief", methods=["GET", "POST"])
@requires(Permission.REFERRAL_LIST, logs_access=True)
def letter(reference: str) -> str | Response:
    """Make the letter of a family; each has a code of its own."""
    referral = reading.open_family(actor(), reference, ("letter",))
    form = LetterForm(data={"language": letters.language_of(referral)})
    if form.is_submitted() and form.validate():
        chosen = (form.language.data, form.form.data)
        made = attempt(form, lambda: letters.make(actor(), referral, *chosen))
        if made is not None:
            return attachment(made.data, made.filename, made.media_type)
        referral = reading.open_family(actor(), reference, ("letter",))
    made_codes = family_door.codes(referral)
    names = names_of(one.account_id or one.guest_id for one in made_codes)
    db.session.commit()
    return render_template(
        "referrals/letter.html",
        form=form,
        referral=referral,
        codes=made_codes,
        names=names,
        handles=actor().can(Permission.REFERRAL_HANDLE),
        may_make=letters.may_make(actor(), referral),
    )


@blueprint.post("/<reference>/brief/codes-stoppen")
@requires(Permission.REFERRAL_HANDLE)
def end_codes(reference: str) -> Response:
    """Let no letter of a family open its page any more."""
    referral = reading.find(actor(), reference)
    if press(BaseForm(), lambda: family_door.end_codes(actor(), referral)):
        flash(gettext("De codes werken niet meer. Maak een nieuwe brief."), "success")
    return redirect(url_for("referrals.letter", reference=referral.reference), 303)


@blueprint.post("/<reference>/vragen-van-het-gezin/<int:request_id>")
@requires(Permission.REFERRAL_HANDLE)
def answer_family(reference: str, request_id: int) -> Response:
    """Note that a question of the family was answered."""
    referral = reading.find(actor(), reference)
    if press(BaseForm(), lambda: family_requests.answered(actor(), referral, request_id)):
        flash(gettext("Genoteerd: de vraag is beantwoord."), "success")
    return redirect(url_for("referrals.show", reference=referral.reference), 303)


@blueprint.route("/<reference>/toestemming/intrekken", methods=["GET", "POST"])
@requires(Permission.REFERRAL_HANDLE)
def withdraw_consent(reference: str) -> str | Response:
    """Note that a family takes its consent back: sharing stops, erasing begins."""
    referral = reading.find(actor(), reference, to_decide=request.method == "POST")
    form = SaidForm(data={"version": referral.version})
    if form.is_submitted():
        done = form.validate() and _withdrawn(referral, form)
        if done:
            return done
    elif not workflow.can(referral, "withdraw_consent", actor()):
        return too_late(referral)
    return render_template("referrals/withdraw_consent.html", form=form, referral=referral)


def _withdrawn(referral: Referral, form: SaidForm) -> Response | None:
    def work() -> None:
        workflow.expect(referral, form.version.data)
        said = form.said(texts.in_use(TextKind.CONSENT).name)
        withdrawal.withdraw(actor(), referral, said, form.note.data or "")

    back = url_for("referrals.show", reference=referral.reference)
    return keep(
        form,
        f"withdraw consent {referral.id}",
        back,
        work,
        gettext("De toestemming is ingetrokken. Er wordt niets meer gedeeld."),
    )


@blueprint.route("/<reference>/wissen", methods=["GET", "POST"])
@requires(Permission.REFERRAL_HANDLE)
def erase(reference: str) -> str | Response:
    """Carry out an erasure without waiting for its day."""
    referral = reading.find(actor(), reference, to_decide=request.method == "POST")
    plan, form = withdrawal.plan_of(referral), BaseForm()
    back = url_for("referrals.show", reference=referral.reference)
    if form.is_submitted():
        if plan is None:
            raise NotFoundError
        if press(form, lambda: withdrawal.erase_now(actor(), referral)):
            flash(gettext("Alles van dit gezin is gewist."), "success")
        return redirect(back, 303)
    if plan is None or referral.family is None:
        return redirect(back)
    return render_template("referrals/erase.html", form=form, referral=referral, plan=plan)
