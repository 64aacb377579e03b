"""The paper of finance: how every PDF that is drawn, not filled in from Word, looks."""

from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table
from stdnum.be import ogm_vcs

from portal.core import fonts
from portal.directory.kbo import show_kbo
from portal.finance.content import Receiver, Sender

MARGIN = 20 * mm
PADDING = 6  # points, which reportlab adds inside its margins
WIDTH = A4[0] - 2 * MARGIN
MEDIA_TYPE = "application/pdf"
INK, SOFT, LINE = HexColor("#2b2420"), HexColor("#63574e"), HexColor("#e4d9cb")
BRAND, ACCENT, TINT = HexColor("#17595a"), HexColor("#c2492f"), HexColor("#e3efed")

TEXT = ParagraphStyle("text", fontName=fonts.TEXT, fontSize=9.5, leading=13.5, textColor=INK)
SMALL = ParagraphStyle("small", parent=TEXT, fontSize=8.5, leading=12, textColor=SOFT)
BOLD = ParagraphStyle("bold", parent=TEXT, fontName=fonts.BOLD)
RIGHT = ParagraphStyle("right", parent=TEXT, alignment=TA_RIGHT)
RIGHT_BOLD = ParagraphStyle("right bold", parent=BOLD, alignment=TA_RIGHT)
HEAD = ParagraphStyle("head", parent=SMALL, fontName=fonts.BOLD)
HEAD_RIGHT = ParagraphStyle("head right", parent=HEAD, alignment=TA_RIGHT)
TITLE = ParagraphStyle("title", parent=BOLD, fontSize=20, leading=26, textColor=BRAND)


def draw(story: list[Flowable], title: str, sender: Sender, foot: str) -> bytes:
    """Return the PDF of what stands in `story`; `foot` is at the foot of each page, numbered.

    Whoever makes the story calls `fonts.register()` first.
    """
    out = BytesIO()
    page = SimpleDocTemplate(
        out,
        pagesize=A4,
        title=title,
        author=sender.name,
        lang="nl",
        leftMargin=MARGIN - PADDING,
        rightMargin=MARGIN - PADDING,
        topMargin=18 * mm,
        bottomMargin=24 * mm,
    )

    def furniture(canvas: Any, _page: Any) -> None:
        _furniture(canvas, sender, foot)

    page.build(story, onFirstPage=furniture, onLaterPages=furniture)
    return out.getvalue()


def parties(sender: Sender, receiver: Receiver) -> Table:
    """Return who writes, on the left, and to whom."""
    registered = f"Ondernemingsnummer {show_kbo(sender.kbo)}"
    if sender.register:
        registered += f", {sender.register}"
    contact = " · ".join(part for part in (sender.email, sender.phone) if part)
    left = [
        Paragraph(escape(sender.name), BOLD),
        *paragraphs(sender.street, f"{sender.postcode} {sender.city}", registered, contact),
    ]
    right = [
        Paragraph("Aan", HEAD),
        Paragraph(escape(receiver.name), BOLD),
        *paragraphs(
            receiver.street,
            f"{receiver.postcode} {receiver.city}",
            f"Ondernemingsnummer {show_kbo(receiver.kbo)}",
        ),
    ]
    return table([[left, right]], (WIDTH * 0.55, WIDTH * 0.45), ("VALIGN", (0, 0), (-1, -1), "TOP"))


def paragraphs(*texts: str) -> list[Paragraph]:
    """Return a paragraph of each text that says something."""
    return [Paragraph(escape(one), TEXT) for one in texts if one.strip()]


def table(
    rows: list[list[Any]], widths: Any, *styles: tuple[Any, ...], repeat_rows: int = 0
) -> Table:
    """Return a table without room at its sides, but for what `styles` say."""
    plain = [("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0)]
    return Table(rows, colWidths=widths, style=[*plain, *styles], repeatRows=repeat_rows)


def grouped(iban: str) -> str:
    """Return an account number as people read it, in groups of four."""
    return " ".join(iban[i : i + 4] for i in range(0, len(iban), 4))


def ogm_text(ogm: str | None) -> str:
    """Return a structured communication as banks print it: +++120/2700/00134+++."""
    return f"+++{ogm_vcs.format(ogm)}+++" if ogm else ""


def _furniture(canvas: Any, sender: Sender, foot: str) -> None:
    width, height = A4
    canvas.setFillColor(ACCENT)
    canvas.rect(0, height - 3 * mm, width, 3 * mm, stroke=0, fill=1)
    canvas.setFillColor(SOFT)
    canvas.setFont(fonts.TEXT, 8)
    who = f"{sender.name} · {show_kbo(sender.kbo)} · {grouped(sender.iban)}"
    canvas.drawString(MARGIN, 13 * mm, who)
    page = f"{foot} · pagina {canvas.getPageNumber()}"
    canvas.drawRightString(width - MARGIN, 13 * mm, page)
