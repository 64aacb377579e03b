"""The list of agreements: what each person may see, asked, sorted and paged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext
from sqlalchemy import ColumnElement, Row, Select, func, select, true

from portal.agreements.models import Agreement, AgreementParty, Status, Turn
from portal.agreements.models.agreement import UNDER_WAY
from portal.agreements.states import STATUS_LABELS, STATUS_TONES
from portal.agreements.terms import Formula
from portal.core.db import db
from portal.core.errors import NotFoundError
from portal.core.i18n import N_, short_date
from portal.core.permissions import Actor, Permission
from portal.core.tables import Column, Filter, Listing
from portal.directory.models import Organisation
from portal.directory.municipalities import find_municipalities

LETTER = "O"
TURNS = {
    Turn.HSV: N_("Home-Start Vlaanderen"),
    Turn.PARTNERS: N_("De partners"),
    Turn.NOBODY: N_("Niemand"),
}


@dataclass(frozen=True)
class Line:
    """One row as it is printed."""

    reference: str
    title: str
    partners: str
    formula: str
    status: str
    tone: str
    turn: str
    period: str
    changed: str


def find(actor: Actor, reference: str) -> Agreement:
    """Return the agreement this person may see. Raises NotFoundError."""
    found = db.session.scalar(
        select(Agreement).where(Agreement.reference == reference, Agreement.visible_to(actor))
    )
    if found is None:
        raise NotFoundError()
    return found


def statement(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the agreements this person may see, with the few columns a list prints."""
    return select(
        Agreement.id,
        Agreement.reference,
        Agreement.title,
        Agreement.formula,
        Agreement.status,
        Agreement.turn,
        Agreement.starts_on,
        Agreement.ends_on,
        Agreement.changed_at,
    ).where(Agreement.visible_to(actor))


def partner_names(rows: Sequence[Row[Any]]) -> dict[int, str]:
    """Return the names of the partners per agreement, in one query."""
    wanted = [row.id for row in rows]
    found = db.session.execute(
        select(AgreementParty.agreement_id, Organisation.name)
        .join(Organisation, Organisation.id == AgreementParty.organisation_id)
        .where(AgreementParty.agreement_id.in_(wanted))
        .order_by(AgreementParty.agreement_id, AgreementParty.position)
    )
    names: dict[int, list[str]] = {}
    for agreement_id, name in found:
        names.setdefault(agreement_id, []).append(name)
    return {agreement_id: ", ".join(of_it) for agreement_id, of_it in names.items()}


def lines(rows: Sequence[Row[Any]], names: Mapping[int, str]) -> list[Line]:
    """Return the rows as they are printed."""
    statuses = {status: gettext(label) for status, label in STATUS_LABELS.items()}
    turns = {turn: gettext(label) for turn, label in TURNS.items()}
    return [
        Line(
            reference=row.reference,
            title=row.title,
            partners=names.get(row.id, ""),
            formula=str(row.formula),
            status=statuses[row.status],
            tone=STATUS_TONES.get(row.status, "neutral"),
            turn="" if row.turn == Turn.NOBODY else turns[row.turn],
            period=_period(row),
            changed=short_date(row.changed_at),
        )
        for row in rows
    ]


def _period(row: Any) -> str:
    """Return "2028 – 2030" for whole years, else with the months."""
    starts_on, ends_on = row.starts_on, row.ends_on
    if starts_on is None or ends_on is None:
        return ""
    if (starts_on.month, starts_on.day, ends_on.month, ends_on.day) == (1, 1, 12, 31):
        return f"{starts_on.year} – {ends_on.year}"
    return f"{starts_on:%m/%Y} – {ends_on:%m/%Y}"


def _of_status(answer: str) -> ColumnElement[bool]:
    if answer == "open":
        return Agreement.status.in_(UNDER_WAY)
    return Agreement.status == Status(answer)


def _in_municipality(answer: str) -> ColumnElement[bool]:
    found = [one.place.nis for one in find_municipalities(answer, limit=5)]
    held = [Agreement.area.contains(f" {nis} ") for nis in found]
    return func.coalesce(held[0], False) if len(held) == 1 else _any(held)


def _any(conditions: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    whole: ColumnElement[bool] = ~true()
    for one in conditions:
        whole = whole | one
    return whole


def _in_year(answer: str) -> ColumnElement[bool] | None:
    if not (answer.isascii() and answer.isdecimal() and len(answer) == 4 and answer > "1899"):
        return None
    year = int(answer)
    begun = Agreement.starts_on <= date(year, 12, 31)
    return begun & (Agreement.ends_on >= date(year, 1, 1))


def _status_choices() -> list[tuple[str, str]]:
    return [
        ("open", gettext("Alle in voorbereiding")),
        *((str(status), gettext(label)) for status, label in STATUS_LABELS.items()),
    ]


def _formula_choices() -> list[tuple[str, str]]:
    return [(str(formula), gettext(formula.label)) for formula in Formula]


def _turn_choices() -> list[tuple[str, str]]:
    return [(str(turn), gettext(label)) for turn, label in TURNS.items() if turn != Turn.NOBODY]


_STATUS = Filter("status", N_("Status"), _of_status, _status_choices)
_MUNICIPALITY = Filter("gemeente", N_("Gemeente"), _in_municipality)
_FORMULA = Filter("pakket", N_("Pakket"), lambda a: Agreement.formula == a, _formula_choices)
_TURN = Filter("beurt", N_("Aan zet"), lambda a: Agreement.turn == Turn(a), _turn_choices)
_YEAR = Filter("jaar", N_("Loopt in het jaar"), _in_year)


def listing_for(actor: Actor, names: Mapping[int, str] | None = None) -> Listing[Row[Any]]:
    """Return the list as this person asks it. `names`: the partners, for an export."""
    known = names or {}
    columns: tuple[Column[Row[Any]], ...] = (
        Column("titel", N_("Overeenkomst"), lambda r: r.title, sort=Agreement.title),
        Column("referentie", N_("Referentie"), lambda r: r.reference),
        Column("partners", N_("Partners"), lambda r: known.get(r.id, "")),
        Column("pakket", N_("Pakket"), lambda r: str(r.formula), sort=Agreement.formula),
        Column("status", N_("Status"), lambda r: gettext(STATUS_LABELS[r.status])),
        Column("beurt", N_("Aan zet"), lambda r: gettext(TURNS[r.turn])),
        Column("van", N_("Van"), lambda r: r.starts_on),
        Column("tot", N_("Tot en met"), lambda r: r.ends_on),
        Column("gewijzigd", N_("Laatste stap"), lambda r: r.changed_at, sort=Agreement.changed_at),
    )
    filters = (_STATUS, _MUNICIPALITY, _FORMULA, _TURN, _YEAR)
    if not actor.can(Permission.AGREEMENT_READ_ALL):
        filters = (_STATUS, _TURN)
    return Listing(columns, row_id=Agreement.id, first_sort="-gewijzigd", filters=filters)
