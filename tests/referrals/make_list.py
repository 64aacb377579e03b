"""Builders of lists that branches keep in a spreadsheet: rows by column name, as XLSX or CSV."""

import csv
import io
from datetime import timedelta
from typing import Any

import openpyxl

from portal.core import clock
from portal.referrals.takeover.columns import COLUMNS, SHEET

Family = dict[str, Any]


def family(**changes: Any) -> Family:
    """A family on the waiting list, by column name; `changes` by code, None leaves it empty."""
    today = clock.today()

    def ago(days: int) -> str:
        return f"{today - timedelta(days=days):%d/%m/%Y}"

    filled = {
        "step": "Wachtlijst",
        "received_on": ago(90),
        "first_name": "Amina",
        "last_name": "El Idrissi",
        "phone": "0471 22 33 44",
        "email": "",
        "postcode": "9000",
        "street": "Sint-Pietersnieuwstraat 12",
        "child_1": f"{today.month:02}/{today.year - 2}",
        "language": "Arabisch",
        "interpreter": "ja",
        "question": "Graag iemand om mee te praten.",
        "is_single_parent": "x",
        "referrer_kind": "OCMW",
        "referred_by": "OCMW Gent, Jan",
        "intake_on": ago(60),
        "consent_on": ago(60),
        "consent_by": "Moeder",
        "consent_manner": "Mondeling",
        "note": "Belt liefst terug.",
    }
    return {k: v for k, v in (filled | changes).items() if v is not None}


def running(**changes: Any) -> Family:
    """A family with a volunteer who comes by every week."""
    today = clock.today()
    days = {
        "matched_on": f"{today - timedelta(days=40):%d/%m/%Y}",
        "started_on": f"{today - timedelta(days=30):%d/%m/%Y}",
    }
    return family(**{"step": "Lopend", "volunteer": "Marleen", **days, **changes})


def rows_of(*families: Family) -> list[list[Any]]:
    header = [column.header for column in COLUMNS]
    return [header, *([one.get(c.code, "") for c in COLUMNS] for one in families)]


def csv_of(*families: Family, delimiter: str = ";", encoding: str = "utf-8-sig") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows_of(*families))
    return out.getvalue().encode(encoding)


def xlsx_of(*families: Family) -> bytes:
    return book_of(rows_of(*families))


def book_of(rows: list[list[Any]], change: Any = None, title: str = SHEET) -> bytes:
    """A workbook of rows; `change` gets the sheet before it is saved."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    if change:
        change(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
