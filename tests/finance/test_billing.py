"""What is due becomes drafts, once; a person checks them and issues."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.agreements.models import Status
from portal.agreements.terms import PaymentDocument
from portal.core import clock as time
from portal.core.db import db
from portal.core.errors import ConflictError, DomainError, NotFoundError
from portal.core.outbox import OutboxMessage
from portal.finance import billing, dues, invoice_drafts, invoicing_details
from portal.finance.models import ConditionMet, Invoice, InvoiceKind, InvoiceStatus
from tests import make
from tests.agreements import make_agreement
from tests.browser import Browser
from tests.core.races import in_threads
from tests.directory.conftest import count_queries
from tests.finance import make_finance

pytestmark = pytest.mark.usefixtures("offer", "settings")


@pytest.fixture(autouse=True)
def february(clock) -> None:
    clock.move_to(datetime(2027, 2, 1, 9, tzinfo=UTC))


@pytest.fixture
def officer(session: Session, browser: Browser) -> Browser:
    return browser.sign_in(make_agreement.finance_officer().account)


def bill() -> list[Invoice]:
    made = billing.prepare(billing.standing(time.today()).to_bill, None)
    db.session.commit()
    return made


def test_an_instalment_whose_day_has_come_becomes_a_draft_of_its_amount(session: Session) -> None:
    agreement = make_finance.active()
    (made,) = bill()
    advance = next(d for d in dues.of_agreements(db.true()) if d.label == "Voorschot")
    assert (made.total_cents, made.due_key) == (advance.cents, advance.key)
    assert made.lines[0].description == "Voorschot 2027: bijdrage voor Home-Start Merelbeke-Melle"
    assert (made.period_from, made.period_to) == (date(2027, 1, 1), date(2027, 12, 31))
    assert (made.contract, made.term_days) == (agreement.reference, 30)
    assert made.status == InvoiceStatus.DRAFT


def test_billing_again_asks_for_nothing_twice_even_when_set_aside(session: Session) -> None:
    make_finance.active()
    (made,) = bill()
    assert bill() == []
    invoice_drafts.set_aside(make_finance.finance_officer(), made, made.version)
    session.commit()
    assert bill() == []


def test_of_two_runs_at_the_same_moment_each_instalment_is_asked_for_once(live_app: Flask) -> None:
    with live_app.app_context():
        make_agreement.load_offer()
        make_finance.settings()
        for _ in range(3):
            make_finance.active()
        db.session.remove()

    def run(_index: int) -> int:
        try:
            return len(bill())
        finally:
            db.session.remove()

    found = in_threads(live_app, 4, run)
    assert sum(n for n in found if isinstance(n, int)) == 3
    with live_app.app_context():
        assert make.number_of(Invoice) == 3
        db.session.remove()


def test_a_subsidy_is_asked_for_by_a_claim(session: Session) -> None:
    make_finance.active(pays_by=PaymentDocument.CLAIM)
    (made,) = bill()
    assert made.kind == InvoiceKind.CLAIM


def test_every_partner_is_asked_for_its_own_share(session: Session) -> None:
    partners = [make_finance.municipality("Stad Gent"), make_finance.municipality("Stad Aalst")]
    make_finance.active(partners)
    made = bill()
    assert {one.organisation_id for one in made} == {p.id for p in partners}


def test_what_is_no_longer_in_force_is_not_billed(session: Session) -> None:
    make_finance.active().status = Status.TERMINATED
    session.commit()
    assert bill() == []


def test_a_condition_is_met_by_a_person_who_says_why(session: Session) -> None:
    make_finance.active()
    officer = make_finance.finance_officer()
    due = billing.standing(time.today()).conditional[0]
    with pytest.raises(DomainError, match="nog komen"):
        billing.meet_condition(officer, due, date(2027, 2, 2), "Morgen")
    made = billing.meet_condition(officer, due, date(2027, 2, 1), "Jaarverslag goedgekeurd")
    session.commit()
    assert made is not None
    assert made.total_cents == due.cents
    assert make.only(ConditionMet).note == "Jaarverslag goedgekeurd"
    with pytest.raises(NotFoundError):
        billing.find_conditional(due.key)


def test_the_partner_is_asked_for_its_order_number_and_fills_it_in(
    session: Session, app: Flask
) -> None:
    gent = make_finance.municipality("Stad Gent")
    contact = make_finance.finance_contact(gent)
    make_finance.active([gent])
    (made,) = bill()
    mail = make.only(OutboxMessage)
    assert mail.payload["to"] == contact.account.email
    assert "Bestelbonnummer gevraagd" in mail.subject
    nele = Browser(app).sign_in(contact.account)
    page = nele.get("finance.invoice", reference=made.reference)
    assert "Dit is nog geen factuur" in page.text
    nele.submit(
        page, "finance.order_number", {"order_number": "PO-2027/9"}, reference=made.reference
    )
    assert session.get_one(Invoice, made.id).order_number == "PO-2027/9"
    assert invoicing_details.order_number(gent.id, made.agreement_id) == "PO-2027/9"


def test_the_next_draft_of_an_agreement_has_its_order_number(session: Session, clock) -> None:
    make_finance.active()
    (first,) = bill()
    officer = make_finance.finance_officer()
    invoice_drafts.set_order_number(officer, first, "PO-1")
    session.commit()
    clock.move_to(datetime(2027, 7, 2, 9, tzinfo=UTC))
    (second,) = bill()
    assert second.order_number == "PO-1"
    assert second.announced_at is None


def test_standing_costs_as_many_queries_however_much_is_due(session: Session) -> None:
    make_finance.active()
    with count_queries() as few:
        billing.standing(time.today())
    for _ in range(4):
        make_finance.active()
    with count_queries() as many:
        billing.standing(time.today())
    assert len(many) == len(few)


def test_the_screen_prepares_and_issues_what_was_ticked(session: Session, officer: Browser) -> None:
    gent, melle = make_finance.municipality("Stad Gent"), make_finance.municipality("Melle")
    make_finance.wishes(gent)
    make_finance.active([gent, melle])
    page = officer.get("finance.to_bill")
    assert "Voorschot 2027" in page.text
    page = officer.follow(officer.post("finance.prepare_due"))
    assert "Er zijn 2 ontwerpen gemaakt." in page.text
    ticked = [e.get("value") for e in page.find("input") if e.get("checked") is not None]
    assert len(ticked) == 1
    every = [e.get("value") for e in page.find("input") if e.get("name") == "draft"]
    page = officer.follow(officer.post("finance.issue_all", {"draft": every}))
    assert "Er is 1 document uitgereikt." in page.text
    assert "Melle: Vul een bestelbonnummer" in page.text
    assert make.number_of(Invoice) == 2


def test_a_draft_that_changed_since_it_was_ticked_is_not_issued(
    session: Session, officer: Browser
) -> None:
    invoice = make_finance.draft()
    ticked = f"{invoice.reference}:{invoice.version}"
    invoice_drafts.set_order_number(make_finance.finance_officer(), invoice, "PO-2")
    session.commit()
    page = officer.follow(officer.post("finance.issue_all", {"draft": ticked}))
    assert "Intussen heeft iemand anders dit gewijzigd." in page.text
    assert session.get_one(Invoice, invoice.id).status == InvoiceStatus.DRAFT


def test_the_condition_page_makes_the_draft(session: Session, officer: Browser) -> None:
    agreement = make_finance.active()
    key = make_finance.conditional_key(agreement)
    page = officer.get("finance.meet_condition", key=key)
    refused = officer.submit(page, "finance.meet_condition", {"note": ""}, key=key)
    assert refused.errors
    answer = officer.submit(
        page, "finance.meet_condition", {"met_on": "2027-02-01", "note": "Verslag ok"}, key=key
    )
    assert "het ontwerp staat klaar" in officer.follow(answer).text


def test_an_edit_of_what_another_issued_meanwhile_is_refused(session: Session) -> None:
    invoice, officer = make_finance.issued(), make_finance.finance_officer()
    with pytest.raises(ConflictError):
        invoice_drafts.set_aside(officer, invoice, invoice.version)
