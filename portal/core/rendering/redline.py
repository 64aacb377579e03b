"""Two versions of a Word file as one with tracked changes.

Accept all of them and it is the newer version, reject all and it is the older, word for word; that
is checked each time. Rows of tables are followed too: a budget line that went is a row that went.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from lxml import etree

from portal.core import clock
from portal.core.i18n import N_
from portal.core.rendering import tracked
from portal.core.rendering.differences import Kind, align, pieces
from portal.core.rendering.package import DOCUMENT, Package, W, read, write
from portal.core.rendering.paragraphs import P, paragraphs, text_of
from portal.core.rendering.problems import Problem, RefusedError
from portal.core.rendering.revisions import settled
from portal.core.rendering.tracked import Author

_ROW, _CELL, _TABLE = f"{W}tr", f"{W}tc", f"{W}tbl"
_WRAPPED = (f"{W}sdt", f"{W}sdtContent", f"{W}customXml")
_DIFFERENT = N_("De verschillen tussen deze twee bestanden kunnen niet in Word getoond worden.")
_UNSETTLED = N_("Verwerk eerst de bijgehouden wijzigingen in dit bestand.")


def redline_docx(old: bytes, new: bytes, author: str, at: datetime | None = None) -> bytes:
    """Return the newer Word file with what changed since the older one as tracked changes.

    `at`: when they were made, now if left out. Headers and footers are those of the newer one.
    Raises RefusedError for a file that is not sound, holds tracked changes itself, or cannot be
    compared without loss.
    """
    before, after = read(old), read(new)
    for package in (before, after):
        if next(package.body.iter(f"{W}ins", f"{W}del", f"{W}moveTo"), None) is not None:
            raise RefusedError([Problem(_UNSETTLED)])
    expected = [_texts(before.body), _texts(after.body)]
    marked = _Redline(Author(author, at or clock.now(), count(1)), _style_ids(after))
    marked.blocks(before.body, after.body)
    body = after.trees[DOCUMENT]
    if [_texts(settled(body, accept=accept)) for accept in (False, True)] != expected:
        raise RefusedError([Problem(_DIFFERENT)])
    return write(after, [DOCUMENT])


def _texts(root: etree._Element) -> list[str]:
    return [text for p in paragraphs(root) if (text := text_of(p))]


def _style_ids(package: Package) -> frozenset[str]:
    root = package.trees.get("word/styles.xml")
    styles = [] if root is None else root.iter(f"{W}style")
    return frozenset(style.get(f"{W}styleId", "") for style in styles)


@dataclass(frozen=True)
class _Redline:
    """Marks the newer tree in place."""

    author: Author
    styles: frozenset[str] = field(default_factory=frozenset)

    def blocks(self, old: etree._Element, new: etree._Element) -> None:
        """Compare the paragraphs and tables of a body or a cell."""
        self.weave(list(_blocks(old)), list(_blocks(new)), new, self.block)

    def weave(
        self,
        before: Sequence[etree._Element],
        after: Sequence[etree._Element],
        parent: etree._Element,
        compare: Callable[[etree._Element, etree._Element], None],
    ) -> None:
        """Mark what was added, put back what was removed, and compare what goes together."""
        last: etree._Element | None = None
        for a, b in align([_key(e) for e in before], [_key(e) for e in after]):
            if b is None and a is not None:
                last = _put(self.removed(before[a]), parent, last, after)
            elif b is not None:
                last = after[b]
                if a is None:
                    self.insert(last)
                elif _key(before[a]) != _key(last):
                    compare(before[a], last)

    def block(self, old: etree._Element, new: etree._Element) -> None:
        if old.tag == new.tag == P:
            self.paragraph(old, new)
        elif old.tag == new.tag == _TABLE:
            self.weave(old.findall(_ROW), new.findall(_ROW), new, self.row)
        else:
            self.replace(old, new)

    def row(self, old: etree._Element, new: etree._Element) -> None:
        before, after = old.findall(_CELL), new.findall(_CELL)
        if len(before) != len(after):
            self.replace(old, new)
            return
        for a, b in zip(before, after, strict=True):
            self.blocks(a, b)

    def paragraph(self, old: etree._Element, new: etree._Element) -> None:
        runs = tracked.Runs(new, self.author)
        if runs.text != text_of(new):  # text in something that is no run: show all of it anew
            self.replace(old, new)
            return
        for piece in pieces(text_of(old), text_of(new)):
            if piece.kind == Kind.REMOVED:
                runs.remove(piece.text)
            else:
                runs.keep(len(piece.text), added=piece.kind == Kind.ADDED)

    def replace(self, old: etree._Element, new: etree._Element) -> None:
        new.addprevious(self.removed(old))
        self.insert(new)

    def insert(self, element: etree._Element) -> None:
        """Mark a paragraph, row or table as added."""
        tracked.mark_rows(element, "ins", self.author)
        for paragraph in list(element.iter(P)):
            tracked.mark_paragraph(paragraph, "ins", self.author)
            runs = tracked.Runs(paragraph, self.author)
            runs.keep(len(runs.text), added=True)

    def removed(self, element: etree._Element) -> etree._Element:
        """Return a copy of a paragraph, row or table of the older version, marked as removed."""
        copy = tracked.plain_copy(element, self.styles)
        tracked.mark_rows(copy, "del", self.author)
        for paragraph in list(copy.iter(P)):
            runs = tracked.Runs(paragraph, self.author)
            runs.delete_all()
            tracked.mark_paragraph(paragraph, "del", self.author)
        return copy


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    for child in parent:
        if child.tag in (P, _TABLE):
            yield child
        elif child.tag in _WRAPPED:
            yield from _blocks(child)


def _key(element: etree._Element) -> str:
    if element.tag == P:
        return text_of(element)
    separator = "\x1f" if element.tag == _ROW else "\x1e"
    return separator + separator.join(text_of(p) for p in element.iter(P))


def _put(
    copy: etree._Element,
    parent: etree._Element,
    last: etree._Element | None,
    after: Sequence[etree._Element],
) -> etree._Element:
    """Put a removed block where it stood: after `last`, else before all there is."""
    end = parent.find(f"{W}sectPr")
    if last is not None:
        last.addnext(copy)
    elif after:
        after[0].addprevious(copy)
    elif end is not None:
        end.addprevious(copy)
    else:
        parent.append(copy)
    return copy
