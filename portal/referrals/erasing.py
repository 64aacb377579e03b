"""Erasing what is kept of a family: what it told, or everything that names it.

Nobody lists tables here. What hangs on the sealed family goes with it; a sealed column of a row
that hangs on the referral is emptied. A model of which something must stay until the family itself
goes (to reach it, to stop a visit) says `kept_with_identity`.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Connection, Engine, LargeBinary, Table, delete, event, select, update
from sqlalchemy.orm import Session

from portal.core import clock, documents
from portal.core.db import Model, db, fold_log
from portal.core.outbox import OutboxMessage
from portal.referrals.consents import forget_situation
from portal.referrals.models import Family, Referral

_FAMILY, _REFERRAL, _DOCUMENT = "referral_family.id", "referral.id", "document.id"


def erase_told(referral: Referral) -> None:
    """Erase what a family told and what was written of it; who it is and who visits, stays."""
    family = referral.family
    if family is None or family.told_erased_at is not None:
        return
    forget_situation(family)
    family.health = []
    family.told_erased_at = clock.now()
    db.session.flush()
    connection = db.session.connection()
    for table, columns in _hanging_on(_FAMILY):
        if not _is_kept(table):
            _delete_rows(connection, table, columns, family.id)
    for table, columns in _hanging_on(_REFERRAL):
        if not _is_kept(table):
            _empty(connection, table, columns, referral.id)
    _leave_no_trace(referral)


def erase(referral: Referral) -> None:
    """Erase everything that names or describes a family; its referral stays, to be counted."""
    if referral.family is not None:
        db.session.delete(referral.family)
        db.session.flush()
    _leave_no_trace(referral)
    mails = OutboxMessage.key.startswith(f"mail:parent:{referral.id}:", autoescape=True)
    db.session.execute(delete(OutboxMessage).where(mails))


def _leave_no_trace(referral: Referral) -> None:
    """Read anew what was changed beneath the session, and clear the database's own log after."""
    db.session.expire(referral)
    db.session.info["fold_log"] = True


@event.listens_for(Family, "before_delete")
def _erase_with_family(_mapper: object, connection: Connection, family: Family) -> None:
    """Take along what the database would not: documents, and sealed texts on the referral."""
    for table, columns in _hanging_on(_FAMILY):
        if _pointing_at(table, _DOCUMENT):
            _delete_rows(connection, table, columns, family.id)
    for table, columns in _hanging_on(_REFERRAL):
        _empty(connection, table, columns, family.referral_id)


@event.listens_for(Session, "after_commit")
def _fold(session: Session) -> None:
    if session.in_nested_transaction() or not session.info.pop("fold_log", False):
        return
    if isinstance(db.engine, Engine):
        fold_log(db.engine)


def _hanging_on(target: str) -> Iterator[tuple[Table, list[Column[Any]]]]:
    """Yield each table with the columns by which it hangs on the family or on the referral."""
    for table in db.metadata.sorted_tables:
        columns = _pointing_at(table, target)
        if columns and table.name != Family.__tablename__:
            yield table, columns


def _pointing_at(table: Table, target: str) -> list[Column[Any]]:
    return [one.parent for one in table.foreign_keys if one.target_fullname == target]


def _is_kept(table: Table) -> bool:
    mapped = (one.class_ for one in Model.registry.mappers if one.local_table is table)
    return any(getattr(one, "kept_with_identity", False) for one in mapped)


def _delete_rows(
    connection: Connection, table: Table, columns: list[Column[Any]], family_id: int
) -> None:
    for column in columns:
        for pointer in _pointing_at(table, _DOCUMENT):
            ids = list(connection.scalars(select(pointer).where(column == family_id)))
            connection.execute(delete(table).where(column == family_id))
            if ids:
                documents.erase(ids, connection)
        connection.execute(delete(table).where(column == family_id))


def _empty(
    connection: Connection, table: Table, columns: list[Column[Any]], referral_id: int
) -> None:
    sealed = [c for c in table.columns if _is_sealed(c)]
    if sealed:
        empty = {column.name: None for column in sealed}
        for column in columns:
            connection.execute(update(table).where(column == referral_id).values(empty))


def _is_sealed(column: Column[Any]) -> bool:
    return isinstance(column.type, LargeBinary) and column.name.endswith("_encrypted")
