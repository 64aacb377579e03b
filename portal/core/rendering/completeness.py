"""Whether a PDF says everything its Word document says.

Converters drop what they do not understand without a word. A contract may not lose one: after every
conversion each paragraph must be found in the PDF, or, where the end of a page cuts it, each of its
words. Before it, each character must have a shape in the font.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pypdfium2
from lxml import etree
from word2pdf.fonts import read_font

from portal.core.i18n import N_
from portal.core.rendering.package import DOCUMENT, Package, W
from portal.core.rendering.paragraphs import paragraphs, place_of, text_of
from portal.core.rendering.problems import Problem
from portal.core.rendering.word import FACES

MAX_PROBLEMS = 8
# Converters break lines at hyphens and spaces, and print a soft hyphen only there.
_IGNORED = re.compile(r"[\s\u00ad\u200b\u2060\ufffe\x02-\x1f\u2010\u2011-]+")
_COUNTED_ANEW = re.compile(r"[0-9]+")  # page numbers: a field's old result says nothing
_FIELD = f"{W}fldChar", f"{W}fldSimple"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def unprintable(package: Package) -> list[Problem]:
    """Return the paragraphs with characters for which the font of contracts has no shape."""
    found = []
    for part, paragraph in _printed(package):
        lacking = sorted(c for c in set(text_of(paragraph)) if not _has_shape(c))
        if lacking:
            words = N_("Dit teken kan niet afgedrukt worden: %(characters)s")
            shown = " ".join(f"{c} (U+{ord(c):04X})" for c in lacking[:MAX_PROBLEMS])
            found.append(Problem(words, place_of(paragraph, part), {"characters": shown}))
    return found[:MAX_PROBLEMS]


def missing(package: Package, pdf: bytes) -> list[Problem]:
    """Return the paragraphs that are not in the PDF, with the words that are not."""
    printed = _plain(text_of_pdf(pdf))
    found = []
    needed: Counter[str] = Counter()
    for part, paragraph in _printed(package):
        whole = _plain(text_of(paragraph))
        needed[whole] += 1
        if not whole or printed.count(whole) >= needed[whole]:
            continue
        lost = [w for w in _words(paragraph) if w not in printed]
        if lost:
            words = N_("Tekst ontbreekt in de PDF: %(words)s")
            shown = " ".join(lost[:MAX_PROBLEMS])
            found.append(Problem(words, place_of(paragraph, part), {"words": shown}))
    return found[:MAX_PROBLEMS]


def text_of_pdf(pdf: bytes) -> str:
    """Return the text of all pages, as a reader would copy it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(_page_texts(document))
    finally:
        document.close()


def _page_texts(document: pypdfium2.PdfDocument) -> Iterator[str]:
    for page in document:
        text = page.get_textpage()
        yield text.get_text_bounded()
        text.close()
        page.close()


def _printed(package: Package) -> Iterator[tuple[str, etree._Element]]:
    """Give each paragraph that must be printed, with its part.

    Of the headers and footers those of ordinary pages; a first or even page may not exist.
    """
    targets = {
        r.get("Id"): f"word/{r.get('Target', '').removeprefix('/word/')}"
        for r in package.trees.get("word/_rels/document.xml.rels", ())
        if r.tag == _PACKAGE
    }
    kinds = (f"{W}headerReference", f"{W}footerReference")
    used = [e for e in package.body.iter(*kinds) if e.get(f"{W}type") == "default"]
    parts = [DOCUMENT, *(targets.get(e.get(_RELATION), "") for e in used)]
    for part in dict.fromkeys(parts):
        if part in package.trees:
            for paragraph in paragraphs(package.trees[part]):
                yield part, paragraph


def _words(paragraph: etree._Element) -> list[str]:
    has_field = next(paragraph.iter(*_FIELD), None) is not None
    words = [w for w in map(_plain, text_of(paragraph).split()) if w]
    return [w for w in words if not (has_field and _COUNTED_ANEW.fullmatch(w))]


def _plain(text: str) -> str:
    """Return text without what a converter may change: spaces, hyphens, ligatures, capitals."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text)).casefold()


@cache
def _has_shape(character: str) -> bool:
    return character.isspace() or all(face.covers(character) for face in _faces())


@cache
def _faces() -> list:
    return [read_font(path) for path in FACES]
