"""Mails reach a real mail server: whole, to one person, and in the end always."""

import os
import signal
import subprocess
import sys
import time as real_time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import clock as time
from portal.core import mail, outbox
from portal.core.db import db
from portal.core.mail import Mail
from portal.core.outbox import OutboxMessage, PermanentError, State, deliver_due
from tests.core.postoffice import PostOffice


@pytest.fixture
def post(app: Flask) -> Iterator[PostOffice]:
    """A mail server; the portal sends to it."""
    office = PostOffice().open()
    before = app.config["SMTP_HOST"], app.config["SMTP_PORT"]
    app.config["SMTP_HOST"], app.config["SMTP_PORT"] = "127.0.0.1", office.port
    try:
        yield office
    finally:
        app.config["SMTP_HOST"], app.config["SMTP_PORT"] = before
        office.close()


def announce(key: str = "a", **values: str) -> OutboxMessage:
    words: dict[str, str] = {"to": "an@ocmw.example", "subject": "Er is nieuws", **values}
    mail.send(Mail(paragraphs=["Er is nieuws over een verwijzing."], **words), key=key)  # type: ignore[arg-type]
    db.session.commit()
    return only()


def only() -> OutboxMessage:
    statement = select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def test_a_mail_says_the_same_in_text_and_in_html(
    session: Session, post: PostOffice, clock
) -> None:
    clock.move_to(datetime(2026, 11, 15, 12, tzinfo=UTC))
    message = announce(
        subject="Nieuws – Zoë & co €",
        greeting="Dag An,",
        button_label="Bekijk",
        button_url="https://portaal.example/v/1?a=1&b=2",
        footer="Je krijgt dit omdat je verwees.",
    )
    assert deliver_due() == 1
    (received,) = post.received
    assert received["Subject"] == "Nieuws – Zoë & co €"
    assert received["To"] == "an@ocmw.example"
    assert post.recipients == [["an@ocmw.example"]]
    assert received["From"].addresses[0].display_name == "Home-Start Vlaanderen"
    assert received["Message-ID"] == f"<{message.id}@portal.test>"
    assert received["Auto-Submitted"] == "auto-generated"
    assert received["Date"].datetime == time.now()
    assert [p.get_content_type() for p in received.iter_parts()] == ["text/plain", "text/html"]
    parts = {p.get_content_type(): p.get_content() for p in received.iter_parts()}
    for words in (
        "Dag An,",
        "Er is nieuws over een verwijzing.",
        "Je krijgt dit omdat je verwees.",
    ):
        assert all(words in content for content in parts.values())
    assert "https://portaal.example/v/1?a=1&b=2" in parts["text/plain"]
    assert 'href="https://portaal.example/v/1?a=1&amp;b=2"' in parts["text/html"]


def test_a_mail_is_in_the_language_of_its_reader(session: Session, post: PostOffice) -> None:
    announce(locale="en")
    deliver_due()
    html = post.received[0].get_body(("html",))
    assert html is not None
    assert '<html lang="en">' in html.get_content()


@pytest.mark.parametrize(
    "to",
    [
        "a@b.example\r\nBcc: everyone@elders.example",
        "a@b.example, c@elders.example",
        "a@b.example; c@elders.example",
        "<a@b.example> c@elders.example",
        "a@b.example\x00",
        "not an address",
        "",
        "@",
    ],
)
def test_a_mail_goes_to_one_address_or_to_none(session: Session, post: PostOffice, to: str) -> None:
    announce(to=to)
    deliver_due()
    assert post.received == []
    assert (only().state, only().error) == (State.FAILED, "Dit is geen geldig e-mailadres.")


@pytest.mark.parametrize("name", ["subject", "greeting", "button_label", "button_url", "footer"])
def test_no_text_can_add_a_header_a_recipient_or_markup(
    session: Session, post: PostOffice, name: str
) -> None:
    evil = "x\r\nBcc: everyone@elders.example\r\n\r\n<script>alert(1)</script>"
    announce(**{"button_url": "https://portaal.example", name: evil})
    deliver_due()
    (received,) = post.received
    assert received["Bcc"] is None
    assert post.recipients == [["an@ocmw.example"]]
    html = received.get_body(("html",))
    assert html is not None
    assert "<script" not in html.get_content()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_subject_and_text_make_a_mail_that_can_be_read_back(
    app: Flask, subject: str, words: str
) -> None:
    with app.app_context():
        composed = mail.compose(Mail("an@ocmw.example", subject, [words]), 1)
    read = message_from_bytes(composed.as_bytes(), policy=policy.default)
    assert set(read.keys()) == set(composed.keys())
    assert read["To"] == "an@ocmw.example"


