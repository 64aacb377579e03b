"""A referral on paper for the intake visit: what the coordinator needs at the door, no more."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from flask_babel import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from portal.core import clock, fonts
from portal.core.i18n import moment
from portal.core.permissions import Actor
from portal.referrals import present
from portal.referrals.models import Referral
from portal.referrals.present import Row

MARGIN = 20 * mm
_TEXT = ParagraphStyle("text", fontName=fonts.TEXT, fontSize=10, leading=14, spaceAfter=4)
_HEAD = ParagraphStyle("head", parent=_TEXT, fontName=fonts.BOLD, fontSize=12, spaceBefore=10)
_TITLE = ParagraphStyle("title", parent=_HEAD, fontSize=18, leading=24, spaceBefore=0)


def render(referral: Referral, actor: Actor) -> bytes:
    """Return the sheet as a PDF. Whoever asks for it noted the access before."""
    fonts.register()
    family = referral.family
    story: list[Any] = [
        _words(_("Intakebezoek %(reference)s", reference=referral.reference), _TITLE),
        _words(f"{referral.postcode} {referral.municipality.name}"),
    ]
    if referral.intake_at is not None:
        story.append(_words(_("Gepland op %(when)s", when=moment(referral.intake_at))))
    if family is not None:
        contact = present.contact(family)
        if family.practical["known_risk"]:
            story.append(_words(_("Bekend risico: bel de verwijzer voor je vertrekt."), _HEAD))
        story += _part(_("Contact"), _contact_rows(contact))
        story += _part(_("Het gezin"), present.household_rows(family))
        story += [_words(_("De vraag van het gezin"), _HEAD)]
        story += _paragraphs(family.situation["question"])
        story += [_words(_("Krachten van het gezin"), _HEAD)]
        story += _paragraphs(family.situation["strengths"] or "–")
        signs = [one.label for one in present.indicators(family)]
        story += _part(_("Situatie"), [Row(_("Wat er speelt"), signs), *present.tasks(family)])
        story += _part(_("Andere diensten"), present.context_rows(family))
        story += _part(_("Praktisch"), present.practical_rows(family))
    story += [_words(_("Notities bij het bezoek"), _HEAD), _lines()]
    footer = _(
        "Vertrouwelijk. Afgedrukt door %(who)s op %(when)s. Vernietig dit blad na de intake.",
        who=actor.name,
        when=moment(clock.now()),
    )
    return _built(story, footer, _("Intakebezoek %(reference)s", reference=referral.reference))


def _built(story: Sequence[Any], footer: str, title: str) -> bytes:
    out = BytesIO()
    page = SimpleDocTemplate(
        out,
        pagesize=A4,
        title=title,
        author="Home-Start Vlaanderen vzw",
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
    )

    def sign(canvas: Any, _page: Any) -> None:
        canvas.setFont(fonts.TEXT, 8)
        canvas.drawString(MARGIN, 10 * mm, footer)

    page.build(list(story), onFirstPage=sign, onLaterPages=sign)
    return out.getvalue()


def _contact_rows(contact: present.Contact) -> list[Row]:
    return [
        Row(_("Contactouder"), contact.name),
        Row(_("Telefoon"), contact.phone),
        Row(_("Veilig moment"), contact.moment),
        Row(_("Afspraak"), contact.mode),
        Row(_("E-mail"), contact.email),
        Row(_("Straat en nummer"), contact.street),
    ]


def _part(title: str, rows: Iterable[Row]) -> list[Any]:
    """Return a heading with its rows, each a table of its own so that long answers may break."""
    width = A4[0] - 2 * MARGIN - 12
    return [
        _words(title, _HEAD),
        *(
            Table(
                [[_words(row.label), _words(line)]],
                colWidths=(45 * mm, width - 45 * mm),
                style=[("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, -1), 0)],
            )
            for row in rows
            for line in [", ".join(row.value) if isinstance(row.value, list) else row.value or "–"]
        ),
    ]


def _paragraphs(text: str) -> list[Paragraph]:
    return [_words(line) for line in text.splitlines() if line.strip()]


def _words(text: str, style: ParagraphStyle = _TEXT) -> Paragraph:
    return Paragraph(escape(text), style)


def _lines() -> Table:
    """Return six lines to write on."""
    return Table(
        [[""]] * 6,
        colWidths=A4[0] - 2 * MARGIN - 12,
        rowHeights=9 * mm,
        style=[("LINEBELOW", (0, 0), (-1, -1), 0.4, "#999999")],
    )
