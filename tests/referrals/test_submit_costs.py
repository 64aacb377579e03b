"""What the pages of the form ask of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from portal.core.db import db
from tests.browser import Browser
from tests.referrals import make_referral as make
from tests.referrals import typed
from tests.referrals.conftest import World


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement sent to the database inside the block."""
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def counted(seen: list[str]) -> int:
    return sum(one.lstrip().upper().startswith("SELECT") for one in seen)


READS = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")
PAGES = [
    ("referrals.start", {}, 3),
    ("referrals.drafts", {}, 2),
    ("referrals.consent_text", {}, 2),
    ("referrals.step", {"name": "instemming"}, 4),
    ("referrals.step", {"name": "gezin"}, 7),
    ("referrals.step", {"name": "vraag"}, 3),
    ("referrals.step", {"name": "praktisch"}, 3),
    ("referrals.check", {}, 6),
    ("referrals.discard_draft", {}, 2),
]


@pytest.mark.parametrize(("endpoint", "values", "most"), PAGES)
def test_a_page_writes_nothing_and_asks_little_however_much_there_is(
    signed_in: Browser, world: World, endpoint: str, values: dict[str, Any], most: int
) -> None:
    draft = typed.up_to_check(signed_in)
    if endpoint not in ("referrals.start", "referrals.drafts", "referrals.consent_text"):
        values = {**values, "draft_id": draft}
    with statements() as before:
        assert signed_in.get(endpoint, **values).status == 200
    for _ in range(4):
        make.submitted(world.branch, world.referrer)
        typed.up_to_check(signed_in)
    with statements() as after:
        assert signed_in.get(endpoint, **values).status == 200

    assert [one for one in after if not one.lstrip().upper().startswith(READS)] == []
    assert counted(after) == counted(before)
    assert counted(after) <= most
