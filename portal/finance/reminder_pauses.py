"""Leaving an invoice alone for a while: no reminder goes until a person's day has passed."""

from datetime import date, timedelta

from sqlalchemy import select

from portal.core import audit, clock
from portal.core.db import db
from portal.core.errors import ConflictError, DomainError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.finance.models import Invoice, InvoiceStatus, ReminderPause

LONGEST = timedelta(days=365)


def pause(invoice: Invoice, until_on: date, reason: str, by: Actor) -> ReminderPause:
    """Leave an invoice alone up to and with a day; an earlier pause ends. Raises DomainError."""
    today = clock.today()
    if invoice.status != InvoiceStatus.ISSUED or invoice.kind.credits:
        raise DomainError(N_("Alleen wat uitgereikt is, wordt herinnerd."))
    if not today <= until_on <= today + LONGEST:
        message = N_("Kies een dag vanaf vandaag, hoogstens een jaar ver.")
        raise DomainError(message, "until_on")
    db.session.execute(select(Invoice.id).where(Invoice.id == invoice.id).with_for_update())
    if (earlier := in_force(invoice)) is not None:
        _end(earlier, by)
    made = ReminderPause(
        invoice_id=invoice.id,
        until_on=until_on,
        reason=reason,
        account_id=by.account_id,
        at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    audit.record("reminder_pause:begin", made, actor=by, fields=("until_on", "reason"))
    return made


def end(invoice: Invoice, by: Actor) -> None:
    """End a pause before its day. Raises ConflictError when there is none any more."""
    found = in_force(invoice)
    if found is None:
        raise ConflictError(N_("Er loopt geen pauze meer."))
    _end(found, by)


def in_force(invoice: Invoice) -> ReminderPause | None:
    """Return the pause an invoice is under today."""
    query = select(ReminderPause).where(
        ReminderPause.invoice_id == invoice.id,
        ReminderPause.ended_at.is_(None),
        ReminderPause.until_on >= clock.today(),
    )
    return db.session.scalar(query.order_by(ReminderPause.id.desc()).limit(1))


def of(invoice: Invoice) -> list[ReminderPause]:
    """Return every pause of an invoice, the newest first."""
    query = select(ReminderPause).where(ReminderPause.invoice_id == invoice.id)
    return list(db.session.scalars(query.order_by(ReminderPause.id.desc())))


def _end(found: ReminderPause, by: Actor) -> None:
    found.ended_by_id, found.ended_at = by.account_id, clock.now()
    audit.record("reminder_pause:end", found, actor=by, fields=("ended_at",))
    db.session.flush()
