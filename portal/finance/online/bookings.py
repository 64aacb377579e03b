"""What the facts of one online payment mean in the ledger.

Whatever is known is booked, each thing once by its key, as soon as what it hangs on is known too;
so that any order and any repetition of the same facts ends the same.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.core.db import db, insert_if_absent, new_id
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.finance import ledger, payments
from portal.finance.ledger import Leg
from portal.finance.models import (
    EntryKind,
    Invoice,
    LedgerAccount,
    OnlineDispute,
    OnlinePayment,
    OnlineRefund,
    Payment,
    PaymentSource,
    RefundState,
)
from portal.finance.online import notices
from portal.finance.payments import Received

TRIES = 5


def hold(intent_id: str) -> OnlinePayment:
    """Return the row of an intent, new or not; whoever works on the same one waits."""
    insert_if_absent(OnlinePayment, id=new_id(), intent_id=intent_id)
    query = select(OnlinePayment).where(OnlinePayment.intent_id == intent_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def bring_up_to_date(online: OnlinePayment) -> None:
    """Book what is known of an online payment and was not booked. Hold it first."""
    db.session.flush()
    if online.checkout is None or online.paid_on is None:
        return  # its other facts wait until it is known what was paid
    invoice = online.checkout.invoice
    if online.payment_id is None:
        _book_payment(online, invoice, online.paid_on)
    payment = online.payment
    assert payment is not None
    for refund in _of(OnlineRefund, online):
        _book_refund(refund, payment, invoice)
    for dispute in _of(OnlineDispute, online):
        _book_dispute(dispute, payment, invoice)


def book_fee(remote_id: str, cents: int, on: date) -> None:
    """Book what Stripe kept (below 0: gave back), once for each movement on our balance."""
    if cents:
        legs = (Leg(LedgerAccount.FEES, cents), Leg(LedgerAccount.ONLINE, -cents))
        ledger.post(EntryKind.FEE, f"stripe-fee:{remote_id}", on, legs, by=None)


def payment_of(remote_id: str) -> Payment | None:
    """Return the payment that was booked for something at Stripe, by its id there."""
    return db.session.scalar(select(Payment).where(Payment.key == _key(remote_id)))


def _of(model: Any, online: OnlinePayment) -> Sequence[Any]:
    query = select(model).where(model.online_payment_id == online.id).order_by(model.id)
    return db.session.scalars(query).all()


def _book_payment(online: OnlinePayment, invoice: Invoice, on: date) -> None:
    assert online.cents is not None
    payment = _receive(online.intent_id, online.cents, on, invoice)
    online.payment_id, online.payment = payment.id, payment
    if not _place_in(payment, invoice):
        notices.tell_unplaced(payment, invoice)


def _book_refund(refund: OnlineRefund, payment: Payment, invoice: Invoice) -> None:
    if refund.went_out_on is None or refund.remote_id is None:
        return
    outgoing = payment_of(refund.remote_id)
    if outgoing is None:
        outgoing = _receive(refund.remote_id, -refund.cents, refund.went_out_on, invoice)
        _place_out(outgoing, payment)
    if refund.state == RefundState.FAILED and not payments.was_taken_back(outgoing):
        payments.take_back_payment(outgoing, None, N_("De terugbetaling is mislukt."))
        notices.tell_refund_failed(refund, payment, invoice)


def _book_dispute(dispute: OnlineDispute, payment: Payment, invoice: Invoice) -> None:
    if not dispute.told:
        notices.tell_disputed(dispute, payment, invoice)
        dispute.told = True
    for remote_id, (cents, fee_cents, day) in sorted(dispute.movements.items()):
        on = date.fromisoformat(day)
        book_fee(remote_id, fee_cents, on)
        if cents == 0 or payment_of(remote_id) is not None:
            continue
        moved = _receive(remote_id, cents, on, invoice)
        if cents < 0:
            _place_out(moved, payment)
        elif not _place_in(moved, invoice):
            notices.tell_unplaced(moved, invoice)


def _receive(remote_id: str, cents: int, on: date, invoice: Invoice) -> Payment:
    received = Received(
        source=PaymentSource.ONLINE,
        cents=cents,
        booked_on=on,
        key=_key(remote_id),
        ogm=invoice.ogm,
        organisation_id=invoice.organisation_id,
        account=LedgerAccount.ONLINE,
    )
    made = payments.receive(received, None)
    assert made is not None  # whoever holds the intent is the only one to book it
    return made


def _place_in(payment: Payment, invoice: Invoice) -> bool:
    """Place money on its invoice as far as something is open there; say whether all of it was.

    Somebody may place other money on the same invoice meanwhile: then look again.
    """
    for _ in range(TRIES):
        fits = min(payment.cents, payments.open_cents(invoice))
        if fits <= 0:
            return False
        try:
            payments.allocate(payment, invoice, fits, None)
        except DomainError:
            continue
        return fits == payment.cents
    return False


def _place_out(outgoing: Payment, incoming: Payment) -> None:
    """Place money given back: on what the payment still had left, then on what it had paid."""
    unplaced = min(-outgoing.cents, max(ledger.rest_of(incoming), 0))
    if unplaced:
        payments.settle(outgoing, incoming, unplaced, None)
    for entry, stands in reversed(payments.entries_of(incoming)):
        left = -ledger.rest_of(outgoing)
        if left == 0:
            return
        if not stands or entry.kind != EntryKind.ALLOCATED:
            continue
        for line in entry.lines:
            if line.invoice is not None:
                back = min(left, -line.cents, ledger.settled_of(line.invoice))
                if back > 0:
                    payments.allocate(outgoing, line.invoice, -back, None)
                    break


def _key(remote_id: str) -> str:
    return f"stripe:{remote_id}"
