"""Dates to keep: what they follow from, the page, the calendar, the reminders, the meetings."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from portal.agreements import deadlines, deadlines_list, deadlines_remind, drafting, meetings
from portal.agreements.deadlines import Topic
from portal.agreements.meetings import MeetingDetails
from portal.agreements.models import CalendarLink, Meeting, Reminder
from portal.agreements.terms import Deadlines, DecidingBody, Indexation, IndexKind, Renewal, Terms
from portal.core import clock as core_clock
from portal.core.db import db
from portal.core.months import months_later
from tests import make
from tests.agreements import make_agreement, make_living, make_negotiation
from tests.agreements.make_negotiation import World
from tests.browser import Browser


@pytest.fixture
def karel(world: World, browser: Browser) -> Browser:
    return browser.sign_in(world.gent_people.account)


@pytest.fixture
def hsv(world: World, app: Flask) -> Browser:
    return Browser(app).sign_in(world.manager.account)


def _terms(**changes: Any) -> Terms:
    return replace(make_agreement.make_terms(1, starts_on=date(2028, 1, 1)), **changes)


def _dates(terms: Terms) -> dict[tuple[Topic, str], date]:
    return {(one.topic, one.key): one.on for one in deadlines.of_terms(terms)}


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2030, 12, 31), -6, date(2030, 6, 30)),
        (date(2028, 8, 31), -6, date(2028, 2, 29)),
        (date(2028, 1, 15), 12, date(2029, 1, 15)),
        (date(2028, 1, 30), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 6, 30), 6, date(2028, 12, 31)),
    ],
)
def test_months_later_is_the_day_people_mean(day: date, months: int, expected: date) -> None:
    assert months_later(day, months) == expected


def test_the_dates_follow_from_the_terms(world: World) -> None:
    found = _dates(_terms())
    assert found[Topic.INTERIM_EVALUATION, "interim_evaluation"] == date(2029, 1, 1)
    assert found[Topic.FINAL_EVALUATION, "final_evaluation"] == date(2030, 6, 30)
    asked_on = date(2030, 6, 30)
    assert found[Topic.RENEWAL, "renewal"] == asked_on + timedelta(days=60)
    assert found[Topic.REPORT, "report:2028"] == date(2029, 3, 31)
    assert found[Topic.REPORT, "report:2030"] == date(2031, 3, 31)
    assert found[Topic.INDEXATION, "indexation:2029"] == date(2029, 1, 1)
    assert (Topic.INDEXATION, "indexation:2028") not in found  # the first year is not indexed
    assert found[Topic.END, "end"] == date(2030, 12, 31)
    assert Topic.NOTICE not in {topic for topic, _key in found}


def test_tacit_renewal_has_a_last_day_to_say_no_as_article_23_has_it(world: World) -> None:
    terms = _terms(renewal=Renewal.TACIT, renewal_years=1, notice_months=9)
    found = _dates(terms)
    assert found[Topic.NOTICE, "notice"] == date(2030, 6, 30)
    assert Topic.RENEWAL not in {topic for topic, _key in found}


def test_without_an_index_nothing_is_indexed(world: World) -> None:
    terms = _terms(indexation=Indexation(kind=IndexKind.NONE))
    assert Topic.INDEXATION not in {topic for topic, _key in _dates(terms)}


def test_other_terms_move_the_dates(world: World) -> None:
    terms = _terms(deadlines=Deadlines(report_month=6, report_day=30, interim_evaluation_months=6))
    found = _dates(terms)
    assert found[Topic.REPORT, "report:2028"] == date(2029, 6, 30)
    assert found[Topic.INTERIM_EVALUATION, "interim_evaluation"] == date(2028, 7, 1)


def test_an_answer_is_awaited_from_who_has_the_turn(world: World) -> None:
    agreement = make_negotiation.proposed(world)
    (answer,) = deadlines.upcoming(agreement, core_clock.today())
    assert answer.topic == Topic.ANSWER
    assert answer.on == core_clock.today() + timedelta(days=21)
    assert set(answer.organisation_ids) == {one.id for one in world.partners}
    assert not answer.hsv


def test_a_decision_is_awaited_until_it_is_there_also_when_late(world: World, clock: Any) -> None:
    agreement = make_negotiation.agreed(world, world.gent, world.vzw)
    clock.shift(timedelta(days=90))
    awaited = [
        d for d in deadlines.upcoming(agreement, core_clock.today()) if d.topic == Topic.DECISION
    ]
    assert [d.who for d in awaited] == ["Stad Gent"]
    assert awaited[0].on < core_clock.today()
    make_negotiation.decided(agreement, world.gent_people, DecidingBody.COUNCIL)
    later = deadlines.upcoming(agreement, core_clock.today())
    assert Topic.DECISION not in {d.topic for d in later}


def test_a_decision_is_due_before_the_agreement_begins(world: World, clock: Any) -> None:
    clock.move_to(datetime(2027, 12, 1, 9, tzinfo=UTC))
    agreement = make_negotiation.agreed(world, world.gent)
    due = next(
        d for d in deadlines.upcoming(agreement, core_clock.today()) if d.topic == Topic.DECISION
    )
    assert due.on == date(2027, 12, 31)


def test_the_page_shows_what_is_yours_first_by_date(
    karel: Browser, hsv: Browser, world: World
) -> None:
    make_negotiation.proposed(world, world.gent)
    page = karel.get("agreements.deadlines")
    assert "Antwoord op een voorstel" in page.text
    assert "Jij" in page.text
    assert "Jij" not in hsv.get("agreements.deadlines").text


def test_a_calendar_reads_the_dates_by_a_secret_address_until_it_is_revoked(
    karel: Browser, world: World, app: Flask
) -> None:
    agreement = make_negotiation.agreed(world, world.gent)
    page = karel.post("agreements.make_calendar_link")
    address = re.search(r"/agenda/[\w-]+\.ics", page.response.get_data(as_text=True))
    assert address is not None
    stranger = Browser(app)
    feed = stranger.open(address[0])
    assert feed.response.mimetype == "text/calendar"
    lines = feed.text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert all(len(line.encode()) <= 75 for line in lines)
    unfolded = feed.text.replace("\r\n ", "")
    assert f"/overeenkomsten/{agreement.reference}" in unfolded
    assert "SUMMARY:Indexering van de bijdragen: Home-Start in Gent" in unfolded
    assert "Set-Cookie" not in feed.response.headers
    karel.post("agreements.revoke_calendar_link")
    assert stranger.open(address[0]).status == 404


def test_the_secret_is_shown_once_and_only_its_digest_kept(karel: Browser, world: World) -> None:
    page = karel.post("agreements.make_calendar_link")
    found = re.search(r"/agenda/([\w-]+)\.ics", page.response.get_data(as_text=True))
    assert found is not None
    assert found[1].encode() not in make.only(CalendarLink).token_hash
    again = karel.get("agreements.deadlines")
    assert ".ics" not in again.response.get_data(as_text=True)
    karel.post("agreements.make_calendar_link")
    assert [
        one.revoked_at is None
        for one in db.session.scalars(db.select(CalendarLink).order_by(CalendarLink.id))
    ] == [
        False,
        True,
    ]


def test_a_calendar_stops_when_the_role_ends(karel: Browser, world: World, app: Flask) -> None:
    page = karel.post("agreements.make_calendar_link")
    address = re.search(r"/agenda/[\w-]+\.ics", page.response.get_data(as_text=True))
    assert address is not None
    world.gent_people.ended_at = core_clock.now()
    db.session.commit()
    assert Browser(app).open(address[0]).status == 404


def test_a_calendar_shows_no_more_than_its_owner_may_see(
    world: World, app: Flask, karel: Browser
) -> None:
    make_negotiation.proposed(world, world.melle)
    page = karel.post("agreements.make_calendar_link")
    address = re.search(r"/agenda/[\w-]+\.ics", page.response.get_data(as_text=True))
    assert address is not None
    assert "BEGIN:VEVENT" not in Browser(app).open(address[0]).text


def test_a_made_up_secret_shows_nothing(app: Flask, world: World) -> None:
    assert Browser(app).open("/agenda/verzonnen.ics").status == 404


def test_reminders_go_once_to_who_is_to_act(world: World, clock: Any, subjects_to: Any) -> None:
    agreement = make_negotiation.proposed(world, world.gent, world.vzw)
    assert deadlines_remind.remind() == 0  # not yet
    clock.shift(timedelta(days=10))
    assert deadlines_remind.remind() == 2
    db.session.commit()
    assert deadlines_remind.remind() == 0
    reminder = subjects_to(world.gent_people.account.email)[-1]
    assert reminder.startswith("Antwoord op een voorstel tegen")
    assert subjects_to(world.manager.account.email) == []
    assert {r.deadline for r in db.session.scalars(db.select(Reminder))} == {"answer:1:partners"}
    assert agreement.reference


def test_a_deadline_that_moved_is_reminded_of_anew(
    world: World, clock: Any, subjects_to: Any
) -> None:
    agreement = make_negotiation.proposed(world, world.gent)
    clock.shift(timedelta(days=10))
    assert deadlines_remind.remind() == 1
    manager = make_negotiation.manager(world)
    drafting.save(manager, agreement, agreement.terms.with_(families=15), None)
    make_negotiation.propose(world, agreement)
    db.session.expire_all()
    assert deadlines_remind.remind() == 0
    clock.shift(timedelta(days=10))
    assert deadlines_remind.remind() == 1


def _details(**changes: Any) -> MeetingDetails:
    values = {
        "subject": "Stuurgroep; eerste",
        "starts_at": core_clock.now() + timedelta(days=30),
        "minutes": 90,
        "place": "Huis van het Kind, Gent",
        "agenda": "1. Cijfers\n2. Rondvraag",
    }
    return MeetingDetails(**{**values, **changes})


def test_a_meeting_is_planned_told_and_taken_into_a_calendar(
    hsv: Browser, karel: Browser, world: World, subjects_to: Any
) -> None:
    agreement = make_negotiation.proposed(world, world.gent)
    page = hsv.get("agreements.plan_meeting", reference=agreement.reference)
    sent = {"subject": "Stuurgroep; eerste", "starts_at": "2027-03-01T14:00"}
    sent |= {"minutes": "90", "place": "Gent"}
    hsv.submit(page, "agreements.plan_meeting", sent, reference=agreement.reference)
    meeting = make.only(Meeting)
    assert meeting.starts_at == datetime(2027, 3, 1, 13, tzinfo=UTC)
    assert "Overleg gepland: Stuurgroep; eerste" in subjects_to(world.gent_people.account.email)
    where = {"reference": agreement.reference, "meeting_id": meeting.id}
    text = karel.get("agreements.meeting_file", **where).text.replace("\r\n ", "")
    assert "SUMMARY:Stuurgroep\\; eerste: Home-Start in Gent" in text
    assert "DTSTART:20270301T130000Z" in text
    assert "DTEND:20270301T143000Z" in text
    assert "SEQUENCE:0" in text


def test_a_changed_or_cancelled_meeting_goes_up_in_sequence(world: World) -> None:
    agreement = make_negotiation.proposed(world, world.gent)
    manager = make_negotiation.manager(world)
    planned = meetings.plan(manager, agreement, _details())
    meetings.change(manager, agreement, planned, _details(place="Melle"))
    assert planned.sequence == 1
    meetings.cancel(manager, agreement, planned)
    assert planned.sequence == 2
    assert meetings.planned(agreement) == []
    listed = deadlines_list.meetings(make.actor(world.gent_people))
    assert [m.cancelled_at is not None for _a, m in listed] == [True]


def test_a_meeting_is_not_planned_in_the_past(hsv: Browser, world: World) -> None:
    agreement = make_negotiation.proposed(world, world.gent)
    page = hsv.get("agreements.plan_meeting", reference=agreement.reference)
    sent = {"subject": "Stuurgroep", "starts_at": "2020-03-01T14:00", "minutes": "90"}
    answer = hsv.submit(page, "agreements.plan_meeting", sent, reference=agreement.reference)
    assert any("verleden" in error for error in answer.errors)
    assert make.number_of(Meeting) == 0


def test_a_report_that_was_promised_is_awaited_until_it_is_shared(world: World) -> None:
    """Article 15 gives fourteen days; after that it is late, and stays on the list."""
    agreement = make_living.active(world)
    met = make_living.met(world, agreement, days_ago=20)
    make_living.reported(world, agreement, days_ago=40)
    db.session.refresh(agreement, ["meetings"])
    today = core_clock.today()
    [due] = [d for d in deadlines.upcoming(agreement, today) if d.topic == Topic.MINUTES]
    assert (due.on, due.hsv, due.organisation_ids) == (today - timedelta(days=6), True, ())
    assert due.key == f"minutes:{met.id}"
    met.cancelled_at = core_clock.now()
    assert not [d for d in deadlines.upcoming(agreement, today) if d.topic == Topic.MINUTES]
