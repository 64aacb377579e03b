"""Terms HSV works by (days, months): settings that services read without knowing the web."""

from datetime import date, timedelta

from flask import current_app


def days(name: str) -> timedelta:
    """Return a setting that counts days, by its name in portal/config.py."""
    return timedelta(days=current_app.config[name])


def text(name: str) -> str:
    """Return a setting that is text, by its name in portal/config.py."""
    return current_app.config[name]


def number(name: str) -> int:
    """Return a setting that is a whole number, by its name in portal/config.py."""
    return current_app.config[name]


def months_in_force(name: str, on: date) -> tuple[int, ...]:
    """Return the months a setting with dates names for something that began on a day."""
    dated: tuple[tuple[date, tuple[int, ...]], ...] = current_app.config[name]
    return [months for from_on, months in dated if from_on <= on][-1]
