"""Places bought, volunteers active, and what is free: kept by the branch, used before referring."""

import pytest
from sqlalchemy import event

from portal.core.db import db
from portal.referrals import capacity, routing
from portal.referrals.models import Status
from portal.referrals.routing import Room
from tests import make
from tests.browser import Browser, Page
from tests.referrals.conftest import World
from tests.referrals.make_referral import moved_to, submitted


@pytest.fixture
def coordinator(world: World, browser: Browser) -> Browser:
    return browser.sign_in(world.coordinator_account)


def keep(browser: Browser, volunteers: str) -> Page:
    page = browser.get("referrals.capacity")
    return browser.submit(page, "referrals.capacity", {"volunteers": volunteers})


def own(world: World) -> capacity.Capacity:
    return capacity.of(world.branch.id)[0]


def test_a_coordinator_keeps_how_many_volunteers_there_are(
    coordinator: Browser, world: World
) -> None:
    assert "Zolang je dat niet invult" in coordinator.get("referrals.capacity").text
    page = coordinator.follow(keep(coordinator, "7"))
    assert "Bewaard." in page.text
    assert page.value("volunteers") == "7"
    assert (own(world).bought, own(world).volunteers, own(world).free) == (25, 7, 7)


@pytest.mark.parametrize("typed", ["", "-1", "veel", "5000"])
def test_what_is_no_number_of_volunteers_is_refused(
    coordinator: Browser, world: World, typed: str
) -> None:
    assert keep(coordinator, typed).errors
    assert own(world).volunteers is None


def test_places_are_volunteers_and_never_more_than_bought() -> None:
    assert capacity.places(25, None) == 25
    assert capacity.places(25, 7) == 7
    assert capacity.places(5, 7) == 5


def test_supported_families_take_a_place_and_waiting_ones_are_counted(world: World) -> None:
    capacity.keep(world.coordinator, 3)
    for status in (Status.RUNNING, Status.MATCHED, Status.WAITING, Status.COMPLETED):
        moved_to(submitted(world.branch, world.referrer), status, world.coordinator)
    found = own(world)
    assert (found.supported, found.waiting, found.free) == (2, 1, 1)


def test_who_refers_reads_the_room_there_really_is(world: World) -> None:
    assert routing.room(world.branch) == Room.FREE
    for volunteers, room in ((3, Room.FEW), (0, Room.FULL), (20, Room.FREE)):
        capacity.keep(world.coordinator, volunteers)
        db.session.flush()
        assert routing.room(world.branch) == room


def test_staff_see_every_branch_and_keep_none(browser: Browser, world: World) -> None:
    make.branch(["24062"], "Home-Start Leuven", places_capacity=9)
    browser.sign_in(make.administrator().account)
    page = browser.get("referrals.capacity")
    assert "Home-Start Gent" in page.text
    assert "Home-Start Leuven" in page.text
    assert not [e for e in page.find("input") if e.get("name") == "volunteers"]
    browser.post("referrals.capacity", {"volunteers": "4"})
    assert own(world).volunteers is None


def test_a_coordinator_sees_her_own_branch_only(coordinator: Browser, world: World) -> None:
    make.branch(["24062"], "Home-Start Leuven", places_capacity=9)
    assert "Leuven" not in coordinator.get("referrals.capacity").text


def test_it_costs_one_query_however_many_branches(world: World) -> None:
    for _ in range(4):
        make.branch()
    asked: list[str] = []
    listen = lambda *args: asked.append(args[2])  # noqa: E731
    engine = db.session.connection().engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        found = capacity.of()
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    assert len(found) == 5
    assert len(asked) == 1
