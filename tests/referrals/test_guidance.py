"""Where a family was led to, and what came of it."""

from typing import Any

import pytest

from portal.core.db import db
from portal.referrals.models import Referral, Status
from portal.referrals.trajectory.guidance import Guidance, Manner, Result, Sector
from tests import make
from tests.browser import Browser, Page
from tests.referrals.conftest import World
from tests.referrals.make_referral import submitted
from tests.referrals.test_beside_text import CORPUS, seen
from tests.referrals.trajectory_world import (
    at_work,
    fill_in,
    open_trajectory,
    read_fields,
    running,
)

CLUB = "Turnkring De Sprong"
FILLED = {"sector": "sport", "offer": CLUB, "audience": "children", "manner": "along"}


@pytest.fixture
def coordinator(world: World, browser: Browser) -> Browser:
    return at_work(browser, world)


@pytest.fixture
def referral(world: World) -> Referral:
    return running(world)


def lead(browser: Browser, referral: Referral, **data: Any) -> Page:
    return fill_in(browser, "referrals.guidance", referral, {**FILLED, **data})


def settle(browser: Browser, referral: Referral, **data: Any) -> Page:
    place = {"guidance_id": make.only(Guidance).id}
    return fill_in(browser, "referrals.settle_guidance", referral, data, **place)


def test_where_a_family_was_led_to_is_kept_and_what_came_of_it_later(
    coordinator: Browser, referral: Referral
) -> None:
    page = coordinator.follow(lead(coordinator, referral))
    assert f"Sport: {CLUB}" in page.text
    assert "Een of meer kinderen" in page.text
    assert "Nog niet geweten" in page.text
    made = make.only(Guidance)
    assert (made.sector, made.manner, made.result) == (Sector.SPORT, Manner.ALONG, Result.OPEN)
    assert CLUB.encode() not in bytes(made.offer_encrypted)
    page = coordinator.follow(settle(coordinator, referral, result="takes_part"))
    assert "Neemt deel of wordt geholpen" in page.text
    assert make.only(Guidance).result_on is not None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"sector": ""}, "Maak een keuze."),
        ({"sector": "casino"}, "Kies een van de mogelijkheden."),
        ({"manner": "vliegend"}, "Kies een van de mogelijkheden."),
        ({"audience": ""}, "Maak een keuze."),
        ({"on": "2099-01-01"}, "toekomst"),
        ({"on": "2001-01-01"}, "voor de verwijzing"),
        ({"offer": "x" * 121}, "hoogstens 120"),
        ({"offer": "juf, 85.07.30-033.28"}, "rijksregisternummer"),
    ],
)
def test_what_makes_no_sense_is_refused(
    coordinator: Browser, referral: Referral, data: dict[str, str], said: str
) -> None:
    page = lead(coordinator, referral, **data)
    assert said in page.errors[0]
    assert page.value("offer") == data.get("offer", CLUB)
    assert make.number_of(Guidance) == 0


def test_the_same_result_again_and_one_before_the_guidance_are_refused(
    coordinator: Browser, referral: Referral
) -> None:
    lead(coordinator, referral)
    assert "Dat staat er al." in settle(coordinator, referral, result="open").errors[0]
    made = make.only(Guidance)
    page = settle(coordinator, referral, result="failed", on="2001-01-01")
    assert "voor de" in page.errors[0]
    assert make.only(Guidance).result == made.result == Result.OPEN


def test_it_is_found_from_its_own_referral_and_branch_only(
    browser: Browser, world: World, coordinator: Browser, referral: Referral
) -> None:
    lead(coordinator, referral)
    place = {"reference": referral.reference, "guidance_id": make.only(Guidance).id}
    sister = submitted(world.branch, world.referrer)
    elsewhere = {**place, "reference": sister.reference}
    assert coordinator.get("referrals.settle_guidance", **elsewhere).status == 404
    stranger = Browser(browser.app).sign_in(make.coordinator(make.branch()).account)
    assert stranger.get("referrals.settle_guidance", **place).status == 404
    referrer = Browser(browser.app).sign_in(world.referrer_account)
    assert referrer.get("referrals.settle_guidance", **place).status == 403
    assert CLUB not in referrer.get("referrals.show", reference=referral.reference).text


def test_opening_what_a_family_was_led_to_is_noted(
    coordinator: Browser, referral: Referral
) -> None:
    lead(coordinator, referral)
    coordinator.get(
        "referrals.settle_guidance",
        reference=referral.reference,
        guidance_id=make.only(Guidance).id,
    )
    assert read_fields(referral)[-1] == ["guidance"]
    open_trajectory(coordinator, referral)
    assert "guidance" in read_fields(referral)[-1]


@pytest.mark.parametrize("text", CORPUS)
def test_an_offer_is_text(coordinator: Browser, referral: Referral, text: str) -> None:
    plain = open_trajectory(coordinator, referral)
    page = coordinator.follow(lead(coordinator, referral, offer=text[:100]))
    assert seen(text[:100]) in page.text
    assert len(page.find("b")) == len(plain.find("b"))
    assert len(page.find("img")) == len(plain.find("img"))
    form = coordinator.get(
        "referrals.settle_guidance",
        reference=referral.reference,
        guidance_id=make.only(Guidance).id,
    )
    assert seen(text[:100]) in form.text


def test_it_is_erased_with_the_family_and_not_asked_before_the_intake(
    world: World, coordinator: Browser, referral: Referral
) -> None:
    lead(coordinator, referral)
    db.session.delete(referral.family)
    db.session.commit()
    assert make.number_of(Guidance) == 0
    early = running(world, Status.SUBMITTED)
    assert coordinator.get("referrals.guidance", reference=early.reference).status == 302
