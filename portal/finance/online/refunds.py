"""Giving money back online: asked here or on Stripe's site, booked when it goes out."""

from datetime import date

from sqlalchemy import func, select

from portal.core import audit, clock, outbox
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.money import euro
from portal.core.outbox import OutboxMessage, PermanentError, TryAgainError
from portal.core.permissions import Actor
from portal.finance.models import (
    Invoice,
    OnlineCheckout,
    OnlineDispute,
    OnlinePayment,
    OnlineRefund,
    Payment,
    RefundState,
)
from portal.finance.online import bookings, gateway, notices
from portal.finance.online.facts import RefundFact

KIND = "online_refund"
TOO_MUCH = N_("Van deze betaling kan nog %(left)s terug. Kies een bedrag daarbinnen.")


def online_of(payment: Payment) -> OnlinePayment | None:
    """Return what is known online of a payment that came in online; None for any other."""
    return db.session.scalar(select(OnlinePayment).where(OnlinePayment.payment_id == payment.id))


def payments_on(invoice: Invoice) -> list[Payment]:
    """Return what came in online for a document, the oldest first."""
    query = select(Payment).join(OnlinePayment, OnlinePayment.payment_id == Payment.id)
    made = query.join(OnlineCheckout).where(OnlineCheckout.invoice_id == invoice.id)
    return list(db.session.scalars(made.order_by(Payment.id)))


def of(online: OnlinePayment) -> list[OnlineRefund]:
    """Return what was given back of an online payment, or tried to, the oldest first."""
    query = select(OnlineRefund).where(OnlineRefund.online_payment_id == online.id)
    return list(db.session.scalars(query.order_by(OnlineRefund.id)))


def disputes_of(online: OnlinePayment) -> list[OnlineDispute]:
    """Return the disputes about an online payment, the oldest first."""
    query = select(OnlineDispute).where(OnlineDispute.online_payment_id == online.id)
    return list(db.session.scalars(query.order_by(OnlineDispute.id)))


def left_cents(online: OnlinePayment) -> int:
    """Return what can still be given back online, in cents."""
    given = select(func.coalesce(func.sum(OnlineRefund.cents), 0)).where(
        OnlineRefund.online_payment_id == online.id, OnlineRefund.state != RefundState.FAILED
    )
    taken = sum(cents for one in disputes_of(online) for cents, _fee, _on in one.movements.values())
    return max((online.cents or 0) - int(db.session.scalar(given) or 0) + min(taken, 0), 0)


def ask(actor: Actor, payment: Payment, cents: int, reason: str) -> OnlineRefund:
    """Put giving money back in line; the worker asks Stripe. Raises DomainError."""
    online = online_of(payment)
    if online is None:
        raise DomainError(N_("Deze betaling kwam niet online binnen."))
    online = bookings.hold(online.intent_id)
    left = left_cents(online)
    if not 0 < cents <= left:
        raise DomainError(TOO_MUCH, "cents", left=euro(left))
    refund = OnlineRefund(
        online_payment_id=online.id,
        cents=cents,
        state=RefundState.ASKED,
        reason=reason,
        account_id=actor.account_id,
        at=clock.now(),
    )
    db.session.add(refund)
    db.session.flush()
    outbox.enqueue(KIND, {"refund_id": refund.id}, key=f"{KIND}:{refund.id}")
    audit.record("payment:refund_online", payment, actor=actor)
    return refund


def apply(fact: RefundFact, on: date) -> None:
    """Take in what Stripe says of a refund, and book what follows."""
    online = bookings.hold(fact.intent_id)
    refund = _find(fact, online)
    if refund is None:
        refund = OnlineRefund(
            online_payment_id=online.id,
            cents=fact.cents,
            state=RefundState.ASKED,
            at=clock.now(),
        )
        db.session.add(refund)
    refund.remote_id = fact.remote_id
    if fact.went_out and refund.went_out_on is None:
        refund.went_out_on = on
    if fact.state.rank > refund.state.rank:
        refund.state = fact.state
    if db.session.is_modified(refund) or refund in db.session.new:
        bookings.bring_up_to_date(online)


@outbox.handler(KIND)
def _send(message: OutboxMessage) -> None:
    """Ask Stripe for a refund; asked again after a crash it is the same one."""
    refund_id = int(message.payload["refund_id"])
    refund = db.session.get_one(OnlineRefund, refund_id)
    intent_id, cents = refund.online_payment.intent_id, refund.cents
    done = refund.state != RefundState.ASKED
    db.session.rollback()  # nobody waits for the database while Stripe answers
    if done:
        return
    try:
        fact = gateway.refund(refund_id, intent_id, cents)
    except gateway.OutOfReachError as error:
        raise TryAgainError(N_("Stripe is niet bereikbaar.")) from error
    except gateway.RefusedError as error:
        _refused(refund_id, intent_id, str(error))
        raise PermanentError(str(error)) from error
    apply(fact, clock.today())


def _refused(refund_id: int, intent_id: str, why: str) -> None:
    online = bookings.hold(intent_id)
    refund = db.session.get_one(OnlineRefund, refund_id, populate_existing=True)
    refund.state, refund.problem = RefundState.FAILED, why
    if online.payment is not None and online.checkout is not None:
        notices.tell_refund_failed(refund, online.payment, online.checkout.invoice)
    db.session.commit()


def _find(fact: RefundFact, online: OnlinePayment) -> OnlineRefund | None:
    mine = select(OnlineRefund).where(OnlineRefund.online_payment_id == online.id)
    known = db.session.scalar(mine.where(OnlineRefund.remote_id == fact.remote_id))
    if known is None and fact.refund_id is not None:  # told before Stripe's answer was stored
        known = db.session.scalar(
            mine.where(OnlineRefund.id == fact.refund_id, OnlineRefund.remote_id.is_(None))
        )
    return known
