"""The demonstration tells of days that were: there the clock is set back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time

from portal.core import clock


@contextmanager
def at(day: date, hour: int = 12, minute: int = 0) -> Iterator[None]:
    """Let it be an hour of a day that was, as in Brussels."""
    real = clock.now
    moment = datetime.combine(day, time(hour, minute), clock.BRUSSELS).astimezone(real().tzinfo)
    clock.now = lambda: moment
    try:
        yield
    finally:
        clock.now = real
