"""What a partner and HSV see of invoices, and do with them on screen."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.core import documents
from portal.core.outbox import OutboxMessage
from portal.finance import crediting, invoice_drafts
from portal.finance.content import Line
from portal.finance.models import (
    Channel,
    Invoice,
    InvoiceKind,
    InvoiceQuestion,
    InvoicingDetails,
    InvoicingSettings,
)
from tests import make
from tests.agreements import make_agreement
from tests.browser import Browser
from tests.directory.conftest import count_queries
from tests.finance import make_finance

pytestmark = pytest.mark.usefixtures("settings")


@pytest.fixture(autouse=True)
def february(clock) -> None:
    clock.move_to(datetime(2027, 2, 1, 9, tzinfo=UTC))


@pytest.fixture
def officer(session: Session, app: Flask) -> Browser:
    return Browser(app).sign_in(make_agreement.finance_officer().account)


@pytest.fixture
def gent(session: Session):  # type: ignore[no-untyped-def]
    return make_finance.municipality("Stad Gent")


@pytest.fixture
def nele(gent, app: Flask) -> Browser:  # type: ignore[no-untyped-def]
    return Browser(app).sign_in(make_finance.finance_contact(gent).account)


def test_a_partner_finds_its_invoices_and_downloads_them(gent, nele: Browser) -> None:  # type: ignore[no-untyped-def]
    mine, theirs = make_finance.issued(gent), make_finance.issued()
    listed = nele.get("finance.invoices").text
    assert str(mine.number) in listed
    assert str(theirs.number) not in listed
    for form, kept in (("pdf", mine.pdf), ("ubl", mine.ubl)):
        answer = nele.get("finance.invoice_file", reference=mine.reference, form=form)
        assert kept is not None
        assert answer.body == documents.read(kept)
        assert f"{mine.number}." in answer.response.headers["Content-Disposition"]


def test_another_partners_invoice_looks_like_none_at_all(gent, nele: Browser) -> None:  # type: ignore[no-untyped-def]
    theirs = make_finance.issued()
    for reference in (theirs.reference, "F-0000-0000", theirs.number):
        for endpoint, values in (
            ("finance.invoice", {}),
            ("finance.invoice_file", {"form": "pdf"}),
            ("finance.invoice_file", {"form": "ubl"}),
        ):
            assert nele.get(endpoint, reference=reference, **values).status == 404
    page = nele.post("finance.ask", {"text": "Wat is dit?"}, reference=theirs.reference)
    assert page.status == 404


def test_a_draft_is_hidden_from_the_partner_until_it_is_asked_something(  # type: ignore[no-untyped-def]
    gent, nele: Browser
) -> None:
    draft = make_finance.draft(gent, order_number="")
    assert nele.get("finance.invoice", reference=draft.reference).status == 404
    invoice_drafts.announce(make_finance.finance_officer(), draft)
    make.db.session.commit()
    assert nele.get("finance.invoice", reference=draft.reference).status == 200
    assert nele.get("finance.invoice_file", reference=draft.reference, form="pdf").status == 404


def test_the_start_page_says_what_is_open_after_credit(gent, nele: Browser) -> None:  # type: ignore[no-untyped-def]
    invoice = make_finance.issued(gent, Line("Cursus", 1_000_00))
    officer = make_finance.finance_officer()
    note = crediting.credit(officer, invoice, (Line("Korting", 250_00),), "Afspraak")
    from portal.finance import issuing

    issuing.issue(officer, note, note.version)
    make.db.session.commit()
    assert "€ 750,00" in nele.get("finance.start").text
    assert "€ -250,00" in nele.get("finance.invoices").text


def test_a_question_and_its_answer_reach_the_other_by_mail(  # type: ignore[no-untyped-def]
    gent, nele: Browser, officer: Browser, session: Session
) -> None:
    invoice = make_finance.issued(gent)
    page = nele.get("finance.invoice", reference=invoice.reference)
    asked = {"text": "Waarom € 250? <b>"}
    nele.submit(page, "finance.ask", asked, reference=invoice.reference)
    nele.submit(page, "finance.ask", asked, reference=invoice.reference)  # a double click
    question = make.only(InvoiceQuestion)
    assert "Waarom € 250" in officer.get("finance.start").text
    answered = {"text": "Voor twee deelnemers."}
    officer.post("finance.answer", answered, reference=invoice.reference, question_id=question.id)
    assert "Voor twee deelnemers." in nele.get("finance.invoice", reference=invoice.reference).text
    mails = [m.payload for m in session.scalars(make.db.select(OutboxMessage)) if m.kind == "mail"]
    subjects = ["Antwoord op je vraag over F2027-0001", "Vraag over F2027-0001"]
    assert sorted({m["subject"] for m in mails}) == subjects
    assert not any("€ 250" in str(m) or "deelnemers" in str(m) for m in mails)


def test_an_empty_question_says_what_to_fill_in(gent, nele: Browser) -> None:  # type: ignore[no-untyped-def]
    invoice = make_finance.issued(gent)
    answer = nele.post("finance.ask", {"text": ""}, reference=invoice.reference)
    assert "Vul dit in." in nele.follow(answer).text
    assert make.number_of(InvoiceQuestion) == 0


def test_a_free_invoice_is_made_checked_and_issued(gent, officer: Browser) -> None:  # type: ignore[no-untyped-def]
    page = officer.get("finance.new_invoice")
    refused = officer.submit(page, "finance.new_invoice", {"kind": "invoice", "partner": ""})
    assert any("Voor wie?" in error for error in refused.errors)
    typed = {
        "kind": "invoice",
        "partner": "Stad Gent",
        "lines-0-description": '=HYPERLINK("x")',
        "lines-0-quantity": "2,5",
        "lines-0-unit": "HUR",
        "lines-0-price": "125,00",
        "order_number": "PO-7",
    }
    answer = officer.submit(page, "finance.new_invoice", typed)
    page = officer.follow(answer)
    assert "€ 312,50" in page.text
    invoice = make.only(Invoice)
    answer = officer.submit(page, "finance.issue", {}, reference=invoice.reference)
    assert "F2027-0001 is uitgereikt" in officer.follow(answer).text
    again = officer.submit(page, "finance.issue", {}, reference=invoice.reference)
    assert again.status == 409


@pytest.mark.parametrize(
    ("price", "quantity", "said"),
    [
        ("0", "1", "boven nul"),
        ("-5", "1", "boven nul"),
        ("1.5", "1", "bedrag"),
        ("5", "x", "aantal"),
    ],
)
def test_nonsense_amounts_are_refused_and_nothing_typed_is_lost(  # type: ignore[no-untyped-def]
    gent, officer: Browser, price: str, quantity: str, said: str
) -> None:
    page = officer.get("finance.new_invoice")
    typed = {
        "kind": "invoice",
        "partner": "Stad Gent",
        "lines-0-description": "Map",
        "lines-0-quantity": quantity,
        "lines-0-unit": "C62",
        "lines-0-price": price,
    }
    answer = officer.submit(page, "finance.new_invoice", typed)
    assert any(said in error for error in answer.errors)
    assert answer.value("lines-0-price") == price
    assert make.number_of(Invoice) == 0


def test_a_draft_is_changed_and_a_colleague_who_was_first_is_named(  # type: ignore[no-untyped-def]
    gent, officer: Browser
) -> None:
    draft = make_finance.draft(gent)
    page = officer.get("finance.edit_invoice", reference=draft.reference)
    change = {"lines-0-description": "Cursus", "lines-0-price": "10", "term_days": "45"}
    change |= {"lines-0-quantity": "1", "lines-0-unit": "C62", "order_number": "PO-9"}
    first = officer.submit(page, "finance.edit_invoice", change, reference=draft.reference)
    assert first.status == 303
    second = officer.submit(page, "finance.edit_invoice", change, reference=draft.reference)
    assert second.status == 409
    kept = make.only(Invoice)
    assert (kept.total_cents, kept.term_days, kept.order_number) == (10_00, 45, "PO-9")


def test_part_of_an_invoice_is_credited_on_screen(gent, officer: Browser) -> None:  # type: ignore[no-untyped-def]
    invoice = make_finance.issued(gent)
    page = officer.get("finance.credit", reference=invoice.reference)
    assert page.value("lines-0-price") == "125,00"
    typed = {
        "lines-0-description": "Eén deelnemer minder",
        "lines-0-quantity": "3",
        "lines-0-unit": "C62",
        "lines-0-price": "125,00",
        "reason": "Ziek",
    }
    refused = officer.submit(page, "finance.credit", typed, reference=invoice.reference)
    assert any("€ 250,00" in error.replace("\u00a0", " ") for error in refused.errors)
    typed["lines-0-quantity"] = "1"
    answer = officer.submit(refused, "finance.credit", typed, reference=invoice.reference)
    page = officer.follow(answer)
    assert "Creditnota" in page.heading
    assert "€ 125,00" in page.text


def test_a_partner_says_how_it_wants_its_invoices_but_not_how_long_it_may_wait(  # type: ignore[no-untyped-def]
    gent, nele: Browser, session: Session
) -> None:
    page = nele.get("finance.own_details")
    assert page.value("peppol_id") == f"0208:{gent.kbo}"
    wrong = nele.submit(page, "finance.own_details", {"peppol_id": "0208:0207451228"})
    assert any("geldig ondernemingsnummer" in error for error in wrong.errors)
    typed = {"channel": "email", "email": "boekhouding@gent.example", "term_days": "120"}
    nele.submit(page, "finance.own_details", {**typed, "buyer_reference": "Welzijn"})
    kept = make.only(InvoicingDetails)
    assert (kept.channel, kept.email, kept.term_days) == (
        Channel.EMAIL,
        "boekhouding@gent.example",
        None,
    )
    stale = nele.submit(page, "finance.own_details", typed)
    assert stale.status == 409


def test_settings_are_dated_and_a_wrong_account_number_is_named(
    officer: Browser, session: Session
) -> None:
    page = officer.get("finance.record_settings")
    known = {
        e.get("name", ""): page.value(e.get("name", ""))
        for e in [*page.find("input"), *page.find("select"), *page.find("textarea")]
        if e.get("name") not in (None, "csrf_token", "once", "locale", "next")
    }
    wrong = officer.submit(page, "finance.record_settings", {**known, "iban": "BE68 1111"})
    assert any("IBAN" in error for error in wrong.errors)
    mixed = officer.submit(page, "finance.record_settings", {**known, "vat_category": "O"})
    assert any("VATEX-EU-O" in error for error in mixed.errors)
    clash = officer.submit(page, "finance.record_settings", {**known, "claim_prefix": "F"})
    assert any("facturen" in error for error in clash.errors)
    kept = officer.submit(page, "finance.record_settings", {**known, "term_days": "45"})
    assert kept.status == 303
    rows = session.scalars(make.db.select(InvoicingSettings)).all()
    assert sorted(row.term_days for row in rows) == [30, 45]
    assert "45 dagen" in officer.get("finance.settings").text


def test_lists_are_exported_with_formulas_as_text_and_amounts_as_numbers(
    officer: Browser,
) -> None:
    partner = make_finance.municipality("=cmd|' /C calc'!A0")
    make_finance.issued(partner)
    text = officer.get("finance.invoices", formaat="csv").body.decode("utf-8-sig")
    assert "'=cmd" in text
    assert '"250,00"' in text
    assert officer.get("finance.invoices", formaat="xlsx").status == 200


@pytest.mark.parametrize("answer", ["staat=failed", "staat=issued", "soort=claim", "jaar=2027"])
def test_the_list_filters(officer: Browser, answer: str) -> None:
    make_finance.issued()
    page = officer.open(f"/facturen?{answer}")
    assert page.status == 200
    assert ("F2027-0001" in page.text) == (answer in ("staat=issued", "jaar=2027"))


def test_search_finds_by_number_and_by_name(officer: Browser, gent) -> None:  # type: ignore[no-untyped-def]
    make_finance.issued(gent)
    for typed, found in (("f2027-0001", True), ("gent", True), ("aalst", False)):
        assert ("F2027-0001" in officer.open(f"/facturen?zoek={typed}").text) == found


def test_the_list_costs_as_many_queries_however_long(officer: Browser, gent) -> None:  # type: ignore[no-untyped-def]
    make_finance.issued(gent)
    with count_queries() as few:
        officer.get("finance.invoices")
    for _ in range(6):
        make_finance.issued(gent)
    with count_queries() as many:
        officer.get("finance.invoices")
    assert len(many) == len(few)


def test_the_number_of_a_claim_is_printed_on_its_page(officer: Browser, gent) -> None:  # type: ignore[no-untyped-def]
    claim = make_finance.issued(gent, kind=InvoiceKind.CLAIM)
    page = officer.get("finance.invoice", reference=claim.reference)
    assert "SV2027-0001" in page.heading
    assert "UBL" not in [e.text for e in page.find("a")]
