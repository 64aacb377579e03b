"""The only place that asks what time it is."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return today's date as people in Brussels read it on the wall."""
    return now().astimezone(BRUSSELS).date()


def local(moment: datetime) -> datetime:
    """Return an aware moment in Brussels time."""
    return moment.astimezone(BRUSSELS)
