"""Setting out to pay a document online, and how that went.

Three steps, so that no transaction waits for Stripe: write down what is asked, ask Stripe (with a
key that makes one session of a double click), write down what it answered.
"""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select

from portal.core import clock, outbox
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.outbox import OutboxMessage, TryAgainError
from portal.finance import pay_links, payments
from portal.finance.models import CheckoutState, Invoice, OnlineCheckout
from portal.finance.online import bookings, gateway, notices
from portal.finance.online.facts import SessionFact
from portal.finance.online.gateway import Opened, Order

VALID = timedelta(hours=2)  # an amount shown is an amount that is still open
SHORTEST = timedelta(minutes=35)  # Stripe wants half an hour, and somebody must still pay
CLOSE = "online_close"
NOTHING_OPEN = N_("Er is niets meer te betalen: deze factuur is intussen betaald of gecrediteerd.")
UNDER_WAY = N_("Er is al een online betaling onderweg. Wacht tot de bank ze heeft uitgevoerd.")
UNAVAILABLE = N_(
    "Online betalen lukt nu niet. Betaal met een overschrijving, of probeer het straks opnieuw."
)
_PAYABLE = (CheckoutState.ASKED, CheckoutState.OPEN)


def begin(invoice: Invoice) -> OnlineCheckout:
    """Write down that a document is to be paid online: all that is open at this moment.

    A second click gets the same row. Raises DomainError when there is nothing to pay.
    """
    db.session.execute(select(Invoice.id).where(Invoice.id == invoice.id).with_for_update())
    cents = payments.open_cents(invoice) - processing_cents(invoice)
    if cents <= 0:
        raise DomainError(UNDER_WAY if processing_cents(invoice) else NOTHING_OPEN)
    payable = _payable(invoice)
    long_enough = clock.now() + SHORTEST
    same = [one for one in payable if one.cents == cents and one.expires_at > long_enough]
    chosen = same[0] if same else _new(invoice, cents)
    for other in payable:
        if other is not chosen:
            close_later(other)
    return chosen


def order_of(checkout: OnlineCheckout) -> Order:
    """Return what Stripe is asked for a checkout; the same every time."""
    invoice = checkout.invoice
    back = pay_links.url_of(invoice)
    return Order(
        checkout_id=checkout.id,
        key=checkout.key,
        title=invoice.kind.label,
        number=invoice.number or "",
        cents=checkout.cents,
        expires_at=checkout.expires_at,
        paid_url=f"{back}/bedankt",
        cancelled_url=f"{back}/onderbroken",
    )


def opened(checkout_id: int, answer: Opened) -> None:
    """Write down the session Stripe made. Only what it tells of it later, or when asked, can say
    that it was paid: that is booked.
    """
    checkout = _locked(checkout_id)
    if checkout is not None:
        checkout.remote_id, checkout.url = answer.fact.remote_id, answer.url or ""
        _move(checkout, CheckoutState.OPEN)


def refused(checkout_id: int) -> None:
    """Write down that Stripe would not make a session; a next click asks anew."""
    checkout = _locked(checkout_id)
    if checkout is not None:
        _move(checkout, CheckoutState.EXPIRED)


def apply(fact: SessionFact, on: date) -> bool:
    """Take in what Stripe says of a session, and book what follows. Returns False for a session
    that is not the portal's.
    """
    checkout_id = _find(fact)
    if checkout_id is None:
        return False
    online = bookings.hold(fact.intent_id) if fact.intent_id else None
    checkout = _locked(checkout_id)
    assert checkout is not None
    checkout.remote_id = fact.remote_id
    _move(checkout, fact.state)
    if online is not None:
        online.checkout_id, online.checkout = checkout.id, checkout
        if fact.state == CheckoutState.PAID and online.paid_on is None:
            online.cents, online.paid_on = fact.cents, on
        bookings.bring_up_to_date(online)
    return True


def processing_cents(invoice: Invoice) -> int:
    """Return what was agreed to online and may still come in, in cents."""
    query = select(func.coalesce(func.sum(OnlineCheckout.cents), 0)).where(
        OnlineCheckout.invoice_id == invoice.id, OnlineCheckout.state == CheckoutState.PROCESSING
    )
    return int(db.session.scalar(query) or 0)


def under_way_cents() -> ColumnElement[int]:
    """Return `processing_cents` of an Invoice, as a column."""
    total = select(func.coalesce(func.sum(OnlineCheckout.cents), 0)).where(
        OnlineCheckout.invoice_id == Invoice.id, OnlineCheckout.state == CheckoutState.PROCESSING
    )
    return total.correlate(Invoice).scalar_subquery()


def newest(invoice: Invoice) -> OnlineCheckout | None:
    """Return the last time somebody set out to pay a document online."""
    query = select(OnlineCheckout).where(OnlineCheckout.invoice_id == invoice.id)
    return db.session.scalar(query.order_by(OnlineCheckout.id.desc()).limit(1))


def close_later(checkout: OnlineCheckout) -> None:
    """Have the worker close a session in which another amount would be paid than is open."""
    if checkout.remote_id is None:
        return
    key = f"{CLOSE}:{checkout.id}"
    if not db.session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == key)):
        outbox.enqueue(CLOSE, {"remote_id": checkout.remote_id}, key=key)


@outbox.handler(CLOSE)
def _close(message: OutboxMessage) -> None:
    """Close a session; one that is over already needs nothing. The event that follows is noted."""
    try:
        gateway.close_session(str(message.payload["remote_id"]))
    except gateway.OutOfReachError as error:
        raise TryAgainError(N_("Stripe is niet bereikbaar.")) from error
    except gateway.RefusedError:
        return


def _payable(invoice: Invoice) -> list[OnlineCheckout]:
    """Return the checkouts in which one can still pay, the newest first."""
    query = select(OnlineCheckout).where(
        OnlineCheckout.invoice_id == invoice.id,
        OnlineCheckout.state.in_(_PAYABLE),
        OnlineCheckout.expires_at > clock.now(),
    )
    return list(db.session.scalars(query.order_by(OnlineCheckout.id.desc())))


def _new(invoice: Invoice, cents: int) -> OnlineCheckout:
    earlier = select(func.count()).select_from(OnlineCheckout)
    count = db.session.scalar(earlier.where(OnlineCheckout.invoice_id == invoice.id)) or 0
    attempt = count + 1
    now = clock.now()
    made = OnlineCheckout(
        invoice_id=invoice.id,
        cents=cents,
        attempt=attempt,
        key=f"pay-{invoice.id}-{cents}-{attempt}",
        state=CheckoutState.ASKED,
        created_at=now,
        expires_at=now + VALID,
    )
    made.invoice = invoice
    db.session.add(made)
    db.session.flush()
    return made


def _find(fact: SessionFact) -> int | None:
    query = select(OnlineCheckout.id)
    known = db.session.scalar(query.where(OnlineCheckout.remote_id == fact.remote_id))
    if known is None and fact.checkout_id is not None:  # told before Stripe's answer was stored
        known = db.session.scalar(
            query.where(OnlineCheckout.id == fact.checkout_id, OnlineCheckout.remote_id.is_(None))
        )
    return known


def _locked(checkout_id: int) -> OnlineCheckout | None:
    query = select(OnlineCheckout).where(OnlineCheckout.id == checkout_id).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True))


def _move(checkout: OnlineCheckout, state: CheckoutState) -> None:
    if state.rank <= checkout.state.rank:
        return
    checkout.state = state
    if state == CheckoutState.FAILED:
        notices.tell_not_paid(checkout)
