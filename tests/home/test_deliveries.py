"""Mails that wait or failed, for administrators: the reason, never whom or what."""

from typing import Any

import pytest
from sqlalchemy import select

from portal.core import mail, outbox
from portal.core.audit import AuditEvent
from portal.core.db import db
from portal.core.outbox import OutboxMessage, State
from portal.core.permissions import Role
from tests import make
from tests.browser import Browser


def message(key: str, state: State, error: str | None = None) -> OutboxMessage:
    mail.send(
        mail.Mail(to="geheim@familie.example", subject=f"Onderwerp {key}", paragraphs=["Inhoud"]),
        key=key,
    )
    db.session.flush()
    found = db.session.scalars(select(OutboxMessage).where(OutboxMessage.key == f"mail:{key}"))
    row = found.one()
    row.state, row.error = state, error
    row.attempts = 3 if error else 0
    db.session.commit()
    return row


@pytest.fixture
def administrator(browser: Browser) -> Browser:
    return browser.sign_in(make.administrator().account)


def test_failed_and_waiting_mails_are_listed_with_their_reason(administrator: Browser) -> None:
    message("mislukt", State.FAILED, "De mailserver weigert deze mail (550).")
    message("wacht", State.WAITING)
    message("weg", State.SENT)
    page = administrator.get("home.deliveries")
    assert "Onderwerp mislukt" in page.text
    assert "De mailserver weigert deze mail (550)." in page.text
    assert "Onderwerp wacht" in page.text
    assert "Onderwerp weg" not in page.text


def test_whom_it_is_for_and_what_is_in_it_is_not_shown(administrator: Browser) -> None:
    message("mislukt", State.FAILED, "Fout")
    page = administrator.get("home.deliveries")
    assert "geheim@familie.example" not in page.text
    assert "Inhoud" not in page.text


def test_a_failed_mail_is_tried_again_at_a_click(administrator: Browser) -> None:
    failed = message("mislukt", State.FAILED, "Fout")
    answer = administrator.post("home.retry_delivery", message_id=failed.id)
    page = administrator.follow(answer)
    assert "De verzending staat opnieuw in de rij." in page.text
    db.session.refresh(failed)
    assert (failed.state, failed.attempts) == (State.WAITING, 0)
    trail = select(AuditEvent.action).where(AuditEvent.object_id == str(failed.id))
    assert db.session.scalars(trail).all() == ["outbox_message:retry"]


def test_a_second_click_says_that_it_is_under_way(administrator: Browser) -> None:
    waiting = message("wacht", State.WAITING)
    for number in (waiting.id, 7):
        answer = administrator.post("home.retry_delivery", message_id=number)
        assert "staat al in de rij of is intussen vertrokken" in administrator.follow(answer).text


def test_nothing_failed_is_said(administrator: Browser) -> None:
    page = administrator.get("home.deliveries")
    assert "Er is niets mislukt." in page.text
    assert "Alles is vertrokken." in page.text


@pytest.mark.parametrize("role", [r for r in Role if r != Role.ADMINISTRATOR])
def test_nobody_else_sees_deliveries(browser: Browser, role: Role) -> None:
    signed_in: Any = browser.sign_in(make.membership(role).account)
    assert signed_in.get("home.deliveries").status == 403
    assert outbox.waiting_count() == 0
