"""A professional without account is forgotten once no family keeps her known."""

from datetime import timedelta
from typing import Any

import pytest

from portal.accounts import guests
from portal.accounts.guest_models import Guest, GuestLink, GuestSession
from portal.core import clock as portal_clock
from portal.core.db import db
from portal.referrals import drafts, erasing
from portal.referrals.models import Referral
from tests import make
from tests.accounts import make_guest
from tests.accounts.make_guest import at_work
from tests.browser import Browser
from tests.referrals.conftest import World
from tests.referrals.make_referral import submitted


@pytest.fixture
def lien(world: World) -> Guest:
    return make_guest.guest("lien@wieg.example")


def test_she_is_kept_as_long_as_a_family_of_hers_is(
    world: World, lien: Guest, browser: Browser, clock: Any
) -> None:
    referral = submitted(world.branch, guests.actor_of(lien))
    clock.shift(timedelta(days=800))
    assert guests.forget_idle() == 0
    erasing.erase(referral)
    db.session.commit()
    assert guests.forget_idle() == 1
    assert guests.forget_idle() == 0
    db.session.commit()
    gone = make.only(Guest)
    assert (gone.name, gone.phone, gone.organisation_name) == ("", "", "")
    assert "lien" not in gone.email
    assert make.number_of(GuestLink) == make.number_of(GuestSession) == 0
    assert make.only(Referral).guest_id == gone.id, "that a guest sent it is still counted"
    hilde = browser.sign_in(world.coordinator_account)
    page = hilde.get("referrals.show", reference=referral.reference)
    assert page.status == 200
    assert "gewist-" not in page.text


def test_who_was_here_lately_is_not_forgotten(
    world: World, lien: Guest, browser: Browser, clock: Any
) -> None:
    clock.shift(timedelta(days=364))
    assert guests.forget_idle() == 0
    at_work(browser, lien)
    clock.shift(timedelta(days=10))
    assert guests.forget_idle() == 0
    clock.shift(timedelta(days=360))
    assert guests.forget_idle() == 1


def test_who_writes_a_draft_or_waits_for_an_account_is_kept(
    world: World, lien: Guest, clock: Any
) -> None:
    draft = drafts.begin(guests.actor_of(lien))
    db.session.commit()
    clock.shift(timedelta(days=400))
    assert guests.forget_idle() == 0
    db.session.delete(draft)
    lien.asked_account_at = portal_clock.now()
    db.session.commit()
    assert guests.forget_idle() == 0


def test_a_forgotten_address_may_begin_again(world: World, lien: Guest, clock: Any) -> None:
    clock.shift(timedelta(days=400))
    assert guests.forget_idle() == 1
    db.session.commit()
    again = make_guest.guest("lien@wieg.example")
    assert again.id != lien.id
