"""The years of work of an agreement: twelve months each, from its first day on.

What is promised "a year" is counted in these; budgets run over calendar years instead
(`calendar_years`).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.agreements.drafting import last_day


@dataclass(frozen=True)
class WorkYear:
    """A year of work, counted from 1; the last one may be cut short by the end."""

    number: int
    first_on: date
    last_on: date

    def holds(self, day: date) -> bool:
        """Say whether a day falls in this year."""
        return self.first_on <= day <= self.last_on


def work_years(starts_on: date | None, ends_on: date | None) -> list[WorkYear]:
    """Return the years of work from the first day to the last, both included."""
    found: list[WorkYear] = []
    if starts_on is None or ends_on is None:
        return found
    first_on = starts_on
    while first_on <= ends_on:
        last_on = last_day(starts_on, len(found) + 1)
        found.append(WorkYear(len(found) + 1, first_on, min(last_on, ends_on)))
        first_on = last_on + timedelta(days=1)
    return found
