"""Names as people type them: without accents, capitals, hyphens, and with "St" for "Sint"."""

import re
import unicodedata

_SPACES = re.compile(r"[^0-9a-z]+")
_ABBREVIATIONS = {"st": "sint", "ste": "sainte"}


def fold(text: str) -> str:
    """Return the text in lower case, without accents, words apart by one space.

    "St.-Niklaas" and "Sint Niklaas" become the same: `sint niklaas`.
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    words = _SPACES.sub(" ", plain.replace("'", "")).split()
    return " ".join(_ABBREVIATIONS.get(word, word) for word in words)
