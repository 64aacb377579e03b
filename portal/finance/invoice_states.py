"""The states of an invoice until it is issued; from then on nothing about it changes.

How it is delivered, and later paid, has tables and states of its own.
"""

from collections.abc import Sequence

from sqlalchemy import select

from portal.accounts import service as accounts
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Change, ConflictError
from portal.core.i18n import N_
from portal.core.permissions import Permission
from portal.core.workflow import Fired, Transition, Workflow
from portal.finance import invoice_notices
from portal.finance.models import Invoice, InvoiceEvent, InvoiceStatus

_MANAGE = Permission.INVOICE_MANAGE
_DRAFT = (InvoiceStatus.DRAFT,)

TRANSITIONS = (
    Transition("prepare", _DRAFT, None, _MANAGE, N_("Ontwerp maken"), N_("Ontwerp gemaakt")),
    Transition("edit", _DRAFT, None, _MANAGE, N_("Ontwerp aanpassen"), N_("Ontwerp aangepast")),
    Transition(
        "announce", _DRAFT, None, _MANAGE,
        N_("Bestelbonnummer vragen"), N_("Bestelbonnummer gevraagd aan de partner"),
        tells=("partner",),
    ),
    Transition(
        "set_order_number", _DRAFT, None, Permission.INVOICING_DETAILS,
        N_("Bestelbonnummer invullen"), N_("Bestelbonnummer ingevuld"),
    ),
    Transition(
        "issue", _DRAFT, InvoiceStatus.ISSUED, _MANAGE, N_("Uitreiken"), N_("Uitgereikt"),
        tone="primary",
    ),
    Transition(
        "set_aside", _DRAFT, InvoiceStatus.SET_ASIDE, _MANAGE,
        N_("Niet uitreiken"), N_("Opzijgezet: wordt niet uitgereikt"), tone="danger",
    ),
    Transition(
        "resume", (InvoiceStatus.SET_ASIDE,), InvoiceStatus.DRAFT, _MANAGE,
        N_("Terug naar ontwerp"), N_("Terug als ontwerp"),
    ),
)  # fmt: skip

STATUS_LABELS = {
    InvoiceStatus.DRAFT: N_("Ontwerp"),
    InvoiceStatus.ISSUED: N_("Uitgereikt"),
    InvoiceStatus.SET_ASIDE: N_("Opzijgezet"),
}
STATUS_TONES = {
    InvoiceStatus.DRAFT: "warning",
    InvoiceStatus.ISSUED: "success",
    InvoiceStatus.SET_ASIDE: "neutral",
}
PAST = {t.action: t.past for t in TRANSITIONS}


def _write_event(fired: Fired[Invoice]) -> None:
    db.session.add(
        InvoiceEvent(
            invoice_id=fired.thing.id,
            version=fired.thing.version or 0,
            action=fired.transition.action,
            at=clock.now(),
            account_id=fired.by.account_id if fired.by else None,
            note=str(fired.details.get("note", "")),
        )
    )


def changes_since(invoice: Invoice, version: int) -> Sequence[Change]:
    """Return what happened to a document since a person looked, oldest first."""
    query = select(InvoiceEvent).where(
        InvoiceEvent.invoice_id == invoice.id, InvoiceEvent.version >= version
    )
    rows = db.session.scalars(query.order_by(InvoiceEvent.version, InvoiceEvent.id)).all()
    people = accounts.accounts_by_id({row.account_id for row in rows if row.account_id})
    names = {one.id: one.name for one in people.values()}
    return [Change(PAST[r.action], r.at, names.get(r.account_id or 0, "")) for r in rows]


def expect_draft(invoice: Invoice, version: int | None) -> None:
    """Wait for whoever changes a document now; raise ConflictError unless it is still the draft
    the person looked at. Call it before changing anything.
    """
    workflow.expect(invoice, version)
    if invoice.status != InvoiceStatus.DRAFT:
        since = changes_since(invoice, version or 0)
        raise ConflictError(N_("Dit is geen ontwerp meer: er verandert niets meer aan."), since)


workflow: Workflow[Invoice] = Workflow(
    TRANSITIONS,
    write_event=_write_event,
    tell=invoice_notices.tell,
    changes_since=changes_since,
)
