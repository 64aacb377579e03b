"""What was mailed, and a browser that somebody copied."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import outbox
from portal.core.outbox import OutboxMessage
from tests.browser import Browser

NEW_PASSWORD = "vier losse woorden samen"


@pytest.fixture
def mails_to(session: Session) -> Callable[[str], list[dict[str, Any]]]:
    """The mails written to an address, the oldest first, after the worker did its round."""

    def read(address: str) -> list[dict[str, Any]]:
        for waiting in session.scalars(
            select(OutboxMessage.id).where(OutboxMessage.kind == "password_reset")
        ).all():
            outbox.deliver(waiting)
        rows = session.scalars(
            select(OutboxMessage).where(OutboxMessage.kind == "mail").order_by(OutboxMessage.id)
        )
        return [row.payload for row in rows if row.payload["to"] == address]

    return read


@pytest.fixture
def link_to(mails_to: Callable[[str], list[dict[str, Any]]]) -> Callable[[str], str]:
    """The link in the newest mail to an address."""
    return lambda address: mails_to(address)[-1]["button_url"]


@pytest.fixture
def copy_of(app: Flask) -> Callable[[Browser], Browser]:
    """Another browser into which the cookies of the first were copied."""

    def copy(original: Browser) -> Browser:
        thief = Browser(app)
        cookie = original.client.get_cookie("portal")
        assert cookie is not None
        thief.client.set_cookie("portal", cookie.value)
        return thief

    return copy


def is_signed_in(browser: Browser) -> bool:
    page = browser.get("accounts.profile")
    assert page.status in (200, 302)
    return page.status == 200


def at_the_same_time(jobs: list[Callable[[], Any]]) -> list[Any]:
    """Run the jobs in threads that start together; return what each gave."""
    barrier, results = Barrier(len(jobs)), [None] * len(jobs)

    def run(number: int) -> None:
        barrier.wait()
        results[number] = jobs[number]()

    threads = [Thread(target=run, args=(n,)) for n in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
