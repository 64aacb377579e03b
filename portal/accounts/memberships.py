"""Who is what, where: adding and ending roles, and whom to write to."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts import sessions
from portal.accounts.mail_choices import Chosen, MailChoice, Rhythm, chosen_in
from portal.accounts.models import Account, Membership
from portal.accounts.roles import SEATS, Seat, label
from portal.core import audit, clock
from portal.core.db import db
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.permissions import Actor, Role, granted
from portal.core.text import line
from portal.directory.kinds import OrganisationKind
from portal.directory.models import Branch, Organisation


@dataclass(frozen=True)
class Recipient:
    """Somebody a mail goes to: with an account, or a guest (`account_id` 0)."""

    account_id: int
    name: str
    email: str
    locale: str = "nl"
    guest_id: int | None = None
    chosen: Chosen = field(default=Chosen())

    def wants_now(self, *, urgent: bool) -> bool:
        """Say whether a mail may go at once; `urgent`: it asks something of the person."""
        spared = self.chosen.rhythm != Rhythm.AT_ONCE
        return not spared or (urgent and self.chosen.urgent_at_once)


@dataclass(frozen=True)
class Place:
    """Where a role is held: one organisation or one branch."""

    organisation: Organisation | None = None
    branch: Branch | None = None

    @property
    def columns(self) -> dict[str, int | None]:
        """Return the two foreign keys, of which one is None."""
        return {
            "organisation_id": self.organisation.id if self.organisation else None,
            "branch_id": self.branch.id if self.branch else None,
        }


def place_for(role: Role, organisation: Organisation | None, branch: Branch | None) -> Place:
    """Return where somebody with this role belongs. Raises DomainError when it does not fit.

    HSV roles need not name an organisation: there is only one.
    """
    seat = SEATS[role]
    if seat is Seat.BRANCH:
        if branch is None:
            raise DomainError(N_("Kies de afdeling van deze coördinator."), field="branch")
        return Place(branch=branch)
    if seat is Seat.HSV:
        return Place(organisation=_home_start(organisation))
    if organisation is None:
        raise DomainError(N_("Kies de organisatie."), field="organisation")
    if seat is Seat.REFERRER and not organisation.kind.refers_families:
        message = N_("Deze soort organisatie verwijst geen gezinnen.")
        raise DomainError(message, field="organisation")
    if seat is Seat.PARTNER and not _may_be_party(role, organisation.kind):
        message = N_("Deze soort organisatie kan geen partner zijn.")
        raise DomainError(message, field="organisation")
    return Place(organisation=organisation)


def _may_be_party(role: Role, kind: OrganisationKind) -> bool:
    """Say whether people of such an organisation may hold this role; HSV signs too."""
    return kind.may_be_partner or (role == Role.SIGNATORY and kind == OrganisationKind.HSV)


def _home_start(organisation: Organisation | None) -> Organisation:
    if organisation is None:
        organisation = db.session.scalar(
            select(Organisation)
            .where(Organisation.kind == OrganisationKind.HSV, Organisation.active)
            .order_by(Organisation.id)
            .limit(1)
        )
    if organisation is None:
        raise DomainError(N_("Maak eerst de organisatie Home-Start Vlaanderen aan."))
    if organisation.kind != OrganisationKind.HSV:
        message = N_("Deze rol bestaat alleen bij Home-Start Vlaanderen zelf.")
        raise DomainError(message, field="organisation")
    return organisation


def add_membership(
    account: Account,
    role: Role,
    organisation: Organisation | None = None,
    branch: Branch | None = None,
    *,
    function: str = "",
    by: Actor | None = None,
) -> Membership:
    """Give somebody a role in an organisation or a branch. Raises DomainError."""
    place = place_for(role, organisation, branch)
    for held in active_memberships(account.id):
        if (held.role, held.organisation_id, held.branch_id) == (role, *place.columns.values()):
            raise DomainError(N_("Deze persoon heeft die rol al."), field="role")
    created = Membership(
        account_id=account.id, role=role, function=line(function)[:80], **place.columns
    )
    db.session.add(created)
    db.session.flush()
    audit.record("membership:add", created, actor=by)
    return created


def end_membership(membership: Membership, by: Actor) -> None:
    """Take a role away; the person's open pages lose it at once. Raises DomainError."""
    if membership.id == by.membership_id:
        raise DomainError(N_("Je kunt de rol waarmee je werkt niet zelf beëindigen."))
    if membership.ended_at is None:
        membership.ended_at = clock.now()
        audit.record("membership:end", membership, actor=by, fields={"ended_at"})


