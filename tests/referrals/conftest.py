"""A small world to refer in: one organisation, one branch, and the people who work there."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.core.permissions import Actor
from portal.directory.models import Branch, Organisation
from portal.directory.reference import load_reference
from tests import make
from tests.referrals.make_referral import GENT


@dataclass
class World:
    """`referrer` and `coordinator` act; the accounts sign in."""

    organisation: Organisation
    branch: Branch
    referrer: Actor
    coordinator: Actor
    referrer_account: Account
    coordinator_account: Account


@pytest.fixture
def world(session: Session) -> World:
    load_reference(session)
    session.commit()
    return build_world()


def build_world() -> World:
    """Make the world in the database at hand; for tests with an app of their own."""
    organisation = make.organisation("caw", "CAW Oost-Vlaanderen")
    branch = make.branch([GENT], "Home-Start Gent", places_capacity=25, phone="09 765 43 21")
    referrer = make.referrer(
        organisation, who=make.account(name="Els Peeters"), function="maatschappelijk werker"
    )
    coordinator = make.coordinator(branch, who=make.account(name="Hilde Claes"))
    return World(
        organisation,
        branch,
        make.actor(referrer),
        make.actor(coordinator),
        referrer.account,
        coordinator.account,
    )


@pytest.fixture
def signed_in(world: World, browser: Any) -> Any:
    """The referrer of the world, signed in."""
    return browser.sign_in(world.referrer_account)
