"""The mails the demonstration keeps, and that no other portal shows any."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from portal.core import mail, outbox
from portal.core.db import db
from portal.core.guard import DEMO_ENDPOINTS, PUBLIC_ENDPOINTS
from tests.browser import Browser


@pytest.fixture
def demo(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    made = make_app(DEMO=True, SMTP_HOST="")
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def test_the_demonstration_shows_the_mails_it_would_send(demo: Flask) -> None:
    browser = Browser(demo)
    with demo.app_context():
        assert "Nog geen mails" in browser.get("home.demo_mail").text
        for number in (1, 2):
            written = mail.Mail(
                to="els@werk.example",
                subject=f"Uitnodiging {number} voor <Els>",
                paragraphs=["Dag Éls"],
                button_label="Neem aan",
                button_url="/uitnodiging/abc",
            )
            mail.send(written, key=str(number))
            db.session.commit()
            outbox.deliver_due()
        page = browser.get("home.demo_mail")
        assert "Uitnodiging 2" in browser.get("home.demo_mail", aan="Els@").text
        assert "Nog geen mails" in browser.get("home.demo_mail", aan="mia@").text
    assert page.status == 200
    assert "Uitnodiging 2 voor <Els>" in page.text
    assert "els@werk.example" in page.text
    assert "Dag Éls" in page.text
    [link] = {link for link in page.links() if link.endswith("/uitnodiging/abc")}
    assert link.startswith("http")


def test_no_other_portal_has_the_page(app: Flask) -> None:
    assert DEMO_ENDPOINTS.isdisjoint(app.view_functions)
    assert DEMO_ENDPOINTS.isdisjoint(PUBLIC_ENDPOINTS)
    assert Browser(app).open("/demo/mails").status == 404
