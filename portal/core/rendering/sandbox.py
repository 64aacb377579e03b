"""Fill in a Word template where nothing but filling in can happen.

This file is imported by the portal, and run by path as a program of its own (see `jail`) for
templates that people uploaded; so it imports nothing of the portal. The program reads one line of
JSON (title, context) and then the template from its input, and writes the document.
"""

import io
import json
import sys
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

FILTERS = frozenset({"first", "join", "last", "length", "lower", "upper"})
TESTS = frozenset({"defined", "none"})
TEMPLATE_ERROR = 3  # exit code: the template itself is wrong, standard error says how
LONGEST_TITLE = 255  # of the core properties


def environment() -> ImmutableSandboxedEnvironment:
    """Return the only Jinja environment templates are parsed and rendered in."""
    made = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    made.globals.clear()
    for table, kept in ((made.filters, FILTERS), (made.tests, TESTS)):
        for name in set(table) - kept:
            del table[name]
    return made


class SealedTemplate(DocxTemplate):
    """docxtpl without what loses or changes text.

    docxtpl itself reads broken XML leniently (dropping text), rewrites "{_{" in values, and
    escapes values twice in the document properties.
    """

    def render_xml_part(self, src_xml: str, part: Any, context: Any, jinja_env: Any = None) -> str:
        self.current_rendering_part = part
        rendered = jinja_env.from_string(src_xml).render(context)
        etree.fromstring(rendered)  # strictly: docxtpl goes on to recover, that is to drop
        return self.resolve_listing(rendered)

    def render_properties(self, context: Any, jinja_env: Any = None) -> None:
        """The portal sets the properties itself; nothing in them is a template."""


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
