"""Finance: budgets followed, and what partners owe invoiced, delivered and paid."""

from flask import Flask

from portal.finance import bank_folder, budget_import, budget_opening, models
from portal.finance.online import fees, reconciling
from portal.finance.views import blueprint

# bank_folder, fees, reconciling: named for their jobs, which no page asks for
__all__ = [
    "bank_folder",
    "budget_import",
    "budget_opening",
    "fees",
    "init_app",
    "models",
    "reconciling",
]


def init_app(app: Flask) -> None:
    """Register the slice."""
    app.register_blueprint(blueprint)
