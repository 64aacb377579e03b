"""What the finance slice stores, a module per noun."""

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

__all__ = [
    "CHANNEL_LABELS",
    "BilledInstalment",
    "Channel",
    "ConditionMet",
    "DeliveryState",
    "Invoice",
    "InvoiceDelivery",
    "InvoiceEvent",
    "InvoiceKind",
    "InvoiceQuestion",
    "InvoiceStatus",
    "InvoicingDetails",
    "InvoicingSettings",
    "OrderNumber",
    "VatCategory",
]
