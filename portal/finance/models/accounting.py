"""Which account codes HSV's accountant uses since when, and which periods were handed over."""

from datetime import date, datetime

from sqlalchemy import JSON, Date, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Identified, Model


class AccountCodes(Identified, Model):
    """The code of every account of the journal, from a day on. Corrected by a new row."""

    __tablename__ = "account_codes"
    from_on: Mapped[date] = mapped_column(Date)
    codes_json: Mapped[dict[str, str]] = mapped_column(JSON)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_account_codes_current",
            "from_on",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )


class JournalExport(Identified, Model):
    """That the journal of a period was handed over; `digest` is of its lines as they were then."""

    __tablename__ = "journal_export"
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date] = mapped_column(Date)
    form: Mapped[str] = mapped_column(String(10))
    lines: Mapped[int]
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    __table_args__ = (Index("ix_journal_export_period", "from_on", "to_on", "id"),)
