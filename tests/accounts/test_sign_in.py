"""Signing in and out."""

from tests import make
from tests.browser import Browser


def test_somebody_signs_in_and_sees_their_own_account(browser: Browser) -> None:
    referrer = make.referrer()
    browser.sign_in(referrer.account)
    page = browser.get("accounts.profile")
    assert page.status == 200
    assert referrer.account.email in page.text
    assert referrer.organisation.name in page.text
