"""The link on an invoice: good for whoever holds it, worth nothing to anybody else."""

from collections import Counter
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy.orm import Session

from portal.core import documents, mail, outbox
from portal.core.db import db
from portal.core.errors import NotFoundError
from portal.core.web import limiter
from portal.finance import crediting, issuing, pay_links
from portal.finance.models import Invoice, InvoiceKind, InvoicePayLink
from tests import make
from tests.browser import Browser
from tests.finance import make_finance, make_payment

pytestmark = pytest.mark.usefixtures("settings")


def token_of(invoice: Invoice) -> str:
    return pay_links.path_of(invoice).removeprefix(pay_links.PATH)


def test_every_invoice_and_claim_has_a_link_of_its_own_and_a_credit_note_none(
    session: Session,
) -> None:
    invoice, claim = make_finance.issued(), make_finance.issued(kind=InvoiceKind.CLAIM)
    officer = make_finance.finance_officer()
    note = crediting.credit(officer, invoice, crediting.whole(invoice), "Vergissing.")
    issuing.issue(officer, note, note.version)
    session.commit()
    assert len({token_of(invoice), token_of(claim)}) == 2
    assert pay_links.url_of(invoice).startswith("http://127.0.0.1:8010/betalen/")
    assert pay_links.path_of(note) == pay_links.url_of(note) == ""


def test_a_draft_has_no_link_yet(session: Session) -> None:
    assert pay_links.path_of(make_finance.draft()) == ""


def test_the_link_is_on_the_pdf_to_read_and_to_click(session: Session) -> None:
    for kind in (InvoiceKind.INVOICE, InvoiceKind.CLAIM):
        invoice = make_finance.issued(kind=kind)
        assert invoice.pdf is not None
        (page,) = PdfReader(BytesIO(documents.read(invoice.pdf))).pages
        printed = page.extract_text().replace("\n", "")
        assert f"127.0.0.1:8010{pay_links.path_of(invoice)}" in printed
        targets = [note.get_object()["/A"]["/URI"] for note in page.annotations or ()]
        assert targets == [pay_links.url_of(invoice)]


def test_the_mail_that_brings_an_invoice_carries_the_link(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[mail.Mail] = []
    monkeypatch.setattr(mail, "dispatch", lambda message, *_: sent.append(message))
    partner = make_finance.municipality()
    make_finance.wishes(partner)
    invoice = make_finance.issued(partner)
    outbox.deliver_due()
    assert [one.button_url for one in sent] == [pay_links.path_of(invoice)]


def test_the_database_keeps_no_token_that_could_be_read(session: Session) -> None:
    token = token_of(make_finance.issued())
    row = make.only(InvoicePayLink)
    kept = (row.token_hash, row.token_encrypted)
    assert all(token.encode() not in bytes(one) for one in kept)


def test_a_guessed_a_foreign_and_a_mistyped_link_are_all_the_same_404(browser: Browser) -> None:
    token = token_of(make_finance.issued())
    wrong = [browser.path("finance.pay", token=one) for one in ("x", token[:-1], token + "0", "é")]
    for page in ("", "/bedankt", "/onderbroken"):
        answers = [browser.open(path + page) for path in wrong]
        assert {one.status for one in answers} == {404}
        assert len({one.text for one in answers}) == 1
    assert browser.post_to(wrong[0] + "/online").status == 404
    with pytest.raises(NotFoundError):
        pay_links.find("")


def test_a_link_typed_over_from_paper_is_found(session: Session) -> None:
    invoice = make_finance.issued()
    typed = token_of(invoice).upper().replace("0", "O").replace("1", "I")
    assert pay_links.find(typed) is invoice


def test_the_page_says_how_to_pay_and_nothing_about_who_or_what(browser: Browser) -> None:
    invoice = make_finance.issued(make_finance.municipality("Stad Gent"))
    page = browser.open(pay_links.path_of(invoice))
    shown = page.text.replace("\u00a0", " ")
    for mention in (
        *(invoice.number or "", "€ 250,00", "Home-Start Vlaanderen vzw", "GKCCBEBB"),
        "BE71 0961 2345 6769",
        "+++",
    ):
        assert mention in shown
    assert "Stad Gent" not in shown
    assert "Startcursus" not in shown
    assert "Online betalen" not in shown, "no keys are set"
    (code,) = [e.get("src", "") for e in page.find("img") if e.get("alt")]
    assert code.startswith("data:image/png;base64,")


def test_what_was_paid_in_part_asks_for_the_rest(browser: Browser) -> None:
    invoice = make_finance.issued()
    make_payment.paid(invoice, 100_00)
    assert "€ 150,00" in browser.open(pay_links.path_of(invoice)).text


def test_what_is_paid_or_credited_says_so_without_details(browser: Browser) -> None:
    paid, credited = make_finance.issued(), make_finance.issued()
    make_payment.paid(paid)
    officer = make_finance.finance_officer()
    note = crediting.credit(officer, credited, crediting.whole(credited), "Vergissing.")
    issuing.issue(officer, note, note.version)
    db.session.commit()
    for invoice, word in ((paid, "betaald"), (credited, "gecrediteerd")):
        page = browser.open(pay_links.path_of(invoice))
        assert word in page.heading
        assert str(invoice.number) not in page.text
        assert "€" not in page.text


def test_without_keys_the_button_leads_back_to_the_transfer(app: Flask, browser: Browser) -> None:
    path = pay_links.path_of(make_finance.issued())
    answer = browser.post_to(f"{path}/online")
    assert (answer.status, answer.location) == (303, path)


def test_a_partner_pays_from_its_own_invoice_and_hsv_only_looks(app: Flask) -> None:
    invoice = make_finance.issued(partner := make_finance.municipality())
    contact = Browser(app).sign_in(make_finance.finance_contact(partner).account)
    page = contact.get("finance.invoice", reference=invoice.reference)
    assert pay_links.path_of(invoice) in page.links()
    make_payment.paid(invoice)
    page = contact.get("finance.invoice", reference=invoice.reference)
    assert pay_links.path_of(invoice) not in page.links()


def test_links_cannot_be_tried_at_will(make_app: Callable[..., Flask]) -> None:
    limited = make_app(RATELIMIT_ENABLED=True, RATELIMIT_STORAGE_URI="memory://")
    with limited.app_context():
        limiter.reset()
        try:
            stranger = Browser(limited)
            tries = Counter(
                stranger.get("finance.pay", token=f"raad{number}").status for number in range(125)
            )
        finally:
            limiter.enabled = False
            db.session.remove()
            db.engine.dispose()
    assert tries == {404: 120, 429: 5}
