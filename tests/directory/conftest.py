"""The reference data, and short ways to what the directory holds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from portal.core.db import db
from portal.core.permissions import Role
from portal.directory import branches, organisations
from portal.directory.branches import BranchDetails
from portal.directory.kinds import OrganisationKind
from portal.directory.models import Branch, Organisation
from portal.directory.organisations import OrganisationDetails
from portal.directory.reference import load_reference
from tests.browser import Browser
from tests.directory.people import somebody

GENT, ANTWERPEN, MERELBEKE_MELLE, AALST, BRUSSEL = "44021", "11002", "44088", "41002", "21004"


@pytest.fixture
def reference(session: Session) -> Session:
    """The 304 municipalities and 570 local governments are there."""
    load_reference(session)
    session.commit()
    return session


@pytest.fixture
def new_organisation(reference: Session) -> Callable[..., Organisation]:
    def create(name: str = "CAW Oost-Vlaanderen", **values: Any) -> Organisation:
        values = {"kind": OrganisationKind.CAW, **values}
        created = organisations.create_organisation(OrganisationDetails(name, **values), None)
        reference.commit()
        return created

    return create


@pytest.fixture
def new_branch(reference: Session) -> Callable[..., Branch]:
    def create(name: str = "Home-Start Gent", **values: Any) -> Branch:
        values = {"email": "afdeling@home-start.example", "active_from": date(2026, 1, 1), **values}
        created = branches.open_branch(BranchDetails(name=name, **values), None)
        reference.commit()
        return created

    return create


@pytest.fixture
def administrator(reference: Session, browser: Browser) -> Browser:
    return browser.sign_in(somebody(Role.ADMINISTRATOR))


@pytest.fixture
def referrer(reference: Session, browser: Browser) -> Browser:
    return browser.sign_in(somebody(Role.REFERRER))


@contextmanager
def count_queries() -> Iterator[list[str]]:
    """Give the list that every SELECT sent meanwhile is added to."""
    sent: list[str] = []
    db.session.commit()  # what the test itself still had to say

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)
