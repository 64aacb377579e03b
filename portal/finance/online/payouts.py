"""What Stripe pays out to HSV's bank: in transit until the bank statement shows it."""

from datetime import date, timedelta

from sqlalchemy import func, select

from portal.core.db import db, insert_if_absent, new_id
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.finance import ledger, payments
from portal.finance.ledger import Leg
from portal.finance.models import (
    EntryKind,
    LedgerAccount,
    LedgerEntry,
    LedgerLine,
    OnlinePayout,
    Payment,
    PaymentSource,
)
from portal.finance.online.facts import PayoutFact

NAME = "stripe"
EARLY, LATE = timedelta(days=3), timedelta(days=14)  # around the day Stripe says it arrives


def apply(fact: PayoutFact, on: date) -> None:
    """Take in what Stripe says of a payout, and book what follows."""
    insert_if_absent(
        OnlinePayout,
        id=new_id(),
        remote_id=fact.remote_id,
        cents=fact.cents,
        arrives_on=fact.arrives_on,
        paid=False,
        failed=False,
    )
    query = select(OnlinePayout).where(OnlinePayout.remote_id == fact.remote_id)
    locked = query.with_for_update().execution_options(populate_existing=True)
    payout = db.session.scalars(locked).one()
    payout.paid, payout.failed = payout.paid or fact.paid, payout.failed or fact.failed
    if not payout.paid:
        return
    booked = ledger.post(
        EntryKind.PAYOUT,
        f"stripe-payout:{fact.remote_id}",
        on,
        (Leg(LedgerAccount.TRANSIT, fact.cents), Leg(LedgerAccount.ONLINE, -fact.cents)),
        by=None,
    )
    if payout.failed:
        _reverse(payout)
    elif booked is not None:
        _find_at_bank(payout)


def match(payment: Payment) -> bool:
    """Settle money seen at the bank against the payout it is; say whether it is one.

    It names Stripe, has the amount of a payout not seen yet, and came around the day of arrival.
    """
    if payment.source != PaymentSource.BANK or not _names_stripe(payment):
        return False
    query = select(OnlinePayout).where(
        OnlinePayout.cents == payment.cents,
        OnlinePayout.paid,
        ~OnlinePayout.failed,
        OnlinePayout.arrives_on.between(payment.booked_on - LATE, payment.booked_on + EARLY),
    )
    for payout in db.session.scalars(query.order_by(OnlinePayout.arrives_on).with_for_update()):
        if not _was_seen(payout):
            settle(payout, payment, None)
            return True
    return False


def in_transit() -> list[OnlinePayout]:
    """Return what was paid out and not seen at the bank yet, the oldest first."""
    query = select(OnlinePayout).where(OnlinePayout.paid, ~OnlinePayout.failed)
    rows = db.session.scalars(query.order_by(OnlinePayout.arrives_on, OnlinePayout.id))
    return [payout for payout in rows if not _was_seen(payout)]


def _find_at_bank(payout: OnlinePayout) -> None:
    """Look for a payout that the bank showed before Stripe told of it."""
    query = select(Payment).where(
        Payment.source == PaymentSource.BANK,
        Payment.cents == payout.cents,
        Payment.booked_on.between(payout.arrives_on - EARLY, payout.arrives_on + LATE),
        ledger.rest_cents() == payout.cents,
    )
    for payment in db.session.scalars(query.order_by(Payment.booked_on, Payment.id)):
        if _names_stripe(payment):
            settle(payout, payment, None)
            return


def settle(payout: OnlinePayout, payment: Payment, by: Actor | None) -> None:
    """Set money seen at the bank against the payout it is, once. Raises DomainError."""
    db.session.refresh(payout, with_for_update=True)
    if _was_seen(payout):
        raise DomainError(N_("Deze uitbetaling werd al bij de bank gezien."))
    note = f"Stripe {payout.remote_id}"
    payments.place_elsewhere(payment, LedgerAccount.TRANSIT, payment.cents, by, note)
    payout.bank_payment_id = payment.id


def _names_stripe(payment: Payment) -> bool:
    return NAME in f"{payment.payer_name or ''} {payment.message or ''}".casefold()


def _was_seen(payout: OnlinePayout) -> bool:
    """Say whether a payment at the bank still stands for it: a person may have taken that back."""
    if payout.bank_payment_id is None:
        return False
    total = select(func.coalesce(func.sum(LedgerLine.cents), 0)).where(
        LedgerLine.account == LedgerAccount.TRANSIT,
        LedgerLine.payment_id == payout.bank_payment_id,
    )
    return bool(db.session.scalar(total))


def _reverse(payout: OnlinePayout) -> None:
    query = select(LedgerEntry).where(LedgerEntry.key == f"stripe-payout:{payout.remote_id}")
    entry = db.session.scalars(query).one()
    if not db.session.scalar(select(LedgerEntry.id).where(LedgerEntry.reverses_id == entry.id)):
        ledger.reverse(entry, None, "")
