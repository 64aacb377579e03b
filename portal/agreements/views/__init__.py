"""Pages of the agreements slice, a module per noun."""

from flask import Blueprint

blueprint = Blueprint("agreements", __name__, template_folder="../templates")

from portal.agreements.views import (  # noqa: E402
    ask,
    compare,
    enquiries,
    packages,
    settings,
)

__all__ = ["ask", "blueprint", "compare", "enquiries", "packages", "settings"]
