"""Whether a Word file may serve as a template: each command in it known, closed and harmless.

The commands of a paragraph are written on a line of their own in a small Jinja source, so that the
line where Jinja finds something wrong is the number of the paragraph. What would be carried out but
is not in the text (in an attribute, a field code) is refused: nobody could see it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jinja2 import TemplateSyntaxError, nodes
from lxml import etree

from portal.core.i18n import N_
from portal.core.rendering import sandbox
from portal.core.rendering.inspection import problems_of
from portal.core.rendering.package import W, read
from portal.core.rendering.paragraphs import P, T, place_of, text_of, text_parts
from portal.core.rendering.problems import Problem, RefusedError, excerpt
from portal.core.rendering.schema import Schema

# No braces inside, so that no text takes more than one pass, whatever is in it.
_COMMAND = re.compile(r"\{\{[^{}]*\}\}|\{%[^{}]*%\}|\{#[^{}]*#\}")
MAX_COMMANDS = 5_000
MAX_PARAGRAPHS = 4_000  # the longest contract has some hundreds of its own
_BRACES = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}|\{\s+[\{%]|[\}%]\s+\}")
_OPENING = re.compile(r"\{[{%#]")
_RAW = re.compile(r"\{%[-+]?\s*(end)?raw\b")
_SCOPE = re.compile(r"^\{[%#](p|tr|tc)(?=\s)")
_NODES = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Const),
    *(nodes.For, nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or),
    *(nodes.Not, nodes.Filter, nodes.Test),
)
_PLAIN_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " "})


@dataclass(frozen=True)
class _Line:
    """A paragraph of a part: its text, and the commands in it as Jinja reads them."""

    text: str
    commands: tuple[str, ...]


def inspect_template(data: bytes, allowed_fields: Iterable[str]) -> list[Problem]:
    """Return what is wrong with a template; nothing means that it may be used.

    `allowed_fields`: dotted names, a list marked by [], as in "partners[].naam".
    """
    try:
        package = read(data)
    except RefusedError as refused:
        return refused.problems
    found = problems_of(package, max_paragraphs=MAX_PARAGRAPHS)
    if found:
        return found
    schema = Schema.of(allowed_fields)
    for part in text_parts(package):
        root = package.trees[part]
        found += _of_part([_line(text_of(p)) for p in root.iter(P)], schema)
        found += [*_swallowed(root), *_hidden(root, part)]
    return found


def _line(text: str) -> _Line:
    commands = (c.translate(_PLAIN_QUOTES) for c in _COMMAND.findall(text))
    return _Line(text, tuple(_SCOPE.sub(lambda m: m[0][:2], c) for c in commands))


def _of_part(lines: list[_Line], schema: Schema) -> Iterator[Problem]:
    def at(number: int) -> str:
        return f"“{excerpt(lines[min(number, len(lines)) - 1].text)}”" if lines else ""

    if sum(len(line.commands) for line in lines) > MAX_COMMANDS:
        yield Problem(N_("Dit sjabloon heeft te veel opdrachten."))
        return
    for number, line in enumerate(lines, start=1):
        if any(_RAW.match(c) for c in line.commands):
            yield Problem(
                N_("De opdracht “%(name)s” mag niet in een sjabloon."), at(number), {"name": "raw"}
            )
            return
        if _BRACES.search(_COMMAND.sub("", line.text)):
            words = N_("Een accolade is niet gesloten of staat los: gebruik {{ … }} of {%% … %%}.")
            yield Problem(words, at(number))
            return
    source = "\n".join("".join(line.commands).replace("\n", " ") for line in lines)
    try:
        tree = sandbox.environment().parse(source)
    except TemplateSyntaxError as error:
        words = N_("Deze opdracht klopt niet of is niet afgesloten (%(reason)s).")
        yield Problem(words, at(error.lineno), {"reason": error.message or ""})
        return
    unsafe = list(_unsafe(tree))
    for node, words, name in unsafe:
        yield Problem(words, at(node.lineno), {"name": name})
    if not unsafe:
        for lineno, name in schema.unknown(tree):
            words = N_("Het veld “%(name)s” bestaat niet.")
            yield Problem(words, at(lineno), {"name": name})


def _unsafe(tree: nodes.Template) -> Iterator[tuple[nodes.Node, str, str]]:
    for node in tree.find_all(nodes.Node):
        if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
            yield node, N_("De naam “%(name)s” mag niet in een sjabloon."), node.attr
        elif isinstance(node, nodes.Filter) and node.name not in sandbox.FILTERS:
            yield node, N_("De bewerking “%(name)s” mag niet in een sjabloon."), node.name
        elif isinstance(node, nodes.Test) and node.name not in sandbox.TESTS:
            yield node, N_("De test “%(name)s” mag niet in een sjabloon."), node.name
        elif isinstance(node, nodes.For) and (node.recursive or node.test is not None):
            yield node, N_("Deze vorm van herhaling (%(name)s) mag niet in een sjabloon."), "for"
        elif not isinstance(node, _NODES):
            words = N_("De opdracht “%(name)s” mag niet in een sjabloon.")
            yield node, words, type(node).__name__.lower()


def _hidden(root: etree._Element, part: str) -> Iterator[Problem]:
    """Give what the renderer would carry out in a part although it is not in its text."""
    for element in root.iter():
        in_text = element.tag == T and next(element.iterancestors(P), None) is not None
        written = [*element.attrib.values(), element.tail, None if in_text else element.text]
        for text in written:
            if text and _OPENING.search(text):
                words = N_("Een opdracht staat buiten de zichtbare tekst: %(command)s")
                yield Problem(words, part, {"command": excerpt(text)})


def _swallowed(root: etree._Element) -> Iterator[Problem]:
    """Give the paragraphs and rows whose other text would vanish with the command in them."""
    for paragraph in root.iter(P):
        text = text_of(paragraph)
        scopes = {m[1] for c in _COMMAND.findall(text) if (m := _SCOPE.match(c))}
        rest = _COMMAND.sub("", text).strip()
        if "p" in scopes and (rest or len(_COMMAND.findall(text)) > 1):
            words = N_("Een opdracht met {%%p … %%} moet alleen in haar alinea staan.")
            yield Problem(words, place_of(paragraph, ""))
        row = next(paragraph.iterancestors(f"{W}tr"), None) if "tr" in scopes else None
        if row is not None and len("".join(text_of(p) for p in row.iter(P)).strip()) != len(
            text.strip()
        ):
            words = N_("Een opdracht met {%%tr … %%} moet alleen in haar rij staan.")
            yield Problem(words, place_of(paragraph, ""))
