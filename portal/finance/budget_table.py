"""Reading a table of bookings from a file: CSV or Excel, as rows of plain cells.

A formula is refused, whatever it comes to: what is booked is what a person sees in the file. The
file is read within limits and never kept open.
"""

import csv
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from portal.core.errors import DomainError
from portal.core.i18n import N_

MAX_BYTES = 2 * 1024 * 1024
MAX_UNPACKED_BYTES = 40 * 1024 * 1024
MAX_ROWS = 2_000
MAX_COLUMNS = 40
CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA = "\0formule"  # stands for a cell with a formula; no text holds this sign

_TOO_LARGE = N_("Het bestand is groter dan 2 MB. Splits het op.")
_TOO_LONG = N_("Het bestand telt meer dan %(rows)s rijen. Splits het op.")
_UNREADABLE = N_("Dit bestand is niet te lezen. Bewaar het als CSV of Excel (.xlsx).")
_EMPTY = N_("In dit bestand staan geen rijen.")

Cell = str | int | float | Decimal | date | None
Table = list[list[Cell]]


def read(data: bytes) -> tuple[Table, str]:
    """Return the rows with something in them, and what kind of file it is (CSV or XLSX).

    The content decides, not the name. Raises DomainError on `file`.
    """
    if len(data) > MAX_BYTES:
        raise DomainError(_TOO_LARGE, "file")
    if data.startswith(b"PK\x03\x04"):
        table, kind = _read_xlsx(data), XLSX
    else:
        table, kind = _read_csv(data), CSV
    rows = [row for row in table if any(cell not in (None, "") for cell in row)]
    if not rows:
        raise DomainError(_EMPTY, "file")
    if len(rows) > MAX_ROWS + 1:
        raise DomainError(_TOO_LONG, "file", rows=MAX_ROWS)
    return rows, kind


def _read_csv(data: bytes) -> Table:
    words = _decoded(data)
    first = words.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(";\t,", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(words, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise DomainError(_UNREADABLE, "file") from error
    return [list(row[:MAX_COLUMNS]) for row in rows]


def _decoded(data: bytes) -> str:
    if b"\0" in data:
        raise DomainError(_UNREADABLE, "file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")  # what Excel in Western Europe writes


def _read_xlsx(data: bytes) -> Table:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise DomainError(_TOO_LARGE, "file")
            for part in archive.infolist():
                if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(part):
                    raise DomainError(_UNREADABLE, "file")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        try:
            return _rows(book)
        finally:
            book.close()
    except DomainError:
        raise
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise DomainError(_UNREADABLE, "file") from error
    except Exception as error:
        # openpyxl meets a damaged file with whatever went wrong inside it
        raise DomainError(_UNREADABLE, "file") from error


def _rows(book: openpyxl.Workbook) -> Table:
    sheet = book.worksheets[0]
    found: Table = []
    for row in sheet.iter_rows(max_row=MAX_ROWS + 50, max_col=MAX_COLUMNS):
        found.append([_cell(cell) for cell in row])
    return found


def _cell(cell: object) -> Cell:
    value, kind = getattr(cell, "value", None), getattr(cell, "data_type", "n")
    if kind == "f":
        return FORMULA
    if kind == "e":
        return str(value)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str | int | float | Decimal | date) else None
