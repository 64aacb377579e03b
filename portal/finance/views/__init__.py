"""Pages of the finance slice, a module per noun."""

from flask import Blueprint

blueprint = Blueprint("finance", __name__, template_folder="../templates")

from portal.finance.views import start  # noqa: E402

__all__ = ["blueprint", "start"]
