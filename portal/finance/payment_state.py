"""How far an issued invoice is paid: worked out of the ledger each time, kept nowhere."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, not_, select
from sqlalchemy.orm import aliased

from portal.core.i18n import N_
from portal.finance import ledger
from portal.finance.models import Invoice, InvoiceKind, InvoiceStatus

CREDITING = (InvoiceKind.CREDIT_NOTE, InvoiceKind.CLAIM_REDUCTION)


class PaymentState(StrEnum):
    OPEN = "open"
    PARTLY_PAID = "partly_paid"
    OVERDUE = "overdue"
    PAID = "paid"
    CREDITED = "credited"
    OVERPAID = "overpaid"

    @property
    def label(self) -> str:
        """Return the Dutch words (a message id)."""
        return _STATES[self][0]

    @property
    def tone(self) -> str:
        """Return how the badge looks."""
        return _STATES[self][1]


_STATES = {
    PaymentState.OPEN: (N_("Te betalen"), "info"),
    PaymentState.PARTLY_PAID: (N_("Deels betaald"), "info"),
    PaymentState.OVERDUE: (N_("Vervallen"), "danger"),
    PaymentState.PAID: (N_("Betaald"), "success"),
    PaymentState.CREDITED: (N_("Gecrediteerd"), "neutral"),
    PaymentState.OVERPAID: (N_("Terug te betalen"), "warning"),
}


def state_of(open_cents: int, settled_cents: int, due_on: date, today: date) -> PaymentState:
    """Return the state of an issued invoice or claim; it is overdue from the day after `due_on`.

    A part that was paid does not hide that the rest is late.
    """
    if open_cents < 0:
        return PaymentState.OVERPAID
    if open_cents == 0:
        return PaymentState.PAID if settled_cents > 0 else PaymentState.CREDITED
    if due_on < today:
        return PaymentState.OVERDUE
    return PaymentState.PARTLY_PAID if settled_cents > 0 else PaymentState.OPEN


def asks_money() -> ColumnElement[bool]:
    """Return the condition for documents that ask for money: issued, and no credit notes."""
    return and_(Invoice.status == InvoiceStatus.ISSUED, Invoice.kind.not_in(CREDITING))


def credited_cents() -> ColumnElement[int]:
    """Return what was taken back of an Invoice by issued credit notes, as a column."""
    note = aliased(Invoice)
    taken = select(func.coalesce(func.sum(note.total_cents), 0)).where(
        note.credits_id == Invoice.id, note.status == InvoiceStatus.ISSUED
    )
    return taken.correlate(Invoice).scalar_subquery()


def open_cents() -> ColumnElement[int]:
    """Return what is still to be paid of an Invoice that asks for money, as a column."""
    return Invoice.total_cents - credited_cents() - ledger.settled_cents()


def column(today: date) -> ColumnElement[Any]:
    """Return the state of an Invoice as a column, as `state_of` has it; None if it asks nothing."""
    settled, still_open = ledger.settled_cents(), open_cents()
    return case(
        (not_(asks_money()), None),
        (still_open < 0, PaymentState.OVERPAID.value),
        (and_(still_open == 0, settled > 0), PaymentState.PAID.value),
        (still_open == 0, PaymentState.CREDITED.value),
        (Invoice.due_on < today, PaymentState.OVERDUE.value),
        (settled > 0, PaymentState.PARTLY_PAID.value),
        else_=PaymentState.OPEN.value,
    )
