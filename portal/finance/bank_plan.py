"""What taking in a bank file would do: which statements and movements are new, and what they pay.

A movement is known when its format showed it before (`identity`). Else it is paired with a payment
that only the other format showed (`likeness`), else it is new. So a payment is booked as often as
the format that saw it most often says, whatever the order of the files and however they overlap.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, select

from portal.core.crypto import keyring
from portal.core.db import db
from portal.core.i18n import N_
from portal.finance import bank_balances, matching
from portal.finance.banking import BankFileError, BankFormat, Movement, Reading, Statement
from portal.finance.models import (
    BankMovement,
    BankStatement,
    Invoice,
    InvoicingSettings,
    Payment,
)

CURRENCY = "EUR"
_AT_ONCE = 500  # values in one question to the database

OTHER_ACCOUNT = N_("Deze rekening staat niet in de facturatiegegevens van Home-Start Vlaanderen.")
OTHER_CURRENCY = N_("Deze rekening is niet in euro.")


class Fate(StrEnum):
    """What becomes of a movement."""

    NEW = "new"
    PAIRED = "paired"  # the other format booked it
    KNOWN = "known"


@dataclass(frozen=True)
class PlannedMovement:
    """One movement and what becomes of it. invoice and placed_cents: what it pays at once."""

    movement: Movement
    identity: bytes
    likeness: bytes
    fate: Fate
    payment_id: int | None = None
    ordinal: int | None = None
    invoice: Invoice | None = None
    placed_cents: int = 0

    @property
    def key(self) -> str:
        """Return what the payment is called at its source."""
        return f"bank:{self.likeness.hex()}:{self.ordinal}"


@dataclass(frozen=True)
class PlannedStatement:
    """One statement and what becomes of it.

    apart: why it is left out (a message id), "" when it is not. known: read before in this format.
    gap: the statement before it is missing.
    """

    statement: Statement
    apart: str = ""
    known: bool = False
    gap: bool = False
    movements: Sequence[PlannedMovement] = ()


@dataclass(frozen=True)
class Plan:
    """What taking in a file would do."""

    format: BankFormat
    statements: Sequence[PlannedStatement]

    def movements(self, *fates: Fate) -> list[PlannedMovement]:
        """Return the movements with one of these fates, in the order of the file."""
        return [m for s in self.statements for m in s.movements if m.fate in fates]

    @property
    def new_cents(self) -> int:
        """Return what the new movements come to."""
        return sum(m.movement.cents for m in self.movements(Fate.NEW))

    @property
    def known_count(self) -> int:
        """Return how many movements were booked before."""
        whole = sum(len(s.statement.movements) for s in self.statements if s.known)
        return whole + len(self.movements(Fate.KNOWN, Fate.PAIRED))


def own_accounts() -> set[str]:
    """Return the accounts that ever stood on HSV's invoices."""
    return set(db.session.scalars(select(InvoicingSettings.iban)))


def make(reading: Reading, *, hold: bool = False) -> Plan:
    """Return what taking this in would do now. Raises BankFileError, all or nothing.

    hold: it is going to be done; the invoices that are paid stay as they are until then.
    """
    own = own_accounts()
    if all(one.iban not in own for one in reading.statements):
        raise BankFileError(
            N_(
                "Dit bestand is van rekening %(found)s. Het portaal leest alleen rekeningen die "
                "in de facturatiegegevens van Home-Start Vlaanderen staan: %(own)s."
            ),
            found=", ".join(dict.fromkeys(one.iban for one in reading.statements)) or "?",
            own=", ".join(sorted(own)) or "—",
        )
    return _Planner(reading, own, hold).plan()


