"""The list of what was booked on a budget; HSV's only, for it names suppliers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from sqlalchemy import ColumnElement, Row, Select, exists, func, select
from sqlalchemy.orm import aliased

from portal.core import money
from portal.core.db import db
from portal.core.i18n import N_, short_date
from portal.core.tables import Column, Filter, Listing
from portal.finance.budget_booking import KIND_LABELS
from portal.finance.models import (
    Booking,
    BookingDocument,
    BookingKind,
    Budget,
    BudgetLine,
    LineKind,
)

_reversal = aliased(Booking)
_documented = exists(select(BookingDocument.id).where(BookingDocument.booking_id == Booking.id))
_taken_back = exists(select(_reversal.id).where(_reversal.reverses_id == Booking.id))


@dataclass(frozen=True)
class Line:
    """One row as it is printed."""

    id: int
    on: str
    line: str
    what: str
    supplier: str
    kind: str
    cents: str
    mark: str
    documented: bool


def statement(budget: Budget) -> Select[*tuple[Any, ...]]:
    """Return what was booked on a budget."""
    return (
        select(
            Booking.id,
            Booking.booked_on,
            Booking.kind,
            Booking.cents,
            Booking.supplier,
            Booking.description,
            Booking.voucher,
            Booking.reverses_id,
            Booking.releases_id,
            Booking.at,
            BudgetLine.code,
            BudgetLine.label,
            _documented.label("documented"),
            _taken_back.label("taken_back"),
        )
        .join(BudgetLine, BudgetLine.id == Booking.line_id)
        .where(Booking.budget_id == budget.id)
    )


def lines(rows: Sequence[Row[Any]]) -> list[Line]:
    """Return the rows as they are printed."""
    kinds = {kind: gettext(label) for kind, label in KIND_LABELS.items()}
    return [
        Line(
            row.id,
            short_date(row.booked_on),
            f"{row.code} {row.label}",
            row.description or row.supplier,
            row.supplier if row.description else "",
            kinds[row.kind],
            money.euro(row.cents),
            _mark(row),
            row.documented,
        )
        for row in rows
    ]


def _mark(row: Any) -> str:
    if row.reverses_id is not None:
        return gettext("Tegenboeking")
    if row.taken_back:
        return gettext("Tegengeboekt")
    return gettext("Vrijgegeven") if row.releases_id is not None else ""


def without_document(budget: Budget) -> int:
    """Return how many costs that stand have no supporting document."""
    query = (
        select(func.count(Booking.id))
        .join(BudgetLine, BudgetLine.id == Booking.line_id)
        .where(Booking.budget_id == budget.id, BudgetLine.kind == LineKind.COST, _bare())
    )
    return db.session.scalar(query) or 0


def _bare() -> ColumnElement[bool]:
    cost = (Booking.kind == BookingKind.ACTUAL) & Booking.reverses_id.is_(None)
    return cost & ~_documented & ~_taken_back


def _without(answer: str) -> ColumnElement[bool] | None:
    return _bare() if answer == "1" else None


def listing_for(budget: Budget) -> Listing[Row[Any]]:
    """Return the list with its filters for one budget."""
    columns: tuple[Column[Row[Any]], ...] = (
        Column("datum", N_("Datum"), lambda r: r.booked_on, sort=Booking.booked_on),
        Column("lijn", N_("Lijn"), lambda r: r.code, sort=BudgetLine.code),
        Column("soort", N_("Soort"), lambda r: gettext(KIND_LABELS[r.kind])),
        Column("leverancier", N_("Leverancier"), lambda r: r.supplier),
        Column("omschrijving", N_("Omschrijving"), lambda r: r.description),
        Column("stuk", N_("Stuknummer"), lambda r: r.voucher),
        Column(
            "bedrag",
            N_("Bedrag"),
            lambda r: money.as_decimal(r.cents),
            sort=Booking.cents,
            num=True,
        ),
        Column("staat", N_("Staat"), _mark),
        Column("bewijsstuk", N_("Bewijsstuk"), lambda r: bool(r.documented)),
        Column("ingevoerd", N_("Ingevoerd op"), lambda r: r.at),
    )
    filters = (
        Filter("lijn", N_("Lijn"), lambda a: BudgetLine.code == a, lambda: _line_choices(budget)),
        Filter("soort", N_("Soort"), lambda a: Booking.kind == BookingKind(a), _kind_choices),
        Filter("zoek", N_("Zoek"), _named),
        Filter(
            "zonder", N_("Zonder bewijsstuk"), lambda a: _bare() if a == "1" else None, kind="check"
        ),
    )
    return Listing(columns, row_id=Booking.id, first_sort="-datum", filters=filters)


def _line_choices(budget: Budget) -> list[tuple[str, str]]:
    query = select(BudgetLine.code, BudgetLine.label).where(
        BudgetLine.budget_id == budget.id, BudgetLine.kind.in_((LineKind.COST, LineKind.INCOME))
    )
    rows = db.session.execute(query.order_by(BudgetLine.position))
    return [(code, f"{code} {label}") for code, label in rows]


def _kind_choices() -> list[tuple[str, str]]:
    return [(str(kind), gettext(label)) for kind, label in KIND_LABELS.items()]


def _named(answer: str) -> ColumnElement[bool]:
    found = Booking.supplier.icontains(answer, autoescape=True)
    found = found | Booking.description.icontains(answer, autoescape=True)
    return found | (Booking.voucher == answer)
