"""Finance: budgets followed, and what partners owe invoiced, delivered and later paid."""

from flask import Flask

from portal.finance import bank_folder, budget_import, budget_opening, models
from portal.finance.views import blueprint

__all__ = ["bank_folder", "budget_import", "budget_opening", "init_app", "models"]


def init_app(app: Flask) -> None:
    """Register the slice."""
    app.register_blueprint(blueprint)
