"""Two payments online, booked as if Stripe had told of them: the demonstration has no keys.

Their ids say that they are of the demonstration.
"""

from datetime import date, timedelta

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.demo import past
from portal.finance.models import CheckoutState, Invoice
from portal.finance.online import bookings, checkout, payouts
from portal.finance.online.facts import PayoutFact, SessionFact

FEE_CENTS = 37  # what a payment with Bancontact may cost


def build(paid: str, under_way: str) -> None:
    """Pay two invoices, by a line of theirs: one is paid out already, one the bank works on."""
    today = clock.today()
    invoice = _about(paid)
    paid_on = today - timedelta(days=4)
    _pay(invoice, CheckoutState.PAID, paid_on)
    bookings.book_fee("txn_demo_1", FEE_CENTS, paid_on)
    left_on = today - timedelta(days=1)
    cents = invoice.total_cents - FEE_CENTS
    payouts.apply(PayoutFact("po_demo_1", cents, today, paid=True, failed=False), left_on)
    _pay(_about(under_way), CheckoutState.PROCESSING, today - timedelta(days=2))
    db.session.commit()


def _pay(invoice: Invoice, state: CheckoutState, on: date) -> None:
    with past.at(max(on, invoice.issued_on or on)):
        made = checkout.begin(invoice)
        fact = SessionFact(f"cs_demo_{made.id}", state, made.cents, made.id, f"pi_demo_{made.id}")
        checkout.apply(fact, clock.today())


def _about(words: str) -> Invoice:
    issued = db.session.scalars(select(Invoice).where(Invoice.number.is_not(None)))
    return next(one for one in issued if any(line.description == words for line in one.lines))
