"""What is typed about a family stays sealed: a canary in every field is found nowhere else."""

import logging
import re
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.core import clock, outbox
from portal.core.db import db
from portal.directory.reference import load_reference
from tests.browser import Browser
from tests.core.postoffice import PostOffice
from tests.referrals import typed
from tests.referrals.conftest import World, build_world

CANARY = "kanarievogel"


@pytest.fixture
def post() -> Iterator[PostOffice]:
    office = PostOffice().open()
    yield office
    office.close()


@pytest.fixture
def canary_app(make_app: Callable[..., Flask], post: PostOffice) -> Iterator[Flask]:
    app = make_app(SMTP_HOST="127.0.0.1", SMTP_PORT=post.port)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _sing(answers: dict[str, Any]) -> dict[str, Any]:
    """Put the canary into every field that takes free text."""
    free = ("first_name", "last_name", "question", "strengths", "access", "call_moment", "note")
    sung = {k: f"{CANARY} {v}" if k.split("-")[-1] in free else v for k, v in answers.items()}
    if "email" in sung:
        sung["email"] = f"{CANARY}@familie.example"
    return sung


def _refer(app: Flask, world: World) -> tuple[Browser, str]:
    els = Browser(app).sign_in(world.referrer_account)
    draft = typed.begin(els)
    for step in typed.STEPS[1:]:
        answer = typed.save(els, draft, step, _sing(typed.of(step)))
        assert answer.status == 303, answer.errors
    left = typed.begin(els)  # a second one, left as a draft
    typed.save(els, left, "gezin", _sing(typed.of("gezin")))
    sent = els.follow(typed.send(els, draft))
    found = re.search(r"V-([0-9A-Z]{4}-[0-9A-Z]{4})", sent.text)
    assert found
    return els, found[1]


def _follow(app: Flask, world: World, reference: str) -> Browser:
    hilde = Browser(app).sign_in(world.coordinator_account)
    today = clock.today().isoformat()
    steps = (
        ("record_contact", {"on": today, "note": CANARY}),
        ("decline", {"reason": "other_offer", "advice": CANARY, "note": CANARY}),
    )
    for action, answers in steps:
        place = {"reference": reference, "action": action}
        page = hilde.get("referrals.decide", **place)
        answer = hilde.submit(page, "referrals.decide", answers, **place)
        assert answer.status in (302, 303), answer.errors
    assert CANARY in hilde.get("referrals.show", reference=reference).text  # it is there to be read
    return hilde


def _raw_database(app: Flask) -> bytes:
    """Return every byte the database keeps: its files, or a dump of every row."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    if url.startswith("sqlite"):
        file = Path(url.removeprefix("sqlite:///"))
        return b"".join(f.read_bytes() for f in sorted(file.parent.glob(f"{file.name}*")))
    rows = []
    with db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            for row in connection.execute(table.select()):
                rows += [
                    bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row
                ]
    return b"\n".join(rows)


def test_a_name_typed_into_every_field_is_found_in_no_file_log_mail_or_export(
    canary_app: Flask, post: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with canary_app.app_context():
        load_reference(db.session())
        db.session.commit()
        world = build_world()
        db.session.remove()  # the test's own transaction must not hold the write lock
        els, code = _refer(canary_app, world)
        reference = f"V-{code}"
        hilde = _follow(canary_app, world, reference)
        outbox.deliver_due()
        exports = [
            browser.send("GET", f"/verwijzingen/?formaat={form}").get_data()
            for browser in (els, hilde)
            for form in ("csv", "xlsx")
        ]
        db.session.remove()
        raw = _raw_database(canary_app)
    word = CANARY.encode()
    assert word not in raw.lower()
    assert word not in caplog.text.lower().encode()
    assert len(post.received) >= 3
    assert all(word not in mail.as_bytes().lower() for mail in post.received)
    assert all(code.encode() in export for export in exports[::2])
    assert all(word not in _unpacked(export).lower() for export in exports)
    store = Path(canary_app.config["STORE"])
    documents = [f for f in store.rglob("*") if f.is_file()]
    assert documents
    assert all(word not in document.read_bytes().lower() for document in documents)


def _unpacked(export: bytes) -> bytes:
    if not export.startswith(b"PK"):
        return export
    with zipfile.ZipFile(BytesIO(export)) as book:
        return b"".join(book.read(name) for name in book.namelist())
