"""Builders for what is late: invoices issued long enough ago, and the worker that reminds."""

from datetime import date, timedelta
from typing import Any

from portal.core import clock, documents, outbox
from portal.core.db import db
from portal.directory.models import Organisation
from portal.finance import reminder_worklist
from portal.finance.content import Line
from portal.finance.models import Invoice, Reminder, ReminderState
from portal.finance.reminder_worklist import Batch
from tests.finance import make_finance


def partner(name: str = "Gemeente Temse", **wishes: Any) -> Organisation:
    """A partner with an address for its invoices."""
    made = make_finance.municipality(name)
    make_finance.wishes(made, **wishes)
    return made


def late(
    organisation: Organisation, days: int, cents: int = 250_00, *, clock_: Any, **values: Any
) -> Invoice:
    """An invoice that is so many days past its due day now; `clock_` is the fixture."""
    today, now = clock.today(), clock.now()
    clock_.move_to(now - timedelta(days=days + 30))
    made = make_finance.issued(organisation, Line("Startcursus", cents), term_days=30, **values)
    clock_.move_to(now)
    assert made.due_on == today - timedelta(days=days)
    return made


def batches(on: date | None = None) -> list[Batch]:
    return reminder_worklist.batches(on or clock.today())


def deliver() -> None:
    """What the worker does with what waits."""
    while outbox.deliver_due():
        pass


def reminded(invoice: Invoice) -> Reminder:
    """A first reminder of an invoice, as if it was sent."""
    made = Reminder(
        organisation_id=invoice.organisation_id,
        step=1,
        state=ReminderState.SENT,
        target="facturen@gemeente.example",
        subject="Herinnering",
        body="Nog te betalen.",
        pdf=documents.put(b"%PDF-1.7", "overzicht.pdf", "application/pdf", private=False),
        decided_at=clock.now(),
        sent_at=clock.now(),
    )
    db.session.add(made)
    db.session.commit()
    return made
