"""Whether a Word file may come in: nothing in it acts, reaches outside or hides.

`inspect_docx` is for every Word file from outside; `template.inspect_template` adds what holds for
templates. Both answer with all problems at once, each with the place to find it.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml import etree

from portal.core.i18n import N_
from portal.core.rendering import fields
from portal.core.rendering.package import Package, W, is_xml, read
from portal.core.rendering.paragraphs import P, place_of, text_parts
from portal.core.rendering.problems import Problem, RefusedError, excerpt

_ACTIVE_PART = re.compile(
    r"vbaProject|vbaData|activeX|/embeddings/|oleObject|attachedToolbars|\.bin$|\.exe$|\.dll$"
    r"|\.js$|\.vbs$|\.html?$|\.mht$|\.rtf$|afchunk|webextensions",
    re.IGNORECASE,
)
_MACRO_TYPE = re.compile(rb"macroEnabled|vbaProject|ms-office\.activeX", re.IGNORECASE)
MAX_PARAGRAPHS = 20_000  # a contract of eight partners with all its tables has two thousand
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_REVISIONS = tuple(
    f"{W}{name}"
    for name in (
        *("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "tblPrChange"),
        *("trPrChange", "tcPrChange", "sectPrChange", "numberingChange", "cellIns", "cellDel"),
    )
)
_HYPERLINK_SCHEMES = ("http", "https", "mailto")


def inspect_docx(data: bytes, *, revisions_allowed: bool = False) -> list[Problem]:
    """Return what is wrong with a Word file; nothing means that it may come in.

    `revisions_allowed`: a partner's counter-proposal may carry its changes as tracked changes.
    """
    try:
        package = read(data)
    except RefusedError as refused:
        return refused.problems
    return problems_of(package, revisions_allowed=revisions_allowed)


def problems_of(
    package: Package, *, revisions_allowed: bool = False, max_paragraphs: int = MAX_PARAGRAPHS
) -> list[Problem]:
    """Return what is wrong with a file that was unpacked."""
    if sum(1 for part in text_parts(package) for _ in package.trees[part].iter(P)) > max_paragraphs:
        return [Problem(N_("Dit document heeft te veel alinea's."))]
    found = [
        *_parts(package),
        *_relationships(package),
        *fields.problems(package),
        *_imports(package),
    ]
    if not revisions_allowed:
        found += _revisions(package)
    return found


def _parts(package: Package) -> Iterator[Problem]:
    for name, data in package.parts.items():
        if _ACTIVE_PART.search(name):
            yield Problem(N_("Dit onderdeel kan een macro of programma bevatten."), name)
        elif data.startswith((b"MZ", b"\x7fELF")):
            yield Problem(N_("Dit onderdeel is een programma."), name)
        elif not is_xml(name) and name.lower().endswith((".svg", ".emf", ".wmf")):
            yield Problem(N_("Deze soort afbeelding mag niet; gebruik PNG of JPEG."), name)
    if _MACRO_TYPE.search(package.parts["[Content_Types].xml"]):
        yield Problem(
            N_("Dit document kan macro's bevatten. Sla het op als Word-document zonder macro's.")
        )


def _relationships(package: Package) -> Iterator[Problem]:
    for name, root in package.trees.items():
        if not name.endswith(".rels"):
            continue
        for one in root.iter(_RELATIONSHIP):
            kind = one.get("Type", "").rsplit("/", 1)[-1]
            target = one.get("Target", "")
            if one.get("TargetMode", "").lower() == "external":
                if kind == "hyperlink" and urlsplit(target).scheme.lower() in _HYPERLINK_SCHEMES:
                    continue
                yield Problem(
                    N_("Het document verwijst naar iets buiten het bestand: %(target)s"),
                    name,
                    {"target": excerpt(target)},
                )
            elif kind in ("attachedTemplate", "oleObject", "aFChunk", "frame", "subDocument"):
                words = N_("Het document voegt een ander bestand in (%(kind)s); dat mag niet.")
                yield Problem(words, name, {"kind": kind})


def _imports(package: Package) -> Iterator[Problem]:
    for name in text_parts(package):
        for element in package.trees[name].iter(f"{W}altChunk", f"{W}subDoc", f"{W}object"):
            words = N_("Hier is een ander bestand of object ingevoegd; dat mag niet.")
            yield Problem(words, place_of(_paragraph_of(element), name))


def _revisions(package: Package) -> Iterator[Problem]:
    for name in text_parts(package):
        seen: set[str] = set()
        for element in package.trees[name].iter(*_REVISIONS):
            place = place_of(_paragraph_of(element), name)
            if place not in seen:
                seen.add(place)
                yield Problem(
                    N_("Hier staat nog een bijgehouden wijziging open. Aanvaard of verwerp ze."),
                    place,
                )


def _paragraph_of(element: etree._Element) -> etree._Element | None:
    if element.tag == P:
        return element
    inside = next(element.iter(P), None)
    return next(element.iterancestors(P), inside)
