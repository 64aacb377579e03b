"""Pages of the kernel itself: static files, health, language."""

from flask import Blueprint, redirect, request, session
from sqlalchemy import text
from werkzeug.wrappers import Response

from portal.core.db import db
from portal.core.i18n import LANGUAGES
from portal.core.redirects import inside

blueprint = Blueprint(
    "core", __name__, static_folder="static", static_url_path="/core", template_folder="templates"
)


@blueprint.get("/gezond")
def health() -> tuple[str, int]:
    """Say whether the portal can reach its database."""
    db.session.execute(text("select 1"))
    return "ok", 200


@blueprint.post("/taal")
def set_language() -> Response:
    """Keep the language the person chose and go back to where they were."""
    if request.form.get("locale") in LANGUAGES:
        session["locale"] = request.form["locale"]
    return redirect(inside(request.form.get("next")))
