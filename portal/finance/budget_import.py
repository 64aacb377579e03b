"""Bookings from a file: read, shown with what is wrong per row, then booked in one go.

Nothing is booked as long as a row is wrong. A row that looks like one that was booked before, or
stands in the file twice, is left out unless a person says otherwise.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import delete, select

from portal.core import audit, clock, documents, export, money, sheets, text
from portal.core.db import db
from portal.core.errors import ConflictError, DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.jobs import periodic
from portal.core.national_number import contains_national_number
from portal.core.permissions import Actor
from portal.core.plain import from_plain, to_plain
from portal.core.sheets import Cell, Trouble
from portal.finance import budget_booking, budget_warnings
from portal.finance.budget_booking import Entry
from portal.finance.models import BOOKABLE, BookingImport, BookingKind, Budget, BudgetLine

SHEET = "boekingen"
KEPT_UNBOOKED = timedelta(days=7)
# What a column may be called, by what it holds.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "on": ("datum", "boekdatum", "factuurdatum", "date"),
    "code": ("lijn", "code", "begrotingslijn", "post", "line"),
    "cents": ("bedrag", "bedrag (eur)", "bedrag (€)", "totaal", "amount"),
    "kind": ("soort", "kind"),
    "supplier": ("leverancier", "naam", "supplier"),
    "description": ("omschrijving", "mededeling", "description"),
    "voucher": ("stuk", "stuknummer", "factuurnummer", "document", "voucher"),
}
NEEDED = ("on", "code", "cents")
KINDS = {
    "": BookingKind.ACTUAL,
    "geboekt": BookingKind.ACTUAL,
    "kost": BookingKind.ACTUAL,
    "kosten": BookingKind.ACTUAL,
    "inkomst": BookingKind.ACTUAL,
    "vastlegging": BookingKind.COMMITMENT,
    "vastgelegd": BookingKind.COMMITMENT,
}
LONGEST = {"supplier": 160, "description": 300, "voucher": 60}
TROUBLES = {
    Trouble.FORMULA: N_("Een cel bevat een formule. Plak de waarden in plaats van formules."),
    Trouble.MERGED: N_("Een cel is samengevoegd met een andere. Hef het samenvoegen op."),
    Trouble.ERROR: N_("Een cel bevat een fout."),
}
# What a spreadsheet worked out and keeps with the noise of a binary fraction.
_CALCULATED = re.compile(r"-?[0-9]+\.[0-9]{7,}")
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class ImportRow:
    """A row of the file. number: as a spreadsheet counts it. problems: message ids, none when it
    can be booked. twice: the same row stands higher up in the file."""

    number: int
    code: str = ""
    kind: BookingKind = BookingKind.ACTUAL
    booked_on: date | None = None
    cents: int | None = None
    supplier: str = ""
    description: str = ""
    voucher: str = ""
    problems: tuple[str, ...] = ()
    twice: bool = False


@dataclass(frozen=True)
class Preview:
    """A row with what would be booked of it: wrong, left out as a duplicate, or to be booked."""

    row: ImportRow
    label: str
    entry: Entry | None
    duplicate: bool

    @property
    def problems(self) -> tuple[str, ...]:
        """Return what is wrong with it (message ids)."""
        return self.row.problems


def parse(
    table: Sequence[sheets.Row], lines: Mapping[str, BudgetLine], year: int
) -> list[ImportRow]:
    """Return the rows beneath the headings, each with its problems.

    Raises DomainError on `file` when a column that is needed is not there.
    """
    columns = _columns(table[0].cells)
    found: list[ImportRow] = []
    seen: set[tuple[object, ...]] = set()
    for each in table[1:]:
        row = _row(each.number, {name: _at(each.cells, at) for name, at in columns.items()})
        row = replace(row, problems=(*row.problems, *_misfits(row, lines, year)))
        look = (row.code, row.kind, row.booked_on, row.cents)
        look = (*look, row.supplier, row.description, row.voucher)
        found.append(replace(row, twice=look in seen))
        seen.add(look)
    if not found:
        raise DomainError(N_("Onder de titels staan geen rijen."), "file")
    return found


def _columns(headings: Sequence[Cell]) -> dict[str, int]:
    names = [text.line(str(cell or "")).casefold() for cell in headings]
    found = {
        what: next(i for i, name in enumerate(names) if name in called)
        for what, called in HEADINGS.items()
        if any(name in called for name in names)
    }
    missing = [HEADINGS[what][0] for what in NEEDED if what not in found]
    if missing:
        raise DomainError(
            N_("Op de eerste rij ontbreekt een kolom: %(names)s."),
            "file",
            names=", ".join(missing),
        )
    return found


def _at(cells: Sequence[Cell], at: int) -> Cell:
    return cells[at] if at < len(cells) else ""


def _row(number: int, cells: Mapping[str, Cell]) -> ImportRow:
    problems: list[str] = []
    problems += [TROUBLES[cell] for cell in cells.values() if isinstance(cell, Trouble)]
    cells = {name: "" if isinstance(cell, Trouble) else cell for name, cell in cells.items()}
    words = {name: _words(cells.get(name, ""), name, problems) for name in LONGEST}
    kind = KINDS.get(text.line(str(cells.get("kind") or "")).casefold())
    if kind is None:
        problems.append(N_("De soort is “kost” of “vastlegging”."))
    return ImportRow(
        number=number,
        code=text.line(str(cells.get("code") or "")).upper()[:20],
        kind=kind or BookingKind.ACTUAL,
        booked_on=_day(cells["on"], problems),
        cents=_cents(str(cells["cents"]), problems),
        problems=tuple(dict.fromkeys(problems)),
        supplier=words["supplier"],
        description=words["description"],
        voucher=words["voucher"],
    )


def _words(cell: Cell, name: str, problems: list[str]) -> str:
    words = text.line(str(cell))
    if words.startswith(_FORMULA_SIGNS):
        problems.append(N_("Een tekst begint met een teken van een formule (= + - @)."))
        return ""
    if contains_national_number(words):
        problems.append(N_("Hierin staat wat op een rijksregisternummer lijkt."))
        return ""
    if len(words) > LONGEST[name]:
        problems.append(N_("Een tekst is te lang."))
    return words[: LONGEST[name]]


def _day(cell: Cell, problems: list[str]) -> date | None:
    if isinstance(cell, date):
        return cell
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text.line(cell), form).date()  # noqa: DTZ007
        except ValueError:
            continue
    problems.append(N_("De datum is niet te lezen: schrijf ze als 31/01/2026."))
    return None


def _cents(words: str, problems: list[str]) -> int | None:
    try:
        if _CALCULATED.fullmatch(words):
            return money.from_number(Decimal(words))
        return money.parse_exported(words)
    except ValueError:
        problems.append(N_("Het bedrag is niet te lezen of dubbelzinnig: schrijf 1234,56."))
        return None


def _misfits(row: ImportRow, lines: Mapping[str, BudgetLine], year: int) -> list[str]:
    """Return which rules of booking a row breaks; those of `budget_booking.check`, row by row."""
    found = []
    line = lines.get(row.code)
    if line is None:
        found.append(N_("Deze lijn staat niet in de begroting."))
    elif line.kind not in BOOKABLE[row.kind]:
        found.append(N_("Op deze lijn kan dit niet geboekt worden."))
    if row.booked_on is not None and row.booked_on.year != year:
        found.append(N_("Deze datum ligt niet in het jaar van de begroting."))
    elif row.booked_on and row.kind == BookingKind.ACTUAL and row.booked_on > clock.today():
        found.append(N_("Deze datum moet nog komen."))
    if row.cents == 0:
        found.append(N_("Een bedrag is niet nul."))
    if row.cents is not None and row.cents < 0 and row.kind == BookingKind.COMMITMENT:
        found.append(N_("Een vastlegging is een bedrag boven nul."))
    if not row.supplier and not row.description:
        found.append(N_("Een leverancier of een omschrijving ontbreekt."))
    return found


def read_file(budget: Budget, data: bytes, filename: str, by: Actor) -> BookingImport:
    """Keep a file of bookings with its rows as they were read. Raises DomainError on `file`."""
    budget_booking.hold(budget)
    rows = parse(sheets.read(data, SHEET), _lines(budget), budget.year)
    media_type = export.XLSX if data.startswith(b"PK") else export.CSV
    kept = documents.put(data, filename, media_type)
    db.session.flush()
    made = BookingImport(
        budget_id=budget.id,
        document_id=kept.id,
        rows_json=[to_plain(row) for row in rows],
        account_id=by.account_id,
        at=clock.now(),
    )
    made.document = kept
    db.session.add(made)
    audit.record("budget:read_file", made, actor=by)
    db.session.flush()
    return made


def _lines(budget: Budget) -> dict[str, BudgetLine]:
    bookable = {kind for kinds in BOOKABLE.values() for kind in kinds}
    query = select(BudgetLine).where(
        BudgetLine.budget_id == budget.id, BudgetLine.kind.in_(bookable)
    )
    return {line.code.upper(): line for line in db.session.scalars(query)}


def find(budget: Budget, import_id: int) -> BookingImport:
    """Return an import of this budget. Raises NotFoundError."""
    found = db.session.get(BookingImport, import_id)
    if found is None or found.budget_id != budget.id:
        raise NotFoundError()
    return found


def preview(budget: Budget, of: BookingImport) -> list[Preview]:
    """Return what each row would become, measured against the budget as it is now."""
    lines = _lines(budget)
    rows = [from_plain(ImportRow, plain) for plain in of.rows_json]
    entries = [_entry(row, lines) for row in rows]
    sound = [entry for entry in entries if entry is not None]
    same = dict(zip(map(id, sound), budget_booking.duplicates(budget, sound), strict=True))
    return [
        Preview(
            row,
            lines[row.code].label if row.code in lines else "",
            entry,
            row.twice or (entry is not None and same[id(entry)] is not None),
        )
        for row, entry in zip(rows, entries, strict=True)
    ]


def _entry(row: ImportRow, lines: Mapping[str, BudgetLine]) -> Entry | None:
    line = lines.get(row.code)
    if row.problems or line is None or row.booked_on is None or row.cents is None:
        return None
    return Entry(
        line.id,
        row.kind,
        row.booked_on,
        row.cents,
        row.supplier,
        row.description,
        row.voucher,
    )


def book_all(budget: Budget, of: BookingImport, by: Actor, *, duplicates: bool = False) -> int:
    """Book the rows of a file in one go; returns how many.

    duplicates: those too that look like something booked before. Raises DomainError when a row is
    wrong or none is left, ConflictError when somebody booked the file already.
    """
    budget_booking.hold(budget)
    db.session.refresh(of, ("booked_at",))
    if of.booked_at is not None:
        raise ConflictError(N_("Dit bestand is al geboekt."))
    shown = preview(budget, of)
    if any(one.entry is None for one in shown):
        raise DomainError(N_("Zet eerst de rijen recht waar iets mis is, en lees opnieuw in."))
    wanted = [one.entry for one in shown if one.entry and (duplicates or not one.duplicate)]
    if not wanted:
        raise DomainError(N_("Alle rijen lijken al geboekt."))
    by_id = {line.id: line for line in _lines(budget).values()}
    for entry in wanted:
        budget_booking.check(budget, entry, by_id.get(entry.line_id))
        budget_booking.store(budget, entry, by, import_id=of.id)
    of.booked_at = clock.now()
    audit.record("budget:import", of, actor=by, fields={"booked_at"})
    budget_warnings.note(budget)
    return len(wanted)


@periodic(timedelta(hours=24))
def forget_unbooked() -> int:
    """Delete files that were read but never booked, after a week. Returns how many."""
    old = (BookingImport.booked_at.is_(None)) & (BookingImport.at < clock.now() - KEPT_UNBOOKED)
    gone = db.session.scalars(
        delete(BookingImport).where(old).returning(BookingImport.document_id)
    ).all()
    documents.erase(gone)
    return len(gone)
