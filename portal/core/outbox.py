"""What must leave the portal: rows written with the change, delivered by the worker.

At least once, with a stable key; a row is claimed with a lease, so that a killed worker loses
nothing; what fails stays visible with its reason and can be sent again.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, String, delete, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.crypto import Encrypted, EncryptedColumns
from portal.core.db import Identified, Model, db, reading, text_enum

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
KEEP_SENT = timedelta(days=30)
FIRST_RETRY = timedelta(seconds=20)
LONGEST_RETRY = timedelta(minutes=8)
GIVE_UP_AFTER = 540  # tries: three days of a server that does not answer


class State(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class PermanentError(Exception):
    """Trying again will not help; the text says what to do. Shown to an administrator."""


class TryAgainError(Exception):
    """It did not work this time; the text says why. Shown to an administrator."""


class OutboxMessage(EncryptedColumns, Identified, Model):
    """One delivery to the outside. The payload is sealed: it may hold a one-time link."""

    __tablename__ = "outbox_message"
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    subject: Mapped[str] = mapped_column(String(200))
    state: Mapped[State] = mapped_column(text_enum(State), default=State.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(300))
    payload = Encrypted[dict[str, Any]]()
    __table_args__ = (db.Index("ix_outbox_message_due", "state", "due_at"),)


Handler = Callable[[OutboxMessage], None]
_handlers: dict[str, Handler] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that delivers one kind; it must be safe to run twice."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def enqueue(kind: str, payload: dict[str, Any], *, key: str, subject: str = "") -> OutboxMessage:
    """Write a delivery into the transaction under way. `key` is unique: one row per thing."""
    now = clock.now()
    message = OutboxMessage(kind=kind, key=key, subject=subject, created_at=now, due_at=now)
    message.payload = payload
    message.state = State.WAITING
    message.attempts = 0
    db.session.add(message)
    return message


def deliver_due(limit: int = 50) -> int:
    """Deliver what is due, one transaction each. Returns how many were tried."""
    now = clock.now()
    due = select(OutboxMessage.id).where(
        OutboxMessage.state == State.WAITING, OutboxMessage.due_at <= now, _is_free(now)
    )
    with reading():
        ids = db.session.scalars(
            due.order_by(OutboxMessage.due_at, OutboxMessage.id).limit(limit)
        ).all()
    return sum(deliver(one) for one in ids)


def deliver(message_id: int) -> bool:
    """Claim one message and deliver it. Returns False when another worker has it."""
    message = _claim(message_id)
    if message is None:
        return False
    try:
        _handlers[message.kind](message)
    except Exception as error:  # noqa: BLE001 - whatever went wrong, the row must say so
        db.session.rollback()
        _postpone(db.session.get_one(OutboxMessage, message_id), error)
    else:
        message.state, message.sent_at, message.error = State.SENT, clock.now(), None
        message.claimed_until = None
    db.session.commit()
    return True


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(OutboxMessage.claimed_until.is_(None), OutboxMessage.claimed_until < now)


def _claim(message_id: int) -> OutboxMessage | None:
    """Take a message and return it with its columns loaded, no transaction open.

    A delivery may take long; meanwhile nobody waits for the database.
    """
    now = clock.now()
    claim = (
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.state == State.WAITING, _is_free(now))
        .values(claimed_until=now + LEASE, attempts=OutboxMessage.attempts + 1)
        .returning(OutboxMessage)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    claimed = db.session.scalars(claim).one_or_none()
    db.session.commit()
    return claimed


def _postpone(message: OutboxMessage, error: Exception) -> None:
    now = clock.now()
    explained = isinstance(error, (PermanentError, TryAgainError))
    message.claimed_until = None
    # Only what a handler wrote itself: any other text may quote what was to be delivered.
    message.error = (str(error) if explained else type(error).__name__)[:300]
    if isinstance(error, PermanentError) or message.attempts >= GIVE_UP_AFTER:
        message.state = State.FAILED
        _log(logging.ERROR, message, "failed for good", error)
        return
    wait = FIRST_RETRY * 2 ** min(message.attempts - 1, 10)
    message.due_at = now + min(wait, LONGEST_RETRY)
    _log(logging.WARNING, message, f"try {message.attempts} failed", error)


def _log(level: int, message: OutboxMessage, what: str, error: Exception) -> None:
    log.log(level, "outbox %s %s %s: %s", message.kind, message.id, what, type(error).__name__)


def retry(message: OutboxMessage) -> None:
    """Put a failed message back in line, to be tried at once."""
    message.state, message.due_at, message.attempts = State.WAITING, clock.now(), 0


def waiting_count() -> int:
    """Return how many messages wait to be delivered."""
    waiting = select(func.count()).where(OutboxMessage.state == State.WAITING)
    return db.session.scalar(waiting.select_from(OutboxMessage)) or 0


def forget_sent() -> int:
    """Delete what was delivered longer than 30 days ago. Returns how many."""
    old = delete(OutboxMessage).where(
        OutboxMessage.state == State.SENT, OutboxMessage.sent_at < clock.now() - KEEP_SENT
    )
    return len(db.session.scalars(old.returning(OutboxMessage.id)).all())
