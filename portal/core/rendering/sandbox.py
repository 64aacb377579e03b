"""Fill in a Word template where nothing but filling in can happen.

This file is imported by the portal, and run by path as a program of its own (see `jail`) for
templates that people uploaded; so it imports nothing of the portal. The program reads one line of
JSON (title, context) and then the template from its input, and writes the document.
"""

import io
import json
import sys
from functools import lru_cache
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

FILTERS = frozenset({"first", "join", "last", "length", "lower", "upper"})
TESTS = frozenset({"defined", "none"})
TEMPLATE_ERROR = 3  # exit code: the template itself is wrong, standard error says how
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LONGEST_TITLE = 255  # of the core properties


def environment() -> ImmutableSandboxedEnvironment:
    """Return the only Jinja environment templates are parsed and rendered in."""
    made = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    made.globals.clear()
    for table, kept in ((made.filters, FILTERS), (made.tests, TESTS)):
        for name in set(table) - kept:
            del table[name]
    return made


# The templates that come with the portal are filled in all the time, each part the same way.
@lru_cache(maxsize=64)
def _patched(part: str) -> str:
    return DocxTemplate("").patch_xml(part)  # which looks at nothing but the part


@lru_cache(maxsize=64)
def _compiled(source: str) -> Template:
    return environment().from_string(source)


class SealedTemplate(DocxTemplate):
    """docxtpl without what loses or changes text.

    docxtpl itself reads broken XML leniently (dropping text), rewrites "{_{" in values, and
    escapes values twice in the document properties.
    """

    def render_xml_part(self, src_xml: str, part: Any, context: Any, jinja_env: Any = None) -> str:  # noqa: ARG002 - one there is
        self.current_rendering_part = part
        return self.resolve_listing(_compiled(src_xml).render(context))

    def patch_xml(self, src_xml: str) -> str:
        """Return a part with its commands made ready for Jinja."""
        return _patched(src_xml)

    def fix_tables(self, xml: str) -> Any:
        """Return the body, each table's columns as wide as its cells say.

        Repeated columns make a row longer than the table was; the widest column makes room.
        """
        body = etree.fromstring(xml)  # strictly: docxtpl itself recovers, that is drops text
        for table in body.iter(f"{_W}tbl"):
            _fit_columns(table)
        return body

    def render_properties(self, context: Any, jinja_env: Any = None) -> None:
        """The portal sets the properties itself; nothing in them is a template."""


def _fit_columns(table: etree._Element) -> None:
    grid = table.find(f"{_W}tblGrid")
    rows = [row.findall(f"{_W}tc") for row in table.iterchildren(f"{_W}tr")]
    longest = max(rows, key=len, default=[])
    if grid is None or any(_span(cell) > 1 for cell in longest):
        return
    widths = [_width(cell) for cell in longest]
    # As many columns as before may still be others: those of a loop stood for its commands.
    if not all(widths) or widths == [int(column.get(f"{_W}w", "0")) for column in grid]:
        return
    widest = widths.index(max(widths))
    widths[widest] -= sum(widths) - sum(int(column.get(f"{_W}w", "0")) for column in grid)
    for column in list(grid):
        grid.remove(column)
    for width in widths:
        etree.SubElement(grid, f"{_W}gridCol", {f"{_W}w": str(width)})
    for row in rows:
        _fit_row(row, widths)


def _fit_row(cells: list[etree._Element], widths: list[int]) -> None:
    at = 0
    for number, cell in enumerate(cells, start=1):
        span = len(widths) - at if number == len(cells) else _span(cell)
        properties = cell.find(f"{_W}tcPr")
        if properties is not None:
            spanned = properties.find(f"{_W}gridSpan")
            if spanned is not None:
                spanned.set(f"{_W}val", str(span))
            width = properties.find(f"{_W}tcW")
            if width is not None:
                width.set(f"{_W}w", str(sum(widths[at : at + span])))
        at += span


def _span(cell: etree._Element) -> int:
    found = cell.find(f"{_W}tcPr/{_W}gridSpan")
    return 1 if found is None else int(found.get(f"{_W}val", "1"))


def _width(cell: etree._Element) -> int:
    found = cell.find(f"{_W}tcPr/{_W}tcW")
    return 0 if found is None else int(found.get(f"{_W}w", "0"))


def fill(template: bytes, context: dict[str, Any], title: str) -> bytes:
    """Return the Word document. Raises TemplateError or etree.XMLSyntaxError."""
    document = SealedTemplate(io.BytesIO(template))
    document.render(context, environment(), autoescape=True)
    made: Any = document.docx
    made.core_properties.title = title[:LONGEST_TITLE]
    made.core_properties.language = "nl-BE"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def main() -> int:
    """Run as a program; see above."""
    header = json.loads(sys.stdin.buffer.readline())
    try:
        filled = fill(sys.stdin.buffer.read(), header["context"], header["title"])
    except (TemplateError, etree.XMLSyntaxError) as error:
        sys.stderr.write(str(error))
        return TEMPLATE_ERROR
    sys.stdout.buffer.write(filled)
    return 0


if __name__ == "__main__":
    sys.exit(main())
