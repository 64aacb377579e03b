"""Amounts, dates and lists as a contract writes them; always Dutch, whoever reads the screen."""

from collections.abc import Iterable
from datetime import date

from babel.dates import format_date

from portal.core import money

_LOCALE = "nl_BE"
_SMALL = (
    *("nul", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien"),
    *("elf", "twaalf"),
)
_ORDINALS = ("eerste", "tweede", "derde", "vierde", "vijfde", "zesde", "zevende", "achtste")


def day(value: date | None) -> str:
    """Return 1 januari 2027, or dots to fill in."""
    return DOTS if value is None else format_date(value, "d MMMM yyyy", locale=_LOCALE)


def month(value: date | None) -> str:
    """Return november 2026, or dots to fill in."""
    return DOTS if value is None else format_date(value, "MMMM yyyy", locale=_LOCALE)


def month_name(number: int) -> str:
    """Return november for 11."""
    return format_date(date(2000, number, 1), "MMMM", locale=_LOCALE)


def day_of_year(month_number: int, day_number: int) -> str:
    """Return 31 maart."""
    return f"{day_number} {month_name(month_number)}"


def euro(cents: int) -> str:
    """Return € 1.234,56."""
    return money.euro(cents)


def percentage(share_bp: int) -> str:
    """Return 33,33 % for 3333; no decimals that are nought."""
    whole, rest = divmod(share_bp, 100)
    decimals = f"{rest:02}".rstrip("0")
    return f"{whole}{',' + decimals if decimals else ''}\u00a0%"


def decimal(hundredths: int) -> str:
    """Return 0,5 for 50."""
    return (
        percentage(hundredths).removesuffix("\u00a0%")
        if hundredths % 100
        else str(hundredths // 100)
    )


def number(value: int) -> str:
    """Return 12.345."""
    return f"{value:,}".replace(",", ".")


def count(value: int, one: str, many: str) -> str:
    """Return "één jaar", "drie jaar", "18 maanden"."""
    written = _SMALL[value] if 0 <= value < len(_SMALL) else str(value)
    return f"{written} {one if value == 1 else many}"


def ordinal(value: int) -> str:
    """Return eerste for 1."""
    return _ORDINALS[value - 1] if 1 <= value <= len(_ORDINALS) else f"{value}e"


def listed(parts: Iterable[str]) -> str:
    """Return "a, b en c"."""
    kept = [part for part in parts if part]
    return " en ".join([", ".join(kept[:-1]), kept[-1]] if len(kept) > 1 else kept)


def term(starts_on: date | None, ends_on: date | None) -> str:
    """Return how long from the first day to the last, both included: "drie jaar"."""
    if starts_on is None or ends_on is None:
        return DOTS
    months = (ends_on.year - starts_on.year) * 12 + ends_on.month - starts_on.month
    extra = ends_on.day - starts_on.day + 1
    if extra in (0, 1) and starts_on.day != 1:
        extra = 0
    months += extra > 15
    years, rest = divmod(months, 12)
    parts = [count(years, "jaar", "jaar")] if years else []
    return " en ".join([*parts, count(rest, "maand", "maanden")] if rest else parts) or DOTS


def paragraphs(text: str) -> list[str]:
    """Return the lines of a text that hold something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def filled(text: str) -> str:
    """Return text, or dots to fill in by hand where there is none yet."""
    return text.replace("\u2011", "-").strip() or DOTS


DOTS = "………………"
