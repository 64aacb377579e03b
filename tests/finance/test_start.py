"""The first page of finance says what agreements in force make due, to each what is its own."""

from datetime import date, timedelta

import pytest
from flask import Flask

from portal.agreements import compute
from portal.agreements.models import Status
from portal.core import clock
from portal.core.db import db
from portal.core.money import euro
from portal.finance import dues
from tests import make
from tests.agreements import make_agreement
from tests.browser import Browser
from tests.directory.conftest import count_queries
from tests.finance import make_finance

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
