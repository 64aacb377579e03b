"""What tests of agreements share."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portal.agreements import addendum_talk, proposing, template_preview, uploading
from portal.agreements.views import addendum_draft
from portal.core.outbox import OutboxMessage
from portal.core.rendering import Converter
from tests.agreements import make_negotiation
from tests.agreements.make_negotiation import World


@pytest.fixture(autouse=True)
def printed_by_word2pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """The converter every installation has; LibreOffice, where it is, has tests of its own."""
    for module in (proposing, uploading, template_preview, addendum_talk, addendum_draft):
        monkeypatch.setattr(module, "Converter", partial(Converter, libreoffice=None))


@pytest.fixture
def world(session: Session) -> World:
    return make_negotiation.world()


@pytest.fixture
def subjects_to(session: Session) -> Callable[[str], list[str]]:
    """Return the subjects of the mails written to an address, in order."""

    def subjects(address: str) -> list[str]:
        rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
        return [row.subject for row in rows if row.payload.get("to") == address]

    return subjects


@pytest.fixture
def queries(session: Session) -> Callable[[Callable[[], Any]], int]:
    """Return a function that counts the statements some work sends."""

    def counted(work: Callable[[], Any]) -> int:
        sent: list[str] = []

        def count(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
            sent.append(statement)

        bind: Any = session.get_bind()
        event.listen(bind.engine, "before_cursor_execute", count)
        work()
        event.remove(bind.engine, "before_cursor_execute", count)
        return len(sent)

    return counted


@pytest.fixture
def mail_texts(session: Session) -> Callable[[str], list[str]]:
    """Return the paragraphs of the mails written to an address, a text per mail, in order."""

    def texts(address: str) -> list[str]:
        rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
        return [
            " ".join(row.payload["paragraphs"]) for row in rows if row.payload.get("to") == address
        ]

    return texts
