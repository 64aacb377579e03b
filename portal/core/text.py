"""Text as people typed it, without what no person types."""

import re
import unicodedata

_BREAKS = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
# Control characters, lone surrogates, and the invisible marks that turn the direction of text.
_UNWANTED = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    r"\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)


def paragraphs(text: str) -> str:
    """Return text of several lines: composed, line breaks as \\n, nothing invisible, trimmed."""
    kept = _UNWANTED.sub("", _BREAKS.sub("\n", text))
    return unicodedata.normalize("NFC", kept).strip()


def line(text: str) -> str:
    """Return text on one line, runs of white space folded."""
    return " ".join(paragraphs(text).split())
