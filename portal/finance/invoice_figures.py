"""Counts and sums for the start pages: what is to be done, and what a partner still owes."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.core.db import db
from portal.core.permissions import Actor
from portal.finance import invoice_list, payment_state
from portal.finance.models import DeliveryState, Invoice, InvoiceDelivery, InvoiceStatus


@dataclass(frozen=True)
class Figures:
    """Of the documents a person may see: how many wait for what, and what is open, in cents."""

    drafts: int
    drafts_cents: int
    to_deliver: int
    failed: int
    open_cents: int


def figures(actor: Actor) -> Figures:
    """Return the figures, in three queries."""
    visible = Invoice.visible_to(actor)
    drafts = db.session.execute(
        select(func.count(), func.coalesce(func.sum(Invoice.total_cents), 0)).where(
            visible, Invoice.status == InvoiceStatus.DRAFT
        )
    ).one()
    newest = invoice_list.newest_delivery()
    states = dict(
        db.session.execute(
            select(newest.label("state"), func.count())
            .where(visible, Invoice.status == InvoiceStatus.ISSUED)
            .group_by("state")
        ).all()
    )
    asked = payment_state.open_cents()
    still_open = select(func.coalesce(func.sum(asked), 0)).where(
        visible, payment_state.asks_money(), asked > 0
    )
    return Figures(
        drafts=drafts[0],
        drafts_cents=int(drafts[1]),
        to_deliver=states.get(DeliveryState.WAITING, 0),
        failed=states.get(DeliveryState.FAILED, 0),
        open_cents=int(db.session.scalar(still_open) or 0),
    )


def failed_deliveries(limit: int) -> list[InvoiceDelivery]:
    """Return the deliveries that failed and were not followed by another, the newest first."""
    query = (
        select(InvoiceDelivery)
        .join(Invoice, Invoice.id == InvoiceDelivery.invoice_id)
        .where(
            InvoiceDelivery.state == DeliveryState.FAILED,
            invoice_list.newest_delivery() == DeliveryState.FAILED,
        )
        .order_by(InvoiceDelivery.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(query.options(joinedload(InvoiceDelivery.invoice))))
