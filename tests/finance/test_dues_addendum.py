"""What finance asks once an addendum changes an agreement: what was asked stays, the rest follows."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.agreements import in_force
from portal.agreements.models import Addendum, AddendumStatus, Agreement
from portal.agreements.terms import Instalment
from portal.core import clock as time
from portal.core.db import db
from portal.finance import billing, budget_opening, dues
from portal.finance.models import Budget, Invoice, LineKind
from tests import make
from tests.finance import make_finance

pytestmark = pytest.mark.usefixtures("offer", "settings")

THREE = (
    Instalment("Eerste schijf", 4_000, 2, 1),
    Instalment("Tweede schijf", 3_000, 6, 1),
    Instalment("Derde schijf", 3_000, 10, 1),
)


@pytest.fixture
def agreement(session: Session, clock: Any) -> Agreement:
    clock.move_to(datetime(2027, 2, 3, 9, tzinfo=UTC))
    return make_finance.active(instalments=THREE)


def amended(agreement: Agreement, from_on: date, times: int) -> Addendum:
    """An addendum all parties signed, that multiplies the costs of its years."""
    terms = in_force.concluded(agreement)
    years = [one.year for one in terms.years]
    lines = tuple(
        replace(
            line,
            cents=tuple(
                cents * times if year >= from_on.year else cents
                for cents, year in zip(line.cents, years, strict=True)
            ),
        )
        for line in terms.lines
    )
    made = Addendum(
        agreement_id=agreement.id,
        number=len(agreement.addenda) + 1,
        status=AddendumStatus.CONCLUDED,
        version=1,
        from_on=from_on,
        in_force_on=from_on,
        terms=terms.with_(lines=lines),
        opened_by_id=make_finance.finance_officer().account_id,
        opened_at=time.now(),
        changed_at=time.now(),
    )
    agreement.addenda.append(made)
    db.session.commit()
    return made


def owed(agreement: Agreement, year: int) -> list[int]:
    found = dues.of_agreements(Agreement.id == agreement.id)
    return [due.cents for due in found if due.year == year]


def bill(until: date) -> list[Invoice]:
    made = billing.prepare(billing.standing(until).to_bill, None)
    db.session.commit()
    return made


def test_what_fell_due_stays_and_the_rest_of_the_year_makes_up_for_it(
    agreement: Agreement,
) -> None:
    before, next_year = owed(agreement, 2027), owed(agreement, 2028)
    bill(time.today())
    amended(agreement, date(2027, 5, 1), 2)
    after = owed(agreement, 2027)
    assert after[0] == before[0]
    assert sum(after) == 2 * sum(before)
    assert sum(owed(agreement, 2028)) == 2 * sum(next_year)


def test_what_was_asked_ahead_stays_as_it_was_asked(agreement: Agreement) -> None:
    before = owed(agreement, 2027)
    ahead = bill(date(2027, 6, 1))
    assert [one.total_cents for one in ahead] == before[:2]
    amended(agreement, date(2027, 5, 1), 2)
    after = owed(agreement, 2027)
    assert after[:2] == before[:2]
    assert sum(after) == 2 * sum(before)
    assert bill(date(2027, 9, 30)) == [], "nothing is asked twice"
    (last,) = bill(date(2027, 10, 1))
    assert last.total_cents == after[2]


def test_an_addendum_of_later_changes_nothing_now(agreement: Agreement) -> None:
    before = owed(agreement, 2027)
    amended(agreement, date(2028, 1, 1), 3)
    assert owed(agreement, 2027) == before


def test_two_addenda_in_one_year_come_to_what_the_last_one_says(agreement: Agreement) -> None:
    before = owed(agreement, 2027)
    amended(agreement, date(2027, 5, 1), 2)
    once = owed(agreement, 2027)
    amended(agreement, date(2027, 7, 1), 2)
    after = owed(agreement, 2027)
    assert after[:2] == once[:2]
    assert sum(after) == 4 * sum(before)


def test_the_budget_of_a_year_follows_and_that_of_an_earlier_year_does_not(
    agreement: Agreement, clock: Any
) -> None:
    clock.move_to(datetime(2028, 2, 1, 9, tzinfo=UTC))
    for year in (2027, 2028):
        budget_opening.open_year(agreement, year, None)
    db.session.commit()
    old = {year: _contribution(agreement, year) for year in (2027, 2028)}
    addendum = amended(agreement, date(2028, 3, 1), 2)
    assert budget_opening.open_and_index() == 1
    db.session.commit()
    assert _contribution(agreement, 2027) == old[2027]
    assert _contribution(agreement, 2028) == 2 * old[2028]
    numbers = {one.year: one.addendum_number for one in budget_opening.years_of(agreement)}
    assert numbers == {2027: None, 2028: addendum.number}
    assert budget_opening.open_and_index() == 0, "once is enough"


def _contribution(agreement: Agreement, year: int) -> int:
    found = next(one for one in budget_opening.years_of(agreement) if one.year == year)
    lines = [one for one in found.lines if one.kind == LineKind.CONTRIBUTION]
    return sum(one.agreed_cents or 0 for one in lines)


def test_the_budgets_are_there_for_the_years_an_addendum_adds(
    agreement: Agreement, clock: Any
) -> None:
    assert make.number_of(Budget) == 0
    terms = in_force.concluded(agreement)
    from portal.agreements import drafting

    longer = drafting.with_dates(terms, terms.starts_on, date(2030, 12, 31))
    made = amended(agreement, date(2027, 5, 1), 1)
    assert made.terms == terms
    agreement.addenda.append(
        Addendum(
            number=2,
            status=AddendumStatus.CONCLUDED,
            version=1,
            from_on=date(2027, 6, 1),
            in_force_on=date(2027, 6, 1),
            terms=longer,
            opened_by_id=made.opened_by_id,
            opened_at=time.now(),
            changed_at=time.now(),
        )
    )
    db.session.commit()
    clock.move_to(datetime(2030, 1, 5, 9, tzinfo=UTC))
    assert budget_opening.years_to_open(agreement)[-1] == 2030
    assert budget_opening.open_and_index() == 1
    assert make.only(Budget).year == 2030


def test_an_indexed_budget_from_before_an_addendum_no_longer_counts(
    agreement: Agreement, clock: Any
) -> None:
    clock.move_to(datetime(2028, 2, 1, 9, tzinfo=UTC))
    budget = budget_opening.open_year(agreement, 2028, None)
    line = next(one for one in budget.lines if one.kind == LineKind.CONTRIBUTION)
    agreed = line.agreed_cents or 0
    line.planned_cents = agreed + 5_000  # indexed
    db.session.commit()
    assert sum(owed(agreement, 2028)) == agreed + 5_000
    amended(agreement, date(2028, 3, 1), 2)
    assert sum(owed(agreement, 2028)) == 2 * agreed
