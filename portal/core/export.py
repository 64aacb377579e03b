"""Lists as CSV and Excel: text stays text, however many rows there are."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
from flask import Response, abort, stream_with_context
from flask_babel import gettext
from openpyxl.cell import WriteOnlyCell
from sqlalchemy import Select

from portal.core import clock, text
from portal.core.db import db
from portal.core.downloads import attachment
from portal.core.tables import Column

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_AT_A_TIME = 500
LONGEST_CELL = 32_767  # what Excel accepts

# A cell that begins like this is a formula to one spreadsheet or another.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def respond(
    form: str, columns: Sequence[Column[Any]], statement: Select[*tuple[Any, ...]], name: str
) -> Response:
    """Return the rows of a statement as `form` ("csv" or "xlsx"); anything else is a 404.

    `statement` comes from `Listing.everything`; `name` is the file's, without extension.
    """
    shown = [c for c in columns if c.exported]
    if form not in ("csv", "xlsx"):
        abort(404)
    if form == "xlsx":
        return attachment(xlsx_chunks(shown, _rows(statement)), f"{name}.xlsx", XLSX)
    return attachment(stream_with_context(csv_lines(shown, _rows(statement))), f"{name}.csv", CSV)


def csv_lines(columns: Sequence[Column[Any]], rows: Iterable[Any]) -> Iterator[bytes]:
    """Yield a CSV file as Excel in Dutch opens it: UTF-8 with mark, semicolons, CRLF."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    buffer.write("\ufeff")
    writer.writerow([safe(gettext(c.label)) for c in columns])
    for row in rows:
        writer.writerow([_csv_cell(c.cell(row)) for c in columns])
        if buffer.tell() > 30_000:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def xlsx_chunks(columns: Sequence[Column[Any]], rows: Iterable[Any]) -> Iterator[bytes]:
    """Return an Excel file in pieces. It is complete before the first piece leaves."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(gettext("Lijst"))
    sheet.freeze_panes = "A2"
    sheet.append([_xlsx_cell(sheet, gettext(c.label)) for c in columns])
    for row in rows:
        sheet.append([_xlsx_cell(sheet, c.cell(row)) for c in columns])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the last piece has left
    book.save(file)
    file.seek(0)
    return _pieces(file)


def safe(value: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    clean = text.paragraphs(value)
    return f"'{clean}" if clean.startswith(_FORMULA) else clean


def _pieces(file: Any) -> Iterator[bytes]:
    with file:
        while piece := file.read(65_536):
            yield piece


def _rows(statement: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    found = db.session.execute(statement.execution_options(yield_per=ROWS_AT_A_TIME))
    one_entity = len(found.keys()) == 1
    for row in found:
        yield row[0] if one_entity else row


def _csv_cell(value: Any) -> str:
    if isinstance(value, datetime):
        return clock.local(value).strftime("%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, Decimal):
        return str(value).replace(".", ",")
    words = _words(value)
    return words if isinstance(value, int) else safe(words)


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("ja") if value else gettext("nee")
    return str(value)


def _xlsx_cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, datetime):
        return WriteOnlyCell(sheet, clock.local(value).replace(tzinfo=None))
    if isinstance(value, (date, int, Decimal)) and not isinstance(value, bool):
        number: Any = value
        return WriteOnlyCell(sheet, number)
    cell: Any = WriteOnlyCell(sheet)
    cell.value = text.paragraphs(_words(value))[:LONGEST_CELL]
    cell.data_type = "s"  # openpyxl would make a formula of what begins with =
    return cell
