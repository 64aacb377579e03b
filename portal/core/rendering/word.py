"""Convert Word to PDF with word2pdf: from standard input to standard output.

Run by path, in the jail (see `conversion`), so it imports nothing of the portal. It uses the four
faces of Lato that ship with the portal and no font of the machine, so that the same document gives
the same bytes everywhere. An argument gives the document's language.
"""

import sys
from pathlib import Path
from typing import Any

import fontpkg_lato
from reportlab import rl_config
from word2pdf import api
from word2pdf.fonts import FontManager, manager
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


class _Renderer(Renderer):
    """Adds what a reading aid needs and word2pdf leaves out: the language, and the title shown."""

    language = "nl-BE"

    def _set_metadata(self, canvas: Any) -> None:
        super()._set_metadata(canvas)
        canvas.setCatalogEntry("Lang", self.language)
        canvas.setViewerPreference("DisplayDocTitle", "true")


def main(language: str) -> int:
    """Run as a program; see above."""
    rl_config.invariant = 1
    _Renderer.language = language
    replaced: Any = ((manager, "FontIndex", _Index), (api, "FontManager", _Fonts))
    for module, name, ours in (*replaced, (api, "Renderer", _Renderer)):
        setattr(module, name, ours)  # word2pdf offers no way to choose these
    api.Converter(default_font=FAMILY, font_cache=False).convert(
        sys.stdin.buffer, sys.stdout.buffer
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
