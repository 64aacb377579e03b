"""Issuing makes a document for ever: numbered, printed, kept by hash, and never changed."""

import hashlib
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from lxml import etree
from pypdf import PdfReader
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from stdnum.be import ogm_vcs

from portal.core import audit, documents, money
from portal.core.db import db
from portal.core.errors import ConflictError, DomainError
from portal.core.numbering import Counter
from portal.core.outbox import OutboxMessage
from portal.finance import crediting, invoice_drafts, invoicing_settings, issuing
from portal.finance.content import Line
from portal.finance.models import (
    DeliveryState,
    Invoice,
    InvoiceDelivery,
    InvoiceEvent,
    InvoiceKind,
    InvoiceStatus,
)
from tests import make
from tests.finance import make_finance

pytestmark = pytest.mark.usefixtures("settings")
NS = {
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
}


@pytest.fixture(autouse=True)
def february(clock) -> None:
    clock.move_to(datetime(2027, 2, 1, 9, tzinfo=UTC))


def pdf_text(invoice: Invoice) -> str:
    assert invoice.pdf is not None
    pages = PdfReader(BytesIO(documents.read(invoice.pdf))).pages
    return " ".join(page.extract_text() for page in pages).replace("\u00a0", " ")


def xml(invoice: Invoice, path: str) -> list[str]:
    assert invoice.ubl is not None
    tree = etree.fromstring(documents.read(invoice.ubl))
    return [element.text or "" for element in tree.xpath(path, namespaces=NS)]  # type: ignore[union-attr]


def test_an_issued_invoice_has_every_mention_on_one_page(session: Session) -> None:
    gent = make_finance.municipality("Stad Gent", kbo="0207451227")
    invoice = make_finance.issued(gent, Line("Startcursus", 125_00, 2_50))
    assert (invoice.number, invoice.status) == ("F2027-0001", InvoiceStatus.ISSUED)
    printed = pdf_text(invoice)
    for mention in (
        *("Factuur F2027-0001", "01/02/2027", "03/03/2027", "Home-Start Vlaanderen vzw"),
        *("0400.000.086", "RPR Leuven", "Stad Gent", "0207.451.227", "Dorpsstraat 1", "PO-118"),
        *("Startcursus", "2,5", "€ 125,00", "€ 312,50", "BE71 0961 2345 6769", "GKCCBEBB"),
        *(
            "Vrijgesteld van btw op grond van artikel 44",
            f"+++{ogm_vcs.format(invoice.ogm or '')}+++",
        ),
    ):
        assert mention in printed, mention
    assert invoice.pdf is not None
    assert len(PdfReader(BytesIO(documents.read(invoice.pdf))).pages) == 1


def test_pdf_and_ubl_are_kept_by_their_hash_and_the_pdf_is_inside_the_ubl(
    session: Session,
) -> None:
    import base64

    invoice = make_finance.issued()
    assert invoice.pdf is not None
    assert invoice.ubl is not None
    pdf, ubl = documents.read(invoice.pdf), documents.read(invoice.ubl)
    assert hashlib.sha256(pdf).digest() == invoice.pdf_sha256
    assert hashlib.sha256(ubl).digest() == invoice.ubl_sha256
    assert base64.b64decode(xml(invoice, "//cbc:EmbeddedDocumentBinaryObject")[0]) == pdf


def test_numbers_follow_one_another_and_start_anew_each_year(session: Session, clock) -> None:
    assert [make_finance.issued().number for _ in range(2)] == ["F2027-0001", "F2027-0002"]
    claim = make_finance.issued(kind=InvoiceKind.CLAIM)
    assert claim.number == "SV2027-0001"
    clock.move_to(datetime(2027, 12, 31, 23, 30, tzinfo=UTC))  # 0.30 h on 1 January in Brussels
    late = make_finance.issued()
    assert (late.number, late.issued_on) == ("F2028-0001", date(2028, 1, 1))


