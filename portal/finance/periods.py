"""Periods the books are kept by: a month (2027-03), a quarter (2027-K1) or a year (2027)."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import format_date, gettext

_WRITTEN = re.compile(
    r"(?P<year>(?:19|20)[0-9]{2})(?:-(?:K(?P<quarter>[1-4])|(?P<month>[0-9]{2})))?"
)


@dataclass(frozen=True)
class Period:
    """A stretch of days, both ends included; `code` as it stands in an address."""

    code: str
    from_on: date
    to_on: date

    @property
    def label(self) -> str:
        """Return how people call it, in the language spoken."""
        if "-" not in self.code:
            return self.code
        if "K" in self.code:
            return gettext(
                "kwartaal %(number)s van %(year)s", number=self.code[-1], year=self.code[:4]
            )
        return format_date(self.from_on, "MMMM yyyy", rebase=False)


def read(code: str) -> Period | None:
    """Return the period of a code; None when it is none."""
    match = _WRITTEN.fullmatch(code)
    if match is None:
        return None
    year = int(match["year"])
    first, months = 1, 12
    if match["quarter"]:
        first, months = int(match["quarter"]) * 3 - 2, 3
    elif match["month"]:
        first, months = int(match["month"]), 1
    if not 1 <= first <= 12:
        return None
    after = year * 12 + first - 1 + months
    end = date(after // 12, after % 12 + 1, 1) - timedelta(days=1)
    return Period(code, date(year, first, 1), end)


def choices(first: date, today: date) -> list[Period]:
    """Return the years, quarters and months from the one of `first` to this one, newest first."""
    codes: list[str] = []
    for year in range(today.year, first.year - 1, -1):
        codes.append(str(year))
        codes += [f"{year}-K{quarter}" for quarter in range(4, 0, -1)]
        codes += [f"{year}-{month:02}" for month in range(12, 0, -1)]
    found = (period for code in codes if (period := read(code)))
    return [one for one in found if one.from_on <= today and one.to_on >= first]
