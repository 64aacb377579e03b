"""The evidence certificate: who signed, as what, when, how it was established, and every event.

Made by the worker once everybody signed, sealed by HSV, and kept beside the signed document. It is
in Dutch, as the agreement is.
"""

import hashlib
from io import BytesIO
from xml.sax.saxutils import escape

from flask_babel import force_locale
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table
from sqlalchemy import select

from portal.agreements import envelope_notices, envelopes
from portal.agreements.envelope_states import PAST, workflow
from portal.agreements.envelopes import DEMONSTRATION, HOME_START, PDF
from portal.agreements.models import (
    Envelope,
    EnvelopeEvidence,
    EnvelopeRevision,
    EnvelopeSignatory,
    SignatoryStatus,
    Way,
)
from portal.agreements.notices import names_of
from portal.core import clock, documents, fonts, outbox, signing
from portal.core.db import db
from portal.core.documents import Document
from portal.core.errors import DomainError
from portal.core.i18n import moment
from portal.core.signing.sealing import SEAL_FIELD

_INK, _SOFT, _LINE = HexColor("#2b2420"), HexColor("#63574e"), HexColor("#e4d9cb")
_TEXT = ParagraphStyle("evidence", fontName=fonts.TEXT, fontSize=9.5, leading=14, textColor=_INK)
_SMALL = ParagraphStyle("evidence small", parent=_TEXT, fontSize=8, leading=11.5)
_SOFTER = ParagraphStyle("evidence soft", parent=_SMALL, textColor=_SOFT)
_TITLE = ParagraphStyle(
    "evidence title", parent=_TEXT, fontName=fonts.BOLD, fontSize=18, leading=24, spaceAfter=8
)
_WARN = ParagraphStyle(
    "evidence warning", parent=_TEXT, fontName=fonts.BOLD, textColor=HexColor("#9b2c16")
)
_HEAD = ParagraphStyle(
    "evidence head",
    parent=_TEXT,
    fontName=fonts.BOLD,
    fontSize=12,
    leading=18,
    spaceBefore=12,
    spaceAfter=4,
    keepWithNext=1,
)
_WHO = ParagraphStyle("evidence who", parent=_TEXT, fontName=fonts.BOLD, spaceAfter=2)
_WIDTH = A4[0] - 40 * mm

HOW = {
    Way.PORTAL: (
        "In het portaal: aangemeld met een eigen account, opnieuw aangemeld vlak voor het tekenen, "
        "en bevestigd met een eenmalige code per e-mail. De handtekening is geplaatst met het "
        "zegel van Home-Start Vlaanderen vzw."
    ),
    Way.OWN_CERTIFICATE: (
        "Met een eigen certificaat, buiten het portaal. Gecontroleerd: ongeschonden, op precies "
        "dit document, van een vertrouwde uitgever, niet ingetrokken, op naam van de ondertekenaar."
    ),
    Way.REMOTE: (
        "Met een eigen certificaat bij een ondertekendienst. Gecontroleerd: ongeschonden, op "
        "precies dit document, van een vertrouwde uitgever, op naam van de ondertekenaar."
    ),
    Way.WET_INK: (
        "Op papier. De scan is bewaard naast het verzegelde document; deze handtekening staat niet "
        "in de PDF."
    ),
}


@outbox.handler("evidence")
def _deliver(message: outbox.OutboxMessage) -> None:
    envelope = db.session.get_one(Envelope, message.payload["envelope_id"])
    try:
        issue(envelope)
    except DomainError as error:  # without seal, or a service is silent: later it may not be
        raise outbox.TryAgainError(error.message) from error


def issue(envelope: Envelope) -> None:
    """Make, seal and keep the certificate, once, and tell all parties. Safe to run twice."""
    made = db.session.scalar(
        select(EnvelopeEvidence.id).where(EnvelopeEvidence.envelope_id == envelope.id)
    )
    if made is not None:
        return
    _stamp_for_the_archive(envelope)
    pki = signing.pki()
    stamp = signing.Stamp(HOME_START, "Bewijsstuk bij de ondertekening")
    data = signing.seal_invisibly(render(envelope), stamp, pki)
    name = f"{envelope.agreement.reference} bewijsstuk ondertekening {envelope.number}.pdf"
    document = documents.put(data, name, PDF)
    db.session.flush()
    workflow.expect(envelope, None)
    db.session.add(
        EnvelopeEvidence(
            envelope_id=envelope.id,
            document_id=document.id,
            sha256=hashlib.sha256(data).digest(),
            made_at=clock.now(),
        )
    )
    workflow.fire(envelope, "certify", None)
    envelope_notices.complete(envelope)


def _stamp_for_the_archive(envelope: Envelope) -> None:
    """Add a time stamp over the whole signed document, where a time-stamping service is set."""
    before = envelopes.read(envelope.latest)
    after = signing.archive(before, signing.pki())
    if after != before:
        envelopes.keep_revision(envelope, "Archief", after, {"archive": "time stamp"})


