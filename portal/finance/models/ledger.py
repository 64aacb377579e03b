"""The ledger: what every payment was for, in entries that balance and never change."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import BigInt, Identified, Model, text_enum
from portal.core.i18n import N_
from portal.finance.models.invoice import Invoice
from portal.finance.models.payment import Payment


class LedgerAccount(StrEnum):
    """Where an amount stands. The bookkeeper's codes for them are a setting of the journal."""

    BANK = "bank"
    ONLINE = "online"  # what the online provider holds for us
    TRANSIT = "transit"  # paid out by the provider, not seen at the bank yet
    UNMATCHED = "unmatched"  # received or paid, and not known what for
    DEBTORS = "debtors"
    FEES = "fees"
    OTHER = "other"  # not about an invoice: a gift, a mistake of the bank
    WRITTEN_OFF = "written_off"


class EntryKind(StrEnum):
    RECEIVED = "received"  # a payment, in or out
    ALLOCATED = "allocated"  # to an invoice
    SETTLED = "settled"  # money paid back, against the payment it came from
    ELSEWHERE = "elsewhere"  # costs, a payout of the provider, or not ours
    FEE = "fee"  # kept back by the provider
    PAYOUT = "payout"  # sent by the provider to our bank
    WRITTEN_OFF = "written_off"
    REVERSED = "reversed"

    @property
    def label(self) -> str:
        """Return what happened, in Dutch (a message id)."""
        return _KINDS[self]


_KINDS = {
    EntryKind.RECEIVED: N_("Ontvangen of betaald"),
    EntryKind.ALLOCATED: N_("Toegewezen aan een factuur"),
    EntryKind.SETTLED: N_("Verrekend met een terugbetaling"),
    EntryKind.ELSEWHERE: N_("Elders geboekt"),
    EntryKind.FEE: N_("Kosten van de betaaldienst"),
    EntryKind.PAYOUT: N_("Uitbetaald door de betaaldienst"),
    EntryKind.WRITTEN_OFF: N_("Afgeboekt"),
    EntryKind.REVERSED: N_("Tegengeboekt"),
}


class LedgerEntry(Identified, Model):
    """One booking. Its lines sum to nothing; it is undone by another one only."""

    __tablename__ = "ledger_entry"
    kind: Mapped[EntryKind] = mapped_column(text_enum(EntryKind))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    booked_on: Mapped[date] = mapped_column(Date, index=True)
    note: Mapped[str] = mapped_column(Text, default="")
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"), unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # None: the system
    at: Mapped[datetime]

    lines: Mapped[list["LedgerLine"]] = relationship(order_by="LedgerLine.id")
    reverses: Mapped["LedgerEntry | None"] = relationship(remote_side="LedgerEntry.id")


class LedgerLine(Identified, Model):
    """A part of an entry: debit above 0, credit below."""

    __tablename__ = "ledger_line"
    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entry.id"), index=True)
    account: Mapped[LedgerAccount] = mapped_column(text_enum(LedgerAccount))
    cents: Mapped[int] = mapped_column(BigInt)
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), index=True)
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"), index=True)

    payment: Mapped[Payment | None] = relationship()
    invoice: Mapped[Invoice | None] = relationship()
    __table_args__ = (
        CheckConstraint("cents <> 0", name="cents"),
        CheckConstraint("account <> 'debtors' OR invoice_id IS NOT NULL", name="debtors"),
        CheckConstraint("account <> 'unmatched' OR payment_id IS NOT NULL", name="unmatched"),
    )
