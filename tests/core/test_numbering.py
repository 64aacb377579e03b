"""Numbers without gaps and without duplicates, whoever takes them and whoever changes their mind."""

import random
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.core import numbering
from portal.core.db import db, reading_only
from portal.core.numbering import Counter, next_number
from tests.core.races import in_processes

PROCESSES, EACH = 20, 10
numbered = Table("numbered", MetaData(), Column("number", Integer))


def largest_plus_one(_name: str) -> int:
    """How it must not be done."""
    return (db.session.scalar(select(func.max(numbered.c.number))) or 0) + 1


def number_things(take: Callable[[str], int]) -> Callable[[int], int]:
    """Return work that numbers things and gives up one in ten; it returns how often it failed."""

    def work(index: int) -> int:
        chance, failures = random.Random(index), 0
        for _ in range(EACH):
            try:
                db.session.execute(insert(numbered).values(number=take("invoice-2027")))
                if chance.random() < 0.1:
                    db.session.rollback()
                else:
                    db.session.commit()
            except OperationalError:
                failures += 1
                db.session.rollback()
        return failures

    return work


def all_numbers(app: Flask) -> list[int]:
    with app.app_context():
        return sorted(db.session.scalars(select(numbered.c.number)))


@pytest.fixture
def numbering_app(live_app: Flask) -> Flask:
    with live_app.app_context():
        numbered.create(db.engine)
    return live_app


@pytest.mark.slow
def test_twenty_processes_with_rollbacks_leave_no_gap_and_no_duplicate(
    numbering_app: Flask,
) -> None:
    failures = in_processes(numbering_app, PROCESSES, number_things(next_number))
    numbers = all_numbers(numbering_app)
    assert failures == [0] * PROCESSES
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > PROCESSES * EACH * 0.8
    with numbering_app.app_context():
        assert db.session.get_one(Counter, "invoice-2027").value == len(numbers)


@pytest.mark.slow
def test_the_same_harness_shows_that_largest_plus_one_goes_wrong(numbering_app: Flask) -> None:
    """The control. SQLite shows it where its transactions begin without the write lock."""

    def careless(index: int) -> int:
        reading_only.set(True)
        return number_things(largest_plus_one)(index)

    failures = in_processes(numbering_app, PROCESSES, careless)
    numbers = all_numbers(numbering_app)
    assert sum(failures) or len(numbers) != len(set(numbers))


def test_a_new_series_starts_at_one_and_each_series_counts_by_itself(session: Session) -> None:
    assert [next_number("a"), next_number("a"), next_number("b")] == [1, 2, 1]


def test_a_number_given_back_is_given_again(session: Session) -> None:
    next_number("a")
    session.commit()
    assert next_number("a") == 2
    session.rollback()
    assert next_number("a") == 2


def test_a_counter_that_vanishes_is_an_error_and_not_a_guess(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbering, "insert_if_absent", lambda *_, **__: False)
    with pytest.raises(RuntimeError, match="vanished"):
        next_number("a")
