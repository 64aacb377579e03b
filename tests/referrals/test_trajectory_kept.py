"""What an export counts of a trajectory, and what goes when a family takes its situation back."""

from typing import Any

from portal.core import clock as portal_clock
from portal.core.db import db
from portal.referrals import consents
from portal.referrals.trajectory.evaluations import Evaluation, EvaluationScore
from portal.referrals.trajectory.goals import GoalChoice
from portal.referrals.trajectory.guidance import Guidance
from portal.referrals.trajectory.half_days import HalfDay
from tests import make
from tests.browser import Browser
from tests.referrals.conftest import World
from tests.referrals.trajectory_world import (
    at_work,
    evaluation,
    fill_in,
    half_day,
    led,
    open_trajectory,
    running,
)

WORDS = "Kanarievogel"


def test_the_export_of_a_branch_counts_and_tells_nothing(browser: Browser, world: World) -> None:
    referral = running(world)
    for keep in (half_day, evaluation, led):
        keep(referral, world.coordinator)
    coordinator = at_work(browser, world)
    fill_in(coordinator, "referrals.goals", referral, {"own_words": WORDS})
    answer = coordinator.send("GET", "/verwijzingen/?formaat=csv").get_data(as_text=True)
    heading, line = answer.splitlines()[:2]
    assert heading.endswith('"Matches";"Dagdelen";"Evaluaties";"Toeleidingen"')
    assert line.endswith(f'"{portal_clock.today():%d/%m/%Y}";"";"2";"1";"1";"1"')
    for secret in (WORDS, "Sport", "Nadia", "Marleen"):
        assert secret not in answer
    referrer = Browser(browser.app).sign_in(world.referrer_account)
    answer = referrer.send("GET", "/verwijzingen/?formaat=csv").get_data(as_text=True)
    assert "Dagdelen" not in answer


def test_what_a_family_takes_back_of_its_situation_goes_from_its_trajectory(
    browser: Browser, world: World
) -> None:
    referral: Any = running(world)
    for keep in (half_day, evaluation, led):
        keep(referral, world.coordinator)
    coordinator = at_work(browser, world)
    fill_in(coordinator, "referrals.goals", referral, {"own_words": WORDS})
    consents.forget_situation(referral.family)
    db.session.commit()
    for table in (GoalChoice, Evaluation, EvaluationScore, Guidance):
        assert make.number_of(table) == 0
    assert make.number_of(HalfDay) == 1
    assert WORDS not in open_trajectory(coordinator, referral).text
    assert coordinator.get("referrals.goals", reference=referral.reference).status == 200
