"""What a payment's page says was done with it."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext

from portal.finance import payments, placing
from portal.finance.models import (
    EntryKind,
    Invoice,
    LedgerAccount,
    LedgerEntry,
    LedgerLine,
    Payment,
)
from portal.finance.placing import PLACES


@dataclass(frozen=True)
class Row:
    """One booking of a payment. cents: what of it got a place, with the payment's sign.

    other: the payment it was set against. entry_id: when a person may undo it.
    """

    on: date
    label: str
    cents: int
    note: str
    stands: bool
    entry_id: int | None
    invoice: Invoice | None = None
    other: Payment | None = None


def history(payment: Payment, only: LedgerEntry | None = None) -> list[Row]:
    """Return what was booked of a payment, oldest first; `only`: this one entry."""
    found = payments.entries_of(payment)
    return [
        _row(payment, entry, stands)
        for entry, stands in found
        if only is None or entry.id == only.id
    ]


def _row(payment: Payment, entry: LedgerEntry, stands: bool) -> Row:
    waiting = [x for x in entry.lines if x.account == LedgerAccount.UNMATCHED]
    own = sum(x.cents for x in waiting if x.payment_id == payment.id)
    beside = [x for x in entry.lines if x not in waiting or x.payment_id != payment.id]
    undoable = stands and placing.may_take_back(payment, entry)
    return Row(
        on=entry.booked_on,
        label=_label(entry, beside),
        cents=-own if entry.kind == EntryKind.RECEIVED else own,
        note=entry.note,
        stands=stands,
        entry_id=entry.id if undoable else None,
        invoice=next((x.invoice for x in beside if x.invoice), None),
        other=next((x.payment for x in beside if x.payment_id not in (None, payment.id)), None),
    )


def _label(entry: LedgerEntry, beside: list[LedgerLine]) -> str:
    if entry.kind == EntryKind.ELSEWHERE:
        return gettext(PLACES[beside[0].account])
    return gettext(entry.kind.label)
