"""The public comparison: no account, an address for every scenario, usable without JavaScript."""

from typing import Any

import pytest
import time_machine
from sqlalchemy.orm import Session

from portal.directory.gazetteer import places
from portal.directory.reference import load_reference
from tests.agreements import make_agreement
from tests.browser import Browser, Page
from tests.directory.conftest import count_queries

ASKED = "/samenwerken?nis=44021&nis=44088&start=2027-09&vte=0,5&gezinnen=20&verdeling=inwoners"


@pytest.fixture(autouse=True)
def offered(session: Session) -> Any:
    load_reference(session)
    make_agreement.load_offer()
    with time_machine.travel("2026-11-23T09:00:00Z", tick=False):
        yield


def _json(page: Page) -> Any:
    return page.response.get_json()


def test_anybody_sees_the_three_packages_with_their_price_and_services(browser: Browser) -> None:
    page = browser.get("agreements.compare")
    assert page.status == 200
    for words in ("Pakket A: Home-Startexpert", "€ 53.244 per jaar", "10. Aanstelling"):
        assert words in page.text
    assert "zonder btw" in page.text
    assert "geboorten" not in page.text  # asked only when there is something to share


def test_municipalities_share_by_inhabitants_and_births_are_said_to_be_unknown(
    browser: Browser,
) -> None:
    page = browser.open(ASKED)
    assert "Richtprijs voor Gent, Merelbeke-Melle" in page.text
    assert "263.927 inwoners" in page.text
    assert "Inwoners op 1 januari 2020" in page.text
    assert "Volgens aantal geboorten verdelen kan nog niet" in page.text
    assert "2027 (4 maanden)" in page.text


def test_a_municipality_typed_by_a_former_name_is_added_to_the_address(browser: Browser) -> None:
    page = browser.open(f"{ASKED}&gemeente=Melle")
    assert page.status == 302
    assert "nis=44021&nis=44088" in page.location
    assert browser.open(f"{ASKED}&gemeente=9300").location.count("nis=") == 3


def test_a_name_that_is_no_municipality_is_said_and_the_rest_stays(browser: Browser) -> None:
    page = browser.open(f"{ASKED}&gemeente=Atlantis&diensten=4")
    assert page.errors == ["Gemeente toevoegen: Kies een gemeente in Vlaanderen of Brussel."]
    assert page.value("gemeente") == "Atlantis"
    assert "Richtprijs voor Gent, Merelbeke-Melle" in page.text


@pytest.mark.parametrize(
    "query",
    [
        "start=2020-01",
        "start=gisteren&gezinnen=-4&vte=veel&verdeling=eerlijk&diensten=99",
        "nis=99999&nis=%00&nis=44021'--&gezinnen=999999999999",
        "gezinnen=&vte=&start=",
        "vte=0&gezinnen=0",
        "start=2027-09&nis=" + "&nis=".join(["44021"] * 50),
    ],
)
def test_whatever_stands_in_the_address_there_is_a_page(browser: Browser, query: str) -> None:
    page = browser.open(f"/samenwerken?{query}")
    assert page.status == 200
    assert "per jaar" in page.text
    live = browser.open(f"/samenwerken/prijs?{query}")
    assert live.status == 200


def test_the_live_part_is_the_same_as_on_the_page(browser: Browser) -> None:
    html = _json(browser.open(ASKED.replace("samenwerken", "samenwerken/prijs")))["html"]
    assert "53.244" in html
    assert "Merelbeke-Melle" in html
    assert "<script" not in html


def test_too_many_families_for_the_hours_are_warned_about(browser: Browser) -> None:
    page = browser.open(ASKED.replace("gezinnen=20", "gezinnen=40"))
    assert "volgt een coördinator gewoonlijk tot 25 gezinnen" in page.text


def test_package_c_without_services_asks_to_choose(browser: Browser) -> None:
    assert "Kies hierboven minstens één dienst" in browser.open(ASKED).text
    assert "Kies hierboven minstens één dienst" not in browser.open(f"{ASKED}&diensten=4").text


def test_names_of_local_governments_are_suggested_and_nothing_else(browser: Browser) -> None:
    found = _json(browser.open("/samenwerken/besturen?q=merelb"))
    assert [one["label"] for one in found] == ["Gemeente Merelbeke-Melle", "OCMW Merelbeke-Melle"]
    assert set(found[0]) == {"value", "label", "note"}
    assert _json(browser.open("/samenwerken/besturen?q=")) == []


def test_a_comparison_costs_one_query_for_twenty_municipalities(browser: Browser) -> None:
    many = "&".join(f"nis={nis}" for nis in list(places())[:20])
    browser.open(ASKED)
    with count_queries() as sent:
        assert browser.open(f"/samenwerken?{many}&start=2027-09").status == 200
    assert len(sent) == 1
