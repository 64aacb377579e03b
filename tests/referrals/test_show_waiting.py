"""The waiting list of a branch: its order, what it tells, and what opening it leaves behind."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from portal.core import clock as portal_clock
from portal.core.audit import AuditEvent
from portal.core.db import db
from portal.referrals import follow
from portal.referrals.filled import Child
from portal.referrals.models import Referral, Status
from tests import make
from tests.browser import Browser, Page
from tests.directory.conftest import count_queries
from tests.referrals.conftest import World
from tests.referrals.make_referral import moved_to, submitted


def waiting(world: World, **overrides: Any) -> Referral:
    referral = submitted(world.branch, world.referrer, **overrides)
    return moved_to(referral, Status.WAITING, world.coordinator)


def open_list(browser: Browser, world: World) -> Page:
    signed_in = Browser(browser.app).sign_in(world.coordinator_account)
    return signed_in.get("referrals.waiting")


def references(page: Page) -> list[str]:
    links = [e for e in page.find("a") if e.get("class") == "reference"]
    return [e.text or "" for e in links]


def test_priority_comes_first_then_the_longest_wait(
    browser: Browser, world: World, clock: Any
) -> None:
    clock.move_to("2026-06-01T10:00:00+02:00")
    longest = waiting(world)
    clock.move_to("2026-08-01T10:00:00+02:00")
    second = waiting(world)
    clock.move_to("2026-10-01T10:00:00+02:00")
    urgent = waiting(world)
    follow.set_priority(world.coordinator, urgent, 1, "Bevalling over een maand.")
    db.session.commit()
    clock.move_to("2026-11-01T10:00:00+01:00")
    page = open_list(browser, world)
    assert references(page) == [urgent.reference, longest.reference, second.reference]
    assert "Voorrang" in page.text
    assert "5 maanden" in page.text
    assert "4 weken" in page.text


def test_a_line_tells_enough_to_think_of_a_volunteer_and_no_name(
    browser: Browser, world: World, clock: Any
) -> None:
    clock.move_to("2026-11-01T10:00:00+01:00")
    household = {
        "children": (Child(date(2023, 1, 1), "Noor"),),
        "due": date(2027, 1, 1),
        "language": "uk",
        "interpreter": True,
    }
    matched = waiting(world, household=household)
    follow.propose_match(world.coordinator, matched, "Marleen", portal_clock.today())
    db.session.commit()
    page = open_list(browser, world)
    for words in ("3 jaar, zwanger", "Oekraïens (Tolk nodig)", "Gent", "Voorgesteld"):
        assert words in page.text
    for name in ("Nadia", "Şahin", "Noor", "Marleen"):
        assert name not in page.text


def test_opening_the_list_is_reading_each_family_on_it(browser: Browser, world: World) -> None:
    listed = [waiting(world) for _ in range(3)]
    open_list(browser, world)
    events = select(AuditEvent).where(AuditEvent.action == "referral:listed_by_branch")
    found = db.session.scalars(events).all()
    assert {event.object_id for event in found} == {str(one.id) for one in listed}
    assert {tuple(event.fields) for event in found} == {("household",)}


def test_only_ones_own_branch_is_listed(browser: Browser, world: World) -> None:
    other = make.branch(["24062"])
    elsewhere = submitted(other, world.referrer)
    moved_to(elsewhere, Status.WAITING, make.actor(make.coordinator(other)))
    page = open_list(browser, world)
    assert references(page) == []
    assert "Niemand wacht op een match" in page.text


def test_the_number_of_queries_does_not_depend_on_who_waits(browser: Browser, world: World) -> None:
    waiting(world)
    signed_in = Browser(browser.app).sign_in(world.coordinator_account)
    signed_in.get("referrals.waiting")
    with count_queries() as one:
        signed_in.get("referrals.waiting")
    for _ in range(5):
        referral = waiting(world)
        follow.propose_match(world.coordinator, referral, "Marleen", portal_clock.today())
    db.session.commit()
    with count_queries() as many:
        assert len(references(signed_in.get("referrals.waiting"))) == 6
    assert len(many) == len(one) <= 8


def test_long_waits_are_told_in_words_people_use(clock: Any) -> None:
    from portal.referrals.progress import lasting

    today = portal_clock.today()
    told = {days: lasting(today - timedelta(days=days)) for days in (0, 1, 20, 21, 90, 91, 400)}
    assert told == {
        0: "sinds vandaag",
        1: "1 dag",
        20: "20 dagen",
        21: "3 weken",
        90: "12 weken",
        91: "2 maanden",
        400: "13 maanden",
    }
