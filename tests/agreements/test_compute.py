"""Amounts add up to the cent: for any number of partners, years, lines and instalments."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.agreements import compute
from portal.agreements.calendar_years import BudgetYear, budget_years
from portal.agreements.compute import spread, with_overhead
from portal.agreements.terms import (
    ALL_BP,
    BudgetLine,
    Formula,
    IncomeLine,
    Instalment,
    Party,
    Share,
    ShareKind,
    Terms,
)
from portal.directory.kinds import OrganisationKind

few = settings(max_examples=150, deadline=None)
cents = st.integers(0, 50_000_000)
days = st.dates(date(2025, 1, 1), date(2045, 12, 31))


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    """Terms of any dates, lines, partners and instalments."""
    starts_on = draw(days)
    ends_on = starts_on + timedelta(days=draw(st.integers(40, 3600)))
    years = len(budget_years(starts_on, ends_on))
    amounts = st.tuples(*[cents] * years)
    lines = tuple(
        BudgetLine(f"L{n}", "Lijn", cents=each)
        for n, each in enumerate(draw(st.lists(amounts, min_size=1, max_size=8)))
    )
    return Terms(
        formula=Formula.COORDINATOR,
        starts_on=starts_on,
        ends_on=ends_on,
        lines=with_overhead([*lines, BudgetLine("O", "Overhead", overhead_bp=800)]),
        income=tuple(
            IncomeLine("I", "Fonds", each) for each in draw(st.lists(amounts, max_size=2))
        ),
        partners=draw(partners(years)),
        instalments=draw(instalments()),
    )


@st.composite
def partners(draw: st.DrawFn, years: int) -> tuple[Party, ...]:
    kind = draw(st.sampled_from([ShareKind.PERCENTAGE, ShareKind.INHABITANTS]))
    weights = draw(st.lists(st.integers(0, 600_000), min_size=1, max_size=15).filter(any))
    fixed = draw(st.lists(st.tuples(*[cents] * years), max_size=3))
    shares = [Share(kind, weight) for weight in weights]
    shares += [Share(ShareKind.FIXED, per_year=each) for each in fixed]
    return tuple(
        Party(None, "Gemeente", OrganisationKind.GEMEENTE, share=share)
        for share in draw(st.permutations(shares))
    )


@st.composite
def instalments(draw: st.DrawFn) -> tuple[Instalment, ...]:
    parts = draw(st.lists(st.integers(0, 100), min_size=1, max_size=6).filter(any))
    months = st.integers(1, 12)
    return tuple(
        Instalment("Schijf", part * 100, draw(months), draw(st.integers(1, 31)))
        if draw(st.booleans())
        else Instalment("Saldo", part * 100, condition="na het verslag")
        for part in parts
    )


@few
@given(terms())
def test_what_partners_bear_is_exactly_the_cost_less_other_income(terms: Terms) -> None:
    for index, year in enumerate(compute.totals(terms)):
        assert year.cost_cents == sum(line.cents[index] for line in terms.lines)
        assert sum(year.shares_cents) == year.partners_cents
        assert year.partners_cents == year.cost_cents - year.income_cents


@few
@given(terms())
def test_the_instalments_of_a_year_are_exactly_each_partners_share(terms: Terms) -> None:
    dues = compute.instalments(terms)
    for year in compute.totals(terms):
        for partner, share in enumerate(year.shares_cents):
            of_it = [d for d in dues if (d.partner, d.year) == (partner, year.year)]
            assert sum(d.cents for d in of_it) == share
    assert terms.starts_on
    assert terms.ends_on
    assert all(d.on is None or terms.starts_on <= d.on <= terms.ends_on for d in dues)
    assert all((d.on is None) == bool(d.condition) for d in dues)


@few
@given(days, st.integers(1, 12), cents, cents, st.booleans())
def test_a_term_of_whole_years_costs_its_first_year_once_and_the_next_for_the_rest(
    starts_on: date, count: int, first: int, following: int, one_off: bool
) -> None:
    ends_on = _anniversary(starts_on, count) - timedelta(days=1)
    years = budget_years(starts_on, ends_on)
    assert sum(y.months for y in years) == 12 * count
    amounts = spread(first, following, years, one_off=one_off)
    assert len(amounts) == len(years)
    assert sum(amounts) == first + following * (count - 1)


@few
@given(days, st.integers(0, 4000), cents, cents)
def test_a_cost_over_any_term_stays_within_what_its_months_cost(
    starts_on: date, length_days: int, first: int, following: int
) -> None:
    years = budget_years(starts_on, starts_on + timedelta(days=length_days))
    exact = sum(
        (first if month < 12 else following) / 12 for month in range(sum(y.months for y in years))
    )
    amounts = spread(first, following, years)
    assert abs(sum(amounts) - exact) <= len(years) * 12
    assert all(amount >= 0 for amount in amounts)


def _anniversary(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def test_a_branch_that_starts_in_september_costs_a_third_of_its_first_year_that_year() -> None:
    years = budget_years(date(2027, 9, 1), date(2030, 8, 31))
    assert [(y.year, y.months) for y in years] == [(2027, 4), (2028, 12), (2029, 12), (2030, 8)]
    assert spread(12_000_00, 6_000_00, years) == (4_000_00, 10_000_00, 6_000_00, 4_000_00)


def test_a_starting_course_is_paid_whole_in_the_year_it_is_given() -> None:
    years = budget_years(date(2027, 9, 1), date(2030, 8, 31))
    assert spread(1_500_00, 0, years, one_off=True) == (1_500_00, 0, 0, 0)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "months"),
    [
        (date(2027, 1, 15), date(2028, 1, 14), [(2027, 12)]),
        (date(2027, 1, 16), date(2028, 1, 15), [(2027, 11), (2028, 1)]),
        (date(2027, 12, 1), date(2027, 12, 14), []),
        (date(2028, 2, 29), date(2029, 2, 28), [(2028, 10), (2029, 2)]),
    ],
)
def test_a_month_counts_when_the_agreement_runs_on_its_fifteenth(
    starts_on: date, ends_on: date, months: list[tuple[int, int]]
) -> None:
    assert [(y.year, y.months) for y in budget_years(starts_on, ends_on)] == months


def test_overhead_is_eight_percent_of_all_other_lines_in_every_year() -> None:
    lines = with_overhead(
        [
            BudgetLine("B10", "Loonkost", cents=(49_300_00, 50_000_07)),
            BudgetLine("B40", "Overhead", cents=(1, 1), overhead_bp=800),
        ]
    )
    assert lines[1].cents == (3_944_00, 4_000_01)


def test_fixed_amounts_go_first_and_inhabitants_share_the_rest() -> None:
    partners = [
        Party(None, "VGC", OrganisationKind.VGC, share=Share(ShareKind.FIXED, 0, (10_000_00,))),
        Party(None, "A", OrganisationKind.GEMEENTE, share=Share(ShareKind.INHABITANTS, 20_000)),
        Party(None, "B", OrganisationKind.GEMEENTE, share=Share(ShareKind.INHABITANTS, 10_000)),
    ]
    assert compute.shares(partners, 0, 40_000_01) == [10_000_00, 20_000_01, 10_000_00]


def test_an_instalment_before_the_start_is_due_on_the_first_day() -> None:
    terms = Terms(
        formula=Formula.COORDINATOR,
        starts_on=date(2027, 9, 1),
        ends_on=date(2028, 8, 31),
        partners=(Party(1, "A", OrganisationKind.GEMEENTE, share=Share(value=ALL_BP)),),
        lines=(BudgetLine("L", "Lijn", cents=(100_00, 200_01)),),
        instalments=(
            Instalment("Saldo", 1000, condition="na het verslag"),
            Instalment("Eerste", 5000, 2, 31),
            Instalment("Tweede", 4000, 7, 1),
        ),
    )
    found = [(d.year, d.label, d.on, d.cents) for d in compute.instalments(terms)]
    assert found == [
        (2027, "Eerste", date(2027, 9, 1), 50_00),
        (2027, "Tweede", date(2027, 9, 1), 40_00),
        (2027, "Saldo", None, 10_00),
        (2028, "Eerste", date(2028, 2, 29), 100_01),
        (2028, "Tweede", date(2028, 7, 1), 80_00),
        (2028, "Saldo", None, 20_00),
    ]
    assert compute.instalments(replace(terms, instalments=())) == []


def test_an_instalment_after_the_end_is_due_on_the_last_day() -> None:
    terms = Terms(
        formula=Formula.COORDINATOR,
        starts_on=date(2027, 9, 1),
        ends_on=date(2028, 5, 31),
        partners=(Party(1, "A", OrganisationKind.GEMEENTE, share=Share(value=ALL_BP)),),
        lines=(BudgetLine("L", "Lijn", cents=(100_00, 200_00)),),
        instalments=(Instalment("Enige", ALL_BP, 10, 15),),
    )
    found = [(d.year, d.on, d.cents) for d in compute.instalments(terms)]
    assert found == [(2027, date(2027, 10, 15), 100_00), (2028, date(2028, 5, 31), 200_00)]


def test_years_follow_from_the_dates_and_nothing_else() -> None:
    assert Terms(formula=Formula.EXPERT).years == ()
    backwards = Terms(formula=Formula.EXPERT, starts_on=date(2027, 1, 1), ends_on=date(2026, 1, 1))
    assert backwards.years == ()
    assert budget_years(date(2027, 1, 1), date(2027, 12, 31)) == (BudgetYear(2027, 12, 0),)
