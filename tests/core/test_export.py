"""Exports: text stays text, nothing is lost, and the memory used does not grow with the rows."""

import csv
import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from portal.core import export, outbox
from portal.core.tables import Column
from portal.core.text import paragraphs

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    " =1+1",
    '=HYPERLINK("http://x";"y")',
    "=cmd|' /C calc'!A0",
    "\x00=1",
    "\u202e=1",
]


@dataclass
class Row:
    value: Any


COLUMNS = [Column[Row]("value", "Waarde", lambda row: row.value)]


def as_csv(*values: Any) -> list[str]:
    content = b"".join(export.csv_lines(COLUMNS, map(Row, values)))
    assert content.startswith(b"\xef\xbb\xbf"), "Excel would read it as another alphabet"
    text = content.decode("utf-8-sig")
    return [row[0] for row in csv.reader(io.StringIO(text, newline=""), delimiter=";")][1:]


def as_xlsx(*values: Any) -> list[Any]:
    content = b"".join(export.xlsx_chunks(COLUMNS, map(Row, values)))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return [row[0] for row in sheet.iter_rows(min_row=2)]


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_text_becomes_a_formula(app: Flask, formula: str) -> None:
    (in_csv,) = as_csv(formula)
    assert in_csv[0] == "'"
    assert in_csv[1:] == paragraphs(formula)
    (cell,) = as_xlsx(formula)
    assert (cell.data_type, cell.value) == ("s", paragraphs(formula))
    assert cell.hyperlink is None


def test_an_excel_file_holds_no_formula_link_or_macro_at_all(app: Flask) -> None:
    content = b"".join(export.xlsx_chunks(COLUMNS, map(Row, FORMULAS)))
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        sheet = file.read("xl/worksheets/sheet1.xml")
        assert b"<f" not in sheet.replace(b"<font", b"")
        assert b"hyperlink" not in sheet.lower().replace(b"=hyperlink(", b"")
        assert not [n for n in file.namelist() if "vba" in n or "external" in n]


@pytest.mark.parametrize(
    ("value", "in_csv", "in_xlsx"),
    [
        (None, "", None),
        ('A & B; <b>"q"</b>', 'A & B; <b>"q"</b>', 'A & B; <b>"q"</b>'),
        ("twee\nregels", "twee\nregels", "twee\nregels"),
        ("Zoë 👩‍👧 محمد", "Zoë 👩‍👧 محمد", "Zoë 👩‍👧 محمد"),
        (True, "ja", "ja"),
        (False, "nee", "nee"),
        (-7, "-7", -7),
        (Decimal("-1234.50"), "-1234,50", -1234.5),
        (date(2026, 11, 5), "05/11/2026", datetime(2026, 11, 5)),  # noqa: DTZ001
        (
            datetime(2026, 7, 1, 22, 30, tzinfo=UTC),
            "02/07/2026 00:30",
            datetime(2026, 7, 2, 0, 30),  # noqa: DTZ001
        ),
        ("2026", "2026", "2026"),
        ("0470 12 34 56", "0470 12 34 56", "0470 12 34 56"),
    ],
)
def test_every_kind_of_value_is_written_as_people_here_read_it(
    app: Flask, value: Any, in_csv: str, in_xlsx: Any
) -> None:
    assert as_csv(value) == [in_csv]
    (cell,) = as_xlsx(value) or [None]
    assert (None if cell is None else cell.value) == in_xlsx


def test_a_text_longer_than_excel_takes_is_whole_in_csv_and_cut_in_excel(app: Flask) -> None:
    long = "x" * 40_000
    assert as_csv(long) == [long]
    assert len(as_xlsx(long)[0].value) == export.LONGEST_CELL


@given(st.lists(st.text(), max_size=5))
def test_any_text_comes_back_from_both(app_texts: None, values: list[str]) -> None:
    kept = [paragraphs(v) for v in values]
    assert [v.removeprefix("'") for v in as_csv(*values)] == [v.removeprefix("'") for v in kept]
    assert [c.value or "" for c in as_xlsx(*kept)] == kept


@pytest.fixture(scope="module")
def app_texts(shared_app: Flask) -> Iterator[None]:
    with shared_app.app_context():
        yield


def test_headings_are_safe_too(app: Flask) -> None:
    columns = [Column[Row]("value", "=Waarde", lambda row: row.value)]
    assert "'=Waarde" in b"".join(export.csv_lines(columns, [])).decode()


def test_memory_does_not_grow_with_the_number_of_rows(app: Flask) -> None:
    def peak(rows: int) -> int:
        tracemalloc.start()
        for _piece in export.csv_lines(COLUMNS, (Row(f"rij {n}") for n in range(rows))):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(10)
    assert peak(20_000) < peak(2_000) * 1.5


def test_a_csv_leaves_in_pieces_while_it_is_made(app: Flask) -> None:
    made: list[int] = []

    def rows() -> Iterator[Row]:
        for number in range(20_000):
            made.append(number)
            yield Row("x" * 20)

    pieces = export.csv_lines(COLUMNS, rows())
    next(pieces)
    assert 0 < len(made) < 5_000


def test_a_view_sends_a_statement_as_a_file(session: Session, app: Flask) -> None:
    outbox.enqueue("mail", {}, key="a", subject="=1+1")
    outbox.enqueue("mail", {}, key="b", subject="Dag Zoë")
    session.flush()
    message = outbox.OutboxMessage
    columns: list[Column[Any]] = [
        Column("subject", "Onderwerp", lambda m: m.subject),
        Column("actions", "Acties", lambda m: "x", exported=False),
    ]
    with app.test_request_context("/"):
        for statement in (select(message), select(message.subject, message.id)):
            response = export.respond("csv", columns, statement.order_by(message.key), "mails")
            lines = b"".join(response.response).decode("utf-8-sig").splitlines()  # type: ignore[arg-type]
            assert lines == ['"Onderwerp"', '"\'=1+1"', '"Dag Zoë"']
        assert response.mimetype == "text/csv"
        assert "mails.csv" in response.headers["Content-Disposition"]
        excel = export.respond("xlsx", columns, select(message), "mails")
        book = openpyxl.load_workbook(io.BytesIO(b"".join(excel.response)))  # type: ignore[arg-type]
        assert book.active is not None
        assert book.active.max_row == 3
        with pytest.raises(NotFound):
            export.respond("pdf", columns, select(message), "mails")
