"""A key can be replaced: afterwards the old one opens nothing, and everything is still there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.core import crypto, documents, outbox, rotation
from portal.core.crypto import DecryptionError, Keyring, keyring
from portal.core.documents import Document
from portal.core.outbox import OutboxMessage

FIRST, SECOND = b"1" * 32, b"2" * 32
OLD, BOTH = Keyring({1: FIRST}), Keyring({1: FIRST, 2: SECOND})


@pytest.fixture(autouse=True)
def old_key(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = keyring()
    monkeypatch.setitem(app.config, "STORE", str(tmp_path))
    app.extensions.pop("documents", None)
    crypto.configure(OLD)
    yield
    app.extensions.pop("documents", None)
    crypto.configure(before)


def test_after_replacing_the_key_the_old_one_opens_nothing(session: Session) -> None:
    for number in range(7):
        outbox.enqueue("mail", {"to": f"canarini {number}"}, key=str(number))
    kept = documents.put(b"letter", "canarini.pdf", "application/pdf")
    again = documents.put(b"letter", "again.pdf", "application/pdf")
    session.commit()
    crypto.configure(BOTH)
    while rotation.reseal_rows(limit=3):
        session.commit()
    assert rotation.reseal_documents() == 2
    session.commit()
    sealed = list(session.scalars(text("select payload_encrypted from outbox_message")))
    sealed += session.scalars(text("select filename_encrypted from document"))
    assert {bytes(s)[1] for s in sealed} == {2}
    crypto.configure(OLD)
    session.expire_all()
    with pytest.raises(DecryptionError):
        _ = session.get_one(Document, kept.id).filename
    crypto.configure(BOTH)
    session.expire_all()
    assert documents.read(session.get_one(Document, again.id)) == b"letter"
    assert session.get_one(Document, kept.id).filename == "canarini.pdf"
    payloads = [m.payload["to"] for m in session.query(OutboxMessage).order_by(OutboxMessage.key)]
    assert payloads == [f"canarini {n}" for n in range(7)]


def test_replacing_can_be_stopped_and_begun_again(session: Session) -> None:
    outbox.enqueue("mail", {"to": "x"}, key="a")
    documents.put(b"letter", "a.pdf", "application/pdf")
    documents.put(b"public", "b.pdf", "application/pdf", private=False)
    session.commit()
    assert rotation.reseal_rows() == 0, "nothing to do while there is one key"
    crypto.configure(BOTH)
    assert rotation.reseal_rows() == 3
    session.rollback()
    assert rotation.reseal_rows() == 3
    session.commit()
    assert rotation.reseal_rows() == 0
    assert rotation.reseal_documents() == 1
    assert rotation.reseal_documents() == 0


def test_a_row_without_a_value_is_left_alone(session: Session) -> None:
    message = outbox.enqueue("mail", {}, key="a")
    session.flush()
    session.execute(text("update outbox_message set payload_encrypted = null"))
    crypto.configure(BOTH)
    assert rotation.reseal_rows() == 0
    assert message.id
