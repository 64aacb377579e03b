"""The text of a version, article by article, for reading on screen and for comparing articles."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from portal.core.rendering.outline import Paragraph, Table, outline
from portal.core.rendering.package import read

_ARTICLE = re.compile(r"artikel\s+(\d+)", re.IGNORECASE)
_TITLES = frozenset({"Title", "Subtitle", "Huisnaam"})  # the page says those itself


@dataclass
class Section:
    """A part of the contract: an article (with its number), an annex, or what stands before."""

    title: str
    article: int | None = None
    blocks: list[Paragraph | Table] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """Return the id of the section on a page."""
        if self.article is not None:
            return f"artikel-{self.article}"
        return "deel-" + re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")[:60]


def sections(docx: bytes) -> list[Section]:
    """Return the parts of a contract in their order. Raises RefusedError."""
    found = []
    for heading, under in outline(read(docx)).sections():
        title = heading.words if heading else ""
        blocks = [b for b in under if isinstance(b, Table) or b.style not in _TITLES]
        match = _ARTICLE.match(title)
        if title or blocks:
            found.append(Section(title, int(match[1]) if match else None, blocks))
    return found


def words_of(docx: bytes, articles: Sequence[int]) -> dict[int, list[str]]:
    """Return the paragraphs of some articles, white space folded, for comparing."""
    found: dict[int, list[str]] = {number: [] for number in articles}
    for section in sections(docx):
        if section.article in found:
            found[section.article] += [_folded(block) for block in section.blocks]
    return found


def changed_articles(before: bytes, after: bytes, articles: Sequence[int]) -> list[int]:
    """Return which of these articles say something else in the second document."""
    old, new = words_of(before, articles), words_of(after, articles)
    return [number for number in articles if old[number] != new[number]]


def _folded(block: Paragraph | Table) -> str:
    if isinstance(block, Table):
        return " | ".join(_folded_text(cell) for row in block.rows for cell in row.cells)
    return _folded_text(block.text)


def _folded_text(text: str) -> str:
    return " ".join(text.split())
