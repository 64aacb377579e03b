"""Time in Brussels: winter, summer, the nights in between, and the end of the year."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from portal.core import clock as time
from portal.core.db import UtcDateTime, new_id


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 6, 30, 21, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 6, 30, 22, 0, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2028, 2, 28, 23, 30, tzinfo=UTC), date(2028, 2, 29)),
    ],
)
def test_today_is_the_date_on_the_wall_in_brussels(clock, moment: datetime, day: date) -> None:
    clock.move_to(moment)
    assert time.today() == day
    assert time.now() == moment
    assert time.now().tzinfo is UTC


@pytest.mark.parametrize(
    ("moment", "hour"),
    [
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "02:30+02:00"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "02:30+01:00"),
        (datetime(2027, 3, 28, 0, 59, tzinfo=UTC), "01:59+01:00"),
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "03:00+02:00"),
    ],
)
def test_the_nights_when_the_clocks_change_keep_every_moment(moment: datetime, hour: str) -> None:
    local = time.local(moment)
    assert local.isoformat()[11:16] + local.isoformat()[-6:] == hour
    assert local.astimezone(UTC) == moment


def test_a_moment_comes_back_from_the_database_in_utc(session: Session) -> None:
    moments = [
        datetime(2026, 10, 25, 0, 30, 15, 123456, tzinfo=UTC),
        time.local(datetime(2026, 7, 1, 12, tzinfo=UTC)),
    ]
    for moment in moments:
        kept = session.scalar(select(literal(moment, UtcDateTime)))
        assert kept == moment
        assert kept is not None
        assert kept.tzinfo is UTC
    assert session.scalar(select(literal(None, UtcDateTime))) is None


def test_a_moment_without_a_zone_is_refused(session: Session) -> None:
    with pytest.raises(Exception, match="needs a time zone"):
        session.scalar(select(literal(datetime(2026, 1, 1), UtcDateTime)))  # noqa: DTZ001


def test_identifiers_follow_time_and_cannot_be_guessed_from_each_other(clock) -> None:
    clock.move_to(datetime(2026, 11, 15, tzinfo=UTC))
    same_moment = {new_id() for _ in range(500)}
    clock.shift(timedelta(milliseconds=1))
    later = new_id()
    assert len(same_moment) > 498
    assert max(same_moment) < later < 2**63
