"""From what is typed to a municipality, a postcode and the branch that serves it."""

import json
from typing import Any

import pytest

from portal.core.db import db
from portal.referrals import place
from portal.referrals.routing import Room
from tests.browser import Browser
from tests.referrals import typed
from tests.referrals.conftest import World
from tests.referrals.make_referral import GENT

MERELBEKE_MELLE, ETTERBEEK, BRUSSEL = "44088", "21005", "21004"


@pytest.mark.parametrize(
    ("text", "nis", "postcode"),
    [
        ("9090", MERELBEKE_MELLE, "9090"),
        ("9090 Melle", MERELBEKE_MELLE, "9090"),
        ("melle 9090", MERELBEKE_MELLE, "9090"),
        ("Gent", GENT, None),
        ("9050 Gentbrugge", GENT, "9050"),
        ("Gent (9000)", GENT, "9000"),
        ("1050 Elsene", "21009", "1050"),
    ],
)
def test_names_and_postcodes_are_understood(text: str, nis: str, postcode: str | None) -> None:
    found = place.find(text)
    assert found.municipality is not None
    assert (found.municipality.nis, found.postcode) == (nis, postcode)


def test_a_postcode_of_two_municipalities_asks_which() -> None:
    found = place.find("1040")
    assert found.municipality is None
    assert {one.nis for one in found.candidates} == {BRUSSEL, ETTERBEEK}
    chosen = place.find("1040", which=ETTERBEEK)
    assert chosen.municipality is not None
    assert (chosen.municipality.nis, chosen.postcode) == (ETTERBEEK, "1040")
    assert len(chosen.candidates) == 2


def test_a_postcode_and_a_name_that_contradict_each_other_ask_which() -> None:
    found = place.find("9000 Antwerpen")
    assert [one.name for one in found.candidates] == ["Gent", "Antwerpen"]
    assert place.find("9000 Antwerpen", which="11002").postcode is None


def test_a_name_with_several_postcodes_asks_which() -> None:
    found = place.find("Melle")
    assert found.postcodes == ("9090", "9820")
    assert place.find("Melle", postcode="9820").postcode == "9820"
    assert place.find("Melle", postcode="9000").postcode is None


def test_a_suggestion_counts_only_while_the_text_still_says_so() -> None:
    picked = place.find("Gent (9000, 9030, 9031 …)", nis=GENT)
    assert picked.municipality is not None
    assert picked.municipality.nis == GENT
    typed_over = place.find("9090", nis=GENT)
    assert typed_over.municipality is not None
    assert typed_over.municipality.nis == MERELBEKE_MELLE


@pytest.mark.parametrize("text", ["", "   ", "Namur", "5000", "☃"])
def test_what_is_not_a_municipality_of_flanders_or_brussels_points_nowhere(text: str) -> None:
    assert place.find(text) == place.Where()


def piece(browser: Browser, **answers: Any) -> str:
    """The piece of the page that says where a municipality leads."""
    answer = browser.client.get(browser.path("referrals.route", **answers))
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    return json.loads(answer.data)["html"]


def test_the_route_shows_as_soon_as_the_municipality_is_chosen(signed_in: Browser) -> None:
    html = piece(signed_in, municipality="9000 Gent")
    assert "Dit gaat naar Home-Start Gent" in html
    assert "Er zijn plaatsen vrij" in html
    assert "nog niet te zeggen" in html
    assert "Welke postcode?" in piece(signed_in, municipality="Gent")
    assert "Welke gemeente bedoel je?" in piece(signed_in, municipality="1040")
    assert "Dit gaat naar" not in piece(signed_in, municipality="Namen")


def test_nobody_learns_more_than_a_step_of_how_full_a_branch_is(
    signed_in: Browser, world: World
) -> None:
    for capacity, room in ((2, Room.FEW), (0, Room.FULL)):
        world.branch.places_capacity = capacity
        db.session.commit()
        html = piece(signed_in, municipality="9000 Gent")
        assert {Room.FEW: "nog enkele plaatsen", Room.FULL: "een wachtlijst"}[room] in html


def test_without_javascript_a_button_shows_the_route(signed_in: Browser) -> None:
    draft = typed.begin(signed_in)
    answers = {"municipality": "9000 Gent", "first_name": "Nadia", "show_route": "1"}
    page = typed.save(signed_in, draft, "gezin", answers)
    assert page.status == 200
    assert page.errors == []
    assert "Dit gaat naar Home-Start Gent" in page.text
    assert page.value("first_name") == "Nadia"


def test_without_javascript_the_next_step_asks_which_municipality(signed_in: Browser) -> None:
    draft = typed.begin(signed_in)
    page = typed.save(signed_in, draft, "gezin", typed.family(municipality="1040"))
    assert page.errors == ["Welke gemeente bedoel je? Kies de gemeente die je bedoelt."]
    asked = page.text.split("Welke gemeente bedoel je?")[-1]
    assert asked.index("Brussel") < asked.index("Etterbeek")
    answers = typed.family(municipality="1040", which=ETTERBEEK, kept_when_unserved="nee")
    assert typed.save(signed_in, draft, "gezin", answers).status == 303
    again = signed_in.get("referrals.step", draft_id=draft, name="gezin")
    assert again.value("which") == ETTERBEEK


def test_the_route_is_for_who_refers(browser: Browser, world: World) -> None:
    path = browser.path("referrals.route", municipality="Gent")
    assert browser.client.get(path).status_code == 302
    browser.sign_in(world.coordinator_account)
    assert browser.client.get(path).status_code == 403
