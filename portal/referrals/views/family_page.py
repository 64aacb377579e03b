"""The page of a parent, without an account: what is kept, what may be done with it, and stopping.

Short, in her language, nothing of it in an address, in a cache or in a search engine.
"""

from typing import Any

from flask import Response as FlaskResponse
from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from portal.accounts import throttle
from portal.core import audit, clock
from portal.core.attempts import succeeds
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.forms import BaseForm
from portal.core.guard import logs_access
from portal.core.terms import days
from portal.referrals import (
    consents,
    family_door,
    family_page,
    family_requests,
    letters,
    texts,
    withdrawal,
)
from portal.referrals.choices import GIVEN_BY_SELF, MANNER_ONLINE
from portal.referrals.consents import Said
from portal.referrals.family_page import Words
from portal.referrals.forms.family_page import AskForm, ChooseForm, EnterForm, speak
from portal.referrals.models import Referral
from portal.referrals.text_kinds import LANGUAGE_NAMES, TextKind
from portal.referrals.views import blueprint

_COOKIE, _LANGUAGE = "family", "family_language"


@blueprint.record
def _put_on_map(state: BlueprintSetupState) -> None:
    """Give these pages addresses of their own: a parent does not refer."""
    add, both = state.app.add_url_rule, ["GET", "POST"]
    path = letters.PATH
    add(path, "referrals.family_door", family_door_page, methods=both)
    add(f"{path}/met/<code>", "referrals.family_door_with", family_door_page, methods=both)
    add(f"{path}/overzicht", "referrals.family_page", family_page_view)
    add(f"{path}/kiezen", "referrals.family_choose", family_choose, methods=["POST"])
    add(f"{path}/vragen", "referrals.family_ask", family_ask, methods=["POST"])
    add(f"{path}/stoppen", "referrals.family_stop", family_stop, methods=both)
    add(f"{path}/afsluiten", "referrals.family_leave", family_leave, methods=["POST"])


@throttle.per_address(throttle.LINK_ADDRESS)
def family_door_page(code: str = "") -> FlaskResponse | Response:
    """Ask for the code of the letter and one thing only the family knows."""
    said = _words()
    form = speak(EnterForm(data={"code": code}), said.phrases, "enter")
    if form.is_submitted() and form.validate():
        token = family_door.enter(form.code.data, form.answer.data)
        db.session.commit()  # a wrong answer counts
        if token is not None:
            cookie[_COOKIE] = token
            return redirect(url_for("referrals.family_page"), 303)
        form.form_errors.append(said.say("enter.wrong"))
    return _page("referrals/family_door.html", said, form=form)


@logs_access
def family_page_view() -> FlaskResponse | Response:
    """Show a parent what is kept of her family; that it was shown is noted first."""
    referral = _referral()
    if referral is None:
        return _over()
    audit.record("referral:read_by_family", referral, fields=("identity",))
    return _overview(referral)


def family_choose() -> FlaskResponse | Response:
    """Keep what a parent chooses."""
    referral = _referral()
    if referral is None:
        return _over()
    said = _words()
    form = _choosing(referral, said, None)
    if form.validate():
        try:
            consents.change(None, referral, form.answers(), _how(said))
        except DomainError:
            db.session.rollback()
            flash(said.say("choose.same"), "info")
        else:
            db.session.commit()
            flash(said.say("choose.done"), "success")
        return redirect(url_for("referrals.family_page"), 303)
    return _overview(referral, choose=form)


def family_ask() -> FlaskResponse | Response:
    """Take a parent's question to the branch."""
    referral = _referral()
    if referral is None:
        return _over()
    said = _words()
    form = speak(AskForm(), said.phrases, "ask")
    if form.validate() and succeeds(
        form, lambda: family_requests.ask(referral, form.kind.data, form.text.data or "")
    ):
        due = clock.today() + family_requests.ANSWER_WITHIN
        flash(said.say("ask.done", day=due), "success")
        return redirect(url_for("referrals.family_page"), 303)
    return _overview(referral, ask=form)


def family_stop() -> FlaskResponse | Response:
    """Ask once whether she is sure, in as plain words as the button before it; then stop."""
    referral = _referral()
    if referral is None:
        return _over()
    said, form = _words(), BaseForm()
    due = clock.today() + days("ERASE_AFTER_DAYS")
    if form.is_submitted() and form.validate():
        if referral.shared:
            due = withdrawal.withdraw(None, referral, _how(said)).due_on
        family_door.leave(cookie.pop(_COOKIE, ""))
        db.session.commit()
        return _page("referrals/family_stopped.html", said, due=due)
    if not referral.shared:
        return redirect(url_for("referrals.family_page"), 303)
    return _page("referrals/family_stop.html", said, form=form, due=due)


def family_leave() -> Response:
    """Close the page in this browser."""
    if BaseForm().validate():
        family_door.leave(cookie.pop(_COOKIE, ""))
        db.session.commit()
        flash(_words().say("closed"), "success")
    return redirect(url_for("referrals.family_door"), 303)


def _overview(referral: Referral, **forms: Any) -> FlaskResponse:
    said = _words()
    page = family_page.of(referral, said)
    choose = forms.get("choose") or _choosing(referral, said, page.now)
    ask = forms.get("ask") or speak(AskForm(formdata=None), said.phrases, "ask")
    branch = referral.branch
    answer = _page(
        "referrals/family_page.html",
        said,
        page=page,
        choose=choose,
        ask=ask,
        form=BaseForm(formdata=None),
        help=[branch.phone, branch.email] if branch else [current_app.config["CONTACT_EMAIL"]],
    )
    db.session.commit()  # no access event, no page
    return answer


def _choosing(referral: Referral, said: Words, now: dict[str, object] | None) -> ChooseForm:
    form = ChooseForm() if now is None else ChooseForm(formdata=None, data=now)
    if referral.sender_id is None:
        del form.feedback
    return speak(form, said.phrases, "choose")


def _how(said: Words) -> Said:
    version = texts.in_use(TextKind.PAGE).name
    return Said(GIVEN_BY_SELF, clock.today(), MANNER_ONLINE, said.language, version)


def _referral() -> Referral | None:
    token = cookie.get(_COOKIE)
    return family_door.current(token) if token else None


def _over() -> Response:
    if cookie.pop(_COOKIE, None):
        flash(_words().say("enter.over"), "info")
    return redirect(url_for("referrals.family_door"), 303)


def _words() -> Words:
    """Return the words in the language chosen here, which the cookie remembers."""
    chosen = request.args.get("taal", "")
    if chosen in LANGUAGE_NAMES:
        cookie[_LANGUAGE] = chosen
    return family_page.words(cookie.get(_LANGUAGE, texts.DUTCH))


def _page(template: str, said: Words, **values: Any) -> FlaskResponse:
    body = render_template(template, said=said, say=said.say, locale=said.language, **values)
    answer = make_response(body)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
