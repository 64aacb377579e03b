"""The journal of a period, for the accountant: every booking, each in balance.

Issued invoices, claims and credit notes follow from their rows; all else is the ledger. Nothing is
kept twice: the journal is read from both when it is asked for. It names organisations, never
people: what a bank line says of who paid stays where it is sealed.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import aliased

from portal.core import audit, clock, money
from portal.core.db import db
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.core.tables import Column
from portal.directory.models import Organisation
from portal.finance import account_codes, ledger
from portal.finance.account_codes import CLAIMED, INVOICED, LATENESS
from portal.finance.models import (
    EntryKind,
    InterestCharge,
    Invoice,
    InvoiceKind,
    InvoiceStatus,
    JournalExport,
    LedgerAccount,
    LedgerEntry,
    LedgerLine,
    Payment,
)
from portal.finance.paper import ogm_text

SALES, BANK, ONLINE, OTHER = "VK", "BK", "ON", "DV"
AT_A_TIME = 500
_DAY = timedelta(days=1)
_KINDS = {
    EntryKind.RECEIVED: "Ontvangen of betaald",
    EntryKind.ALLOCATED: "Toegewezen",
    EntryKind.SETTLED: "Verrekend met een terugbetaling",
    EntryKind.ELSEWHERE: "Elders geboekt",
    EntryKind.FEE: "Kosten van de betaaldienst",
    EntryKind.PAYOUT: "Uitbetaald door de betaaldienst",
    EntryKind.WRITTEN_OFF: "Afgeboekt",
    EntryKind.REVERSED: "Tegengeboekt",
}


@dataclass(frozen=True)
class JournalLine:
    """One line of a booking. `booking` tells which lines belong together; one side is 0."""

    on: date
    journal: str
    booking: str
    account: str
    code: str
    partner: str
    kbo: str
    description: str
    debit_cents: int
    credit_cents: int
    ogm: str


COLUMNS: tuple[Column[JournalLine], ...] = (
    Column("datum", N_("Datum"), lambda one: one.on),
    Column("dagboek", N_("Dagboek"), lambda one: one.journal),
    Column("stuk", N_("Stuk"), lambda one: one.booking),
    Column("rekening", N_("Rekening"), lambda one: one.code),
    Column("partner", N_("Partner"), lambda one: one.partner),
    Column("ondernemingsnummer", N_("Ondernemingsnummer"), lambda one: one.kbo),
    Column("omschrijving", N_("Omschrijving"), lambda one: one.description),
    Column("debet", N_("Debet"), lambda one: money.as_decimal(one.debit_cents), num=True),
    Column("credit", N_("Credit"), lambda one: money.as_decimal(one.credit_cents), num=True),
    Column("mededeling", N_("Gestructureerde mededeling"), lambda one: one.ogm),
)


def lines(from_on: date, to_on: date) -> Iterator[JournalLine]:
    """Yield the lines of a period, both days included: what was issued, then the ledger.

    Each in the order in which it was booked, so that the same period reads the same again.
    """
    codes = _Codes()
    yield from _sales(from_on, to_on, codes)
    yield from _ledger(from_on, to_on, codes)


class _Codes:
    """The codes of each day, looked up once a day."""

    def __init__(self) -> None:
        self._known: dict[date, dict[str, str]] = {}

    def of(self, day: date, account: str) -> str:
        if day not in self._known:
            self._known[day] = account_codes.on(day)
        return self._known[day][account]


def _sales(from_on: date, to_on: date, codes: _Codes) -> Iterator[JournalLine]:
    charged = select(InterestCharge.claim_id)
    credited = aliased(Invoice)
    query = (
        select(
            Invoice.number,
            Invoice.kind,
            Invoice.issued_on,
            Invoice.total_cents,
            Invoice.ogm,
            Organisation.name,
            Organisation.kbo,
            credited.number.label("credits"),
            func.coalesce(Invoice.credits_id, Invoice.id).in_(charged).label("lateness"),
        )
        .join(Organisation, Organisation.id == Invoice.organisation_id)
        .outerjoin(credited, credited.id == Invoice.credits_id)
        .where(_issued(), Invoice.issued_on.between(from_on, to_on))
        .order_by(Invoice.issued_on, Invoice.series, Invoice.sequence)
        .execution_options(yield_per=AT_A_TIME)
    )
    for row in db.session.execute(query):
        yield from _sale(row, codes)


def _sale(row: Any, codes: _Codes) -> Iterator[JournalLine]:
    income = INVOICED
    if row.kind.is_claim:
        income = LATENESS if row.lateness else CLAIMED
    cents = -row.total_cents if row.kind.credits else row.total_cents
    words = row.kind.label + (f" bij {row.credits}" if row.credits else "")
    for account, amount in ((LedgerAccount.DEBTORS, cents), (income, -cents)):
        yield JournalLine(
            on=row.issued_on,
            journal=SALES,
            booking=row.number,
            account=account,
            code=codes.of(row.issued_on, account),
            partner=row.name,
            kbo=row.kbo or "",
            description=words,
            debit_cents=max(amount, 0),
            credit_cents=max(-amount, 0),
            ogm=ogm_text(row.ogm),
        )


def _ledger(from_on: date, to_on: date, codes: _Codes) -> Iterator[JournalLine]:
    of_invoice, of_payment = aliased(Organisation), aliased(Organisation)
    query = (
        select(
            LedgerEntry.id,
            LedgerEntry.kind,
            LedgerEntry.booked_on,
            LedgerLine.account,
            LedgerLine.cents,
            Invoice.number,
            Invoice.ogm,
            Payment.reference,
            func.coalesce(of_invoice.name, of_payment.name).label("name"),
            func.coalesce(of_invoice.kbo, of_payment.kbo).label("kbo"),
        )
        .join(LedgerLine, LedgerLine.entry_id == LedgerEntry.id)
        .outerjoin(Invoice, Invoice.id == LedgerLine.invoice_id)
        .outerjoin(Payment, Payment.id == LedgerLine.payment_id)
        .outerjoin(of_invoice, of_invoice.id == Invoice.organisation_id)
        .outerjoin(of_payment, of_payment.id == Payment.organisation_id)
        .where(LedgerEntry.booked_on.between(from_on, to_on))
        .order_by(LedgerEntry.booked_on, LedgerEntry.id, LedgerLine.id)
        .execution_options(yield_per=AT_A_TIME)
    )
    rows = db.session.execute(query)
    for _entry_id, group in groupby(rows, key=lambda row: row.id):
        yield from _entry(list(group), codes)


def _entry(rows: list[Any], codes: _Codes) -> Iterator[JournalLine]:
    journal = _journal_of({row.account for row in rows})
    reference = next((row.reference for row in rows if row.reference), None)
    number = next((row.number for row in rows if row.number), None)
    about = " ".join(filter(None, (number, reference)))
    for row in rows:
        yield JournalLine(
            on=row.booked_on,
            journal=journal,
            booking=f"{journal}{row.id}",
            account=row.account,
            code=codes.of(row.booked_on, row.account),
            partner=row.name or "",
            kbo=row.kbo or "",
            description=f"{_KINDS[row.kind]} {about}".strip(),
            debit_cents=max(row.cents, 0),
            credit_cents=max(-row.cents, 0),
            ogm=ogm_text(row.ogm),
        )


def _journal_of(accounts: set[LedgerAccount]) -> str:
    if LedgerAccount.BANK in accounts:
        return BANK
    return ONLINE if LedgerAccount.ONLINE in accounts else OTHER


def _issued() -> ColumnElement[bool]:
    return Invoice.status == InvoiceStatus.ISSUED


@dataclass(frozen=True)
class Totals:
    """What a period comes to: how many lines, both sides, both sides by account, and a digest."""

    lines: int
    debit_cents: int
    credit_cents: int
    by_account: dict[tuple[str, str], tuple[int, int]]
    unbalanced: tuple[str, ...]
    digest: bytes

    @property
    def balances(self) -> bool:
        """Say whether every booking and the whole balance."""
        return not self.unbalanced and self.debit_cents == self.credit_cents


def totals(found: Iterable[JournalLine]) -> Totals:
    """Return what lines come to; the digest is equal for equal lines in the same order."""
    digest = hashlib.sha256()
    number = debit = credit = 0
    by_account: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    unbalanced: list[str] = []
    for (_on, booking), group in groupby(found, key=lambda one: (one.on, one.booking)):
        left = 0
        for one in group:
            digest.update(repr(astuple(one)).encode())
            number, left = number + 1, left + one.debit_cents - one.credit_cents
            debit, credit = debit + one.debit_cents, credit + one.credit_cents
            sides = by_account[one.code, one.account]
            sides[0] += one.debit_cents
            sides[1] += one.credit_cents
        if left:
            unbalanced.append(booking)
    sums = {key: (sides[0], sides[1]) for key, sides in sorted(by_account.items())}
    return Totals(number, debit, credit, sums, tuple(unbalanced), digest.digest())


@dataclass(frozen=True)
class Balance:
    """An account at the end of the day before a period, and at the end of it: debit above 0."""

    account: LedgerAccount
    opening_cents: int
    closing_cents: int


def balances(from_on: date, to_on: date) -> list[Balance]:
    """Return debtors, money without a place and bank around a period, from the rows themselves."""
    accounts = (
        LedgerAccount.DEBTORS,
        LedgerAccount.UNMATCHED,
        LedgerAccount.BANK,
        LedgerAccount.ONLINE,
    )
    return [Balance(one, balance(one, from_on - _DAY), balance(one, to_on)) for one in accounts]


def balance(account: LedgerAccount, until: date) -> int:
    """Return what stands on an account at the end of a day, debit above 0."""
    booked = ledger.balance_of(account, until)
    if account != LedgerAccount.DEBTORS:
        return booked
    credits = Invoice.kind.in_([kind for kind in InvoiceKind if kind.credits])
    signed = case((credits, -Invoice.total_cents), else_=Invoice.total_cents)
    asked = select(func.coalesce(func.sum(signed), 0)).where(_issued(), Invoice.issued_on <= until)
    return booked + int(db.session.scalar(asked) or 0)


def note_export(from_on: date, to_on: date, form: str, by: Actor | None) -> Totals:
    """Note that the journal of a period is handed over as it is now; returns what it comes to."""
    found = totals(lines(from_on, to_on))
    made = JournalExport(
        from_on=from_on,
        to_on=to_on,
        form=form,
        lines=found.lines,
        digest=found.digest,
        account_id=by.account_id if by else None,
        at=clock.now(),
    )
    db.session.add(made)
    audit.record("journal:export", made, actor=by)
    return found


def last_export(from_on: date, to_on: date) -> JournalExport | None:
    """Return the last time exactly this period was handed over."""
    query = select(JournalExport).where(
        JournalExport.from_on == from_on, JournalExport.to_on == to_on
    )
    return db.session.scalar(query.order_by(JournalExport.id.desc()).limit(1))
