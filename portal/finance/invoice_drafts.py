"""Drafts of invoices: made, changed, set aside. Nothing here takes a number."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.core import clock
from portal.core.db import db
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.core.references import new_reference
from portal.directory.models import Organisation
from portal.finance import invoicing_details, invoicing_settings
from portal.finance.content import Line
from portal.finance.invoice_states import expect_draft, workflow
from portal.finance.models import Invoice, InvoiceKind, InvoiceStatus

LETTER = "F"
MOST_LINES = 50
LARGEST_QUANTITY_E2 = 100_000_00


@dataclass(frozen=True)
class Request:
    """What a document is to say. `term_days` None: what the partner or HSV usually has."""

    kind: InvoiceKind
    organisation: Organisation
    lines: tuple[Line, ...]
    agreement_id: int | None = None
    contract: str = ""
    credits_id: int | None = None
    due_key: str | None = None
    period_from: date | None = None
    period_to: date | None = None
    term_days: int | None = None
    note: str = ""
    order_number: str | None = None
    buyer_reference: str | None = None


def find(actor: Actor, reference: str) -> Invoice:
    """Return the document this person may see. Raises NotFoundError."""
    query = select(Invoice).where(Invoice.reference == reference, Invoice.visible_to(actor))
    found = db.session.scalar(query)
    if found is None:
        raise NotFoundError()
    return found


def prepare(request: Request, by: Actor | None) -> Invoice:
    """Make a draft, with the references the partner gave. Raises DomainError."""
    check_lines(request.lines)
    _check_period(request.period_from, request.period_to)
    organisation = request.organisation
    wishes = invoicing_details.of(organisation.id)
    order_number = request.order_number
    if order_number is None:
        order_number = invoicing_details.order_number(organisation.id, request.agreement_id)
    reference = request.buyer_reference
    invoice = Invoice(
        reference=new_reference(LETTER),
        kind=request.kind,
        status=InvoiceStatus.DRAFT,
        organisation_id=organisation.id,
        agreement_id=request.agreement_id,
        contract=request.contract,
        credits_id=request.credits_id,
        due_key=request.due_key,
        lines=request.lines,
        period_from=request.period_from,
        period_to=request.period_to,
        order_number=order_number,
        buyer_reference=wishes.buyer_reference if reference is None else reference,
        note=request.note,
        term_days=request.term_days or wishes.term_days or _usual_term(),
        created_at=clock.now(),
    )
    db.session.add(invoice)
    db.session.flush()
    workflow.fire(invoice, "prepare", by)
    return invoice


@dataclass(frozen=True)
class Changes:
    """What a person may change in a draft."""

    lines: tuple[Line, ...]
    period_from: date | None
    period_to: date | None
    term_days: int
    order_number: str
    buyer_reference: str
    note: str


def edit(actor: Actor, invoice: Invoice, changes: Changes, version: int | None) -> None:
    """Change a draft. A credit note keeps its lines within what is left (checked on issue)."""
    expect_draft(invoice, version)
    check_lines(changes.lines)
    _check_period(changes.period_from, changes.period_to)
    before = {name: getattr(invoice, name) for name in Changes.__dataclass_fields__}
    for name in before:
        setattr(invoice, name, getattr(changes, name))
    changed = {name for name, value in before.items() if value != getattr(invoice, name)}
    workflow.fire(invoice, "edit", actor, fields=changed)


def announce(actor: Actor | None, invoice: Invoice) -> None:
    """Show a draft to its partner and ask for its order number."""
    invoice.announced_at = clock.now()
    workflow.fire(invoice, "announce", actor, fields=("announced_at",))


def set_order_number(actor: Actor, invoice: Invoice, number: str, *, keep: bool = True) -> None:
    """Write the order number on a draft, and keep it for the next of the same agreement.

    Waits for whoever is issuing it now. Raises ConflictError once it is issued.
    """
    expect_draft(invoice, None)
    invoice.order_number = number
    workflow.fire(invoice, "set_order_number", actor, fields=("order_number",))
    if keep and invoice.agreement_id is not None:
        invoicing_details.set_order_number(
            invoice.organisation_id, invoice.agreement_id, number, actor
        )


def set_aside(actor: Actor, invoice: Invoice, version: int | None) -> None:
    """Decide that a draft will not be issued; its instalment is not asked for again."""
    expect_draft(invoice, version)
    workflow.fire(invoice, "set_aside", actor)


def resume(actor: Actor, invoice: Invoice, version: int | None) -> None:
    """Make what was set aside a draft again. Raises ConflictError."""
    workflow.expect(invoice, version)
    workflow.fire(invoice, "resume", actor)


def waiting(limit: int) -> list[Invoice]:
    """Return the drafts that wait to be issued, the oldest first, with their partner."""
    query = select(Invoice).where(Invoice.status == InvoiceStatus.DRAFT)
    query = query.options(joinedload(Invoice.organisation)).order_by(Invoice.id).limit(limit)
    return list(db.session.scalars(query))


def needs_reference(invoice: Invoice) -> bool:
    """Say whether a draft still lacks what a public buyer must find on it (PEPPOL-R003)."""
    return not (invoice.kind.is_claim or invoice.order_number or invoice.buyer_reference)


def check_lines(lines: tuple[Line, ...]) -> None:
    """Raise DomainError for lines nobody can be asked to pay."""
    if not lines:
        raise DomainError(N_("Vul minstens één lijn in."), "lines")
    if len(lines) > MOST_LINES:
        raise DomainError(N_("Gebruik hoogstens %(most)s lijnen."), "lines", most=MOST_LINES)
    for line in lines:
        if not line.description:
            raise DomainError(N_("Geef elke lijn een omschrijving."), "lines")
        if line.cents <= 0 or line.unit_cents <= 0:
            message = N_("Vul een bedrag boven nul in. Terugbetalen doe je met een creditnota.")
            raise DomainError(message, "lines")
        if not 0 < line.quantity_e2 <= LARGEST_QUANTITY_E2:
            raise DomainError(N_("Vul een aantal boven nul in."), "lines")


def _check_period(period_from: date | None, period_to: date | None) -> None:
    if (period_from is None) != (period_to is None):
        raise DomainError(N_("Vul beide dagen van de periode in, of geen."), "period_to")
    if period_from is not None and period_to is not None and period_to < period_from:
        raise DomainError(N_("De periode eindigt voor ze begint."), "period_to")


def _usual_term() -> int:
    return invoicing_settings.in_force(clock.today()).term_days
