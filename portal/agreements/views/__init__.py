"""Pages of the agreements slice, a module per noun."""

from flask import Blueprint

blueprint = Blueprint("agreements", __name__, template_folder="../templates")

from portal.agreements.views import (  # noqa: E402
    answers,
    ask,
    calendar,
    comments,
    compare,
    decisions,
    deliveries,
    edit,
    edit_parties,
    enquiries,
    list,
    living,
    materials,
    meeting_reports,
    notes,
    packages,
    propose,
    settings,
    show,
    steps,
    templates,
    versions,
    wordings,
)

__all__ = [
    "answers",
    "ask",
    "blueprint",
    "calendar",
    "comments",
    "compare",
    "decisions",
    "deliveries",
    "edit",
    "edit_parties",
    "enquiries",
    "list",
    "living",
    "materials",
    "meeting_reports",
    "notes",
    "packages",
    "propose",
    "settings",
    "show",
    "steps",
    "templates",
    "versions",
    "wordings",
]
