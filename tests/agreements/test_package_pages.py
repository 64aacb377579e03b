"""The pages on which HSV makes, compares and activates an edition of the offer."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.agreements import packages
from portal.agreements.terms import Formula
from tests import make
from tests.agreements import make_agreement
from tests.browser import Browser, Page


@pytest.fixture
def writer(session: Session) -> Account:
    make_agreement.load_offer()
    return make_agreement.manager("Ann Claes").account


@pytest.fixture
def drafted(browser: Browser, writer: Account) -> Browser:
    browser.sign_in(writer)
    page = browser.get("agreements.new_edition")
    sent = browser.submit(
        page, "agreements.new_edition", {"title": "Aanbod 2028", "reason": "Duurdere lonen."}
    )
    assert sent.location.endswith("/aanbod/2")
    return browser


def _fields(page: Page) -> dict[str, Any]:
    """Everything the form on a page would send as it stands."""
    found: dict[str, Any] = {}
    for e in page.find("input"):
        kind = e.get("type", "text")
        if kind in ("checkbox", "radio"):
            if e.get("checked") is not None:
                found.setdefault(e.get("name", ""), []).append(e.get("value", ""))
        elif e.get("name"):
            found[e.get("name", "")] = e.get("value", "")
    for name in {e.get("name", "") for tag in ("select", "textarea") for e in page.find(tag)}:
        found[name] = page.value(name)
    return found


def _save(browser: Browser, endpoint: str, changes: dict[str, Any], **values: Any) -> Page:
    page = browser.get(endpoint, number=2, **values)
    return browser.submit(page, endpoint, {**_fields(page), **changes}, number=2, **values)


def test_every_form_of_an_edition_saves_what_it_shows(drafted: Browser) -> None:
    before = packages.edition(2).offer_json
    endpoints = ["agreements.edit_package", "agreements.edit_prices", "agreements.edit_instalments"]
    for endpoint in endpoints:
        for letter in "abc":
            answer = _save(drafted, endpoint, {}, letter=letter)
            assert answer.status == 302, (endpoint, letter, answer.errors)
    assert _save(drafted, "agreements.edit_services", {}).status == 302
    assert packages.edition(2).offer_json == before


def test_a_price_changed_on_screen_is_seen_in_the_differences_and_activated_by_another(
    drafted: Browser, app: Any
) -> None:
    answer = _save(
        drafted,
        "agreements.edit_prices",
        {"lines-0-following_cents": "35.000", "lines-0-first_cents": "34.500,50"},
        letter="b",
    )
    assert answer.status == 302, answer.errors
    rows = drafted.get("agreements.edition_differences", number=2).text
    assert "Pakket B, lijn B10 eerste jaar € 34.000,00 € 34.500,50" in rows
    page = drafted.get("agreements.edition", number=2)
    assert "Vraag een collega om ze na te kijken" in page.text
    refused = drafted.post("agreements.activate_edition", {"version": 2}, number=2)
    assert "Je schreef mee" in drafted.follow(refused).text
    other = Browser(app).sign_in(make_agreement.finance_officer().account)
    page = other.get("agreements.edition", number=2)
    done = other.submit(page, "agreements.activate_edition", {}, number=2)
    assert "Aanbod 2028 is nu in gebruik" in other.follow(done).text
    assert packages.active_edition().number == 2
    assert drafted.get("agreements.edit_prices", number=2, letter="b").status == 404


def test_who_can_look_at_a_new_edition_finds_it_on_the_start_page(
    drafted: Browser, app: Any
) -> None:
    waiting = "Een nieuwe uitgave van het aanbod wacht op nazicht: Aanbod 2028"
    assert waiting not in drafted.get("home.start").text
    other = Browser(app).sign_in(make_agreement.manager("Lies Baert").account)
    assert waiting in other.get("home.start").text


def test_a_line_is_added_in_a_spare_row_and_left_out_by_emptying_it(drafted: Browser) -> None:
    added = {
        "lines-7-code": "A50",
        "lines-7-label": "Bijkomende dag",
        "lines-7-first_cents": "850",
        "lines-7-following_cents": "850",
    }
    gone = {f"lines-0-{name}": "" for name in ("code", "label", "service", "first_cents")}
    gone |= {"lines-0-following_cents": "", "lines-0-one_off": []}
    assert _save(drafted, "agreements.edit_prices", added | gone, letter="a").status == 302
    lines = packages.offer_of(packages.edition(2)).package(Formula.EXPERT).lines
    assert [line.code for line in lines] == [
        "A11", "A20", "A21", "A22", "A30", "A31", "A50", "A40",
    ]  # fmt: skip


def test_what_is_wrong_with_prices_is_said_and_nothing_typed_is_lost(drafted: Browser) -> None:
    wrong = {"lines-0-first_cents": "duur", "lines-1-label": "", "lines-2-first_cents": "-5"}
    answer = _save(drafted, "agreements.edit_prices", wrong, letter="a")
    assert answer.status == 200
    assert [e for e in answer.errors if "Vul een bedrag in" in e]
    assert [e for e in answer.errors if "nooit lager dan nul" in e]
    assert answer.value("lines-0-first_cents") == "duur"
    same = _save(drafted, "agreements.edit_prices", {"lines-1-code": "A10"}, letter="a")
    assert "De code A10 staat er twee keer." in same.text


def test_instalments_need_a_day_or_a_condition_and_must_be_all_of_it(drafted: Browser) -> None:
    without = {"instalments-0-month": "", "instalments-0-day": ""}
    answer = _save(drafted, "agreements.edit_instalments", without, letter="a")
    assert "Vul een dag en een maand in, of een voorwaarde" in answer.text
    less = _save(
        drafted, "agreements.edit_instalments", {"instalments-0-share_bp": "90"}, letter="a"
    )
    assert "samen geen 100 %" in less.text


def test_the_draft_can_be_thrown_away(drafted: Browser) -> None:
    page = drafted.get("agreements.edition", number=2)
    done = drafted.submit(page, "agreements.discard_edition", {}, number=2)
    assert "in voorbereiding is verwijderd" in drafted.follow(done).text
    assert drafted.get("agreements.edition", number=2).status == 404


def test_partners_and_administrators_do_not_see_editions(app: Any, writer: Account) -> None:
    for role in ("negotiator", "administrator", "coordinator", "referrer"):
        browser = Browser(app).sign_in(make.membership(role).account)
        assert browser.get("agreements.packages").status == 403
        assert browser.get("agreements.edition", number=1).status == 403


def test_a_finance_officer_looks_but_does_not_write(app: Any, writer: Account) -> None:
    browser = Browser(app).sign_in(make_agreement.finance_officer().account)
    assert "Aanbod 2026" in browser.get("agreements.packages").text
    assert "Meegeleverd" in browser.get("agreements.packages").text
    assert browser.get("agreements.new_edition").status == 403
