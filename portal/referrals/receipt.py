"""The receipt a referrer can file: reference, time, who and to whom. Nothing about the family."""

from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

from portal.core import documents, fonts
from portal.core.documents import Document
from portal.core.i18n import N_, long_date, moment, speaking
from portal.core.permissions import Actor
from portal.referrals.models import Referral

SENDER = "Home-Start Vlaanderen vzw"
MARGIN = 25 * mm
FRAME_PADDING = 6  # points, which reportlab adds inside its margins
_INK, _SOFT, _LINE = HexColor("#2b2420"), HexColor("#63574e"), HexColor("#e4d9cb")
_BRAND, _ACCENT, _TINT = HexColor("#17595a"), HexColor("#c2492f"), HexColor("#e3efed")

_TEXT = ParagraphStyle(
    "text", fontName=fonts.TEXT, fontSize=10.5, leading=16, textColor=_INK, spaceAfter=7
)
_LABEL = ParagraphStyle("label", parent=_TEXT, textColor=_SOFT, spaceAfter=0)
_VALUE = ParagraphStyle("value", parent=_TEXT, spaceAfter=0)
_TITLE = ParagraphStyle(
    "title", parent=_TEXT, fontName=fonts.BOLD, fontSize=21, leading=28, spaceAfter=14
)
_HEAD = ParagraphStyle(
    "head", parent=_TEXT, fontName=fonts.BOLD, fontSize=12, leading=18, spaceAfter=4
)
_CAPTION = ParagraphStyle("caption", parent=_LABEL, alignment=TA_CENTER)
_REFERENCE = ParagraphStyle(
    "reference", parent=_CAPTION, fontName=fonts.BOLD, fontSize=25, leading=34, textColor=_BRAND
)

HANDED = N_(
    "Home-Start Vlaanderen vzw bevestigt dat deze verwijzing ontvangen is en doorgegeven aan de "
    "coördinator van {branch}. De coördinator neemt ten laatste op {due} contact op met het gezin."
)
LISTED = N_(
    "Home-Start Vlaanderen vzw bevestigt dat deze vraag ontvangen is. In {place} is er vandaag "
    "geen Home-Startwerking. Het gezin staat op de lijst, voor ten hoogste een jaar; er is nog "
    "niemand die contact opneemt."
)
COUNTED = N_(
    "Home-Start Vlaanderen vzw bevestigt dat deze vraag ontvangen is. In {place} is er vandaag "
    "geen Home-Startwerking. De nood is geteld; er is geen gezin doorgegeven en van het gezin is "
    "niets bewaard dat het herkenbaar maakt."
)
CLOSING = N_(
    "Dit bewijs bevat met opzet geen gegevens over het gezin, zodat je het veilig in je dossier "
    "kunt bewaren. Met de referentie vind je de verwijzing terug in het portaal."
)


def issue(referral: Referral, actor: Actor) -> Document:
    """Make the receipt of a referral just submitted, once, and keep it. Returns the document."""
    return documents.put(
        render(referral, actor),
        f"ontvangstbewijs-{referral.reference}.pdf",
        "application/pdf",
    )


def render(referral: Referral, actor: Actor) -> bytes:
    """Return the receipt as a PDF of one page, in the referrer's language."""
    fonts.register()
    with speaking(actor.locale) as _:
        branch = referral.branch
        body = HANDED if branch else LISTED if referral.family else COUNTED
        told = _(body).format(
            branch=branch.name if branch else "",
            due=long_date(referral.first_contact_due_on),
            place=referral.municipality.name,
        )
        story = [
            Paragraph(escape(_("Ontvangstbewijs")), _TITLE),
            _reference(_("Referentie"), referral.reference),
            Spacer(1, 9 * mm),
            _facts(_rows(referral, actor, _)),
            Spacer(1, 8 * mm),
            Paragraph(escape(_("Wat gebeurt er nu?")), _HEAD),
            Paragraph(escape(told), _TEXT),
            Paragraph(escape(_(CLOSING)), _TEXT),
        ]
        title = _("Ontvangstbewijs {reference}").format(reference=referral.reference)
        footer = _("Automatisch opgemaakt op {moment}. Geldig zonder handtekening.").format(
            moment=moment(referral.received_at)
        )
    out = BytesIO()
    page = SimpleDocTemplate(
        out,
        pagesize=A4,
        title=title,
        author=SENDER,
        lang=actor.locale or "nl",
        leftMargin=MARGIN - FRAME_PADDING,
        rightMargin=MARGIN - FRAME_PADDING,
        topMargin=42 * mm,
        bottomMargin=MARGIN,
    )
    page.build(story, onFirstPage=lambda canvas, _page: _letterhead(canvas, footer))
    return out.getvalue()


def _rows(referral: Referral, actor: Actor, _: Any) -> list[tuple[str, str]]:
    branch = referral.branch
    rows = [
        (_("Ontvangen op"), moment(referral.received_at)),
        (_("Verwijzer"), actor.name),
        (_("Organisatie"), actor.organisation_name),
        (_("Gemeente"), f"{referral.postcode} {referral.municipality.name}"),
        (_("Doorgegeven aan"), branch.name if branch else _("Nog niemand")),
    ]
    contact = [branch.phone, branch.email] if branch else []
    if any(contact):
        rows.append((_("Te bereiken op"), " · ".join(filter(None, contact))))
    return rows


def _reference(label: str, reference: str) -> Table:
    cells = [[Paragraph(escape(label), _CAPTION)], [Paragraph(escape(reference), _REFERENCE)]]
    frame = [
        ("BACKGROUND", (0, 0), (-1, -1), _TINT),
        ("TOPPADDING", (0, 0), (-1, 0), 12),
        ("BOTTOMPADDING", (0, -1), (-1, -1), 14),
        ("ROUNDEDCORNERS", [6, 6, 6, 6]),
    ]
    return Table(cells, colWidths=A4[0] - 2 * MARGIN, style=frame)


def _facts(rows: list[tuple[str, str]]) -> Table:
    cells = [[Paragraph(escape(k), _LABEL), Paragraph(escape(v), _VALUE)] for k, v in rows]
    lines = [
        ("LINEBELOW", (0, 0), (-1, -1), 0.6, _LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
    ]
    return Table(cells, colWidths=(42 * mm, A4[0] - 2 * MARGIN - 42 * mm), style=lines)


def _letterhead(canvas: Any, footer: str) -> None:
    width, height = A4
    canvas.setFillColor(_ACCENT)
    canvas.rect(0, height - 3 * mm, width, 3 * mm, stroke=0, fill=1)
    canvas.setFillColor(_BRAND)
    canvas.setFont(fonts.BOLD, 12)
    canvas.drawString(MARGIN, height - 22 * mm, SENDER)
    canvas.setStrokeColor(_LINE)
    canvas.setLineWidth(0.6)
    canvas.line(MARGIN, height - 28 * mm, width - MARGIN, height - 28 * mm)
    canvas.setFillColor(_SOFT)
    canvas.setFont(fonts.TEXT, 8.5)
    canvas.drawString(MARGIN, 15 * mm, footer)
