"""Pages of the agreements slice, a module per noun."""

from flask import Blueprint

blueprint = Blueprint("agreements", __name__, template_folder="../templates")
