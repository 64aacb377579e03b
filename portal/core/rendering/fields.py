"""The fields of a Word file: codes that Word carries out when it opens or prints it.

Some fetch or run things, and their names can be hidden in other fields; so only those a contract
needs are let in.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from portal.core.i18n import N_
from portal.core.rendering.package import Package, W
from portal.core.rendering.paragraphs import P, place_of, text_parts
from portal.core.rendering.problems import Problem

ALLOWED = frozenset(
    {
        *("PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "TOC", "TC", "REF", "PAGEREF", "NOTEREF"),
        *("STYLEREF", "SEQ", "LISTNUM", "HYPERLINK", "SYMBOL", "TITLE", "SUBJECT", "AUTHOR"),
        *("DATE", "TIME", "CREATEDATE", "SAVEDATE", "PRINTDATE", "DOCPROPERTY", "NUMWORDS"),
        *("FORMTEXT", "FORMCHECKBOX", "FORMDROPDOWN"),
    }
)
_LINK = re.compile(r"^\s*HYPERLINK\s+(\\[lmnot]\s+)*\"?(https?://|mailto:)", re.I)
_LOCAL_LINK = re.compile(r"^\s*HYPERLINK\s+(\\[mnot]\s+)*\\l\b", re.I)
_CHARACTER, _TEXT, _DELETED = f"{W}fldChar", f"{W}instrText", f"{W}delInstrText"


@dataclass
class _Open:
    """A field under way: its instruction so far, and whether its result has begun."""

    start: etree._Element
    words: list[str] = field(default_factory=list)
    result: bool = False


def problems(package: Package) -> Iterator[Problem]:
    """Give the fields that may not be there, each with the paragraph it is in."""
    for part in text_parts(package):
        for element, instruction in _instructions(package.trees[part]):
            name = instruction.split(maxsplit=1)[0].upper() if instruction.strip() else ""
            if name in ALLOWED and (name != "HYPERLINK" or _is_plain_link(instruction)):
                continue
            yield Problem(
                N_("Het veld %(field)s mag niet: het kan iets ophalen of uitvoeren."),
                place_of(next(element.iterancestors(P), None), part),
                {"field": name[:40] or "?"},
            )


def _is_plain_link(instruction: str) -> bool:
    return bool(_LINK.match(instruction) or _LOCAL_LINK.match(instruction))


def _instructions(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Give each field with its instruction, which may be cut over runs and paragraphs."""
    stack: list[_Open] = []
    for element in root.iter(_CHARACTER, _TEXT, _DELETED, f"{W}fldSimple"):
        if element.tag == f"{W}fldSimple":
            yield element, element.get(f"{W}instr", "")
        elif element.tag == _CHARACTER:
            kind = element.get(f"{W}fldCharType")
            if kind == "begin":
                stack.append(_Open(element))
            elif stack and kind == "separate":
                stack[-1].result = True
            elif stack and kind == "end":
                done = stack.pop()
                yield done.start, "".join(done.words)
        elif stack and not stack[-1].result:
            stack[-1].words.append(element.text or "")
        else:
            yield element, element.text or ""
    for left in stack:
        yield left.start, "".join(left.words)
