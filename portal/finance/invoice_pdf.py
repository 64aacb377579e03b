"""The PDF of an invoice, credit note or claim: one page where it fits, drawn by reportlab.

Not from a Word template: nobody negotiates its text, thousands are made in one run, and every
mention follows from the document itself. Printed in Dutch, whatever the reader's language.
"""

from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

import segno
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    Flowable,
    KeepTogether,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
)
from segno import helpers
from stdnum.be import ogm_vcs

from portal.core import fonts, money
from portal.core.i18n import short_date
from portal.directory.kbo import show_kbo
from portal.finance.content import DAY, HOUR, KILOMETRE, MONTH, ONE, Issued, Line

MARGIN = 20 * mm
PADDING = 6  # points, which reportlab adds inside its margins
WIDTH = A4[0] - 2 * MARGIN
QR_SIZE = 30 * mm
MEDIA_TYPE = "application/pdf"
_INK, _SOFT, _LINE = HexColor("#2b2420"), HexColor("#63574e"), HexColor("#e4d9cb")
_BRAND, _ACCENT, _TINT = HexColor("#17595a"), HexColor("#c2492f"), HexColor("#e3efed")
_UNITS = {HOUR: "uur", DAY: "dag", MONTH: "maand", KILOMETRE: "km"}

_TEXT = ParagraphStyle("text", fontName=fonts.TEXT, fontSize=9.5, leading=13.5, textColor=_INK)
_SMALL = ParagraphStyle("small", parent=_TEXT, fontSize=8.5, leading=12, textColor=_SOFT)
_BOLD = ParagraphStyle("bold", parent=_TEXT, fontName=fonts.BOLD)
_RIGHT = ParagraphStyle("right", parent=_TEXT, alignment=TA_RIGHT)
_RIGHT_BOLD = ParagraphStyle("right bold", parent=_BOLD, alignment=TA_RIGHT)
_HEAD = ParagraphStyle("head", parent=_SMALL, fontName=fonts.BOLD)
_HEAD_RIGHT = ParagraphStyle("head right", parent=_HEAD, alignment=TA_RIGHT)
_TITLE = ParagraphStyle("title", parent=_BOLD, fontSize=20, leading=26, textColor=_BRAND)


def render(document: Issued) -> bytes:
    """Return the PDF of a document."""
    fonts.register()
    story: list[Flowable] = [
        _parties(document),
        Spacer(1, 7 * mm),
        Paragraph(escape(f"{document.title} {document.number}"), _TITLE),
        Spacer(1, 3 * mm),
        _facts(document),
        Spacer(1, 6 * mm),
        _lines(document),
        Spacer(1, 5 * mm),
        *([Paragraph(escape(document.note), _TEXT), Spacer(1, 4 * mm)] if document.note else []),
        KeepTogether(_closing(document)),
    ]
    out = BytesIO()
    page = SimpleDocTemplate(
        out,
        pagesize=A4,
        title=f"{document.title} {document.number}",
        author=document.sender.name,
        lang="nl",
        leftMargin=MARGIN - PADDING,
        rightMargin=MARGIN - PADDING,
        topMargin=18 * mm,
        bottomMargin=24 * mm,
    )

    def furniture(canvas: Any, _page: Any) -> None:
        _furniture(canvas, document)

    page.build(story, onFirstPage=furniture, onLaterPages=furniture)
    return out.getvalue()


def _parties(document: Issued) -> Table:
    sender, receiver = document.sender, document.receiver
    registered = f"Ondernemingsnummer {show_kbo(sender.kbo)}"
    if sender.register:
        registered += f", {sender.register}"
    contact = " · ".join(part for part in (sender.email, sender.phone) if part)
    left = [
        Paragraph(escape(sender.name), _BOLD),
        *_paragraphs(sender.street, f"{sender.postcode} {sender.city}", registered, contact),
    ]
    right = [
        Paragraph("Aan", _HEAD),
        Paragraph(escape(receiver.name), _BOLD),
        *_paragraphs(
            receiver.street,
            f"{receiver.postcode} {receiver.city}",
            f"Ondernemingsnummer {show_kbo(receiver.kbo)}",
        ),
    ]
    return _table(
        [[left, right]], (WIDTH * 0.55, WIDTH * 0.45), ("VALIGN", (0, 0), (-1, -1), "TOP")
    )


