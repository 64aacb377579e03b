"""What Stripe keeps for itself: asked for, because events do not say it."""

from datetime import UTC, datetime, timedelta
from datetime import time as wall_time

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.core.jobs import periodic
from portal.finance.models import EntryKind, LedgerEntry, OnlineCheckout
from portal.finance.online import bookings, gateway

OVERLAP = timedelta(days=3)
OWN_COSTS = ("stripe_fee", "stripe_fx_fee", "tax_fee")  # bills of Stripe itself, below 0


@periodic(timedelta(hours=6))
def book() -> None:
    """Book the fees Stripe kept since the last ones, each once."""
    since = _since()
    if not gateway.in_use() or since is None:
        return
    found = list(gateway.transactions_since(since))
    for one in found:
        cents = one.fee_cents - (one.cents if one.type in OWN_COSTS else 0)
        bookings.book_fee(one.remote_id, cents, clock.local(one.at).date())


def _since() -> datetime | None:
    """Return from when on to ask: somewhat before the last fee, else the first checkout."""
    fees = select(func.max(LedgerEntry.booked_on)).where(LedgerEntry.kind == EntryKind.FEE)
    last = db.session.scalar(fees)
    first = db.session.scalar(select(func.min(OnlineCheckout.created_at)))
    db.session.rollback()  # no transaction waits while Stripe answers
    if last is not None:
        return datetime.combine(last, wall_time(), UTC) - OVERLAP
    return first
