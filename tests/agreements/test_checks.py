"""Money that does not add up is told in words, everything at once."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from sqlalchemy.orm import Session

from portal.agreements.checks import money_problems
from portal.agreements.terms import (
    BudgetLine,
    IncomeLine,
    Indexation,
    IndexKind,
    Instalment,
    Share,
    ShareKind,
    Terms,
)
from tests.agreements import make_agreement
from tests.agreements.test_compute import terms as any_terms


@pytest.fixture
def terms(session: Session) -> Terms:
    return make_agreement.make_terms(partners=2).with_(
        indexation=Indexation(base_month=date(2026, 11, 1))
    )


def _words(terms: Terms) -> list[str]:
    return [p.message % dict(p.values) if p.values else p.message for p in money_problems(terms)]


def _shared(terms: Terms, *shares: Share) -> Terms:
    pairs = zip(terms.partners, shares, strict=True)
    return terms.with_(partners=tuple(replace(p, share=share) for p, share in pairs))


def test_terms_of_a_package_as_shipped_add_up(terms: Terms) -> None:
    assert money_problems(terms) == []


def test_percentages_that_are_not_a_hundred_say_what_they_are(terms: Terms) -> None:
    wrong = _shared(terms, Share(value=6000), Share(value=3950))
    assert _words(wrong) == ["De percentages zijn samen 99,50 % in plaats van 100 %."]


def test_fixed_amounts_of_all_partners_must_be_the_whole_cost_of_each_year(terms: Terms) -> None:
    half = Share(ShareKind.FIXED, per_year=(26_622_00,) * 3)
    assert _words(_shared(terms, half, half)) == []
    short = replace(half, per_year=(26_622_00, 26_622_00, 26_621_99))
    assert _words(_shared(terms, half, short)) == [
        "In 2029 zijn de vaste bedragen samen €\xa053.243,99; te verdelen is €\xa053.244,00."
    ]


def test_a_fixed_amount_beside_a_share_of_the_rest_need_only_fit(terms: Terms) -> None:
    some, too_much = ((10_000_00,) * 3, (60_000_00,) * 3)
    rest = Share(ShareKind.PERCENTAGE, 10_000)
    assert _words(_shared(terms, Share(ShareKind.FIXED, per_year=some), rest)) == []
    assert len(_words(_shared(terms, Share(ShareKind.FIXED, per_year=too_much), rest))) == 3


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"ends_on": None}, "laatste dag"),
        ({"partners": ()}, "nog geen partner"),
        ({"lines": ()}, "nog geen lijnen"),
        ({"lines": (BudgetLine("B10", "Loon", cents=(1,)),)}, "bedrag voor elk jaar"),
        ({"lines": (BudgetLine("B", "Loon", cents=(1, 1, 1)),) * 2}, "dezelfde code"),
        ({"income": (IncomeLine("I", "Fonds", (99_999_99, 0, 0)),)}, "2027 zijn de inkomsten"),
        ({"instalments": ()}, "nog geen schijven"),
        ({"instalments": (Instalment("Eerste", 5000, 2, 1),)}, "50,00 % in plaats van 100 %"),
        ({"instalments": (Instalment("Eerste", 10_000),)}, "geen datum en geen voorwaarde"),
        ({"indexation": Indexation(IndexKind.HEALTH)}, "maand van de aanvangsindex"),
    ],
)
def test_what_keeps_amounts_from_adding_up_is_said(
    terms: Terms, changes: dict[str, Any], word: str
) -> None:
    assert any(word in words for words in _words(terms.with_(**changes)))


def test_shares_by_percentage_and_by_inhabitants_do_not_mix(terms: Terms) -> None:
    mixed = _shared(terms, Share(value=10_000), Share(ShareKind.INHABITANTS, 30_000))
    assert _words(mixed) == ["Verdeel volgens percentages of volgens inwoners, niet allebei."]


@settings(max_examples=60, deadline=None)
@given(any_terms())
def test_every_problem_can_be_said_for_any_terms(terms: Terms) -> None:
    assert all(words and "%(" not in words for words in _words(terms))
