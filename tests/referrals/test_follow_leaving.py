"""A referrer withdraws a referral, or takes a family off the list."""

import pytest

from portal.core.db import db
from portal.referrals.choices import Feedback
from portal.referrals.models import Referral, Status
from tests.browser import Browser
from tests.referrals.conftest import World
from tests.referrals.make_referral import moved_to, submitted


@pytest.fixture
def referral(world: World) -> Referral:
    return submitted(world.branch, world.referrer)


def test_a_referrer_withdraws_and_the_branch_reads_why(
    browser: Browser, world: World, referral: Referral
) -> None:
    referrer = Browser(browser.app).sign_in(world.referrer_account)
    place = {"reference": referral.reference}
    page = referrer.get("referrals.withdraw", **place)
    assert referrer.submit(page, "referrals.withdraw", {"note": "x"}, **place).errors
    data = {"reason": "moved", "note": "Verhuist naar Oostende."}
    page = referrer.follow(referrer.submit(page, "referrals.withdraw", data, **place))
    assert "Ingetrokken" in page.heading
    assert "Verwijzing intrekken" not in page.text
    branch = Browser(browser.app).sign_in(world.coordinator_account)
    page = branch.get("referrals.show", **place)
    assert "Het gezin verhuist" in page.text
    assert "Verhuist naar Oostende." in page.text


def test_withdrawing_too_late_tells_the_referrer_no_more_than_allowed(
    browser: Browser, world: World
) -> None:
    referral = submitted(world.branch, world.referrer, consent={"feedback": Feedback.NONE})
    referrer = Browser(browser.app).sign_in(world.referrer_account)
    page = referrer.get("referrals.withdraw", reference=referral.reference)
    moved_to(referral, Status.DECLINED, world.coordinator)
    data = {"reason": "mistake", "note": "Toch niet."}
    lost = referrer.submit(page, "referrals.withdraw", data, reference=referral.reference)
    assert lost.status == 409
    assert "Afgehandeld" in lost.text
    assert "Toch niet." in lost.text
    assert "Niet aanvaard" not in lost.text
    assert "Hilde Claes" not in lost.text


def test_a_family_leaves_the_list_of_a_municipality_without_branch(
    signed_in: Browser, world: World
) -> None:
    referral = submitted(
        world.branch,
        world.referrer,
        nis="11002",
        postcode="2000",
        consent={"kept_when_unserved": True},
    )
    place = {"reference": referral.reference}
    page = signed_in.get("referrals.withdraw", **place)
    assert "meteen gewist" in page.text
    page = signed_in.follow(signed_in.submit(page, "referrals.withdraw", {}, **place))
    assert "Nadia" not in page.text
    assert "Ingetrokken" in page.heading
    db.session.refresh(referral)
    assert referral.family is None
    assert referral.status == Status.WITHDRAWN
