"""The list of invoices: what each person may see, asked, sorted and paged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext
from sqlalchemy import ColumnElement, Date, Row, Select, and_, func, literal, or_, select

from portal.core import clock, money
from portal.core.i18n import N_, short_date
from portal.core.permissions import Actor, Permission
from portal.core.tables import Column, Filter, Listing
from portal.directory.folding import fold
from portal.directory.models import Organisation
from portal.finance import payment_state
from portal.finance.invoice_states import STATUS_LABELS, STATUS_TONES
from portal.finance.models import (
    DeliveryState,
    Invoice,
    InvoiceDelivery,
    InvoiceKind,
    InvoiceStatus,
)
from portal.finance.payment_state import CREDITING, PaymentState

_NOT_YET = literal(date(9999, 12, 31), Date)  # a draft comes before what was issued
PAYMENT_STATES = frozenset(state.value for state in PaymentState)


@dataclass(frozen=True)
class Line:
    """One row as it is printed."""

    reference: str
    number: str
    kind: str
    partner: str
    status: str
    tone: str
    delivery: str
    delivery_tone: str
    payment: str
    payment_tone: str
    issued: str
    due: str
    total: str
    open: str


def newest_delivery() -> Any:
    """Return the state of the newest delivery of an invoice, as a column."""
    return (
        select(InvoiceDelivery.state)
        .where(InvoiceDelivery.invoice_id == Invoice.id)
        .order_by(InvoiceDelivery.id.desc())
        .limit(1)
        .correlate(Invoice)
        .scalar_subquery()
    )


def statement(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the documents this person may see, with the few columns a list prints."""
    return (
        select(
            Invoice.id,
            Invoice.reference,
            Invoice.number,
            Invoice.kind,
            Invoice.status,
            Invoice.issued_on,
            Invoice.due_on,
            Invoice.total_cents,
            Organisation.name.label("partner"),
            newest_delivery().label("delivery"),
            payment_state.open_cents().label("open_cents"),
            payment_state.column(clock.today()).label("payment"),
        )
        .join(Organisation, Organisation.id == Invoice.organisation_id)
        .where(Invoice.visible_to(actor))
    )


def open_cents(row: Any) -> int:
    """Return what of a document is still asked for: nothing of a draft or a credit note."""
    return int(row.open_cents) if row.payment else 0  # PostgreSQL sums into Decimal


def lines(rows: Sequence[Row[Any]]) -> list[Line]:
    """Return the rows as they are printed."""
    statuses = {status: gettext(label) for status, label in STATUS_LABELS.items()}
    kinds = {kind: gettext(kind.label) for kind in InvoiceKind}
    states = {state: gettext(state.label) for state in DeliveryState}
    paid = {state.value: (gettext(state.label), state.tone) for state in PaymentState}
    return [
        Line(
            reference=row.reference,
            number=row.number or "",
            kind=kinds[row.kind],
            partner=row.partner,
            status=statuses[row.status],
            tone=STATUS_TONES[row.status],
            delivery=states.get(row.delivery, ""),
            delivery_tone=row.delivery.tone if row.delivery else "neutral",
            payment=paid[row.payment][0] if row.payment else "",
            payment_tone=paid[row.payment][1] if row.payment else "neutral",
            issued=short_date(row.issued_on),
            due="" if row.kind in CREDITING else short_date(row.due_on),
            total=money.euro(_signed(row)),
            open=money.euro(open_cents(row)) if row.status == InvoiceStatus.ISSUED else "",
        )
        for row in rows
    ]


def _signed(row: Any) -> int:
    return -row.total_cents if row.kind in CREDITING else row.total_cents


def _of_state(answer: str) -> ColumnElement[bool]:
    if answer in (DeliveryState.FAILED, DeliveryState.WAITING):
        return func.coalesce(newest_delivery() == DeliveryState(answer), False)
    if answer in PAYMENT_STATES:
        return func.coalesce(payment_state.column(clock.today()) == answer, False)
    return Invoice.status == InvoiceStatus(answer)


def _state_choices() -> list[tuple[str, str]]:
    return [
        *((str(status), gettext(label)) for status, label in STATUS_LABELS.items()),
        (str(DeliveryState.WAITING), gettext(DeliveryState.WAITING.label)),
        (str(DeliveryState.FAILED), gettext(DeliveryState.FAILED.label)),
        *_payment_choices(),
    ]


def _payment_choices() -> list[tuple[str, str]]:
    return [(state.value, gettext(state.label)) for state in PaymentState]


def _kind_choices() -> list[tuple[str, str]]:
    return [(str(kind), gettext(kind.label)) for kind in InvoiceKind]


def _in_year(answer: str) -> ColumnElement[bool] | None:
    if not (answer.isascii() and answer.isdecimal() and len(answer) == 4 and answer > "1899"):
        return None
    year = int(answer)
    return and_(Invoice.issued_on >= date(year, 1, 1), Invoice.issued_on <= date(year, 12, 31))


def _found(answer: str) -> ColumnElement[bool]:
    named = Organisation.sort_name.contains(fold(answer), autoescape=True)
    typed = answer.upper().replace(" ", "")
    return or_(named, func.coalesce(Invoice.number, "").contains(typed, autoescape=True))


_STATE = Filter("staat", N_("Staat"), _of_state, _state_choices)
_PAYMENT = Filter("betaling", N_("Betaling"), _of_state, _payment_choices)
_KIND = Filter("soort", N_("Soort"), lambda a: Invoice.kind == InvoiceKind(a), _kind_choices)
_YEAR = Filter("jaar", N_("Uitgereikt in het jaar"), _in_year)
_SEARCH = Filter("zoek", N_("Partner of nummer"), _found)


def _payment_words(row: Any) -> str:
    return gettext(PaymentState(row.payment).label) if row.payment else ""


def _delivery_words(row: Any) -> str:
    return gettext(row.delivery.label) if row.delivery else ""


def listing_for(actor: Actor) -> Listing[Row[Any]]:
    """Return the list as this person asks it."""
    columns: tuple[Column[Row[Any]], ...] = (
        Column(
            "nummer",
            N_("Nummer"),
            lambda r: r.number or "",
            sort=func.coalesce(Invoice.number, ""),
        ),
        Column("soort", N_("Soort"), lambda r: gettext(r.kind.label)),
        Column("partner", N_("Partner"), lambda r: r.partner, sort=Organisation.sort_name),
        Column("staat", N_("Staat"), lambda r: gettext(STATUS_LABELS[r.status])),
        Column("bezorging", N_("Bezorging"), _delivery_words),
        Column("betaling", N_("Betaling"), _payment_words),
        Column(
            "datum",
            N_("Datum"),
            lambda r: r.issued_on,
            sort=func.coalesce(Invoice.issued_on, _NOT_YET),
        ),
        Column("vervalt", N_("Vervalt"), lambda r: r.due_on),
        Column(
            "bedrag",
            N_("Bedrag"),
            lambda r: money.as_decimal(_signed(r)),
            sort=Invoice.total_cents,
            num=True,
        ),
        Column("open", N_("Open"), lambda r: money.as_decimal(open_cents(r)), num=True),
    )
    everything = actor.can(Permission.FINANCE_READ_ALL)
    filters = (_SEARCH, _STATE, _KIND, _YEAR) if everything else (_PAYMENT, _KIND, _YEAR)
    return Listing(columns, row_id=Invoice.id, first_sort="-datum", filters=filters)
