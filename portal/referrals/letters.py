"""The letter in which a family reads what is kept of it, in its language with the Dutch beside it.

It names nobody: a letter may be read by somebody else in the house. Its template is edited in Word.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app

from portal.core import clock
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.core.rendering import Converter, RefusedError, render_docx
from portal.referrals import family_door, reading, texts
from portal.referrals.choices import Feedback
from portal.referrals.day_names import written_day
from portal.referrals.models import Referral
from portal.referrals.text_kinds import TextKind, direction
from portal.referrals.text_rules import Block, sections

TEMPLATE = Path(__file__).resolve().parents[2] / "contracts" / "templates" / "family-letter.docx"
PATH = "/mijn-vraag"
WORD, PDF = "word", "pdf"
MEDIA_TYPES = {
    WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    PDF: "application/pdf",
}
EXTENSIONS = {WORD: "docx", PDF: "pdf"}
FIELDS = (
    "referentie", "datum", "afdeling", "taal", "naast", "links",
    "secties[].eigen[].tekst", "secties[].eigen[].kop", "secties[].eigen[].punt",
    "secties[].nederlands[].tekst", "secties[].nederlands[].kop", "secties[].nederlands[].punt",
)  # fmt: skip


@dataclass(frozen=True)
class Letter:
    """A letter as it is saved."""

    data: bytes
    filename: str
    media_type: str


def may_make(actor: Actor, referral: Referral) -> bool:
    """Say whether this person may make a letter for a family.

    With its code one sees how far the referral is: more than some families let their referrer hear.
    """
    if referral.family is None or not referral.shared:
        return False
    return reading.side(actor) == "branch" or referral.feedback != Feedback.NONE


def language_of(referral: Referral) -> str:
    """Return the language a family reads its letter in, as far as there is a translation."""
    spoken = referral.family.household["language"] if referral.family else texts.DUTCH
    return texts.in_use(TextKind.LETTER).spoken(spoken)


def make(actor: Actor, referral: Referral, language: str, form: str) -> Letter:
    """Return a letter with a code of its own. Raises DomainError.

    Whoever asks for it noted the access before.
    """
    if not may_make(actor, referral):
        raise DomainError(N_("Voor dit gezin kun je geen brief maken."))
    code, until = family_door.new_code(actor, referral)
    docx = render_docx(TEMPLATE.read_bytes(), _context(referral, language, code, until))
    data = docx if form == WORD else _pdf(docx)
    return Letter(data, f"brief-{referral.reference}.{EXTENSIONS[form]}", MEDIA_TYPES[form])


def _pdf(docx: bytes) -> bytes:
    try:
        return Converter().to_pdf(docx)
    except RefusedError as error:
        raise DomainError(
            N_("In deze taal lukt een pdf hier niet. Kies Word en druk de brief daar af."), "form"
        ) from error


def _context(referral: Referral, language: str, code: str, until: Any) -> dict[str, Any]:
    text = texts.in_use(TextKind.LETTER)
    spoken = text.spoken(language)
    branch = referral.branch
    values = {
        "branch": branch.name if branch else "Home-Start",
        "phone": branch.phone if branch and branch.phone else "",
        "email": branch.email if branch else current_app.config["CONTACT_EMAIL"],
        "link": current_app.config["BASE_URL"] + PATH,
        "code": code,
    }
    if not values["phone"]:
        values["phone"] = values["email"]
    own, dutch = (
        sections(text.blocks(one, {**values, "until": written_day(until, one)}))
        for one in (spoken, texts.DUTCH)
    )
    return {
        "referentie": referral.reference,
        "datum": written_day(clock.today(), texts.DUTCH),
        "afdeling": values["branch"],
        "taal": spoken,
        "naast": spoken != texts.DUTCH,
        "links": direction(spoken) == "rtl",
        "secties": [
            {"eigen": _lines(mine), "nederlands": _lines(theirs)}
            for mine, theirs in zip(own, dutch, strict=True)
        ],
    }


def _lines(blocks: list[Block]) -> list[dict[str, Any]]:
    return [
        {"tekst": line, "kop": block.kind == "heading", "punt": block.kind == "list"}
        for block in blocks
        for line in block.lines
    ]
