"""The menu: what the role in use can go to, and where one is."""

import pytest

from portal.core.db import db
from portal.core.permissions import Role
from portal.referrals import drafts
from tests import make
from tests.browser import Browser
from tests.directory.conftest import count_queries
from tests.referrals.conftest import World
from tests.referrals.make_referral import submitted

MENUS = {
    Role.REFERRER: ["Start", "Gezin verwijzen", "Verwijzingen", "Gemeenten"],
    Role.COORDINATOR: [
        "Start",
        "Verwijzingen",
        "Wachtlijst",
        "Trajecten",
        "Plaatsen",
        "Materialen",
        "Gemeenten",
    ],
    Role.NEGOTIATOR: [
        "Start",
        "Overeenkomsten",
        "Agenda",
        "Materialen",
        "Financiën",
        "Begrotingen",
        "Gemeenten",
    ],
    Role.AGREEMENTS_MANAGER: [
        "Start",
        "Plaatsen",
        "Onbeantwoorde vraag",
        "Overeenkomsten",
        "Agenda",
        "Materialen",
        "Begrotingen",
        "Aanvragen",
        "Aanbod",
        "Sjablonen",
        "Gemeenten",
    ],
    Role.FINANCE_OFFICER: [
        "Start",
        "Overeenkomsten",
        "Agenda",
        "Financiën",
        "Begrotingen",
        "Aanbod",
        "Gemeenten",
    ],
    Role.ADMINISTRATOR: [
        "Start",
        "Plaatsen",
        "Onbeantwoorde vraag",
        "Teksten voor gezinnen",
        "Afdelingen",
        "Organisaties",
        "Gemeenten",
        "Mensen",
        "Verzendingen",
    ],
    Role.DPO: ["Start", "Teksten voor gezinnen", "Gemeenten"],
}


def menu(browser: Browser, path: str = "/") -> list[tuple[str, bool]]:
    """Return (label, whether one is there) of each entry."""
    page = browser.open(path)
    assert page.status == 200
    navs = [e for e in page.find("nav") if e.get("id") == "hoofdmenu"]
    links = [e for nav in navs for e in nav.iter() if str(e.tag).endswith("}a")]
    return [((e.text or "").strip(), e.get("aria-current") == "page") for e in links]


@pytest.mark.parametrize("role", list(MENUS))
def test_each_role_has_the_menu_of_what_it_may_open(browser: Browser, role: Role) -> None:
    browser.sign_in(make.membership(role).account)
    assert [label for label, _here in menu(browser)] == MENUS[role]


def test_every_entry_opens(browser: Browser, world: World) -> None:
    for role in MENUS:
        signed_in = Browser(browser.app).sign_in(make.membership(role).account)
        page = signed_in.get("home.start")
        [nav] = [e for e in page.find("nav") if e.get("id") == "hoofdmenu"]
        for link in (e.get("href") for e in nav.iter() if str(e.tag).endswith("}a")):
            assert signed_in.open(str(link)).status == 200


def test_one_entry_says_where_one_is(browser: Browser, world: World) -> None:
    referral = submitted(world.branch, world.referrer)
    signed_in = browser.sign_in(world.coordinator_account)
    places = {
        "/": "Start",
        "/verwijzingen/": "Verwijzingen",
        f"/verwijzingen/{referral.reference}": "Verwijzingen",
        "/verwijzingen/wachtlijst": "Wachtlijst",
        "/gemeenten/44021": "Gemeenten",
    }
    for path, label in places.items():
        assert [name for name, here in menu(signed_in, path) if here] == [label]
    assert [name for name, here in menu(signed_in, "/account") if here] == []


def test_a_draft_belongs_to_referring_a_family(browser: Browser, world: World) -> None:
    draft = drafts.begin(world.referrer)
    db.session.commit()
    signed_in = browser.sign_in(world.referrer_account)
    for path in (
        "/verwijzingen/ontwerpen",
        f"/verwijzingen/ontwerp/{draft.id}/gezin",
        f"/verwijzingen/ontwerp/{draft.id}/verwijderen",
    ):
        assert [name for name, here in menu(signed_in, path) if here] == ["Gezin verwijzen"]


def test_a_visitor_has_no_menu(browser: Browser) -> None:
    page = browser.get("home.contact")
    assert not [e for e in page.find("nav") if e.get("id") == "hoofdmenu"]


def test_the_menu_costs_no_query(browser: Browser) -> None:
    signed_in = browser.sign_in(make.administrator().account)
    signed_in.get("home.contact")
    with count_queries() as sent:
        assert "Verzendingen" in signed_in.get("home.contact").text
    assert len(sent) == 1  # who is signed in
