"""Pages of the finance slice, a module per noun."""

from flask import Blueprint

blueprint = Blueprint("finance", __name__, template_folder="../templates")

from portal.finance.views import (  # noqa: E402
    bank_files,
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
    payments,
    reminder_rules,
    reminders,
    start,
    statements,
    stripe_webhook,
)

__all__ = [
    "bank_files",
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
    "payments",
    "reminder_rules",
    "reminders",
    "start",
    "statements",
    "stripe_webhook",
]
