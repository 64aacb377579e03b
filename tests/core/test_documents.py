"""Documents: kept once, sealed, never changed, and never anything but a download."""

import hashlib
import shutil
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from werkzeug.http import parse_options_header

from portal.core import documents
from portal.core.documents import DamagedDocumentError, Document, plain_filename
from portal.core.downloads import attachment, disposition, send

LETTER = "Beste Zoë Canarini, je verwijzing is ontvangen.".encode() * 20


@pytest.fixture
def store(app: Flask) -> Path:
    folder = Path(app.config["STORE"])
    shutil.rmtree(folder, ignore_errors=True)
    app.extensions.pop("documents", None)
    return folder


def files(store: Path) -> list[Path]:
    return [p for p in store.rglob("*") if p.is_file()]


@pytest.mark.parametrize("private", [True, False])
@pytest.mark.parametrize("data", [b"", b"x", LETTER, bytes(range(256)) * 4000])
def test_what_is_put_is_what_is_read(
    session: Session, store: Path, data: bytes, private: bool
) -> None:
    document = documents.put(data, "brief.pdf", "application/pdf", private=private)
    session.flush()
    assert documents.read(document) == data
    assert document.size_bytes == len(data)
    assert document.filename == "brief.pdf"


def test_a_private_document_cannot_be_read_or_recognised_in_the_store_or_the_table(
    session: Session, store: Path
) -> None:
    document = documents.put(LETTER, "Canarini.pdf", "application/pdf")
    session.flush()
    (kept,) = files(store)
    assert b"Canarini" not in kept.read_bytes()
    assert document.digest != hashlib.sha256(LETTER).digest(), "a guess could be tested"
    assert hashlib.sha256(LETTER).hexdigest() not in str(kept)
    row = session.execute(text("select * from document")).one()
    assert b"Canarini" not in b"".join(bytes(v) for v in row if isinstance(v, bytes))


def test_equal_public_documents_are_kept_once(session: Session, store: Path) -> None:
    first, second = (
        documents.put(LETTER, name, "application/pdf", private=False) for name in ("a.pdf", "b.pdf")
    )
    session.flush()
    assert first.id != second.id
    assert len(files(store)) == 1
    assert documents.read(first) == documents.read(second) == LETTER


def test_a_familys_document_has_bytes_of_its_own(session: Session, store: Path) -> None:
    first = documents.put(LETTER, "a.pdf", "application/pdf")
    second = documents.put(LETTER, "b.pdf", "application/pdf")
    documents.put(LETTER, "c.pdf", "application/pdf", private=False)
    assert len(files(store)) == 3
    session.commit()
    documents.erase([first.id])
    session.commit()
    assert documents.read(second) == LETTER


def test_erasing_takes_the_row_and_the_bytes_and_only_with_the_commit(
    session: Session, store: Path
) -> None:
    document = documents.put(LETTER, "a.pdf", "application/pdf")
    public = documents.put(LETTER, "b.pdf", "application/pdf", private=False)
    session.commit()
    documents.erase([document.id, public.id])
    session.rollback()
    session.commit()
    assert documents.read(document) == LETTER
    documents.erase([document.id, public.id])
    assert len(files(store)) == 2
    session.commit()
    assert session.scalars(select(Document.id)).all() == [public.id]
    assert len(files(store)) == 1, "what is public was issued, and stays"


def test_a_document_that_was_changed_exchanged_or_lost_is_not_given(
    session: Session, store: Path
) -> None:
    document = documents.put(LETTER, "a.pdf", "application/pdf")
    (kept,) = files(store)
    whole = kept.read_bytes()
    documents.put(b"another", "b.pdf", "application/pdf")
    (other,) = [f for f in files(store) if f != kept]
    for damage in (whole[:-1] + b"x", whole[:20], b"", b"x" * 40, other.read_bytes()):
        kept.write_bytes(damage)
        with pytest.raises(DamagedDocumentError):
            documents.read(document)
    kept.unlink()
    with pytest.raises(DamagedDocumentError):
        documents.read(document)


def test_a_public_document_that_was_changed_is_not_given(session: Session, store: Path) -> None:
    document = documents.put(LETTER, "a.pdf", "application/pdf", private=False)
    (kept,) = files(store)
    assert kept.read_bytes() == LETTER
    kept.write_bytes(LETTER + b" ")
    with pytest.raises(DamagedDocumentError):
        documents.read(document)


@pytest.mark.parametrize(
    ("column", "value"),
    [("digest", b"x" * 32), ("size_bytes", 1), ("media_type", "text/html"), ("encrypted", False)],
)
def test_the_row_of_a_document_never_changes(
    session: Session, store: Path, column: str, value: object
) -> None:
    document = documents.put(LETTER, "a.pdf", "application/pdf")
    session.flush()
    with pytest.raises(DBAPIError, match="does not change"):
        session.execute(update(Document).where(Document.id == document.id).values({column: value}))


def test_the_name_of_a_document_can_be_sealed_again_and_its_row_erased(
    session: Session, store: Path
) -> None:
    document = documents.put(LETTER, "a.pdf", "application/pdf")
    session.flush()
    document.filename = str(document.filename)
    session.flush()
    session.delete(document)
    session.flush()
    assert session.get(Document, document.id) is None


def test_a_rolled_back_document_leaves_no_row(session: Session, store: Path) -> None:
    document = documents.put(LETTER, "a.pdf", "application/pdf")
    session.rollback()
    assert session.get(Document, document.id) is None


def test_only_the_portal_may_enter_the_store(session: Session, store: Path) -> None:
    documents.put(LETTER, "a.pdf", "application/pdf")
    assert store.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("brief.pdf", "brief.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\an\\brief.pdf", "brief.pdf"),
        ("/etc/cron.d/x", "x"),
        ("..", "document"),
        ("", "document"),
        ("a\x00b.pdf", "ab.pdf"),
        ("fdp.\u202eexe", "fdp.exe"),
        ('a"; filename="b.html', "a; filename=b.html"),
        ("regel\r\nSet-Cookie: x", "regel Set-Cookie x"),
        ("x" * 300 + ".pdf", "x" * 139 + ".pdf"),
        ("Überzicht – Zoë (2).docx", "Überzicht – Zoë (2).docx"),
        (" . spatie .pdf", "spatie .pdf"),
    ],
)
def test_a_file_name_keeps_nothing_that_a_file_system_or_header_obeys(
    name: str, plain: str
) -> None:
    assert plain_filename(name) == plain


@given(st.text())
def test_any_name_becomes_a_header_that_says_one_name(name: str) -> None:
    header = disposition(name)
    assert "\r" not in header
    assert "\n" not in header
    kind, options = parse_options_header(header)
    assert kind == "attachment"
    assert options["filename"] == plain_filename(name)
    header.encode("latin-1")


def test_a_document_leaves_as_a_download_that_runs_nothing(
    app: Flask, session: Session, store: Path
) -> None:
    document = documents.put(LETTER, "Überzicht.html", "text/html")
    with app.test_request_context("/"):
        response = app.process_response(send(document))
    assert response.get_data() == LETTER
    headers = response.headers
    assert headers["Content-Disposition"] == (
        "attachment; filename=\"Uberzicht.html\"; filename*=UTF-8''%C3%9Cberzicht.html"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["Cache-Control"] == "no-store"


def test_an_attachment_has_no_second_type(app: Flask) -> None:
    with app.test_request_context("/"):
        response = attachment(b"x", "a.csv", "text/csv; charset=utf-8")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
