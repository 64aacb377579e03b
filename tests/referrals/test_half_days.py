"""Half-days: agreed, filled in for weeks at once, put right without a trace lost, added up."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.core import clock as portal_clock
from portal.core.db import db
from portal.core.errors import DomainError
from portal.referrals import follow
from portal.referrals.models import DayPart, Referral, Status
from portal.referrals.trajectory import closing, half_days, sums
from portal.referrals.trajectory.closing import Closing
from portal.referrals.trajectory.half_days import Agreed, Entry, HalfDay, What
from tests import make
from tests.browser import Browser, Page
from tests.directory.conftest import count_queries
from tests.referrals.conftest import World
from tests.referrals.make_referral import submitted
from tests.referrals.trajectory_world import (
    at_work,
    fill_in,
    open_trajectory,
    read_fields,
    running,
)

BEGUN = "2026-09-01T10:00:00+02:00"  # a Tuesday


@pytest.fixture
def referral(world: World, clock: Any) -> Referral:
    """A trajectory that began on Tuesday 1 September 2026; today is Monday 28 September."""
    clock.move_to(BEGUN)
    referral = running(world)
    clock.move_to("2026-09-28T10:00:00+02:00")
    return referral


@pytest.fixture
def coordinator(world: World, browser: Browser, referral: Referral) -> Browser:
    """The coordinator, signed in today."""
    return at_work(browser, world)


def enter(browser: Browser, referral: Referral, **data: Any) -> Page:
    return fill_in(browser, "referrals.half_days", referral, data)


def stored() -> list[tuple[str, str]]:
    query = select(HalfDay).where(HalfDay.replaced_at.is_(None)).order_by(HalfDay.on)
    return [(one.on.isoformat(), one.what.value) for one in db.session.scalars(query)]


def test_the_weeks_without_a_half_day_stand_ready(coordinator: Browser, referral: Referral) -> None:
    page = coordinator.get("referrals.half_days", reference=referral.reference)
    days = [page.value(f"rows-{n}-on") for n in range(5)]
    assert days == ["2026-09-01", "2026-09-08", "2026-09-15", "2026-09-22", ""]
    assert "4 waren afgesproken tot vandaag" in page.text


def test_several_weeks_are_filled_in_at_once(coordinator: Browser, referral: Referral) -> None:
    answer = enter(
        coordinator,
        referral,
        **{
            "rows-1-what": "not_family",
            "rows-2-what": "outing",
            "rows-2-on": "2026-09-17",
            "rows-4-on": "2026-09-25",
            "rows-4-what": "phone",
            "rest": "home_visit",
        },
    )
    page = coordinator.follow(answer)
    assert "Bewaard: Dagdelen ingevuld." in page.text
    assert stored() == [
        ("2026-09-01", "home_visit"),
        ("2026-09-08", "not_family"),
        ("2026-09-17", "outing"),
        ("2026-09-22", "home_visit"),
        ("2026-09-25", "phone"),
    ]
    assert "4 dagdelen gingen door; 4 waren afgesproken" in page.text
    assert page.value("rows-0-on") == ""  # no week is left open
    assert "Huisbezoek 2" in open_trajectory(coordinator, referral).text


def test_a_week_left_open_stays_open(coordinator: Browser, referral: Referral) -> None:
    enter(coordinator, referral, **{"rows-1-what": "home_visit"})
    assert [day.isoformat() for day in half_days.open_days(referral)] == [
        "2026-09-01",
        "2026-09-15",
        "2026-09-22",
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Vul minstens één dagdeel in."),
        ({"rows-0-on": "", "rows-0-what": "outing"}, "Vul de datum in."),
        ({"rows-0-on": "2026-10-02", "rows-0-what": "outing"}, "toekomst"),
        ({"rows-0-on": "2026-08-02", "rows-0-what": "outing"}, "voor de verwijzing"),
        ({"rows-0-on": "gisteren", "rows-0-what": "outing"}, "Vul een datum in"),
        ({"rows-0-what": "dansen"}, "Kies een van de mogelijkheden."),
        ({"rows-0-what": "outing", "rows-1-on": "2026-09-01", "rows-1-what": "phone"}, "al een"),
    ],
)
def test_what_cannot_be_is_refused_on_its_row(
    coordinator: Browser, referral: Referral, data: dict[str, str], said: str
) -> None:
    page = enter(coordinator, referral, **data)
    assert said in page.errors[0]
    assert stored() == []
    for name, value in data.items():
        assert page.value(name) == (value if value != "dansen" else "")


def test_a_half_day_belongs_to_the_match_that_ran_that_day(world: World, clock: Any) -> None:
    clock.move_to(BEGUN)
    referral = running(world)
    first = referral.matches[0]
    clock.move_to("2026-09-20T10:00:00+02:00")
    follow.end_match(world.coordinator, referral, date(2026, 9, 18), "practical")
    db.session.commit()
    with pytest.raises(DomainError, match="liep er geen match"):
        half_days.record(world.coordinator, referral, [Entry(date(2026, 9, 19), What.HOME_VISIT)])
    [made] = half_days.record(
        world.coordinator, referral, [Entry(date(2026, 9, 18), What.HOME_VISIT)]
    )
    assert made.match_id == first.id
    assert made.branch_id == world.branch.id


def test_every_other_week_is_asked_every_other_week(world: World, referral: Referral) -> None:
    half_days.plan(world.coordinator, referral, Agreed(3, DayPart.AFTERNOON, 2))
    assert half_days.open_days(referral) == [date(2026, 9, 3), date(2026, 9, 17)]
    match = referral.matches[0]
    assert len(half_days.planned(match, date(2027, 9, 1))) == 26


def test_at_most_eight_weeks_are_asked_at_once_the_latest_ones(
    referral: Referral, clock: Any
) -> None:
    clock.move_to("2027-03-01T10:00:00+01:00")
    days = half_days.open_days(referral)
    assert len(days) == 8
    assert days[-1] == date(2027, 2, 23)


def test_the_usual_half_day_is_agreed_on(coordinator: Browser, referral: Referral) -> None:
    page = coordinator.get("referrals.decide", reference=referral.reference, action="plan_half_day")
    assert page.value("weekday") == "1"
    data = {"weekday": "2", "part": "afternoon", "weeks": "1"}
    answer = fill_in(coordinator, "referrals.decide", referral, data, action="plan_half_day")
    assert "Elke week op woensdag, in de namiddag." in coordinator.follow(answer).text


def test_a_half_day_is_put_right_and_what_stood_there_stays(
    coordinator: Browser, world: World, referral: Referral
) -> None:
    enter(coordinator, referral, rest="home_visit")
    one = db.session.scalars(select(HalfDay).order_by(HalfDay.on)).first()
    assert one is not None
    answer = fill_in(
        coordinator, "referrals.correct_half_day", referral, {"what": "phone"}, half_day_id=one.id
    )
    page = coordinator.follow(answer)
    assert "stond hier: 1 september 2026, Huisbezoek. Verbeterd door Hilde Claes." in page.text
    assert stored()[0] == ("2026-09-01", "phone")
    assert len(stored()) == 4
    assert make.number_of(HalfDay) == 5
    for gone in (one.id, 7):
        place = {"reference": referral.reference, "half_day_id": gone}
        assert coordinator.get("referrals.correct_half_day", **place).status == 404


def test_what_was_entered_by_mistake_counts_no_more_and_is_still_told(
    coordinator: Browser, referral: Referral
) -> None:
    enter(coordinator, referral, **{"rows-0-what": "outing"})
    one = make.only(HalfDay)
    answer = fill_in(
        coordinator, "referrals.correct_half_day", referral, {"what": "mistake"}, half_day_id=one.id
    )
    page = coordinator.follow(answer)
    assert "Per vergissing ingevuld" in page.text
    assert stored() == []
    assert date(2026, 9, 1) in half_days.open_days(referral)


def test_a_correction_changes_something_and_takes_no_other_day(
    coordinator: Browser, referral: Referral
) -> None:
    enter(coordinator, referral, rest="home_visit")
    one = db.session.scalars(select(HalfDay).order_by(HalfDay.on)).first()
    assert one is not None
    place = {"half_day_id": one.id}
    page = fill_in(coordinator, "referrals.correct_half_day", referral, {}, **place)
    assert page.errors == ["Je hebt niets gewijzigd."]
    page = fill_in(
        coordinator, "referrals.correct_half_day", referral, {"on": "2026-09-08"}, **place
    )
    assert "al een dagdeel ingevuld" in page.errors[0]


def test_a_half_day_of_another_family_of_the_branch_is_not_found_here(
    coordinator: Browser, world: World, referral: Referral
) -> None:
    enter(coordinator, referral, rest="home_visit")
    other = submitted(world.branch, world.referrer)
    one = db.session.scalars(select(HalfDay)).first()
    assert one is not None
    place = {"reference": other.reference, "half_day_id": one.id}
    assert coordinator.get("referrals.correct_half_day", **place).status == 404
    assert coordinator.post("referrals.correct_half_day", {}, **place).status == 404


def test_the_database_itself_holds_one_half_day_a_day(world: World, referral: Referral) -> None:
    entry = [Entry(date(2026, 9, 1), What.OUTING)]
    half_days.record(world.coordinator, referral, entry)
    db.session.flush()
    again = {"referral_id": referral.id, "branch_id": world.branch.id, "on": entry[0].on}
    match_id = referral.matches[0].id
    db.session.add(
        HalfDay(
            **again,
            match_id=match_id,
            what=What.PHONE,
            account_id=world.coordinator.account_id,
            at=portal_clock.now(),
        )
    )
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_sums_of_a_branch_by_month_and_of_every_branch_for_staff(
    coordinator: Browser, browser: Browser, world: World, referral: Referral, clock: Any
) -> None:
    enter(coordinator, referral, rest="home_visit", **{"rows-0-what": "not_holiday"})
    clock.move_to("2026-10-07T10:00:00+02:00")
    coordinator = at_work(browser, world)
    enter(coordinator, referral, **{"rows-1-what": "outing"})
    months = dict(sums.by_month(world.branch.id))
    assert len(months) == 12
    september, october = months[date(2026, 9, 1)], months[date(2026, 10, 1)]
    assert (september.held, september.not_held, september.families) == (3, 1, 1)
    assert (october.held, october.not_held, october.families) == (1, 0, 1)
    page = coordinator.get("referrals.half_day_sums")
    assert "september 2026" in page.text
    staff = Browser(browser.app).sign_in(make.administrator().account)
    page = staff.get("referrals.half_day_sums")
    assert "Home-Start Gent 1 4 3 1" in page.text
    assert referral.reference not in page.text
    make.branch(["24062"], "Home-Start Leuven")
    [own] = sums.by_branch(date(2026, 9, 1))
    assert own[0] == "Home-Start Gent"


def test_opening_half_days_is_noted_and_costs_as_much_for_many_of_them(
    coordinator: Browser, browser: Browser, world: World, referral: Referral, clock: Any
) -> None:
    coordinator.get("referrals.half_days", reference=referral.reference)
    assert read_fields(referral) == [["half_days"]]
    with count_queries() as few:
        open_trajectory(coordinator, referral)
    clock.move_to("2026-12-20T10:00:00+01:00")
    days = half_days.planned(referral.matches[0], portal_clock.today())
    half_days.record(world.coordinator, referral, [Entry(day, What.OUTING) for day in days])
    db.session.commit()
    coordinator = at_work(browser, world)
    db.session.refresh(referral)
    with count_queries() as many:
        open_trajectory(coordinator, referral)
    assert len(days) == 16
    assert len(many) == len(few)
    assert len(many) <= 20


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.WAITING, Status.MATCHED])
def test_before_the_start_there_is_nothing_to_fill_in(
    coordinator: Browser, world: World, status: Status
) -> None:
    other = running(world, status)
    assert coordinator.get("referrals.half_days", reference=other.reference).status == 302
    assert half_days.open_days(other) == []


def test_the_last_weeks_can_be_filled_in_after_the_end(
    coordinator: Browser, world: World, referral: Referral
) -> None:
    closing.complete(
        world.coordinator, referral, Closing(portal_clock.today() - timedelta(days=4), "moved", "!")
    )
    db.session.commit()
    page = coordinator.get("referrals.half_days", reference=referral.reference)
    assert [page.value(f"rows-{n}-on") for n in range(5)][-2:] == ["2026-09-22", ""]
    enter(coordinator, referral, rest="home_visit")
    assert len(stored()) == 4
