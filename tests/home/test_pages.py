"""The pages everybody may read."""

import pytest

from portal.core.outbox import KEEP_SENT
from tests import make
from tests.browser import Browser
from tests.directory.conftest import count_queries

PUBLIC = ["home.start", "home.privacy", "home.accessibility", "home.contact"]


@pytest.mark.parametrize("endpoint", PUBLIC)
def test_public_pages_open_for_everybody_without_a_query(browser: Browser, endpoint: str) -> None:
    with count_queries() as sent:
        page = browser.get(endpoint)
    assert page.status == 200
    assert sent == []
    account = make.membership().account
    assert Browser(browser.app).sign_in(account).get(endpoint).status == 200


def test_privacy_names_the_terms_and_the_data_protection_officer(browser: Browser) -> None:
    page = browser.get("home.privacy")
    config = browser.app.config
    assert f"mailto:{config['DPO_EMAIL']}" in page.links()
    assert f"{config['DRAFT_KEPT_DAYS']} dagen nadat het laatst bewaard werd" in page.text
    assert f"Mails die het portaal verstuurde: {KEEP_SENT.days} dagen." in page.text
    assert "Gegevensbeschermingsautoriteit" in page.text


def test_accessibility_says_what_is_not_good_yet_and_whom_to_tell(browser: Browser) -> None:
    page = browser.get("home.accessibility")
    assert "Wat nog niet goed is" in page.text
    assert f"mailto:{browser.app.config['CONTACT_EMAIL']}" in page.links()


def test_contact_asks_to_leave_names_of_families_out_of_mails(browser: Browser) -> None:
    page = browser.get("home.contact")
    assert "Schrijf in een mail nooit de naam of gegevens van een gezin" in page.text
    assert "tel:1712" in page.links()


def test_the_footer_leads_to_all_three(browser: Browser) -> None:
    links = browser.get("home.start").links()
    assert {"/privacy", "/toegankelijkheid", "/contact"} <= set(links)
