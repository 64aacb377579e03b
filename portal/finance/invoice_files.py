"""Invoices as files, for who runs the portal: exactly as they were issued, or an error."""

import hashlib
import hmac
from collections.abc import Iterator

from sqlalchemy import select

from portal.core import documents
from portal.core.db import db
from portal.core.documents import DamagedDocumentError
from portal.core.errors import NotFoundError
from portal.finance.models import Invoice, InvoiceStatus

EXTENSIONS = {"pdf": "pdf", "ubl": "xml"}


def one(number: str, form: str) -> bytes:
    """Return the PDF or UBL of a document. Raises NotFoundError, DamagedDocumentError."""
    found = db.session.scalar(select(Invoice).where(Invoice.number == number.strip().upper()))
    if found is None:
        raise NotFoundError()
    return _read(found, form)


def every(form: str, year: int | None = None) -> Iterator[tuple[str, bytes]]:
    """Yield (file name, bytes) of every issued document that has this form, by number.

    `year`: of issue; left out, all years. Raises DamagedDocumentError.
    """
    query = select(Invoice.id).where(Invoice.status == InvoiceStatus.ISSUED)
    if form == "ubl":
        query = query.where(Invoice.ubl_id.is_not(None))
    if year is not None:
        query = query.where(Invoice.series.in_((f"invoice-{year}", f"claim-{year}")))
    for invoice_id in db.session.scalars(query.order_by(Invoice.series, Invoice.sequence)).all():
        found = db.session.get_one(Invoice, invoice_id)
        yield f"{found.number}.{EXTENSIONS[form]}", _read(found, form)
        db.session.expunge_all()  # a run of ten years stays as small as a run of one day


def _read(invoice: Invoice, form: str) -> bytes:
    document = invoice.pdf if form == "pdf" else invoice.ubl
    expected = invoice.pdf_sha256 if form == "pdf" else invoice.ubl_sha256
    if document is None or expected is None:
        raise NotFoundError()
    data = documents.read(document)
    if not hmac.compare_digest(hashlib.sha256(data).digest(), expected):
        raise DamagedDocumentError(f"{form} of {invoice.number}")
    return data
