"""The columns of the list: what each is called in the file, what it asks and how it is read.

The names and the explanations are Dutch whoever fills them in: they are part of the file.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial

from portal.core.sheets import Cell, Row
from portal.directory.folding import fold
from portal.directory.kinds import OrganisationKind
from portal.referrals.choices import GIVEN_BY, INDICATORS, LANGUAGES, SELF_LABEL
from portal.referrals.models import Channel, Status
from portal.referrals.takeover import cells

SHEET = "Gezinnen"
MOST_CHILDREN = 6

STEPS = {
    Status.SUBMITTED: "Nieuw",
    Status.WAITING: "Wachtlijst",
    Status.MATCHED: "Gematcht",
    Status.RUNNING: "Lopend",
}
MANNERS = {"spoken": "Mondeling", "written": "Schriftelijk"}
YES_NO = {"ja": "ja", "nee": "nee"}
KINDS = {str(kind): kind.label for kind in OrganisationKind if kind.refers_families} | {
    str(Channel.SELF): SELF_LABEL
}
# Whether there are problems of health is not taken over: nobody can say that each family agreed.
_SHORT_INDICATORS = {
    "financial": "Financieel kwetsbaar",
    "single_parent": "Alleenstaande ouder",
    "perinatal": "Rond een geboorte",
    "young_parents": "Heel jonge ouder",
    "newcomer": "Nieuwkomer",
    "small_network": "Beperkt netwerk",
    "upbringing": "Steun bij de opvoeding",
    "school": "Schoolse ondersteuning",
    "language": "Taalondersteuning",
}


@dataclass(frozen=True)
class Column:
    """One column. `needed`: "ja", or when, in words; "" is never. `choices` become a list to pick
    from.
    """

    code: str
    header: str
    explained: str
    read: Callable[[str | cells.date], object]
    needed: str = ""
    choices: Mapping[str, str] | None = None

    @property
    def always(self) -> bool:
        """Whether every family must have it."""
        return self.needed == "ja"


def _line(most: int) -> Callable[[str | cells.date], object]:
    return partial(cells.line, most=most)


def _pick(
    code: str, header: str, explained: str, choices: Mapping[str, str], needed: str = ""
) -> Column:
    read = cells.yes if choices is YES_NO else partial(cells.choice, labels=choices)
    return Column(code, header, explained, read, needed, choices)


_STEP = {str(status): label for status, label in STEPS.items()}

COLUMNS: tuple[Column, ...] = (
    _pick("step", "Stap", "Hoever het gezin staat.", _STEP, "ja"),
    Column("received_on", "Aangemeld op", "De dag waarop jullie het gezin leerden kennen.",
           cells.day, "ja"),
    Column("first_name", "Voornaam ouder", "Van de contactouder.", _line(60), "ja"),
    Column("last_name", "Familienaam ouder", "Van de contactouder.", _line(80), "ja"),
    Column("phone", "Telefoon", "Waarop je de ouder bereikt.", cells.phone,
           "als er geen e-mailadres is"),
    Column("email", "E-mail", "Van de ouder zelf.", cells.email, "als er geen telefoon is"),
    Column("postcode", "Postcode", "Vier cijfers.", cells.postcode, "ja"),
    Column("municipality", "Gemeente", "Alleen nodig waar twee gemeenten een postcode delen.",
           _line(80)),
    Column("street", "Straat en nummer", "Alleen voor wie al aanvaard is (niet bij Nieuw).",
           _line(120)),
    Column("adults", "Volwassenen", "Hoeveel volwassenen er wonen.",
           partial(cells.number, least=1, most=9)),
    *(
        Column(f"child_{n}", f"Kind {n} geboren", "Maand en jaar; de dag bewaren we niet.",
               cells.month, "minstens één kind, of een zwangerschap" if n == 1 else "")
        for n in range(1, MOST_CHILDREN + 1)
    ),
    Column("due", "Bevalling verwacht", "Maand en jaar, bij een zwangerschap.", cells.month),
    _pick("language", "Taal", "De taal die het gezin het liefst spreekt. Leeg: Nederlands.",
          LANGUAGES),
    Column("other_language", "Andere taal", "Als de taal niet in de lijst staat.", _line(60)),
    _pick("interpreter", "Tolk nodig", "Leeg: nee.", YES_NO),
    Column("question", "Vraag van het gezin", "In de woorden van het gezin, hoogstens 2000 tekens.",
           partial(cells.words, most=2000)),
    *(
        _pick(f"is_{code}", header, f"{_full}.", YES_NO)
        for code, header in _SHORT_INDICATORS.items()
        for _full in [next(one.label for one in INDICATORS if one.code == code)]
    ),
    _pick("referrer_kind", "Soort verwijzer", "Wie het gezin aanmeldde. Leeg: Andere.", KINDS),
    Column("referred_by", "Verwezen door", "Dienst en persoon, om terug te vinden.", _line(160)),
    Column("contact_on", "Eerste contact op", "Leeg: nog niet.", cells.day),
    Column("intake_on", "Intake op", "De dag van het intakegesprek.", cells.day,
           "vanaf Wachtlijst"),
    Column("waiting_since_on", "Op de wachtlijst sinds", "Leeg: sinds de intake.", cells.day),
    _pick("priority", "Voorrang", "Voorrang op de wachtlijst. Leeg: nee.", YES_NO),
    Column("volunteer", "Vrijwilliger", "De naam van de vrijwilliger.", _line(120),
           "bij Gematcht en Lopend"),
    Column("matched_on", "Match op", "De dag waarop gezin en vrijwilliger ja zeiden.", cells.day,
           "bij Gematcht en Lopend"),
    Column("started_on", "Gestart op", "De dag waarop de wekelijkse bezoeken begonnen.", cells.day,
           "bij Lopend"),
    Column("consent_on", "Instemming op", "De dag waarop het gezin ermee instemde dat jullie deze "
           "gegevens bijhouden.", cells.day, "ja"),
    _pick("consent_by", "Instemming door", "Wie van het gezin instemde.", GIVEN_BY, "ja"),
    _pick("consent_manner", "Instemming hoe", "Hoe het gezin instemde.", MANNERS, "ja"),
    Column("note", "Notitie", "Voor jullie afdeling: komt in de tijdlijn, hoogstens 2000 tekens.",
           partial(cells.words, most=2000)),
)  # fmt: skip

BY_CODE = {column.code: column for column in COLUMNS}
INDICATOR_CODES = tuple(_SHORT_INDICATORS)
CHILD_CODES = tuple(f"child_{n}" for n in range(1, MOST_CHILDREN + 1))
_TITLE_ROWS = 10  # people put a title, a date and a name above their list
_ENOUGH = 3  # names of columns that make a row the header

Cells = dict[str, Cell]


@dataclass(frozen=True)
class Listed:
    """The families of a file: (row number, cells by code). `unknown`: columns nobody knows,
    `missing`: columns every family needs and that are not there.
    """

    rows: list[tuple[int, Cells]]
    unknown: list[str]
    missing: list[str]


def recognise(rows: list[Row]) -> Listed | None:
    """Return the rows beneath the header; None where no header is found."""
    best = max(rows[:_TITLE_ROWS], key=lambda row: len(_codes(row)), default=None)
    if best is None or len(_codes(best)) < _ENOUGH:
        return None
    codes = _codes(best)
    known = set(codes.values())
    named = [cell for cell in best.cells if isinstance(cell, str) and cell]
    twice = len(codes) != len(known)
    below = [row for row in rows if row.number > best.number]
    return Listed(
        rows=[(row.number, _by_code(row, codes)) for row in below],
        unknown=[one[:60] for one in named if _plain(one) not in _headers()]
        + ([_repeated(codes)] if twice else []),
        missing=[c.header for c in COLUMNS if c.always and c.code not in known],
    )


def _by_code(row: Row, codes: dict[int, str]) -> Cells:
    return {code: row.cells[at] for at, code in codes.items() if at < len(row.cells)}


def _codes(row: Row) -> dict[int, str]:
    """Return which column of ours stands where."""
    found = ((at, _headers().get(_plain(cell))) for at, cell in enumerate(row.cells))
    return {at: code for at, code in found if code}


def _repeated(codes: dict[int, str]) -> str:
    seen = list(codes.values())
    return next(BY_CODE[code].header for code in seen if seen.count(code) > 1)


def _plain(cell: Cell) -> str:
    return fold(cell.replace("*", "")) if isinstance(cell, str) else ""


@cache
def _headers() -> dict[str, str]:
    return {fold(column.header): column.code for column in COLUMNS}
