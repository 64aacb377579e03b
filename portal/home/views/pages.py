"""Pages everybody may read: privacy, accessibility, contact."""

from datetime import timedelta

from flask import current_app, render_template

from portal.core.outbox import KEEP_SENT
from portal.home.views import blueprint


@blueprint.get("/privacy")
def privacy() -> str:
    """Say what is kept, why, for how long, and what rights people have."""
    return render_template(
        "home/privacy.html",
        dpo_email=current_app.config["DPO_EMAIL"],
        contact_email=current_app.config["CONTACT_EMAIL"],
        draft_days=current_app.config["DRAFT_KEPT_DAYS"],
        unhelped_days=current_app.config["UNHELPED_KEPT_DAYS"],
        told_days=current_app.config["TOLD_KEPT_DAYS"],
        core_days=current_app.config["CORE_KEPT_DAYS"],
        erase_days=current_app.config["ERASE_AFTER_DAYS"],
        guest_days=current_app.config["GUEST_KEPT_DAYS"],
        enquiry_days=current_app.config["ENQUIRY_KEPT_DAYS"],
        mail_days=KEEP_SENT // timedelta(days=1),
    )


@blueprint.get("/toegankelijkheid")
def accessibility() -> str:
    """Say how accessible the portal is, what is not, and whom to tell."""
    return render_template(
        "home/accessibility.html", contact_email=current_app.config["CONTACT_EMAIL"]
    )


@blueprint.get("/contact")
def contact() -> str:
    """Say whom to reach for what."""
    return render_template(
        "home/contact.html",
        contact_email=current_app.config["CONTACT_EMAIL"],
        dpo_email=current_app.config["DPO_EMAIL"],
    )
