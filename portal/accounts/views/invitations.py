"""Invitations: accepting one, and for staff sending and following them."""

from collections.abc import Callable

from flask import flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_security import login_user
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from portal.accounts import invitations as service
from portal.accounts import people, throttle
from portal.accounts.forms import ConfirmForm, InviteForm, NewAccountForm
from portal.accounts.models import Invitation
from portal.accounts.roles import LABELS
from portal.accounts.views import Page, blueprint
from portal.accounts.views.places import (
    branch_asked,
    offer_branches,
    offer_organisations,
    organisation_asked,
)
from portal.core import clock, once
from portal.core.attempts import succeeds
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.guard import actor, requires
from portal.core.i18n import N_
from portal.core.permissions import Actor, Permission
from portal.core.tables import Column, Listing

LISTING: Listing[Invitation] = Listing(
    [
        Column("naam", N_("Naam"), lambda i: i.name, sort=Invitation.name),
        Column("rol", N_("Rol"), lambda i: gettext(LABELS[i.role])),
        Column("plaats", N_("Organisatie of afdeling"), lambda i: i.place_name),
        Column("verstuurd", N_("Verstuurd"), lambda i: i.sent_at, sort=Invitation.sent_at),
        Column("geldig", N_("Geldig tot en met"), lambda i: i.expires_at),
        Column("acties", N_("Acties"), lambda _: "", hidden=True, exported=False),
    ],
    row_id=Invitation.id,
    first_sort="-verstuurd",
)


@blueprint.route("/uitnodiging/<token>", methods=["GET", "POST"])
@throttle.per_address(throttle.LINK_ADDRESS)
def accept_invitation(token: str) -> Page | tuple[str, int]:
    """Take up a role; whoever has no account makes one and is signed in."""
    invitation = service.find_invitation(token)
    if invitation is None:
        return render_template("accounts/invitation_over.html"), 404
    known = people.find_account(invitation.email) is not None
    form = ConfirmForm() if known else NewAccountForm(name=invitation.name)
    place = invitation.place_name
    if form.validate_on_submit():
        accepted: list[service.Accepted] = []
        if succeeds(form, lambda: accepted.append(_accept(token, form))):
            return _welcome(accepted[0], place)
        invitation = service.find_invitation(token)
        if invitation is None:  # somebody else was first
            return render_template("accounts/invitation_over.html"), 404
    return render_template(
        "accounts/accept_invitation.html", form=form, invitation=invitation, known=known
    )


def _accept(token: str, form: ConfirmForm | NewAccountForm) -> service.Accepted:
    if isinstance(form, NewAccountForm):
        accepted = service.accept(
            token, name=form.name.data or "", password=form.password.data or ""
        )
    else:
        accepted = service.accept(token)
    if accepted.is_new:
        login_user(accepted.account, authn_via=["invitation"])  # type: ignore[arg-type]
    return accepted


def _welcome(accepted: service.Accepted, place: str) -> Response:
    if accepted.is_new:
        flash(gettext("Welkom! Je account is klaar en je bent ingelogd."), "success")
        response = make_response(redirect(url_for("home.start")))
        throttle.remember_browser(response, accepted.account.email)
        return response
    if g.actor is not None and g.actor.account_id == accepted.account.id:
        flash(gettext("Je kunt nu ook werken voor %(place)s.", place=place), "success")
        return redirect(url_for("accounts.choose_membership"))
    flash(gettext("De uitnodiging is aangenomen. Log in met je account."), "success")
    return redirect(url_for("security.login"))


@blueprint.get("/mensen/uitnodigingen")
@requires(Permission.PEOPLE_MANAGE)
def invitations() -> str:
    """List the invitations nobody took up yet."""
    query = service.unused_invitations().options(
        joinedload(Invitation.organisation), joinedload(Invitation.branch)
    )
    page = LISTING.page(query, request.args, request.path, count=True)
    roles = {role: gettext(text) for role, text in LABELS.items()}
    return render_template("accounts/invitations.html", page=page, roles=roles, now=clock.now())


@blueprint.route("/mensen/uitnodigen", methods=["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
def invite() -> Page:
    """Invite somebody to a role."""
    form = InviteForm()
    offer_branches(form)
    offer_organisations(form)
    if form.validate_on_submit() and succeeds(form, lambda: _invite(form)):
        flash(gettext("De uitnodiging is verstuurd naar %(to)s.", to=form.email.data), "success")
        return redirect(url_for("accounts.invitations"))
    return render_template("accounts/invite.html", form=form)


def _invite(form: InviteForm) -> None:
    key = str(form.once.data)
    if once.redeem(key, "invite", request.form, account_id=actor().account_id):
        return
    service.invite(
        actor(),
        email=form.email.data or "",
        name=form.name.data or "",
        role=form.role.data,
        organisation=organisation_asked(form),
        branch=branch_asked(form),
        function=form.function.data or "",
    )
    once.finish(key, url_for("accounts.invitations"))


@blueprint.post("/mensen/uitnodigingen/<int:invitation_id>/opnieuw")
@requires(Permission.PEOPLE_MANAGE)
def resend_invitation(invitation_id: int) -> Response:
    """Mail an invitation again, with a new link."""
    done = gettext("De uitnodiging is opnieuw verstuurd; de vorige link werkt niet meer.")
    return _change(invitation_id, service.resend, done)


@blueprint.post("/mensen/uitnodigingen/<int:invitation_id>/intrekken")
@requires(Permission.PEOPLE_MANAGE)
def revoke_invitation(invitation_id: int) -> Response:
    """Make an invitation void."""
    return _change(invitation_id, service.revoke, gettext("De uitnodiging is ingetrokken."))


def _change(invitation_id: int, change: Callable[[Invitation, Actor], None], done: str) -> Response:
    found = service.invitation(invitation_id)
    try:
        change(found, actor())
    except DomainError as error:
        db.session.rollback()
        flash(gettext(error.message), "danger")
    else:
        db.session.commit()
        flash(done, "success")
    return redirect(url_for("accounts.invitations"))
