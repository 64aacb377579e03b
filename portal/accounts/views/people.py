"""People, for the administrators who let them in."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from portal.accounts import invitations, mails, memberships, sessions
from portal.accounts import people as service
from portal.accounts.forms import RoleForm
from portal.accounts.models import Account, Membership
from portal.accounts.roles import LABELS
from portal.accounts.views import Page, blueprint
from portal.accounts.views.places import (
    branch_asked,
    offer_branches,
    offer_organisations,
    organisation_asked,
)
from portal.core import mail, once
from portal.core.attempts import succeeds
from portal.core.db import db
from portal.core.errors import DomainError, NotFoundError
from portal.core.guard import actor, requires
from portal.core.i18n import N_
from portal.core.permissions import Permission
from portal.core.tables import Column, Filter, Listing
from portal.directory.folding import fold
from portal.directory.models import Branch, Organisation
from portal.directory.organisations import matching

STATES = {"actief": True, "uitgeschakeld": False}


def _named(text: str) -> ColumnElement[bool]:
    by_name = and_(True, *(Account.sort_name.contains(word) for word in fold(text).split()))
    return or_(by_name, Account.email.contains(text.lower(), autoescape=True))


def _holding(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return Account.memberships.any(and_(Membership.ended_at.is_(None), *conditions))


def _in_organisation(text: str) -> ColumnElement[bool]:
    named = select(Organisation.id).where(matching(text))
    return _holding(Membership.organisation_id.in_(named))


def _branches() -> list[tuple[int, str]]:
    query = select(Branch).order_by(Branch.sort_name, Branch.id)
    return [(one.id, one.name) for one in db.session.scalars(query)]


def roles() -> list[tuple[str, str]]:
    """Return the (value, label) pairs of the roles."""
    return [(role.value, gettext(text)) for role, text in LABELS.items()]


def _states() -> list[tuple[str, str]]:
    return [("actief", gettext("Actief")), ("uitgeschakeld", gettext("Uitgeschakeld"))]


LISTING: Listing[Account] = Listing(
    [
        Column("naam", N_("Naam"), lambda a: a.name, sort=Account.sort_name),
        Column("email", N_("E-mailadres"), lambda a: a.email, sort=Account.email),
        Column("rollen", N_("Rollen"), lambda _: ""),
        Column("laatst", N_("Laatst ingelogd"), lambda a: a.last_sign_in_at),
        Column("staat", N_("Staat"), lambda a: a.active),
    ],
    row_id=Account.id,
    first_sort="naam",
    filters=[
        Filter("q", N_("Naam of e-mailadres"), _named),
        Filter("rol", N_("Rol"), lambda r: _holding(Membership.role == r), choices=roles),
        Filter("organisatie", N_("Organisatie"), _in_organisation),
        Filter(
            "afdeling",
            N_("Afdeling"),
            lambda branch: _holding(Membership.branch_id == int(branch)),
            choices=_branches,
        ),
        Filter("staat", N_("Staat"), lambda s: Account.active == STATES[s], choices=_states),
    ],
)


@blueprint.get("/mensen")
@requires(Permission.PEOPLE_MANAGE)
def people() -> str:
    """List who has an account."""
    held = selectinload(Account.memberships)
    query = select(Account).options(
        held.joinedload(Membership.organisation), held.joinedload(Membership.branch)
    )
    page = LISTING.page(query, request.args, request.path, count=True)
    return render_template("accounts/people.html", page=page, roles=dict(roles()))


@blueprint.get("/mensen/<int:account_id>")
@requires(Permission.PEOPLE_MANAGE)
def person(account_id: int) -> str:
    """Show somebody, with what they are where."""
    who = service.account(account_id)
    return render_template(
        "accounts/person.html",
        account=who,
        held=memberships.all_memberships(who.id),
        waiting=invitations.waiting_for(who.id),
        roles=dict(roles()),
        open_sessions=len(sessions.open_sessions(who.id)),
    )


@blueprint.route("/mensen/<int:account_id>/rol", methods=["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
def add_membership(account_id: int) -> Page:
    """Give somebody who has an account another role."""
    who = service.account(account_id)
    form = RoleForm()
    offer_branches(form)
    offer_organisations(form)
    if form.validate_on_submit() and succeeds(form, lambda: _add(who, form)):
        flash(gettext("De rol is toegevoegd; %(name)s kreeg een mail.", name=who.name), "success")
        return redirect(url_for("accounts.person", account_id=who.id))
    return render_template("accounts/add_membership.html", form=form, account=who)


def _add(who: Account, form: RoleForm) -> None:
    key = str(form.once.data)
    if once.redeem(key, "add membership", request.form, account_id=actor().account_id):
        return
    added = memberships.add_membership(
        who,
        form.role.data,
        organisation_asked(form),
        branch_asked(form),
        function=form.function.data or "",
        by=actor(),
    )
    mail.send(mails.role_added(who, added), key=f"role_added:{added.id}")
    once.finish(key, url_for("accounts.person", account_id=who.id))


@blueprint.post("/mensen/<int:account_id>/rollen/<int:membership_id>/beeindigen")
@requires(Permission.PEOPLE_MANAGE)
def end_membership(account_id: int, membership_id: int) -> Response:
    """Take a role away."""
    held = memberships.membership(membership_id)
    if held.account_id != account_id:
        raise NotFoundError()
    done = gettext("De rol is beëindigd en geldt vanaf nu niet meer.")
    return _change(account_id, lambda: memberships.end_membership(held, actor()), done)


@blueprint.post("/mensen/<int:account_id>/uitschakelen")
@requires(Permission.PEOPLE_MANAGE)
def disable(account_id: int) -> Response:
    """Stop an account; its sessions end at once."""
    who = service.account(account_id)
    done = gettext("Het account is uitgeschakeld en overal uitgelogd.")
    return _change(account_id, lambda: service.disable(who, actor()), done)


@blueprint.post("/mensen/<int:account_id>/inschakelen")
@requires(Permission.PEOPLE_MANAGE)
def enable(account_id: int) -> Response:
    """Let a stopped account sign in again."""
    who = service.account(account_id)
    done = gettext("Het account is weer ingeschakeld.")
    return _change(account_id, lambda: service.enable(who, actor()), done)


@blueprint.post("/mensen/<int:account_id>/overal-uitloggen")
@requires(Permission.PEOPLE_MANAGE)
def end_sessions(account_id: int) -> Response:
    """Sign somebody out everywhere, for a stolen laptop."""
    service.account(account_id)
    done = gettext("Deze persoon is overal uitgelogd.")
    return _change(account_id, lambda: sessions.end_all(account_id, by=actor()), done)


def _change(account_id: int, work: Callable[[], Any], done: str) -> Response:
    try:
        work()
    except NotFoundError:
        raise
    except DomainError as error:
        db.session.rollback()
        flash(gettext(error.message), "danger")
    else:
        db.session.commit()
        flash(done, "success")
    return redirect(url_for("accounts.person", account_id=account_id))
