"""The list of payments, for HSV only: it names who paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import gettext
from sqlalchemy import ColumnElement, Row, Select, String, and_, cast, exists, func, or_, select
from sqlalchemy.orm import aliased
from stdnum import iban

from portal.core import money
from portal.core.db import db
from portal.core.i18n import N_, short_date
from portal.core.months import months_later
from portal.core.references import read_reference
from portal.core.tables import Column, Filter, Listing
from portal.finance import ledger, payments
from portal.finance.models import LedgerEntry, Payment, PaymentSource


class Place(StrEnum):
    """How far a payment has its place."""

    NONE = "none"
    PARTLY = "partly"
    WHOLE = "whole"
    TAKEN_BACK = "taken_back"

    @property
    def label(self) -> str:
        """Return the Dutch words (a message id)."""
        return _PLACES[self][0]

    @property
    def tone(self) -> str:
        """Return how the badge looks."""
        return _PLACES[self][1]


_PLACES = {
    Place.NONE: (N_("Te plaatsen"), "warning"),
    Place.PARTLY: (N_("Deels geplaatst"), "warning"),
    Place.WHOLE: (N_("Geplaatst"), "success"),
    Place.TAKEN_BACK: (N_("Tegengeboekt"), "neutral"),
}
WAITING = "waiting"  # the filter that is the worklist: none or a part


@dataclass(frozen=True)
class Line:
    """One row as it is printed."""

    reference: str
    on: str
    name: str
    note: str
    place: str
    tone: str
    source: str
    cents: str
    rest: str


def _taken_back() -> ColumnElement[bool]:
    counter = aliased(LedgerEntry)
    receipt = and_(
        counter.reverses_id == LedgerEntry.id,
        LedgerEntry.key == "payment:" + cast(Payment.id, String),
    )
    return exists(select(counter.id).where(receipt).correlate(Payment))


def statement() -> Select[*tuple[Any, ...]]:
    """Return all payments with what has no place yet."""
    return select(
        Payment,
        ledger.rest_cents().label("rest_cents"),
        _taken_back().label("taken_back"),
    )


def place_of(cents: int, rest_cents: int, taken_back: bool) -> Place:
    """Return how far a payment has its place."""
    if taken_back:
        return Place.TAKEN_BACK
    if rest_cents == 0:
        return Place.WHOLE
    return Place.NONE if rest_cents == cents else Place.PARTLY


def waiting_count() -> int:
    """Return how many payments wait for a place."""
    query = select(func.count()).select_from(Payment).where(ledger.rest_cents() != 0)
    return int(db.session.scalar(query) or 0)


def lines(rows: Sequence[Row[Any]]) -> list[Line]:
    """Return the rows as they are printed."""
    places = {place: gettext(place.label) for place in Place}
    sources = {source: gettext(source.label) for source in PaymentSource}
    nobody = gettext("Onbekend")
    found = []
    for row in rows:
        payment, place = row.Payment, _place(row)
        found.append(
            Line(
                payment.reference,
                short_date(payment.booked_on),
                payment.payer_name or nobody,
                (payment.message or payment.reason or "")[:80],
                places[place],
                place.tone,
                sources[payment.source],
                money.euro(payment.cents),
                money.euro(row.rest_cents) if row.rest_cents else "",
            )
        )
    return found


def _place(row: Any) -> Place:
    return place_of(row.Payment.cents, row.rest_cents, row.taken_back)


def _placed(answer: str) -> ColumnElement[bool]:
    left = ledger.rest_cents()
    return {
        WAITING: left != 0,
        Place.PARTLY: and_(left != 0, left != Payment.cents),
        Place.WHOLE: and_(left == 0, ~_taken_back()),
        Place.TAKEN_BACK: _taken_back(),
    }[answer]


def _place_choices() -> list[tuple[str, str]]:
    chosen = (Place.PARTLY, Place.WHOLE, Place.TAKEN_BACK)
    words = [(str(place), gettext(place.label)) for place in chosen]
    return [(WAITING, gettext("Te plaatsen")), *words]


def _source_choices() -> list[tuple[str, str]]:
    return [(str(source), gettext(source.label)) for source in PaymentSource]


def _direction_choices() -> list[tuple[str, str]]:
    return [("in", gettext("Ontvangen")), ("out", gettext("Betaald"))]


def _in_month(answer: str) -> ColumnElement[bool] | None:
    try:
        first = date.fromisoformat(f"{answer}-01")
    except ValueError:
        return None
    return and_(Payment.booked_on >= first, Payment.booked_on < months_later(first, 1))


def _found(answer: str) -> ColumnElement[bool]:
    """Find by reference, communication or account: what is sealed is found whole or not at all."""
    plain = "".join(answer.split()).upper()
    digits = "".join(c for c in plain if c.isdigit())
    kinds = [Payment.reference == (read_reference(payments.LETTER, answer) or "")]
    if len(digits) == 12:
        kinds.append(Payment.ogm == digits)
    if iban.is_valid(plain):
        kinds.append(Payment.payer_index == payments.payer_index(plain))
    return or_(*kinds)


LISTING: Listing[Row[Any]] = Listing(
    (
        Column("datum", N_("Datum"), lambda r: r.Payment.booked_on, sort=Payment.booked_on),
        Column("nummer", N_("Nummer"), lambda r: r.Payment.reference),
        Column("naam", N_("Naam"), lambda r: r.Payment.payer_name or ""),
        Column("rekening", N_("Rekening"), lambda r: r.Payment.payer_iban or ""),
        Column("ogm", N_("Gestructureerde mededeling"), lambda r: r.Payment.ogm or ""),
        Column(
            "mededeling", N_("Mededeling"), lambda r: r.Payment.message or r.Payment.reason or ""
        ),
        Column("bron", N_("Bron"), lambda r: gettext(r.Payment.source.label)),
        Column("staat", N_("Staat"), lambda r: gettext(_place(r).label)),
        Column(
            "bedrag",
            N_("Bedrag"),
            lambda r: money.as_decimal(r.Payment.cents),
            sort=Payment.cents,
            num=True,
        ),
        Column("rest", N_("Te plaatsen"), lambda r: money.as_decimal(int(r.rest_cents)), num=True),
    ),
    row_id=Payment.id,
    first_sort="-datum",
    filters=(
        Filter("staat", N_("Staat"), _placed, _place_choices),
        Filter("bron", N_("Bron"), lambda a: Payment.source == PaymentSource(a), _source_choices),
        Filter(
            "richting",
            N_("In of uit"),
            lambda a: Payment.cents > 0 if a == "in" else Payment.cents < 0,
            _direction_choices,
        ),
        Filter("maand", N_("Maand"), _in_month, kind="month"),
        Filter("zoek", N_("Nummer, mededeling of rekening"), _found),
    ),
)