def _paragraphs(*texts: str) -> list[Paragraph]:
    return [Paragraph(escape(one), _TEXT) for one in texts if one.strip()]


def _facts(document: Issued) -> Table:
    """Dates on the left, references on the right: two columns of label and value."""
    facts = [("Datum", short_date(document.issued_on))]
    if not document.is_credit:
        facts.append(("Te betalen tegen", short_date(document.due_on)))
    if document.period_from and document.period_to:
        period = f"{short_date(document.period_from)} – {short_date(document.period_to)}"
        facts.append(("Periode", period))
    references = [
        ("Bestelbonnummer", document.order_number),
        ("Referentie partner", document.buyer_reference),
        ("Overeenkomst", document.contract),
    ]
    if document.credits_on:
        credited = f"{document.credits_number} van {short_date(document.credits_on)}"
        references.insert(0, ("Verbetert", credited))
    shown = [(label, value) for label, value in references if value]
    rows = []
    for number in range(max(len(facts), len(shown))):
        row: list[Any] = []
        for column in (facts, shown):
            label, value = column[number] if number < len(column) else ("", "")
            row += [Paragraph(escape(label), _SMALL), Paragraph(escape(value), _TEXT)]
        rows.append(row)
    tight = (("TOPPADDING", (0, 0), (-1, -1), 1), ("BOTTOMPADDING", (0, 0), (-1, -1), 1))
    return _table(rows, (30 * mm, WIDTH / 2 - 30 * mm, 34 * mm, WIDTH / 2 - 34 * mm), *tight)


def _lines(document: Issued) -> Table:
    counted = not document.is_claim  # an invoice must say how much of what
    head = ["Omschrijving", *(["Aantal", "Prijs"] if counted else []), "Bedrag"]
    rows: list[list[Any]] = [
        [Paragraph(escape(t), _HEAD if i == 0 else _HEAD_RIGHT) for i, t in enumerate(head)]
    ]
    rows += [_line_row(line, counted) for line in document.lines]
    total = "Totaal in uw voordeel" if document.is_credit else "Totaal"
    empty = [""] * (len(head) - 2)
    rows.append(
        [
            Paragraph(escape(total), _BOLD),
            *empty,
            Paragraph(escape(money.euro(document.total_cents)), _RIGHT_BOLD),
        ]
    )
    figures = (26 * mm, 28 * mm) if counted else ()
    widths = (WIDTH - sum(figures) - 32 * mm, *figures, 32 * mm)
    return _table(
        rows,
        widths,
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, _BRAND),
        ("LINEBELOW", (0, 1), (-1, -2), 0.5, _LINE),
        ("BACKGROUND", (0, -1), (-1, -1), _TINT),
        ("LEFTPADDING", (0, -1), (0, -1), 6),
        ("RIGHTPADDING", (-1, -1), (-1, -1), 6),
        ("TOPPADDING", (0, 1), (-1, -1), 5),
        ("BOTTOMPADDING", (0, 1), (-1, -1), 5),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        repeat_rows=1,
    )


def _line_row(line: Line, counted: bool) -> list[Any]:
    amounts = [money.euro(line.cents)]
    if counted:
        unit = _UNITS.get(line.unit, "")
        amounts = [
            f"{quantity_text(line.quantity_e2)} {unit}",
            money.euro(line.unit_cents),
            *amounts,
        ]
    cells: list[Any] = [Paragraph(escape(line.description), _TEXT)]
    return [*cells, *(Paragraph(escape(text.strip()), _RIGHT) for text in amounts)]


def quantity_text(quantity_e2: int) -> str:
    """Return a quantity as people write it: 2, 2,5 or 0,75."""
    whole, part = divmod(quantity_e2, ONE)
    return f"{whole},{part:02}".rstrip("0").rstrip(",") if part else str(whole)


