"""All documents of a period in one ZIP, with an index a person and a program can read.

Written to a file one document at a time, so that a year takes no more memory than a day. Each is
checked against its hash while it is packed; a damaged one stops the packing, by name.
"""

import csv
import hashlib
import hmac
import io
import zipfile
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from html import escape
from typing import IO, Any

from sqlalchemy import func, select

from portal.core import clock, documents, export
from portal.core.db import db
from portal.core.documents import DamagedDocumentError, Document
from portal.core.i18n import short_date
from portal.directory.models import Organisation
from portal.finance import journal
from portal.finance.models import (
    BankFile,
    BankStatement,
    Booking,
    BookingDocument,
    Budget,
    Invoice,
    InvoiceStatus,
    Reminder,
    Statement,
)


@dataclass(frozen=True)
class Packed:
    """One file of the archive, as its index has it."""

    path: str
    what: str
    number: str
    partner: str
    on: date
    bytes: int
    sha256: str


@dataclass(frozen=True)
class _Wanted:
    """A document to pack. `sha256`: what it was when it was kept, where that stands in its row."""

    path: str
    what: str
    number: str
    partner: str
    on: date
    document_id: int
    sha256: bytes | None


def write(file: IO[bytes], from_on: date, to_on: date) -> list[Packed]:
    """Write the archive of a period into a file; returns its index.

    Raises DamagedDocumentError, which names what is not what it was.
    """
    packed: list[Packed] = []
    taken: set[str] = set()
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        closing(_wanted(from_on, to_on)) as wanted,
    ):
        for one in wanted:
            data = _read(one)
            path = _free(one.path, taken)
            archive.writestr(path, data)
            digest = hashlib.sha256(data).hexdigest()
            packed.append(
                Packed(path, one.what, one.number, one.partner, one.on, len(data), digest)
            )
        packed += _pack_journal(archive, from_on, to_on)
        archive.writestr("index.csv", _as_csv(packed))
        archive.writestr("index.html", _as_html(packed, from_on, to_on))
    return packed


def _pack_journal(archive: zipfile.ZipFile, from_on: date, to_on: date) -> Iterator[Packed]:
    forms = (("csv", export.csv_lines), ("xlsx", export.xlsx_chunks))
    for extension, make in forms:
        path, digest, size = f"journaal.{extension}", hashlib.sha256(), 0
        with archive.open(path, "w") as out:
            for piece in make(journal.COLUMNS, journal.lines(from_on, to_on)):
                out.write(piece)
                digest.update(piece)
                size += len(piece)
        yield Packed(path, "Journaal", "", "", to_on, size, digest.hexdigest())


def _read(one: _Wanted) -> bytes:
    document = db.session.get_one(Document, one.document_id)
    try:
        data = documents.read(document)
    except DamagedDocumentError as error:
        raise DamagedDocumentError(one.path) from error
    finally:
        db.session.expunge(document)
    if one.sha256 and not hmac.compare_digest(hashlib.sha256(data).digest(), one.sha256):
        raise DamagedDocumentError(one.path)
    return data


def _free(path: str, taken: set[str]) -> str:
    """Return a path no earlier file has."""
    stem, _, extension = path.rpartition(".")
    number, free = 2, path
    while free.lower() in taken:
        free, number = f"{stem} ({number}).{extension}", number + 1
    taken.add(free.lower())
    return free


def _wanted(from_on: date, to_on: date) -> Generator[_Wanted]:
    yield from _invoices(from_on, to_on)
    yield from _statements(from_on, to_on)
    yield from _reminders(from_on, to_on)
    yield from _bank_files(from_on, to_on)
    yield from _supporting(from_on, to_on)


def _invoices(from_on: date, to_on: date) -> Iterator[_Wanted]:
    query = (
        select(Invoice, Organisation.name)
        .join(Organisation, Organisation.id == Invoice.organisation_id)
        .where(Invoice.status == InvoiceStatus.ISSUED, Invoice.issued_on.between(from_on, to_on))
        .order_by(Invoice.series, Invoice.sequence)
    )
    for invoice, partner in _rows(query):
        folder, what = _folder(invoice), invoice.kind.label
        files = (
            ("pdf", invoice.pdf_id, invoice.pdf_sha256),
            ("xml", invoice.ubl_id, invoice.ubl_sha256),
        )
        for extension, document_id, digest in files:
            if document_id is not None:
                path = f"{folder}/{invoice.number}.{extension}"
                yield _Wanted(
                    path, what, invoice.number, partner, invoice.issued_on, document_id, digest
                )


def _folder(invoice: Invoice) -> str:
    if invoice.kind.credits:
        return "creditnota's"
    return "schuldvorderingen" if invoice.kind.is_claim else "facturen"


