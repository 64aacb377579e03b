"""Two coordinators who decide at the same moment, on a database whose commits are real."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.directory.reference import load_reference
from portal.referrals.models import Referral, ReferralEvent, Status
from tests import make
from tests.browser import Browser
from tests.core.races import in_threads
from tests.referrals.conftest import World, build_world
from tests.referrals.make_referral import submitted

ROUNDS = 5


@pytest.fixture
def live_world(live_app: Flask) -> Iterator[World]:
    with live_app.app_context():
        load_reference(db.session())
        db.session.commit()
        yield build_world()


def test_of_two_at_once_one_wins_and_the_other_reads_what_changed(
    live_app: Flask, live_world: World
) -> None:
    other = make.coordinator(live_world.branch, who=make.account(name="Jo Aers"))
    browsers = [
        Browser(live_app).sign_in(live_world.coordinator_account),
        Browser(live_app).sign_in(other.account),
    ]
    for _ in range(ROUNDS):
        referral = submitted(live_world.branch, live_world.referrer)
        place = {"reference": referral.reference}
        steps = [
            ("decline", {"reason": "not_reached"}),
            ("accept", {"on": clock.today().isoformat(), "priority": "0"}),
        ]
        pages = [
            browser.get("referrals.decide", action=action, **place)
            for browser, (action, _data) in zip(browsers, steps, strict=True)
        ]

        def decide(index: int, pages=pages, steps=steps, place=place) -> tuple[int, str]:  # type: ignore[no-untyped-def]
            action, data = steps[index]
            answer = browsers[index].submit(
                pages[index], "referrals.decide", data, action=action, **place
            )
            return answer.status, answer.text

        answers = in_threads(live_app, 2, decide)
        statuses = sorted(answer[0] for answer in answers if isinstance(answer, tuple))
        assert statuses == [302, 409], answers
        [lost] = [a[1] for a in answers if isinstance(a, tuple) and a[0] == 409]
        assert "Wat intussen veranderde" in lost
        db.session.expire_all()
        stored = db.session.scalars(
            select(Referral).where(Referral.reference == referral.reference)
        ).one()
        assert stored.status in (Status.DECLINED, Status.WAITING)
        events = select(func.count()).where(ReferralEvent.referral_id == stored.id)
        assert db.session.scalar(events) == 2
