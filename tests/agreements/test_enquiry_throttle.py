"""Nobody mails strangers through the enquiry form, or guesses links."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.agreements.models import Enquiry
from portal.core.db import db, reading
from portal.core.web import limiter
from portal.directory.reference import load_reference
from tests.agreements import make_agreement
from tests.agreements.test_enquiries import FILLED
from tests.browser import Browser


@pytest.fixture
def limited_app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    app = make_app(RATELIMIT_ENABLED=True, RATELIMIT_STORAGE_URI="memory://")
    with app.app_context():
        limiter.reset()
        load_reference(db.session())
        make_agreement.load_offer()
        db.session.remove()
        try:
            yield app
        finally:
            limiter.enabled = False
            db.session.remove()
            db.engine.dispose()


def _ask(browser: Browser, email: str) -> int:
    page = browser.get("agreements.ask")
    return browser.submit(page, "agreements.ask", {**FILLED, "email": email}).status


def test_the_next_question_after_thirty_from_one_address_waits_an_hour(limited_app: Flask) -> None:
    browser = Browser(limited_app)
    answers = [_ask(browser, f"iemand{n}@gemeente.example") for n in range(31)]
    assert answers == [302] * 30 + [429]
    with reading():
        assert db.session.scalar(select(func.count(Enquiry.id))) == 30
    assert browser.get("agreements.ask").status == 200  # looking is free


def test_links_cannot_be_tried_at_will(limited_app: Flask) -> None:
    browser = Browser(limited_app)
    answers = [browser.get("agreements.confirm_enquiry", token=f"{n}").status for n in range(31)]
    assert answers == [200] * 30 + [429]
