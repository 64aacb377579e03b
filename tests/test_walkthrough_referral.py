"""The main job from end to end, as its people do it: refer, receive, match, hear."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.core import clock, outbox
from portal.directory.reference import load_reference
from tests.browser import Browser
from tests.core.postoffice import PostOffice
from tests.referrals import typed
from tests.referrals.conftest import World, build_world


@pytest.fixture
def world(session: Session) -> World:
    load_reference(session)
    session.commit()
    return build_world()


@pytest.fixture
def post(app: Flask) -> Iterator[PostOffice]:
    office = PostOffice().open()
    app.config.update(SMTP_HOST="127.0.0.1", SMTP_PORT=office.port)
    yield office
    office.close()
    app.config.update(SMTP_HOST="")


class Coordinator:
    """Takes the steps of a referral through their forms."""

    def __init__(self, browser: Browser, reference: str) -> None:
        self.browser = browser
        self.reference = reference

    def takes(self, action: str, **answers: Any) -> None:
        place = {"reference": self.reference, "action": action}
        page = self.browser.get("referrals.decide", **place)
        assert page.status == 200, f"{action}: {page.status}"
        answer = self.browser.submit(page, "referrals.decide", answers, **place)
        assert answer.status in (302, 303), f"{action}: {answer.errors}"

    def reads(self) -> str:
        return self.browser.get("referrals.show", reference=self.reference).text


def test_a_social_worker_refers_a_family_is_matched_and_she_hears_of_it(
    app: Flask, world: World, post: PostOffice
) -> None:
    today = clock.today().isoformat()
    els = Browser(app).sign_in(world.referrer_account)
    hilde = Browser(app).sign_in(world.coordinator_account)

    # Els, of the OCMW, fills in five short steps with the family's consent, and sends.
    sent = els.follow(typed.send(els, typed.up_to_check(els)))
    found = re.search(r"V-[0-9A-Z]{4}-[0-9A-Z]{4}", sent.text)
    assert found is not None
    reference = found.group()
    assert "Home-Start Gent" in sent.text

    # Both hear of it, and nobody who reads along learns anything about the family.
    outbox.deliver_due()
    assert {m["To"] for m in post.received} == {
        world.referrer_account.email,
        world.coordinator_account.email,
    }
    assert all(reference in m["Subject"] for m in post.received)

    # Hilde, the coordinator, finds it on her start page and opens the family.
    assert reference in hilde.get("home.start").text
    coordinator = Coordinator(hilde, reference)
    assert "Nadia Şahin" in coordinator.reads()
    assert "Ik zou graag eens op adem komen." in coordinator.reads()

    # Els sees who opened it.
    assert "Hilde Claes" in els.get("referrals.show", reference=reference).text

    # Contact, intake, acquaintance, a volunteer both sides choose, and the visits begin.
    moment = clock.local(clock.now()) + timedelta(days=2)
    coordinator.takes("record_contact", on=today)
    coordinator.takes("plan_intake", at=moment.strftime("%Y-%m-%dT10:30"))
    coordinator.takes("accept", on=today, street="Kerkstraat 12", priority="0")
    coordinator.takes("record_visit", on=today)
    coordinator.takes("propose_match", volunteer_name="Marleen", on=today)
    coordinator.takes(
        "answer_match", family="yes", family_on=today, volunteer="yes", volunteer_on=today
    )
    coordinator.takes("introduce", on=today)
    coordinator.takes("start", on=today)
    assert "Lopend traject" in coordinator.reads()

    # Els reads it in words the family would accept, and was mailed at each turn.
    told = els.get("referrals.show", reference=reference).text
    assert "Lopend traject" in told
    assert "Marleen" not in told
    post.received.clear()
    outbox.deliver_due()
    subjects = [m["Subject"] for m in post.received if m["To"] == world.referrer_account.email]
    assert [s.split(": ")[1] for s in subjects] == [
        "intake gebeurd",
        "er is een match",
        "het traject is gestart",
    ]

    # A year later the trajectory ends, with a reason.
    coordinator.takes(
        "complete",
        on=today,
        reason="goals_reached",
        note="Ging sneller dan gedacht.",
        last="none",
        follow_up="nee",
    )
    told = els.get("referrals.show", reference=reference).text
    assert "Afgerond" in told
    assert "de doelen zijn bereikt" in told
