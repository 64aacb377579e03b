"""Referring a family: a form of a few short steps, kept as a draft at every one."""

from typing import Any

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from portal.accounts.guest_models import Guest
from portal.accounts.models import Membership
from portal.core import guard, i18n, once
from portal.core.db import db
from portal.core.errors import ConflictError, DomainError
from portal.core.forms import show_error
from portal.core.forms import typed as words_of
from portal.core.permissions import Actor, Permission
from portal.referrals import drafts, texts
from portal.referrals.forms.filling import CHECK, LABELS, Filling, Problem, typed
from portal.referrals.forms.overview import sections
from portal.referrals.forms.submit_family import FamilyForm
from portal.referrals.models import Draft
from portal.referrals.submission import submit
from portal.referrals.text_kinds import TextKind
from portal.referrals.views import blueprint
from portal.referrals.views.texts import shown

FIRST = "instemming"
LONGEST_STEP_BYTES = 100_000  # many times what the longest answers take
TEMPLATES = {
    FIRST: "referrals/step_consent.html",
    "gezin": "referrals/step_family.html",
    "vraag": "referrals/step_request.html",
    "praktisch": "referrals/step_practical.html",
}
_STEP = f"<any({', '.join(TEMPLATES)}):name>"

Answer = Response | str | tuple[str, int]


@blueprint.route("/nieuw", methods=["GET", "POST"])
@guard.requires(Permission.REFERRAL_SUBMIT)
def start() -> Answer:
    """Show what a referral asks and its first step; a first answer makes the draft."""
    actor = guard.actor()
    if request.method == "GET":
        mine = drafts.mine(actor)
        form = Filling().form(FIRST, known=_known(actor, mine))
        return _page(
            Filling(), FIRST, form, "referrals/start.html", drafts=len(mine), once=once.fresh()
        )
    key = request.form.get("once", "")
    if path := once.redeem(key, "referrals.start", request.form, account_id=actor.person_id):
        return redirect(path, 303)
    draft = drafts.begin(actor)
    once.finish(key, _url(draft, FIRST))
    return _save(draft, FIRST, version=None)


@blueprint.route(f"/ontwerp/<int:draft_id>/{_STEP}", methods=["GET", "POST"])
@guard.requires(Permission.REFERRAL_SUBMIT)
def step(draft_id: int, name: str) -> Answer:
    """Show or keep one step of a draft."""
    draft = drafts.find(guard.actor(), draft_id)
    filling = Filling(draft)
    if name not in filling.steps:
        return redirect(_url(draft, CHECK), 303)
    if request.method == "POST":
        return _save(draft, name, version=_version())
    form = filling.form(name)
    if "controleer" in request.args:
        form.validate()
    return _page(filling, name, form)


@blueprint.get("/werking")
@guard.requires(Permission.REFERRAL_SUBMIT)
def route() -> Response:
    """Answer what a municipality leads to, as the piece of the page that says so."""
    form = FamilyForm(request.args)
    return jsonify(html=render_template("referrals/_place.html", form=form))


@blueprint.get("/instemming")
@guard.requires(Permission.REFERRAL_SUBMIT)
def consent_text() -> str:
    """Show the text to read to a family, to print."""
    language = request.args.get("taal", i18n.language())
    text = shown(texts.in_use(TextKind.CONSENT), language)
    return render_template("referrals/consent_text.html", text=text)


@blueprint.route("/ontwerp/<int:draft_id>/nakijken", methods=["GET", "POST"])
@guard.requires(Permission.REFERRAL_SUBMIT)
def check(draft_id: int) -> Answer:
    """Show everything that was filled in, and send it."""
    actor = guard.actor()
    if request.method == "GET":
        filling = Filling(drafts.find(actor, draft_id))
        return _check_page(filling, filling.form(CHECK), filling.problems())
    key = request.form.get("once", "")
    purpose = f"referrals.check {draft_id}"
    if path := once.redeem(key, purpose, request.form, account_id=actor.person_id):
        return redirect(path, 303)
    draft = drafts.find(actor, draft_id)
    if _version() != draft.version:
        return _changed_elsewhere(draft, CHECK, None)
    filling = Filling(draft)
    form = filling.form(CHECK, request.form)
    problems = filling.problems()
    if form.validate() and not problems and "later" not in request.form:
        try:
            return _send(actor, draft, filling, form, key)
        except DomainError as error:
            problems = _placed(filling, form, error)
    db.session.rollback()  # the key is not spent
    if "later" in request.form:
        return _save(draft, CHECK, version=None)
    kept, _ = typed(form, request.form)
    drafts.save_step(draft, CHECK, kept, done=False, version=None)
    db.session.commit()
    return _check_page(Filling(draft), form, problems)


