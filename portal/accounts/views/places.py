"""Which organisation or branch somebody means, from what was typed in a form for a role."""

from sqlalchemy import select

from portal.accounts.forms import RoleForm
from portal.accounts.guest_forms import GuestInviteForm
from portal.core import clock
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.permissions import Role
from portal.directory import branches, organisations
from portal.directory.models import Branch, Organisation

OFFERED = 8


def offer_branches(form: RoleForm) -> None:
    """Fill the list of branches that are open."""
    is_open = branches.not_closed(clock.today())
    query = select(Branch).where(is_open).order_by(Branch.sort_name, Branch.id)
    form.branch.choices = [(one.id, one.name) for one in db.session.scalars(query)]


def offer_organisations(form: RoleForm | GuestInviteForm) -> None:
    """Offer the organisations with this name, for who must choose between several."""
    text = form.organisation.data or ""
    query = (
        select(Organisation)
        .where(Organisation.active, organisations.matching(text))
        .order_by(Organisation.sort_name, Organisation.id)
        .limit(OFFERED)
    )
    found = db.session.scalars(query).all() if text else []
    form.organisation_id.choices = [
        (one.id, f"{one.name}, {one.city}" if one.city else one.name) for one in found
    ]


def organisation_asked(form: RoleForm) -> Organisation | None:
    """Return the organisation that was typed or chosen; None when none was.

    Raises DomainError when there is no such organisation, or more than one to choose from.
    """
    return None if form.role.data is Role.COORDINATOR else organisation_meant(form)


def organisation_meant(form: RoleForm | GuestInviteForm) -> Organisation | None:
    """Return the organisation that was typed or chosen; None when nothing was typed.

    Raises DomainError when there is no such organisation, or more than one to choose from.
    """
    if not form.organisation.data:
        return None
    offered = [value for value, _label in form.organisation_id.choices]
    if form.organisation_id.data in offered:
        return db.session.get(Organisation, form.organisation_id.data)
    if not offered:
        raise DomainError(
            N_("Er is geen actieve organisatie met deze naam of dit nummer. Voeg ze eerst toe."),
            field="organisation",
        )
    exact = db.session.scalars(
        select(Organisation).where(
            Organisation.id.in_(offered), Organisation.name == form.organisation.data
        )
    ).all()
    if len(offered) == 1 or len(exact) == 1:
        return exact[0] if exact else db.session.get(Organisation, offered[0])
    raise DomainError(
        N_("Er zijn meer organisaties met deze naam. Kies er een."), field="organisation_id"
    )


def branch_asked(form: RoleForm) -> Branch | None:
    """Return the branch that was chosen, for the role that belongs to one."""
    if form.role.data is not Role.COORDINATOR or not form.branch.data:
        return None
    return db.session.get(Branch, form.branch.data)
