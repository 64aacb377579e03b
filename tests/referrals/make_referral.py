"""Builders of referrals: filled in, submitted, and brought to any status.

Overrides are given per part: `submission(nis="11002", identity={"first_name": "Fatma"})`.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.permissions import Actor
from portal.directory.models import Branch, BranchArea, MunicipalityPostcode
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
from portal.referrals.trajectory import closing
from portal.referrals.trajectory.closing import Closing

GENT, GENT_POSTCODE = "44021", "9000"


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


def submitted(branch: Branch, referrer: Actor, **overrides: Any) -> Referral:
    """A referral that reached the branch, through the service."""
    if "nis" not in overrides:
        nis = branch.areas[0].nis
        codes = select(MunicipalityPostcode.postcode).where(MunicipalityPostcode.nis == nis)
        overrides |= {"nis": nis, "postcode": db.session.scalars(codes).first()}
    referral = submit(referrer, submission(**overrides))
    db.session.commit()
    return referral


def kept_on_list(
    branch: Branch | None, sender: Actor | None, nis: str, postcode: str, **overrides: Any
) -> Referral:
    """A family on the list of a municipality; then `branch`, if any, begins to serve that."""
    kept = overrides.pop("consent", {}) | {"kept_when_unserved": True}
    filled = submission(nis=nis, postcode=postcode, consent=kept, **overrides)
    referral = submit(sender, filled)
    if branch is not None:
        branch.areas.append(BranchArea(nis=nis, from_on=clock.today()))
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
    Status.WAITING: follow.accept,
    Status.MATCHED: _match,
    Status.RUNNING: _start,
    Status.COMPLETED: lambda who, referral, today: closing.complete(
        who, referral, Closing(today, "goals_reached", "Het gezin vond snel zijn weg.")
    ),
}
