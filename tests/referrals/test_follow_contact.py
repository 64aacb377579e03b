"""Correcting how to reach a family."""

import pytest
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.db import db
from portal.referrals.models import Referral, Status
from tests.browser import Browser
from tests.referrals.conftest import World
from tests.referrals.make_referral import moved_to, submitted


@pytest.fixture
def coordinator(world: World, browser: Browser) -> Browser:
    return browser.sign_in(world.coordinator_account)


@pytest.fixture
def referral(world: World) -> Referral:
    return submitted(world.branch, world.referrer)


def test_contact_details_are_corrected_with_only_their_names_in_the_trail(
    coordinator: Browser, world: World, referral: Referral
) -> None:
    place = {"reference": referral.reference}
    page = coordinator.get("referrals.correct_contact", **place)
    assert page.value("phone") == "0470 12 34 56"
    assert "Straat" not in page.text
    moved_to(referral, Status.WAITING, world.coordinator)
    page = coordinator.get("referrals.correct_contact", **place)
    data = {"phone": "0499 00 11 22", "email": "", "street": "Kerkstraat 12"}
    page = coordinator.follow(coordinator.submit(page, "referrals.correct_contact", data, **place))
    assert "0499 00 11 22" in page.text
    assert "Kerkstraat 12" in page.text
    assert "Contactgegevens aangepast" in page.text
    trail = select(AuditEvent).where(AuditEvent.action == "referral:correct_contact")
    [event] = db.session.scalars(trail)
    assert {"phone", "email", "street"} <= set(event.fields)
    reads = select(AuditEvent).where(AuditEvent.action == "referral:read_by_branch")
    assert len(db.session.scalars(reads).all()) == 3  # the form twice, then the referral


def test_nothing_changed_is_said_and_a_wrong_number_refused(
    coordinator: Browser, referral: Referral
) -> None:
    place = {"reference": referral.reference}
    page = coordinator.get("referrals.correct_contact", **place)
    same = {"phone": page.value("phone"), "email": page.value("email")}
    answer = coordinator.submit(page, "referrals.correct_contact", same, **place)
    assert answer.errors == ["Je hebt niets gewijzigd."]
    wrong = {**same, "phone": "geen nummer"}
    answer = coordinator.submit(page, "referrals.correct_contact", wrong, **place)
    assert "Vul een telefoonnummer in" in answer.errors[0]
    assert answer.value("phone") == "geen nummer"
