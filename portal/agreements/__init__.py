"""Agreements: what HSV offers, what is asked, and what is agreed with its partners."""

from flask import Flask

from portal.agreements import (
    addendum_signing,
    agreement_signing,
    deadlines_remind,
    envelope_answers,
    envelope_evidence,
    following,
    models,
)
from portal.agreements.views import blueprint

__all__ = [
    "addendum_signing",
    "agreement_signing",
    "deadlines_remind",
    "envelope_answers",
    "envelope_evidence",
    "following",
    "init_app",
    "models",
]


def init_app(app: Flask) -> None:
    """Register the slice."""
    app.register_blueprint(blueprint)
