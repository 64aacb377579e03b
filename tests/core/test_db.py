"""The database holds to what the code counts on."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, func, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from portal.core import clock as time
from portal.core.db import Identified, db, insert_if_absent, new_id, reading, reading_only
from portal.core.numbering import Counter
from portal.core.outbox import OutboxMessage
from tests.core.races import in_threads

rows = Table("rows", MetaData(), Column("number", Integer))


def message(key: str) -> OutboxMessage:
    now = time.now()
    row = OutboxMessage(kind="x", key=key, subject="", created_at=now, due_at=now)
    row.payload = {}
    return row


def test_a_row_knows_its_id_before_it_is_stored(app: Flask) -> None:
    first, second = message("a"), message("b")
    assert 0 < first.id != second.id
    assert issubclass(OutboxMessage, Identified)


def test_what_is_made_later_has_a_larger_id_even_in_one_millisecond(clock: Any) -> None:
    made = [new_id() for _ in range(2000)]
    assert made == sorted(set(made))
    clock.shift(timedelta(milliseconds=1))
    assert new_id() > made[-1]


def test_ids_follow_a_clock_that_is_set_back(clock: Any) -> None:
    new_id()
    clock.shift(timedelta(days=-1))
    assert new_id() >> 22 == int(time.now().timestamp() * 1000)


def test_a_column_that_does_not_exist_cannot_be_set() -> None:
    with pytest.raises(TypeError, match="no column colour"):
        OutboxMessage(colour="red")


def test_a_unique_key_is_unique(session: Session) -> None:
    session.add_all([message("a"), message("a")])
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_reference_to_nothing_is_refused(session: Session) -> None:
    child = Table("child", MetaData(), Column("of", ForeignKey(Counter.__table__.c.name)))
    child.create(session.connection())
    insert_if_absent(Counter, name="a", value=1)
    session.execute(insert(child).values(of="a"))
    with pytest.raises(IntegrityError):
        session.execute(insert(child).values(of="nobody"))


def test_a_row_is_inserted_once(session: Session) -> None:
    assert insert_if_absent(Counter, name="a", value=1)
    assert not insert_if_absent(Counter, name="a", value=2)
    assert session.get_one(Counter, "a").value == 1


@pytest.mark.slow
def test_of_twenty_who_insert_at_once_one_does(live_app: Flask) -> None:
    def add(index: int) -> bool:
        added = insert_if_absent(Counter, name="a", value=index)
        db.session.commit()
        return added

    added = in_threads(live_app, 20, add)
    assert (added.count(True), added.count(False)) == (1, 19)


@pytest.mark.slow
def test_many_readers_and_writers_at_once_wait_for_each_other(live_app: Flask) -> None:
    with live_app.app_context():
        rows.create(db.engine)

    def work(index: int) -> int:
        for number in range(5):
            if index % 2:
                db.session.execute(insert(rows).values(number=number))
                db.session.commit()
            else:
                with reading():
                    db.session.scalar(select(func.count()).select_from(rows))
        return 0

    assert in_threads(live_app, 16, work) == [0] * 16
    with live_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(rows)) == 40


def test_reading_takes_no_lock_and_ends_its_transaction(live_app: Flask) -> None:
    with live_app.app_context():
        rows.create(db.engine)
        with reading():
            assert reading_only.get()
            db.session.scalar(select(func.count()).select_from(rows))
            with db.engine.connect() as other:
                token = reading_only.set(False)
                other.execute(insert(rows).values(number=1))
                other.commit()
                reading_only.reset(token)
        assert not reading_only.get()
        assert not db.session().in_transaction()


def test_sqlite_is_set_up_for_a_server(live_app: Flask) -> None:
    with live_app.app_context(), db.engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            pytest.skip("about SQLite")
        wanted = {
            "journal_mode": "wal",
            "foreign_keys": 1,
            "secure_delete": 1,
            "recursive_triggers": 1,
            "busy_timeout": 15000,
        }
        found = {name: connection.scalar(text(f"pragma {name}")) for name in wanted}
        assert found == wanted


@pytest.mark.slow
def test_a_full_disk_is_an_error_that_passes(live_app: Flask) -> None:
    with live_app.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("about SQLite")
        rows.create(db.engine)
        pages = db.session.scalar(text("pragma page_count"))
        db.session.execute(text(f"pragma max_page_count = {pages}"))
        many = [{"number": number} for number in range(20_000)]
        with pytest.raises(OperationalError, match="full"):
            db.session.execute(insert(rows), many)
        db.session.rollback()
        db.session.execute(text("pragma max_page_count = 1000000"))
        db.session.execute(insert(rows).values(number=1))
        db.session.commit()
        assert db.session.scalar(text("pragma integrity_check")) == "ok"
        assert db.session.scalar(select(func.count()).select_from(rows)) == 1
