"""Asking about working together, without an account: a form, a mail, a link, a receipt."""

from urllib.parse import parse_qsl

from flask import Response as FlaskResponse
from flask import flash, jsonify, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.agreements import enquiries, governments, packages, packages_shown, scenarios
from portal.agreements.forms.enquiry import AskForm, ConfirmForm
from portal.agreements.forms.scenario import ScenarioForm
from portal.agreements.scenarios import Snapshot
from portal.agreements.views import blueprint
from portal.core import once, terms
from portal.core.attempts import attempt
from portal.core.web import limiter

Page = str | Response

ASK_ADDRESS = "30 per hour"  # a whole town hall may share one address, and forms come back
LINK_ADDRESS = "30 per 15 minutes"
_RECEIVED = "enquiry"  # in the session: what this browser confirmed, to show its reference


@blueprint.route("/samenwerken/aanvraag", methods=["GET", "POST"])
@limiter.limit(ASK_ADDRESS, methods=["POST"])
def ask() -> Page:
    """Ask about working together; nothing reaches HSV before the e-mail address is proven."""
    asked = request.form.get("scenario", "") if request.method == "POST" else _query()
    snapshot = _snapshot(asked)
    form = AskForm.about(snapshot, request.args.get("pakket", ""))
    if form.validate_on_submit():
        if form.website.data:  # a program filled in what people do not see
            return redirect(url_for("agreements.asked"))
        if path := attempt(form, lambda: _keep(form, snapshot)):
            return redirect(path)
    return render_template(
        "agreements/ask.html", form=form, snapshot=snapshot, shown=packages_shown
    )


def _query() -> str:
    return request.query_string.decode("utf-8", "replace")[:2000]


def _snapshot(query: str) -> Snapshot | None:
    """Return the scenario of an address with the prices of now; None when there is none in it."""
    args = MultiDict(parse_qsl(query[:2000]))
    if "start" not in args:
        return None
    edition = packages.active_edition()
    offer = packages.offer_of(edition)
    scenario = ScenarioForm.asked(args, offer).scenario()
    return scenarios.price(scenario, offer, edition.number, edition.title)


def _keep(form: AskForm, snapshot: Snapshot | None) -> str:
    earlier = once.redeem(form.once.data, "enquiry", request.form)
    if earlier:
        return earlier
    enquiries.ask(form.question(), snapshot)
    path = url_for("agreements.asked")
    once.finish(str(form.once.data), path)
    return path


@blueprint.get("/samenwerken/aanvraag/verstuurd")
def asked() -> str:
    """Say that a mail is on its way, the same for everybody."""
    return render_template("agreements/asked.html", link_days=terms.days("ENQUIRY_LINK_DAYS").days)


@blueprint.route("/samenwerken/aanvraag/bevestigen/<token>", methods=["GET", "POST"])
@limiter.limit(LINK_ADDRESS)
def confirm_enquiry(token: str) -> Page:
    """Prove the e-mail address. Opening the link changes nothing: a button does."""
    form = ConfirmForm()
    found = enquiries.unconfirmed(token)
    if found is not None and form.validate_on_submit():
        if reference := attempt(form, lambda: enquiries.confirm(token).reference):
            session[_RECEIVED] = reference
            return redirect(url_for("agreements.received"))
        flash(form.form_errors[0], "error")
        found = None
    return render_template("agreements/confirm_enquiry.html", form=form, enquiry=found)


@blueprint.get("/samenwerken/aanvraag/ontvangen")
def received() -> Page:
    """Say that the question came in, with its reference for who confirmed it here."""
    return render_template(
        "agreements/received.html",
        reference=session.get(_RECEIVED, ""),
        answer_days=terms.days("ENQUIRY_ANSWER_DAYS").days,
    )


@blueprint.get("/samenwerken/besturen")
@limiter.limit("120 per minute")
def suggest_governments() -> FlaskResponse:
    """Answer what somebody is typing with local governments, as JSON; public names only."""
    found = governments.suggest(request.args.get("q", ""))
    return jsonify(
        [{"value": str(o.id), "label": o.name, "note": gettext(o.kind.label)} for o in found]
    )
