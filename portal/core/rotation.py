"""Replacing an encryption key: what an older key sealed is sealed again with the newest.

After it the older key opens nothing any more. The first key stays in the list all the same: the
blind indexes and the names of documents in the store hang on it.
"""

from typing import Any

from sqlalchemy import LargeBinary, and_, func, literal, or_, select, update

from portal.core import documents
from portal.core.crypto import Encrypted, EncryptedColumns, keyring
from portal.core.db import Base, db


def reseal_rows(limit: int = 500) -> int:
    """Seal again up to `limit` rows of each table. Returns how many; 0 when all are done.

    Rows are changed beneath the models: their versions stay as they are, for nothing changed that
    a person could see. A row changed meanwhile is left for the next round.
    """
    models = [m.class_ for m in Base.registry.mappers if issubclass(m.class_, EncryptedColumns)]
    return sum(_reseal(model, limit) for model in models)


def reseal_documents() -> int:
    """Seal again the documents in the store. Returns how many; can be stopped and begun again."""
    sealed = select(documents.Document).where(documents.Document.encrypted)
    found = db.session.scalars(sealed.execution_options(yield_per=500))
    return sum(documents.reseal(document) for document in found)


def _reseal(model: Any, limit: int) -> int:
    names = [n for n, value in vars(model).items() if isinstance(value, Encrypted)]
    columns = {name: getattr(model, f"{name}_encrypted") for name in names}
    newest = literal(keyring().head, LargeBinary)
    old = [and_(c.is_not(None), func.substr(c, 1, 2) != newest) for c in columns.values()]
    rows = db.session.execute(select(model.id, *columns.values()).where(or_(*old)).limit(limit))
    return sum(_reseal_row(model, columns, row_id, sealed) for row_id, *sealed in rows.all())


def _reseal_row(model: Any, columns: dict[str, Any], row_id: int, sealed: list[Any]) -> int:
    change = update(model).where(model.id == row_id)
    values = {}
    for (name, column), before in zip(columns.items(), sealed, strict=True):
        if before is not None:
            place = f"{model.__tablename__}|{name}|{row_id}"
            values[column] = keyring().seal(keyring().open(bytes(before), place), place)
            change = change.where(column == before)
    done = change.values(values).returning(model.id)
    done = done.execution_options(synchronize_session=False)
    return len(db.session.scalars(done).all())
