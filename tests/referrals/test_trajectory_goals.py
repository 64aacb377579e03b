"""Goals: proposed by what was hoped for, chosen by the family, revised, never lost."""

import pytest
from sqlalchemy import select

from portal.core.db import db
from portal.referrals.models import Referral, Status
from portal.referrals.trajectory import goals
from portal.referrals.trajectory.goals import GoalChoice, Occasion
from tests import make
from tests.browser import Browser, Page
from tests.referrals.conftest import World
from tests.referrals.test_beside_text import CORPUS, seen
from tests.referrals.trajectory_world import (
    at_work,
    fill_in,
    open_trajectory,
    read_fields,
    running,
)

WORDS = "Dat ik nog eens een uur voor mezelf heb."


@pytest.fixture
def coordinator(world: World, browser: Browser) -> Browser:
    return at_work(browser, world)


@pytest.fixture
def referral(world: World) -> Referral:
    return running(world, Status.WAITING)


def choose(browser: Browser, referral: Referral, **data: object) -> Page:
    return fill_in(browser, "referrals.goals", referral, data)


def stored() -> list[GoalChoice]:
    return list(db.session.scalars(select(GoalChoice).order_by(GoalChoice.id)))


def test_what_was_hoped_for_at_referral_is_the_proposal(
    coordinator: Browser, referral: Referral
) -> None:
    page = coordinator.get("referrals.goals", reference=referral.reference)
    ticked = [e.get("value") for e in page.find("input") if e.get("checked") is not None]
    assert ticked == ["rest", "listening", "intake"]
    assert "Dit is een voorstel" in page.text
    answer = choose(coordinator, referral, own_words=WORDS)
    shown = coordinator.follow(answer)
    assert "Bewaard: Doelen gekozen." in shown.text
    assert WORDS in shown.text
    assert "Een luisterend oor" in shown.text
    [one] = stored()
    assert (one.tasks, one.occasion) == (["rest", "listening"], Occasion.INTAKE)
    assert WORDS.encode() not in bytes(one.own_words_encrypted)  # type: ignore[attr-defined]


def test_goals_are_revised_and_the_history_stays(world: World, coordinator: Browser) -> None:
    referral = running(world)
    choose(coordinator, referral, own_words=WORDS)
    page = coordinator.get("referrals.goals", reference=referral.reference)
    assert "Dit is een voorstel" not in page.text
    assert page.value("own_words") == WORDS
    answer = choose(
        coordinator,
        referral,
        upbringing=["rest", "listening"],
        network=["leisure"],
        reached=["listening"],
        occasion="evaluation",
        own_words="Nu nog buiten komen.",
    )
    shown = coordinator.follow(answer).text
    assert WORDS in shown
    assert "Nu nog buiten komen." in shown
    assert "Bij een evaluatie" in shown
    first, second = stored()
    assert (first.tasks, first.reached) == (["rest", "listening"], [])
    assert (second.tasks, second.reached) == (["rest", "leisure"], ["listening"])
    latest, before = goals.history(referral)
    assert (latest.new, latest.left, latest.reached) == (["leisure"], [], ["listening"])
    assert before.new == []


def test_nothing_chosen_and_nothing_changed_are_refused_without_losing_what_was_typed(
    coordinator: Browser, referral: Referral
) -> None:
    page = choose(coordinator, referral, upbringing=[], own_words="")
    assert "Kies minstens één doel" in page.errors[0]
    page = choose(coordinator, referral, upbringing=[], on="2099-01-01", own_words=WORDS)
    assert "toekomst" in page.errors[0]
    assert page.value("own_words") == WORDS
    choose(coordinator, referral, own_words=WORDS)
    assert choose(coordinator, referral, own_words=WORDS).errors == ["Je hebt niets gewijzigd."]
    page = choose(coordinator, referral, network=["verzonnen"], occasion="ooit")
    assert len(page.errors) == 2
    assert len(stored()) == 1


@pytest.mark.parametrize(
    "status", [Status.SUBMITTED, Status.COMPLETED, Status.WITHDRAWN, Status.DECLINED]
)
def test_goals_are_chosen_between_the_intake_and_the_end(
    world: World, coordinator: Browser, status: Status
) -> None:
    other = running(world, status)
    page = coordinator.get("referrals.goals", reference=other.reference)
    assert page.status == 302
    assert open_trajectory(coordinator, other).status == 200


def test_reading_and_choosing_goals_is_noted(coordinator: Browser, referral: Referral) -> None:
    open_trajectory(coordinator, referral)
    coordinator.get("referrals.goals", reference=referral.reference)
    assert "goals" in read_fields(referral)[0]
    assert read_fields(referral)[1] == ["goals", "situation"]


def test_only_the_own_branch_finds_a_trajectory(
    browser: Browser, world: World, referral: Referral
) -> None:
    stranger = Browser(browser.app).sign_in(make.coordinator(make.branch()).account)
    referrer = Browser(browser.app).sign_in(world.referrer_account)
    for endpoint in ("referrals.trajectory", "referrals.goals"):
        assert stranger.get(endpoint, reference=referral.reference).status == 404
        assert referrer.get(endpoint, reference=referral.reference).status == 403


def test_the_referrer_reads_nothing_of_goals(
    browser: Browser, world: World, coordinator: Browser, referral: Referral
) -> None:
    choose(coordinator, referral, own_words=WORDS)
    referrer = Browser(browser.app).sign_in(world.referrer_account)
    page = referrer.get("referrals.show", reference=referral.reference)
    assert "Doelen" not in page.text
    assert WORDS not in page.text


@pytest.mark.parametrize("text", CORPUS)
def test_own_words_are_text(coordinator: Browser, referral: Referral, text: str) -> None:
    plain = open_trajectory(coordinator, referral)
    answer = choose(coordinator, referral, own_words=text[:900])
    page = coordinator.follow(answer)
    assert seen(text[:900]) in page.text
    assert len(page.find("b")) == len(plain.find("b"))
    assert len(page.find("img")) == len(plain.find("img"))


def test_goals_are_erased_with_the_family(
    world: World, coordinator: Browser, referral: Referral
) -> None:
    choose(coordinator, referral, own_words=WORDS)
    db.session.delete(referral.family)
    db.session.commit()
    assert stored() == []
    assert open_trajectory(coordinator, referral).status == 200