def _send(actor: Actor, draft: Draft, filling: Filling, form: Any, key: str) -> Response:
    lines = tuple(form.secrecy_lines.data)
    referral = submit(actor, filling.submission(lines), draft)
    path = url_for("referrals.sent", reference=referral.reference)
    once.finish(key, path)
    db.session.commit()
    return redirect(path, 303)


def _placed(filling: Filling, form: Any, error: DomainError) -> list[Problem]:
    """Return a refusal by the service as a problem of the step it is about."""
    at = filling.step_with(error.field)
    if at in (None, CHECK):
        show_error(form, error)
        return []
    assert at is not None
    field = filling.saved(at)[error.field]
    return [Problem(at, str(field.label.text), gettext(error.message, **error.values), field.id)]


def _save(draft: Draft, name: str, *, version: int | None) -> Answer:
    """Keep a step as it was sent, right or wrong, and go where the person asked to go."""
    if (request.content_length or 0) > LONGEST_STEP_BYTES:
        abort(413)
    form = Filling(draft).form(name, request.form)
    sound = form.validate()
    kept, left_out = typed(form, request.form)
    try:
        drafts.save_step(draft, name, kept, done=sound, version=version)
        db.session.commit()
    except (ConflictError, StaleDataError):
        db.session.rollback()
        return _changed_elsewhere(drafts.find(guard.actor(), draft.id), name, form)
    filling = Filling(draft)
    if "later" in request.form:
        flash(gettext("Bewaard. Je vindt je ontwerp hier terug."), "success")
        if left_out:
            flash(gettext("Een rijksregisternummer hebben we niet bewaard."), "warning")
        return redirect(url_for("referrals.drafts"), 303)
    if "show_route" in request.form:
        return _page(filling, name, filling.form(name, request.form))
    if sound:
        return redirect(_url(draft, filling.next_step(name)), 303)
    return _page(filling, name, form)


def _page(
    filling: Filling, name: str, form: Any, template: str | None = None, **values: Any
) -> str:
    return render_template(
        template or TEMPLATES[name],
        form=form,
        name=name,
        draft=filling.draft,
        steps=_steps(filling, name),
        back=_back(filling, name),
        text=shown(texts.in_use(TextKind.CONSENT), i18n.language()) if name == FIRST else None,
        **values,
    )


def _check_page(filling: Filling, form: Any, problems: list[Problem]) -> str:
    return render_template(
        "referrals/check.html",
        form=form,
        draft=filling.draft,
        family=filling.saved("gezin"),
        sections=sections(filling),
        problems=problems,
        steps=_steps(filling, CHECK),
        back=_back(filling, CHECK),
        labels=LABELS,
    )


def _changed_elsewhere(draft: Draft, name: str, form: Any) -> Answer:
    """Show what was typed in one window after the draft was saved in another."""
    kept = typed(form, request.form)[0] if form is not None else {}
    page = render_template(
        "referrals/draft_changed.html",
        draft=draft,
        url=_url(draft, name),
        kept=kept,
        words=words_of(form) if form is not None else [],
    )
    return page, 409


def _steps(filling: Filling, current: str) -> list[dict[str, Any]]:
    return [
        {
            "label": gettext(LABELS[one]),
            "state": "current" if one == current else "done" if filling.done(one) else "todo",
            "url": _url(filling.draft, one) if filling.draft and filling.reachable(one) else None,
        }
        for one in filling.steps
    ]


def _back(filling: Filling, name: str) -> str | None:
    """Return the step before this one; None on the first."""
    at = filling.steps.index(name)
    return _url(filling.draft, filling.steps[at - 1]) if filling.draft and at else None


def _url(draft: Draft, name: str) -> str:
    if name == CHECK:
        return url_for("referrals.check", draft_id=draft.id)
    return url_for("referrals.step", draft_id=draft.id, name=name)


def _version() -> int:
    """Return the version of the draft the person looked at; without one it is never current."""
    return request.form.get("version", -1, int)


def _known(actor: Actor, mine: list[Draft]) -> dict[str, str]:
    """Return what the referrer need not type again."""
    known = {"function": "", "phone": ""}
    if mine:
        last = Filling(mine[0]).saved(FIRST)
        known = {name: last[name].data or "" for name in known}
    if known["function"]:
        return known
    if actor.guest_id is not None:
        guest = db.session.get_one(Guest, actor.guest_id)
        return {"function": guest.function, "phone": guest.phone}
    membership = db.session.get(Membership, actor.membership_id)
    return {**known, "function": membership.function} if membership else known
