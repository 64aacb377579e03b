"""Reminders as pages show them: the latest, and what of them concerns one invoice."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.accounts import service as accounts
from portal.core import clock
from portal.core.db import db
from portal.finance import charging, reminder_pauses, reminder_worklist, reminding
from portal.finance.charging import Late
from portal.finance.models import Invoice, InvoiceStatus, Reminder, ReminderPause, ReminderState
from portal.finance.reminder_worklist import Overdue

MOST = 20


@dataclass(frozen=True)
class OfInvoice:
    """What the page of an invoice says of its lateness; `standing` is None when it is not late."""

    standing: Overdue | None
    reminders: list[Reminder]
    pause: ReminderPause | None
    late: Late | None
    names: dict[int, str]
    today: date


def latest() -> list[Reminder]:
    """Return the reminders decided on last, the newest first."""
    query = select(Reminder).options(joinedload(Reminder.organisation))
    return list(db.session.scalars(query.order_by(Reminder.id.desc()).limit(MOST)))


def failed_count() -> int:
    """Return how many reminders could not be delivered."""
    query = select(db.func.count()).where(Reminder.state == ReminderState.FAILED)
    return db.session.scalar(query.select_from(Reminder)) or 0


def of_invoice(invoice: Invoice) -> OfInvoice | None:
    """Return what there is to say of the lateness of a document; None where it asks no money."""
    if invoice.status != InvoiceStatus.ISSUED or invoice.kind.credits:
        return None
    today = clock.today()
    found = reminder_worklist.overdue(today, Invoice.id == invoice.id)
    reminders, pause = reminding.of(invoice), reminder_pauses.in_force(invoice)
    late = charging.late(invoice, today)
    ids = {one.account_id for one in reminders if one.account_id}
    ids |= {pause.account_id} if pause else set()
    people = accounts.accounts_by_id(ids)
    return OfInvoice(
        standing=found[0] if found else None,
        reminders=reminders,
        pause=pause,
        late=late,
        names={one.id: one.name for one in people.values()},
        today=today,
    )
