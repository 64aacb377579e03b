"""The receipt a referrer can file: reference, time, who and to whom. Nothing about the family."""

from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table
from xml.sax.saxutils import escape

from portal.core import documents
from portal.core.documents import Document
from portal.core.i18n import N_, long_date, moment, speaking
from portal.core.permissions import Actor
from portal.referrals.models import Referral

_TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=18, leading=24, spaceAfter=6)
_TEXT = ParagraphStyle("text", fontName="Helvetica", fontSize=10.5, leading=15, spaceAfter=6)
_LABEL = ParagraphStyle("label", parent=_TEXT, fontName="Helvetica-Bold")

HANDED = N_(
    "Home-Start Vlaanderen vzw bevestigt dat deze verwijzing ontvangen is en doorgegeven aan de "
    "coördinator van de werking hieronder. De coördinator neemt ten laatste op {due} contact op "
    "met het gezin."
)
NOT_HANDED = N_(
    "Home-Start Vlaanderen vzw bevestigt dat deze vraag ontvangen is. In deze gemeente is er "
    "vandaag geen Home-Startwerking; er is geen gezin doorgegeven."
)
CLOSING = N_(
    "Dit bewijs bevat met opzet geen gegevens over het gezin, zodat je het veilig kunt bewaren. "
    "Je volgt de verwijzing in het portaal met de referentie hierboven."
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
    with speaking(actor.locale) as _:
        branch = referral.branch
        body = HANDED if branch else NOT_HANDED
        rows = [
            (_("Referentie"), referral.reference),
            (_("Ontvangen op"), moment(referral.received_at)),
            (_("Verwijzer"), actor.name),
            (_("Organisatie"), referral.organisation.name),
            (_("Gemeente"), f"{referral.postcode} {referral.municipality.name}"),
            (_("Doorgegeven aan"), branch.name if branch else _("niemand")),
        ]
        if branch:
            rows.append((_("Contact"), " · ".join(filter(None, (branch.phone, branch.email)))))
        story = [
            Paragraph("Home-Start Vlaanderen vzw", _TEXT),
            Paragraph(escape(_("Ontvangstbewijs van je verwijzing")), _TITLE),
            Spacer(1, 4 * mm),
            Table(
                [[Paragraph(escape(k), _LABEL), Paragraph(escape(v), _TEXT)] for k, v in rows],
                colWidths=(45 * mm, 120 * mm),
                hAlign="LEFT",
            ),
            Spacer(1, 6 * mm),
            Paragraph(escape(_(body).format(due=long_date(referral.first_contact_due_on))), _TEXT),
            Paragraph(escape(_(CLOSING)), _TEXT),
        ]
        out = BytesIO()
        page = SimpleDocTemplate(
            out,
            pagesize=A4,
            title=_("Ontvangstbewijs {reference}").format(reference=referral.reference),
            author="Home-Start Vlaanderen vzw",
            lang=actor.locale or "nl",
            margin=25 * mm,
            invariant=True,
        )
        page.build(story)
    return out.getvalue()
