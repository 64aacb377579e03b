"""Lists that people keep in a spreadsheet, read as rows of text and dates.

XLSX, or CSV as Dutch and English programs write it. Nothing is calculated: a formula is said to be
one. The file is unpacked within limits first, and never kept.
"""

import csv
import io
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

import openpyxl

from portal.core import text
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.rendering.package import parts_of
from portal.core.rendering.problems import RefusedError

MAX_BYTES = 5 * 1024 * 1024
MOST_ROWS = 3000  # with something in them
MOST_COLUMNS = 200
MOST_MERGED = 200
_LAST_ROW = 1_048_576  # of Excel itself
_LONGEST = 5000  # characters of a cell that are looked at

EMPTY = N_("Het bestand is leeg.")
TOO_LARGE = N_("Het bestand is groter dan 5 MB.")
UNKNOWN = N_(
    "Dit is geen rekenblad dat we kunnen lezen. Kies een bestand van Excel (.xlsx) of CSV."
)
OLD_EXCEL = N_(
    "Dit is een oud Excel-bestand (.xls) of het heeft een wachtwoord. Bewaar het zonder wachtwoord "
    "als .xlsx en probeer opnieuw."
)
DAMAGED = N_("Het bestand is beschadigd. Bewaar het opnieuw en probeer nog eens.")
TOO_MANY = N_("Er staan meer dan %(most)s rijen in het bestand. Verdeel ze over meer bestanden.")
TOO_WIDE = N_("Er staan meer dan %(most)s kolommen in het bestand.")
TOO_MERGED = N_("Er zijn te veel samengevoegde cellen. Hef het samenvoegen op en probeer opnieuw.")

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MERGED = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"
)


class Trouble(StrEnum):
    """What stands in a cell that cannot be read as it is."""

    FORMULA = "formula"
    MERGED = "merged"
    ERROR = "error"


Cell = str | date | Trouble


@dataclass(frozen=True)
class Row:
    """A row with something in it; `number` is what the program shows in its margin, from 1."""

    number: int
    cells: tuple[Cell, ...]


def read(data: bytes, preferred: str, field: str = "file") -> list[Row]:
    """Return the rows of a file: of the sheet with the preferred name, else of the first.

    Raises DomainError on `field` for what is no sound spreadsheet or is too large.
    """
    try:
        return _read(data, preferred)
    except _RefusedError as refused:
        raise DomainError(refused.message, field, **refused.values) from None


class _RefusedError(Exception):
    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values


def _read(data: bytes, preferred: str) -> list[Row]:
    if not data:
        raise _RefusedError(EMPTY)
    if len(data) > MAX_BYTES:
        raise _RefusedError(TOO_LARGE)
    if data.startswith(_OLD_OFFICE):
        raise _RefusedError(OLD_EXCEL)
    kept = _of_workbook(data, preferred) if data.startswith(_ZIP) else _filled(_of_csv(data))
    if not kept:
        raise _RefusedError(EMPTY)
    return kept


def _filled(rows: Iterable[tuple[int, list[Cell]]]) -> list[Row]:
    kept: list[Row] = []
    for number, cells in rows:
        if not any(cells):
            continue
        if len(kept) == MOST_ROWS:
            raise _RefusedError(TOO_MANY, most=MOST_ROWS)
        kept.append(Row(number, tuple(cells)))
    return kept


# Excel


def _of_workbook(data: bytes, preferred: str) -> list[Row]:
    try:
        parts = parts_of(data)
    except RefusedError as error:
        raise _RefusedError(DAMAGED) from error
    if "xl/workbook.xml" not in parts:
        raise _RefusedError(UNKNOWN)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what it does not know: validations, drawings
        try:
            book: Any = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            titles = {sheet.title.strip().lower(): sheet for sheet in book.worksheets}
            sheet = titles.get(preferred.lower()) or book.worksheets[0]
            sheet.reset_dimensions()  # the size a file states may be a lie
            merged = _merged(parts.get(sheet._worksheet_path.lstrip("/"), b""))
            return _filled(_cells(sheet, merged))
        except _RefusedError:
            raise
        except Exception as error:
            raise _RefusedError(DAMAGED) from error


def _cells(sheet: Any, merged: list[tuple[int, int, int, int]]) -> Iterator[tuple[int, list[Cell]]]:
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > _LAST_ROW:
            raise _RefusedError(DAMAGED)
        if len(row) > MOST_COLUMNS and any(cell.value is not None for cell in row[MOST_COLUMNS:]):
            raise _RefusedError(TOO_WIDE, most=MOST_COLUMNS)
        here = [one for one in merged if one[1] <= number <= one[3]]
        cells = [_plain(cell) for cell in row[:MOST_COLUMNS]]
        for left, _top, right, _bottom in here:
            last = min(right, MOST_COLUMNS)
            cells += [""] * (last - len(cells))
            cells[left - 1 : last] = [Trouble.MERGED] * max(last - left + 1, 0)
        yield number, cells


def _plain(cell: Any) -> Cell:
    if cell.value is None:
        return ""
    if cell.data_type in ("f", "e"):
        return Trouble.FORMULA if cell.data_type == "f" else Trouble.ERROR
    if isinstance(cell.value, datetime):
        whole_day = cell.value.time() == time()
        return cell.value.date() if whole_day else f"{cell.value:%d/%m/%Y %H:%M}"
    return text.paragraphs(_written(cell.value)[:_LONGEST])


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    whole = isinstance(value, float) and value.is_integer()
    return f"{value:.0f}" if whole else str(value)


def _merged(part: bytes) -> list[tuple[int, int, int, int]]:
    """Return the merged ranges as left, top, right, bottom, all counted from 1."""
    found = [
        (_column(left), int(top), _column(right), int(bottom))
        for left, top, right, bottom in _MERGED.findall(part)
    ]
    if len(found) > MOST_MERGED:
        raise _RefusedError(TOO_MERGED)
    return found


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


# CSV


def _of_csv(data: bytes) -> Iterator[tuple[int, list[Cell]]]:
    words = _decoded(data)
    if words.startswith("sep="):  # for Excel, which does not count this line
        words = words.partition("\n")[2]
    lines = csv.reader(io.StringIO(words, newline=""), delimiter=_delimiter(words), strict=True)
    try:
        for number, row in enumerate(lines, start=1):
            if len(row) > MOST_COLUMNS and any(row[MOST_COLUMNS:]):
                raise _RefusedError(TOO_WIDE, most=MOST_COLUMNS)
            yield number, [_unquoted(text.paragraphs(c[:_LONGEST])) for c in row[:MOST_COLUMNS]]
    except csv.Error as error:
        raise _RefusedError(DAMAGED) from error


def _unquoted(words: str) -> str:
    """Return text without the mark an export puts before what looks like a formula."""
    return words[1:] if words[:1] == "'" and words[1:2] in ("=", "+", "-", "@") else words


def _decoded(data: bytes) -> str:
    if b"\x00" in data:
        raise _RefusedError(UNKNOWN)
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _RefusedError(UNKNOWN)


def _delimiter(words: str) -> str:
    """Return what parts the cells: of ; , and tab the one that makes the widest rows."""
    begin = "\n".join(words[:20_000].splitlines()[:12])
    return max(";,\t", key=lambda mark: _width(csv.reader(io.StringIO(begin), delimiter=mark)))


def _width(rows: Iterable[list[str]]) -> int:
    try:
        return max((len(row) for row in rows), default=0)
    except csv.Error:
        return 0
