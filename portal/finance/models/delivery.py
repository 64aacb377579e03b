"""How an issued invoice reaches its partner."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Identified, Model, text_enum
from portal.core.i18n import N_
from portal.finance.models.invoice import Invoice
from portal.finance.models.invoicing import Channel


class DeliveryState(StrEnum):
    WAITING = "waiting"
    HANDED_OVER = "handed_over"  # the access point or mail server has it
    DELIVERED = "delivered"  # the receiver's side confirmed it, or it was downloaded
    FAILED = "failed"

    @property
    def label(self) -> str:
        """Return the Dutch words (a message id)."""
        return _STATES[self][0]

    @property
    def tone(self) -> str:
        """Return how the badge looks."""
        return _STATES[self][1]


_STATES = {
    DeliveryState.WAITING: (N_("Te bezorgen"), "info"),
    DeliveryState.HANDED_OVER: (N_("Verzonden"), "success"),
    DeliveryState.DELIVERED: (N_("Bezorgd"), "success"),
    DeliveryState.FAILED: (N_("Niet bezorgd"), "danger"),
}


class InvoiceDelivery(Identified, Model):
    """One delivery of one document. `remote_id`: what the access point calls it, stored before
    it is told to send, so that a delivery resumed after a crash asks before it sends again.
    """

    __tablename__ = "invoice_delivery"
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    channel: Mapped[Channel | None] = mapped_column(text_enum(Channel))  # None: not decided yet
    route: Mapped[str] = mapped_column(String(30), default="")  # which adapter took it
    target: Mapped[str] = mapped_column(String(254), default="")
    state: Mapped[DeliveryState] = mapped_column(text_enum(DeliveryState))
    remote_id: Mapped[str | None] = mapped_column(String(120))
    problem: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime]
    handed_over_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    check_at: Mapped[datetime | None]  # when to ask how it went
    checks: Mapped[int] = mapped_column(default=0)

    invoice: Mapped[Invoice] = relationship()
    __table_args__ = (Index("ix_invoice_delivery_state", "state", "check_at"),)