def test_each_document_has_a_structured_communication_of_its_own(session: Session) -> None:
    found = [make_finance.issued(), make_finance.issued(kind=InvoiceKind.CLAIM)]
    assert [one.ogm[:10] for one in found if one.ogm] == ["1202700001", "2202700001"]
    for one in found:
        assert ogm_vcs.is_valid(one.ogm or "")
    note = crediting.credit(
        make_finance.finance_officer(), found[0], found[0].lines, "Dubbel aangerekend."
    )
    issuing.issue(make_finance.finance_officer(), note, note.version)
    assert note.ogm is None


def test_a_later_move_of_the_partner_leaves_the_invoice_as_it_was(session: Session) -> None:
    gent = make_finance.municipality("Stad Gent")
    invoice = make_finance.issued(gent)
    gent.name, gent.street = "Stad Gent en Melle", "Botermarkt 1"
    make_finance.settings(date(2027, 2, 1), street="Nieuwstraat 1")
    session.commit()
    assert (invoice.receiver.name, invoice.receiver.street) == ("Stad Gent", "Dorpsstraat 1")
    assert invoice.sender.street == "Blijde-Inkomststraat 7"


@pytest.mark.parametrize(
    "change",
    [
        update(Invoice).values(total_cents=1),
        update(Invoice).values(number="F2027-0009"),
        update(Invoice).values(status=InvoiceStatus.DRAFT),
        update(Invoice).values(pdf_sha256=b""),
        delete(Invoice),
        text("UPDATE invoice SET lines_json = '[]'"),
        text("UPDATE invoice_event SET action = 'edit'"),
    ],
    ids=["total", "number", "status", "hash", "deleted", "lines", "timeline"],
)
def test_the_database_refuses_every_change_to_what_was_issued(session: Session, change) -> None:  # type: ignore[no-untyped-def]
    make_finance.issued()
    with pytest.raises(DatabaseError, match="does not change"):
        session.execute(change)


def test_no_step_of_the_workflow_fits_an_issued_invoice(session: Session) -> None:
    invoice, officer = make_finance.issued(), make_finance.finance_officer()
    with pytest.raises(ConflictError):
        issuing.issue(officer, invoice, invoice.version)
    with pytest.raises(ConflictError):
        invoice_drafts.set_order_number(officer, invoice, "PO-2")
    session.rollback()


def test_of_two_people_who_issue_a_draft_the_second_is_told(session: Session) -> None:
    invoice, officer = make_finance.draft(), make_finance.finance_officer()
    looked_at = invoice.version
    invoice_drafts.set_order_number(officer, invoice, "PO-2")
    session.commit()
    with pytest.raises(ConflictError):
        issuing.issue(officer, invoice, looked_at)


