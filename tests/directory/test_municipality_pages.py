"""Looking up a municipality."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.core import clock
from portal.directory import areas
from portal.directory.models import Branch
from tests.browser import Browser
from tests.directory.conftest import GENT, MERELBEKE_MELLE, count_queries

LONG_AGO = date(2020, 1, 1)


def _suggested(browser: Browser, text: str) -> list[dict[str, str]]:
    path = browser.path("directory.suggest_municipalities", q=text)
    return json.loads(browser.client.get(path).get_data())


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("Melle", "Merelbeke-Melle (9090, 9820) – vroeger Melle"),
        ("9090", "Merelbeke-Melle (9090)"),
        ("Borsbeek", "Antwerpen (2000, 2018, 2020 …) – vroeger Borsbeek"),
        ("Gand", "Gent (9000, 9030, 9031 …) – Frans: Gand"),
        ("merelbeke-m", "Merelbeke-Melle (9090, 9820)"),
    ],
)
def test_suggestions_say_why_and_need_no_sign_in(browser: Browser, typed: str, label: str) -> None:
    assert _suggested(browser, typed)[0]["label"] == label


def test_suggestions_are_few_and_carry_the_nis_code(browser: Browser) -> None:
    assert len(_suggested(browser, "e")) == 10
    assert _suggested(browser, "Melle")[0]["value"] == MERELBEKE_MELLE
    assert _suggested(browser, "") == []
    assert browser.client.get("/gemeenten/zoek").get_json() == []


def test_suggestions_ask_the_database_nothing(browser: Browser) -> None:
    with count_queries() as sent:
        _suggested(browser, "Melle")
    assert sent == []


def test_everybody_signed_in_can_look_up_a_municipality(
    referrer: Browser, new_branch: Callable[..., Branch]
) -> None:
    gent = new_branch("Home-Start Gent", phone="09 123 45 67", active_from=LONG_AGO)
    areas.add_municipality(gent, MERELBEKE_MELLE, LONG_AGO, None)
    page = referrer.get("directory.municipality", nis=MERELBEKE_MELLE)
    assert page.heading == "Merelbeke-Melle"
    for shown in (
        "Melle, Merelbeke",
        "Oost-Vlaanderen",
        "9090 9820",
        "36.567 op 1 januari 2020",
        "Home-Start Gent",
        "09 123 45 67",
        "Gemeente Merelbeke-Melle 1010.775.830 OVO053387",
        "OCMW Merelbeke-Melle",
    ):
        assert shown in page.text
    assert not [link for link in page.links() if "/organisaties/" in link or "/afdelingen/" in link]


def test_an_administrator_goes_on_to_the_branch_and_the_organisation(
    administrator: Browser, new_branch: Callable[..., Branch]
) -> None:
    gent = new_branch(active_from=LONG_AGO)
    areas.add_municipality(gent, GENT, LONG_AGO, None)
    links = administrator.get("directory.municipality", nis=GENT).links()
    assert administrator.path("directory.branch", slug=gent.slug) in links
    assert any(link.startswith("/organisaties/") for link in links)


def test_past_and_coming_branches_of_a_municipality_are_shown(
    referrer: Browser, new_branch: Callable[..., Branch]
) -> None:
    before = new_branch("Home-Start Vroeger", active_from=LONG_AGO)
    areas.add_municipality(before, GENT, LONG_AGO, None, to_on=date(2021, 12, 31))
    coming = new_branch("Home-Start Straks", active_from=LONG_AGO)
    areas.add_municipality(coming, GENT, clock.today() + timedelta(30), None)
    text = referrer.get("directory.municipality", nis=GENT).text
    assert "Er is hier nu geen afdeling van Home-Start." in text
    assert "Home-Start Vroeger: van 1 januari 2020 tot en met 31 december 2021" in text
    assert "Home-Start Straks: vanaf" in text


def test_a_municipality_of_brussels_has_two_languages_and_no_local_government_yet(
    referrer: Browser,
) -> None:
    text = referrer.get("directory.municipality", nis="21004").text
    assert "Nederlands en Frans" in text
    assert "Bruxelles" in text
    assert "staan nog niet in de lijst" in text


def test_the_list_is_searched_by_former_name_and_says_so(referrer: Browser) -> None:
    page = referrer.get("directory.municipalities", q="Gooik")
    assert "Pajottegem vroeger Gooik" in page.text
    assert "1 van 1" in page.text


def test_the_list_is_filtered_by_province_and_by_having_no_branch(
    referrer: Browser, new_branch: Callable[..., Branch]
) -> None:
    areas.add_municipality(new_branch(active_from=LONG_AGO), GENT, LONG_AGO, None)
    assert "25 van 304" in referrer.get("directory.municipalities").text
    assert "19 van 19" in referrer.get("directory.municipalities", provincie="Brussel").text
    east = {"provincie": "Oost-Vlaanderen"}
    assert "25 van 55" in referrer.get("directory.municipalities", **east).text
    assert "25 van 54" in referrer.get("directory.municipalities", **east, zonder="1").text


@pytest.mark.parametrize(
    "order", ["naam", "-naam", "provincie", "inwoners", "-inwoners", "afdeling"]
)
def test_paging_shows_every_municipality_once_in_every_order(referrer: Browser, order: str) -> None:
    seen: list[str] = []
    path = referrer.path("directory.municipalities", sorteer=order)
    while path:
        page = referrer.open(path)
        seen += [link for link in page.links() if link.startswith("/gemeenten/")]
        path = next((link for link in page.links() if "na=" in link), "")
    assert len(seen) == len(set(seen)) == 304


def test_the_number_of_queries_does_not_depend_on_the_number_of_municipalities(
    referrer: Browser,
) -> None:
    with count_queries() as one:
        referrer.get("directory.municipalities", q="Gooik")
    with count_queries() as many:
        referrer.get("directory.municipalities")
    assert len(many) == len(one) <= 8


def test_a_search_without_result_says_how_to_search(referrer: Browser) -> None:
    assert "Geen gemeente gevonden" in referrer.get("directory.municipalities", q="Parijs").text


def test_the_municipalities_are_exported(referrer: Browser) -> None:
    text = referrer.client.get("/gemeenten?formaat=csv&q=melle").get_data(as_text=True)
    lines = text.splitlines()
    assert len(lines) == 2
    assert lines[1].startswith('"44088";"Merelbeke-Melle";"9090 9820";"Oost-Vlaanderen";"36567"')
    assert lines[1].endswith('"Melle, Merelbeke"')


def test_who_is_not_signed_in_sees_no_municipality_page(
    browser: Browser, reference: Session
) -> None:
    assert browser.get("directory.municipalities").status == 302
    assert browser.get("directory.municipality", nis=GENT).status == 302


def test_a_municipality_that_does_not_exist_is_not_found(referrer: Browser) -> None:
    assert referrer.get("directory.municipality", nis="62063").status == 404
    assert referrer.open("/gemeenten/%00").status == 404
