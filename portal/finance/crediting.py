"""Taking back all or part of what was issued: by a credit note, never more than what is left."""

from sqlalchemy import func, select

from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.money import euro
from portal.core.permissions import Actor
from portal.finance import invoice_drafts
from portal.finance.content import Line
from portal.finance.invoice_drafts import Request
from portal.finance.models import Invoice, InvoiceStatus

TOO_MUCH = N_("Er is nog %(left)s te crediteren. Maak het bedrag kleiner.")


def left_cents(invoice: Invoice, *, but: Invoice | None = None) -> int:
    """Return what of an issued document was not credited yet, drafts of credit notes included.

    `but`: a credit note that does not count, because it is the one being looked at.
    """
    taken = select(func.coalesce(func.sum(Invoice.total_cents), 0)).where(
        Invoice.credits_id == invoice.id, Invoice.status != InvoiceStatus.SET_ASIDE
    )
    if but is not None:
        taken = taken.where(Invoice.id != but.id)
    return invoice.total_cents - int(db.session.scalar(taken) or 0)


def credit(actor: Actor, invoice: Invoice, lines: tuple[Line, ...], reason: str) -> Invoice:
    """Make the draft of a credit note on an issued document.

    `lines` are positive amounts to give back; `reason` is printed. Raises DomainError.
    """
    _lock(invoice)
    if invoice.status != InvoiceStatus.ISSUED or invoice.kind.credits:
        raise DomainError(N_("Alleen wat uitgereikt is, kan gecrediteerd worden."))
    note = invoice_drafts.prepare(
        Request(
            kind=invoice.kind.credited_by,
            organisation=invoice.organisation,
            lines=lines,
            agreement_id=invoice.agreement_id,
            contract=invoice.contract,
            credits_id=invoice.id,
            period_from=invoice.period_from,
            period_to=invoice.period_to,
            term_days=invoice.term_days,
            note=reason,
            order_number=invoice.order_number,
            buyer_reference=invoice.buyer_reference,
        ),
        actor,
    )
    check(note)
    return note


def whole(invoice: Invoice) -> tuple[Line, ...]:
    """Return the lines that take back all that is left: mirrored, or one line for the rest."""
    left = left_cents(invoice)
    if left == invoice.total_cents:
        return invoice.lines
    return (Line(f"Resterend bedrag van {invoice.number}", left),) if left > 0 else ()


def check(note: Invoice) -> None:
    """Raise DomainError when a credit note takes back more than is left of its document."""
    original = note.credited
    assert original is not None
    _lock(original)
    left = left_cents(original, but=note)
    if note.total_cents > left:
        raise DomainError(TOO_MUCH, "lines", left=euro(max(left, 0)))


def _lock(invoice: Invoice) -> None:
    """Wait for whoever credits the same document now."""
    db.session.execute(select(Invoice.id).where(Invoice.id == invoice.id).with_for_update())
