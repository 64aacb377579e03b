"""Families of which nothing was heard: listed, reminded of once, and one click that says busy."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from portal.core.db import db
from portal.core.outbox import OutboxMessage
from portal.referrals import messages, quiet
from portal.referrals.models import Referral, Status
from tests import make
from tests.browser import Browser, Page
from tests.referrals.conftest import World
from tests.referrals.make_referral import moved_to, submitted

FIRST = "2026-09-01T10:00:00+02:00"
WEEKS_4 = timedelta(days=28, minutes=1)


@pytest.fixture
def referral(world: World, clock: Any) -> Referral:
    clock.move_to(FIRST)
    return submitted(world.branch, world.referrer)


def start(browser: Browser, world: World) -> Page:
    return Browser(browser.app).sign_in(world.coordinator_account).get("home.start")


def reminders() -> list[OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.key.contains("quiet:"))
    return list(db.session.scalars(query))


def remind() -> int:
    number = quiet.remind()
    db.session.commit()
    return number


def test_after_four_weeks_of_silence_the_coordinator_is_reminded_once(
    world: World, referral: Referral, clock: Any
) -> None:
    clock.shift(timedelta(days=27))
    assert remind() == 0
    clock.shift(timedelta(days=1, minutes=1))
    assert [remind() for _ in range(3)] == [1, 0, 0]
    clock.shift(timedelta(days=20))
    assert remind() == 0
    [mail] = reminders()
    assert mail.payload["to"] == world.coordinator.email
    for secret in (referral.reference, "Nadia", "Gent"):
        assert secret not in repr(mail.payload["paragraphs"])


def test_many_silent_families_make_one_mail(world: World, referral: Referral, clock: Any) -> None:
    submitted(world.branch, world.referrer)
    clock.shift(WEEKS_4)
    assert remind() == 2
    assert len(reminders()) == 1


def test_each_new_silence_is_told_again(world: World, referral: Referral, clock: Any) -> None:
    clock.shift(WEEKS_4)
    remind()
    quiet.follow_up(world.coordinator, referral)
    db.session.commit()
    assert remind() == 0
    clock.shift(WEEKS_4)
    assert remind() == 1
    assert len(reminders()) == 2


def test_a_message_breaks_the_silence(world: World, referral: Referral, clock: Any) -> None:
    clock.shift(timedelta(days=20))
    messages.write(world.referrer, referral, "Hoe gaat het?")
    db.session.commit()
    clock.shift(timedelta(days=20))
    assert quiet.of(world.coordinator) == []
    clock.shift(timedelta(days=9))
    assert len(quiet.of(world.coordinator)) == 1


@pytest.mark.parametrize("status", [Status.DECLINED, Status.COMPLETED, Status.WITHDRAWN])
def test_what_ended_may_be_silent(
    world: World, referral: Referral, clock: Any, status: Status
) -> None:
    moved_to(referral, status, world.coordinator)
    clock.shift(WEEKS_4)
    assert remind() == 0


def test_the_start_page_lists_them_and_one_click_says_busy(
    browser: Browser, world: World, referral: Referral, clock: Any
) -> None:
    assert "Al een tijd niets gehoord" not in start(browser, world).text
    clock.shift(WEEKS_4)
    someone = Browser(browser.app).sign_in(world.coordinator_account)
    page = someone.get("home.start")
    assert "Al een tijd niets gehoord" in page.text
    assert "Laatst genoteerd op 1 september 2026" in page.text
    answer = someone.submit(page, "referrals.follow_up", {}, reference=referral.reference)
    after = someone.follow(answer)
    assert "Genoteerd: je bent er nog mee bezig." in after.text
    assert "Al een tijd niets gehoord" not in after.text
    shown = someone.get("referrals.show", reference=referral.reference)
    assert "Opgevolgd: nog steeds bezig" in shown.text


def test_the_referrer_does_not_read_that_click(
    browser: Browser, world: World, referral: Referral
) -> None:
    quiet.follow_up(world.coordinator, referral)
    db.session.commit()
    browser.sign_in(world.referrer_account)
    page = browser.get("referrals.show", reference=referral.reference)
    assert "nog steeds bezig" not in page.text


def test_it_goes_back_inside_the_portal_only(
    browser: Browser, world: World, referral: Referral
) -> None:
    someone = Browser(browser.app).sign_in(world.coordinator_account)
    data = {"next": "https://evil.example/"}
    answer = someone.post("referrals.follow_up", data, reference=referral.reference)
    assert answer.location == "/"


def test_another_branch_neither_reads_nor_clicks(
    browser: Browser, referral: Referral, clock: Any
) -> None:
    clock.shift(WEEKS_4)
    other = make.coordinator(make.branch())
    assert quiet.of(make.actor(other)) == []
    someone = Browser(browser.app).sign_in(other.account)
    assert someone.post("referrals.follow_up", reference=referral.reference).status == 404


def test_the_list_costs_one_query_however_many(
    world: World, referral: Referral, clock: Any
) -> None:
    for _ in range(3):
        submitted(world.branch, world.referrer)
    clock.shift(WEEKS_4)
    asked: list[str] = []
    listen = lambda *args: asked.append(args[2])  # noqa: E731
    engine = db.session.connection().engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        found = quiet.of(world.coordinator)
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    assert len(found) == 4
    assert len(asked) == 1
