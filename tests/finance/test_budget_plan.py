"""A year's budget follows from the terms that were signed, to the cent, and says what it misses."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.agreements import compute, figures
from portal.agreements.indexation import Figure
from portal.agreements.kinds import IndexKind
from portal.agreements.models import Status
from portal.agreements.terms import Indexation, InKind
from portal.core import clock
from portal.core.db import db
from portal.core.errors import DomainError
from portal.finance import budget_opening, budget_plan
from portal.finance.budget_plan import AppliedIndex
from portal.finance.models import Budget, LineKind
from tests import make
from tests.agreements import make_agreement
from tests.agreements.test_compute import terms as any_terms
from tests.browser import Browser
from tests.finance import make_budget, make_finance

pytestmark = pytest.mark.usefixtures("offer")


def _unknown(_kind: IndexKind, _base: date, _month: date) -> tuple[None, None]:
    return None, None


def _known(_kind: IndexKind, base: date, month: date) -> tuple[Figure, Figure]:
    return Figure(base, 2013, 1_300_000), Figure(month, 2013, 1_326_130)


@given(any_terms(), st.sampled_from([_unknown, _known]), st.sampled_from(list(IndexKind)))
def test_cost_is_always_contributions_and_other_income_together(
    terms: Any, lookup: Any, kind: IndexKind
) -> None:
    indexed = terms.with_(indexation=Indexation(kind, date(2024, 11, 1), cap_bp=300))
    for year in indexed.years:
        plan = budget_plan.draw_up(indexed, year.year, lookup)
        for amount in ("agreed_cents", "planned_cents"):
            sums = {
                kind: sum(getattr(line, amount) or 0 for line in plan.lines if line.kind == kind)
                for kind in LineKind
            }
            assert sums[LineKind.COST] == sums[LineKind.CONTRIBUTION] + sums[LineKind.INCOME]


def test_a_first_year_that_begins_in_april_costs_its_nine_months() -> None:
    agreement = make_finance.active(starts_on=date(2026, 4, 1))
    plan = budget_plan.draw_up(agreement.terms, 2026, _unknown)
    assert (plan.months, plan.first_month) == (9, 4)
    whole = compute.totals(agreement.terms)[0]
    assert sum(line.planned_cents or 0 for line in plan.lines if line.kind == "cost") == (
        whole.cost_cents
    )
    assert plan.index.known  # the first year waits for no figure


def test_the_lines_are_those_of_the_terms_and_the_partners_and_in_kind_in_no_sum() -> None:
    partners = [make_finance.municipality("Stad Gent"), make_finance.municipality("Stad Aalst")]
    agreement = make_budget.agreement(
        partners=partners, in_kind=(InKind("Lokaal", "Stad Gent", 250_000), InKind("Onthaal"))
    )
    budget = make_budget.opened(agreement)
    by_kind = {kind: [one for one in budget.lines if one.kind == kind] for kind in LineKind}
    terms = agreement.terms
    assert [one.code for one in by_kind[LineKind.COST]] == [one.code for one in terms.lines]
    assert [one.organisation_id for one in by_kind[LineKind.CONTRIBUTION]] == [
        one.id for one in partners
    ]
    assert [one.planned_cents for one in by_kind[LineKind.IN_KIND]] == [250_000, None]
    assert budget.agreement.agreed_number == budget.terms_number == 1


def _second_year(**changes: Any) -> Budget:
    year = clock.today().year
    indexation = Indexation(IndexKind.HEALTH, date(year - 2, 11, 1), reference_month=10)
    agreement = make_budget.agreement(year - 1, indexation=indexation, **changes)
    return make_budget.opened(agreement, year)


def _record(month: date, value_e4: int) -> None:
    by = make_finance.finance_officer()
    figures.record_figure(IndexKind.HEALTH, Figure(month, 2013, value_e4), "Statbel", by)
    db.session.commit()


def test_a_figure_that_is_not_known_is_said_and_nothing_is_estimated(browser: Browser) -> None:
    budget = _second_year()
    assert not AppliedIndex.from_json(budget.index_json).known
    assert all(line.planned_cents == line.agreed_cents for line in budget.lines)
    officer = make_agreement.finance_officer().account
    page = browser.sign_in(officer).get(
        "finance.budget", reference=budget.agreement.reference, year=budget.year
    )
    assert "Nog niet geïndexeerd" in page.text
    assert f"november {budget.year - 2}" in page.text


def test_the_worker_indexes_a_budget_once_its_figure_is_there(browser: Browser) -> None:
    budget = _second_year()
    _record(date(budget.year - 2, 11, 1), 1_300_000)
    _record(date(budget.year - 1, 10, 1), 1_326_000)
    assert budget_opening.open_and_index() == 1
    db.session.commit()
    wages = make_budget.line(budget, "B10")
    assert wages.planned_cents == round((wages.agreed_cents or 0) * 1.02)
    assert budget_opening.open_and_index() == 0
    contact = make_finance.finance_contact(budget.agreement.parties[0].organisation)
    page = browser.sign_in(contact.account).get(
        "finance.budget_indexation", reference=budget.agreement.reference, year=budget.year
    )
    assert "× 132,60 (oktober" in page.text
    assert "÷ 130,00 (november" in page.text
    assert "8 % van de andere lijnen" in page.text


def test_a_figure_put_right_later_is_offered_and_applied_by_a_person(browser: Browser) -> None:
    base = date(clock.today().year - 2, 11, 1)
    _record(base, 1_300_000)
    _record(date(base.year + 1, 10, 1), 1_326_000)
    budget = _second_year()
    before = make_budget.line(budget, "B10").planned_cents
    _record(date(base.year + 1, 10, 1), 1_327_000)
    assert budget_opening.open_and_index() == 0  # amounts in use change by a person's hand
    place = {"reference": budget.agreement.reference, "year": budget.year}
    wim = browser.sign_in(make_agreement.finance_officer().account)
    page = wim.get("finance.budget", **place)
    assert "De begroting loopt achter" in page.text
    wim.follow(wim.submit(page, "finance.draw_up_budget", {}, **place))
    db.session.refresh(make_budget.line(budget, "B10"))
    assert make_budget.line(budget, "B10").planned_cents != before
    assert "loopt achter" not in wim.get("finance.budget", **place).text


def test_the_worker_opens_this_year_of_every_agreement_in_force_once(app: Flask) -> None:
    running = make_budget.agreement()
    ended = make_budget.agreement()
    ended.status = Status.TERMINATED
    make_finance.active(starts_on=date(make_budget.this_year() + 2, 1, 1))
    db.session.commit()
    assert budget_opening.open_and_index() == 1
    assert budget_opening.open_and_index() == 0
    assert make.only(Budget).agreement_id == running.id


def test_a_year_is_opened_once_and_only_when_signed_and_within_the_term() -> None:
    budget = make_budget.opened()
    by = make_finance.finance_officer()
    with pytest.raises(DomainError, match="al geopend"):
        budget_opening.open_year(budget.agreement, budget.year, by)
    with pytest.raises(DomainError, match="te ver"):
        budget_opening.open_year(budget.agreement, budget.year + 2, by)
    with pytest.raises(DomainError, match="loopt niet"):
        budget_opening.open_year(budget.agreement, budget.year - 1, by)
    budget.agreement.status = Status.APPROVED
    with pytest.raises(DomainError, match="niet ondertekend"):
        budget_opening.open_year(budget.agreement, budget.year + 1, by)


def test_a_person_opens_next_year_on_screen(browser: Browser) -> None:
    budget = make_budget.opened()
    reference = budget.agreement.reference
    wim = browser.sign_in(make_agreement.finance_officer().account)
    page = wim.get("finance.open_budget", reference=reference)
    assert wim.submit(page, "finance.open_budget", {"year": ""}, reference=reference).errors
    answer = wim.submit(page, "finance.open_budget", {"year": budget.year + 1}, reference=reference)
    assert f"Begroting {budget.year + 1}" in wim.follow(answer).heading
    again = wim.submit(page, "finance.open_budget", {"year": budget.year + 1}, reference=reference)
    assert again.location == answer.location
    assert make.number_of(Budget) == 2
