"""Referring without an account: beginning, coming back by a private link, leaving."""

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from portal.accounts import guest_accounts, guests, throttle
from portal.accounts.forms import ConfirmForm
from portal.accounts.guest_forms import BeginForm, LinkForm
from portal.accounts.guest_mails import LINK_VALID
from portal.accounts.signed_in import begin_visit, end_visit
from portal.accounts.views import Page, blueprint
from portal.core.attempts import succeeds
from portal.core.db import db
from portal.core.guard import actor, requires
from portal.core.i18n import chosen_locale
from portal.core.permissions import Permission


@blueprint.route("/verwijzen-zonder-account", methods=["GET", "POST"])
@throttle.per_address(throttle.GUEST_ADDRESS)
@throttle.per_typed_account(throttle.GUEST)
def guest_start() -> Page:
    """Ask who wants to refer, and mail her a link to begin."""
    form = BeginForm()
    if form.validate_on_submit() and (form.is_from_machine or succeeds(form, lambda: _ask(form))):
        return redirect(url_for("accounts.guest_asked"), 303)
    return render_template("accounts/guest_start.html", form=form)


def _ask(form: BeginForm) -> None:
    place = form.place
    guests.ask_to_begin(
        guests.GuestDetails(
            name=form.name.data or "",
            email=form.email.data or "",
            function=form.function.data or "",
            phone=form.phone.data or "",
            organisation_name=form.organisation_name.data or "",
            organisation_kind=form.organisation_kind.data,
            nis=place.nis if place else None,
            locale=chosen_locale(),
        )
    )


@blueprint.get("/verwijzen-zonder-account/mail-verstuurd")
def guest_asked() -> str:
    """Say that a mail is under way, the same for every address."""
    return render_template("accounts/guest_asked.html")


@blueprint.route("/verwijzen-zonder-account/bevestigen/<token>", methods=["GET", "POST"])
@throttle.per_address(throttle.LINK_ADDRESS)
def guest_confirm(token: str) -> Page | tuple[str, int]:
    """Confirm the address and begin; the link alone changes nothing, for mail readers open it."""
    form = ConfirmForm()
    asked = guests.find_request(token)
    if asked is not None and form.validate_on_submit():
        if succeeds(form, lambda: begin_visit(guests.confirm(token))):
            return redirect(url_for("referrals.start"), 303)
        asked = None
    if asked is None:
        return render_template("accounts/guest_begin_over.html"), 404
    return render_template("accounts/guest_confirm.html", form=form, asked=asked)


@blueprint.route("/verwijzen-zonder-account/volgen/<token>", methods=["GET", "POST"])
@throttle.per_address(throttle.LINK_ADDRESS)
def guest_follow(token: str) -> Page | tuple[str, int]:
    """Come back by a private link; one that is over offers to mail a new one."""
    form = ConfirmForm()
    link = guests.find_link(token)
    if link is None:
        return _new_link_page(LinkForm(), over=True), 404
    if form.validate_on_submit():
        begin_visit(link.guest)
        db.session.commit()
        return redirect(link.path, 303)
    return render_template("accounts/guest_follow.html", form=form)


@blueprint.route("/verwijzen-zonder-account/nieuwe-link", methods=["GET", "POST"])
@throttle.per_address(throttle.GUEST_ADDRESS)
@throttle.per_typed_account(throttle.GUEST)
def guest_link() -> Page:
    """Mail a new private link, with the same answer for every address."""
    form = LinkForm()
    if not form.validate_on_submit():
        return _new_link_page(form, over=False)
    if not form.is_from_machine:
        guests.ask_link(form.email.data or "")
        db.session.commit()
    return redirect(url_for("accounts.guest_asked"), 303)


def _new_link_page(form: LinkForm, *, over: bool) -> str:
    return render_template("accounts/guest_link.html", form=form, over=over, days=LINK_VALID.days)


@blueprint.route("/verwijzen-zonder-account/account", methods=["GET", "POST"])
@requires(Permission.GUEST_OWN)
def guest_account() -> Page:
    """Ask for an account that keeps one's referrals."""
    form = ConfirmForm()
    if form.validate_on_submit() and succeeds(form, lambda: guest_accounts.ask(actor())):
        return redirect(url_for("accounts.guest_account"), 303)
    guest = guest_accounts.guest_of(actor())
    return render_template("accounts/guest_account.html", form=form, guest=guest)


@blueprint.post("/verwijzen-zonder-account/afsluiten")
@requires(Permission.GUEST_OWN)
def guest_end() -> Response:
    """Leave: end the visit on the server and leave nothing in the browser."""
    end_visit()
    db.session.commit()
    flash(gettext("Je bent weg uit je verwijzingen. Terugkomen kan met de link in je mails."))
    response = make_response(redirect(url_for("home.start"), 303))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
