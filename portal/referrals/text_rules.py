"""How texts for families are written: paragraphs, `## headings`, `- items`, and {places}.

Nothing else means anything: a text is never a template, and comes out as it was written.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.referrals.text_kinds import NEEDED, PLACES, TextKind

_PLACE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Block:
    """A piece of a text. kind: `heading`, `text` or `list`, whose lines are its items."""

    kind: str
    lines: tuple[str, ...]


def fill(line: str, values: Mapping[str, str]) -> str:
    """Return a line with its places filled in; what is not known stays as it is."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), line)


def blocks(body: str, values: Mapping[str, str]) -> list[Block]:
    """Return the pieces of a text with its places filled in; what is not known stays as it is."""

    found: list[Block] = []
    for piece in re.split(r"\n\s*\n", body.strip()):
        run: list[str] = []
        items: list[str] = []
        for line in piece.splitlines():
            if line.startswith("- "):
                items.append(fill(line[2:].strip(), values))
            elif line.startswith("## "):
                found.append(Block("heading", (fill(line[3:].strip(), values),)))
            elif line.strip():
                run.append(fill(line.strip(), values))
        if run:
            found.append(Block("text", (" ".join(run),)))
        if items:
            found.append(Block("list", tuple(items)))
    return found


def sections(found: list[Block]) -> list[list[Block]]:
    """Return the pieces grouped: each heading begins a group."""
    groups: list[list[Block]] = []
    for block in found:
        if block.kind == "heading" or not groups:
            groups.append([])
        groups[-1].append(block)
    return groups


def phrases(body: str) -> dict[str, str]:
    """Return the words of a page by their key."""
    pairs = (line.split(":", 1) for line in body.splitlines() if ":" in line)
    return {key.strip(): words.strip() for key, words in pairs}


def check(kind: TextKind, body: str, dutch: str, shipped: str, language: str | None = None) -> None:
    """Raise DomainError for a text that would not work beside the Dutch one."""
    where = {"language": language or ""}
    if kind == TextKind.PAGE:
        _check_phrases(body, shipped, where)
        return
    used = set(_PLACE.findall(body))
    for name in sorted(used - PLACES[kind]):
        message = N_("{%(place)s} bestaat niet in deze tekst (%(language)s).")
        raise DomainError(message, "body", place=name, **where)
    for name in sorted(NEEDED.get(kind, frozenset()) - used):
        message = N_("Zet ook {%(place)s} in de tekst (%(language)s).")
        raise DomainError(message, "body", place=name, **where)
    if len(sections(blocks(body, {}))) != len(sections(blocks(dutch, {}))):
        message = N_(
            "Gebruik evenveel tussentitels (##) als in het Nederlands: ze komen naast elkaar te "
            "staan (%(language)s)."
        )
        raise DomainError(message, "body", **where)


def _check_phrases(body: str, shipped: str, where: Mapping[str, str]) -> None:
    wanted, found = phrases(shipped), phrases(body)
    for key in sorted(wanted.keys() ^ found.keys()):
        if key in wanted:
            message = N_("De regel “%(place)s:” ontbreekt (%(language)s).")
        else:
            message = N_("De regel “%(place)s:” bestaat niet (%(language)s).")
        raise DomainError(message, "body", place=key, **where)
    for key, words in found.items():
        if set(_PLACE.findall(words)) - set(_PLACE.findall(wanted[key])) or not words:
            message = N_("Kijk de regel “%(place)s:” na (%(language)s).")
            raise DomainError(message, "body", place=key, **where)
