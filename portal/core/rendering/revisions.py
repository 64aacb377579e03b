"""Tracked changes of a Word file: as if all were accepted, or all rejected."""

from copy import deepcopy

from lxml import etree

from portal.core.rendering.package import W, read, write
from portal.core.rendering.paragraphs import P, text_parts

_INSERTIONS = (f"{W}ins", f"{W}moveTo")
_DELETIONS = (f"{W}del", f"{W}moveFrom")
_FORMATTING = tuple(
    f"{W}{name}Change" for name in ("rPr", "pPr", "tblPr", "trPr", "tcPr", "sectPr", "tblGrid")
)
_MARKS = tuple(
    f"{W}{name}Range{end}"
    for name in ("moveFrom", "moveTo", "customXmlIns", "customXmlDel")
    for end in ("Start", "End")
)


def accepted_docx(data: bytes) -> bytes:
    """Return a Word file with every tracked change accepted. Raises RefusedError."""
    package = read(data)
    for part in text_parts(package):
        settle(package.trees[part], accept=True)
    return write(package, text_parts(package))


def settled(root: etree._Element, *, accept: bool) -> etree._Element:
    """Return a copy of a part with every tracked change accepted, or rejected."""
    copy = deepcopy(root)
    settle(copy, accept=accept)
    return copy


def settle(root: etree._Element, *, accept: bool) -> None:
    """Carry out every tracked change of a part, or undo it."""
    kept, dropped = (_INSERTIONS, _DELETIONS) if accept else (_DELETIONS, _INSERTIONS)
    _settle_formatting(root, accept=accept)
    _drop_rows(root, dropped)
    _join_paragraphs(root, dropped)
    for element in list(root.iter(*dropped)):
        _remove(element)
    for element in list(root.iter(*kept)):
        _unwrap(element)
    for name, plain in ((f"{W}delText", f"{W}t"), (f"{W}delInstrText", f"{W}instrText")):
        for element in root.iter(name):
            element.tag = plain
    for element in list(root.iter(*_MARKS)):
        _remove(element)


def _settle_formatting(root: etree._Element, *, accept: bool) -> None:
    for change in list(root.iter(*_FORMATTING)):
        properties = change.getparent()
        if properties is None:
            continue
        if not accept and len(change):
            for child in list(properties):
                if child is not change and child.tag not in (f"{W}rPr", f"{W}sectPr"):
                    properties.remove(child)
            properties[:0] = list(change[0])
        _remove(change)


def _drop_rows(root: etree._Element, dropped: tuple[str, ...]) -> None:
    for row in list(root.iter(f"{W}tr")):
        marks = row.find(f"{W}trPr")
        if marks is not None and any(marks.find(tag) is not None for tag in dropped):
            table = row.getparent()
            _remove(row)
            if table is not None and table.find(f"{W}tr") is None:
                _remove(table)


def _join_paragraphs(root: etree._Element, dropped: tuple[str, ...]) -> None:
    """Join each paragraph whose mark goes with the next one, which keeps its own form."""
    for paragraph in list(root.iter(P)):
        marks = paragraph.find(f"{W}pPr/{W}rPr")
        if marks is None or not any(marks.find(tag) is not None for tag in dropped):
            continue
        following = paragraph.getnext()
        content = [child for child in paragraph if child.tag != f"{W}pPr"]
        if following is not None and following.tag == P:
            at = 0 if following.find(f"{W}pPr") is None else 1
            following[at:at] = content
            _remove(paragraph)
        elif not any(child.tag not in dropped for child in content) and not _is_needed(paragraph):
            _remove(paragraph)


def _is_needed(paragraph: etree._Element) -> bool:
    """Say whether this is the one paragraph a cell must have at its end."""
    parent = paragraph.getparent()
    return parent is not None and parent.tag == f"{W}tc" and len(parent.findall(P)) == 1


def _unwrap(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    parent[at : at + 1] = list(element)


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
