"""Files from outside: what they are decides, and nothing that acts comes in."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core import uploads
from portal.core.errors import DomainError
from tests.core.files import BAD, GOOD, JPEG, NAMES, PDF, PNG, WORD


@pytest.mark.parametrize("kind", GOOD)
def test_a_sound_file_comes_in_as_it_is(kind: str) -> None:
    expected = PNG if kind == "png with a comment" else GOOD[kind]  # a photo leaves words behind
    assert uploads.accept(GOOD[kind], "bestand").data == expected


def test_the_corpus_is_large_enough() -> None:
    assert len(BAD) >= 40


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_refused_with_a_reason_and_at_once(kind: str) -> None:
    data = BAD[kind]
    begin = time.process_time()
    with pytest.raises(DomainError) as refused:
        uploads.accept(data, "brief.pdf")
    assert time.process_time() - begin < 2
    assert refused.value.field == "file"
    words = refused.value.message % refused.value.values
    assert words.endswith((".", ")", "!")) or ":" in words
    assert "%(" not in words


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("nothing", uploads.EMPTY),
        ("10 MB and a byte", uploads.TOO_LARGE),
        ("exe renamed", uploads.UNKNOWN),
        ("svg", uploads.UNKNOWN),
        ("eicar in a pdf", uploads.VIRUS),
        ("eicar in a docx", uploads.VIRUS),
        ("pdf with a hidden name", uploads.ACTIVE),
        ("pdf with script in packed objects", uploads.ACTIVE),
        ("pdf with a password", uploads.LOCKED),
        ("pdf and zip", uploads.TWO_IN_ONE),
        ("png and zip", uploads.TWO_IN_ONE),
        ("png of a gigapixel", uploads.HUGE_PICTURE),
        ("docx with an exe behind it", uploads.TWO_IN_ONE),
    ],
)
def test_the_reason_says_what_is_wrong(kind: str, reason: str) -> None:
    with pytest.raises(DomainError) as refused:
        uploads.accept(BAD[kind], "brief.pdf")
    assert refused.value.message == reason


@pytest.mark.parametrize("typed", NAMES)
def test_the_name_is_made_harmless_and_says_what_the_file_is(typed: str) -> None:
    assert uploads.accept(PDF, typed).filename == NAMES[typed]


def test_a_name_of_any_length_fits() -> None:
    assert len(uploads.accept(PDF, "n" * 3000 + ".pdf").filename) <= 150


@given(data=st.data())
def test_no_damage_makes_it_fall_over(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([PDF, PNG, JPEG, WORD]))
    broken = bytearray(whole[: data.draw(st.integers(1, len(whole)))])
    for _ in range(data.draw(st.integers(0, 4))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    try:
        accepted = uploads.accept(bytes(broken), "x.pdf")
    except DomainError:
        return
    assert accepted.media_type in uploads.EXTENSIONS
