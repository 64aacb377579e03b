"""Which invoices are due for a reminder today, and which are left alone for now: worked out anew
each time somebody looks, so that what was paid a minute ago is not among them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select, true
from sqlalchemy.orm import joinedload

from portal.core.db import db
from portal.directory.models import Organisation
from portal.finance import ledger, payment_state, reminder_settings
from portal.finance.models import (
    Invoice,
    InvoiceQuestion,
    InvoicingDetails,
    Payment,
    ReminderItem,
    ReminderPause,
)
from portal.finance.online import checkout
from portal.finance.payment_state import asks_money
from portal.finance.reminder_settings import LEAST_BETWEEN_DAYS, Rules
from portal.finance.reminder_texts import STEPS


@dataclass(frozen=True)
class Overdue:
    """An invoice that is late. `step`: the next one, None after the last.

    paused_until: a person left it alone until after that day. asked: the partner waits for an
    answer. step_on: the day the next step may be taken.
    """

    invoice: Invoice
    open_cents: int
    days_late: int
    step: int | None
    step_on: date | None
    paused_until: date | None
    asked: bool

    def is_ready(self, today: date) -> bool:
        """Say whether its next step may be taken today."""
        left_alone = self.paused_until is not None or self.asked
        return self.step_on is not None and self.step_on <= today and not left_alone


@dataclass(frozen=True)
class Batch:
    """One mail to be: what is ready for the same step, of one partner.

    credit_cents: what HSV holds of this partner without a place, or owes it. A person looks at
    that first.
    """

    organisation: Organisation
    step: int
    items: tuple[Overdue, ...]
    email: str
    credit_cents: int

    @property
    def cents(self) -> int:
        """What it asks for."""
        return sum(one.open_cents for one in self.items)


def overdue(today: date, which: ColumnElement[bool] | None = None) -> list[Overdue]:
    """Return what is late, the longest first, in two queries. What a bank is carrying out online
    is not: that comes in, or the partner hears that it did not.
    """
    rules = reminder_settings.in_force(today)
    left = (payment_state.open_cents() - checkout.under_way_cents()).label("left")
    query = (
        select(Invoice, left, _last(ReminderItem.step), _last(ReminderItem.decided_on))
        .add_columns(_paused_until(today), _asked())
        .where(asks_money(), Invoice.due_on < today, left > 0, true() if which is None else which)
        .options(joinedload(Invoice.organisation))
        .order_by(Invoice.due_on, Invoice.id)
    )
    return [_overdue(row, rules, today) for row in db.session.execute(query)]


def batches(today: date, found: Iterable[Overdue] | None = None) -> list[Batch]:
    """Return the mails that may go today: the firmest step first, then by partner."""
    ready: defaultdict[tuple[int, int], list[Overdue]] = defaultdict(list)
    for one in overdue(today) if found is None else found:
        if one.step is not None and one.is_ready(today):
            ready[one.invoice.organisation_id, one.step].append(one)
    partners = {organisation_id for organisation_id, _step in ready}
    credits, emails = _credits(partners), _emails(partners)
    made = [
        Batch(
            organisation=items[0].invoice.organisation,
            step=step,
            items=tuple(items),
            email=emails.get(organisation_id, items[0].invoice.organisation.email),
            credit_cents=credits.get(organisation_id, 0),
        )
        for (organisation_id, step), items in ready.items()
    ]
    return sorted(made, key=lambda one: (-one.step, one.organisation.sort_name))


def _overdue(row: Any, rules: Rules, today: date) -> Overdue:
    invoice, left, last_step, last_on, paused_until, asked = row
    step = (last_step or 0) + 1
    step_on = None
    if step in STEPS:
        step_on = invoice.due_on + timedelta(days=rules.days(step))
        if last_on is not None:
            step_on = max(step_on, last_on + timedelta(days=LEAST_BETWEEN_DAYS))
    return Overdue(
        invoice=invoice,
        open_cents=int(left),
        days_late=(today - invoice.due_on).days,
        step=step if step in STEPS else None,
        step_on=step_on,
        paused_until=paused_until,
        asked=bool(asked),
    )


def _last(column: Any) -> ColumnElement[Any]:
    taken = ReminderItem.invoice_id == Invoice.id, ReminderItem.step.is_not(None)
    return select(func.max(column)).where(*taken).correlate(Invoice).scalar_subquery()


def _paused_until(today: date) -> ColumnElement[Any]:
    still = (
        ReminderPause.invoice_id == Invoice.id,
        ReminderPause.ended_at.is_(None),
        ReminderPause.until_on >= today,
    )
    query = select(func.max(ReminderPause.until_on)).where(*still)
    return query.correlate(Invoice).scalar_subquery()


def _asked() -> ColumnElement[bool]:
    waiting = InvoiceQuestion.invoice_id == Invoice.id, InvoiceQuestion.answered_at.is_(None)
    return exists(select(InvoiceQuestion.id).where(*waiting).correlate(Invoice))


def _emails(organisation_ids: set[int]) -> dict[int, str]:
    """Return where invoices go of those that said so; the others have one in the directory."""
    chosen = InvoicingDetails.organisation_id.in_(organisation_ids)
    query = select(InvoicingDetails.organisation_id, InvoicingDetails.email).where(chosen)
    return {row[0]: row[1] for row in db.session.execute(query)}


def _credits(organisation_ids: set[int]) -> dict[int, int]:
    """Return what each of these partners has with HSV: unplaced money in, and what was overpaid."""
    if not organisation_ids:
        return {}
    unplaced = (
        select(Payment.organisation_id, func.sum(ledger.rest_cents()))
        .where(Payment.organisation_id.in_(organisation_ids))
        .group_by(Payment.organisation_id)
    )
    left = payment_state.open_cents()
    overpaid = (
        select(Invoice.organisation_id, func.sum(-left))
        .where(Invoice.organisation_id.in_(organisation_ids), asks_money(), left < 0)
        .group_by(Invoice.organisation_id)
    )
    found: defaultdict[int, int] = defaultdict(int)
    for query in (unplaced, overpaid):
        for organisation_id, cents in db.session.execute(query):
            found[organisation_id] += int(cents or 0)
    return {organisation_id: cents for organisation_id, cents in found.items() if cents > 0}
