"""Referrals: families referred, received by a branch, and followed to the end."""

from flask import Flask

from portal.referrals import (
    attachments,
    capacity,
    consents,
    duplicates,
    erasing,
    family_door,
    family_requests,
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
    withdrawal,
)
from portal.referrals.takeover import pending as pending_lists
from portal.referrals.trajectory import closing, evaluations, goals, guidance, half_days
from portal.referrals.views import blueprint

__all__ = [
    "attachments",
    "capacity",
    "closing",
    "consents",
    "duplicates",
    "erasing",
    "evaluations",
    "family_door",
    "family_requests",
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
    "withdrawal",
]


def init_app(app: Flask) -> None:
    """Register the slice."""
    app.register_blueprint(blueprint)