def test_the_name_of_the_recipient_goes_nowhere_but_to_the_server(
    session: Session, post: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    post.answers = ["rcpt 550 no canarini here", "rcpt 450 try later"]
    with caplog.at_level("DEBUG", "portal"):
        for key in ("a", "b"):
            announce(key, to="canarini@ocmw.example")
            deliver_due()
            assert "canarini" not in str(only().error)
    assert "canarini" not in caplog.text


def test_a_refused_address_is_a_failure_with_its_reason(session: Session, post: PostOffice) -> None:
    post.answers = ["rcpt 550 no such user"]
    announce()
    deliver_due()
    assert only().state is State.FAILED
    assert only().error == "De mailserver weigert deze mail (550). Controleer het e-mailadres."


def test_a_refused_content_is_a_failure_with_its_reason(session: Session, post: PostOffice) -> None:
    post.answers = ["554 looks like spam"]
    announce()
    deliver_due()
    assert (only().state, only().attempts) == (State.FAILED, 1)
    assert "(554)" in str(only().error)


@pytest.mark.parametrize("answer", ["rcpt 450 greylisted", "451 busy", "421 closing"])
def test_a_server_that_asks_to_come_back_gets_the_mail_later(
    session: Session, post: PostOffice, clock, answer: str
) -> None:
    clock.move_to(datetime(2026, 11, 15, 12, tzinfo=UTC))
    post.answers = [answer]
    announce()
    deliver_due()
    assert only().state is State.WAITING
    assert "De mailserver" in str(only().error)
    clock.move_to(only().due_at)
    deliver_due()
    assert only().state is State.SENT
    assert len(post.received) == 1


def test_a_server_that_hangs_up_gets_the_mail_twice_under_one_name(
    session: Session, post: PostOffice, clock
) -> None:
    clock.move_to(datetime(2026, 11, 15, 12, tzinfo=UTC))
    post.answers = ["drop"]
    announce()
    deliver_due()
    assert only().state is State.WAITING
    clock.move_to(only().due_at)
    deliver_due()
    assert only().state is State.SENT
    first, second = post.received
    assert first["Message-ID"] == second["Message-ID"]


def test_a_mail_server_down_for_an_hour_loses_nothing(
    session: Session, post: PostOffice, clock
) -> None:
    clock.move_to(datetime(2026, 11, 15, 12, tzinfo=UTC))
    post.close()
    for number in range(20):
        announce(f"mail {number}", subject=f"Nieuws {number}")
        deliver_due()
        clock.shift(timedelta(minutes=3))
    assert outbox.waiting_count() == 20
    post.open()
    recovered = time.now()
    while outbox.waiting_count():
        deliver_due()
        clock.shift(timedelta(seconds=10))
        assert time.now() - recovered < timedelta(minutes=10), "all sent within ten minutes"
    assert {m["Subject"] for m in post.received} == {f"Nieuws {n}" for n in range(20)}
    assert len(post.received) == 20


def test_signing_in_to_the_server_is_tried_again_when_it_fails(
    session: Session, post: PostOffice, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong password is ours to mend; no mail may be given up for it."""
    monkeypatch.setitem(app.config, "SMTP_USER", "portal")
    announce()
    deliver_due()
    assert only().state is State.WAITING


def test_a_server_that_must_encrypt_and_cannot_gets_nothing(
    session: Session, post: PostOffice, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SMTP_STARTTLS", True)
    announce()
    deliver_due()
    assert only().state is State.WAITING
    assert post.received == []


def test_without_a_mail_server_mails_go_to_a_folder(session: Session, app: Flask) -> None:
    message = announce(greeting="Dag Zoë,")
    deliver_due()
    folder = Path(app.config["MAIL_FOLDER"])
    kept = message_from_bytes((folder / f"{message.id}.eml").read_bytes(), policy=policy.default)
    assert kept["Subject"] == "Er is nieuws"
    assert folder.stat().st_mode & 0o077 == 0
    assert not list(folder.glob("*.part"))


def test_an_invalid_mail_is_refused_before_anything_is_connected_to(app: Flask) -> None:
    with app.app_context(), pytest.raises(PermanentError):
        mail.compose(Mail("nobody", "x", ["y"]), 1)


WORKER = """
import sys, threading
from portal import create_app
from portal.core import jobs
app = create_app({"SQLALCHEMY_DATABASE_URI": sys.argv[1], "SMTP_HOST": "127.0.0.1",
                  "SMTP_PORT": int(sys.argv[2])})
with app.app_context():
    jobs.run(threading.Event())
"""


def start_worker(app: Flask, port: int, root: Path) -> subprocess.Popen[bytes]:
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    environment = {**os.environ, "PORTAL_ENV": "test", "PYTHONPATH": str(root)}
    command = [sys.executable, "-c", WORKER, url, str(port)]
    return subprocess.Popen(command, env=environment, cwd=root)


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_of_its_work_loses_no_mail(
    live_app: Flask, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = PostOffice().open()
    total = 40
    with live_app.app_context():
        for number in range(total):
            mail.send(Mail("an@ocmw.example", f"Nieuws {number}", ["x"]), key=str(number))
        db.session.commit()
    killed = 0
    try:
        for _ in range(2):
            before = len(post.received)
            worker = start_worker(live_app, post.port, root)
            deadline = real_time.monotonic() + 30
            while len(post.received) < before + 5 and real_time.monotonic() < deadline:
                real_time.sleep(0.002)
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
            killed += 1
        with live_app.app_context():
            monkeypatch.setitem(live_app.config, "SMTP_HOST", "127.0.0.1")
            monkeypatch.setitem(live_app.config, "SMTP_PORT", post.port)
            monkeypatch.setattr(outbox, "_is_free", lambda _now: outbox.OutboxMessage.id > 0)
            while deliver_due():  # as if the leases of the dead had run out
                pass
    finally:
        post.close()
    subjects = [m["Subject"] for m in post.received]
    assert set(subjects) == {f"Nieuws {n}" for n in range(total)}
    assert len(subjects) <= total + killed
    assert len({m["Message-ID"] for m in post.received}) == total
