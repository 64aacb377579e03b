"""Referrals: families referred, received by a branch, and followed to the end."""

from flask import Flask

from portal.referrals import models, unserved
from portal.referrals.views import blueprint

__all__ = ["init_app", "models", "unserved"]


def init_app(app: Flask) -> None:
    """Register the slice."""
    app.register_blueprint(blueprint)
