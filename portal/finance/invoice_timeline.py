"""What happened with a document, for HSV: made, issued, delivered, credited."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from sqlalchemy import select

from portal.accounts import service as accounts
from portal.core.db import db
from portal.core.permissions import Actor
from portal.finance.invoice_states import PAST
from portal.finance.models import Invoice, InvoiceEvent


@dataclass(frozen=True)
class Event:
    """One line of a timeline, as the macro prints it."""

    at: datetime
    label: str
    who: str | None
    note: str | None
    tone: str | None = None


def of(invoice: Invoice) -> list[Event]:
    """Return the timeline of a document, the newest first."""
    query = select(InvoiceEvent).where(InvoiceEvent.invoice_id == invoice.id)
    rows = db.session.scalars(
        query.order_by(InvoiceEvent.version.desc(), InvoiceEvent.id.desc())
    ).all()
    people = accounts.accounts_by_id({row.account_id for row in rows if row.account_id})
    return [
        Event(
            at=row.at,
            label=gettext(PAST[row.action]),
            who=people[row.account_id].name if row.account_id in people else None,
            note=row.note or None,
        )
        for row in rows
    ]


def credit_notes(invoice: Invoice, actor: Actor) -> list[Invoice]:
    """Return the credit notes on a document that this person may see, the oldest first."""
    query = select(Invoice).where(Invoice.credits_id == invoice.id, Invoice.visible_to(actor))
    return list(db.session.scalars(query.order_by(Invoice.id)))
