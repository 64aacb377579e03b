"""The page of an agreement in force: everything its parties need, and nothing of another's."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.agreements import meetings
from portal.agreements.meetings import MeetingDetails
from portal.agreements.models import Agreement, DeliveryKind, InternalNote
from portal.core import clock
from portal.core.db import db
from portal.core.permissions import Role
from tests import make
from tests.agreements import make_living, make_negotiation
from tests.agreements.make_negotiation import World
from tests.browser import Browser

INJECTED = '"><script>alert(1)</script>{{ 7*7 }}'


@pytest.fixture
def agreement(world: World) -> Agreement:
    return make_living.active(world)


@pytest.mark.parametrize("role", [Role.NEGOTIATOR, Role.SIGNATORY, Role.PARTNER_FINANCE])
def test_every_role_of_a_partner_reads_the_agreement_in_one_glance(
    world: World, browser: Browser, role: Role
) -> None:
    agreement = make_living.active(world, world.gent, world.melle)
    make_living.delivery(world, agreement, text="Over de wachtlijst")
    reader = browser.sign_in(make.membership(role, world.gent).account)
    page = reader.get("agreements.show", reference=agreement.reference)
    for words in (
        "Van kracht",
        "Loopt van",
        "Over de wachtlijst",
        "Coachingsgesprekken",
        "Wie is wie",
        "diensthoofd welzijn",
        "Jan Smet",
        "Bijdrage per partner per jaar",
        f"Schijven van {world.gent.name}",
        "Stuurgroep",
        "Goedgekeurd door alle partijen",
        "Einde van de overeenkomst",
    ):
        assert words in page.text, words
    assert "Notities" not in page.text
    assert "Dienst noteren" not in page.text
    came = reader.get("agreements.coming_about", reference=agreement.reference)
    assert "Versie 1" in came.text


def test_a_partner_reads_its_own_instalments_and_hsv_everybodys(
    world: World, browser: Browser, app: Flask
) -> None:
    agreement = make_living.active(world, world.gent, world.melle)
    at = {"reference": agreement.reference}
    karel = browser.sign_in(world.gent_people.account).get("agreements.show", **at)
    hsv = Browser(app).sign_in(world.manager.account).get("agreements.show", **at)
    rows = [e for e in hsv.find("td") if e.get("data-label") == "Partner"]
    assert {"".join(e.itertext()) for e in rows} == {world.gent.name, world.melle.name}
    assert not [e for e in karel.find("td") if e.get("data-label") == "Partner"]


def test_hsv_keeps_notes_on_the_page_that_no_partner_reads(
    world: World, browser: Browser, app: Flask, agreement: Agreement
) -> None:
    hsv = Browser(app).sign_in(world.manager.account)
    page = hsv.get("agreements.show", reference=agreement.reference)
    sent = {"text": "Nieuwe schepen vanaf mei.", "once": page.value("once")}
    hsv.post("agreements.note", sent, reference=agreement.reference)
    assert make.only(InternalNote).text == sent["text"]
    assert sent["text"] in hsv.get("agreements.show", reference=agreement.reference).text
    karel = browser.sign_in(world.gent_people.account)
    assert sent["text"] not in karel.get("agreements.show", reference=agreement.reference).text


def test_another_partner_finds_nothing(
    world: World, browser: Browser, agreement: Agreement
) -> None:
    lies = browser.sign_in(world.melle_people.account)
    for page in ("show", "coming_about", "services"):
        assert lies.get(f"agreements.{page}", reference=agreement.reference).status == 404


def test_text_that_would_be_code_is_shown_as_text(
    world: World, browser: Browser, agreement: Agreement
) -> None:
    world.gent.name = INJECTED
    make_living.delivery(world, agreement, DeliveryKind.OTHER, text=INJECTED, by_name=INJECTED)
    details = MeetingDetails(INJECTED, clock.now() + timedelta(days=3), 60, INJECTED, INJECTED)
    meetings.plan(make_negotiation.manager(world), agreement, details)
    db.session.commit()
    karel = browser.sign_in(world.gent_people.account)
    for endpoint in ("show", "services", "coming_about"):
        page = karel.get(f"agreements.{endpoint}", reference=agreement.reference)
        assert page.status == 200
        assert not [e for e in page.find("script") if "alert(1)" in "".join(e.itertext())]
        if endpoint != "coming_about":
            assert INJECTED in page.text


def test_the_page_costs_the_same_however_much_happened(
    world: World,
    browser: Browser,
    agreement: Agreement,
    session: Session,
    queries: Callable[[Callable[[], Any]], int],
) -> None:
    karel = browser.sign_in(world.gent_people.account)

    def look() -> None:
        karel.get("agreements.show", reference=agreement.reference)

    manager = make_negotiation.manager(world)
    make_living.delivery(world, agreement)
    make_living.reported(world, agreement)
    first = queries(look)
    for days in range(2, 5):
        make_living.delivery(world, agreement)
        make_living.reported(world, agreement, days_ago=days)
        details = MeetingDetails("Stuurgroep", clock.now() + timedelta(days=days), 60)
        meetings.plan(manager, agreement, details)
    db.session.commit()
    assert queries(look) == first
