"""Builders: each returns something stored, with all that is needed around it.

referrer = make.referrer()                       # a membership; `.account` signs in
browser.sign_in(referrer.account)
make.actor(referrer)                             # who acts, for calling services
"""

from datetime import date
from itertools import count
from typing import Any

from portal.accounts import memberships, people
from portal.accounts.models import Account, Membership
from portal.accounts.passwords import hash_password
from portal.core.db import db
from portal.core.permissions import Actor, Role, granted
from portal.directory.folding import fold
from portal.directory.kinds import OrganisationKind
from portal.directory.models import Branch, BranchArea, Municipality, Organisation

PASSWORD = "een lang wachtwoord voor de test"
_HASH = hash_password(PASSWORD)  # once: it is slow on purpose
_numbers = count(1)

OPENED_ON = date(2020, 1, 1)


def organisation(kind: str = "ocmw", name: str | None = None, **values: Any) -> Organisation:
    """An active organisation of this kind."""
    name = name or f"{kind.upper()} {next(_numbers)}"
    return _stored(Organisation(name=name, kind=OrganisationKind(kind), **values))


def home_start() -> Organisation:
    """Home-Start Vlaanderen itself; there is one."""
    query = db.select(Organisation).where(Organisation.kind == OrganisationKind.HSV)
    return db.session.scalar(query) or organisation("hsv", "Home-Start Vlaanderen")


def branch(
    municipalities: list[str] | None = None, name: str | None = None, **values: Any
) -> Branch:
    """A branch open since 2020; it serves the municipalities given, by NIS code."""
    name = name or f"Home-Start {next(_numbers)}"
    made = Branch(
        name=name,
        slug=fold(name).replace(" ", "-"),
        **{"email": "afdeling@home-start.example", "active_from": OPENED_ON, **values},
    )
    for nis in municipalities or []:
        if db.session.get(Municipality, nis) is None:
            raise LookupError(f"no municipality {nis}: load the reference data first")
        made.areas.append(BranchArea(nis=nis, from_on=OPENED_ON))
    return _stored(made)


def account(email: str | None = None, name: str = "Els Peeters", **values: Any) -> Account:
    """Somebody who signs in with PASSWORD, and holds no role yet."""
    made = people.create_account(email or f"els{next(_numbers)}@werk.example", name)
    made.password = _HASH
    for key, value in values.items():
        setattr(made, key, value)
    return _stored(made)


def membership(
    role: Role | str = Role.REFERRER,
    place: Organisation | Branch | None = None,
    who: Account | None = None,
    **values: Any,
) -> Membership:
    """A role of `who` (or of somebody new) in `place` (or in a new place that fits)."""
    role = Role(role)
    seat = memberships.SEATS[role]
    if place is None:
        places = {"branch": branch, "hsv": home_start}
        place = places.get(seat.value, organisation)()
    where = {"branch" if isinstance(place, Branch) else "organisation": place}
    made = memberships.add_membership(who or account(), role, **where, **values)  # type: ignore[arg-type]
    return _stored(made)


def referrer(organisation: Organisation | None = None, **values: Any) -> Membership:
    return membership(Role.REFERRER, organisation, **values)


def coordinator(branch: Branch | None = None, **values: Any) -> Membership:
    return membership(Role.COORDINATOR, branch, **values)


def administrator(**values: Any) -> Membership:
    return membership(Role.ADMINISTRATOR, **values)


def actor(of: Membership | Account) -> Actor:
    """The person as services see her: in this role, or in the oldest one of the account."""
    held = of
    if isinstance(of, Account):
        active = memberships.active_memberships(of.id)
        if not active:
            return Actor(of.id, of.name, of.email, locale=of.locale)
        held = active[0]
    assert isinstance(held, Membership)
    who = held.account
    return Actor(
        account_id=who.id,
        name=who.name,
        email=who.email,
        role=held.role,
        membership_id=held.id,
        organisation_id=held.organisation_id,
        organisation_name=held.organisation.name if held.organisation else "",
        branch_id=held.branch_id,
        branch_name=held.branch.name if held.branch else "",
        memberships_count=len(memberships.active_memberships(who.id)),
        locale=who.locale,
        permissions=granted(held.role),
    )


def only(model: type[Any]) -> Any:
    """The one row there is of a model."""
    return db.session.scalars(db.select(model)).one()


def number_of(model: type[Any]) -> int:
    """How many rows there are of a model."""
    return db.session.scalar(db.select(db.func.count()).select_from(model)) or 0


def _stored(made: Any) -> Any:
    db.session.add(made)
    db.session.commit()
    return made
