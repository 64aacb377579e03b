"""Finance: budgets followed, and what partners owe invoiced, delivered and later paid."""

from flask import Flask

from portal.finance import models
from portal.finance.views import blueprint

__all__ = ["init_app", "models"]


def init_app(app: Flask) -> None:
    """Register the slice."""
    app.register_blueprint(blueprint)
