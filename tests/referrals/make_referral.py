"""Builders of referrals: filled in, submitted, and brought to any status.

Overrides are given per part: `submission(nis="11002", identity={"first_name": "Fatma"})`.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from portal.accounts import service as accounts
from portal.accounts.models import Membership
from portal.core import clock
from portal.core.db import db
from portal.core.permissions import Actor, Role, granted
from portal.directory.kinds import OrganisationKind
from portal.directory.models import Branch, BranchArea, MunicipalityPostcode, Organisation
from portal.referrals import follow
from portal.referrals.choices import SECRECY_LINES, Feedback
from portal.referrals.filled import (
    Child,
    ConsentGiven,
    Household,
    Identity,
    Practical,
    Referrer,
    Situation,
    Submission,
)
from portal.referrals.models import Referral, Status
from portal.referrals.submission import submit

GENT, GENT_POSTCODE = "44021", "9000"
PASSWORD = "een lang wachtwoord voor de test"


def submission(**overrides: Any) -> Submission:
    """A complete form for a family in Gent. A mapping changes single fields of a part."""
    today = clock.today()
    filled = Submission(
        referrer=Referrer("maatschappelijk werker", "09 123 45 67", "guidance", True, True),
        consent=ConsentGiven(
            informed=True,
            agrees=True,
            given_by="mother",
            given_on=today,
            manner="spoken",
            language="nl",
            leaflet_given=True,
            shares_health=True,
            feedback=Feedback.OUTCOME,
            kept_when_unserved=False,
            secrecy_lines=tuple(SECRECY_LINES),
        ),
        nis=GENT,
        postcode=GENT_POSTCODE,
        identity=Identity(
            first_name="Nadia",
            last_name="Şahin",
            phone="0470 12 34 56",
            email="nadia@familie.example",
            contact_mode="may_call",
            call_moment="op weekdagen voor 15 uur",
        ),
        household=Household(
            adults=1,
            children=(Child(date(today.year - 2, 3, 1), "Łukasz"),),
            due=None,
            language="tr",
            other_language="",
            interpreter=False,
            online=True,
        ),
        situation=Situation(
            indicators=("single_parent", "small_network"),
            tasks=("rest", "listening"),
            question="Ik sta er alleen voor en zou graag eens op adem komen.",
            strengths="Een warme band met haar zoontje.",
            other_services=("kind_en_gezin",),
            at_school="no",
            referred_before="no",
        ),
        practical=Practical(pets="no", smoking="no", access="tweede bel", known_risk=False),
        health=frozenset({"mental"}),
    )
    return _with(filled, overrides)


def _with(part: Any, overrides: Mapping[str, Any]) -> Any:
    now = {one.name: getattr(part, one.name) for one in fields(part)}
    return replace(
        part,
        **{
            name: _with(now[name], value)
            if isinstance(value, Mapping) and is_dataclass(now[name])
            else value
            for name, value in overrides.items()
        },
    )


def organisation(name: str = "CAW Oost-Vlaanderen", **values: Any) -> Organisation:
    made = Organisation(name=name, **{"kind": OrganisationKind.CAW, **values})
    db.session.add(made)
    db.session.commit()
    return made


def branch(name: str = "Home-Start Gent", *nis: str, **values: Any) -> Branch:
    """A branch that serves the municipalities given (Gent by default) since 2020."""
    opened = date(2020, 1, 1)
    values = {"email": "gent@afdeling.example", "places_capacity": 25, **values}
    slug = name.lower().replace(" ", "-")
    made = Branch(name=name, slug=slug, active_from=opened, phone="09 765 43 21", **values)
    db.session.add(made)
    for code in nis or (GENT,):
        made.areas.append(BranchArea(nis=code, from_on=opened))
    db.session.commit()
    return made


def member(
    role: Role, place: Organisation | Branch, name: str = "Els Peeters", function: str = ""
) -> Membership:
    """Somebody with an account, a password and one role."""
    email = f"{name.lower().replace(' ', '.')}@werk.example"
    account = accounts.find_account(email) or accounts.create_account(email, name, PASSWORD)
    where = {"branch": place} if isinstance(place, Branch) else {"organisation": place}
    made = accounts.add_membership(account, role, **where, function=function)  # type: ignore[arg-type]
    db.session.commit()
    return made


def actor_of(membership: Membership) -> Actor:
    """The person as the services see her, acting in this role."""
    account = membership.account
    return Actor(
        account_id=account.id,
        name=account.name,
        email=account.email,
        role=membership.role,
        membership_id=membership.id,
        organisation_id=membership.organisation_id,
        organisation_name=membership.organisation.name if membership.organisation else "",
        branch_id=membership.branch_id,
        branch_name=membership.branch.name if membership.branch else "",
        memberships_count=1,
        locale=account.locale,
        permissions=granted(membership.role),
    )


def submitted(branch: Branch, referrer: Actor, **overrides: Any) -> Referral:
    """A referral that reached the branch, through the service."""
    if "nis" not in overrides:
        nis = branch.areas[0].nis
        codes = select(MunicipalityPostcode.postcode).where(MunicipalityPostcode.nis == nis)
        overrides |= {"nis": nis, "postcode": db.session.scalars(codes).first()}
    referral = submit(referrer, submission(**overrides))
    db.session.commit()
    return referral


_ROAD = (
    Status.SUBMITTED,
    Status.INTAKE_PLANNED,
    Status.WAITING,
    Status.MATCHED,
    Status.RUNNING,
    Status.COMPLETED,
)


def moved_to(referral: Referral, status: Status, coordinator: Actor) -> Referral:
    """The same referral, taken step by step to a status by its coordinator, all on this day."""
    today = clock.today()
    if status == Status.DECLINED:
        follow.decline(coordinator, referral, "other_offer", "Het Huis van het Kind")
    elif status == Status.WITHDRAWN:
        follow.record_withdrawal(coordinator, referral, today, "family_choice")
    else:
        for reached in _ROAD[1 : _ROAD.index(status) + 1]:
            _STEPS[reached](coordinator, referral, today)
    db.session.commit()
    return referral


def _match(coordinator: Actor, referral: Referral, today: date) -> None:
    follow.propose_match(coordinator, referral, "Marleen", today)
    follow.answer_match(coordinator, referral, today, today)


def _start(coordinator: Actor, referral: Referral, today: date) -> None:
    follow.introduce(coordinator, referral, today)
    follow.start(coordinator, referral, today)


_STEPS: dict[Status, Any] = {
    Status.INTAKE_PLANNED: lambda who, referral, today: follow.plan_intake(
        who, referral, clock.now() + timedelta(days=3)
    ),
    Status.WAITING: lambda who, referral, today: follow.accept(who, referral, today),
    Status.MATCHED: _match,
    Status.RUNNING: _start,
    Status.COMPLETED: lambda who, referral, today: follow.complete(
        who, referral, today, "goals_reached", "Het gezin vond snel zijn weg."
    ),
}
