"""Short questions afterwards: answered by link, handed out and looked at by the branch."""

from typing import Any

import segno
from flask import current_app, render_template, request
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from portal.accounts import throttle
from portal.core.attempts import attempt, succeeds
from portal.core.db import db
from portal.core.forms import BaseForm
from portal.core.guard import actor, requires
from portal.core.permissions import Permission
from portal.referrals import reading, survey_sums, surveys
from portal.referrals.forms.survey import FORMS
from portal.referrals.models import Status
from portal.referrals.survey_questions import Audience
from portal.referrals.views import blueprint
from portal.referrals.views.decide import too_late


@blueprint.record
def _put_on_map(state: BlueprintSetupState) -> None:
    """Give the questions an address of their own: short enough to type from paper."""
    add = state.app.add_url_rule
    add("/vragen/<token>", "referrals.survey", survey, methods=["GET", "POST"])


@throttle.per_address(throttle.LINK_ADDRESS)
def survey(token: str) -> str | tuple[str, int]:
    """Ask the questions behind a link, once."""
    link = surveys.find(token)
    if link is None:
        return render_template("referrals/survey_over.html"), 404
    form = FORMS[link.audience]()
    if form.validate_on_submit() and succeeds(form, lambda: surveys.answer(token, form.said())):
        return render_template("referrals/survey_thanks.html")
    referral = link.family.referral
    return render_template(
        "referrals/survey.html", form=form, referral=referral, parent=_is_parent(link.audience)
    )


@blueprint.route("/<reference>/vragen-aan-de-ouder", methods=["GET", "POST"])
@requires(Permission.REFERRAL_HANDLE)
def ask_parent(reference: str) -> str | Response:
    """Make a card with a link for the parent, or mail it."""
    referral = reading.find(actor(), reference, to_decide=request.method == "POST")
    if referral.status != Status.COMPLETED or referral.family is None:
        return too_late(referral)
    form, page = BaseForm(), {"card": None, "mailed": False}
    if form.validate_on_submit():
        page = _mailed(form, referral) if "mail" in request.form else _card(form, referral)
    return render_template("referrals/ask_parent.html", form=form, referral=referral, **page)


@blueprint.get("/tevredenheid")
@requires(Permission.REFERRAL_HANDLE, logs_access=True)
def satisfaction() -> str:
    """Show what referrers and parents answered: by name where agreed, else in sums."""
    found = survey_sums.results(actor())
    db.session.commit()  # no access event, no page
    return render_template("referrals/satisfaction.html", results=found)


def _card(form: BaseForm, referral: Any) -> dict[str, Any]:
    path = attempt(form, lambda: surveys.link_for_parent(actor(), referral))
    if path is None:
        return {"card": None, "mailed": False}
    address = current_app.config["BASE_URL"] + path
    code = segno.make(address, error="m").svg_data_uri(scale=5, border=4, light="white")
    return {"card": {"address": address, "code": code}, "mailed": False}


def _mailed(form: BaseForm, referral: Any) -> dict[str, Any]:
    return {
        "card": None,
        "mailed": succeeds(form, lambda: surveys.mail_parent(actor(), referral)),
    }


def _is_parent(audience: Audience) -> bool:
    return audience == Audience.PARENT
