"""The letters of the PDFs we draw ourselves: Noto Sans, so that every name is written as it is."""

from functools import cache
from io import BytesIO

import pymupdf_fonts
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

TEXT, BOLD = "Portal Sans", "Portal Sans Bold"


@cache
def register() -> None:
    """Make the fonts known to reportlab, once a process."""
    for name, file in ((TEXT, "notos"), (BOLD, "notosbo")):
        pdfmetrics.registerFont(TTFont(name, BytesIO(pymupdf_fonts.myfont(file))))
    pdfmetrics.registerFontFamily(TEXT, normal=TEXT, bold=BOLD)
