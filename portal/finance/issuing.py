"""Issuing: one transaction in which a draft becomes a document for ever.

It copies both parties, takes the next number of the year, makes the link to pay, prints the PDF,
builds the UBL, keeps both with their hash, and puts the delivery in line. A rollback gives
everything back, the number included. From the commit on the database refuses every change
(core/immutable.py).
"""

import hashlib
from datetime import date, timedelta

from stdnum.be import ogm_vcs

from portal.core import clock, documents, numbering
from portal.core.db import db
from portal.core.documents import Document
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.core.plain import to_plain
from portal.finance import (
    crediting,
    delivering,
    invoice_drafts,
    invoice_pdf,
    invoicing_details,
    invoicing_settings,
    paper,
    pay_links,
    ubl,
)
from portal.finance.content import Issued
from portal.finance.invoice_states import expect_draft, workflow
from portal.finance.models import Invoice, InvoicingSettings

LARGEST_SEQUENCE = 99_999  # what fits in a structured communication beside the year
_SERIES = {False: ("invoice", "1"), True: ("claim", "2")}


def issue(actor: Actor, invoice: Invoice, version: int | None) -> None:
    """Issue a draft. Raises DomainError for a missing mention, ConflictError when it changed."""
    expect_draft(invoice, version)
    if invoice_drafts.needs_reference(invoice):
        message = N_("Vul een bestelbonnummer of de referentie van de partner in, of vraag ernaar.")
        raise DomainError(message, "order_number")
    if invoice.credits_id is not None:
        crediting.check(invoice)
    with db.session.no_autoflush:  # the row is written once, when it is whole
        _fill_in(actor, invoice)
        workflow.fire(invoice, "issue", actor, fields=("number", "pdf_id", "ubl_id"))
    delivering.enqueue(invoice)


def _fill_in(actor: Actor, invoice: Invoice) -> None:
    today = clock.today()
    settings = invoicing_settings.in_force(today)
    invoice.sender_json = to_plain(invoicing_settings.sender_of(settings))
    invoice.receiver_json = to_plain(invoicing_details.receiver_of(invoice.organisation))
    _number(invoice, settings, today)
    invoice.issued_on, invoice.issued_at = today, clock.now()
    invoice.issued_by_id = actor.account_id
    invoice.due_on = today + timedelta(days=invoice.term_days)
    _keep_files(invoice)


def _number(invoice: Invoice, settings: InvoicingSettings, today: date) -> None:
    name, digit = _SERIES[invoice.kind.is_claim]
    prefix = settings.claim_prefix if invoice.kind.is_claim else settings.invoice_prefix
    series = f"{name}-{today.year}"
    sequence = numbering.next_number(series)
    if sequence > LARGEST_SEQUENCE:
        raise DomainError(N_("Deze reeks is vol: er zijn dit jaar te veel documenten."))
    invoice.series, invoice.sequence = series, sequence
    invoice.number = f"{prefix}{today.year}-{sequence:04}"
    if not invoice.kind.credits:
        body = f"{digit}{today.year}{sequence:05}"
        invoice.ogm = body + ogm_vcs.calc_check_digits(body)


def _keep_files(invoice: Invoice) -> None:
    document = as_issued(invoice, pay_links.make(invoice))
    pdf = invoice_pdf.render(document)
    invoice.pdf = _put(pdf, f"{invoice.number}.pdf", paper.MEDIA_TYPE)
    invoice.pdf_sha256 = hashlib.sha256(pdf).digest()
    if document.is_claim:
        return
    xml = ubl.build(document, pdf)
    invoice.ubl = _put(xml, f"{invoice.number}.xml", ubl.MEDIA_TYPE)
    invoice.ubl_sha256 = hashlib.sha256(xml).digest()


def _put(data: bytes, filename: str, media_type: str) -> Document:
    """Keep what was issued: not sealed, so that nothing that erases families can reach it."""
    return documents.put(data, filename, media_type, private=False)


def as_issued(invoice: Invoice, pay_url: str = "") -> Issued:
    """Return what the document says."""
    credited = invoice.credited
    assert invoice.number is not None
    assert invoice.issued_on is not None
    assert invoice.due_on is not None
    return Issued(
        title=invoice.kind.label,
        number=invoice.number,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        sender=invoice.sender,
        receiver=invoice.receiver,
        lines=invoice.lines,
        ogm=invoice.ogm or "",
        contract=invoice.contract,
        order_number=invoice.order_number,
        buyer_reference=invoice.buyer_reference,
        note=invoice.note,
        period_from=invoice.period_from,
        period_to=invoice.period_to,
        credits_number=(credited.number or "") if credited else "",
        credits_on=credited.issued_on if credited else None,
        is_claim=invoice.kind.is_claim,
        pay_url=pay_url,
    )
