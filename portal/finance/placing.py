"""A person gives a payment its place: as suggested, on invoices, elsewhere, or takes that back."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from portal.core.db import db
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.core.references import read_reference
from portal.finance import ledger, payments, suggestions
from portal.finance.invoice_drafts import LETTER
from portal.finance.models import (
    EntryKind,
    Invoice,
    InvoiceStatus,
    LedgerAccount,
    LedgerEntry,
    Payment,
    PaymentSource,
)
from portal.finance.online import payouts

# Where money goes that is not about an invoice, in words (message ids).
PLACES = {
    LedgerAccount.FEES: N_("Bankkosten"),
    LedgerAccount.TRANSIT: N_("Uitbetaling van de online betaaldienst"),
    LedgerAccount.OTHER: N_("Niet voor een factuur: een gift, een vergissing, iets anders"),
}
# What a person may say by herself; which payout a movement is, is a suggestion.
BY_HAND = (LedgerAccount.FEES, LedgerAccount.OTHER)


def accept(payment: Payment, key: str, by: Actor) -> None:
    """Do what a suggestion says. Raises DomainError when it does not hold any more."""
    chosen = next((one for one in suggestions.suggest(payment) if one.key == key), None)
    if chosen is None:
        raise DomainError(N_("Dit voorstel klopt niet meer. Kijk na wat er intussen gebeurde."))
    if chosen.payout is not None:
        payouts.settle(chosen.payout, payment, by)
        return
    if chosen.incoming is not None:
        payments.settle(payment, chosen.incoming, chosen.cents, by)
        return
    for invoice, cents in sorted(chosen.parts, key=lambda part: part[0].id):
        payments.allocate(payment, invoice, cents, by)


def on_invoices(payment: Payment, parts: Sequence[tuple[str, int]], by: Actor, note: str) -> None:
    """Place amounts (above 0) on documents named by number, reference or communication.

    All or none; money out goes back on them. Raises DomainError on the row that is wrong.
    """
    sign = 1 if payment.cents > 0 else -1
    found = [(_named(name, row), cents * sign, row) for row, (name, cents) in enumerate(parts)]
    if not found:
        raise DomainError(N_("Vul minstens één document en een bedrag in."))
    for invoice, cents, row in sorted(found, key=lambda part: part[0].id):
        try:
            payments.allocate(payment, invoice, cents, by, note)
        except DomainError as error:
            field = f"rows-{row}-cents"
            raise DomainError(error.message, field, **error.values) from error


def _named(name: str, row: int) -> Invoice:
    digits = "".join(c for c in name if c.isdigit())
    reference = read_reference(LETTER, name) or ""
    named = or_(
        Invoice.number == name.strip().upper(),
        Invoice.reference == reference,
        Invoice.ogm == digits if len(digits) == 12 else Invoice.reference == reference,
    )
    query = select(Invoice).where(named, Invoice.status == InvoiceStatus.ISSUED)
    found = db.session.scalar(query)
    if found is None or found.kind.credits:
        message = N_("Er is geen uitgereikte factuur of schuldvordering “%(name)s”.")
        raise DomainError(message, f"rows-{row}-number", name=name)
    return found


def elsewhere(payment: Payment, account: LedgerAccount, cents: int, by: Actor, why: str) -> None:
    """Place an amount (above 0) of a payment on what is no invoice. Raises DomainError."""
    if account not in BY_HAND:
        raise ValueError(f"no person places money on {account}")
    sign = 1 if payment.cents > 0 else -1
    payments.place_elsewhere(payment, account, cents * sign, by, why)


def entry_of(payment: Payment, entry_id: int) -> LedgerEntry:
    """Return an entry of this payment that can be taken back. Raises NotFoundError."""
    for entry, stands in payments.entries_of(payment):
        if entry.id == entry_id and stands and may_take_back(payment, entry):
            return entry
    raise NotFoundError()


def may_take_back(payment: Payment, entry: LedgerEntry) -> bool:
    """Say whether a person may undo this. That a bank or provider moved money is no opinion."""
    return entry.kind != EntryKind.RECEIVED or payment.source == PaymentSource.HAND


def take_back(payment: Payment, entry: LedgerEntry, by: Actor, why: str) -> None:
    """Undo where a payment was placed; of one booked by hand, its receipt undoes all of it."""
    if entry.kind == EntryKind.RECEIVED:
        payments.take_back_payment(payment, by, why)
    else:
        payments.take_back(entry, by, why)


def rest(payment: Payment) -> int:
    """Return what of a payment has no place yet, in cents with its sign."""
    return ledger.rest_of(payment)
