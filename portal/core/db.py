"""The database: base class, identifiers, moments in UTC, and how transactions begin."""

import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Integer,
    MetaData,
    TypeDecorator,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from portal.core import clock

BigInt = BigInteger().with_variant(Integer, "sqlite")

# SQLite takes its write lock at BEGIN IMMEDIATE. A page that only reads says so here, so that
# readers never wait; everything else (posts, commands, the worker) may write.
reading_only: ContextVar[bool] = ContextVar("reading_only", default=False)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment; SQLite keeps it without a zone, PostgreSQL with one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def text_enum(values: type[StrEnum]) -> Enum:
    """Return a column type that keeps an enum's value as plain text.

    Adding a value then needs no migration, and a row read back holds the enum again.
    """
    return Enum(
        values,
        native_enum=False,
        create_constraint=False,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


_newest = [0]
_newest_lock = threading.Lock()
_AHEAD_MS = 1000  # how far a burst may run ahead; a clock set back further is followed


def new_id() -> int:
    """Return a positive 63-bit identifier: milliseconds, then 22 random bits.

    Known before the row is stored (encryption binds it to the ciphertext), in order of creation
    (so indexes stay compact), and without a sequence to guess from. Within a process later is
    larger, also in the same millisecond: a timeline is read in the order of its identifiers.
    """
    millisecond = int(clock.now().timestamp() * 1000)
    fresh = (millisecond << 22) | secrets.randbits(22)
    with _newest_lock:
        if 0 <= (_newest[0] >> 22) - millisecond <= _AHEAD_MS and fresh <= _newest[0]:
            fresh = _newest[0] + 1 + secrets.randbits(12)
        _newest[0] = fresh
    return fresh


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )

    def __init__(self, **values: Any) -> None:
        """Set `id` before anything else: encrypted columns are bound to it."""
        if issubclass(type(self), Identified):
            self.id = values.pop("id", None) or new_id()
        for name, value in values.items():
            if not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no column {name}")
            setattr(self, name, value)


class Identified:
    """A row known by a time-ordered identifier that exists before the row is stored."""

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)


Base.registry.update_type_annotation_map({datetime: UtcDateTime})

db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


@event.listens_for(Engine, "connect")
def _configure_sqlite(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # this module says when a transaction begins
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "busy_timeout=15000",
        "foreign_keys=ON",
        "secure_delete=ON",  # what is erased leaves no bytes behind in the file
        "recursive_triggers=ON",  # else REPLACE slips past the triggers that forbid changes
        "cache_size=-32000",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN" if reading_only.get() else "BEGIN IMMEDIATE")


@contextmanager
def reading() -> Iterator[None]:
    """Run a block that only reads, outside any transaction; it takes no write lock."""
    before = reading_only.set(True)
    try:
        yield
    finally:
        db.session.rollback()
        reading_only.reset(before)


def fold_log(engine: Engine) -> None:
    """Fold SQLite's write-ahead log into the file and empty it: it may hold what was erased.

    Does what it can while others read; the next time does the rest. Other engines need nothing.
    """
    if engine.dialect.name != "sqlite":
        return
    raw = engine.raw_connection()
    try:
        for pragma in ("busy_timeout=500", "wal_checkpoint(TRUNCATE)", "busy_timeout=15000"):
            raw.cursor().execute(f"PRAGMA {pragma}").fetchall()
    finally:
        raw.close()


def insert_if_absent(model: type[Base], **values: Any) -> bool:
    """Insert a row unless its key is taken; returns whether it was inserted.

    A rival transaction that holds the same key is waited for: if it commits, its row stands and
    this one is not inserted; if it rolls back, this one is.
    """
    on_sqlite = db.session.connection().dialect.name == "sqlite"
    insert = sqlite.insert if on_sqlite else postgresql.insert
    statement = insert(model).values(**values).on_conflict_do_nothing()
    return (
        db.session.execute(statement.returning(*model.__mapper__.primary_key)).first() is not None
    )
