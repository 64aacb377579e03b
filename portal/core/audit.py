"""The audit trail: append-only, hash-chained, written in the transaction it speaks of.

Events hold who, what, which object and which fields; never a value. They are gathered during the
transaction and chained just before it commits, so that the lock on the head of the chain is
always the last one taken and is held for as short as possible.
"""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, LargeBinary, String, event, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core import clock
from portal.core.db import BigInt, Model, db
from portal.core.permissions import Actor

log = logging.getLogger(__name__)

GENESIS = b"\0" * 32
FIRST_HEAD = {"id": 1, "number": 0, "digest": GENESIS}  # the row a migration inserts
request_id: ContextVar[str] = ContextVar("request_id", default="")


class AuditHead(Model):
    """The one row that says where the chain ends."""

    __tablename__ = "audit_head"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInt)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))


class AuditEvent(Model):
    """One thing that happened. `number` counts from 1 without gaps."""

    __tablename__ = "audit_event"
    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(BigInt, index=True)
    membership_id: Mapped[int | None] = mapped_column(BigInt)
    guest_id: Mapped[int | None] = mapped_column(BigInt)
    action: Mapped[str] = mapped_column(String(60))
    object_type: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(40))
    fields: Mapped[list[str]] = mapped_column(JSON)
    request_id: Mapped[str] = mapped_column(String(32))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    __table_args__ = (db.Index("ix_audit_event_object", "object_type", "object_id"),)


def record(
    action: str,
    thing: Any,
    *,
    actor: Actor | None = None,
    fields: Iterable[str] = (),
    object_id: object = None,
) -> None:
    """Note that `actor` did `action` to `thing` (a row, or the name of a table).

    `fields` are the names of what was changed or read. Joins the transaction under way.
    """
    session = db.session()
    if not session.in_transaction():
        session.begin()  # so that a rollback forgets this
    named = isinstance(thing, str)
    session.info.setdefault("audit", []).append(
        {
            "at": clock.now(),
            "account_id": actor.account_id or None if actor else None,
            "membership_id": actor.membership_id if actor else None,
            "guest_id": actor.guest_id if actor else None,
            "action": action,
            "object_type": thing if named else thing.__tablename__,
            "object_id": str(object_id if named or object_id is not None else thing.id),
            "fields": sorted(fields),
            "request_id": request_id.get(),
        }
    )


def digest(previous: bytes, number: int, values: dict[str, Any]) -> bytes:
    """Return the SHA-256 that binds an event to its number and to the event before it."""
    content = {**values, "at": values["at"].isoformat(), "number": number}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(previous + text.encode()).digest()


@event.listens_for(Session, "before_commit")
def _chain(session: Session) -> None:
    waiting = session.info.get("audit")
    if not waiting or session.in_nested_transaction():
        return
    session.flush()
    head = session.scalars(
        select(AuditHead).with_for_update().execution_options(populate_existing=True)
    ).one()
    rows = []
    for values in waiting:
        head.number += 1
        head.digest = digest(head.digest, head.number, values)
        rows.append({**values, "number": head.number, "digest": head.digest})
    session.execute(insert(AuditEvent), rows)
    waiting.clear()


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, transaction: Any) -> None:
    if transaction.parent is None:
        session.info.pop("audit", None)


def broken_links() -> Iterator[int]:
    """Yield the number of each event that was changed, removed or put elsewhere."""
    previous, expected = GENESIS, 1
    names = ("account_id", "membership_id", "guest_id", "action", "object_type", "object_id")
    events = db.session.scalars(
        select(AuditEvent).order_by(AuditEvent.number).execution_options(yield_per=1000)
    )
    for row in events:
        values = {name: getattr(row, name) for name in names}
        values |= {"at": row.at, "fields": row.fields, "request_id": row.request_id}
        if row.number != expected or digest(previous, row.number, values) != row.digest:
            yield expected
        previous, expected = row.digest, row.number + 1
    head = db.session.scalars(select(AuditHead)).one()
    if (head.number, head.digest) != (expected - 1, previous):
        yield expected


def note_head() -> None:
    """Write the end of the chain into the log, which is kept elsewhere.

    Who can rewrite the whole table cannot rewrite that.
    """
    head = db.session.scalars(select(AuditHead)).one()
    log.info("audit chain: %d %s", head.number, head.digest.hex())
