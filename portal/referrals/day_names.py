"""Days as a family reads them, in a language the portal itself need not speak."""

from datetime import date

from babel import Locale, UnknownLocaleError
from babel.dates import format_date


def written_day(day: date, language: str) -> str:
    """Return 15 november 2026 in this language; 15/11/2026 where its months are not known."""
    try:
        return format_date(day, "long", locale=Locale.parse(language))
    except (UnknownLocaleError, ValueError):
        return f"{day.day:02}/{day.month:02}/{day.year}"
