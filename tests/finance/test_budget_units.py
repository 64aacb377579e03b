"""What a family and a volunteer cost, from numbers alone, and never below five for a partner."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.core.db import db
from portal.core.money import euro
from portal.directory.models import Branch
from portal.directory.reference import load_reference
from portal.finance import budget_figures, budget_unit_costs
from portal.finance.models import Budget
from portal.referrals import capacity, supported
from tests import make
from tests.agreements import make_agreement
from tests.browser import Browser
from tests.finance import make_budget, make_finance
from tests.referrals.make_referral import submitted

pytestmark = pytest.mark.usefixtures("offer")
MELLE, GENT = "44088", "44021"


@pytest.fixture
def branch(session: Session, offer: Any) -> Branch:
    load_reference(session)
    session.commit()
    return make.branch([MELLE])


def _supported(branch: Branch, number: int, started_on: date, ended_on: date | None = None) -> None:
    referrer = make.actor(make.referrer())
    for _ in range(number):
        referral = submitted(branch, referrer, nis=MELLE, postcode="9820")
        referral.started_on, referral.ended_on = started_on, ended_on
    db.session.commit()


def _last_year() -> Budget:
    year = make_budget.this_year() - 1
    # one without an enterprise number: the reference data holds real ones
    agreement = make_budget.agreement(year, partners=[make.organisation("gemeente")])
    budget = make_budget.opened(agreement, year)
    make_budget.cost(budget, 1_000_000)
    return budget


def test_families_are_counted_in_every_year_they_had_a_volunteer(branch: Branch) -> None:
    _supported(branch, 1, date(2024, 12, 31), date(2025, 1, 1))
    _supported(branch, 2, date(2025, 6, 1))
    assert [supported.families([MELLE], year) for year in (2023, 2024, 2025, 2026)] == [0, 1, 3, 2]
    assert supported.families([GENT], 2025) == 0


def test_volunteers_are_those_of_branches_that_work_here_only(branch: Branch) -> None:
    assert supported.volunteers([MELLE]) is None
    capacity.keep(make.actor(make.coordinator(branch)), 12)
    db.session.commit()
    assert supported.volunteers([MELLE]) == 12
    wide = make.branch([GENT])
    capacity.keep(make.actor(make.coordinator(wide)), 30)
    db.session.commit()
    assert supported.volunteers([MELLE, GENT]) == 42
    assert supported.volunteers([]) is None


@pytest.mark.parametrize(("number", "shown"), [(4, False), (5, True)])
def test_a_partner_sees_the_cost_of_a_family_from_five_families_on(
    app: Flask, branch: Branch, number: int, shown: bool
) -> None:
    budget = _last_year()
    _supported(branch, number, date(budget.year, 3, 1))
    place = {"reference": budget.agreement.reference, "year": budget.year}
    contact = make_finance.finance_contact(budget.agreement.parties[0].organisation)
    page = Browser(app).sign_in(contact.account).get("finance.budget", **place)
    each = euro(1_000_000 // number).replace("\u00a0", " ")
    assert (each in page.text.replace("\u00a0", " ")) is shown
    assert ("geen cijfer bij minder dan 5 gezinnen" in page.text) is not shown
    wim = Browser(app).sign_in(make_agreement.finance_officer().account)
    assert each in wim.get("finance.budget", **place).text.replace("\u00a0", " ")


def test_a_partner_is_told_nothing_of_a_year_that_still_runs(app: Flask, branch: Branch) -> None:
    agreement = make_budget.agreement(partners=[make.organisation("gemeente")])
    budget = make_budget.opened(agreement)
    _supported(branch, 9, date(budget.year, 1, 2))
    partner = make.actor(make_finance.finance_contact(budget.agreement.parties[0].organisation))
    standing = budget_figures.standing(budget)
    assert budget_unit_costs.unit_costs(standing, partner) is None
    inside = budget_unit_costs.unit_costs(standing, make_finance.finance_officer())
    assert inside is not None
    assert (inside.families, inside.expected) == (9, True)
    assert inside.per_family_cents == round(standing.cost.forecast / 9)
