"""Word to PDF: by LibreOffice where it is installed, else by word2pdf; checked after both."""

import atexit
import json
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from portal.core.i18n import N_
from portal.core.rendering import completeness, jail, word
from portal.core.rendering.inspection import problems_of
from portal.core.rendering.jail import JailError, Limits, TimeLimitError
from portal.core.rendering.package import read
from portal.core.rendering.problems import Problem, RefusedError

LANGUAGE = "nl-BE"
# PDF/A-2b with tags: readable for decades, and by a screen reader.
_EXPORT = "pdf:writer_pdf_Export:" + json.dumps(
    {
        name: {"type": kind, "value": value}
        for name, kind, value in (
            ("SelectPdfVersion", "long", "2"),
            ("UseTaggedPDF", "boolean", "true"),
            ("ExportBookmarks", "boolean", "true"),
            ("UseLosslessCompression", "boolean", "true"),
        )
    }
)
_TOO_SLOW = N_("Het omzetten naar PDF duurde te lang. Maak het document eenvoudiger.")
_FAILED = N_("Dit document kan niet naar PDF omgezet worden.")


def find_libreoffice() -> str | None:
    """Return the path of LibreOffice, or None."""
    return shutil.which("soffice") or shutil.which("libreoffice")


@dataclass(frozen=True)
class Converter:
    """Makes PDFs. `libreoffice`: the program to use, None for word2pdf."""

    libreoffice: str | None = field(default_factory=find_libreoffice)
    limits: Limits = field(default_factory=lambda: Limits(seconds=60))

    @property
    def name(self) -> str:
        """Return which converter this is, for a log or a page."""
        return "LibreOffice" if self.libreoffice else "word2pdf"

    def to_pdf(self, docx: bytes) -> bytes:
        """Return the PDF of a Word document, with every word of it.

        Raises RefusedError for a file that may not come in, holds open tracked changes, takes too
        much time or memory, or would lose text.
        """
        package = read(docx)
        problems = problems_of(package)
        if not self.libreoffice:  # which finds a shape elsewhere
            problems += completeness.unprintable(package)
        if problems:
            raise RefusedError(problems)
        try:
            pdf = self._by_libreoffice(docx) if self.libreoffice else self._by_word2pdf(docx)
        except TimeLimitError as error:
            raise RefusedError([Problem(_TOO_SLOW)]) from error
        except JailError as error:
            raise RefusedError([Problem(_FAILED)]) from error
        problems = completeness.missing(package, pdf)
        if problems:
            raise RefusedError(problems)
        return pdf

    def _by_word2pdf(self, docx: bytes) -> bytes:
        program = [sys.executable, "-I", word.__file__, LANGUAGE]
        return jail.run(program, docx, self.limits)

    def _by_libreoffice(self, docx: bytes) -> bytes:
        """Convert with a profile that is thrown away: nothing of one document meets the next."""
        assert self.libreoffice
        with tempfile.TemporaryDirectory(prefix="portal-") as name:
            folder = Path(name)
            (folder / "in.docx").write_bytes(docx)
            _offer_fonts(folder)
            shutil.copytree(_new_profile(self.libreoffice), folder / "profile")
            program = _libreoffice(self.libreoffice, folder, "--convert-to", _EXPORT, "in.docx")
            said = jail.run(program, b"", self.limits, folder)
            made = folder / "in.pdf"
            if not made.exists():
                raise JailError(0, said.decode(errors="replace"))
            return made.read_bytes()


def _libreoffice(program: str, folder: Path, *arguments: str) -> list[str]:
    profile = f"-env:UserInstallation=file://{folder}/profile"
    return [program, profile, "--headless", "--norestore", "--nologo", *arguments]


@cache
def _new_profile(program: str) -> Path:
    """Return a profile as LibreOffice makes it for a new user, which costs it seconds."""
    folder = Path(tempfile.mkdtemp(prefix="portal-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    command = _libreoffice(program, folder, "--terminate_after_init")
    jail.run(command, b"", Limits(seconds=60), folder)
    return folder / "profile"


def _offer_fonts(folder: Path) -> None:
    """Let LibreOffice find Lato; it looks in the fonts of its home."""
    fonts = folder / ".fonts"
    fonts.mkdir()
    for face in word.FACES:
        (fonts / Path(face).name).symlink_to(face)
