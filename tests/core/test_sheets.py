"""Spreadsheets people upload: what stands in them is read as it is, what could act is refused."""

import io
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest

from portal.core import sheets
from portal.core.errors import DomainError
from portal.core.sheets import Trouble

HEAD = ["Naam", "Dag"]


def book(rows: list[list[Any]], change: Any = None) -> bytes:
    made = openpyxl.Workbook()
    sheet: Any = made.active
    for row in rows:
        sheet.append(row)
    if change:
        change(sheet)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def repacked(data: bytes, **parts: bytes) -> bytes:
    """The same file with some parts replaced: `workbook=…` is xl/workbook.xml."""
    names = {"sheet": "xl/worksheets/sheet1.xml", "workbook": "xl/workbook.xml"}
    changed = {names[name]: content for name, content in parts.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, changed.get(name, old.read(name)))
    return out.getvalue()


def cells(data: bytes) -> list[tuple[Any, ...]]:
    return [row.cells for row in sheets.read(data, "Gezinnen")]


def refusal(data: bytes) -> str:
    with pytest.raises(DomainError) as refused:
        sheets.read(data, "Gezinnen")
    assert refused.value.field == "file"
    return refused.value.message


def test_a_workbook_gives_text_days_and_whole_numbers_with_the_row_they_stand_in() -> None:
    rows = sheets.read(
        book([HEAD, [], ["Zoë & co", date(2024, 3, 15)], [9000, 3.0], [True, 2.5]]), "Gezinnen"
    )
    assert [(row.number, row.cells) for row in rows] == [
        (1, ("Naam", "Dag")),
        (3, ("Zoë & co", date(2024, 3, 15))),
        (4, ("9000", "3")),
        (5, ("ja", "2.5")),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_csv_of_any_program_reads_the_same(delimiter: str, encoding: str) -> None:
    lines = [HEAD, ["Zoë", f'"a{delimiter}b"'], ["", ""], ["Ångström", "x"]]
    data = "\r\n".join(delimiter.join(line) for line in lines).encode(encoding)
    rows = sheets.read(data, "Gezinnen")
    assert [(row.number, row.cells) for row in rows] == [
        (1, ("Naam", "Dag")),
        (2, ("Zoë", f"a{delimiter}b")),
        (4, ("Ångström", "x")),
    ]


def test_the_line_that_tells_excel_the_separator_is_no_row() -> None:
    assert sheets.read(b"sep=,\r\nNaam,Dag\r\nAn,1\r\n", "x")[0] == sheets.Row(1, ("Naam", "Dag"))


def test_a_formula_is_not_calculated_and_not_taken_for_text() -> None:
    data = book([HEAD, ["=1+1", '=HYPERLINK("http://x.example","klik")']])
    assert cells(data)[1] == (Trouble.FORMULA, Trouble.FORMULA)


def test_text_that_only_looks_like_a_formula_stays_text() -> None:
    def as_text(sheet: Any) -> None:
        sheet["A2"].data_type = "s"

    assert cells(book([HEAD, ["=niet echt", "+32 470"]], as_text))[1] == ("=niet echt", "+32 470")
    assert cells(b"Naam;Dag\n'=1+1;'+32 470\n")[1] == ("=1+1", "+32 470")


def test_an_error_of_the_program_is_said_to_be_one() -> None:
    def broken(sheet: Any) -> None:
        sheet["A2"].value, sheet["A2"].data_type = "#REF!", "e"

    assert cells(book([HEAD, ["", "x"]], broken))[1] == (Trouble.ERROR, "x")


def test_every_cell_of_a_merged_range_is_said_to_be_merged() -> None:
    data = book([HEAD, ["An", "1"], ["Bo", "2"]], lambda sheet: sheet.merge_cells("A2:B3"))
    assert cells(data)[1:] == [(Trouble.MERGED,) * 2] * 2


def test_the_sheet_with_the_asked_name_is_read_wherever_it_stands() -> None:
    made = openpyxl.Workbook()
    first: Any = made.active
    first.append(["iets anders"])
    made.create_sheet("gezinnen").append(["Naam"])
    out = io.BytesIO()
    made.save(out)
    assert cells(out.getvalue()) == [("Naam",)]


def test_what_is_no_spreadsheet_is_refused_with_what_to_do() -> None:
    assert refusal(b"") == sheets.EMPTY
    assert refusal(b" \r\n;;\r\n") == sheets.EMPTY
    assert refusal(b"x" * (sheets.MAX_BYTES + 1)) == sheets.TOO_LARGE
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600) == sheets.OLD_EXCEL
    assert refusal(b"PK\x03\x04 en dan niets") == sheets.DAMAGED
    assert refusal(b"%PDF-1.7\x00\x01") == sheets.UNKNOWN
    assert refusal(b'"een;aanhalingsteken dat nooit sluit\n') == sheets.DAMAGED
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("iets.xml", "<w/>")
    assert refusal(out.getvalue()) == sheets.UNKNOWN


def test_a_zip_bomb_an_entity_and_a_broken_part_are_refused() -> None:
    sound = book([HEAD])
    bomb = repacked(sound, sheet=b"<x>" + b" " * 70_000_000 + b"</x>")
    assert len(bomb) < 200_000
    assert refusal(bomb) == sheets.DAMAGED
    laughs = b'<!DOCTYPE a [<!ENTITY b "haha">]><worksheet>&b;</worksheet>'
    assert refusal(repacked(sound, sheet=laughs)) == sheets.DAMAGED
    assert refusal(repacked(sound, workbook=b"<workbook/>")) == sheets.DAMAGED
    assert refusal(repacked(sound, sheet=b"<worksheet><sheetData><row r='x'/>")) == sheets.DAMAGED


def test_a_row_that_claims_to_stand_light_years_away_ends_the_reading() -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    far = (
        f'<worksheet xmlns="{main}"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Naam</t></is></c></row>'
        '<row r="900000000000"><c r="A900000000000"><v>1</v></c></row></sheetData></worksheet>'
    )
    assert refusal(repacked(book([HEAD]), sheet=far.encode())) == sheets.DAMAGED


def test_a_list_may_be_long_but_not_endless() -> None:
    line = b"An;1\n"
    head = b"Naam;Dag\n"
    assert len(sheets.read(head + line * (sheets.MOST_ROWS - 1), "x")) == sheets.MOST_ROWS
    assert refusal(head + line * sheets.MOST_ROWS) == sheets.TOO_MANY
    assert refusal(b";".join([b"x"] * (sheets.MOST_COLUMNS + 1))) == sheets.TOO_WIDE
