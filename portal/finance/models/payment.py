"""Money that came in or went out, as it was seen at the bank, online or by a person."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.crypto import Encrypted, EncryptedColumns
from portal.core.db import BigInt, Identified, Model, text_enum
from portal.core.i18n import N_
from portal.directory.models import Organisation


class PaymentSource(StrEnum):
    """Where a payment was seen."""

    BANK = "bank"
    ONLINE = "online"
    HAND = "hand"

    @property
    def label(self) -> str:
        """Return the Dutch word (a message id)."""
        return _SOURCES[self]


_SOURCES = {
    PaymentSource.BANK: N_("Bank"),
    PaymentSource.ONLINE: N_("Online"),
    PaymentSource.HAND: N_("Met de hand"),
}


class Payment(EncryptedColumns, Identified, Model):
    """One movement of money: in above 0, out below. It never changes; what it is for stands in
    the ledger.

    `key` says where it comes from, so that the same movement read twice is one row. Who paid and
    what was written along may be about a private person, and is sealed; `payer_index` finds
    earlier payments from the same account without opening any.
    """

    __tablename__ = "payment"
    reference: Mapped[str] = mapped_column(String(11), unique=True)
    source: Mapped[PaymentSource] = mapped_column(text_enum(PaymentSource))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    cents: Mapped[int] = mapped_column(BigInt)
    booked_on: Mapped[date] = mapped_column(Date)
    ogm: Mapped[str | None] = mapped_column(String(12))  # as it was read: twelve digits
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    payer_index: Mapped[bytes | None] = mapped_column(LargeBinary(16), index=True)
    reason: Mapped[str] = mapped_column(Text, default="")  # of one booked by hand
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]
    payer_name = Encrypted[str]()
    payer_iban = Encrypted[str]()
    message = Encrypted[str]()

    organisation: Mapped[Organisation | None] = relationship()
    __table_args__ = (
        CheckConstraint("cents <> 0", name="cents"),
        Index("ix_payment_booked_on", "booked_on", "id"),
    )
