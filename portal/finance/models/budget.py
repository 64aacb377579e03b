"""A year's budget under an agreement, and everything booked on it.

What was booked, decided or attached is a row that never changes (core/immutable.py): a mistake is
put right by a counter-booking. Amounts are cents.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agreements.models import Agreement
from portal.core.db import BigInt, Identified, Model, text_enum
from portal.core.documents import Document
from portal.core.permissions import Actor, Permission
from portal.directory.models import Organisation

WARN_AT_PERCENT = 90
ALARM_AT_PERCENT = 100


class YearStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class LineKind(StrEnum):
    COST = "cost"
    CONTRIBUTION = "contribution"  # what a partner bears
    INCOME = "income"  # subsidies, funds, gifts, means of HSV itself
    IN_KIND = "in_kind"  # pro memoria: in no sum


class BookingKind(StrEnum):
    ACTUAL = "actual"
    COMMITMENT = "commitment"


BOOKABLE = {
    BookingKind.ACTUAL: (LineKind.COST, LineKind.INCOME),
    BookingKind.COMMITMENT: (LineKind.COST,),
}


class Budget(Identified, Model):
    """The budget of one calendar year of an agreement.

    months, first_month: the months of this year that count. index_json: how its amounts were
    indexed, as `budget_plan.AppliedIndex`. closings: how many times its statements were sent; the
    highest `Statement.number`.
    """

    __tablename__ = "budget"
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    year: Mapped[int]
    status: Mapped[YearStatus] = mapped_column(text_enum(YearStatus))
    version: Mapped[int] = mapped_column()
    terms_number: Mapped[int]  # the version of the agreement it was drawn from
    addendum_number: Mapped[int | None]  # and the last addendum that changed it
    months: Mapped[int]
    first_month: Mapped[int]
    index_json: Mapped[dict[str, Any]] = mapped_column(JSON)
    warn_at_percent: Mapped[int] = mapped_column(default=WARN_AT_PERCENT)
    alarm_at_percent: Mapped[int] = mapped_column(default=ALARM_AT_PERCENT)
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    closings: Mapped[int] = mapped_column(default=0)

    agreement: Mapped[Agreement] = relationship()
    lines: Mapped[list["BudgetLine"]] = relationship(
        order_by="BudgetLine.position", cascade="all, delete-orphan"
    )
    events: Mapped[list["BudgetEvent"]] = relationship(order_by="BudgetEvent.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        UniqueConstraint("agreement_id", "year"),
        Index("ix_budget_year", "year", "id"),
    )

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition for the budgets this person may see: those of its agreements."""
        if not actor.can(Permission.BUDGET_READ):
            return false()
        return cls.agreement_id.in_(select(Agreement.id).where(Agreement.visible_to(actor)))


class BudgetLine(Identified, Model):
    """A line of a budget.

    agreed_cents: as signed; planned_cents: as indexed. Both None in kind, without a known value.
    even: spent evenly over the months (wages), which the forecast goes by. overhead_bp: this line
    is that share of all other costs.
    """

    __tablename__ = "budget_line"
    budget_id: Mapped[int] = mapped_column(ForeignKey("budget.id"), index=True)
    position: Mapped[int]
    kind: Mapped[LineKind] = mapped_column(text_enum(LineKind))
    code: Mapped[str] = mapped_column(String(20))
    label: Mapped[str] = mapped_column(String(200))
    service: Mapped[str] = mapped_column(String(20), default="")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    agreed_cents: Mapped[int | None] = mapped_column(BigInt)
    planned_cents: Mapped[int | None] = mapped_column(BigInt)
    even: Mapped[bool] = mapped_column(default=False)
    overhead_bp: Mapped[int | None]

    organisation: Mapped[Organisation | None] = relationship()


class LineForecast(Identified, Model):
    """What a person expects of a line at the end of the year; the newest row holds.

    cents None: back to what the portal computes.
    """

    __tablename__ = "line_forecast"
    line_id: Mapped[int] = mapped_column(ForeignKey("budget_line.id"), index=True)
    cents: Mapped[int | None] = mapped_column(BigInt)
    reason: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


class Booking(Identified, Model):
    """One amount on one line. A counter-booking (`reverses_id`) has the opposite amount.

    A commitment is released as it is paid or falls away: a commitment of less than nothing, with
    `releases_id`. `because_of_id`: the cost that paid it.
    """

    __tablename__ = "booking"
    budget_id: Mapped[int] = mapped_column(ForeignKey("budget.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("budget_line.id"), index=True)
    kind: Mapped[BookingKind] = mapped_column(text_enum(BookingKind))
    booked_on: Mapped[date] = mapped_column(Date)
    cents: Mapped[int] = mapped_column(BigInt)
    supplier: Mapped[str] = mapped_column(String(160), default="")
    description: Mapped[str] = mapped_column(String(300), default="")
    voucher: Mapped[str] = mapped_column(
        String(60), default=""
    )  # number of the supporting document
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"), unique=True)
    releases_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"), index=True)
    because_of_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"), index=True)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("booking_import.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]

    line: Mapped[BudgetLine] = relationship()
    documents: Mapped[list["BookingDocument"]] = relationship(order_by="BookingDocument.id")
    __table_args__ = (Index("ix_booking_budget_on", "budget_id", "booked_on", "id"),)


class BookingDocument(Identified, Model):
    """A supporting document of a booking."""

    __tablename__ = "booking_document"
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]

    document: Mapped[Document] = relationship()


class BookingImport(Identified, Model):
    """A file of bookings as it was read; nothing of it counts before `booked_at`."""

    __tablename__ = "booking_import"
    budget_id: Mapped[int] = mapped_column(ForeignKey("budget.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    rows_json: Mapped[list[Any]] = mapped_column(JSON)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    booked_at: Mapped[datetime | None]

    document: Mapped[Document] = relationship()


class BudgetEvent(Identified, Model):
    """One line of what happened with a budget as a whole."""

    __tablename__ = "budget_event"
    budget_id: Mapped[int] = mapped_column(ForeignKey("budget.id"), index=True)
    version: Mapped[int]
    action: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    note: Mapped[str] = mapped_column(Text, default="")


class BudgetNotice(Identified, Model):
    """That a threshold was reached and said by mail; taken away when it no longer is."""

    __tablename__ = "budget_notice"
    budget_id: Mapped[int] = mapped_column(ForeignKey("budget.id"))
    subject: Mapped[str] = mapped_column(String(40))  # the id of a line, or "total"
    percent: Mapped[int]
    told_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("budget_id", "subject", "percent"),)