def test_a_refused_issue_gives_the_number_back(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice, officer = make_finance.draft(), make_finance.finance_officer()
    monkeypatch.setattr(issuing.invoice_pdf, "render", _broken)
    with pytest.raises(OSError, match="full"):
        issuing.issue(officer, invoice, invoice.version)
    session.rollback()
    monkeypatch.undo()
    assert session.get(Counter, "invoice-2027") is None
    issuing.issue(officer, invoice, invoice.version)
    assert invoice.number == "F2027-0001"


def _broken(_document: object) -> bytes:
    raise OSError("disk full")


def test_an_invoice_without_a_reference_of_the_buyer_is_not_issued(session: Session) -> None:
    invoice, officer = make_finance.draft(order_number=""), make_finance.finance_officer()
    with pytest.raises(DomainError, match="bestelbonnummer"):
        issuing.issue(officer, invoice, invoice.version)


def test_a_claim_needs_no_reference_has_no_vat_wording_and_no_ubl(session: Session) -> None:
    claim = make_finance.issued(kind=InvoiceKind.CLAIM, order_number="")
    printed = pdf_text(claim)
    assert "Schuldvordering SV2027-0001" in printed
    assert "Voor waar en echt verklaard" in printed
    assert "btw" not in printed.lower()
    assert claim.ubl is None


@pytest.mark.parametrize("missing", ["street", "kbo"])
def test_a_partner_without_address_or_number_is_named(session: Session, missing: str) -> None:
    gent = make_finance.municipality("Stad Gent", **{missing: None if missing == "kbo" else ""})
    invoice, officer = make_finance.draft(gent), make_finance.finance_officer()
    with pytest.raises(DomainError, match="organisatiegids") as refused:
        issuing.issue(officer, invoice, invoice.version)
    assert refused.value.values == {"name": "Stad Gent"}


def test_issuing_is_on_the_timeline_and_in_the_audit_trail_and_waits_to_be_delivered(
    session: Session,
) -> None:
    make_finance.issued()
    events = session.scalars(db.select(InvoiceEvent).order_by(InvoiceEvent.version)).all()
    assert [e.action for e in events] == ["prepare", "issue"]
    assert make.only(InvoiceDelivery).state == DeliveryState.WAITING
    assert make.only(OutboxMessage).kind == "invoice"
    assert list(audit.broken_links()) == []


def test_without_settings_the_screen_says_what_to_do_first(session: Session) -> None:
    invoicing_settings.find(date(2027, 2, 1)).replaced_at = datetime.now(UTC)  # type: ignore[union-attr]
    session.flush()
    with pytest.raises(DomainError, match="facturatie"):
        make_finance.draft()


def test_a_credit_note_mirrors_an_invoice_and_names_it(session: Session) -> None:
    officer, invoice = make_finance.finance_officer(), make_finance.issued()
    note = crediting.credit(officer, invoice, crediting.whole(invoice), "Cursus ging niet door.")
    issuing.issue(officer, note, note.version)
    assert (note.kind, note.number) == (InvoiceKind.CREDIT_NOTE, "F2027-0002")
    assert note.total_cents == invoice.total_cents
    assert xml(note, "//cac:BillingReference//cbc:ID") == ["F2027-0001"]
    assert "Cursus ging niet door." in pdf_text(note)
    assert "F2027-0001 van 01/02/2027" in pdf_text(note)


def test_no_more_is_credited_than_is_left(session: Session) -> None:
    officer, invoice = make_finance.finance_officer(), make_finance.issued()
    crediting.credit(officer, invoice, (Line("Korting", 100_00),), "Afspraak")
    session.commit()
    assert crediting.left_cents(invoice) == 150_00
    with pytest.raises(DomainError, match="te crediteren"):
        crediting.credit(officer, invoice, (Line("Te veel", 150_01),), "Vergissing")
    session.rollback()
    rest = crediting.credit(officer, invoice, crediting.whole(invoice), "Rest")
    assert (rest.total_cents, crediting.left_cents(invoice)) == (150_00, 0)


def test_a_credit_note_that_grew_is_refused_when_it_is_issued(session: Session) -> None:
    officer, invoice = make_finance.finance_officer(), make_finance.issued()
    note = crediting.credit(officer, invoice, (Line("Korting", 100_00),), "Afspraak")
    note.lines = (Line("Korting", 300_00),)
    session.flush()
    with pytest.raises(DomainError, match="te crediteren"):
        issuing.issue(officer, note, note.version)


def test_a_credit_note_cannot_be_credited(session: Session) -> None:
    officer, invoice = make_finance.finance_officer(), make_finance.issued()
    note = crediting.credit(officer, invoice, invoice.lines, "Vergissing")
    issuing.issue(officer, note, note.version)
    with pytest.raises(DomainError, match="Alleen wat uitgereikt is"):
        crediting.credit(officer, note, note.lines, "Nog eens")


def test_a_long_invoice_repeats_its_headings_and_numbers_its_pages(session: Session) -> None:
    lines = tuple(Line(f"Regel {n} met een omschrijving", 10_00) for n in range(1, 51))
    invoice = make_finance.issued(None, *lines)
    assert invoice.pdf is not None
    pages = [p.extract_text() for p in PdfReader(BytesIO(documents.read(invoice.pdf))).pages]
    assert len(pages) > 1
    assert all("Omschrijving" in page for page in pages[:-1])
    assert f"pagina {len(pages)}" in pages[-1]
    assert money.euro(500_00).replace("\u00a0", " ") in pages[-1].replace("\u00a0", " ")
