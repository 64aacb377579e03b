"""What the finance slice stores, a module per noun."""

from portal.finance.models.budget import (
    BOOKABLE,
    Booking,
    BookingDocument,
    BookingImport,
    BookingKind,
    Budget,
    BudgetEvent,
    BudgetLine,
    BudgetNotice,
    LineForecast,
    LineKind,
    YearStatus,
)
from portal.finance.models.delivery import DeliveryState, InvoiceDelivery
from portal.finance.models.invoice import (
    BilledInstalment,
    ConditionMet,
    Invoice,
    InvoiceEvent,
    InvoiceKind,
    InvoiceQuestion,
    InvoiceStatus,
)
from portal.finance.models.invoicing import (
    CHANNEL_LABELS,
    Channel,
    InvoicingDetails,
    InvoicingSettings,
    OrderNumber,
    VatCategory,
)
from portal.finance.models.ledger import EntryKind, LedgerAccount, LedgerEntry, LedgerLine
from portal.finance.models.pay_link import InvoicePayLink
from portal.finance.models.payment import Payment, PaymentSource
from portal.finance.models.statement import Statement, StatementEvent, StatementStatus

__all__ = [
    "BOOKABLE",
    "CHANNEL_LABELS",
    "BilledInstalment",
    "Booking",
    "BookingDocument",
    "BookingImport",
    "BookingKind",
    "Budget",
    "BudgetEvent",
    "BudgetLine",
    "BudgetNotice",
    "Channel",
    "ConditionMet",
    "DeliveryState",
    "EntryKind",
    "Invoice",
    "InvoiceDelivery",
    "InvoiceEvent",
    "InvoiceKind",
    "InvoicePayLink",
    "InvoiceQuestion",
    "InvoiceStatus",
    "InvoicingDetails",
    "InvoicingSettings",
    "LedgerAccount",
    "LedgerEntry",
    "LedgerLine",
    "LineForecast",
    "LineKind",
    "OrderNumber",
    "Payment",
    "PaymentSource",
    "Statement",
    "StatementEvent",
    "StatementStatus",
    "VatCategory",
    "YearStatus",
]
