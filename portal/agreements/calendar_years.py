"""The calendar years of a term, in whole months.

A budget year is a calendar year. A month counts when the term runs on its fifteenth: a term of
three years has thirty-six months, on whatever day it begins.
"""

from dataclasses import dataclass
from datetime import date

COUNTS_FROM_DAY = 15


@dataclass(frozen=True)
class BudgetYear:
    """A calendar year of the term. months: how many of its twelve count; before: in the term
    before this year began."""

    year: int
    months: int
    before: int


def budget_years(starts_on: date, ends_on: date) -> tuple[BudgetYear, ...]:
    """Return the years from the first day to the last, both included; only those with a month."""
    first = _month_number(starts_on) + (starts_on.day > COUNTS_FROM_DAY)
    last = _month_number(ends_on) - (ends_on.day < COUNTS_FROM_DAY)
    found = []
    for year in range(first // 12, last // 12 + 1):
        begin, end = max(first, year * 12), min(last, year * 12 + 11)
        if begin <= end:
            found.append(BudgetYear(year, end - begin + 1, begin - first))
    return tuple(found)


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1
