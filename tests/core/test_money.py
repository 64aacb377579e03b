"""Cents are neither made nor lost."""

from decimal import Decimal
from fractions import Fraction

import pytest
from flask import Flask, render_template_string
from hypothesis import given
from hypothesis import strategies as st

from portal.core.money import LARGEST_CENTS, allocate, as_decimal, euro, parse, round_cents

CENTS = st.integers(-LARGEST_CENTS, LARGEST_CENTS)
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any)


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("1.234,56", 123456),
        ("1234,5", 123450),
        ("1 234 567", 123456700),
        ("€ 20", 2000),
        ("20 euro", 2000),
        (" 0,05 ", 5),
        ("-12,30", -1230),
        ("€\u00a01.234,56", 123456),
    ],
)
def test_amounts_are_read_as_people_here_type_them(typed: str, cents: int) -> None:
    assert parse(typed) == cents


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "x",
        "12.34",
        "1.5",
        "1,234,56",
        "1.23.456",
        "12,345",
        "1e3",
        "--1",
        "٣",
        "9" * 13,
        "12 34",
    ],
)
def test_an_amount_that_may_mean_two_things_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        parse(typed)


def test_an_amount_is_written_with_spaces_that_do_not_break(app: Flask) -> None:
    assert euro(123456) == "€\u00a01.234,56"
    assert euro(-5) == "€\u00a0-0,05"
    assert euro(None) == ""
    assert render_template_string("{{ 2000|euro }}") == "€\u00a020,00"


@given(CENTS)
def test_what_is_written_can_be_read_again(cents: int) -> None:
    written = euro(cents)
    assert parse(written.replace("€\u00a0-", "-€ ")) == cents
    assert as_decimal(cents) == Decimal(cents) / 100
    assert as_decimal(cents).as_tuple().exponent == -2


@given(CENTS, WEIGHTS)
def test_shares_sum_to_the_amount_and_are_within_a_cent_of_their_part(
    cents: int, weights: list[int]
) -> None:
    shares = allocate(cents, weights)
    assert sum(shares) == cents
    whole = sum(weights)
    assert all(
        abs(s - Fraction(cents * w, whole)) < 1 for s, w in zip(shares, weights, strict=True)
    )
    assert all(share == 0 for share, weight in zip(shares, weights, strict=True) if weight == 0)


@given(CENTS, WEIGHTS)
def test_sharing_is_the_same_every_time_and_mirrors_a_credit(
    cents: int, weights: list[int]
) -> None:
    assert allocate(cents, weights) == allocate(cents, weights)
    assert allocate(-cents, weights) == [-s for s in allocate(cents, weights)]


def test_of_equal_parts_the_first_gets_the_cent_that_is_left() -> None:
    assert allocate(100, [1, 1, 1]) == [34, 33, 33]
    assert allocate(-100, [1, 1, 1]) == [-34, -33, -33]


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [-1]])
def test_nothing_can_be_shared_without_weights(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        allocate(100, weights)


@pytest.mark.parametrize(
    ("exact", "cents"),
    [("0.5", 1), ("1.5", 2), ("2.4999", 2), ("-0.5", -1), ("-1.4", -1), ("7", 7)],
)
def test_half_a_cent_goes_away_from_zero(exact: str, cents: int) -> None:
    assert round_cents(Fraction(exact)) == cents
