"""Pages of the finance slice, a module per noun."""

from flask import Blueprint

blueprint = Blueprint("finance", __name__, template_folder="../templates")

from portal.finance.views import (  # noqa: E402
    billing,
    bookings,
    books,
    budgets,
    imports,
    invoice_steps,
    invoices,
    invoicing,
    online_refunds,
    pay,
    paying,
    reminder_rules,
    reminders,
    start,
    statements,
    stripe_webhook,
)

__all__ = [
    "billing",
    "blueprint",
    "bookings",
    "books",
    "budgets",
    "imports",
    "invoice_steps",
    "invoices",
    "invoicing",
    "online_refunds",
    "pay",
    "paying",
    "reminder_rules",
    "reminders",
    "start",
    "statements",
    "stripe_webhook",
]
