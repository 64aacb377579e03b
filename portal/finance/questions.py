"""What a partner asks about an invoice, and what HSV answers; each hears of the other by mail."""

from sqlalchemy import select

from portal.core import audit, clock
from portal.core.db import db
from portal.core.errors import ConflictError, NotFoundError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.finance import invoice_notices
from portal.finance.models import Invoice, InvoiceQuestion


def of(invoice: Invoice) -> list[InvoiceQuestion]:
    """Return the questions about a document, the oldest first."""
    query = select(InvoiceQuestion).where(InvoiceQuestion.invoice_id == invoice.id)
    return list(db.session.scalars(query.order_by(InvoiceQuestion.id)))


def find(invoice: Invoice, question_id: int) -> InvoiceQuestion:
    """Return a question about this document. Raises NotFoundError."""
    found = db.session.get(InvoiceQuestion, question_id)
    if found is None or found.invoice_id != invoice.id:
        raise NotFoundError()
    return found


def ask(actor: Actor, invoice: Invoice, text: str) -> InvoiceQuestion:
    """Keep a question and tell HSV's finance officers."""
    question = InvoiceQuestion(
        invoice_id=invoice.id, account_id=actor.account_id, text=text, at=clock.now()
    )
    db.session.add(question)
    audit.record("invoice_question:ask", question, actor=actor)
    db.session.flush()
    invoice_notices.tell_asked(invoice, question, actor)
    return question


def answer(actor: Actor, invoice: Invoice, question: InvoiceQuestion, text: str) -> None:
    """Answer a question, once, and tell who asked. Raises ConflictError."""
    db.session.refresh(question, with_for_update=True)
    if question.answered_at is not None:
        raise ConflictError(N_("Een collega antwoordde al op deze vraag."))
    question.answer, question.answered_at = text, clock.now()
    question.answered_by_id = actor.account_id
    audit.record("invoice_question:answer", question, actor=actor)
    invoice_notices.tell_answered(invoice, question)


def unanswered(limit: int) -> list[tuple[InvoiceQuestion, Invoice]]:
    """Return the questions that wait for HSV, the oldest first."""
    query = (
        select(InvoiceQuestion, Invoice)
        .join(Invoice, Invoice.id == InvoiceQuestion.invoice_id)
        .where(InvoiceQuestion.answered_at.is_(None))
        .order_by(InvoiceQuestion.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]
