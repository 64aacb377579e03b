"""The audit trail: one unbroken chain in which every change to it is found, and no value stands."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.core import audit, immutable
from portal.core.audit import AuditEvent, AuditHead, broken_links
from portal.core.db import db
from portal.core.outbox import enqueue
from portal.core.permissions import Actor
from tests.core.races import in_threads

ACTOR = Actor(account_id=7, name="An Canarini", email="an@ocmw.be", membership_id=8)


def record(number: int, start: int = 0) -> None:
    for index in range(start, start + number):
        audit.record("referral:read", "referral", object_id=index, actor=ACTOR, fields=["name"])
        db.session.commit()


@pytest.fixture
def unlocked(session: Session) -> Session:
    """Somebody who got past the triggers."""
    immutable.remove(session.connection())
    return session


def test_an_event_says_who_did_what_to_which_object_and_which_fields(session: Session) -> None:
    audit.request_id.set("abc")
    audit.record("referral:read", "referral", object_id=5, actor=ACTOR, fields={"b", "a"})
    session.commit()
    row = session.scalars(select(AuditEvent)).one()
    assert (row.number, row.account_id, row.membership_id) == (1, 7, 8)
    assert (row.action, row.object_type, row.object_id) == ("referral:read", "referral", "5")
    assert row.fields == ["a", "b"]
    assert row.request_id == "abc"
    assert row.at.tzinfo is UTC


def test_an_event_about_a_row_names_its_table_and_id(session: Session) -> None:
    message = enqueue("mail", {"to": "x"}, key="a", subject="b")
    audit.record("outbox:retry", message)
    session.commit()
    row = session.scalars(select(AuditEvent)).one()
    assert (row.object_type, row.object_id) == ("outbox_message", str(message.id))
    assert (row.account_id, row.membership_id) == (None, None)


def test_no_value_of_anything_stands_in_the_trail(session: Session) -> None:
    message = enqueue("mail", {"to": "Canarini"}, key="Canarini", subject="Canarini")
    audit.record("outbox:retry", message, actor=ACTOR, fields=["subject"])
    session.commit()
    rows = session.execute(text("select * from audit_event")).all()
    assert rows
    assert "Canarini" not in repr(rows)


def test_what_is_rolled_back_leaves_no_event_and_no_gap(session: Session) -> None:
    record(1)
    audit.record("x", "referral", object_id=2)
    session.rollback()
    record(1)
    assert session.scalars(select(AuditEvent.number).order_by(AuditEvent.number)).all() == [1, 2]
    assert list(broken_links()) == []


def test_a_savepoint_inside_does_not_break_the_chain(session: Session) -> None:
    audit.record("x", "referral", object_id=1)
    with session.begin_nested():
        audit.record("y", "referral", object_id=2)
    session.commit()
    assert session.scalars(select(AuditEvent.action).order_by(AuditEvent.number)).all() == [
        "x",
        "y",
    ]
    assert list(broken_links()) == []


def test_an_untouched_trail_of_any_length_is_whole(session: Session) -> None:
    assert list(broken_links()) == []
    record(5)
    audit.record("x", "referral", object_id="é", fields=["ü"])
    audit.record("y", "referral", object_id=1)
    session.commit()
    session.expire_all()
    assert list(broken_links()) == []


@pytest.mark.parametrize(
    "change",
    [
        "account_id = 99",
        "membership_id = null",
        "action = 'referral:close'",
        "object_type = 'branch'",
        "object_id = '77'",
        "fields = '[]'",
        "request_id = 'x'",
        "at = '2020-01-01 00:00:00'",
    ],
)
def test_a_changed_event_is_found(unlocked: Session, change: str) -> None:
    record(5)
    unlocked.execute(text(f"update audit_event set {change} where number = 3"))
    unlocked.expire_all()
    assert list(broken_links()) == [3]


def test_a_removed_event_is_found(unlocked: Session) -> None:
    record(5)
    unlocked.execute(text("delete from audit_event where number = 3"))
    assert list(broken_links()) == [3]


def test_events_put_in_another_order_are_found(unlocked: Session) -> None:
    record(5)
    for old, new in ((2, -1), (3, 2), (-1, 3)):
        unlocked.execute(text(f"update audit_event set number = {new} where number = {old}"))
    assert min(broken_links()) == 2


def test_a_trail_cut_short_is_found(unlocked: Session) -> None:
    record(5)
    unlocked.execute(text("delete from audit_event where number > 3"))
    assert list(broken_links()) == [4]


def test_an_event_added_by_hand_is_found(unlocked: Session) -> None:
    record(3)
    unlocked.execute(
        text(
            "insert into audit_event select 4, at, account_id, membership_id, guest_id, action,"
            " object_type, object_id, fields, request_id, digest from audit_event where number = 3"
        )
    )
    assert list(broken_links()) == [4, 5]


def test_a_forged_event_with_a_digest_that_fits_is_found_at_the_end(unlocked: Session) -> None:
    """Who knows how digests are made must rewrite all that follows, and the head."""
    record(3)
    row = unlocked.get_one(AuditEvent, 3)
    before = unlocked.get_one(AuditEvent, 2).digest
    names = ("account_id", "membership_id", "guest_id", "action", "object_type", "object_id")
    values = {n: getattr(row, n) for n in names} | {"fields": row.fields, "request_id": ""}
    values |= {"at": row.at, "account_id": 99}
    row.account_id, row.request_id = 99, ""
    row.digest = audit.digest(before, 3, values)
    unlocked.flush()
    assert list(broken_links()) == [4]


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_event set action = 'x'",
        "delete from audit_event",
        "insert or replace into audit_event select * from audit_event",
        "truncate audit_event",
    ],
)
def test_the_database_itself_refuses_every_change(session: Session, statement: str) -> None:
    foreign = "truncate" if session.connection().dialect.name == "sqlite" else "replace"
    if foreign in statement:
        pytest.skip("not a statement of this database")
    record(2)
    with pytest.raises(DBAPIError, match="does not change"):
        session.execute(text(statement))


@pytest.mark.slow
def test_eight_writers_at_once_make_one_chain(live_app: Flask) -> None:
    results = in_threads(live_app, 8, lambda index: record(12, start=index * 100))
    assert results == [None] * 8
    with live_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(AuditEvent)) == 96
        assert db.session.scalars(select(AuditHead)).one().number == 96
        assert list(broken_links()) == []


def test_the_end_of_the_chain_is_noted_in_the_log(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    record(3)
    head = session.scalars(select(AuditHead)).one()
    with caplog.at_level("INFO"):
        audit.note_head()
    assert f"audit chain: 3 {head.digest.hex()}" in caplog.text


def test_the_digest_binds_every_part() -> None:
    values = {"at": datetime(2026, 1, 1, tzinfo=UTC), "action": "x", "fields": []}
    first = audit.digest(audit.GENESIS, 1, values)
    assert first == audit.digest(audit.GENESIS, 1, dict(reversed(values.items())))
    assert first != audit.digest(audit.GENESIS, 2, values)
    assert first != audit.digest(b"\1" * 32, 1, values)
    assert first != audit.digest(audit.GENESIS, 1, {**values, "action": "y"})