def _closing(document: Issued) -> list[Flowable]:
    found: list[Flowable] = []
    if document.is_claim:
        amount = money.euro(document.total_cents)
        certified = f"Voor waar en echt verklaard, voor een bedrag van {amount}."
        found.append(Paragraph(escape(certified), _TEXT))
    else:
        found.append(Paragraph(escape(document.sender.exemption_text), _TEXT))
    found.append(Spacer(1, 5 * mm))
    if document.is_credit:
        settled = (
            f"Dit bedrag wordt verrekend met wat op {document.credits_number} openstaat; "
            "wat al betaald werd, wordt teruggestort."
        )
        return [*found, Paragraph(escape(settled), _TEXT)]
    return [*found, _payment(document)]


def _payment(document: Issued) -> Table:
    sender = document.sender
    rows = [
        ("Te betalen", money.euro(document.total_cents)),
        ("Uiterlijk op", short_date(document.due_on)),
        ("Op rekening", f"{_grouped(sender.iban)} (BIC {sender.bic})"),
        ("Op naam van", sender.name),
        ("Mededeling", ogm_text(document.ogm)),
    ]
    tight = (("TOPPADDING", (0, 0), (-1, -1), 1.5), ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5))
    facts = _table(
        [[Paragraph(escape(k), _SMALL), Paragraph(escape(v), _BOLD)] for k, v in rows],
        (28 * mm, WIDTH - QR_SIZE - 52 * mm),
        *tight,
    )
    scan = [_Qr(epc(document)), Paragraph("Scan om te betalen", _SMALL)]
    frame = (
        ("BOX", (0, 0), (-1, -1), 0.8, _LINE),
        ("ROUNDEDCORNERS", [4, 4, 4, 4]),
        ("LEFTPADDING", (0, 0), (-1, -1), 10),
        ("TOPPADDING", (0, 0), (-1, -1), 8),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    )
    return _table([[facts, scan]], (WIDTH - QR_SIZE - 14 * mm, QR_SIZE + 14 * mm), *frame)


def epc(document: Issued) -> segno.QRCode:
    """Return the QR code by which a banking app fills in the transfer (EPC069-12)."""
    return helpers.make_epc_qr(
        name=document.sender.name[:70],
        iban=document.sender.iban,
        bic=document.sender.bic,
        amount=money.as_decimal(document.total_cents),
        text=ogm_text(document.ogm),
        encoding="utf-8",
    )


def ogm_text(ogm: str | None) -> str:
    """Return a structured communication as banks print it: +++120/2700/00134+++."""
    return f"+++{ogm_vcs.format(ogm)}+++" if ogm else ""


class _Qr(Flowable):
    """A QR code, drawn as one path."""

    def __init__(self, code: segno.QRCode) -> None:
        super().__init__()
        self.width = self.height = QR_SIZE
        self._code = code

    def draw(self) -> None:
        canvas: Any = self.canv
        rows = list(self._code.matrix_iter(border=0))
        size = QR_SIZE / len(rows)
        path = canvas.beginPath()
        for row_number, row in enumerate(rows):
            for column, dark in enumerate(row):
                if dark:
                    path.rect(column * size, QR_SIZE - (row_number + 1) * size, size, size)
        canvas.setFillColor(_INK)
        canvas.drawPath(path, stroke=0, fill=1)


def _furniture(canvas: Any, document: Issued) -> None:
    width, height = A4
    canvas.setFillColor(_ACCENT)
    canvas.rect(0, height - 3 * mm, width, 3 * mm, stroke=0, fill=1)
    canvas.setFillColor(_SOFT)
    canvas.setFont(fonts.TEXT, 8)
    sender = document.sender
    canvas.drawString(
        MARGIN, 13 * mm, f"{sender.name} · {show_kbo(sender.kbo)} · {_grouped(sender.iban)}"
    )
    page = f"{document.number} · pagina {canvas.getPageNumber()}"
    canvas.drawRightString(width - MARGIN, 13 * mm, page)


def _grouped(iban: str) -> str:
    return " ".join(iban[i : i + 4] for i in range(0, len(iban), 4))


def _table(
    rows: list[list[Any]], widths: Any, *styles: tuple[Any, ...], repeat_rows: int = 0
) -> Table:
    plain = [("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0)]
    return Table(rows, colWidths=widths, style=[*plain, *styles], repeatRows=repeat_rows)
