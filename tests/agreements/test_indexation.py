"""Indexation: the published figures, the bounds agreed, and sums to the cent."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.agreements import compute, indexation
from portal.agreements.indexation import CAP, FLOOR, Figure, Step
from portal.agreements.indexation_shown import calculation
from portal.agreements.terms import (
    BudgetLine,
    Formula,
    Indexation,
    IndexKind,
    Party,
    Share,
    ShareKind,
    Terms,
)
from portal.directory.kinds import OrganisationKind
from tests.agreements.test_compute import terms as any_terms

BASE = date(2026, 11, 1)
HEALTH = Indexation(IndexKind.HEALTH, BASE, reference_month=11)


def _published(**values: int) -> indexation.Lookup:
    """Figures by month ("m2026_11=1331500"), all of one series."""
    known = {
        date(int(name[1:5]), int(name[6:]), 1): Figure(
            date(int(name[1:5]), int(name[6:]), 1), 2013, value
        )
        for name, value in values.items()
    }
    return lambda _kind, base, new: (known.get(base), known.get(new))


def test_amounts_follow_the_figure_of_the_month_before_the_year() -> None:
    lookup = _published(m2026_11=1_331_500, m2027_11=1_358_130, m2028_11=1_380_000)
    found = indexation.steps(HEALTH, [2027, 2028, 2029], lookup)
    assert [s.factor for s in found] == [
        1,
        Fraction(1_358_130, 1_331_500),
        Fraction(1_380_000, 1_331_500),
    ]


def test_a_missing_figure_is_named_and_never_guessed() -> None:
    lookup = _published(m2026_11=1_331_500, m2028_11=1_380_000)
    found = indexation.steps(HEALTH, [2027, 2028, 2029], lookup)
    assert found[1] == Step(
        2028, None, Figure(BASE, 2013, 1_331_500), None, missing=(date(2027, 11, 1),)
    )
    assert found[2].factor == Fraction(1_380_000, 1_331_500)


def test_without_the_figure_before_a_cap_cannot_be_applied() -> None:
    lookup = _published(m2026_11=1_331_500, m2028_11=1_380_000)
    found = indexation.steps(replace(HEALTH, cap_bp=200), [2027, 2028, 2029], lookup)
    assert found[2].factor is None
    assert found[2].missing == (date(2027, 11, 1),)


def test_amounts_never_fall_below_the_base_when_so_agreed() -> None:
    lookup = _published(m2026_11=1_331_500, m2027_11=1_300_000)
    assert indexation.steps(HEALTH, [2027, 2028], lookup)[1] == Step(
        2028,
        Fraction(1),
        Figure(BASE, 2013, 1_331_500),
        Figure(date(2027, 11, 1), 2013, 1_300_000),
        FLOOR,
    )
    fallen = indexation.steps(replace(HEALTH, floor=False), [2027, 2028], lookup)
    assert fallen[1].factor == Fraction(1_300_000, 1_331_500)


def test_amounts_rise_no_more_in_a_year_than_agreed() -> None:
    lookup = _published(m2026_11=1_000_000, m2027_11=1_100_000, m2028_11=1_040_000)
    found = indexation.steps(replace(HEALTH, cap_bp=200), [2027, 2028, 2029], lookup)
    assert (found[1].factor, found[1].limited) == (Fraction(102, 100), CAP)
    assert (found[2].factor, found[2].limited) == (Fraction(104, 100), "")


def test_wages_follow_the_coefficient_of_january_itself() -> None:
    spil = Indexation(IndexKind.SPIL, date(2027, 1, 1))
    lookup = _published(m2027_1=21_647, m2028_1=22_080)
    assert indexation.steps(spil, [2027, 2028], lookup)[1].factor == Fraction(22_080, 21_647)


def test_the_calculation_says_what_limits_it(session: Session) -> None:
    lookup = _published(m2026_11=1_000_000, m2027_11=1_100_000, m2028_11=900_000)
    found = indexation.steps(replace(HEALTH, cap_bp=200), [2027, 2028, 2029], lookup)
    first, capped, floored = (calculation(100_00, step) for step in found)
    assert first == "€\xa0100,00, niet geïndexeerd"
    assert capped.endswith("= €\xa0110,00; begrensd door het plafond: €\xa0102,00")
    assert floored.endswith("= €\xa090,00; nooit lager dan het basisbedrag: €\xa0100,00")
    without = indexation.steps(Indexation(IndexKind.HEALTH), [2027, 2028], lookup)
    assert calculation(100_00, without[1]) == "De maand van de aanvangsindex is niet gekozen."


def _terms(kind: IndexKind, *shares: Share) -> Terms:
    return Terms(
        formula=Formula.COORDINATOR,
        starts_on=date(2027, 1, 1),
        ends_on=date(2028, 12, 31),
        indexation=Indexation(kind, BASE),
        lines=compute.with_overhead(
            [
                BudgetLine("B10", "Loonkost", cents=(30_000_00, 30_000_00), wage=True),
                BudgetLine("B13", "Werkplek", cents=(1_000_00, 1_000_00)),
                BudgetLine("B40", "Overhead", overhead_bp=800),
            ]
        ),
        partners=tuple(
            Party(None, f"Gemeente {n}", OrganisationKind.GEMEENTE, share=share)
            for n, share in enumerate(shares)
        ),
    )


def test_only_wages_follow_the_spilindex_and_overhead_follows_both() -> None:
    found = [Step(2027, Fraction(1)), Step(2028, Fraction(102, 100))]
    grown = indexation.indexed(_terms(IndexKind.SPIL, Share(value=10_000)), found)
    assert [line.cents for line in grown.lines] == [
        (30_000_00, 30_600_00),
        (1_000_00, 1_000_00),
        (2_480_00, 2_528_00),
    ]


def test_a_year_without_a_figure_keeps_the_amounts_agreed() -> None:
    terms = _terms(IndexKind.HEALTH, Share(value=10_000))
    assert indexation.indexed(terms, [Step(2027, Fraction(1)), Step(2028, None)]) == terms


@pytest.mark.parametrize("kind", [IndexKind.HEALTH, IndexKind.SPIL])
def test_fixed_amounts_of_all_partners_grow_with_the_cost_to_the_cent(kind: IndexKind) -> None:
    fixed = Share(ShareKind.FIXED, per_year=(11_160_00, 11_160_00))
    terms = _terms(kind, fixed, fixed, fixed)
    grown = indexation.indexed(
        terms, [Step(2027, Fraction(1)), Step(2028, Fraction(102_137, 100_000))]
    )
    last = compute.totals(grown)[1]
    assert sum(last.shares_cents) == last.partners_cents > 33_480_00
    assert max(last.shares_cents) - min(last.shares_cents) <= 1
    assert compute.totals(grown)[0] == compute.totals(terms)[0]


@settings(max_examples=100, deadline=None)
@given(
    any_terms(),
    st.lists(st.integers(800_000, 1_600_000), min_size=12, max_size=12),
    st.sampled_from([IndexKind.HEALTH, IndexKind.SPIL, IndexKind.NONE]),
)
def test_indexed_amounts_add_up_for_any_terms(
    terms: Terms, values: list[int], kind: IndexKind
) -> None:
    terms = replace(terms, indexation=Indexation(kind, BASE))
    factors = [
        Step(y.year, Fraction(value, 1_000_000))
        for y, value in zip(terms.years, values, strict=False)
    ]
    grown = indexation.indexed(terms, factors)
    for year in compute.totals(grown):
        assert sum(year.shares_cents) == year.partners_cents
    dues = compute.instalments(grown)
    assert sum(d.cents for d in dues) == sum(y.partners_cents for y in compute.totals(grown))
