"""References: read back however they are typed, refused with one character wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.references import ALPHABET, new_reference, read_reference


@given(st.sampled_from("VAO"))
def test_a_reference_is_read_back_however_it_is_typed(letter: str) -> None:
    made = new_reference(letter)
    assert len(made) == 11
    for typed in (made, made.lower(), made[2:], made.replace("-", " "), made.replace("0", "O")):
        assert read_reference(letter, typed) == made


@given(st.integers(2, 10), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(place: int, character: str) -> None:
    made = new_reference("O")
    if made[place] in ("-", character):
        return
    assert read_reference("O", made[:place] + character + made[place + 1 :]) is None


@pytest.mark.parametrize("typed", ["", "O-", "O-0000-000", "V-0000-0000-0000", "één", "%"])
def test_what_is_no_reference_is_none(typed: str) -> None:
    assert read_reference("O", typed) is None
