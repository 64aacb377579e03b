"""The texts for families, what each may fill in, and the languages they can be written in."""

from enum import StrEnum

from portal.core.i18n import N_


class TextKind(StrEnum):
    CONSENT = "consent"  # what a professional reads aloud to a family
    SELF = "self"  # what a parent reads who asks for herself
    LETTER = "letter"
    PAGE = "page"  # the words of the parent's own page, one `key: words` a line


LABELS = {
    TextKind.CONSENT: N_("Tekst voor het akkoord van het gezin"),
    TextKind.SELF: N_("Tekst voor wie zichzelf aanmeldt"),
    TextKind.LETTER: N_("Brief voor het gezin"),
    TextKind.PAGE: N_("Woorden op de pagina voor ouders"),
}
PLACES = {
    TextKind.CONSENT: frozenset({"email"}),
    TextKind.SELF: frozenset({"email"}),
    TextKind.LETTER: frozenset({"branch", "phone", "email", "link", "code", "until"}),
}
NEEDED = {TextKind.LETTER: frozenset({"link", "code", "until"})}

# Each by its own name: who looks for hers reads no Dutch.
LANGUAGE_NAMES = {
    "nl": "Nederlands", "fr": "Français", "en": "English", "ar": "العربية", "tr": "Türkçe",
    "ber": "Tamaziɣt", "ps": "پښتو", "fa": "فارسی", "pl": "Polski", "ro": "Română",
    "bg": "Български", "uk": "Українська", "ru": "Русский", "so": "Soomaali", "ti": "ትግርኛ",
    "es": "Español", "pt": "Português", "sq": "Shqip",
}  # fmt: skip
RIGHT_TO_LEFT = frozenset({"ar", "fa", "ps"})


def direction(language: str) -> str:
    """Return `rtl` or `ltr`, as HTML says it."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"
