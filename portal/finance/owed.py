"""What partners owe: how late by age, and what is expected to come in over twelve months.

Expected is what is open on its due day, and what agreements make due and is not billed yet on the
day it would have to be paid then. What is late stands apart: nobody knows when it comes.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from portal.core.db import db
from portal.core.permissions import Actor
from portal.directory.models import Organisation
from portal.finance import ledger, payment_state, reminder_worklist
from portal.finance.dues import Due
from portal.finance.models import BilledInstalment, Invoice, InvoiceStatus, Payment

AGES = (30, 60, 90)  # days late: up to 30, 31-60, 61-90, more
MONTHS = 12


@dataclass(frozen=True)
class Aged:
    """What one partner is late with, in cents, by age: as AGES, and older."""

    organisation_id: int
    partner: str
    by_age: tuple[int, int, int, int]

    @property
    def cents(self) -> int:
        """All of it."""
        return sum(self.by_age)


def aged(actor: Actor, today: date) -> list[Aged]:
    """Return what every partner this person sees is late with, the most first, in one query."""
    left = payment_state.open_cents()
    query = (
        select(Organisation.id, Organisation.name, Invoice.due_on, left)
        .join(Organisation, Organisation.id == Invoice.organisation_id)
        .where(
            Invoice.visible_to(actor),
            payment_state.asks_money(),
            Invoice.due_on < today,
            left > 0,
        )
    )
    sums: defaultdict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for organisation_id, name, due_on, cents in db.session.execute(query):
        if due_on is not None:
            sums[organisation_id, name][_age((today - due_on).days)] += int(cents)
    found = [Aged(*key, (one[0], one[1], one[2], one[3])) for key, one in sums.items()]
    return sorted(found, key=lambda one: (-one.cents, one.partner))


def _age(days: int) -> int:
    return next((place for place, last in enumerate(AGES) if days <= last), len(AGES))


@dataclass(frozen=True)
class Month:
    """What is expected in one month, in cents: asked for, and still to be asked for."""

    first_on: date
    billed_cents: int
    unbilled_cents: int

    @property
    def cents(self) -> int:
        """Both."""
        return self.billed_cents + self.unbilled_cents


@dataclass(frozen=True)
class Expected:
    """Twelve months from this one; apart: what is late, and what waits for a condition."""

    months: tuple[Month, ...]
    late_cents: int
    conditional_cents: int

    @property
    def cents(self) -> int:
        """What the months add up to."""
        return sum(one.cents for one in self.months)


def expected(actor: Actor, found: Sequence[Due], today: date) -> Expected:
    """Return what should come in; `found`: the dues this person may see."""
    left = payment_state.open_cents()
    query = select(Invoice.due_on, left).where(
        Invoice.visible_to(actor), payment_state.asks_money(), left > 0
    )
    rows = [(on, int(cents)) for on, cents in db.session.execute(query) if on is not None]
    billed = set(db.session.scalars(select(BilledInstalment.due_key)))
    to_bill = [due for due in found if due.key not in billed]
    asked = _by_month((on, cents) for on, cents in rows if on >= today)
    coming = _by_month(
        [
            *((_paid_by(due, due.on, today), due.cents) for due in to_bill if due.on),
            *_drafts(actor, today),
        ]
    )
    return Expected(
        months=tuple(
            Month(first, asked.get(first, 0), coming.get(first, 0)) for first in _months(today)
        ),
        late_cents=sum(cents for on, cents in rows if on < today),
        conditional_cents=sum(
            due.cents for due in to_bill if due.on is None and due.year <= today.year + 1
        ),
    )


def _drafts(actor: Actor, today: date) -> list[tuple[date, int]]:
    """Return what is being prepared, on the day it would be due if it were issued today."""
    query = select(Invoice.term_days, Invoice.total_cents).where(
        Invoice.visible_to(actor),
        Invoice.status == InvoiceStatus.DRAFT,
        Invoice.kind.not_in(payment_state.CREDITING),
    )
    return [(today + timedelta(days=row[0]), row[1]) for row in db.session.execute(query)]


def _paid_by(due: Due, on: date, today: date) -> date:
    """Return the last day to pay what is billed on its day, or today if that has passed."""
    return max(on, today) + timedelta(days=due.payment_days)


def _by_month(amounts: Iterable[tuple[date, int]]) -> dict[date, int]:
    sums: defaultdict[date, int] = defaultdict(int)
    for on, cents in amounts:
        sums[on.replace(day=1)] += cents
    return sums


def _months(today: date) -> list[date]:
    first = today.year * 12 + today.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(first, first + MONTHS)]


@dataclass(frozen=True)
class ToDo:
    """What waits for HSV: reminders to send, and money in or out that has no place."""

    reminders: int
    unplaced: int
    unplaced_cents: int


def to_do(today: date) -> ToDo:
    """Return what waits for HSV's finance."""
    rest = ledger.rest_cents()
    row = db.session.execute(
        select(func.count(), func.coalesce(func.sum(rest), 0)).select_from(Payment).where(rest != 0)
    ).one()
    return ToDo(len(reminder_worklist.batches(today)), int(row[0]), int(row[1]))


@dataclass(frozen=True)
class OpenInvoice:
    """An invoice a partner still has to pay."""

    reference: str
    number: str
    due_on: date
    cents: int
    state: payment_state.PaymentState


def still_open(actor: Actor, today: date, limit: int) -> list[OpenInvoice]:
    """Return what this person's organisation has to pay, the earliest due day first."""
    left, settled = payment_state.open_cents(), ledger.settled_cents()
    query = (
        select(
            Invoice.reference,
            Invoice.number,
            Invoice.due_on,
            left.label("left"),
            settled.label("settled"),
        )
        .where(Invoice.visible_to(actor), payment_state.asks_money(), left > 0)
        .order_by(Invoice.due_on, Invoice.id)
        .limit(limit)
    )
    return [
        OpenInvoice(
            reference=row.reference,
            number=row.number,
            due_on=row.due_on,
            cents=int(row.left),
            state=payment_state.state_of(int(row.left), int(row.settled), row.due_on, today),
        )
        for row in db.session.execute(query)
    ]
