"""The document store: bytes that stay as they were, rows that never change.

The name of the bytes in the store begins with a keyed fingerprint of the plain content: who sees
the store or the table cannot test whether a document they can guess (a letter with a name filled
in) is there, as a bare SHA-256 would allow. Public files that are equal are kept once. What
concerns a family is sealed, bound to its row, so that blobs cannot be exchanged; each has bytes of
its own, because erasing one must erase bytes that nobody else is about to rely on.
"""

import hmac
import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import obstore
from flask import current_app
from obstore.store import LocalStore, ObjectStore
from sqlalchemy import Connection, LargeBinary, String, delete, event
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core import clock, text
from portal.core.crypto import DecryptionError, Encrypted, EncryptedColumns, keyring
from portal.core.db import Identified, Model, db

MAX_FILENAME = 150
LONGEST_EXTENSION = 10


class DamagedDocumentError(Exception):
    """The bytes in the store are not those that were put there."""


class Document(EncryptedColumns, Identified, Model):
    """One document as it was received or issued."""

    __tablename__ = "document"
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    size_bytes: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(100))
    encrypted: Mapped[bool]
    created_at: Mapped[datetime]
    filename = Encrypted[str]()


def put(data: bytes, filename: str, media_type: str, *, private: bool = True) -> Document:
    """Keep bytes and return their row, joined to the transaction under way.

    `private` (whatever concerns a family or holds a signature) seals them. The bytes are stored
    before the transaction ends: a rollback leaves at most bytes without a row, never a row
    without bytes.
    """
    digest = keyring().fingerprint(data, _purpose(private))
    document = Document(
        digest=digest,
        size_bytes=len(data),
        media_type=media_type,
        encrypted=private,
        created_at=clock.now(),
        filename=plain_filename(filename),
    )
    store, path = _store(), _path(document)
    if not _is_kept(store, path):
        obstore.put(store, path, keyring().seal(data, _place(document)) if private else data)
        _reach_the_disk(store, path)
    db.session.add(document)
    return document


def read(document: Document) -> bytes:
    """Return the plain bytes. Raises DamagedDocumentError when they are not what was put."""
    try:
        kept = bytes(obstore.get(_store(), _path(document)).bytes())
        data = keyring().open(kept, _place(document)) if document.encrypted else kept
    except (FileNotFoundError, DecryptionError) as error:
        raise DamagedDocumentError(f"document {document.id}") from error
    found = keyring().fingerprint(data, _purpose(document.encrypted))
    if not hmac.compare_digest(found, document.digest):
        raise DamagedDocumentError(f"document {document.id}")
    return data


def reseal(document: Document) -> bool:
    """Seal the bytes again with the newest key. Returns False when they already are."""
    store, path = _store(), _path(document)
    if bytes(obstore.get_range(store, path, start=0, length=2)) == keyring().head:
        return False
    obstore.put(store, path, keyring().seal(read(document), _place(document)))
    _reach_the_disk(store, path)
    return True


def erase(document_ids: Sequence[int], connection: Connection | None = None) -> None:
    """Delete private documents: the rows now, the bytes once the transaction has committed.

    `connection` is for use while a flush is going on. What is public was issued, and stays.
    """
    session = db.session()
    connection = connection or session.connection()
    chosen = Document.id.in_(document_ids) & Document.encrypted
    gone = connection.execute(delete(Document).where(chosen).returning(*_NAMED_BY)).all()
    session.info.setdefault("erased", []).extend((_store(), _path(row)) for row in gone)


@event.listens_for(Session, "after_commit")
def _erase_bytes(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for store, path in session.info.pop("erased", ()):
        with suppress(FileNotFoundError):
            obstore.delete(store, path)


@event.listens_for(Session, "after_soft_rollback")
def _keep_bytes(session: Session, transaction: Any) -> None:
    if transaction.parent is None:
        session.info.pop("erased", None)


def plain_filename(name: str) -> str:
    """Return the last part of a file name without anything a file system or header would obey."""
    last = text.line(name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(" .")
    stem, dot, extension = kept.rpartition(".")
    if dot and len(extension) <= LONGEST_EXTENSION:
        return f"{stem[: MAX_FILENAME - LONGEST_EXTENSION - 1]}.{extension}"
    return kept[:MAX_FILENAME] or "document"


def _purpose(private: bool) -> str:
    return "private document" if private else "document"


def _place(document: Document) -> str:
    return f"document|content|{document.id}|{document.digest.hex()}"


# What gives a document its name in the store, of a row or of the columns selected.
_NAMED_BY = (Document.id, Document.digest, Document.encrypted)


def _path(document: Any) -> str:
    name = document.digest.hex()
    return f"{name[:2]}/{name[2:]}" + (f"-{document.id}" if document.encrypted else "")


def _store() -> ObjectStore:
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if "documents" not in app.extensions:
        folder = Path(app.config["STORE"])
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        app.extensions["documents"] = LocalStore(folder)
    return cast(ObjectStore, app.extensions["documents"])


def _reach_the_disk(store: ObjectStore, path: str) -> None:
    """Wait until a power cut cannot take the bytes away; the row will say that they are there."""
    if not isinstance(store, LocalStore):
        return
    file = Path(current_app.config["STORE"]) / path
    for place in (file, file.parent, file.parent.parent):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _is_kept(store: ObjectStore, path: str) -> bool:
    try:
        obstore.head(store, path)
    except FileNotFoundError:
        return False
    return True
