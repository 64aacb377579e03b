"""A form sent twice does its work once."""

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from portal.core import once
from portal.core.db import db
from portal.core.errors import AlreadyUsedError
from portal.core.once import FormKey
from tests.core.races import in_threads

BODY: MultiDict[str, str] = MultiDict([("name", "Peeters"), ("csrf_token", "x"), ("once", "y")])
made = Table("made", MetaData(), Column("by", Integer))


def submit(key: str, index: int, body: MultiDict[str, str] = BODY) -> str:
    """What a view does: redeem, work, finish, commit; returns where the person is sent."""
    earlier = once.redeem(key, "referral", body)
    if earlier is not None:
        db.session.rollback()
        return earlier
    db.session.execute(insert(made).values(by=index))
    once.finish(key, f"/verwijzingen/{index}")
    db.session.commit()
    return f"/verwijzingen/{index}"


@pytest.fixture
def making_app(live_app: Flask) -> Flask:
    with live_app.app_context():
        made.create(db.engine)
    return live_app


@pytest.mark.slow
def test_twenty_equal_posts_make_one_thing_and_get_one_answer(making_app: Flask) -> None:
    key = once.fresh()
    answers = in_threads(making_app, 20, lambda index: submit(key, index))
    assert len(set(answers)) == 1, answers
    with making_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(made)) == 1
        assert answers[0] == f"/verwijzingen/{db.session.scalar(select(made.c.by))}"


@pytest.mark.slow
def test_without_the_key_twenty_posts_make_twenty_things(making_app: Flask) -> None:
    """The control."""
    in_threads(making_app, 20, lambda index: submit(once.fresh(), index))
    with making_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(made)) == 20


@pytest.mark.slow
def test_when_the_first_post_fails_the_next_one_does_the_work(making_app: Flask) -> None:
    key = once.fresh()

    def fail_first(index: int) -> str:
        if once.redeem(key, "referral", BODY) is None and index % 2 == 0:
            db.session.rollback()
            return "failed"
        db.session.rollback()
        return submit(key, index)

    answers = [a for a in in_threads(making_app, 10, fail_first) if a != "failed"]
    assert len(set(answers)) == 1, answers
    with making_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(made)) == 1


def test_the_same_key_with_another_content_is_refused(session: Session) -> None:
    key = once.fresh()
    assert once.redeem(key, "referral", BODY) is None
    once.finish(key, "/a")
    assert once.redeem(key, "referral", BODY) == "/a"
    with pytest.raises(AlreadyUsedError):
        once.redeem(key, "referral", MultiDict([("name", "Janssens")]))


def test_the_same_key_from_somebody_else_or_for_something_else_is_refused(session: Session) -> None:
    key = once.fresh()
    once.redeem(key, "referral", BODY, account_id=1)
    once.finish(key, "/a")
    with pytest.raises(AlreadyUsedError):
        once.redeem(key, "referral", BODY, account_id=2)
    with pytest.raises(AlreadyUsedError):
        once.redeem(key, "organisation", BODY, account_id=1)


@pytest.mark.parametrize("key", [None, "", "short", "x" * 41])
def test_a_key_that_was_never_given_out_is_refused(session: Session, key: str | None) -> None:
    with pytest.raises(AlreadyUsedError):
        once.redeem(key, "referral", BODY)


def test_token_key_and_order_of_fields_are_not_content(session: Session) -> None:
    key = once.fresh()
    once.redeem(key, "x", MultiDict([("a", "1"), ("b", "2"), ("csrf_token", "old")]))
    once.finish(key, "/a")
    again = MultiDict([("b", "2"), ("csrf_token", "new"), ("a", "1"), ("once", key)])
    assert once.redeem(key, "x", again) == "/a"


def test_nothing_that_was_typed_can_be_read_from_the_row(session: Session) -> None:
    key = once.fresh()
    once.redeem(key, "referral", BODY)
    row = session.get_one(FormKey, key)
    assert b"Peeters" not in row.digest
    assert len(row.digest) == 32


def test_keys_are_forgotten_after_seven_days(session: Session, clock) -> None:
    old, new = once.fresh(), once.fresh()
    once.redeem(old, "x", [])
    clock.shift(timedelta(days=6))
    once.redeem(new, "x", [])
    clock.shift(timedelta(days=1, seconds=1))
    assert once.purge() == 1
    assert session.scalars(select(FormKey.key)).all() == [new]


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=4), st.data())
def test_two_contents_have_one_digest_only_when_they_are_equal(pairs, data) -> None:
    from portal.core.once import NOT_CONTENT, _digest

    other = data.draw(st.one_of(st.permutations(pairs), st.lists(st.tuples(st.text(), st.text()))))
    same = sorted(p for p in pairs if p[0] not in NOT_CONTENT) == sorted(
        p for p in other if p[0] not in NOT_CONTENT
    )
    assert (_digest("x", pairs, 1) == _digest("x", other, 1)) is same
