"""The steps of a coordinator on their pages, and the mails they promise."""

from datetime import timedelta
from typing import Any

import pytest

from portal.core import clock as portal_clock
from portal.core.db import db
from portal.referrals import follow
from portal.referrals.choices import Feedback
from portal.referrals.forms.decisions import DECISIONS
from portal.referrals.models import Referral, Status
from portal.referrals.trajectory import pauses
from tests.browser import Browser
from tests.referrals.conftest import World
from tests.referrals.make_referral import moved_to, submitted
from tests.referrals.steps import form, take, today

SOON = portal_clock.today() + timedelta(days=30)
CLOSED = {"reason": "moved", "last": "none", "follow_up": "nee"}


@pytest.fixture
def coordinator(world: World, browser: Browser) -> Browser:
    return browser.sign_in(world.coordinator_account)


@pytest.fixture
def referral(world: World) -> Referral:
    return submitted(world.branch, world.referrer)


def test_a_coordinator_takes_a_family_from_first_contact_to_the_end(
    coordinator: Browser, referral: Referral
) -> None:
    moment = (portal_clock.local(portal_clock.now()) + timedelta(days=2)).strftime("%Y-%m-%dT10:30")
    road: list[tuple[str, dict[str, Any], str]] = [
        ("record_contact", {"on": today(), "note": "Belt graag terug."}, "Eerste contact met het"),
        ("plan_intake", {"at": moment}, "Intake gepland"),
        (
            "accept",
            {"on": today(), "street": "Kerkstraat 12", "priority": "0", "note": ""},
            "op de wachtlijst",
        ),
        ("set_priority", {"priority": "1", "reason": "Bevalling over een maand."}, "Volgorde"),
        ("record_visit", {"on": today()}, "Kennismaking aan huis"),
        ("propose_match", {"volunteer_name": "Marleen", "on": today()}, "Match voorgesteld"),
        (
            "answer_match",
            {
                "family": "yes",
                "family_on": today(),
                "volunteer": "yes",
                "volunteer_on": today(),
            },
            "Match: gezin en vrijwilliger kiezen voor elkaar",
        ),
        ("introduce", {"on": today()}, "Kennismaking met de vrijwilliger"),
        ("start", {"on": today()}, "Traject gestart"),
        ("complete", {**CLOSED, "on": today(), "note": "Verhuisd."}, "Traject afgerond"),
    ]
    page = form(coordinator, referral, "record_contact")
    for action, data, told in road:
        page = coordinator.follow(take(coordinator, referral, action, data))
        assert told in page.text
        assert page.heading.startswith(f"Verwijzing {referral.reference}")
    db.session.refresh(referral)
    assert referral.status == Status.COMPLETED
    assert referral.family is not None
    assert referral.family.street == "Kerkstraat 12"
    assert "Kerkstraat 12" in page.text
    assert "Bevalling over een maand." in page.text


@pytest.mark.parametrize("action", sorted(DECISIONS))
def test_every_step_says_what_happens_and_who_gets_a_mail(
    coordinator: Browser, world: World, referral: Referral, action: str
) -> None:
    before = {
        "set_priority": Status.WAITING,
        "record_visit": Status.WAITING,
        "propose_match": Status.WAITING,
        "answer_match": Status.WAITING,
        "introduce": Status.MATCHED,
        "start": Status.MATCHED,
        "end_match": Status.MATCHED,
        "complete": Status.RUNNING,
        "plan_half_day": Status.MATCHED,
        "pause": Status.RUNNING,
        "resume": Status.RUNNING,
        "record_follow_up": Status.COMPLETED,
        "reopen": Status.COMPLETED,
    }
    moved_to(referral, before.get(action, Status.SUBMITTED), world.coordinator)
    if action == "answer_match":
        follow.propose_match(world.coordinator, referral, "Marleen", portal_clock.today())
    if action == "start":
        follow.introduce(world.coordinator, referral, portal_clock.today())
    if action == "resume":
        pauses.pause(world.coordinator, referral, portal_clock.today(), SOON, reason="holiday")
    if action == "record_follow_up":
        referral.follow_up_due_on = SOON
    db.session.commit()
    page = form(coordinator, referral, action)
    assert page.status == 200
    leads = [e for e in page.find("p") if e.get("class") == "lead"]
    assert leads
    assert len(leads[0].text or "") > 20
    assert ("krijgt" in page.text) or ("Niemand krijgt" in page.text)


@pytest.mark.parametrize(
    ("level", "sentence"),
    [
        (Feedback.OUTCOME, "In het portaal lees je waarom"),
        (Feedback.STATUS, "Het gezin koos ervoor om de reden niet te delen"),
        (Feedback.NONE, "Het gezin koos ervoor om niet meer te laten weten"),
    ],
)
def test_declining_shows_the_mail_the_referrer_will_read(
    coordinator: Browser, world: World, level: Feedback, sentence: str
) -> None:
    referral = submitted(world.branch, world.referrer, consent={"feedback": level})
    page = form(coordinator, referral, "decline")
    assert sentence in page.text
    assert ("Het gezin laat niet toe dat de verwijzer dit leest" in page.text) == (
        level != Feedback.OUTCOME
    )


def test_a_mail_the_family_does_not_allow_is_not_promised(
    coordinator: Browser, world: World
) -> None:
    referral = submitted(world.branch, world.referrer, consent={"feedback": Feedback.NONE})
    page = form(coordinator, referral, "accept")
    assert "De verwijzer krijgt geen mail: het gezin laat dat niet toe." in page.text
