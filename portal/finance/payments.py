"""Money received and paid back: booked once, placed on what it is for, undone by counter-booking.

Whoever places money holds the payments first, then the invoices, each in the order of their ids,
so that two people placing the same money wait for each other and never for ever.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, inspect, select

from portal.core import audit, clock
from portal.core.crypto import keyring
from portal.core.db import db, insert_if_absent, new_id
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.money import euro
from portal.core.permissions import Actor
from portal.core.references import new_reference, read_reference
from portal.finance import ledger
from portal.finance.ledger import Leg
from portal.finance.models import (
    EntryKind,
    Invoice,
    InvoiceStatus,
    LedgerAccount,
    LedgerEntry,
    LedgerLine,
    Payment,
    PaymentSource,
)

LETTER = "P"
ELSEWHERE = (LedgerAccount.FEES, LedgerAccount.OTHER, LedgerAccount.TRANSIT)


@dataclass(frozen=True)
class Received:
    """A movement of money as it was seen: in above 0, out below.

    `key` names it at its source; `account` is where the money is now.
    """

    source: PaymentSource
    cents: int
    booked_on: date
    key: str
    ogm: str | None = None
    payer_name: str = ""
    payer_iban: str = ""
    message: str = ""
    organisation_id: int | None = None
    reason: str = ""
    account: LedgerAccount = LedgerAccount.BANK


def receive(received: Received, by: Actor | None) -> Payment | None:
    """Book a movement; None when it was booked before. It has no place yet."""
    payment = _insert(received, by)
    if payment is None:
        return None
    legs = (
        Leg(received.account, received.cents, payment_id=payment.id),
        Leg(LedgerAccount.UNMATCHED, -received.cents, payment_id=payment.id),
    )
    ledger.post(EntryKind.RECEIVED, f"payment:{payment.id}", received.booked_on, legs, by=by)
    audit.record("payment:received", payment, actor=by)
    return payment


def _insert(received: Received, by: Actor | None) -> Payment | None:
    payment = Payment(
        reference=new_reference(LETTER),
        source=received.source,
        key=received.key,
        cents=received.cents,
        booked_on=received.booked_on,
        ogm=received.ogm,
        organisation_id=received.organisation_id,
        payer_index=payer_index(received.payer_iban) if received.payer_iban else None,
        reason=received.reason,
        account_id=by.account_id if by else None,
        recorded_at=clock.now(),
    )
    payment.payer_name, payment.payer_iban = received.payer_name, received.payer_iban
    payment.message = received.message
    values = {c.key: getattr(payment, c.key) for c in inspect(Payment).column_attrs}
    if insert_if_absent(Payment, **values):
        return db.session.get_one(Payment, payment.id)
    known = select(Payment.id).where(Payment.key == received.key)
    if db.session.scalar(known) is None:
        return _insert(received, by)  # its reference was taken, not its key
    return None


def payer_index(iban: str) -> bytes:
    """Return what is equal for payments from the same account."""
    return keyring().index(iban.replace(" ", "").upper(), "payment.payer_iban")


def find(reference: str) -> Payment:
    """Return a payment by its reference. Raises NotFoundError."""
    read = read_reference(LETTER, reference)
    found = db.session.scalar(select(Payment).where(Payment.reference == read)) if read else None
    if found is None:
        raise NotFoundError()
    return found


def credited_of(invoice: Invoice) -> int:
    """Return what was taken back of an invoice by issued credit notes, in cents."""
    taken = select(func.coalesce(func.sum(Invoice.total_cents), 0)).where(
        Invoice.credits_id == invoice.id, Invoice.status == InvoiceStatus.ISSUED
    )
    return int(db.session.scalar(taken) or 0)


def open_cents(invoice: Invoice) -> int:
    """Return what is still to be paid of an issued invoice; below 0: what HSV must pay back."""
    return invoice.total_cents - credited_of(invoice) - ledger.settled_of(invoice)


def allocate(
    payment: Payment, invoice: Invoice, cents: int, by: Actor | None, note: str = ""
) -> LedgerEntry:
    """Place (part of) a payment on an invoice; `cents` has the sign of the payment.

    Money in: never more than what has no place yet, nor than what is open. Money out: back to a
    partner, never more than was paid on this invoice. Raises DomainError.
    """
    _hold(payment)
    _hold_invoice(invoice)
    _expect_rest(payment, cents)
    if cents > 0 and cents > (left := open_cents(invoice)):
        message = N_("Op %(number)s is nog %(left)s te betalen. Maak het bedrag kleiner.")
        raise DomainError(message, "cents", number=invoice.number, left=euro(max(left, 0)))
    if cents < 0 and -cents > (paid := ledger.settled_of(invoice)):
        message = N_("Op %(number)s werd %(paid)s betaald. Meer kan er niet terug.")
        raise DomainError(message, "cents", number=invoice.number, paid=euro(paid))
    legs = (
        Leg(LedgerAccount.UNMATCHED, cents, payment_id=payment.id),
        Leg(LedgerAccount.DEBTORS, -cents, payment_id=payment.id, invoice_id=invoice.id),
    )
    return _post(EntryKind.ALLOCATED, legs, by, note)


def settle(outgoing: Payment, incoming: Payment, cents: int, by: Actor | None) -> LedgerEntry:
    """Set money paid back (`cents` above 0) against what it came from. Raises DomainError."""
    _hold(outgoing, incoming)
    _expect_rest(outgoing, -cents)
    _expect_rest(incoming, cents)
    legs = (
        Leg(LedgerAccount.UNMATCHED, cents, payment_id=incoming.id),
        Leg(LedgerAccount.UNMATCHED, -cents, payment_id=outgoing.id),
    )
    return _post(EntryKind.SETTLED, legs, by, "")


def place_elsewhere(
    payment: Payment, account: LedgerAccount, cents: int, by: Actor | None, note: str
) -> LedgerEntry:
    """Place (part of) a payment on what is no invoice; `cents` has its sign. Raises DomainError."""
    if account not in ELSEWHERE:
        raise ValueError(f"no place for a payment: {account}")
    _hold(payment)
    _expect_rest(payment, cents)
    legs = (
        Leg(LedgerAccount.UNMATCHED, cents, payment_id=payment.id),
        Leg(account, -cents, payment_id=payment.id),
    )
    return _post(EntryKind.ELSEWHERE, legs, by, note)


def write_off(invoice: Invoice, cents: int, by: Actor, reason: str) -> LedgerEntry:
    """Give up (part of) what is open on an invoice, for a reason. Raises DomainError."""
    _hold_invoice(invoice)
    left = open_cents(invoice)
    if not 0 < cents <= left:
        message = N_("Er staat %(left)s open. Kies een bedrag daarbinnen.")
        raise DomainError(message, "cents", left=euro(max(left, 0)))
    legs = (
        Leg(LedgerAccount.WRITTEN_OFF, cents),
        Leg(LedgerAccount.DEBTORS, -cents, invoice_id=invoice.id),
    )
    return _post(EntryKind.WRITTEN_OFF, legs, by, reason)


def take_back(entry: LedgerEntry, by: Actor | None, reason: str) -> LedgerEntry:
    """Undo one entry by a counter-booking. Raises DomainError when what stands would not add up."""
    payments = {line.payment_id: line.payment for line in entry.lines if line.payment}
    invoices = {line.invoice_id: line.invoice for line in entry.lines if line.invoice}
    _hold(*payments.values())
    for invoice_id in sorted(key for key in invoices if key is not None):
        _hold_invoice(invoices[invoice_id])
    if entry.kind == EntryKind.RECEIVED and any(
        ledger.rest_of(payment) != payment.cents for payment in payments.values()
    ):
        raise DomainError(N_("Deze betaling heeft al een plaats. Boek eerst dat tegen."))
    made = ledger.reverse(entry, by, reason)
    for invoice in invoices.values():
        if ledger.settled_of(invoice) < 0:
            message = N_("Op %(number)s werd al terugbetaald. Boek eerst dat tegen.")
            raise DomainError(message, number=invoice.number)
    return made


def take_back_payment(payment: Payment, by: Actor | None, reason: str) -> None:
    """Undo all that was done with a payment, and the payment itself: it bounced, or never was.

    Raises DomainError when it was undone before.
    """
    _hold(payment)
    standing = [entry for entry, stands in entries_of(payment) if stands]
    if not standing:
        raise DomainError(N_("Dit werd al tegengeboekt."))
    for entry in reversed(standing):
        take_back(entry, by, reason)
    audit.record("payment:taken_back", payment, actor=by)


def was_taken_back(payment: Payment) -> bool:
    """Say whether a payment was undone as a whole."""
    return not any(
        stands for entry, stands in entries_of(payment) if entry.kind == EntryKind.RECEIVED
    )


def entries_of(payment: Payment) -> list[tuple[LedgerEntry, bool]]:
    """Return the entries a payment is in, oldest first, and whether each still stands."""
    return ledger.entries(LedgerLine.payment_id == payment.id)


def entries_on(invoice: Invoice) -> list[tuple[LedgerEntry, bool]]:
    """Return the entries on an invoice, oldest first, and whether each still stands."""
    return ledger.entries(LedgerLine.invoice_id == invoice.id)


def _post(kind: EntryKind, legs: tuple[Leg, ...], by: Actor | None, note: str) -> LedgerEntry:
    made = ledger.post(kind, f"{kind}:{new_id()}", clock.today(), legs, by=by, note=note)
    assert made is not None  # its key is new
    return made


def _expect_rest(payment: Payment, cents: int) -> None:
    """Raise DomainError unless a payment has this much without a place; both have one sign."""
    rest = ledger.rest_of(payment)
    if cents == 0 or (cents > 0) != (rest > 0) or abs(cents) > abs(rest):
        message = N_("Van deze betaling is nog %(rest)s te plaatsen. Kies een bedrag daarbinnen.")
        raise DomainError(message, "cents", rest=euro(rest))


def _hold(*found: Payment) -> None:
    """Wait for whoever places these payments now."""
    ids = sorted(payment.id for payment in found)
    query = select(Payment.id).where(Payment.id.in_(ids)).order_by(Payment.id)
    db.session.execute(query.with_for_update())


def _hold_invoice(invoice: Invoice) -> None:
    """Wait for whoever places money on this invoice, or credits it. Raises DomainError."""
    db.session.execute(select(Invoice.id).where(Invoice.id == invoice.id).with_for_update())
    if invoice.status != InvoiceStatus.ISSUED or invoice.kind.credits:
        raise DomainError(N_("Alleen een uitgereikte factuur of schuldvordering wordt betaald."))