def render(envelope: Envelope) -> bytes:
    """Return the certificate as a PDF, not sealed yet."""
    fonts.register()
    out = BytesIO()
    page = SimpleDocTemplate(
        out,
        pagesize=A4,
        title=f"Bewijsstuk: {envelope.title}",
        author=HOME_START,
        lang="nl",
        leftMargin=20 * mm,
        rightMargin=20 * mm,
        topMargin=20 * mm,
        bottomMargin=18 * mm,
    )
    footer = f"Bewijsstuk bij {envelope.agreement.reference}, ondertekening {envelope.number}"

    def foot(canvas: Canvas, _page: SimpleDocTemplate) -> None:
        canvas.setFont(fonts.TEXT, 8)
        canvas.setFillColor(_SOFT)
        canvas.drawString(20 * mm + 6, 10 * mm, f"{footer}, blad {canvas.getPageNumber()}")

    with force_locale("nl"):
        page.build(
            [
                _line("Bewijsstuk van ondertekening", _TITLE),
                *([_line(DEMONSTRATION, _WARN)] if signing.pki().demonstration else []),
                _facts(_about(envelope)),
                _line("Wie tekende", _HEAD),
                *[_signatory(envelope, one) for one in _signed(envelope)],
                _line("Het document na elke stap", _HEAD),
                _facts([_state(one) for one in envelope.revisions]),
                _line("Wat er gebeurde", _HEAD),
                _facts(_events(envelope)),
                Spacer(1, 5 * mm),
                _line(_CLOSING, _SOFTER),
            ],
            onFirstPage=foot,
            onLaterPages=foot,
        )
    return out.getvalue()


_CLOSING = (
    "De reeks getallen achter SHA-256 hoort bij precies één bestand: verandert er één teken, dan "
    "verandert ze. Wie een exemplaar heeft, kan het laten nakijken op de pagina “Document "
    "nakijken” van het portaal."
)


def _about(envelope: Envelope) -> list[tuple[str, str]]:
    assert envelope.completed_at is not None
    return [
        ("Document", envelope.title),
        ("Kenmerk", f"{envelope.agreement.reference}, ondertekening {envelope.number}"),
        ("Verzegeld op", moment(envelope.prepared_at)),
        ("Door iedereen ondertekend op", moment(envelope.completed_at)),
        ("SHA-256 voor het zegel", envelope.source_sha256.hex()),
        ("SHA-256 van het ondertekende document", envelope.latest.sha256.hex()),
    ]


def _signed(envelope: Envelope) -> list[EnvelopeSignatory]:
    return [one for one in envelope.signatories if one.status == SignatoryStatus.SIGNED]


def _signatory(envelope: Envelope, one: EnvelopeSignatory) -> KeepTogether:
    kept = next((r for r in envelope.revisions if r.signatory_id == one.id), None)
    assert one.way is not None
    who = f"{one.name}, {one.capacity}, voor {one.party}"
    rows = [
        ("Wanneer", moment(one.answered_at)),
        ("Hoe", HOW[one.way]),
        ("E-mailadres", one.email),
        *([("In de plaats van", one.instead_of)] if one.instead_of else []),
        *_proof(kept),
        *_sha256("SHA-256 van de machtiging", one.delegation),
        *_sha256("SHA-256 van de scan", one.scan),
    ]
    return KeepTogether([_line(who, _WHO), _facts(rows), Spacer(1, 4 * mm)])


def _sha256(label: str, document: Document | None) -> list[tuple[str, str]]:
    if document is None:
        return []
    return [(label, hashlib.sha256(documents.read(document)).hexdigest())]


def _proof(kept: EnvelopeRevision | None) -> list[tuple[str, str]]:
    if kept is None:
        return []
    known = kept.evidence_json
    rows = [
        ("IP-adres", known.get("address", "")),
        ("Toestel", known.get("browser", "")),
        ("Certificaat", known.get("certificate", "")),
        ("Vingerafdruk", known.get("fingerprint", "")),
        ("Dienst", known.get("service", "")),
    ]
    return [(label, value) for label, value in rows if value]


def _state(one: EnvelopeRevision) -> tuple[str, str]:
    what = {SEAL_FIELD: "Verzegeld", "Archief": "Tijdstempel voor het archief"}.get(
        one.field, one.signatory.name if one.signatory else one.field
    )
    return (f"{one.number}. {what}", f"{moment(one.made_at)}, SHA-256 {one.sha256.hex()}")


def _events(envelope: Envelope) -> list[tuple[str, str]]:
    db.session.refresh(envelope, ["events"])
    names = names_of(e.account_id for e in envelope.events)
    people = {one.id: one.name for one in envelope.signatories}
    rows = []
    for event in envelope.events:
        who = people.get(event.signatory_id or 0) or names.get(event.account_id) or "Het portaal"
        parts = (PAST[event.action], who, event.note if event.note != who else "", event.address)
        rows.append((moment(event.at), " · ".join(part for part in parts if part)))
    return rows


def _line(words: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(words), style)


def _facts(rows: list[tuple[str, str]]) -> Table:
    cells = [[_line(label, _SOFTER), _line(value, _SMALL)] for label, value in rows]
    style = [
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, _LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
    return Table(cells, colWidths=(52 * mm, _WIDTH - 52 * mm - 12), style=style)
