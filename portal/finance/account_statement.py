"""The statement of what is open between HSV and one partner on a day, as values and as a PDF.

Drawn as an invoice is, on one page where it fits; always Dutch.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer, Table
from sqlalchemy import select

from portal.core import fonts, money
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.i18n import short_date
from portal.directory.models import Organisation
from portal.finance import invoicing_details, invoicing_settings, ledger, paper
from portal.finance.content import Receiver, Sender
from portal.finance.models import Invoice
from portal.finance.paper import WIDTH, grouped, ogm_text, table
from portal.finance.payment_state import asks_money, credited_cents


@dataclass(frozen=True)
class OpenItem:
    """A document on which something is still to be paid, or (below 0) to be paid back."""

    number: str
    kind: str
    issued_on: date
    due_on: date
    asked_cents: int
    settled_cents: int
    open_cents: int
    ogm: str
    days_late: int


@dataclass(frozen=True)
class AccountStatement:
    """What is open on a day."""

    made_on: date
    sender: Sender
    receiver: Receiver
    items: tuple[OpenItem, ...]

    @property
    def open_cents(self) -> int:
        """What is to be paid in all."""
        return sum(one.open_cents for one in self.items)

    @property
    def overdue_cents(self) -> int:
        """What of it should have been paid by now."""
        return sum(one.open_cents for one in self.items if one.days_late > 0 and one.open_cents > 0)


def of(organisation: Organisation, today: date) -> AccountStatement:
    """Return what is open of a partner, oldest due day first."""
    settled = ledger.settled_cents()
    asked = Invoice.total_cents - credited_cents()
    query = (
        select(Invoice, asked.label("asked"), settled.label("settled"))
        .where(Invoice.organisation_id == organisation.id, asks_money(), asked - settled != 0)
        .order_by(Invoice.due_on, Invoice.id)
    )
    rows = db.session.execute(query).all()
    return AccountStatement(
        made_on=today,
        sender=invoicing_settings.sender_of(invoicing_settings.in_force(today)),
        receiver=_receiver(organisation, rows[-1][0] if rows else None),
        items=tuple(_item(row[0], row[1], row[2], today) for row in rows),
    )


def _receiver(organisation: Organisation, invoice: Invoice | None) -> Receiver:
    """Return the partner as the directory knows it; as on an invoice where that lacks something."""
    try:
        return invoicing_details.receiver_of(organisation)
    except DomainError:
        if invoice is None:
            raise
        return invoice.receiver


def _item(invoice: Invoice, asked: int, settled: int, today: date) -> OpenItem:
    assert invoice.number is not None
    assert invoice.issued_on is not None
    assert invoice.due_on is not None
    return OpenItem(
        number=invoice.number,
        kind=invoice.kind.label,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        asked_cents=int(asked),
        settled_cents=int(settled),
        open_cents=int(asked) - int(settled),
        ogm=invoice.ogm or "",
        days_late=max((today - invoice.due_on).days, 0),
    )


def render(statement: AccountStatement) -> bytes:
    """Return the PDF of a statement."""
    fonts.register()
    title = f"Rekeningoverzicht op {short_date(statement.made_on)}"
    lead = (
        "Hieronder staat wat volgens onze boeken op deze dag nog openstaat. Betalingen die "
        "onderweg zijn, staan er nog niet bij."
    )
    story: list[Flowable] = [
        paper.parties(statement.sender, statement.receiver),
        Spacer(1, 7 * mm),
        Paragraph(escape(title), paper.TITLE),
        Spacer(1, 3 * mm),
        Paragraph(escape(lead), paper.TEXT),
        Spacer(1, 5 * mm),
        _items(statement),
        Spacer(1, 6 * mm),
        KeepTogether([_payment(statement)]),
    ]
    return paper.draw(story, title, statement.sender, title)


def _items(statement: AccountStatement) -> Table:
    heads = ("Document", "Te betalen tegen", "Bedrag", "Betaald", "Open", "Mededeling")
    rows: list[list[Any]] = [
        [
            Paragraph(head, paper.HEAD_RIGHT if 2 <= n <= 4 else paper.HEAD)
            for n, head in enumerate(heads)
        ]
    ]
    rows += [_row(one) for one in statement.items]
    late = statement.overdue_cents
    total = "Totaal" + (f", waarvan {money.euro(late)} vervallen" if late else "")
    empty = [""] * 3
    rows.append(
        [
            Paragraph(escape(total), paper.BOLD),
            *empty,
            Paragraph(escape(money.euro(statement.open_cents)), paper.RIGHT_BOLD),
            "",
        ]
    )
    widths = (35 * mm, 27 * mm, 23 * mm, 23 * mm, 24 * mm, WIDTH - 132 * mm)
    return table(
        rows,
        widths,
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, paper.BRAND),
        ("LINEBELOW", (0, 1), (-1, -2), 0.5, paper.LINE),
        ("BACKGROUND", (0, -1), (-1, -1), paper.TINT),
        ("SPAN", (0, -1), (3, -1)),
        ("LEFTPADDING", (0, -1), (0, -1), 6),
        ("LEFTPADDING", (-1, 0), (-1, -1), 8),
        ("TOPPADDING", (0, 1), (-1, -1), 5),
        ("BOTTOMPADDING", (0, 1), (-1, -1), 5),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        repeat_rows=1,
    )


def _row(one: OpenItem) -> list[Any]:
    late = [Paragraph(f"{one.days_late} dagen te laat", paper.SMALL)] if one.days_late else []
    if one.open_cents < 0:
        late = [Paragraph("in uw voordeel", paper.SMALL)]
    return [
        [
            Paragraph(escape(one.number), paper.BOLD),
            Paragraph(f"{escape(one.kind)} van {short_date(one.issued_on)}", paper.SMALL),
        ],
        [Paragraph(short_date(one.due_on), paper.TEXT), *late],
        Paragraph(escape(money.euro(one.asked_cents)), paper.RIGHT),
        Paragraph(escape(money.euro(one.settled_cents)), paper.RIGHT),
        Paragraph(escape(money.euro(one.open_cents)), paper.RIGHT_BOLD),
        Paragraph(escape(ogm_text(one.ogm)) if one.open_cents > 0 else "", paper.SMALL),
    ]


def _payment(statement: AccountStatement) -> Table:
    sender = statement.sender
    rows = [
        ("Op rekening", f"{grouped(sender.iban)} (BIC {sender.bic})"),
        ("Op naam van", sender.name),
        ("Mededeling", "die van elk document, in een overschrijving per document"),
        ("Vragen", sender.email),
    ]
    facts = [[Paragraph(escape(k), paper.SMALL), Paragraph(escape(v), paper.BOLD)] for k, v in rows]
    tight = (("TOPPADDING", (0, 0), (-1, -1), 1.5), ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5))
    inner = table(facts, (28 * mm, WIDTH - 48 * mm), *tight)
    frame = (
        ("BOX", (0, 0), (-1, -1), 0.8, paper.LINE),
        ("ROUNDEDCORNERS", [4, 4, 4, 4]),
        ("LEFTPADDING", (0, 0), (-1, -1), 10),
        ("TOPPADDING", (0, 0), (-1, -1), 8),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
    )
    return table([[inner]], (WIDTH,), *frame)
