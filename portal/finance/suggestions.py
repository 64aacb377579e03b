"""Where a payment that waits may belong: nothing is placed before a person says so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from sqlalchemy import ColumnElement, or_, select

from portal.core.db import db
from portal.core.i18n import N_
from portal.directory.folding import fold
from portal.directory.models import Organisation
from portal.finance import ledger, payment_state
from portal.finance.banking import communication
from portal.finance.matching import Payable
from portal.finance.models import Invoice, LedgerLine, OnlinePayout, Payment, PaymentSource
from portal.finance.online import payouts

MOST_OPEN = 14  # invoices of one partner among which a sum is looked for
MOST_TOGETHER = 5  # of them paid by one transfer
MOST_SUGGESTIONS = 4
_NUMBER = re.compile(r"\b([A-Z][A-Z0-9]{0,4}) ?([0-9]{4})[-/ ]?([0-9]{4,5})\b")

SAID = N_("De mededeling noemt dit document.")
NUMBERS = N_("De tekst noemt deze documenten.")
SAME_ACCOUNT = N_("Van deze rekening werd voor deze partner al betaald, en het bedrag klopt.")
SAME_NAME = N_("De naam is die van deze partner, en het bedrag klopt.")
SAME_AMOUNT = N_("Dit is het enige document waarop precies dit bedrag openstaat.")
TOGETHER = N_("Deze documenten van de partner zijn samen precies dit bedrag.")
PAID_BACK = N_(
    "Dit bedrag staat nog op een betaling van dezelfde rekening: geef het daarvan terug."
)
PAYOUT = N_("De online betaaldienst betaalde precies dit bedrag uit.")
CREDITED = N_("Op dit document moest dit bedrag terug.")
UNDONE = N_("Met dezelfde mededeling werd eerder dit bedrag ontvangen: de betaling kwam terug.")


@dataclass(frozen=True)
class Suggestion:
    """A place for (part of) a payment. parts: invoices with cents, of the payment's sign.

    incoming: for money out, the payment it is paid back of. payout: of the online provider.
    """

    why: str
    parts: tuple[tuple[Invoice, int], ...] = ()
    incoming: Payment | None = None
    payout: OnlinePayout | None = None
    cents: int = 0

    @property
    def key(self) -> str:
        """Return what a button sends: the same as long as the suggestion is the same."""
        if self.payout is not None:
            return f"payout:{self.payout.id}"
        if self.incoming is not None:
            return f"{self.incoming.reference}:{self.cents}"
        return ",".join(f"{invoice.reference}:{cents}" for invoice, cents in self.parts)


def suggest(payment: Payment) -> list[Suggestion]:
    """Return where the rest of a payment may belong, the surest first; each another place."""
    rest = ledger.rest_of(payment)
    if rest == 0:
        return []
    found = _for_money_in(payment, rest) if rest > 0 else _for_money_out(payment, rest)
    surest = {one.key: one for one in reversed(found)}
    return list(dict.fromkeys(surest[one.key] for one in found))[:MOST_SUGGESTIONS]


def _for_money_in(payment: Payment, rest: int) -> list[Suggestion]:
    found: list[Suggestion] = []
    if said := _open(Invoice.ogm == payment.ogm) if payment.ogm else []:
        found.append(Suggestion(SAID, ((said[0].invoice, min(rest, said[0].open_cents)),)))
    if named := _open(_named_in(payment.message)) if payment.message else []:
        if sum(one.open_cents for one in named) <= rest:
            found.append(Suggestion(NUMBERS, tuple((o.invoice, o.open_cents) for o in named)))
        elif len(named) == 1:
            found.append(Suggestion(NUMBERS, ((named[0].invoice, rest),)))
    for organisation_id, why in _partners(payment).items():
        of_partner = _open(Invoice.organisation_id == organisation_id)
        found += [Suggestion(why, ((o.invoice, rest),)) for o in of_partner if o.open_cents == rest]
        found += [Suggestion(TOGETHER, parts) for parts in _sums(of_partner, rest)]
    if payment.source == PaymentSource.BANK and rest == payment.cents:
        paid_out = [one for one in payouts.in_transit() if one.cents == rest]
        found += [Suggestion(PAYOUT, payout=one, cents=rest) for one in paid_out]
    if not found:
        alone = _open(payment_state.open_cents() == rest)
        if len(alone) == 1:
            found.append(Suggestion(SAME_AMOUNT, ((alone[0].invoice, rest),)))
    return found


def _for_money_out(payment: Payment, rest: int) -> list[Suggestion]:
    found: list[Suggestion] = []
    for incoming in _waiting_of(payment):
        left = ledger.rest_of(incoming)
        if left == -rest:
            found.append(Suggestion(PAID_BACK, incoming=incoming, cents=-rest))
    for organisation_id in _partners(payment):
        owed = _owed(Invoice.organisation_id == organisation_id)
        found += [Suggestion(CREDITED, ((o.invoice, rest),)) for o in owed if o.open_cents == rest]
    if payment.ogm:
        for one in _issued(Invoice.ogm == payment.ogm):
            if ledger.settled_of(one.invoice) >= -rest:
                found.append(Suggestion(UNDONE, ((one.invoice, rest),)))
    return found


def _issued(which: ColumnElement[bool]) -> list[Payable]:
    query = (
        select(Invoice, payment_state.open_cents())
        .where(payment_state.asks_money(), which)
        .order_by(Invoice.due_on, Invoice.id)
        .limit(MOST_OPEN)
    )
    return [Payable(invoice, int(left)) for invoice, left in db.session.execute(query)]


def _open(which: ColumnElement[bool]) -> list[Payable]:
    return _issued(which & (payment_state.open_cents() > 0))


def _owed(which: ColumnElement[bool]) -> list[Payable]:
    return _issued(which & (payment_state.open_cents() < 0))


def _named_in(message: str) -> ColumnElement[bool]:
    parts = _NUMBER.findall(message.upper())
    numbers = {f"{letters}{year}-{sequence}" for letters, year, sequence in parts}
    return or_(Invoice.number.in_(numbers), Invoice.ogm.in_(communication.ogms_in(message)))


def _partners(payment: Payment) -> dict[int, str]:
    """Return the organisations this may come from or go to, and why; the surest first."""
    found: dict[int, str] = {}
    if payment.payer_index is not None:
        before = (
            select(Invoice.organisation_id)
            .join(LedgerLine, LedgerLine.invoice_id == Invoice.id)
            .join(Payment, Payment.id == LedgerLine.payment_id)
            .where(Payment.payer_index == payment.payer_index)
            .distinct()
        )
        found = dict.fromkeys(sorted(db.session.scalars(before)), SAME_ACCOUNT)
    if payment.payer_name:
        named = select(Organisation.id).where(Organisation.sort_name == fold(payment.payer_name))
        for organisation_id in db.session.scalars(named.limit(2)):
            found.setdefault(organisation_id, SAME_NAME)
    if payment.organisation_id is not None:
        found.setdefault(payment.organisation_id, SAME_ACCOUNT)
    return found


def _sums(candidates: Sequence[Payable], cents: int) -> list[tuple[tuple[Invoice, int], ...]]:
    """Return the sets of two or more invoices whose open amounts make up exactly this."""
    found = []
    for number in range(2, min(MOST_TOGETHER, len(candidates)) + 1):
        for some in combinations(candidates, number):
            if sum(one.open_cents for one in some) == cents:
                found.append(tuple((one.invoice, one.open_cents) for one in some))
            if len(found) == MOST_SUGGESTIONS:
                return found
    return found


def _waiting_of(payment: Payment) -> list[Payment]:
    """Return the payments in from the same account, or partner, of which a part has no place."""
    same = [Payment.payer_index == payment.payer_index] if payment.payer_index else []
    if partners := list(_partners(payment)):
        same.append(Payment.organisation_id.in_(partners))
    if not same:
        return []
    query = (
        select(Payment)
        .where(Payment.cents > 0, or_(*same), ledger.rest_cents() > 0)
        .order_by(Payment.booked_on, Payment.id)
        .limit(MOST_OPEN)
    )
    return list(db.session.scalars(query))
