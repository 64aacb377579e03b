"""A Word file as a reader meets it: headings, numbered paragraphs, tables; for a page and a diff.

The numbers Word makes itself ("Artikel 12.", "12.3.") are made here too, for what contracts use:
lists of several levels with decimal numbers, letters or a dash.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from portal.core.rendering.package import Package, W
from portal.core.rendering.paragraphs import P, text_of

_LETTERS = 26


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: its number as printed ("" without one), its text, its heading level or 0."""

    number: str
    text: str
    level: int = 0
    style: str = ""

    @property
    def words(self) -> str:
        """Return number and text on one line."""
        return f"{self.number} {self.text}".strip()


@dataclass(frozen=True)
class Row:
    """A row of a table: the text of each cell; `head` when it is repeated on every page."""

    cells: tuple[str, ...]
    head: bool = False


@dataclass(frozen=True)
class Table:
    """A table, row by row."""

    rows: tuple[Row, ...]


@dataclass
class Outline:
    """The blocks of a document in order."""

    blocks: list[Paragraph | Table] = field(default_factory=list)

    def sections(self) -> Iterator[tuple[Paragraph | None, list[Paragraph | Table]]]:
        """Give each heading of the first level with what stands under it; None: before any."""
        heading: Paragraph | None = None
        under: list[Paragraph | Table] = []
        for block in self.blocks:
            if isinstance(block, Paragraph) and block.level == 1:
                if heading or under:
                    yield heading, under
                heading, under = block, []
            else:
                under.append(block)
        yield heading, under


def outline(package: Package) -> Outline:
    """Return what a reader meets in the body of a document; empty paragraphs are left out."""
    reader = _Reader(package)
    return Outline(list(reader.blocks(package.body)))


class _Reader:
    """Walks a body once, counting as Word counts."""

    def __init__(self, package: Package) -> None:
        self.styles = _styles(package)
        self.lists = _lists(package)
        self.counts: dict[str, list[int]] = {}

    def blocks(self, parent: etree._Element) -> Iterator[Paragraph | Table]:
        for child in parent:
            if child.tag == P:
                paragraph = self.paragraph(child)
                if paragraph.text:
                    yield paragraph
            elif child.tag == f"{W}tbl":
                yield self.table(child)
            elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}moveTo"):
                yield from self.blocks(child)

    def table(self, element: etree._Element) -> Table:
        rows = []
        for row in element.iter(f"{W}tr"):
            cells = ["\n".join(text_of(p) for p in c.iter(P)) for c in row.findall(f"{W}tc")]
            head = row.find(f"{W}trPr/{W}tblHeader") is not None
            rows.append(Row(tuple(c.strip() for c in cells), head))
        return Table(tuple(rows))

    def paragraph(self, element: etree._Element) -> Paragraph:
        style = _value(element, "pPr", "pStyle") or "Normal"
        number = self.number(element, style) if text_of(element).strip() else ""
        return Paragraph(number, text_of(element).strip(), self.level(style), style)

    def level(self, style: str) -> int:
        found = self.inherited(style, "outlineLvl")
        return 0 if found is None else int(found) + 1

    def number(self, element: etree._Element, style: str) -> str:
        own = _value(element, "pPr", "numPr", "numId")
        list_id = own if own is not None else self.inherited(style, "numPr", "numId")
        if list_id is None or list_id not in self.lists:
            return ""
        depth = _value(element, "pPr", "numPr", "ilvl") or self.inherited(style, "numPr", "ilvl")
        return self.next_number(list_id, int(depth or 0))

    def next_number(self, list_id: str, depth: int) -> str:
        levels = self.lists[list_id]
        if depth not in levels:
            return ""
        counts = self.counts.setdefault(list_id, [0] * 9)
        counts[depth] += 1
        counts[depth + 1 :] = [0] * (8 - depth)
        kind, pattern = levels[depth]
        if kind == "bullet":
            return pattern
        for i in range(depth + 1):
            shown = _letter(counts[i]) if levels.get(i, ("",))[0] == "lowerLetter" else counts[i]
            shown = _letter(counts[i]).upper() if levels[i][0] == "upperLetter" else shown
            pattern = pattern.replace(f"%{i + 1}", str(shown))
        return pattern

    def inherited(self, style: str, *path: str) -> str | None:
        seen: set[str] = set()
        while style in self.styles and style not in seen:
            seen.add(style)
            found = _value(self.styles[style], "pPr", *path)
            if found is not None:
                return found
            style = _value(self.styles[style], "basedOn") or ""
        return None


def _letter(count: int) -> str:
    return chr(ord("a") + (count - 1) % _LETTERS) if count else "a"


def _value(element: etree._Element, *path: str) -> str | None:
    found = element.find("/".join(f"{W}{step}" for step in path))
    return None if found is None else found.get(f"{W}val")


def _styles(package: Package) -> dict[str, etree._Element]:
    root = package.trees.get("word/styles.xml")
    found = [] if root is None else root.findall(f"{W}style")
    return {style.get(f"{W}styleId", ""): style for style in found}


def _lists(package: Package) -> dict[str, dict[int, tuple[str, str]]]:
    """Return per list its levels: kind of number, and pattern."""
    root = package.trees.get("word/numbering.xml")
    if root is None:
        return {}
    kinds = {
        one.get(f"{W}abstractNumId"): {
            int(level.get(f"{W}ilvl", "0")): (
                _value(level, "numFmt") or "decimal",
                _value(level, "lvlText") or "",
            )
            for level in one.findall(f"{W}lvl")
        }
        for one in root.findall(f"{W}abstractNum")
    }
    return {
        num.get(f"{W}numId", ""): kinds.get(_value(num, "abstractNumId"), {})
        for num in root.findall(f"{W}num")
    }
