"""The first page of finance says what agreements in force make due, to each what is its own."""

from datetime import date, timedelta

import pytest
from flask import Flask

from portal.agreements import compute
from portal.agreements.models import Status
from portal.core import clock
from portal.core.db import db
from portal.core.money import euro
from portal.finance import billing, dues, issuing
from portal.finance.models import LineKind
from tests import make
from tests.agreements import make_agreement
from tests.browser import Browser
from tests.directory.conftest import count_queries
from tests.finance import make_budget, make_finance

pytestmark = pytest.mark.usefixtures("offer")
THIS_YEAR = date(clock.today().year, 1, 1)


def test_hsv_sees_what_every_partner_owes_and_when(browser: Browser) -> None:
    make_finance.active(starts_on=THIS_YEAR)
    officer = make_agreement.finance_officer()
    page = browser.sign_in(officer.account).get("finance.start")
    advance = next(d for d in dues.visible_to(make.actor(officer)) if d.label == "Voorschot")
    assert "Gemeente Merelbeke-Melle" in page.text
    assert f"Voorschot {THIS_YEAR.year}" in page.text
    assert euro(advance.cents).replace("\u00a0", " ") in page.text
    assert "Na goedkeuring van het jaarverslag" in page.text


def test_a_partner_sees_its_own_part_only(app: Flask) -> None:
    gent = make_finance.municipality("Stad Gent")
    leuven = make_finance.municipality("Stad Leuven")
    both = make_finance.active([gent, leuven], starts_on=THIS_YEAR)
    make_finance.active([leuven], starts_on=THIS_YEAR)
    contact = make_finance.finance_contact(gent)
    found = dues.visible_to(make.actor(contact))
    assert {d.organisation_id for d in found} == {gent.id}
    assert {d.reference for d in found} == {both.reference}
    shares = [total.shares_cents[0] for total in compute.totals(both.terms)]
    assert sum(d.cents for d in found) == sum(shares)
    page = Browser(app).sign_in(contact.account).get("finance.start")
    assert "Stad Leuven" not in page.text


def test_an_agreement_that_is_not_in_force_makes_nothing_due(browser: Browser) -> None:
    agreement = make_finance.active(starts_on=THIS_YEAR)
    agreement.status = Status.TERMINATED
    db.session.commit()
    page = browser.sign_in(make_agreement.finance_officer().account).get("finance.start")
    assert "Nog geen schijven" in page.text


def test_what_is_due_costs_as_many_queries_however_many_agreements(app: Flask) -> None:
    officer = make_finance.finance_officer()
    make_finance.active()
    with count_queries() as few:
        dues.visible_to(officer)
    for _ in range(5):
        make_finance.active()
    with count_queries() as many:
        dues.visible_to(officer)
    assert len(many) == len(few)


def test_an_instalment_before_the_agreement_begins_falls_due_on_its_first_day() -> None:
    begins = THIS_YEAR + timedelta(days=90)
    make_finance.active(starts_on=begins)
    first = dues.visible_to(make_finance.finance_officer())[0]
    assert first.on == begins


def test_what_is_due_grows_as_the_budget_of_its_year_was_indexed() -> None:
    agreement = make_finance.active(starts_on=THIS_YEAR)
    officer = make_finance.finance_officer()
    signed = dues.visible_to(officer)
    budget = make_budget.opened(agreement)
    borne = next(line for line in budget.lines if line.kind == LineKind.CONTRIBUTION)
    assert borne.agreed_cents
    borne.planned_cents = borne.agreed_cents * 102 // 100 + 1
    db.session.commit()
    found = dues.visible_to(officer)
    assert [due.key for due in found] == [due.key for due in signed]
    this_year = [due.cents for due in found if due.year == THIS_YEAR.year]
    before = [due.cents for due in signed if due.year == THIS_YEAR.year]
    assert sum(this_year) == borne.planned_cents
    assert all(
        abs(new * 100 - old * 102) <= 200 for new, old in zip(this_year, before, strict=True)
    )
    later = [due for due in signed if due.year != THIS_YEAR.year]
    assert [due for due in found if due.year != THIS_YEAR.year] == later


def test_an_agreement_that_was_renewed_goes_on_being_due() -> None:
    agreement = make_finance.active(starts_on=THIS_YEAR)
    officer = make_finance.finance_officer()
    last = max(due.year for due in dues.visible_to(officer))
    agreement.renewed_until = date(last + 1, 12, 31)
    db.session.commit()
    added = [due for due in dues.visible_to(officer) if due.year == last + 1]
    assert sum(due.cents for due in added) > 0
    assert {due.period_from for due in added} == {date(last + 1, 1, 1)}


def test_an_instalment_that_was_asked_for_shows_its_invoice_to_its_partner_only(
    app: Flask,
) -> None:
    make_finance.settings()
    gent = make_finance.municipality("Stad Gent")
    make_finance.wishes(gent)
    make_finance.active([gent], starts_on=THIS_YEAR)
    officer = make_finance.finance_officer()
    due = billing.standing(clock.today()).to_bill[0]
    invoice = billing.prepare_one(due, officer)
    assert invoice is not None
    issuing.issue(officer, invoice, invoice.version)
    db.session.commit()
    contact = make_finance.finance_contact(gent)
    seen = Browser(app).sign_in(contact.account).get("finance.start").text
    assert f"{invoice.number} Te betalen" in seen
    staff = make_agreement.finance_officer().account
    theirs = Browser(app).sign_in(staff).get("finance.start").text
    assert f"{due.label} {due.year}" not in theirs
