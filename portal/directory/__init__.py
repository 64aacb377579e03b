"""Directory: municipalities, organisations, branches and the area each branch serves."""

from flask import Flask

from portal.directory.kbo import show_kbo
from portal.directory.views import blueprint


def init_app(app: Flask) -> None:
    """Register the slice."""
    app.register_blueprint(blueprint)
    app.jinja_env.filters["kbo"] = show_kbo
