"""Terms HSV works by (days, months): settings that services read without knowing the web."""

from datetime import timedelta

from flask import current_app


def days(name: str) -> timedelta:
    """Return a setting that counts days, by its name in portal/config.py."""
    return timedelta(days=current_app.config[name])


def text(name: str) -> str:
    """Return a setting that is text, by its name in portal/config.py."""
    return current_app.config[name]
