"""What a payment is for at once: the invoice whose structured communication it carries."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from portal.core.db import db
from portal.finance import payment_state
from portal.finance.models import Invoice


@dataclass
class Payable:
    """An invoice and what is still to be paid of it, while payments are placed in their turn."""

    invoice: Invoice
    open_cents: int

    def take(self, cents: int) -> tuple[Invoice | None, int]:
        """Return the invoice and what of this amount it takes; the rest waits for a person."""
        placed = min(cents, self.open_cents)
        if placed <= 0:
            return None, 0
        self.open_cents -= placed
        return self.invoice, placed


def payable(ogms: Iterable[str], *, hold: bool = False) -> dict[str, Payable]:
    """Return the issued invoices and claims with these communications.

    hold: wait for whoever places money on them now, each in the order of its id.
    """
    wanted = sorted(ogms)
    if not wanted:
        return {}
    if hold:
        rows = select(Invoice.id).where(Invoice.ogm.in_(wanted)).order_by(Invoice.id)
        db.session.execute(rows.with_for_update())
    query = select(Invoice, payment_state.open_cents()).where(
        Invoice.ogm.in_(wanted), payment_state.asks_money()
    )
    found = db.session.execute(query).all()
    return {str(invoice.ogm): Payable(invoice, int(left)) for invoice, left in found}