class _Planner:
    """Gathers what is known in a few questions, then decides movement by movement."""

    def __init__(self, reading: Reading, own: set[str], hold: bool) -> None:
        self.reading = reading
        self.format = reading.format
        self.own = own
        ours = [s for s in reading.statements if not self._apart(s)]
        self.known = bank_balances.known_of({s.iban for s in ours})
        marks = [(s, m, _likeness(s, m)) for s in ours for m in s.movements]
        self.identities = _identities(self.format, marks)
        self.payment_of = _payments_by_identity(self.identities.values())
        self.alike, self.made = _payments_by_likeness({mark for _s, _m, mark in marks})
        self.linked = self._linked({p for found in self.alike.values() for p in found})
        ogms = {m.ogm for s in ours for m in s.movements if m.ogm}
        self.payable = matching.payable(ogms, hold=hold)

    def plan(self) -> Plan:
        return Plan(self.format, [self._statement(one) for one in self.reading.statements])

    def _apart(self, one: Statement) -> str:
        if one.currency != CURRENCY:
            return OTHER_CURRENCY
        return "" if one.iban in self.own else OTHER_ACCOUNT

    def _statement(self, one: Statement) -> PlannedStatement:
        if why := self._apart(one):
            return PlannedStatement(one, apart=why)
        mine = bank_balances.Known.of(one, self.format)
        if bank_balances.is_known(mine, self.known):
            return PlannedStatement(one, known=True)
        bank_balances.check_neighbours(mine, self.known)
        twins = self._twins(one, mine)
        movements = [self._movement(one, m, twins) for m in one.movements]
        gap = bank_balances.is_gap(mine, self.known)
        self.known.append(mine)
        return PlannedStatement(one, gap=gap, movements=movements)

    def _movement(
        self, of: Statement, one: Movement, twins: "dict[tuple[date, int], list[int]] | None"
    ) -> PlannedMovement:
        likeness, identity = _likeness(of, one), self.identities[id(one)]
        if identity in self.payment_of:
            return PlannedMovement(
                one, identity, likeness, Fate.KNOWN, self.payment_of[identity] or None
            )
        self.payment_of[identity] = 0  # as yet without a payment
        candidates = self.alike[likeness]
        if twins is not None:
            candidates = [*candidates, *twins[(one.booked_on, one.cents)]]
        pair = next((p for p in candidates if p not in self.linked), None)
        if pair is not None:
            self.linked.add(pair)
            return PlannedMovement(one, identity, likeness, Fate.PAIRED, pair)
        if twins is not None:
            raise BankFileError(
                N_(
                    "Uittreksel %(statement)s kennen we al uit een bestand in een ander formaat, "
                    "met andere bewegingen. Er is niets geboekt: kies één formaat voor deze dag."
                ),
                statement=of.label,
            )
        ordinal = self.made[likeness]
        self.made[likeness] += 1
        found = self.payable.get(one.ogm) if one.cents > 0 else None
        invoice, placed = found.take(one.cents) if found else (None, 0)
        return PlannedMovement(one, identity, likeness, Fate.NEW, None, ordinal, invoice, placed)

    def _twins(
        self, one: Statement, mine: bank_balances.Known
    ) -> "dict[tuple[date, int], list[int]] | None":
        """Return the payments of the same statement read in the other format, if it was."""
        if not bank_balances.has_twin(mine, self.known):
            return None
        query = (
            select(Payment.id, Payment.booked_on, Payment.cents)
            .join(BankMovement, BankMovement.payment_id == Payment.id)
            .join(BankStatement, BankStatement.id == BankMovement.statement_id)
            .where(
                BankStatement.iban == one.iban,
                BankMovement.format != self.format,
                Payment.booked_on.in_({m.booked_on for m in one.movements}),
            )
            .order_by(Payment.id)
        )
        rows = db.session.execute(query).all()
        self.linked |= self._linked({row.id for row in rows})
        found: dict[tuple[date, int], list[int]] = defaultdict(list)
        for row in rows:
            found[(row.booked_on, row.cents)].append(row.id)
        return found

    def _linked(self, payment_ids: set[int]) -> set[int]:
        """Return which of these payments this format showed before."""
        query = select(BankMovement.payment_id).where(BankMovement.format == self.format)
        rows = _in_parts(query, BankMovement.payment_id, payment_ids)
        return {row.payment_id for row in rows}


def _likeness(of: Statement, one: Movement) -> bytes:
    """Return what both formats say alike. Names and free texts they cut off in different places."""
    said = (of.iban, one.booked_on.isoformat(), one.cents, one.iban, one.ogm)
    return keyring().fingerprint(repr(said).encode(), "bank likeness")


def _identities(
    form: BankFormat, marks: Sequence[tuple[Statement, Movement, bytes]]
) -> dict[int, bytes]:
    """Return what tells each movement apart within its format, by the id() of the movement.

    What the bank calls it, else what was written along; equal ones of a statement are counted.
    """
    seen: Counter[tuple[int, bytes, str, str]] = Counter()
    found = {}
    for statement, one, likeness in marks:
        words = "".join(c for c in one.text.casefold() if c.isalnum())
        same = (id(statement), likeness, one.bank_reference, words)
        said = (str(form), likeness.hex(), one.bank_reference, words, seen[same])
        seen[same] += 1
        found[id(one)] = keyring().fingerprint(repr(said).encode(), "bank identity")
    return found


def _payments_by_identity(identities: Iterable[bytes]) -> dict[bytes, int]:
    query = select(BankMovement.identity, BankMovement.payment_id)
    rows = _in_parts(query, BankMovement.identity, set(identities))
    return {bytes(row.identity): row.payment_id for row in rows}


def _payments_by_likeness(
    likenesses: set[bytes],
) -> tuple[dict[bytes, list[int]], Counter[bytes]]:
    """Return the payments of each likeness, and how many it made itself."""
    query = select(BankMovement.likeness, BankMovement.payment_id, BankMovement.ordinal).order_by(
        BankMovement.payment_id
    )
    payments: dict[bytes, list[int]] = defaultdict(list)
    made: Counter[bytes] = Counter()
    for row in _in_parts(query, BankMovement.likeness, likenesses):
        likeness = bytes(row.likeness)
        if row.payment_id not in payments[likeness]:
            payments[likeness].append(row.payment_id)
        made[likeness] += row.ordinal is not None
    return payments, made


def _in_parts(query: Any, column: Any, values: set[Any]) -> list[Row[Any]]:
    """Return the rows whose column holds one of many values."""
    wanted = sorted(values)
    parts = [wanted[at : at + _AT_ONCE] for at in range(0, len(wanted), _AT_ONCE)]
    return [row for part in parts for row in db.session.execute(query.where(column.in_(part)))]
