"""What the three steps of a reminder say: as shipped, with the fields HSV may use in its own text.

Always Dutch, as every letter of HSV. A text is paragraphs; `{lijst}` stands alone on its line and
becomes a line per document.
"""

import re
from dataclasses import dataclass

from portal.core.errors import DomainError
from portal.core.i18n import N_

STEPS = (1, 2, 3)
STEP_LABELS = {
    1: N_("Herinnering"),
    2: N_("Tweede herinnering"),
    3: N_("Ingebrekestelling"),
}
FIELDS = {
    "partner": N_("naam van de partner"),
    "lijst": N_("de documenten, elk op een regel"),
    "totaal": N_("wat ze samen nog vragen"),
    "rekening": N_("rekeningnummer van Home-Start Vlaanderen"),
    "uiterlijk": N_("de dag tot wanneer je tijd geeft om te betalen"),
    "contact": N_("e-mailadres voor vragen"),
}
LONGEST_SUBJECT, LONGEST_BODY = 120, 3000
_FIELD = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class StepText:
    """The mail of one step, with its fields still to be filled in."""

    subject: str
    body: str

    def filled(self, values: dict[str, str], listed: list[str]) -> "StepText":
        """Return the mail as it is sent; `listed`: the lines that stand for {lijst}."""
        parts: list[str] = []
        for part in paragraphs(self.body):
            parts += listed if part == "{lijst}" else [_fill(part, values)]
        return StepText(_fill(self.subject, values), "\n\n".join(parts))


def paragraphs(body: str) -> list[str]:
    """Return the paragraphs of a text: what blank lines, or {lijst} alone, keep apart."""
    apart = re.sub(r"(?m)^\s*\{lijst\}\s*$", "\n\n{lijst}\n\n", body)
    return [" ".join(one.split()) for one in re.split(r"\n\s*\n", apart) if one.strip()]


def check(texts: tuple[StepText, ...]) -> None:
    """Raise DomainError, on its field, for a text that would go out with a gap in it."""
    for step, one in zip(STEPS, texts, strict=True):
        _check_fields(one.subject, f"subject_{step}", {*FIELDS} - {"lijst"})
        _check_fields(one.body, f"body_{step}", {*FIELDS})
        if paragraphs(one.body).count("{lijst}") != 1 or one.body.count("{lijst}") != 1:
            message = N_("Zet {lijst} precies één keer in de tekst, alleen op een regel.")
            raise DomainError(message, f"body_{step}")


def _check_fields(words: str, field: str, known: set[str]) -> None:
    rest = _FIELD.sub("", words)
    unknown = [name for name in _FIELD.findall(words) if name not in known]
    if unknown or "{" in rest or "}" in rest:
        message = N_("Dit veld bestaat hier niet: %(name)s")
        raise DomainError(message, field, name="{" + (unknown[0] if unknown else "") + "}")


def _fill(words: str, values: dict[str, str]) -> str:
    """Put values in at once: what stands in a value is never taken for a field."""
    return _FIELD.sub(lambda match: values[match[1]], words)


SHIPPED = (
    StepText(
        "Herinnering: nog te betalen aan Home-Start Vlaanderen",
        """\
Misschien is het aan uw aandacht ontsnapt: volgens onze boeken is dit nog niet betaald.

{lijst}

Wilt u {totaal} overschrijven op rekening {rekening}, telkens met de mededeling die erbij staat?

Hebt u intussen betaald, dan hoeft u niets meer te doen. Klopt er iets niet of lukt het niet op \
tijd, laat het ons weten via {contact}. Dan zoeken we samen een oplossing.

In de bijlage vindt u alles wat op dit moment openstaat.""",
    ),
    StepText(
        "Tweede herinnering: nog te betalen aan Home-Start Vlaanderen",
        """\
Op onze herinnering kregen we nog geen betaling en geen bericht. Het gaat om het volgende.

{lijst}

We vragen u om {totaal} te betalen tegen uiterlijk {uiterlijk}, op rekening {rekening}, telkens \
met de mededeling die erbij staat.

Home-Start Vlaanderen heeft deze bijdrage nodig om gezinnen te blijven ondersteunen. Is er een \
reden waarom de betaling uitblijft, laat ze ons dan voor die dag weten via {contact}.

In de bijlage vindt u alles wat op dit moment openstaat.""",
    ),
    StepText(
        "Ingebrekestelling door Home-Start Vlaanderen vzw",
        """\
Ondanks onze herinneringen is het volgende nog altijd niet betaald.

{lijst}

Met dit bericht stellen wij {partner} formeel in gebreke. Wij manen u aan om {totaal} te betalen \
tegen uiterlijk {uiterlijk}, op rekening {rekening}, telkens met de mededeling die erbij staat.

Blijft de betaling uit, dan kan Home-Start Vlaanderen de verwijlinterest vanaf de vervaldag \
aanrekenen en, waar de wet van 2 augustus 2002 daar recht op geeft, een forfaitaire vergoeding \
voor invorderingskosten. Dit bericht wordt verstuurd onder voorbehoud van alle rechten.

We lossen dit liever samen op. Neem daarom voor die dag contact op via {contact}.

In de bijlage vindt u alles wat op dit moment openstaat.""",
    ),
)
