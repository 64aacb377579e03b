"""The marks of tracked changes: on the pieces of a paragraph, on paragraphs and on rows."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from portal.core.rendering.package import W
from portal.core.rendering.paragraphs import P, R, T

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_CHARACTERS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "\u2011"}
_ELEMENTS = {"\t": f"{W}tab", "\n": f"{W}br", "\u2011": f"{W}noBreakHyphen"}
_STYLED = (f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle")
# Of a removed paragraph only its text and its form come back: no pictures, links or numbers that
# the newer file may not have.
_LEFT_OUT = tuple(
    f"{W}{name}"
    for name in (
        *("sectPr", "drawing", "pict", "object", "numPr", "fldChar", "instrText", "proofErr"),
        *("bookmarkStart", "bookmarkEnd", "commentReference", "footnoteReference"),
        *("commentRangeStart", "commentRangeEnd", "endnoteReference", "lastRenderedPageBreak"),
    )
)
_DISSOLVED = tuple(
    f"{W}{n}" for n in ("hyperlink", "smartTag", "sdtContent", "fldSimple", "customXml")
)


@dataclass(frozen=True)
class Author:
    """Who the changes are by, and when; `ids` numbers them."""

    name: str
    at: datetime
    ids: Iterator[int]

    def mark(self, kind: str) -> etree._Element:
        """Return an `ins` or `del` element of this author."""
        at = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        values = {"id": str(next(self.ids)), "author": self.name, "date": at}
        return etree.Element(f"{W}{kind}", {f"{W}{k}": v for k, v in values.items()})


class Runs:
    """The runs of a paragraph as one text, walked from begin to end to mark parts of it."""

    def __init__(self, paragraph: etree._Element, author: Author) -> None:
        self.paragraph = paragraph
        self.author = author
        self.runs = [part for run in list(_runs(paragraph)) for part in _split_by_child(run)]
        self.at = 0

    @property
    def text(self) -> str:
        return "".join(_text(run) for run in self.runs)

    def keep(self, length: int, *, added: bool) -> None:
        """Go over so many characters, marking them when they were added."""
        while length and self.at < len(self.runs):
            run = self.runs[self.at]
            size = len(_text(run))
            if size > length:
                self.runs.insert(self.at + 1, _cut(run, length))
                size = length
            if added and size:
                _wrap(run, self.author.mark("ins"))
            length -= size
            self.at += 1

    def remove(self, text: str) -> None:
        """Put text that was removed where the walk is."""
        near = self.runs[min(self.at, len(self.runs) - 1)] if self.runs else None
        mark = self.author.mark("del")
        mark.append(_deleted_run(text, None if near is None else near.find(f"{W}rPr")))
        if near is None:
            self.paragraph.append(mark)
        elif self.at < len(self.runs):
            _outermost(near).addprevious(mark)
        else:
            _outermost(near).addnext(mark)

    def delete_all(self) -> None:
        """Mark everything as removed; what is no text goes."""
        for run in self.runs:
            if not _text(run):
                _drop(run)
                continue
            for text in run.iter(T):
                text.tag = f"{W}delText"
                text.set(_SPACE, "preserve")
            _wrap(run, self.author.mark("del"))


def mark_paragraph(paragraph: etree._Element, kind: str, author: Author) -> None:
    """Mark the end of a paragraph as added or removed."""
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        properties = etree.Element(f"{W}pPr")
        paragraph.insert(0, properties)
    marks = properties.find(f"{W}rPr")
    if marks is None:
        marks = etree.Element(f"{W}rPr")
        section = properties.find(f"{W}sectPr")
        properties.append(marks) if section is None else section.addprevious(marks)
    marks.insert(0, author.mark(kind))


def mark_rows(element: etree._Element, kind: str, author: Author) -> None:
    """Mark every row in an element as added or removed."""
    for row in element.iter(f"{W}tr"):
        properties = row.find(f"{W}trPr")
        if properties is None:
            properties = etree.Element(f"{W}trPr")
            exceptions = row.find(f"{W}tblPrEx")
            row.insert(0 if exceptions is None else 1, properties)
        properties.append(author.mark(kind))


def plain_copy(element: etree._Element, styles: frozenset[str]) -> etree._Element:
    """Return a copy with the text and form of an element, and no more; `styles` that may stay."""
    copy = deepcopy(element)
    copy.tail = None
    for left_out in list(copy.iter(*_LEFT_OUT)):
        _drop(left_out)
    for wrapper in list(copy.iter(*_DISSOLVED)):
        parent = wrapper.getparent()
        if parent is not None:
            at = parent.index(wrapper)
            parent[at : at + 1] = list(wrapper)
    for style in list(copy.iter(*_STYLED)):
        if style.get(f"{W}val") not in styles:
            _drop(style)
    return copy


def _runs(parent: etree._Element) -> Iterator[etree._Element]:
    for child in parent:
        if child.tag == R:
            yield child
        elif child.tag not in (P, f"{W}pPr", f"{W}tbl"):
            yield from _runs(child)


def _split_by_child(run: etree._Element) -> list[etree._Element]:
    """Leave one thing (a text, a tab, a picture) in a run, the others in runs after it."""
    content = [child for child in run if child.tag != f"{W}rPr"]
    parts = [run]
    for child in content[1:]:
        part = _like(run)
        part.append(child)
        parts[-1].addnext(part)
        parts.append(part)
    return parts


def _like(run: etree._Element) -> etree._Element:
    part = etree.Element(R)
    form = run.find(f"{W}rPr")
    if form is not None:
        part.append(deepcopy(form))
    return part


def _text(run: etree._Element) -> str:
    return "".join(
        (child.text or "") if child.tag == T else _CHARACTERS.get(str(child.tag), "")
        for child in run
    )


def _cut(run: etree._Element, length: int) -> etree._Element:
    """Leave so many characters in a run; return the run after it with the others."""
    text = run.find(T)
    assert text is not None
    words = text.text or ""
    rest = _like(run)
    rest.append(_text_element(T, words[length:]))
    text.text = words[:length]
    text.set(_SPACE, "preserve")
    run.addnext(rest)
    return rest


def _deleted_run(text: str, form: etree._Element | None) -> etree._Element:
    run = etree.Element(R)
    if form is not None:
        run.append(deepcopy(form))
    words = ""
    for character in [*text, ""]:
        if character and character not in _ELEMENTS:
            words += character
            continue
        if words:
            run.append(_text_element(f"{W}delText", words))
            words = ""
        if character:
            etree.SubElement(run, _ELEMENTS[character])
    return run


def _text_element(tag: str, words: str) -> etree._Element:
    element = etree.Element(tag, {_SPACE: "preserve"})
    element.text = words
    return element


def _wrap(run: etree._Element, mark: etree._Element) -> None:
    run.addprevious(mark)
    mark.append(run)


def _outermost(run: etree._Element) -> etree._Element:
    parent = run.getparent()
    return parent if parent is not None and parent.tag == f"{W}ins" else run


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
