"""Taking the steps of a referral on their pages, as a coordinator does."""

from typing import Any

from sqlalchemy import select

from portal.core import clock as portal_clock
from portal.core.db import db
from portal.referrals.models import Referral, ReferralEvent
from tests.browser import Browser, Page


def form(browser: Browser, referral: Referral, action: str) -> Page:
    return browser.get("referrals.decide", reference=referral.reference, action=action)


def take(browser: Browser, referral: Referral, action: str, data: dict[str, Any]) -> Page:
    """Open the form, fill it in and send it."""
    page = form(browser, referral, action)
    assert page.status == 200
    return send(browser, page, referral, action, data)


def send(
    browser: Browser, page: Page, referral: Referral, action: str, data: dict[str, Any]
) -> Page:
    place = {"reference": referral.reference, "action": action}
    return browser.submit(page, "referrals.decide", data, **place)


def today() -> str:
    return portal_clock.today().isoformat()


def actions(referral: Referral) -> list[str]:
    events = select(ReferralEvent.action).where(ReferralEvent.referral_id == referral.id)
    return list(db.session.scalars(events.order_by(ReferralEvent.id)))
