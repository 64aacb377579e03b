"""Reports of the steering group: a draft is HSV's, what is shared is everybody's and stays."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from portal.agreements import meeting_reports, meetings
from portal.agreements.meeting_reports import ReportDetails
from portal.agreements.meetings import MeetingDetails
from portal.agreements.models import Agreement, Meeting, MeetingReport
from portal.core import clock
from portal.core.db import db
from portal.core.errors import ConflictError, DomainError
from tests import make
from tests.agreements import make_living, make_negotiation
from tests.agreements.make_negotiation import World
from tests.agreements.test_draft import filled
from tests.browser import Browser
from tests.core.files import PDF

WRITTEN = {"present": "Karel Maes, Stad Gent\nAnn Claes, HSV", "text": "De wachtlijst is kort."}


@pytest.fixture
def agreement(world: World) -> Agreement:
    return make_living.active(world)


@pytest.fixture
def meeting(world: World, agreement: Agreement) -> Meeting:
    return make_living.met(world, agreement)


@pytest.fixture
def hsv(world: World, app: Flask) -> Browser:
    return Browser(app).sign_in(world.manager.account)


def _write(hsv: Browser, agreement: Agreement, meeting: Meeting, **answers: Any) -> Any:
    at = {"reference": agreement.reference, "meeting_id": meeting.id}
    page = hsv.get("agreements.write_report", **at)
    assert page.status == 200
    path = hsv.path("agreements.write_report", **at)
    sent = {**page.hidden(), **filled(page), **WRITTEN, **answers}
    return hsv._page(hsv.send("POST", path, data=sent))


def test_a_draft_is_hsvs_and_a_shared_report_is_everybodys(
    hsv: Browser,
    browser: Browser,
    world: World,
    agreement: Agreement,
    meeting: Meeting,
    subjects_to: Callable[[str], list[str]],
) -> None:
    at = {"reference": agreement.reference, "meeting_id": meeting.id}
    assert _write(hsv, agreement, meeting).status == 303
    karel = browser.sign_in(world.gent_people.account)
    assert karel.get("agreements.report", **at).status == 404
    assert "Verslag lezen" not in karel.get("agreements.show", reference=agreement.reference).text
    address = world.gent_people.account.email
    before = len(subjects_to(address))
    file = (BytesIO(PDF), "verslag.pdf")
    assert _write(hsv, agreement, meeting, delen="1", file=file).status == 303
    read = karel.get("agreements.report", **at)
    assert "De wachtlijst is kort." in read.text
    assert "Karel Maes, Stad Gent" in read.text
    assert "schrijven" not in read.text
    assert karel.get("agreements.report_file", **at, number=1).body == PDF
    assert subjects_to(address)[before:] == ["Verslag van het overleg: Stuurgroep"]


def test_a_shared_report_is_corrected_by_the_next_one_only(
    hsv: Browser, world: World, agreement: Agreement, meeting: Meeting, session: Session
) -> None:
    _write(hsv, agreement, meeting, delen="1")
    _write(hsv, agreement, meeting, text="De wachtlijst is lang.", delen="1")
    at = {"reference": agreement.reference, "meeting_id": meeting.id}
    page = hsv.get("agreements.report", **at).text
    assert page.index("De wachtlijst is lang.") < page.index("De wachtlijst is kort.")
    assert make.number_of(MeetingReport) == 2
    with pytest.raises(DatabaseError, match="does not change"):
        session.execute(text("UPDATE agreement_meeting_report SET text = 'anders'"))
    session.rollback()


def test_sharing_nothing_is_refused_and_nothing_typed_is_lost(
    hsv: Browser, agreement: Agreement, meeting: Meeting
) -> None:
    answer = _write(hsv, agreement, meeting, text="", delen="1")
    assert answer.errors == ["Verslag: Schrijf het verslag of voeg het toe als bestand."]
    assert "Karel Maes" in answer.value("present")
    assert make.number_of(MeetingReport) == 0
    assert "Aanwezig: Vul dit in." in _write(hsv, agreement, meeting, present="").errors


def test_of_two_who_write_at_once_the_second_is_told(world: World, meeting: Meeting) -> None:
    manager = make_negotiation.manager(world)
    meeting_reports.write(manager, meeting, ReportDetails("Karel"), version=0)
    with pytest.raises(ConflictError):
        meeting_reports.write(manager, meeting, ReportDetails("Lies"), version=0)


def test_a_meeting_to_come_or_called_off_has_no_report(world: World, agreement: Agreement) -> None:
    manager = make_negotiation.manager(world)
    details = MeetingDetails("Stuurgroep", clock.now() + timedelta(days=3), 60)
    coming = meetings.plan(manager, agreement, details)
    with pytest.raises(DomainError, match="nog plaatsvinden"):
        meeting_reports.write(manager, coming, ReportDetails("Karel"))
    meetings.cancel(manager, agreement, coming)
    with pytest.raises(DomainError, match="geannuleerd"):
        meeting_reports.write(manager, coming, ReportDetails("Karel"))


def test_a_report_is_read_through_its_own_agreement_only(
    hsv: Browser, world: World, agreement: Agreement
) -> None:
    meeting = make_living.reported(world, agreement)
    other = make_living.active(world, world.melle)
    at = {"reference": other.reference, "meeting_id": meeting.id}
    assert hsv.get("agreements.report", **at).status == 404
    assert hsv.get("agreements.write_report", **at).status == 404
    db.session.commit()