def _statements(from_on: date, to_on: date) -> Iterator[_Wanted]:
    query = (
        select(Statement, Organisation.name, Budget.year)
        .join(Organisation, Organisation.id == Statement.organisation_id)
        .join(Budget, Budget.id == Statement.budget_id)
        .where(Statement.sent_at.between(*_moments(from_on, to_on)))
        .order_by(Statement.id)
    )
    for statement, partner, year in _rows(query):
        name = f"afrekeningen/{year}-{statement.number} {documents.plain_filename(partner)}"
        on = clock.local(statement.sent_at).date()
        number = f"{year}-{statement.number}"
        for extension, document_id, digest in (
            ("pdf", statement.pdf_id, statement.pdf_sha256),
            ("docx", statement.docx_id, statement.docx_sha256),
        ):
            path = f"{name}.{extension}"
            yield _Wanted(path, "Afrekening", number, partner, on, document_id, digest)


def _reminders(from_on: date, to_on: date) -> Iterator[_Wanted]:
    query = (
        select(Reminder, Organisation.name)
        .join(Organisation, Organisation.id == Reminder.organisation_id)
        .where(Reminder.sent_at.between(*_moments(from_on, to_on)), Reminder.pdf_id.is_not(None))
        .order_by(Reminder.id)
    )
    for reminder, partner in _rows(query):
        on = clock.local(reminder.sent_at).date()
        path = f"herinneringen/{on.isoformat()} {documents.plain_filename(partner)}.pdf"
        yield _Wanted(
            path, "Rekeningoverzicht", "", partner, on, reminder.pdf_id, reminder.pdf_sha256
        )


def _bank_files(from_on: date, to_on: date) -> Iterator[_Wanted]:
    """Files that were taken in, by the last statement in them that ends in the period."""
    closed_on = func.max(BankStatement.closed_on)
    query = (
        select(BankFile.document_id, closed_on)
        .join(BankStatement, BankStatement.file_id == BankFile.id)
        .where(BankFile.taken_at.is_not(None), BankStatement.closed_on.between(from_on, to_on))
        .group_by(BankFile.id, BankFile.document_id)
        .order_by(closed_on, BankFile.id)
    )
    for document_id, on in _rows(query):
        path = _named("bankbestanden", on, document_id)
        yield _Wanted(path, "Bankbestand", "", "", on, document_id, None)


def _named(folder: str, on: date, document_id: int) -> str:
    """Return a path by day and by the name a document came with."""
    kept = db.session.get_one(Document, document_id).filename or "document"
    name = documents.plain_filename(kept)
    return f"{folder}/{on.isoformat()} {name if '.' in name else f'{name}.bin'}"


def _supporting(from_on: date, to_on: date) -> Iterator[_Wanted]:
    query = (
        select(BookingDocument.document_id, Booking.booked_on, Booking.voucher, Booking.supplier)
        .join(Booking, Booking.id == BookingDocument.booking_id)
        .where(Booking.booked_on.between(from_on, to_on))
        .order_by(Booking.booked_on, BookingDocument.id)
    )
    for document_id, on, voucher, supplier in _rows(query):
        path = _named("bewijsstukken", on, document_id)
        yield _Wanted(path, "Bewijsstuk", voucher, supplier, on, document_id, None)


def _rows(query: Any) -> Iterator[Any]:
    """Yield rows a few at a time, forgetting those that were used."""
    with closing(db.session.execute(query.execution_options(yield_per=50))) as found:
        for row in found:
            yield row
            if isinstance(row[0], (Invoice, Statement, Reminder)) and row[0] in db.session:
                db.session.expunge(row[0])


def _moments(from_on: date, to_on: date) -> tuple[datetime, datetime]:
    first = datetime.combine(from_on, time(), clock.BRUSSELS)
    last = datetime.combine(to_on + timedelta(days=1), time(), clock.BRUSSELS)
    return first, last - timedelta(microseconds=1)


def _as_csv(packed: list[Packed]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(["bestand", "soort", "nummer", "partner", "datum", "bytes", "sha256"])
    for one in packed:
        writer.writerow([_csv_cell(getattr(one, field.name)) for field in fields(one)])
    return "\ufeff" + out.getvalue()


def _csv_cell(value: Any) -> str:
    return short_date(value) if isinstance(value, date) else export.safe(str(value))


def _as_html(packed: list[Packed], from_on: date, to_on: date) -> str:
    span = f"{short_date(from_on)} tot en met {short_date(to_on)}"
    rows = "\n".join(_html_row(one) for one in packed)
    return f"""<!doctype html>
<html lang="nl">
<head><meta charset="utf-8"><title>Boekhouding {span}</title></head>
<body>
<h1>Boekhouding {span}</h1>
<p>{len(packed)} bestanden. De laatste kolom is de vingerafdruk (SHA-256) van elk bestand.</p>
<table>
<thead><tr><th>Bestand</th><th>Soort</th><th>Partner</th><th>Datum</th><th>SHA-256</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</body>
</html>
"""


def _html_row(one: Packed) -> str:
    path = escape(one.path)
    return (
        f'<tr><td><a href="{path}">{path}</a></td><td>{escape(one.what)}</td>'
        f"<td>{escape(one.partner)}</td><td>{short_date(one.on)}</td><td>{one.sha256}</td></tr>"
    )
