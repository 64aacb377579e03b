"""Convert Word to PDF with word2pdf: from standard input to standard output.

Run by path, in the jail (see `conversion`), so it imports nothing of the portal. It uses the four
faces of Lato that ship with the portal and no font of the machine, so that the same document gives
the same bytes everywhere. An argument gives the document's language.
"""

import gc
import sys
from itertools import takewhile
from pathlib import Path
from typing import Any

import fontpkg_lato
from reportlab import rl_config
from word2pdf import api
from word2pdf.document import parser, props
from word2pdf.fonts import FontManager, manager
from word2pdf.layout import Flow, Layouter, ParaBox, TableBox, engine, flow
from word2pdf.render import Renderer

FAMILY = "Lato"
FACES = tuple(
    str(Path(fontpkg_lato.ROOT) / "files" / f"Lato-{face}.ttf")
    for face in ("Regular", "Italic", "Bold", "BoldItalic")
)
MISSING_CHARACTER = 4  # exit code: standard error has the characters no face can print


class _Index(manager.FontIndex):
    """Knows the four faces and no font of the machine."""

    def _font_files(self) -> list[str]:
        return list(FACES)


class _Fonts(FontManager):
    """Gives Lato for every family: a template may name a font that Word has and we have not."""

    def _candidates(self, family: str) -> list[str]:  # noqa: ARG002 - any family
        return [FAMILY.lower()]


class _Flow(Flow):
    """Keeps a heading with what follows, and the head of a table with the first row of content."""

    def _handle_keep_group(self, boxes: list[Any], index: int) -> None:
        super()._handle_keep_group(boxes, index)
        kept = list(takewhile(_keeps_with_next, boxes[index:]))
        after = boxes[index + len(kept)] if index + len(kept) < len(boxes) else None
        above = sum(box.height for box in kept)
        if isinstance(after, TableBox):
            self._make_room(above + _height_of_head(after))
        elif isinstance(after, ParaBox) and kept:
            self._make_room(above + _height_of_start(after))

    def _place_table(self, box: TableBox) -> None:
        self._make_room(_height_of_head(box))
        super()._place_table(box)

    def _make_room(self, height: float) -> None:
        whole = self.frame.bottom - self.frame.top
        if self._available < height <= whole and not self._at_frame_top():
            self._next_frame()


def _keeps_with_next(box: Any) -> bool:
    return isinstance(box, ParaBox) and box.keep_next


def _height_of_start(paragraph: ParaBox) -> float:
    """Return the height of what widow control keeps together at the top of a paragraph."""
    lines = paragraph.lines if len(paragraph.lines) <= 3 else paragraph.lines[:2]
    return paragraph.space_before + sum(line.height for line in lines)


def _height_of_head(table: TableBox) -> float:
    return sum(row.height for row in table.rows[: len(table.repeat_header) + 1])


class _Renderer(Renderer):
    """Adds what a reading aid needs and word2pdf leaves out: the language, the title, bookmarks."""

    language = "nl-BE"
    _bookmarks = 0

    def _set_metadata(self, canvas: Any) -> None:
        super()._set_metadata(canvas)
        canvas.setCatalogEntry("Lang", self.language)
        canvas.setViewerPreference("DisplayDocTitle", "true")

    def _add_outline(self, canvas: Any, op: Any, page_height: float, stack: list[Any]) -> None:
        """Add a heading to the outline, under a key of its own.

        word2pdf makes the key of an address in memory, which two headings may share: one of them
        then leads to the other's page, and the same document does not give the same bytes.
        """
        self._bookmarks += 1
        level = max(0, op.level)
        del stack[level:]
        stack.extend([None] * (level - len(stack)))
        key = f"heading-{self._bookmarks}"
        canvas.bookmarkHorizontal(key, 0, page_height - op.y)
        canvas.addOutlineEntry(op.title[:120], key, level=level, closed=False)
        stack.append(key)


class _Layouter(Layouter):
    """Measures each word in each style once: the words of a contract come back all the time."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self._measured: dict[Any, list[Any]] = {}

    def make_pieces(self, text: str, props: Any, link: Any) -> list[Any]:
        if link is not None:
            return super().make_pieces(text, props, link)
        found = self._measured.get((text, props))
        if found is None:
            found = self._measured[text, props] = super().make_pieces(text, props, None)
        return list(found)  # a caller lengthens it; the pieces themselves are replaced, not changed

    def _note_pieces(self, item: Any) -> list[Any]:
        kept, self._measured = self._measured, {}  # the mark is written on its piece
        made = super()._note_pieces(item)
        self._measured = kept
        return made


def _replaced(one: Any, **changes: Any) -> Any:
    """Do what dataclasses.replace does, for word2pdf's plain dataclasses, in less time."""
    made = object.__new__(type(one))
    made.__dict__.update(one.__dict__, **changes)
    return made


def _merged(base: Any, over: Any) -> Any:
    """Do what props._merge_dataclass does, looking only at what is set."""
    if over is None or base is None:
        return base if over is None else over
    changes = {name: value for name, value in over.__dict__.items() if value is not None}
    if "borders" in changes:
        changes["borders"] = {**(base.borders or {}), **changes["borders"]}
    return _replaced(base, **changes)


# word2pdf offers no way to choose these.
OURS: Any = (
    (manager, "FontIndex", _Index),
    (api, "FontManager", _Fonts),
    (api, "Flow", _Flow),
    (api, "Renderer", _Renderer),
)
# The same bytes in less time; a test compares them.
FASTER: Any = (
    (api, "Layouter", _Layouter),
    (props, "_merge_dataclass", _merged),
    *((module, "replace", _replaced) for module in (engine, flow, parser, props)),
)


def main(language: str) -> int:
    """Run as a program; see above."""
    gc.disable()  # it lives a second, within a limit of memory
    rl_config.invariant = 1
    _Renderer.language = language
    for module, name, ours in (*OURS, *FASTER):
        setattr(module, name, ours)
    api.Converter(default_font=FAMILY, font_cache=False).convert(
        sys.stdin.buffer, sys.stdout.buffer
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
