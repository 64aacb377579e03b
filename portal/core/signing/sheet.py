"""The page of signatures: a box for the seal and one for each who signs, drawn behind the text.

Where a document keeps its own room for signatures differs from one to the next; a page of our own
is the same for all, and its boxes are where the signature fields are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from portal.core import fonts

MARGIN, GAP = 60, 18
WIDTH = (A4[0] - 2 * MARGIN - GAP) / 2
LABEL_HEIGHT, BOX_HEIGHT = 46, 66
ROW = LABEL_HEIGHT + BOX_HEIGHT + 16
_INK, _SOFT, _LINE = HexColor("#2b2420"), HexColor("#63574e"), HexColor("#b9ab9a")
_HEADING = HexColor("#17595b")
_WARN = HexColor("#9b2c16")

Corners = tuple[int, int, int, int]  # left, bottom, right, top; points from below left


@dataclass(frozen=True)
class Box:
    """Room for one signature. `lines`: who, as what, for whom; printed above it."""

    field: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """Pages to add, and where each field is: its page (from 0) and corners."""

    pdf: bytes
    places: dict[str, tuple[int, Corners]]
    pages: int


def draw(
    title: str, intro: Sequence[str], boxes: Sequence[Box], warning: str = "", footer: str = ""
) -> Sheet:
    """Return the pages with a box for each signature, two beside each other.

    `footer`: printed below each page, with the number of the page among these.
    """
    fonts.register()
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    places: dict[str, tuple[int, Corners]] = {}
    top, page, column = _head(canvas, title, intro, warning), 0, 0
    for box in boxes:
        if column == 0 and top - ROW < MARGIN:
            _foot(canvas, footer, page)
            top, page = _head(canvas, title, (), warning), page + 1
        left = MARGIN + column * (WIDTH + GAP)
        places[box.field] = (page, _box(canvas, box, left, top))
        column = 1 - column
        top = top - ROW if column == 0 else top
    _foot(canvas, footer, page)
    canvas.save()
    return Sheet(out.getvalue(), places, page + 1)


def _head(canvas: Canvas, title: str, intro: Sequence[str], warning: str) -> float:
    top = A4[1] - MARGIN
    top = _write(canvas, title, _style(16, _HEADING, bold=True), top) - 6
    if warning:
        top = _write(canvas, warning, _style(9.5, _WARN, bold=True), top) - 4
    for line in intro:
        top = _write(canvas, line, _style(9.5, _SOFT), top) - 2
    return top - 14


def _foot(canvas: Canvas, footer: str, page: int) -> None:
    """End a page."""
    if footer:
        _write(canvas, f"{footer}, blad {page + 1}", _style(8, _SOFT), MARGIN - 18)
    canvas.showPage()


def _box(canvas: Canvas, box: Box, left: float, top: float) -> Corners:
    label = top
    for number, line in enumerate(box.lines):
        style = _style(9.5 if number == 0 else 8.5, _INK if number == 0 else _SOFT, bold=not number)
        label = _write(canvas, line, style, label, left=left, width=WIDTH)
    bottom = top - LABEL_HEIGHT - BOX_HEIGHT
    canvas.setStrokeColor(_LINE)
    canvas.setLineWidth(0.7)
    canvas.roundRect(left, bottom, WIDTH, BOX_HEIGHT, 4)
    inner = (left + 3, bottom + 3, left + WIDTH - 3, bottom + BOX_HEIGHT - 3)
    return (round(inner[0]), round(inner[1]), round(inner[2]), round(inner[3]))


def _style(size: float, colour: Any, *, bold: bool = False) -> ParagraphStyle:
    return ParagraphStyle(
        f"sheet {size} {bold}",
        fontName=fonts.BOLD if bold else fonts.TEXT,
        fontSize=size,
        leading=size * 1.35,
        textColor=colour,
    )


def _write(
    canvas: Canvas,
    line: str,
    style: ParagraphStyle,
    top: float,
    *,
    left: float = MARGIN,
    width: float = A4[0] - 2 * MARGIN,
) -> float:
    """Write a line, folded where it is too long; return where the next one begins."""
    paragraph = Paragraph(escape(line), style)
    _width, height = paragraph.wrap(width, A4[1])
    paragraph.drawOn(canvas, left, top - height)
    return top - height
