"""Steps that come twice, too late, or from somebody who may not take them."""

import pytest

from portal.core.db import db
from portal.referrals.models import Referral, Status
from tests import make
from tests.browser import Browser
from tests.referrals.conftest import World
from tests.referrals.make_referral import moved_to, submitted
from tests.referrals.steps import actions, form, send, today


@pytest.fixture
def coordinator(world: World, browser: Browser) -> Browser:
    return browser.sign_in(world.coordinator_account)


@pytest.fixture
def referral(world: World) -> Referral:
    return submitted(world.branch, world.referrer)


def test_of_two_coordinators_one_wins_and_the_other_sees_what_changed(
    coordinator: Browser, world: World, referral: Referral
) -> None:
    other = make.coordinator(world.branch, who=make.account(name="Jo Aers"))
    second = Browser(coordinator.app).sign_in(other.account)
    hers, his = form(coordinator, referral, "decline"), form(second, referral, "accept")
    won = send(coordinator, hers, referral, "decline", {"reason": "not_reached"})
    assert won.status == 302
    data = {"on": today(), "street": "Kerkstraat 12", "priority": "0", "note": "Lief gezin."}
    lost = send(second, his, referral, "accept", data)
    assert lost.status == 409
    assert "Niet aanvaard" in lost.text
    assert "Hilde Claes" in lost.text
    assert "Lief gezin." in lost.text
    assert "Kerkstraat 12" in lost.text
    assert second.path("referrals.show", reference=referral.reference) in lost.links()
    db.session.refresh(referral)
    assert referral.status == Status.DECLINED
    assert actions(referral) == ["submit", "decline"]
    assert referral.family is not None
    assert referral.family.street is None


def test_a_form_sent_twice_takes_its_step_once(coordinator: Browser, referral: Referral) -> None:
    page = form(coordinator, referral, "record_contact")
    first = send(coordinator, page, referral, "record_contact", {"on": today()})
    again = send(coordinator, page, referral, "record_contact", {"on": today()})
    assert (first.status, again.status) == (302, 302)
    assert first.location == again.location
    assert actions(referral) == ["submit", "record_contact"]


def test_a_step_that_no_longer_fits_leads_back_to_the_referral(
    coordinator: Browser, world: World, referral: Referral
) -> None:
    moved_to(referral, Status.DECLINED, world.coordinator)
    page = coordinator.follow(form(coordinator, referral, "plan_intake"))
    assert "Deze stap kan nu niet." in page.text
    assert page.heading.startswith("Verwijzing")


def test_no_other_branch_and_no_referrer_takes_a_step(browser: Browser, referral: Referral) -> None:
    stranger = Browser(browser.app).sign_in(make.coordinator(make.branch(["24062"])).account)
    assert form(stranger, referral, "plan_intake").status == 404
    place = {"reference": referral.reference, "action": "record_contact"}
    assert stranger.post("referrals.decide", {"on": today(), "version": "1"}, **place).status == 404
    referrer = Browser(browser.app).sign_in(make.referrer().account)
    assert form(referrer, referral, "plan_intake").status == 403
    assert actions(referral) == ["submit"]
