"""What must leave the portal leaves it: at least once, and visibly when it cannot."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.core import clock as time
from portal.core import outbox
from portal.core.db import db
from portal.core.numbering import Counter
from portal.core.outbox import (
    FIRST_RETRY,
    GIVE_UP_AFTER,
    KEEP_SENT,
    LEASE,
    LONGEST_RETRY,
    OutboxMessage,
    PermanentError,
    State,
    TryAgainError,
    deliver,
    deliver_due,
    enqueue,
)
from tests.core.races import in_threads

delivered: list[str] = []
trouble: list[Exception | None] = []


@pytest.fixture(autouse=True)
def pigeon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A way to deliver that runs into the troubles listed, one a time."""

    def fly(message: OutboxMessage) -> None:
        if trouble and (error := trouble.pop(0)):
            raise error
        delivered.append(message.payload["to"])

    monkeypatch.setitem(outbox._handlers, "pigeon", fly)
    delivered.clear()
    trouble.clear()


@pytest.fixture(autouse=True)
def noon(clock) -> None:
    clock.move_to(datetime(2026, 11, 15, 12, tzinfo=UTC))


def send(key: str = "a", to: str = "Gent") -> OutboxMessage:
    message = enqueue("pigeon", {"to": to}, key=key, subject="Dag")
    db.session.commit()
    return message


def again(message: OutboxMessage) -> OutboxMessage:
    return db.session.get_one(OutboxMessage, message.id, populate_existing=True)


def test_a_message_is_delivered_once_and_kept_as_sent(session: Session) -> None:
    message = send()
    assert outbox.waiting_count() == 1
    assert deliver_due() == 1
    assert deliver_due() == 0
    assert delivered == ["Gent"]
    sent = again(message)
    assert (sent.state, sent.attempts, sent.error) == (State.SENT, 1, None)
    assert sent.sent_at == time.now()
    assert outbox.waiting_count() == 0


def test_what_was_rolled_back_is_never_delivered(session: Session) -> None:
    enqueue("pigeon", {"to": "Gent"}, key="a")
    session.rollback()
    assert deliver_due() == 0
    assert delivered == []


def test_the_same_thing_is_announced_once(session: Session) -> None:
    send("a")
    enqueue("pigeon", {"to": "Gent"}, key="a")
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_address_and_what_is_said_cannot_be_read_in_the_database(session: Session) -> None:
    send(to="canarini@gent.example")
    row = session.execute(text("select * from outbox_message")).one()
    assert "canarini" not in repr(row)


def test_a_failed_delivery_is_tried_again_later_and_later(session: Session, clock) -> None:
    message = send()
    waits = []
    for _ in range(8):
        trouble.append(TryAgainError("De duif is moe."))
        assert deliver_due() == 1
        failed = again(message)
        assert (failed.state, failed.error) == (State.WAITING, "De duif is moe.")
        waits.append(failed.due_at - time.now())
        assert deliver_due() == 0, "not before its time"
        clock.move_to(failed.due_at)
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (timedelta(seconds=20), LONGEST_RETRY)
    deliver_due()
    assert again(message).state is State.SENT
    assert again(message).error is None


def test_a_delivery_that_cannot_succeed_is_not_tried_again_and_says_why(session: Session) -> None:
    message = send()
    trouble.append(PermanentError("Dit adres bestaat niet."))
    deliver_due()
    failed = again(message)
    assert (failed.state, failed.error) == (State.FAILED, "Dit adres bestaat niet.")
    assert outbox.waiting_count() == 0


def test_after_three_days_without_success_a_person_must_look(session: Session) -> None:
    waits = [min(FIRST_RETRY * 2 ** min(n, 10), LONGEST_RETRY) for n in range(GIVE_UP_AFTER - 1)]
    assert timedelta(days=2.5) < sum(waits, timedelta(0)) < timedelta(days=3.5)
    message = send()
    message.attempts = GIVE_UP_AFTER - 2
    session.commit()
    for state in (State.WAITING, State.FAILED):
        trouble.append(TryAgainError("Niemand thuis."))
        message.due_at = time.now()
        session.commit()
        deliver_due()
        assert again(message).state is state
    outbox.retry(again(message))
    session.commit()
    assert deliver_due() == 1
    assert again(message).state is State.SENT


def test_an_unexpected_error_is_named_without_quoting_what_was_delivered(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    message = send()
    trouble.append(ValueError("canarini@gent.example"))
    with caplog.at_level(logging.DEBUG):
        deliver_due()
    assert again(message).error == "ValueError"
    assert "ValueError" in caplog.text
    assert "canarini" not in caplog.text


def test_a_kind_nobody_delivers_waits_and_says_so(session: Session) -> None:
    message = enqueue("telegram", {}, key="t")
    session.commit()
    deliver_due()
    assert (again(message).state, again(message).error) == (State.WAITING, "KeyError")


def test_one_failure_does_not_keep_the_others(session: Session) -> None:
    for number in range(3):
        send(str(number), to=str(number))
    trouble.extend([None, TryAgainError("x"), None])
    assert deliver_due() == 3
    assert len(delivered) == 2
    assert outbox.waiting_count() == 1


def test_a_worker_that_vanished_loses_nothing(session: Session, clock) -> None:
    message = send()
    assert outbox._claim(message.id) is not None, "and then its process is killed"
    assert deliver_due() == 0
    assert not deliver(message.id), "another worker has it"
    clock.shift(LEASE + timedelta(seconds=1))
    assert deliver_due() == 1
    assert again(message).attempts == 2
    assert delivered == ["Gent"]


@pytest.mark.slow
def test_eight_workers_deliver_each_message_once(live_app: Flask) -> None:
    with live_app.app_context():
        for number in range(40):
            enqueue("pigeon", {"to": str(number)}, key=str(number))
        db.session.commit()

    def work(_index: int) -> int:
        return sum(deliver_due() for _ in range(6))

    assert sum(n for n in in_threads(live_app, 8, work) if isinstance(n, int)) == 40
    assert sorted(delivered, key=int) == [str(n) for n in range(40)]


def test_during_a_delivery_nobody_waits_for_the_database(
    live_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(message: OutboxMessage) -> None:
        assert not db.session().in_transaction()
        with db.engine.begin() as other:
            other.execute(insert(Counter).values(name=message.key, value=1))

    monkeypatch.setitem(outbox._handlers, "pigeon", slow)
    with live_app.app_context():
        message = send()
        assert deliver(message.id)
        assert again(message).state is State.SENT


def test_looking_for_work_takes_no_write_lock(live_app: Flask) -> None:
    with live_app.app_context():
        begun: list[str] = []

        @event.listens_for(db.engine, "before_cursor_execute")
        def note(_connection, _cursor, statement, *_):
            begun.append(statement)

        assert deliver_due() == 0
        assert not [s for s in begun if "IMMEDIATE" in s or "UPDATE" in s]


def test_what_was_sent_is_forgotten_after_thirty_days(session: Session, clock) -> None:
    send("old")
    deliver_due()
    clock.shift(KEEP_SENT - timedelta(days=1))
    send("new")
    trouble.append(PermanentError("x"))
    deliver_due()
    clock.shift(timedelta(days=1, seconds=1))
    assert outbox.forget_sent() == 1
    assert session.scalars(select(OutboxMessage.key)).all() == ["new"]
