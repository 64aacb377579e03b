"""Accounts."""

from flask import Flask

from portal.core.permissions import Actor


def init_app(app: Flask) -> None:
    """Register the slice."""


def load_actor() -> Actor | None:
    """Return who is signed in."""
    return None
