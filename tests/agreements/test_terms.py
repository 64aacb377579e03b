"""Terms are stored whole and come back the same; what is not terms is refused."""

from typing import Any

import pytest
from hypothesis import given, settings
from sqlalchemy.orm import Session

from portal.agreements.terms import Formula, Terms
from tests.agreements import make_agreement
from tests.agreements.test_compute import terms as any_terms


@settings(max_examples=60, deadline=None)
@given(any_terms())
def test_any_terms_come_back_from_json_as_they_were(terms: Terms) -> None:
    assert Terms.from_json(terms.to_json()) == terms


def test_complete_terms_come_back_from_json_as_they_were(session: Session) -> None:
    for formula in Formula:
        terms = make_agreement.make_terms(partners=8, years=5, formula=formula)
        assert Terms.from_json(terms.to_json()) == terms


@pytest.mark.parametrize(
    "broken",
    [
        {"formula": "D"},
        {"formula": "A", "families": "20"},
        {"formula": "A", "families": 20.5},
        {"formula": "A", "partners": {"name": "x"}},
        {"formula": "A", "partners": [{"name": "x"}]},
        {"formula": "A", "starts_on": "gisteren"},
        {"formula": "A", "own_idea": 1},
        {"formula": "A", "severance": 1},
        {},
        [],
        None,
    ],
)
def test_what_is_not_terms_is_refused(broken: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        Terms.from_json(broken)