def membership(membership_id: int) -> Membership:
    """Return one membership. Raises NotFoundError."""
    found = db.session.get(Membership, membership_id)
    if found is None:
        raise NotFoundError()
    return found


def active_memberships(account_id: int) -> list[Membership]:
    """Return the roles a person can act in, the oldest first, with their places, in one query."""
    query = (
        select(Membership)
        .outerjoin(Membership.organisation)
        .where(Membership.account_id == account_id, Membership.ended_at.is_(None))
        .where(or_(Membership.organisation_id.is_(None), Organisation.active))
        .options(joinedload(Membership.organisation), joinedload(Membership.branch))
        .order_by(Membership.id)
    )
    return list(db.session.scalars(query))


def all_memberships(account_id: int) -> list[Membership]:
    """Return every role a person holds or held, those that still hold first."""
    query = (
        select(Membership)
        .where(Membership.account_id == account_id)
        .options(joinedload(Membership.organisation), joinedload(Membership.branch))
        .order_by(Membership.ended_at.is_not(None), Membership.id)
    )
    return list(db.session.scalars(query))


def members_at(
    *, organisation_id: int | None = None, branch_id: int | None = None
) -> list[Membership]:
    """Return the roles held in one organisation or branch, with who holds them, by name."""
    query = (
        select(Membership)
        .join(Membership.account)
        .where(Membership.ended_at.is_(None), Account.active)
        .where(Membership.organisation_id.is_not_distinct_from(organisation_id))
        .where(Membership.branch_id.is_not_distinct_from(branch_id))
        .options(contains_eager(Membership.account))
        .order_by(Account.sort_name, Account.id)
    )
    return list(db.session.scalars(query))


def membership_to_start_with(account_id: int) -> int | None:
    """Return the role used last if it still holds, else the oldest; None without any."""
    held = [one.id for one in active_memberships(account_id)]
    last = sessions.last_membership_id(account_id)
    return last if last in held else next(iter(held), None)


def members_of_branch(branch_id: int, role: Role = Role.COORDINATOR) -> list[Recipient]:
    """Return who holds a role in a branch and can sign in."""
    return _recipients(Membership.branch_id == branch_id, Membership.role == role)


def members_of_organisation(organisation_id: int, role: Role | None = None) -> list[Recipient]:
    """Return who belongs to an organisation, in one role or in any, and can sign in."""
    conditions = [Membership.organisation_id == organisation_id]
    if role is not None:
        conditions.append(Membership.role == role)
    return _recipients(*conditions)


def members_with_role(role: Role) -> list[Recipient]:
    """Return who holds a role anywhere and can sign in."""
    return _recipients(Membership.role == role)


def recipient(account_id: int) -> Recipient:
    """Return where to write to one person. Raises NotFoundError."""
    found = _recipients_by(Account.id == account_id)
    if not found:
        raise NotFoundError()
    return found[0]


def _recipients(*conditions: object) -> list[Recipient]:
    held = select(Membership.id).where(
        Membership.account_id == Account.id,
        Membership.ended_at.is_(None),
        *conditions,  # type: ignore[arg-type]
    )
    return _recipients_by(Account.active, held.exists())


def _recipients_by(*conditions: Any) -> list[Recipient]:
    query = (
        select(Account.id, Account.name, Account.email, Account.locale, MailChoice)
        .outerjoin(MailChoice, MailChoice.account_id == Account.id)
        .where(*conditions)
        .order_by(Account.id)
    )
    return [
        Recipient(account_id, name, email, locale or "nl", chosen=chosen_in(choice))
        for account_id, name, email, locale, choice in db.session.execute(query)
    ]


def actors_of(account: Account) -> list[Actor]:
    """Return a person in each role she holds, as she would be signed in; the oldest role first."""
    return [
        Actor(
            account_id=account.id,
            name=account.name,
            email=account.email,
            role=held.role,
            role_label=label(held.role),
            membership_id=held.id,
            organisation_id=held.organisation_id,
            organisation_name=held.organisation.name if held.organisation else "",
            branch_id=held.branch_id,
            branch_name=held.branch.name if held.branch else "",
            locale=account.locale,
            permissions=granted(held.role),
        )
        for held in active_memberships(account.id)
        if held.organisation is None or held.organisation.active
    ]
