"""Accounts."""

from flask import Flask

from portal.accounts import models
from portal.core.permissions import Actor

__all__ = ["init_app", "load_actor", "models"]


def init_app(app: Flask) -> None:
    """Register the slice."""


def load_actor() -> Actor | None:
    """Return who is signed in."""
    return None
