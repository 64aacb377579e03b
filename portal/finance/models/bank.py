"""Bank files: what was read, which statements it held, and which payment each movement is."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import BigInt, Identified, Model, text_enum
from portal.core.documents import Document
from portal.finance.banking.reading import BankFormat
from portal.finance.models.payment import Payment


class BankAccount(Model):
    """An account of HSV that statements were read of; its row is held while one is booked."""

    __tablename__ = "bank_account"
    iban: Mapped[str] = mapped_column(String(34), primary_key=True)


class BankFile(Identified, Model):
    """A file as it came in. It counts from `taken_at` on; before that a person looks at it.

    `digest` is keyed: who sees the table cannot test for a file. account_id None: by the worker.
    """

    __tablename__ = "bank_file"
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    format: Mapped[BankFormat] = mapped_column(text_enum(BankFormat))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    document: Mapped[Document] = relationship()
    __table_args__ = (Index("ix_bank_file_at", "at", "id"),)


class BankStatement(Identified, Model):
    """One statement of one of HSV's accounts, read once in each format. Balances in cents."""

    __tablename__ = "bank_statement"
    file_id: Mapped[int] = mapped_column(ForeignKey("bank_file.id"), index=True)
    iban: Mapped[str] = mapped_column(String(34))
    format: Mapped[BankFormat] = mapped_column(text_enum(BankFormat))
    number: Mapped[str] = mapped_column(String(35))
    opening_cents: Mapped[int] = mapped_column(BigInt)
    closing_cents: Mapped[int] = mapped_column(BigInt)
    opened_on: Mapped[date] = mapped_column(Date)
    closed_on: Mapped[date] = mapped_column(Date)
    movements: Mapped[int]  # how many it has, known from elsewhere or not

    __table_args__ = (UniqueConstraint("iban", "closed_on", "number", "format"),)


class BankMovement(Identified, Model):
    """That a movement was seen in a format, and which payment it is.

    `identity` is the same in every file of one format that holds the movement; `likeness` is the
    same in both formats, and for equal movements of one day. Both are keyed. `ordinal` counts the
    payments of one likeness; None when the other format had made the payment already.
    """

    __tablename__ = "bank_movement"
    statement_id: Mapped[int] = mapped_column(ForeignKey("bank_statement.id"), index=True)
    format: Mapped[BankFormat] = mapped_column(text_enum(BankFormat))
    identity: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    likeness: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    ordinal: Mapped[int | None]
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)

    payment: Mapped[Payment] = relationship()
