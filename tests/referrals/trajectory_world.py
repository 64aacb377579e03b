"""What the tests of trajectories share: who is at work, and a family with a volunteer."""

from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.audit import AuditEvent
from portal.core.db import db
from portal.core.permissions import Actor
from portal.referrals.models import Match, Referral, Status
from portal.referrals.trajectory.dimensions import Dimension
from portal.referrals.trajectory.evaluations import START, Evaluation, EvaluationScore
from portal.referrals.trajectory.guidance import Audience, Guidance, Manner, Result, Sector
from portal.referrals.trajectory.half_days import HalfDay, What
from tests.browser import Browser, Page
from tests.referrals.conftest import World
from tests.referrals.make_referral import moved_to, submitted


def running(world: World, status: Status = Status.RUNNING, **overrides: Any) -> Referral:
    """A family whose trajectory runs, or that stands anywhere else on the road."""
    return moved_to(submitted(world.branch, world.referrer, **overrides), status, world.coordinator)


def at_work(browser: Browser, world: World) -> Browser:
    """The coordinator, signed in."""
    return Browser(browser.app).sign_in(world.coordinator_account)


def open_trajectory(browser: Browser, referral: Referral) -> Page:
    return browser.get("referrals.trajectory", reference=referral.reference)


def fill_in(browser: Browser, endpoint: str, referral: Referral, data: Any, **more: Any) -> Page:
    """Open a page of a referral, fill it in as it stands there with `data` in it, and send it."""
    place = {"reference": referral.reference, **more}
    page = browser.get(endpoint, **place)
    assert page.status == 200, page.text[:300]
    return browser.submit(page, endpoint, {**standing(page), **data}, **place)


def standing(page: Page) -> dict[str, Any]:
    """What a form holds when it opens: what a person sends who changes nothing."""
    held: dict[str, Any] = {}
    for e in page.find("input") + page.find("select") + page.find("textarea"):
        name, kind = e.get("name", ""), e.get("type")
        if not name or kind in ("hidden", "submit"):
            continue
        if kind == "checkbox" and e.get("checked") is not None:
            held.setdefault(name, []).append(e.get("value", ""))
        elif kind != "checkbox":
            held[name] = page.value(name)
    return held


def read_fields(referral: Referral) -> list[list[str]]:
    """The fields of each access event of the branch, in order."""
    query = select(AuditEvent).where(
        AuditEvent.action == "referral:read_by_branch",
        AuditEvent.object_id == str(referral.id),
    )
    return [one.fields for one in db.session.scalars(query.order_by(AuditEvent.number))]


def half_day(referral: Referral, coordinator: Actor) -> HalfDay:
    """A half-day of today as it is stored, with a match, wherever the referral stands."""
    today = clock.today()
    match = Match(referral_id=referral.id, proposed_on=today, started_on=today, ended_on=today)
    match.volunteer_name = "Marleen"
    db.session.add(match)
    db.session.flush()
    made = HalfDay(
        referral_id=referral.id,
        branch_id=referral.branch_id,
        match_id=match.id,
        on=today,
        what=What.HOME_VISIT,
        account_id=coordinator.account_id,
        at=clock.now(),
    )
    db.session.add(made)
    db.session.commit()
    return made


def evaluation(referral: Referral, coordinator: Actor) -> Evaluation:
    """An evaluation of today as it is stored, wherever the referral stands."""
    assert referral.family is not None
    made = Evaluation(
        referral_id=referral.id,
        family_id=referral.family.id,
        moment=START,
        on=clock.today(),
        account_id=coordinator.account_id,
        at=clock.now(),
    )
    made.scores = [EvaluationScore(dimension=Dimension.NETWORK, score=3)]
    db.session.add(made)
    db.session.commit()
    return made


def led(referral: Referral, coordinator: Actor) -> Guidance:
    """A guidance of today as it is stored, wherever the referral stands."""
    assert referral.family is not None
    made = Guidance(
        referral_id=referral.id,
        family_id=referral.family.id,
        on=clock.today(),
        sector=Sector.SPORT,
        audience=Audience.CHILDREN,
        manner=Manner.ALONG,
        result=Result.OPEN,
        account_id=coordinator.account_id,
        at=clock.now(),
    )
    db.session.add(made)
    db.session.commit()
    return made
