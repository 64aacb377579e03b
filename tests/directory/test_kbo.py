"""Enterprise numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import DomainError
from portal.directory.kbo import is_kbo, parse_kbo, show_kbo

STEMS = st.integers(min_value=1, max_value=19_999_999)


def _number(stem: int) -> str:
    """Ten digits that fit: eight, and 97 less their remainder."""
    return f"{stem:08}{97 - stem % 97:02}"


@given(STEMS)
def test_a_number_with_the_right_check_digits_is_accepted_in_every_notation(stem: int) -> None:
    number = _number(stem)
    shown = show_kbo(number)
    for typed in (
        number,
        shown,
        f"BE {shown}",
        f"be{number}",
        f" {number} ",
        shown.replace(".", " "),
    ):
        assert parse_kbo(typed) == number
    if number.startswith("0"):
        assert parse_kbo(number[1:]) == number


@given(STEMS, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(stem: int, at: int, shift: int) -> None:
    number = _number(stem)
    wrong = str((int(number[at]) + shift) % 10)
    assert not is_kbo(number[:at] + wrong + number[at + 1 :])


@given(STEMS, st.integers(0, 8))
def test_two_swapped_digits_are_always_noticed(stem: int, at: int) -> None:
    number = _number(stem)
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert is_kbo(swapped) == (swapped == number)


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    if is_kbo(text):
        assert len(parse_kbo(text)) == 10


@pytest.mark.parametrize("typed", ["", "0", "2208744212", "0208744213", "02087442120", "kbo"])
def test_a_wrong_number_is_explained_with_an_example(typed: str) -> None:
    with pytest.raises(DomainError, match=r"0208\.744\.212") as refused:
        parse_kbo(typed)
    assert refused.value.field == "kbo"


def test_numbers_given_out_since_2023_start_with_1() -> None:
    assert parse_kbo("1010.783.451") == "1010783451"


def test_no_number_shows_as_nothing() -> None:
    assert show_kbo(None) == ""
