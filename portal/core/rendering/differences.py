"""What differs between two texts: passages first, then the words of those that go together."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from portal.core.rendering.outline import Paragraph, Table, outline
from portal.core.rendering.package import read

_TOKENS = re.compile(r"\s|\w+|[^\w\s]")
ALIKE = 0.45  # of their words, for two passages to be one passage changed
MAX_PAIRS = 40_000  # compared word for word; beyond, passages are removed and added
MAX_LINES = 9_000_000  # of one text times those of the other
MAX_TOKENS = 4_000  # of a passage compared word by word


class Kind(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Piece:
    """Part of a passage: same, added or removed."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Passage:
    """A paragraph, or a row of a table, and what became of it.

    number: as printed in the newer text (in the older when removed); level: of a heading, or 0;
    cells: of a row, each its own pieces; otherwise `pieces` is all of it.
    """

    kind: Kind
    number: str
    pieces: tuple[Piece, ...]
    level: int = 0
    cells: tuple[tuple[Piece, ...], ...] = ()


@dataclass(frozen=True)
class _Line:
    """A paragraph, or the cells of a row."""

    texts: tuple[str, ...]
    number: str = ""
    level: int = 0
    row: bool = False


def paragraph_diff(old_docx: bytes, new_docx: bytes) -> list[Passage]:
    """Return every passage of two Word files in the order of the newer, with what changed.

    Numbers that only moved along are no change. Raises RefusedError for what is no Word file.
    """
    old, new = (list(_lines(data)) for data in (old_docx, new_docx))
    steps = align(["\x1f".join(x.texts) for x in old], ["\x1f".join(x.texts) for x in new])
    return [
        _passage(old[a] if a is not None else None, new[b] if b is not None else None)
        for a, b in steps
    ]


def _lines(data: bytes) -> Iterator[_Line]:
    for block in outline(read(data)).blocks:
        if isinstance(block, Paragraph):
            yield _Line((block.text,), block.number, block.level)
        elif isinstance(block, Table):
            for row in block.rows:
                yield _Line(row.cells, row=True)


def _passage(old: _Line | None, new: _Line | None) -> Passage:
    shown = new or old
    assert shown is not None
    if old and new:
        kind = Kind.SAME if old.texts == new.texts else Kind.CHANGED
        cells = _cells(old.texts, new.texts)
    else:
        kind = Kind.ADDED if new else Kind.REMOVED
        cells = tuple((Piece(kind, text),) for text in shown.texts)
    pieces = tuple(piece for cell in cells for piece in cell)
    return Passage(kind, shown.number, pieces, shown.level, cells if shown.row else ())


def _cells(old: Sequence[str], new: Sequence[str]) -> tuple[tuple[Piece, ...], ...]:
    count = max(len(old), len(new))
    padded = [[*texts, *[""] * (count - len(texts))] for texts in (old, new)]
    return tuple(tuple(pieces(a, b)) for a, b in zip(*padded, strict=True))


def align(old: Sequence[str], new: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Return which text of the old goes with which of the new, in order; None: with none."""
    steps: list[tuple[int | None, int | None]] = []
    many = len(old) * len(new) > MAX_LINES  # then texts that come back all the time wait
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, old, new, autojunk=many).get_opcodes():
        if tag == "equal":
            steps += zip(range(a1, a2), range(b1, b2), strict=True)
        else:
            steps += _pair(old, new, range(a1, a2), range(b1, b2))
    return steps


def _pair(
    old: Sequence[str], new: Sequence[str], left: range, right: range
) -> Iterator[tuple[int | None, int | None]]:
    """Pair what is alike without crossing, so that the likeness of the pairs is greatest."""
    pairs = _alike(old, new, left, right) if len(left) * len(right) <= MAX_PAIRS else []
    a, b = left.start, right.start
    for i, j in [*pairs, (left.stop, right.stop)]:
        yield from ((k, None) for k in range(a, i))
        yield from ((None, k) for k in range(b, j))
        if i < left.stop and j < right.stop:
            yield i, j
        a, b = i + 1, j + 1


def _alike(
    old: Sequence[str], new: Sequence[str], left: range, right: range
) -> list[tuple[int, int]]:
    words = [Counter(_TOKENS.findall(old[i])) for i in left]
    others = [Counter(_TOKENS.findall(new[j])) for j in right]
    # best[i][j]: the greatest likeness of what comes from i and j on
    best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    gain = [[_likeness(a, b) - ALIKE for b in others] for a in words]
    for i in reversed(range(len(left))):
        for j in reversed(range(len(right))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + gain[i][j])
    found, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        if gain[i][j] > 0 and best[i][j] == best[i + 1][j + 1] + gain[i][j]:
            found.append((left[i], right[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _likeness(a: Counter[str], b: Counter[str]) -> float:
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if total else 1.0


def pieces(old: str, new: str) -> list[Piece]:
    """Return the words of two texts: what stayed, what was removed, what was added."""
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    if len(before) + len(after) > MAX_TOKENS and old != new:
        return [Piece(k, t) for k, t in ((Kind.REMOVED, old), (Kind.ADDED, new)) if t]
    found: list[Piece] = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece(Kind.SAME, "".join(after[b1:b2])))
            continue
        found += [Piece(Kind.REMOVED, "".join(before[a1:a2]))] if a2 > a1 else []
        found += [Piece(Kind.ADDED, "".join(after[b1:b2]))] if b2 > b1 else []
    return _without_crumbs(found)


def _without_crumbs(found: list[Piece]) -> list[Piece]:
    """Join changes with only a space between them: people read whole phrases."""
    joined: list[Piece] = []
    for n, piece in enumerate(found):
        between = 0 < n < len(found) - 1 and piece.kind == Kind.SAME and not piece.text.strip()
        halves = (Kind.REMOVED, Kind.ADDED) if between else (piece.kind,)
        joined += [Piece(kind, piece.text) for kind in halves]
    return _merged(joined)


def _merged(found: list[Piece]) -> list[Piece]:
    """Put what was removed before what was added, each in one piece, between what stayed."""
    merged: list[Piece] = []
    pending = {Kind.REMOVED: "", Kind.ADDED: ""}
    for piece in [*found, Piece(Kind.SAME, "")]:
        if piece.kind in pending:
            pending[piece.kind] += piece.text
            continue
        merged += [Piece(kind, text) for kind, text in pending.items() if text]
        pending = dict.fromkeys(pending, "")
        if piece.text:
            merged.append(piece)
    return merged
