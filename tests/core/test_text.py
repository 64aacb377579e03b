"""Text stays what people typed, without what no person types."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.text import line, paragraphs

ORDINARY = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf", "Cn", "Zl", "Zp")))


@pytest.mark.parametrize(
    "words",
    [
        "Zoë & Çağla – “wat fijn”",
        "محمد",
        "नमस्ते",
        "👩‍👩‍👧 (een gezin, met verbindingstekens)",
        "Ngũgĩ wa Thiong'o",
        "1 < 2 > 0; {{ 7*7 }} 100 %",
        "a\u200cb",
    ],
)
def test_ordinary_text_of_any_language_is_kept_whole(words: str) -> None:
    assert line(words) == words
    assert paragraphs(words) == words


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Peeters \t ", "Peeters"),
        ("Pee\x00ters", "Peeters"),
        ("Pee\ud800ters", "Peeters"),
        ("\u202eneppeetsnoK", "neppeetsnoK"),
        ("\ufeffAn", "An"),
        ("\u200eAn\u200f \u2066x\u2069", "An x"),
        ("Zoe\u0308", "Zoë"),
        ("twee\r\nregels", "twee regels"),
        ("vast\u00a0 wit", "vast wit"),
    ],
)
def test_what_no_person_types_is_left_out(typed: str, kept: str) -> None:
    assert line(typed) == kept


def test_paragraphs_keep_their_lines() -> None:
    assert paragraphs(" een\r\ntwee\rdrie\n\nvier\u2028vijf\n") == "een\ntwee\ndrie\n\nvier\nvijf"


@given(ORDINARY)
def test_no_visible_character_is_lost(words: str) -> None:
    composed = unicodedata.normalize("NFC", words)
    assert "".join(line(words).split()) == "".join(composed.split())


@given(st.text(st.characters()))
def test_what_comes_out_can_be_stored_and_comes_out_the_same_again(words: str) -> None:
    for clean in (line, paragraphs):
        once = clean(words)
        assert clean(once) == once
        assert "\0" not in once
        once.encode()
