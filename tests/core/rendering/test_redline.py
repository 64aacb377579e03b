"""What changed between two versions: on the page, and in Word."""

import io
from datetime import UTC, datetime

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.rendering import (
    RefusedError,
    accepted_docx,
    inspect_docx,
    paragraph_diff,
    redline_docx,
)
from portal.core.rendering.differences import Kind, pieces
from portal.core.rendering.package import DOCUMENT, read
from portal.core.rendering.paragraphs import P, text_of
from portal.core.rendering.revisions import settled
from tests.core.rendering.make_docx import bare, word
from tests.core.rendering.test_bad_files import BAD_FILES

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def redline(old: bytes, new: bytes) -> bytes:
    return redline_docx(old, new, "Home-Start Vlaanderen", AT)


def texts(data: bytes, *, accept: bool) -> list[str]:
    root = settled(read(data).trees[DOCUMENT], accept=accept)
    return [text_of(p) for p in root.iter(P) if text_of(p)]


def test_the_page_shows_the_words_that_changed() -> None:
    changes = paragraph_diff(
        word("Blijft.", "De termijn is zes maanden.", "Gaat weg."),
        word("Blijft.", "De termijn is drie maanden.", "Komt erbij & nieuw."),
    )

    assert [c.kind for c in changes] == [Kind.SAME, Kind.CHANGED, Kind.REMOVED, Kind.ADDED]
    assert [(p.kind, p.text) for p in changes[1].pieces] == [
        (Kind.SAME, "De termijn is "),
        (Kind.REMOVED, "zes"),
        (Kind.ADDED, "drie"),
        (Kind.SAME, " maanden."),
    ]


def test_a_budget_line_that_changed_is_a_row_with_its_cells() -> None:
    old = word("Begroting", rows=[["B10", "€ 34.000,00"], ["B11", "€ 1.200,00"]])
    new = word("Begroting", rows=[["B10", "€ 34.500,00"], ["B11", "€ 1.200,00"]])

    changed = [c for c in paragraph_diff(old, new) if c.kind == Kind.CHANGED]

    assert len(changed) == 1
    assert [[(p.kind.value, p.text) for p in cell] for cell in changed[0].cells] == [
        [("same", "B10")],
        [("same", "€ 34."), ("removed", "000"), ("added", "500"), ("same", ",00")],
    ]


def test_a_change_of_one_capital_or_space_is_a_change() -> None:
    assert paragraph_diff(word("het Bestuur"), word("het bestuur"))[0].kind == Kind.CHANGED
    assert paragraph_diff(word("1 000"), word("1\u00a0000"))[0].kind == Kind.CHANGED


def test_word_shows_who_changed_what() -> None:
    data = redline(word("De termijn is zes maanden."), word("De termijn is drie maanden."))

    body = read(data).parts[DOCUMENT].decode()
    assert 'w:author="Home-Start Vlaanderen"' in body
    assert 'w:date="2026-11-23T09:30:00Z"' in body
    assert "<w:delText" in body
    assert docx.Document(io.BytesIO(data)).paragraphs
    assert inspect_docx(data, revisions_allowed=True) == []


def test_accepting_all_gives_the_newer_file() -> None:
    old, new = word("Eén.", "Twee & drie."), word("Nul.", "Eén.", "Twee & vier.")

    accepted = accepted_docx(redline(old, new))

    assert inspect_docx(accepted) == []
    assert texts(accepted, accept=True) == ["Nul.", "Eén.", "Twee & vier."]


def test_two_files_alike_have_no_redline() -> None:
    data = redline(word("Gelijk.", rows=[["a", "b"]]), word("Gelijk.", rows=[["a", "b"]]))

    assert inspect_docx(data) == []


def test_a_file_with_open_changes_is_not_compared() -> None:
    with pytest.raises(RefusedError) as refused:
        redline(word("x"), BAD_FILES["inserted text"][0])

    assert "Verwerk eerst" in str(refused.value)


SENTENCES = st.lists(
    st.text(st.sampled_from("ab &<€\té"), max_size=12).map(lambda t: t.strip() or "leeg"),
    max_size=7,
)
ROWS = st.lists(
    st.tuples(st.sampled_from(["B10", "B11", "x & y"]), SENTENCES.map(" ".join)), max_size=4
)


@settings(max_examples=80, deadline=None)
@given(SENTENCES, SENTENCES, ROWS, ROWS)
def test_reject_all_is_the_older_and_accept_all_the_newer(
    before: list[str],
    after: list[str],
    old_rows: list[tuple[str, str]],
    new_rows: list[tuple[str, str]],
) -> None:
    old, new = bare(before, old_rows), bare(after, new_rows)

    data = redline(old, new)

    assert texts(data, accept=False) == texts(old, accept=True)
    assert texts(data, accept=True) == texts(new, accept=True)


@given(st.text("ab é&\n", max_size=40), st.text("ab é&\n", max_size=40))
def test_pieces_rebuild_both_texts(old: str, new: str) -> None:
    found = pieces(old, new)

    assert "".join(p.text for p in found if p.kind != Kind.ADDED) == old
    assert "".join(p.text for p in found if p.kind != Kind.REMOVED) == new
