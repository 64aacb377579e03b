"""The example file: the columns to fill in, lists to pick from, and what each column means."""

from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from portal.referrals.takeover import cells
from portal.referrals.takeover.columns import COLUMNS, SHEET, Column

FILENAME = "gezinnen-overnemen.xlsx"
ROWS = 500  # with lists to pick from
_CHOICES = "Keuzes"
_DAYS = (cells.day,)
_WIDE = {"question": 40, "note": 40, "street": 26, "referred_by": 26, "volunteer": 22}
_HEAD = PatternFill("solid", fgColor="17595A")
_NEEDED = PatternFill("solid", fgColor="8C2F1B")
_WHITE = Font(bold=True, color="FFFFFF")
_TOP = Alignment(vertical="top", wrap_text=True)
_INTRODUCTION = (
    "Vul op het blad Gezinnen één gezin per rij in. Laat de namen van de kolommen zoals ze zijn.",
    "Donkerrode kolommen zijn altijd nodig. Lege kolommen mag je verwijderen.",
    "Neem alleen gezinnen over die weten dat jullie hun gegevens bijhouden en ermee instemmen.",
    "Gezondheid nemen we niet over, en een rijksregisternummer evenmin: vul het nergens in.",
    "Verwijder dit bestand zodra de gezinnen in het portaal staan.",
)


def build() -> bytes:
    """Return the example as XLSX."""
    book: Any = openpyxl.Workbook()
    _fill_families(book.active)
    _explain(book.create_sheet("Uitleg"))
    _list_choices(book.create_sheet(_CHOICES))
    _offer_choices(book.worksheets[0])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _fill_families(sheet: Any) -> None:
    sheet.title = SHEET
    sheet.freeze_panes = "A2"
    for at, column in enumerate(COLUMNS, start=1):
        head = sheet.cell(1, at, column.header)
        head.font, head.alignment = _WHITE, Alignment(wrap_text=True, vertical="center")
        head.fill = _NEEDED if column.always else _HEAD
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = _WIDE.get(column.code, 17)
        # Excel must not make a number of a telephone or a date of a month.
        shape = "dd/mm/yyyy" if column.read in _DAYS else "@"
        for row in range(2, ROWS + 2):
            sheet.cell(row, at).number_format = shape
    sheet.row_dimensions[1].height = 34


def _explain(sheet: Any) -> None:
    sheet.column_dimensions["A"].width = 28
    sheet.column_dimensions["B"].width = 60
    sheet.column_dimensions["C"].width = 34
    sheet.column_dimensions["D"].width = 60
    for line in _INTRODUCTION:
        sheet.append([line])
    sheet.append([])
    sheet.append(["Kolom", "Wat je invult", "Nodig", "Mogelijke antwoorden"])
    for cell in sheet[sheet.max_row]:
        cell.font, cell.fill = _WHITE, _HEAD
    for column in COLUMNS:
        answers = ", ".join(column.choices.values()) if column.choices else ""
        sheet.append([column.header, column.explained, column.needed or "niet nodig", answers])
        for cell in sheet[sheet.max_row]:
            cell.alignment = _TOP


def _list_choices(sheet: Any) -> None:
    sheet.sheet_state = "hidden"
    for at, column in enumerate(_picked(), start=1):
        for row, label in enumerate((column.choices or {}).values(), start=1):
            sheet.cell(row, at, label)


def _offer_choices(sheet: Any) -> None:
    for at, column in enumerate(_picked(), start=1):
        letter = get_column_letter(at)
        last = len(column.choices or {})
        rule = DataValidation(
            "list", formula1=f"{_CHOICES}!${letter}$1:${letter}${last}", allow_blank=True
        )
        rule.errorTitle, rule.error = column.header, "Kies een antwoord uit de lijst."
        rule.promptTitle, rule.prompt = column.header, column.explained[:250]
        rule.showInputMessage = rule.showErrorMessage = True
        where = get_column_letter(COLUMNS.index(column) + 1)
        rule.add(f"{where}2:{where}{ROWS + 1}")
        sheet.add_data_validation(rule)


def _picked() -> list[Column]:
    return [column for column in COLUMNS if column.choices]
