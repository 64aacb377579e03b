"""The text of a Word file, paragraph by paragraph, as a reader sees it."""

from collections.abc import Iterator

from lxml import etree

from portal.core.rendering.package import DOCUMENT, Package, W
from portal.core.rendering.problems import excerpt

P, R, T = f"{W}p", f"{W}r", f"{W}t"
_SPACE = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "\u2011"}
_TEXT_PARTS = ("word/header", "word/footer", "word/footnotes", "word/endnotes")
# Word writes shapes twice: for new versions, and for old ones in here.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def text_of(paragraph: etree._Element) -> str:
    """Return the text of one paragraph, without that of paragraphs in a frame inside it."""
    return "".join(_pieces(paragraph))


def _pieces(element: etree._Element) -> Iterator[str]:
    for child in element:
        if child.tag == T:
            yield child.text or ""
        elif child.tag in _SPACE:
            yield _SPACE[str(child.tag)]
        elif child.tag not in (P, _FALLBACK, f"{W}pPr"):
            yield from _pieces(child)


def text_parts(package: Package) -> list[str]:
    """Return the parts a reader reads: the body, then headers, footers and notes."""
    others = sorted(n for n in package.trees if n.startswith(_TEXT_PARTS) and n.endswith(".xml"))
    return [DOCUMENT, *others]


def paragraphs(root: etree._Element) -> Iterator[etree._Element]:
    """Give the paragraphs of a part in reading order, each once."""
    for paragraph in root.iter(P):
        if not any(ancestor.tag == _FALLBACK for ancestor in paragraph.iterancestors(_FALLBACK)):
            yield paragraph


def place_of(paragraph: etree._Element | None, part: str) -> str:
    """Return the first words of a paragraph between quotes, or else the part it is in."""
    if paragraph is None:
        return part
    words = text_of(paragraph) or "".join(e.text or "" for e in paragraph.iter(f"{W}delText"))
    return f"“{excerpt(words)}”" if words.strip() else part
