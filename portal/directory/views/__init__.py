"""The pages of the directory, by noun."""

from flask import Blueprint

blueprint = Blueprint("directory", "portal.directory", template_folder="templates")


from portal.directory.views import areas, branches, municipalities, organisations  # noqa: E402

__all__ = ["areas", "branches", "municipalities", "organisations"]
