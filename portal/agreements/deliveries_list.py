"""The log of services as a list: filtered, sorted, paged and exported."""

from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from sqlalchemy import ColumnElement, Select, or_, select

from portal.agreements.models import Agreement, Delivery, DeliveryKind
from portal.agreements.terms import Terms
from portal.agreements.work_years import WorkYear, work_years
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.core.tables import Column, Filter, Listing

HOUR = 60


def statement(actor: Actor, agreement: Agreement) -> Select[*tuple[Any, ...]]:
    """Return the rows of an agreement that this person may see, also those that were replaced."""
    return select(Delivery).where(Delivery.agreement_id == agreement.id, Delivery.visible_to(actor))


def listing_for(terms: Terms) -> Listing[Delivery]:
    """Return the list of one agreement; its years of work are the terms'."""
    years = work_years(terms.starts_on, terms.ends_on)
    titles = {str(one.number): one.title for one in terms.services}
    columns: tuple[Column[Delivery], ...] = (
        Column("datum", N_("Datum"), lambda r: r.done_on, sort=Delivery.done_on),
        Column("wat", N_("Wat"), lambda r: gettext(r.kind.label), sort=Delivery.kind),
        Column("dienst", N_("Dienst"), lambda r: titles.get(r.service, r.service)),
        Column("aantal", N_("Aantal"), lambda r: r.count, num=True),
        Column("uren", N_("Uren"), hours, num=True),
        Column("door", N_("Door"), lambda r: r.by_name, sort=Delivery.by_name),
        Column("tekst", N_("In het kort"), lambda r: r.text),
        Column("genoteerd", N_("Genoteerd"), lambda r: r.recorded_at),
        Column("vervangen", N_("Verbeterd of geschrapt"), lambda r: r.replaced_at),
        Column("reden", N_("Waarom"), lambda r: r.replaced_reason),
    )
    filters = (
        Filter("wat", N_("Wat"), lambda a: Delivery.kind == a, _kinds),
        Filter("jaar", N_("Werkjaar"), lambda a: _in_year(a, years), lambda: _choices(years)),
        Filter("tekst", N_("Zoeken"), _says),
        _STANDING,
    )
    return Listing(columns, row_id=Delivery.id, first_sort="-datum", filters=filters)


def hours(row: Delivery) -> Decimal | None:
    """Return how long it took in hours, to the hundredth; None when that was not noted."""
    if row.minutes is None:
        return None
    return (Decimal(row.minutes) / HOUR).quantize(Decimal("0.01")).normalize() + 0


# Without an answer the rows that count are shown; the view adds that.
_STANDING = Filter(
    "alles",
    N_("Ook wat verbeterd of geschrapt is"),
    lambda a: None if a != "1" else Delivery.id.is_not(None),
    kind="check",
)


def _kinds() -> list[tuple[str, str]]:
    return [(str(one), gettext(one.label)) for one in DeliveryKind]


def _choices(years: list[WorkYear]) -> list[tuple[int, str]]:
    return [(y.number, gettext("Werkjaar %(n)s", n=y.number)) for y in years]


def _in_year(answer: str, years: list[WorkYear]) -> ColumnElement[bool] | None:
    for year in years:
        if str(year.number) == answer:
            return _between(year.first_on, year.last_on)
    return None


def _between(first_on: date, last_on: date) -> ColumnElement[bool]:
    return Delivery.done_on.between(first_on, last_on)


def _says(answer: str) -> ColumnElement[bool]:
    return or_(
        Delivery.text.icontains(answer, autoescape=True),
        Delivery.by_name.icontains(answer, autoescape=True),
    )
