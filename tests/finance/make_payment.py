"""Builders for payments: money that came in or went out."""

from datetime import date
from itertools import count
from typing import Any

from portal.core import clock
from portal.core.db import db
from portal.finance import payments
from portal.finance.models import Invoice, Payment, PaymentSource
from portal.finance.payments import Received
from tests.finance import make_finance

_keys = count(1)


def received(cents: int, *, on: date | None = None, **values: Any) -> Payment:
    """A payment that has no place yet; below 0: one that went out."""
    known: dict[str, Any] = {"source": PaymentSource.BANK, "key": f"test:{next(_keys)}"}
    seen = Received(cents=cents, booked_on=on or clock.today(), **{**known, **values})
    payment = payments.receive(seen, None)
    assert payment is not None
    db.session.commit()
    return payment


def paid(invoice: Invoice, cents: int | None = None, *, on: date | None = None) -> Payment:
    """A payment on an invoice: all that is open, or so much."""
    amount = payments.open_cents(invoice) if cents is None else cents
    payment = received(amount, on=on)
    payments.allocate(payment, invoice, amount, make_finance.finance_officer())
    db.session.commit()
    return payment
