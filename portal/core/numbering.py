"""Unbroken series of numbers, taken in the transaction of the thing that is numbered.

A counter row is locked by the UPDATE until that transaction ends: a rollback gives the number
back, so that there are no gaps and no duplicates. A sequence leaves gaps, MAX+1 duplicates.
"""

from sqlalchemy import String, update
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import BigInt, Model, db, insert_if_absent


class Counter(Model):
    """The last number given in one series (`invoice-2027`)."""

    __tablename__ = "counter"
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[int] = mapped_column(BigInt)


def next_number(name: str) -> int:
    """Return the next number of a series, from 1; others wait until this transaction ends."""
    number = _increment(name)
    if number is None:
        insert_if_absent(Counter, name=name, value=0)
        number = _increment(name)
    if number is None:
        raise RuntimeError(f"counter {name} vanished while it was used")
    return number


def _increment(name: str) -> int | None:
    statement = update(Counter).where(Counter.name == name).values(value=Counter.value + 1)
    return db.session.scalar(
        statement.returning(Counter.value).execution_options(synchronize_session=False)
    )
