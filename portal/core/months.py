"""Counting in months, as people do."""

from datetime import date, timedelta


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later or earlier; the last one of a shorter month.

    The last day of a month leads to the last day of a month: six months before 31 December is
    30 June.
    """
    following = day + timedelta(days=1)
    last = following.day == 1
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    next_month = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    end = next_month - timedelta(days=1)
    return end if last or day.day > end.day else end.replace(day=day.day)
