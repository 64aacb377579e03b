"""The pages of referrals: one module per noun. Importing a module puts its pages on the map."""

from flask import Blueprint

blueprint = Blueprint(
    "referrals", __name__, url_prefix="/verwijzingen", template_folder="../templates"
)

from portal.referrals.views import (  # noqa: E402
    attachments,
    capacity,
    consents,
    decide,
    drafts,
    duplicates,
    evaluations,
    goals,
    guidance,
    half_days,
    intake_sheet,
    listing,
    openings,
    quiet,
    search,
    self_referral,
    sent,
    show,
    submit,
    surveys,
    takeover,
    talk,
    texts,
    trajectory,
    transfer,
    unmet,
    waiting,
)

__all__ = [
    "attachments",
    "blueprint",
    "capacity",
    "consents",
    "decide",
    "drafts",
    "duplicates",
    "evaluations",
    "goals",
    "guidance",
    "half_days",
    "intake_sheet",
    "listing",
    "openings",
    "quiet",
    "search",
    "self_referral",
    "sent",
    "show",
    "submit",
    "surveys",
    "takeover",
    "talk",
    "texts",
    "trajectory",
    "transfer",
    "unmet",
    "waiting",
]
