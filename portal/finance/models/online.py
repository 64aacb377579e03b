"""What the portal knows of payments online: what it asked for, and what the provider told.

Nothing here is a booking: those stand in the ledger. Nothing is about a person either: who paid,
and with which card or account, stays with the provider.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.crypto import Encrypted, EncryptedColumns
from portal.core.db import BigInt, Identified, Model, text_enum
from portal.core.i18n import N_
from portal.finance.models.invoice import Invoice
from portal.finance.models.payment import Payment


class CheckoutState(StrEnum):
    """How far a checkout is. What is known of one only ever moves it down this list."""

    ASKED = "asked"  # written here; the provider may not know of it yet
    OPEN = "open"
    EXPIRED = "expired"
    PROCESSING = "processing"  # agreed to; the money comes in some days, or does not
    FAILED = "failed"
    PAID = "paid"

    @property
    def rank(self) -> int:
        """Return its place in the list: of two things known the higher one holds."""
        return list(CheckoutState).index(self)


class OnlineCheckout(EncryptedColumns, Identified, Model):
    """One time somebody set out to pay a document online.

    key: the same for a second click, so that the provider makes one session of both.
    """

    __tablename__ = "online_checkout"
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    cents: Mapped[int] = mapped_column(BigInt)
    attempt: Mapped[int]
    key: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[CheckoutState] = mapped_column(text_enum(CheckoutState))
    remote_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    url = Encrypted[str]()  # where one pays: whoever has it could

    invoice: Mapped[Invoice] = relationship()
    __table_args__ = (Index("ix_online_checkout_state", "state", "expires_at"),)


class OnlinePayment(Identified, Model):
    """What the provider calls a payment intent: that on which refunds and disputes hang.

    checkout_id None: something was told of it before its checkout was. payment_id: as booked.
    """

    __tablename__ = "online_payment"
    intent_id: Mapped[str] = mapped_column(String(120), unique=True)
    checkout_id: Mapped[int | None] = mapped_column(ForeignKey("online_checkout.id"), index=True)
    cents: Mapped[int | None] = mapped_column(BigInt)
    paid_on: Mapped[date | None] = mapped_column(Date)
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), unique=True)

    checkout: Mapped[OnlineCheckout | None] = relationship()
    payment: Mapped[Payment | None] = relationship()


class RefundState(StrEnum):
    """How far a refund is; what is known only ever moves it down this list."""

    ASKED = "asked"
    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"

    @property
    def rank(self) -> int:
        """Return its place in the list: of two things known the higher one holds."""
        return list(RefundState).index(self)

    @property
    def label(self) -> str:
        """Return the Dutch words (a message id)."""
        return _REFUNDS[self][0]

    @property
    def tone(self) -> str:
        """Return how the badge looks."""
        return _REFUNDS[self][1]


_REFUNDS = {
    RefundState.ASKED: (N_("Aangevraagd"), "info"),
    RefundState.PENDING: (N_("Onderweg"), "info"),
    RefundState.DONE: (N_("Terugbetaald"), "success"),
    RefundState.FAILED: (N_("Mislukt"), "danger"),
}


class OnlineRefund(Identified, Model):
    """Money given back online, by HSV here (account_id) or on the provider's own site (None).

    went_out_on: the day the money left us, so that it must come back when the refund fails.
    """

    __tablename__ = "online_refund"
    online_payment_id: Mapped[int] = mapped_column(ForeignKey("online_payment.id"), index=True)
    cents: Mapped[int] = mapped_column(BigInt)
    state: Mapped[RefundState] = mapped_column(text_enum(RefundState))
    went_out_on: Mapped[date | None] = mapped_column(Date)
    remote_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    problem: Mapped[str] = mapped_column(Text, default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]

    online_payment: Mapped[OnlinePayment] = relationship()


class DisputeState(StrEnum):
    """How far a dispute is; what is known only ever moves it down this list."""

    OPEN = "open"
    LOST = "lost"
    WON = "won"

    @property
    def rank(self) -> int:
        """Return its place in the list: of two things known the higher one holds."""
        return list(DisputeState).index(self)


class OnlineDispute(Identified, Model):
    """A payer who asked the money back from the bank.

    movements: what the provider took or gave back for it, {its id: [cents, fee in cents, day]}.
    """

    __tablename__ = "online_dispute"
    online_payment_id: Mapped[int] = mapped_column(ForeignKey("online_payment.id"), index=True)
    remote_id: Mapped[str] = mapped_column(String(120), unique=True)
    cents: Mapped[int] = mapped_column(BigInt)
    state: Mapped[DisputeState] = mapped_column(text_enum(DisputeState))
    movements: Mapped[dict[str, Any]] = mapped_column(JSON)
    told: Mapped[bool] = mapped_column(default=False)  # HSV's finance officers know of it
    at: Mapped[datetime]


class OnlinePayout(Identified, Model):
    """What the provider paid out to HSV's bank account. bank_payment_id: as it was seen there."""

    __tablename__ = "online_payout"
    remote_id: Mapped[str] = mapped_column(String(120), unique=True)
    cents: Mapped[int] = mapped_column(BigInt)
    arrives_on: Mapped[date] = mapped_column(Date)
    paid: Mapped[bool] = mapped_column(default=False)
    failed: Mapped[bool] = mapped_column(default=False)
    bank_payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), index=True)


class StripeEvent(Model):
    """An event the provider sent, once, with what of it matters here (no name, no account)."""

    __tablename__ = "stripe_event"
    event_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    happened_at: Mapped[datetime]
    received_at: Mapped[datetime]
    fact_json: Mapped[dict[str, Any]] = mapped_column(JSON)
    applied_at: Mapped[datetime | None] = mapped_column(index=True)
    problem: Mapped[str] = mapped_column(String(60), default="")
