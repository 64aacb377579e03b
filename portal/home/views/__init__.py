"""The start page, the public pages, and what administrators see of deliveries."""

from flask import Blueprint

blueprint = Blueprint("home", "portal.home", template_folder="templates")

from portal.home.views import deliveries, pages, start  # noqa: E402

__all__ = ["blueprint", "deliveries", "pages", "start"]
