"""Dutch is the source language; other languages come from catalogues."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import flask_babel
from flask import Flask, g, request, session
from flask_babel import (
    Babel,
    force_locale,
    format_date,
    format_datetime,
    format_timedelta,
    get_locale,
)
from flask_babel import gettext as _

from portal.core import clock, money

LANGUAGES = {"nl": "Nederlands", "en": "English"}
_LOCALES = {"en": "en_GB"}  # dates and numbers as written in Europe

# A label may be a text for later; the hints of WTForms say str.
lazy_gettext: Any = flask_babel.lazy_gettext


def N_(message: str) -> str:  # noqa: N802 - the gettext world's name for it
    """Mark a text for translation where it is written; it is translated where it is shown."""
    return message


def chosen_locale() -> str:
    """Return the language of this request: chosen, else the person's, else Dutch."""
    wanted = session.get("locale") or getattr(g.get("actor"), "locale", None)
    return wanted if wanted in LANGUAGES else "nl"


def language() -> str:
    """Return the language spoken now: nl, en."""
    locale = get_locale()
    return locale.language if locale else "nl"


def _date(value: date | datetime | None, form: str = "long") -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = clock.local(value).date()
    return format_date(value, form, rebase=False)


def short_date(value: date | datetime | None) -> str:
    """Return 15/11/2026; plain, because lists print hundreds."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = clock.local(value)
    return f"{value.day:02}/{value.month:02}/{value.year}"


def moment(value: datetime | None) -> str:
    """Return 15 november 2026 om 14.05 uur, in Brussels time."""
    if value is None:
        return ""
    return format_datetime(clock.local(value), _("d MMMM yyyy 'om' HH.mm 'uur'"), rebase=False)


def _month(value: date | None) -> str:
    return "" if value is None else format_date(value, "MMMM yyyy", rebase=False)


def _ago(value: datetime | None) -> str:
    if value is None:
        return ""
    passed = max(clock.now() - value, timedelta(0))
    if passed < timedelta(minutes=1):
        return _("zonet")
    return format_timedelta(-passed, add_direction=True)


@contextmanager
def speaking(locale: str | None) -> Iterator[Callable[[str], str]]:
    """Give a translating function for somebody else's language: the reader of a mail."""
    with force_locale(_locale(locale if locale in LANGUAGES else "nl")):
        yield _


def translated(messages: Iterable[str]) -> tuple[str, ...]:
    """Return many texts at once in the language of this request; lists show the same ones often."""
    return _translated(chosen_locale(), tuple(messages))


@lru_cache(maxsize=128)
def _translated(locale: str, messages: tuple[str, ...]) -> tuple[str, ...]:
    with force_locale(_locale(locale)):
        return tuple(_(message) for message in messages)


def long_date(value: date | datetime | None) -> str:
    """Return 15 november 2026, in the language spoken."""
    return _date(value)


def init_app(app: Flask) -> None:
    """Install languages and the filters that write dates as people read them."""
    Babel(app, default_locale="nl", default_timezone="Europe/Brussels", locale_selector=_select)
    app.jinja_env.filters.update(
        date=_date,
        shortdate=short_date,
        datetime=moment,
        month=_month,
        ago=_ago,
        euro=money.euro,
    )


def _select() -> str:
    return _locale(chosen_locale()) if request else "nl"


def _locale(language: str) -> str:
    return _LOCALES.get(language, language)
