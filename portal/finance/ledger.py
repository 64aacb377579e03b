"""Posting to the ledger, undoing it by a counter-entry, and the balances that follow from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased

from portal.core import audit, clock
from portal.core.db import db, insert_if_absent, new_id
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.finance.models import (
    EntryKind,
    Invoice,
    LedgerAccount,
    LedgerEntry,
    LedgerLine,
    Payment,
)


@dataclass(frozen=True)
class Leg:
    """An amount on an account: debit above 0, credit below."""

    account: LedgerAccount
    cents: int
    payment_id: int | None = None
    invoice_id: int | None = None


def post(
    kind: EntryKind,
    key: str,
    booked_on: date,
    legs: Sequence[Leg],
    *,
    by: Actor | None,
    note: str = "",
    reverses: LedgerEntry | None = None,
) -> LedgerEntry | None:
    """Write an entry; None when this key was booked before.

    Raises ValueError for legs that do not balance: that is a mistake of ours, not of a person.
    """
    if len(legs) < 2 or sum(leg.cents for leg in legs) != 0:
        raise ValueError("an entry has two legs or more, and they balance")
    entry_id = new_id()
    written = insert_if_absent(
        LedgerEntry,
        id=entry_id,
        kind=kind,
        key=key,
        booked_on=booked_on,
        note=note,
        reverses_id=reverses.id if reverses else None,
        account_id=by.account_id if by else None,
        at=clock.now(),
    )
    if not written:
        return None
    for leg in legs:
        line = LedgerLine(entry_id=entry_id, account=leg.account, cents=leg.cents)
        line.payment_id, line.invoice_id = leg.payment_id, leg.invoice_id
        db.session.add(line)
    db.session.flush()
    entry = db.session.get_one(LedgerEntry, entry_id)
    audit.record(f"ledger_entry:{kind}", entry, actor=by)
    return entry


def reverse(entry: LedgerEntry, by: Actor | None, reason: str) -> LedgerEntry:
    """Write the counter-entry of an entry, on today's date. Raises DomainError when there is one.

    It is not judged here whether what stands after it still adds up; see payments.py.
    """
    if entry.kind == EntryKind.REVERSED:
        raise DomainError(N_("Een tegenboeking wordt niet tegengeboekt. Boek opnieuw."))
    legs = [Leg(x.account, -x.cents, x.payment_id, x.invoice_id) for x in entry.lines]
    key = f"reverse:{entry.id}"
    made = post(EntryKind.REVERSED, key, clock.today(), legs, by=by, note=reason, reverses=entry)
    if made is None:
        raise DomainError(N_("Dit werd al tegengeboekt."))
    return made


def settled_cents() -> ColumnElement[int]:
    """Return what of an Invoice was paid or written off, less what was paid back, as a column."""
    return _balance(LedgerAccount.DEBTORS, LedgerLine.invoice_id == Invoice.id, Invoice)


def rest_cents() -> ColumnElement[int]:
    """Return what of a Payment has no place yet, as a column: above 0 in, below 0 out."""
    return _balance(LedgerAccount.UNMATCHED, LedgerLine.payment_id == Payment.id, Payment)


def settled_of(invoice: Invoice) -> int:
    """Return what of this invoice was paid or written off, less what was paid back."""
    return _total(LedgerAccount.DEBTORS, LedgerLine.invoice_id == invoice.id)


def rest_of(payment: Payment) -> int:
    """Return what of this payment has no place yet."""
    return _total(LedgerAccount.UNMATCHED, LedgerLine.payment_id == payment.id)


def balance_of(account: LedgerAccount, until: date | None = None) -> int:
    """Return the balance of an account, debit above 0; `until`: at the end of that day."""
    query = select(func.coalesce(func.sum(LedgerLine.cents), 0)).where(
        LedgerLine.account == account
    )
    if until is not None:
        query = query.join(LedgerEntry).where(LedgerEntry.booked_on <= until)
    return int(db.session.scalar(query) or 0)


def entries(which: ColumnElement[bool]) -> list[tuple[LedgerEntry, bool]]:
    """Return the entries with a line for which this holds, oldest first, and whether each still
    stands: False when it was taken back, or takes another back.
    """
    counter = aliased(LedgerEntry)
    taken_back = exists(select(counter.id).where(counter.reverses_id == LedgerEntry.id))
    touching = select(LedgerLine.entry_id).where(which)
    query = select(LedgerEntry, taken_back).where(LedgerEntry.id.in_(touching))
    rows = db.session.execute(query.order_by(LedgerEntry.id)).all()
    return [(entry, not taken and entry.reverses_id is None) for entry, taken in rows]


def _balance(account: LedgerAccount, which: ColumnElement[bool], owner: Any) -> ColumnElement[int]:
    total = select(func.coalesce(-func.sum(LedgerLine.cents), 0))
    found = total.where(LedgerLine.account == account, which)
    return found.correlate(owner).scalar_subquery()


def _total(account: LedgerAccount, which: ColumnElement[bool]) -> int:
    total = select(func.coalesce(-func.sum(LedgerLine.cents), 0))
    return int(db.session.scalar(total.where(LedgerLine.account == account, which)) or 0)
