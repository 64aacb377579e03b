"""A parent asks for herself: one public page, a receipt, and a private link to follow."""

from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from flask import session as cookie
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.accounts import throttle
from portal.core import i18n, once
from portal.core.attempts import attempt
from portal.core.db import db
from portal.core.forms import BaseForm
from portal.referrals import parents, texts
from portal.referrals.feedback import parent_news
from portal.referrals.forms.self_referral import SelfReferralForm
from portal.referrals.models import Channel, Referral
from portal.referrals.submission import submit
from portal.referrals.text_kinds import TextKind
from portal.referrals.views import blueprint
from portal.referrals.views.texts import shown


@blueprint.record
def _put_on_map(state: BlueprintSetupState) -> None:
    """Give these pages addresses of their own: a parent does not refer."""
    add, both = state.app.add_url_rule, ["GET", "POST"]
    add("/zelf-aanmelden", "referrals.refer_oneself", refer_oneself, methods=both)
    add("/zelf-aanmelden/werking", "referrals.own_place", own_place)
    add("/zelf-aanmelden/aangekomen", "referrals.received", received)
    add("/zelf-aanmelden/volgen/<token>", "referrals.follow_own", follow_own, methods=both)


@throttle.per_address(throttle.PARENT_ADDRESS)
@throttle.per_typed_email(throttle.PARENT)
def refer_oneself() -> str | Response:
    """Ask what a parent needs, and send it to the branch near her."""
    form = SelfReferralForm()
    if request.method == "POST" and "show_route" not in request.form and form.validate():
        if form.is_from_machine:
            return redirect(url_for("referrals.received"), 303)
        if attempt(form, lambda: _send(form)):
            return redirect(url_for("referrals.received"), 303)
    text = shown(texts.in_use(TextKind.SELF), i18n.language())
    return render_template("referrals/refer_oneself.html", form=form, text=text)


def _send(form: SelfReferralForm) -> bool:
    key, path = str(form.once.data), url_for("referrals.received")
    if once.redeem(key, "referrals.refer_oneself", request.form) is None:
        referral = submit(None, form.submission())
        once.finish(key, path)
        cookie["received"] = referral.reference
    return True


def own_place() -> Response:
    """Answer what a municipality leads to, as the piece of the page that says so."""
    form = SelfReferralForm(request.args)
    return jsonify(html=render_template("referrals/_own_place.html", form=form))


def received() -> str | Response:
    """Say that it arrived, to the browser that sent it."""
    query = select(Referral).where(
        Referral.reference == cookie.get("received", ""), Referral.channel == Channel.SELF
    )
    referral = db.session.scalar(query)
    if referral is None:
        return redirect(url_for("referrals.refer_oneself"))
    contact_email = current_app.config["CONTACT_EMAIL"]
    return render_template("referrals/received.html", referral=referral, contact=contact_email)


@throttle.per_address(throttle.LINK_ADDRESS)
def follow_own(token: str) -> str | Response | tuple[str, int]:
    """Show a parent how far her question is; the first button confirms her address.

    An expired link mails a new one to the address behind it; who presses learns nothing from it.
    """
    form = BaseForm()
    link = parents.find(token)
    if link is None or not parents.is_open(link):
        if form.validate_on_submit():
            parents.renew(token)
            db.session.commit()
            flash(gettext("Was deze link van jou, dan krijg je een mail met een nieuwe."), "info")
            return redirect(url_for("referrals.refer_oneself"), 303)
        return render_template("referrals/own_link_over.html", form=form), 404
    if form.validate_on_submit():
        parents.confirm(link)
        db.session.commit()
        flash(gettext("Je krijgt een mail als er nieuws is."), "success")
        return redirect(url_for("referrals.follow_own", token=token), 303)
    referral = link.family.referral
    return render_template(
        "referrals/follow_own.html",
        form=form,
        referral=referral,
        news=parent_news(referral),
        token=token,
    )
