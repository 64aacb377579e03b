"""The list of budgets: HSV sees all, a partner those of its own agreements."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from sqlalchemy import ColumnElement, Row, Select, case, func, select

from portal.agreements.models import Agreement
from portal.core import money
from portal.core.db import BigInt, db
from portal.core.i18n import N_
from portal.core.permissions import Actor, Permission
from portal.core.tables import Column, Filter, Listing
from portal.finance.budget_figures import whole
from portal.finance.budget_states import YEAR_LABELS, YEAR_TONES
from portal.finance.models import (
    Booking,
    BookingKind,
    Budget,
    BudgetLine,
    LineKind,
    YearStatus,
)


@dataclass(frozen=True)
class Line:
    """One row as it is printed."""

    url: str
    title: str
    reference: str
    year: int
    status: str
    tone: str
    planned: str
    actual: str
    committed: str
    left: str
    percent: str
    used_tone: str


_PLANNED = (
    select(BudgetLine.budget_id, whole(func.sum(BudgetLine.planned_cents)).label("cents"))
    .where(BudgetLine.kind == LineKind.COST)
    .group_by(BudgetLine.budget_id)
    .subquery("planned")
)
_BOOKED = (
    select(
        Booking.budget_id,
        whole(func.sum(Booking.cents).filter(Booking.kind == BookingKind.ACTUAL)).label("actual"),
        whole(func.sum(Booking.cents).filter(Booking.kind == BookingKind.COMMITMENT)).label(
            "committed"
        ),
    )
    .join(BudgetLine, BudgetLine.id == Booking.line_id)
    .where(BudgetLine.kind == LineKind.COST)
    .group_by(Booking.budget_id)
    .subquery("booked")
)
_planned: Any = func.coalesce(_PLANNED.c.cents, 0, type_=BigInt)
_actual: Any = func.coalesce(_BOOKED.c.actual, 0, type_=BigInt)
_committed: Any = func.coalesce(_BOOKED.c.committed, 0, type_=BigInt)
_used: Any = _actual + _committed
# In hundredths of a percent, so that rows follow one another finely; nothing planned counts as 0.
_used_bp: Any = case((_planned > 0, _used * 10_000 // func.nullif(_planned, 0)), else_=0)


def statement(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the budgets this person may see, with their sums, one row each."""
    return (
        select(
            Budget.id,
            Budget.year,
            Budget.status,
            Budget.warn_at_percent,
            Budget.alarm_at_percent,
            Agreement.reference,
            Agreement.title,
            _planned.label("planned"),
            _actual.label("actual"),
            _committed.label("committed"),
        )
        .join(Agreement, Agreement.id == Budget.agreement_id)
        .outerjoin(_PLANNED, _PLANNED.c.budget_id == Budget.id)
        .outerjoin(_BOOKED, _BOOKED.c.budget_id == Budget.id)
        .where(Budget.visible_to(actor))
    )


def lines(rows: Sequence[Row[Any]]) -> list[Line]:
    """Return the rows as they are printed."""
    statuses = {status: gettext(label) for status, label in YEAR_LABELS.items()}
    return [
        Line(
            url=f"/begrotingen/{row.reference}/{row.year}",
            title=row.title,
            reference=row.reference,
            year=row.year,
            status=statuses[row.status],
            tone=YEAR_TONES[row.status],
            planned=money.euro(row.planned),
            actual=money.euro(row.actual),
            committed=money.euro(row.committed),
            left=money.euro(row.planned - row.actual - row.committed),
            percent=_percent(row),
            used_tone=_tone(row),
        )
        for row in rows
    ]


def _percent(row: Any) -> str:
    used = row.actual + row.committed
    return f"{used * 100 // row.planned} %" if row.planned else "–"


def _tone(row: Any) -> str:
    used = (row.actual + row.committed) * 100
    if used > row.planned * row.alarm_at_percent:
        return "danger"
    return "warning" if row.planned and used >= row.planned * row.warn_at_percent else "neutral"


def _in_year(answer: str) -> ColumnElement[bool] | None:
    return Budget.year == int(answer) if answer.isascii() and answer.isdecimal() else None


def _year_choices() -> list[tuple[str, str]]:
    years = db.session.scalars(select(Budget.year).distinct().order_by(Budget.year.desc()))
    return [(str(year), str(year)) for year in years]


def _status_choices() -> list[tuple[str, str]]:
    return [(str(status), gettext(label)) for status, label in YEAR_LABELS.items()]


def _at_threshold(answer: str) -> ColumnElement[bool] | None:
    if answer == "bereikt":
        return _used * 100 >= _planned * Budget.warn_at_percent
    return _used * 100 > _planned * Budget.alarm_at_percent


def _threshold_choices() -> list[tuple[str, str]]:
    return [
        ("bereikt", gettext("Eerste drempel bereikt")),
        ("voorbij", gettext("Tweede drempel voorbij")),
    ]


def _named(answer: str) -> ColumnElement[bool]:
    return Agreement.title.icontains(answer, autoescape=True) | (Agreement.reference == answer)


_FILTERS = (
    Filter("zoek", N_("Overeenkomst"), _named),
    Filter("jaar", N_("Jaar"), _in_year, _year_choices),
    Filter("staat", N_("Staat"), lambda a: Budget.status == YearStatus(a), _status_choices),
    Filter("gebruik", N_("Gebruik"), _at_threshold, _threshold_choices),
)


def _euros(cents: int) -> Decimal:
    return money.as_decimal(cents)


def listing_for(actor: Actor) -> Listing[Row[Any]]:
    """Return the list as this person asks it."""
    columns: tuple[Column[Row[Any]], ...] = (
        Column("titel", N_("Overeenkomst"), lambda r: r.title, sort=Agreement.title),
        Column("referentie", N_("Referentie"), lambda r: r.reference),
        Column("jaar", N_("Jaar"), lambda r: r.year, sort=Budget.year),
        Column("staat", N_("Staat"), lambda r: gettext(YEAR_LABELS[r.status])),
        Column("begroot", N_("Begroot"), lambda r: _euros(r.planned), sort=_planned, num=True),
        Column("geboekt", N_("Geboekt"), lambda r: _euros(r.actual), sort=_actual, num=True),
        Column(
            "vastgelegd", N_("Vastgelegd"), lambda r: _euros(r.committed), sort=_committed, num=True
        ),
        Column(
            "rest",
            N_("Nog vrij"),
            lambda r: _euros(r.planned - r.actual - r.committed),
            num=True,
        ),
        Column("gebruikt", N_("Gebruikt"), _percent, sort=_used_bp, num=True),
    )
    filters = _FILTERS if actor.can(Permission.AGREEMENT_READ_ALL) else ()
    return Listing(columns, row_id=Budget.id, first_sort="-jaar", filters=filters)
