"""The reference data, and short ways to what the directory holds."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.directory import branches, organisations
from portal.directory.branches import BranchDetails
from portal.directory.kinds import OrganisationKind
from portal.directory.models import Branch, Organisation
from portal.directory.organisations import OrganisationDetails
from portal.directory.reference import load_reference

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
