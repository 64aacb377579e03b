"""What people type in the cells of a list, read as dates, months, choices and numbers.

Every reader takes a cell with something in it and returns its value. Raises CellError, whose
message says in plain words how it should be.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from portal.core import clock
from portal.core.fields import PHONE
from portal.core.i18n import N_
from portal.core.national_number import contains_national_number
from portal.core.sheets import Cell, Trouble
from portal.directory.folding import fold

NOT_A_DATE = N_("Dit is geen datum. Schrijf ze als dag/maand/jaar, zoals 15/03/2024.")
NOT_A_MONTH = N_("Dit is geen maand. Schrijf ze als maand/jaar, zoals 03/2022.")
NATIONAL_NUMBER = N_(
    "Hierin staat wat op een rijksregisternummer lijkt. Het portaal bewaart dat niet: haal het weg."
)
TOO_LONG = N_("Dit is te lang: hoogstens %(most)s tekens.")
PICK_ONE = N_("“%(text)s” kennen we hier niet. Kies een van: %(choices)s.")
TROUBLES = {
    Trouble.FORMULA: N_("Hier staat een formule. Plak de waarde zelf."),
    Trouble.MERGED: N_("Deze cel is samengevoegd met een andere. Hef het samenvoegen op."),
    Trouble.ERROR: N_("Hier staat een foutmelding van het rekenblad."),
}
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januari", "feb februari", "mrt maa maart", "apr april", "mei", "jun juni",
            "jul juli", "aug augustus", "sep sept september", "okt oktober", "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_DAY = re.compile(r"(\d{1,2})[ ./-]+(\d{1,2}|[a-z]+)[ ./-]+(\d{4}|\d{2})")
_DAY_BACKWARDS = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ t]\d.*)?")
_MONTH = re.compile(r"(\d{1,2}|[a-z]+)[ ./-]+(\d{4}|\d{2})")
_MONTH_BACKWARDS = re.compile(r"(\d{4})[ ./-](\d{1,2})")
_SERIAL = re.compile(r"\d{5}")  # a date of Excel that lost its format: days since 1900
_EPOCH = date(1899, 12, 30)
_YEARS = range(1950, 2101)
_EMAIL = re.compile(r"[^\s@,;<>\"]{1,64}@[^\s@,;<>\"]+\.[^\s@.,;<>\"]{2,}")
_SHOWN = 40


class CellError(Exception):
    """A cell says something else than its column asks. `message` is Dutch (a message id)."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values


def sound(cell: Cell) -> str | date:
    """Return a cell that is not a formula, merged or an error. Raises CellError."""
    if isinstance(cell, Trouble):
        raise CellError(TROUBLES[cell])
    return cell


def words(cell: str | date, most: int) -> str:
    """Return text of at most so many characters, without a national register number."""
    found = _text(cell)
    if contains_national_number(found):
        raise CellError(NATIONAL_NUMBER)
    if len(found) > most:
        raise CellError(TOO_LONG, most=most)
    return found


def line(cell: str | date, most: int) -> str:
    """Return text on one line."""
    return " ".join(words(cell, most).split())


def day(cell: str | date) -> date:
    """Return a day; 15/3/24, 15 maart 2024, 2024-03-15 and Excel's own dates are all understood."""
    if isinstance(cell, date):
        return _known(cell, NOT_A_DATE)
    plain = cell.casefold().strip()
    if found := _DAY_BACKWARDS.fullmatch(plain):
        return _date(found[1], found[2], found[3], NOT_A_DATE)
    if found := _DAY.fullmatch(plain.partition(" 00:00")[0]):
        return _date(found[3], found[2], found[1], NOT_A_DATE)
    if _SERIAL.fullmatch(plain):
        return _known(_EPOCH + timedelta(days=int(plain)), NOT_A_DATE)
    raise CellError(NOT_A_DATE)


def month(cell: str | date) -> date:
    """Return the first day of a month; a whole date will do, its day is not kept."""
    if isinstance(cell, date):
        return _known(cell, NOT_A_MONTH).replace(day=1)
    plain = cell.casefold().strip()
    if found := _MONTH_BACKWARDS.fullmatch(plain):
        return _date(found[1], found[2], "1", NOT_A_MONTH)
    if found := _MONTH.fullmatch(plain):
        return _date(found[2], found[1], "1", NOT_A_MONTH)
    try:
        return day(cell).replace(day=1)
    except CellError:
        raise CellError(NOT_A_MONTH) from None


def choice(cell: str | date, labels: Mapping[str, str]) -> str:
    """Return the code of a label, however its capitals and accents are written."""
    wanted = fold(_text(cell))
    for code, label in labels.items():
        if wanted in (fold(label), fold(code)):
            return code
    raise CellError(PICK_ONE, text=_text(cell)[:_SHOWN], choices=", ".join(labels.values()))


def yes(cell: str | date) -> bool:
    """Return yes or no; a cross or a 1 is a yes too."""
    wanted = fold(_text(cell))
    if wanted in ("ja", "j", "x", "1", "waar", "true"):
        return True
    if wanted in ("nee", "neen", "n", "0", "onwaar", "false"):
        return False
    raise CellError(PICK_ONE, text=_text(cell)[:_SHOWN], choices="ja, nee")


def number(cell: str | date, least: int, most: int) -> int:
    """Return a whole number."""
    plain = _text(cell)
    if not (plain.isascii() and plain.isdecimal() and len(plain) < 6):
        raise CellError(N_("Dit is geen getal."))
    if not least <= int(plain) <= most:
        raise CellError(N_("Dit moet tussen %(least)s en %(most)s liggen."), least=least, most=most)
    return int(plain)


def phone(cell: str | date) -> str:
    """Return a telephone number; the zero that a spreadsheet takes off a number comes back."""
    typed = line(cell, 40)
    bare = typed.replace(" ", "")
    if bare.isascii() and bare.isdecimal() and len(bare) in (8, 9) and bare[0] != "0":
        typed = f"0{typed}"
    digits = sum(c.isdigit() for c in typed)
    if not (PHONE.fullmatch(typed) and 9 <= digits <= 16):
        raise CellError(
            N_("Dit is geen telefoonnummer. Schrijf het zoals 0470 12 34 56 of +32 470 12 34 56.")
        )
    return typed


def email(cell: str | date) -> str:
    """Return an e-mail address."""
    typed = line(cell, 254)
    if not _EMAIL.fullmatch(typed):
        raise CellError(N_("Dit is geen e-mailadres."))
    return typed


def postcode(cell: str | date) -> str:
    """Return a postcode of four digits."""
    typed = line(cell, 20)
    if not (len(typed) == 4 and typed.isascii() and typed.isdecimal()):
        raise CellError(N_("Een postcode telt vier cijfers."))
    return typed


def _text(cell: str | date) -> str:
    return cell if isinstance(cell, str) else f"{cell:%d/%m/%Y}"


def _date(year: str, month_: str, day_: str, wrong: str) -> date:
    number = int(month_) if month_.isdecimal() else _MONTHS.get(month_, 0)
    try:
        return _known(date(_year(year), number, int(day_)), wrong)
    except ValueError:
        raise CellError(wrong) from None


def _year(digits: str) -> int:
    """Return a year in full: two digits are of this century unless that is far from now."""
    if len(digits) == 4:
        return int(digits)
    near = 2000 + int(digits)
    return near if near <= clock.today().year + 1 else near - 100


def _known(found: date, wrong: str) -> date:
    if found.year not in _YEARS:
        raise CellError(wrong)
    return found
