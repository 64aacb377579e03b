"""The PDF of an invoice, credit note or claim: one page where it fits, drawn by reportlab.

Not from a Word template: nobody negotiates its text, thousands are made in one run, and every
mention follows from the document itself. Printed in Dutch, whatever the reader's language.
"""

from typing import Any
from xml.sax.saxutils import escape

import segno
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer, Table
from segno import helpers

from portal.core import fonts, money
from portal.core.i18n import short_date
from portal.finance import paper
from portal.finance.content import DAY, HOUR, KILOMETRE, MONTH, ONE, Issued, Line, Sender
from portal.finance.paper import WIDTH, grouped, ogm_text, table

QR_SIZE = 30 * mm
_UNITS = {HOUR: "uur", DAY: "dag", MONTH: "maand", KILOMETRE: "km"}


def render(document: Issued) -> bytes:
    """Return the PDF of a document."""
    fonts.register()
    title = f"{document.title} {document.number}"
    story: list[Flowable] = [
        paper.parties(document.sender, document.receiver),
        Spacer(1, 7 * mm),
        Paragraph(escape(title), paper.TITLE),
        Spacer(1, 3 * mm),
        _facts(document),
        Spacer(1, 6 * mm),
        _lines(document),
        Spacer(1, 5 * mm),
        *(
            [Paragraph(escape(document.note), paper.TEXT), Spacer(1, 4 * mm)]
            if document.note
            else []
        ),
        KeepTogether(_closing(document)),
    ]
    return paper.draw(story, title, document.sender, document.number)


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
            row += [Paragraph(escape(label), paper.SMALL), Paragraph(escape(value), paper.TEXT)]
        rows.append(row)
    tight = (("TOPPADDING", (0, 0), (-1, -1), 1), ("BOTTOMPADDING", (0, 0), (-1, -1), 1))
    return table(rows, (30 * mm, WIDTH / 2 - 30 * mm, 34 * mm, WIDTH / 2 - 34 * mm), *tight)


def _lines(document: Issued) -> Table:
    counted = not document.is_claim  # an invoice must say how much of what
    head = ["Omschrijving", *(["Aantal", "Prijs"] if counted else []), "Bedrag"]
    rows: list[list[Any]] = [
        [
            Paragraph(escape(t), paper.HEAD if i == 0 else paper.HEAD_RIGHT)
            for i, t in enumerate(head)
        ]
    ]
    rows += [_line_row(line, counted) for line in document.lines]
    total = "Totaal in uw voordeel" if document.is_credit else "Totaal"
    empty = [""] * (len(head) - 2)
    rows.append(
        [
            Paragraph(escape(total), paper.BOLD),
            *empty,
            Paragraph(escape(money.euro(document.total_cents)), paper.RIGHT_BOLD),
        ]
    )
    figures = (26 * mm, 28 * mm) if counted else ()
    widths = (WIDTH - sum(figures) - 32 * mm, *figures, 32 * mm)
    return table(
        rows,
        widths,
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, paper.BRAND),
        ("LINEBELOW", (0, 1), (-1, -2), 0.5, paper.LINE),
        ("BACKGROUND", (0, -1), (-1, -1), paper.TINT),
        ("LEFTPADDING", (0, 0), (0, -1), 6),  # of every row, so that the columns align
        ("RIGHTPADDING", (-1, 0), (-1, -1), 6),
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
    cells: list[Any] = [Paragraph(escape(line.description), paper.TEXT)]
    return [*cells, *(Paragraph(escape(text.strip()), paper.RIGHT) for text in amounts)]


def quantity_text(quantity_e2: int) -> str:
    """Return a quantity as people write it: 2, 2,5 or 0,75."""
    whole, part = divmod(quantity_e2, ONE)
    return f"{whole},{part:02}".rstrip("0").rstrip(",") if part else str(whole)


def _closing(document: Issued) -> list[Flowable]:
    found: list[Flowable] = []
    if document.is_claim:
        amount = money.euro(document.total_cents)
        certified = f"Voor waar en echt verklaard, voor een bedrag van {amount}."
        found.append(Paragraph(escape(certified), paper.TEXT))
    else:
        found.append(Paragraph(escape(document.sender.exemption_text), paper.TEXT))
    found.append(Spacer(1, 5 * mm))
    if document.is_credit:
        settled = (
            f"Dit bedrag wordt verrekend met wat op {document.credits_number} openstaat; "
            "wat al betaald werd, wordt teruggestort."
        )
        return [*found, Paragraph(escape(settled), paper.TEXT)]
    return [*found, _payment(document)]


def _payment(document: Issued) -> Table:
    sender = document.sender
    rows = [
        ("Te betalen", escape(money.euro(document.total_cents))),
        ("Uiterlijk op", short_date(document.due_on)),
        ("Op rekening", escape(f"{grouped(sender.iban)} (BIC {sender.bic})")),
        ("Op naam van", escape(sender.name)),
        ("Mededeling", ogm_text(document.ogm)),
    ]
    if document.pay_url:
        rows.append(("Betaalpagina", _link(document.pay_url)))
    tight = (
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    )
    facts = table(
        [[Paragraph(label, paper.SMALL), Paragraph(value, paper.BOLD)] for label, value in rows],
        (28 * mm, WIDTH - QR_SIZE - 52 * mm),
        *tight,
    )
    scan = [_Qr(epc(document)), Paragraph("Scan om te betalen", paper.SMALL)]
    frame = (
        ("BOX", (0, 0), (-1, -1), 0.8, paper.LINE),
        ("ROUNDEDCORNERS", [4, 4, 4, 4]),
        ("LEFTPADDING", (0, 0), (-1, -1), 10),
        ("TOPPADDING", (0, 0), (-1, -1), 8),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    )
    return table([[facts, scan]], (WIDTH - QR_SIZE - 14 * mm, QR_SIZE + 14 * mm), *frame)


def _link(url: str) -> str:
    """Return a link as reportlab marks it up, printed without https:// so that it fits a line."""
    printed = escape(url.split("://", 1)[-1])
    return (
        f'<link href="{escape(url)}"><font name="{fonts.TEXT}" size="7.5">{printed}</font></link>'
    )


def epc(document: Issued) -> segno.QRCode:
    """Return the QR code by which a banking app fills in the transfer of all it asks for."""
    return epc_of(document.sender, document.total_cents, document.ogm)


def epc_of(sender: Sender, cents: int, ogm: str | None) -> segno.QRCode:
    """Return the QR code by which a banking app fills in a transfer (EPC069-12)."""
    return helpers.make_epc_qr(
        name=sender.name[:70],
        iban=sender.iban,
        bic=sender.bic,
        amount=money.as_decimal(cents),
        text=ogm_text(ogm),
        encoding="utf-8",
    )


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
        canvas.setFillColor(paper.INK)
        canvas.drawPath(path, stroke=0, fill=1)
