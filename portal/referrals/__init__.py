"""Referrals: families referred, received by a branch, and followed to the end."""

from flask import Flask

from portal.referrals import (
    attachments,
    capacity,
    consents,
    duplicates,
    joined,
    marks,
    messages,
    models,
    notes,
    openings,
    parents,
    quiet,
    surveys,
    texts,
    unserved,
)
from portal.referrals.takeover import pending as pending_lists
from portal.referrals.trajectory import evaluations, goals, guidance, half_days
from portal.referrals.views import blueprint

__all__ = [
    "attachments",
    "capacity",
    "consents",
    "duplicates",
    "evaluations",
    "goals",
    "guidance",
    "half_days",
    "init_app",
    "joined",
    "marks",
    "messages",
    "models",
    "notes",
    "openings",
    "parents",
    "pending_lists",
    "quiet",
    "surveys",
    "texts",
    "unserved",
]


def init_app(app: Flask) -> None:
    """Register the slice."""
    app.register_blueprint(blueprint)
