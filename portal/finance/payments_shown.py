"""What an invoice page says about money: to HSV every booking, to a partner what counts."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext

from portal.core import clock
from portal.core.permissions import Actor, Permission
from portal.finance import ledger, payment_state, payments
from portal.finance.models import EntryKind, Invoice, InvoiceStatus, LedgerEntry
from portal.finance.payment_state import PaymentState


@dataclass(frozen=True)
class Row:
    """One booking: in above 0, paid back or undone below. `entry_id`: if it can be undone."""

    on: date
    label: str
    cents: int
    note: str = ""
    entry_id: int | None = None


@dataclass(frozen=True)
class Paid:
    """How far a document is paid, in cents, and by what."""

    state: PaymentState
    settled_cents: int
    open_cents: int
    rows: tuple[Row, ...]


def of(invoice: Invoice, actor: Actor) -> Paid | None:
    """Return how far a document is paid; None for a draft or a credit note."""
    if invoice.status != InvoiceStatus.ISSUED or invoice.kind.credits or invoice.due_on is None:
        return None
    left, settled = payments.open_cents(invoice), ledger.settled_of(invoice)
    manages = actor.can(Permission.PAYMENT_MANAGE)
    found = payments.entries_on(invoice)
    rows = tuple(
        _row(invoice, entry, stands, manages) for entry, stands in found if stands or manages
    )
    state = payment_state.state_of(left, settled, invoice.due_on, clock.today())
    return Paid(state, settled, left, rows)


def _row(invoice: Invoice, entry: LedgerEntry, stands: bool, manages: bool) -> Row:
    own = [line for line in entry.lines if line.invoice_id == invoice.id]
    cents = -sum(line.cents for line in own)
    payment = next((line.payment for line in own if line.payment), None)
    return Row(
        on=entry.booked_on if payment is None or entry.reverses_id else payment.booked_on,
        label=_label(entry, cents, manages),
        cents=cents,
        note=entry.note if manages else "",
        entry_id=entry.id if stands and manages else None,
    )


def _label(entry: LedgerEntry, cents: int, manages: bool) -> str:
    if entry.kind == EntryKind.ALLOCATED:
        return gettext("Betaling ontvangen") if cents > 0 else gettext("Terugbetaald")
    if entry.kind == EntryKind.WRITTEN_OFF and not manages:
        return gettext("Niet meer te betalen")
    return gettext(entry.kind.label)
