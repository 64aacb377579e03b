"""Evaluations: when they are due, what parents score, how that is shown, and who wins of two."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.config import SettingError, settings
from portal.core import clock as portal_clock
from portal.core.db import db
from portal.core.errors import DomainError
from portal.directory.reference import load_reference
from portal.referrals import follow
from portal.referrals.models import Referral, Status
from portal.referrals.trajectory import evaluations
from portal.referrals.trajectory.dimensions import Dimension, Unanswered
from portal.referrals.trajectory.evaluations import Evaluation, EvaluationScore, Told
from tests import make
from tests.browser import Browser, Page
from tests.core.races import in_threads
from tests.directory.conftest import count_queries
from tests.referrals.conftest import World, build_world
from tests.referrals.test_beside_text import CORPUS, seen
from tests.referrals.trajectory_world import (
    at_work,
    fill_in,
    open_trajectory,
    read_fields,
    running,
)

REMARK = "Ze gaat nu zelf naar de speel-o-theek."


@pytest.fixture
def referral(world: World, clock: Any) -> Referral:
    """A trajectory that began on 1 March 2026; today is 2 June."""
    clock.move_to("2026-03-01T10:00:00+01:00")
    referral = running(world)
    clock.move_to("2026-06-02T10:00:00+02:00")
    return referral


@pytest.fixture
def coordinator(world: World, browser: Browser, referral: Referral) -> Browser:
    """The coordinator, signed in today."""
    return at_work(browser, world)


def evaluate(browser: Browser, referral: Referral, **data: Any) -> Page:
    return fill_in(browser, "referrals.evaluate", referral, data)


def told(moment: str, score: int = 3, **more: Any) -> Told:
    return Told(moment, portal_clock.today(), {Dimension.NETWORK: score}, **more)


def start_page(browser: Browser, world: World) -> str:
    return at_work(browser, world).get("home.start").text


def test_an_evaluation_is_due_after_three_six_and_twelve_months(
    world: World, referral: Referral, clock: Any
) -> None:
    expected = [("m3", "2026-09-01"), ("m6", "2027-03-01"), ("m12", None)]
    assert referral.evaluation_due_on == date(2026, 6, 1)
    for moment, due in expected:
        assert evaluations.moment_due(referral) == moment
        evaluations.record(world.coordinator, referral, told(moment))
        db.session.commit()
        assert referral.evaluation_due_on == (date.fromisoformat(due) if due else None)
        clock.move_to(f"{due or '2027-04-01'}T10:00:00+02:00")
    assert evaluations.moment_due(referral) is None


def test_who_skipped_three_months_is_asked_for_six(
    world: World, referral: Referral, clock: Any
) -> None:
    clock.move_to("2026-09-15T10:00:00+02:00")
    assert evaluations.moment_due(referral) == "m6"
    evaluations.record(world.coordinator, referral, told("m6"))
    assert referral.evaluation_due_on == date(2027, 3, 1)


def test_one_in_between_leaves_what_is_due(world: World, referral: Referral) -> None:
    evaluations.record(world.coordinator, referral, told("between"))
    assert referral.evaluation_due_on == date(2026, 6, 1)


def test_the_moments_are_a_setting_with_a_date(referral: Referral, app: Flask) -> None:
    default = app.config["EVALUATION_MONTHS"]
    changed = settings({"PORTAL_ENV": "test", "PORTAL_EVALUATION_MONTHS": "3,6,12; 2026-02-01:2,5"})
    app.config["EVALUATION_MONTHS"] = changed["EVALUATION_MONTHS"]
    try:
        assert evaluations.months_of(date(2026, 1, 31)) == (3, 6, 12)
        assert evaluations.months_of(date(2026, 2, 1)) == (2, 5)
        assert evaluations.due_after(referral, ()) == date(2026, 5, 1)
    finally:
        app.config["EVALUATION_MONTHS"] = default


@pytest.mark.parametrize(
    "value", ["", "0", "drie", "6,3", "3;3", "3; 2026-13-01:3", "3; 2026-01-01:"]
)
def test_a_setting_that_makes_no_sense_is_named_at_start(value: str) -> None:
    if value:
        with pytest.raises(SettingError, match="PORTAL_EVALUATION_MONTHS"):
            settings({"PORTAL_ENV": "test", "PORTAL_EVALUATION_MONTHS": value})
    else:
        usual = settings({"PORTAL_ENV": "test", "PORTAL_EVALUATION_MONTHS": value})
        assert usual["EVALUATION_MONTHS"] == ((date.min, (3, 6, 12)),)


def test_parents_score_themselves_and_may_leave_a_question(
    coordinator: Browser, referral: Referral
) -> None:
    page = coordinator.get("referrals.evaluate", reference=referral.reference)
    assert page.value("moment") == "m3"
    assert page.value("network") == "not_asked"
    answer = evaluate(
        coordinator, referral, network="0", support="5", rights="declined", remarks=REMARK
    )
    page = coordinator.follow(answer)
    assert "Bewaard: Evaluatie met het gezin." in page.text
    assert REMARK in page.text
    assert "Liever niet" in page.text
    made = make.only(Evaluation)
    assert REMARK.encode() not in bytes(made.remarks_encrypted)
    answers = {one.dimension: one.answer for one in made.scores}
    assert answers[Dimension.NETWORK] == 0
    assert answers[Dimension.SUPPORT] == 5
    assert answers[Dimension.RIGHTS] == Unanswered.DECLINED
    assert answers[Dimension.SKILLS] == Unanswered.NOT_ASKED
    assert len(answers) == len(Dimension)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Noteer minstens één antwoord"),
        ({"network": "6"}, "Kies een van de mogelijkheden."),
        ({"network": "-1"}, "Kies een van de mogelijkheden."),
        ({"network": "3", "moment": "m4"}, "Kies een van de mogelijkheden."),
        ({"network": "3", "on": "2026-06-03"}, "toekomst"),
        ({"network": "3", "on": ""}, "Vul dit in."),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_typed_is_lost(
    coordinator: Browser, referral: Referral, data: dict[str, str], said: str
) -> None:
    page = evaluate(coordinator, referral, **{"remarks": "", **data})
    assert said in page.errors[0]
    assert page.value("on") == data.get("on", "2026-06-02")
    assert make.number_of(Evaluation) == 0


def test_a_moment_is_evaluated_once(coordinator: Browser, referral: Referral) -> None:
    evaluate(coordinator, referral, network="3")
    page = evaluate(coordinator, referral, network="4", moment="m3")
    assert "al genoteerd" in page.errors[0]
    assert make.number_of(Evaluation) == 1


def test_an_evaluation_is_put_right_and_the_first_one_stays_stored(
    coordinator: Browser, referral: Referral
) -> None:
    evaluate(coordinator, referral, network="3", remarks=REMARK)
    first = make.only(Evaluation)
    answer = fill_in(
        coordinator,
        "referrals.correct_evaluation",
        referral,
        {"network": "4"},
        evaluation_id=first.id,
    )
    assert "Bewaard: Evaluatie verbeterd." in coordinator.follow(answer).text
    [counts] = evaluations.standing(referral)
    assert (counts.moment, counts.remarks) == ("m3", REMARK)
    assert {s.dimension: s.score for s in counts.scores}[Dimension.NETWORK] == 4
    assert make.number_of(Evaluation) == 2
    for gone in (first.id, 7):
        place = {"reference": referral.reference, "evaluation_id": gone}
        assert coordinator.get("referrals.correct_evaluation", **place).status == 404


def test_scores_over_time_are_drawn_with_a_table_beside_them(
    world: World, coordinator: Browser, referral: Referral
) -> None:
    evaluations.record(world.coordinator, referral, told("start", 1))
    evaluations.record(world.coordinator, referral, told("m3", 4))
    db.session.commit()
    page = open_trajectory(coordinator, referral)
    [chart] = [e for e in page.find() if e.get("role") == "img"]
    ids = (chart.get("aria-labelledby") or "").split()
    named = [e.text or "" for e in page.find() if e.get("id") in ids]
    assert named == ["Netwerk", "start: 1, 3 m: 4."]
    heights = [e.get("cy") for e in page.find() if e.get("cy")]
    assert heights == ["67.2", "34.8"]
    assert "Netwerk 1 4" in page.text
    assert not [e for e in page.find("script") if not e.get("src")]


def test_what_is_late_stands_on_the_start_page_and_on_both_lists(
    world: World, browser: Browser, coordinator: Browser, referral: Referral
) -> None:
    assert f"{referral.reference} Gent Te laat Evaluatie tegen 1 juni 2026" in start_page(
        browser, world
    )
    running_list = coordinator.get("referrals.trajectories").text
    assert referral.reference in running_list
    assert "Na 3 maanden" in running_list
    follow.end_match(world.coordinator, referral, portal_clock.today(), "practical")
    db.session.commit()
    waiting = coordinator.get("referrals.waiting").text
    assert "1/06/2026" in waiting
    evaluate(coordinator, referral, network="3")
    assert "Evaluatie tegen" not in start_page(browser, world)


def test_nothing_is_due_once_the_family_stopped_or_moved_on(
    world: World, referral: Referral
) -> None:
    follow.record_withdrawal(world.coordinator, referral, portal_clock.today(), "family_choice")
    assert referral.evaluation_due_on is None


def test_before_the_start_only_a_first_measurement_can_be_made(world: World) -> None:
    waiting = running(world, Status.WAITING)
    assert evaluations.moments(waiting) == ["start"]
    with pytest.raises(DomainError):
        evaluations.record(world.coordinator, waiting, told("m3"))
    evaluations.record(world.coordinator, waiting, told("start"))
    assert waiting.evaluation_due_on is None


def test_reading_scores_is_noted_and_costs_as_much_for_many(
    world: World, coordinator: Browser, referral: Referral
) -> None:
    evaluations.record(world.coordinator, referral, told("m3"))
    db.session.commit()
    db.session.refresh(referral)
    with count_queries() as few:
        open_trajectory(coordinator, referral)
    assert "scores" in read_fields(referral)[-1]
    for _ in range(6):
        evaluations.record(world.coordinator, referral, told("between"))
    db.session.commit()
    db.session.refresh(referral)
    with count_queries() as many:
        open_trajectory(coordinator, referral)
    assert len(many) == len(few)


def test_the_referrer_and_other_branches_read_no_score(
    browser: Browser, world: World, coordinator: Browser, referral: Referral
) -> None:
    evaluate(coordinator, referral, network="3", remarks=REMARK)
    referrer = Browser(browser.app).sign_in(world.referrer_account)
    page = referrer.get("referrals.show", reference=referral.reference).text
    for word in ("valuatie", "Netwerk", REMARK):
        assert word not in page
    stranger = Browser(browser.app).sign_in(make.coordinator(make.branch()).account)
    for endpoint, more in (
        ("referrals.evaluate", {}),
        ("referrals.correct_evaluation", {"evaluation_id": make.only(Evaluation).id}),
    ):
        place = {"reference": referral.reference, **more}
        assert stranger.get(endpoint, **place).status == 404
        assert referrer.get(endpoint, **place).status == 403


@pytest.mark.parametrize("text", CORPUS)
def test_remarks_are_text(coordinator: Browser, referral: Referral, text: str) -> None:
    plain = open_trajectory(coordinator, referral)
    page = coordinator.follow(evaluate(coordinator, referral, remarks=text[:1900]))
    assert seen(text[:1900]) in page.text
    assert len(page.find("b")) == len(plain.find("b"))
    assert len(page.find("img")) == len(plain.find("img"))


def test_evaluations_are_erased_with_the_family(
    world: World, coordinator: Browser, referral: Referral
) -> None:
    evaluate(coordinator, referral, network="3", remarks=REMARK)
    db.session.delete(referral.family)
    db.session.commit()
    assert make.number_of(Evaluation) == make.number_of(EvaluationScore) == 0
    assert open_trajectory(coordinator, referral).status == 200


@pytest.fixture
def live_world(live_app: Flask) -> Iterator[World]:
    with live_app.app_context():
        load_reference(db.session())
        db.session.commit()
        yield build_world()


def test_of_two_who_evaluate_at_once_one_is_kept_and_the_other_reads_what_changed(
    live_app: Flask, live_world: World
) -> None:
    other = make.coordinator(live_world.branch, who=make.account(name="Jo Aers"))
    referral = running(live_world)
    accounts = (live_world.coordinator_account, other.account)
    browsers = [Browser(live_app).sign_in(account) for account in accounts]
    place = {"reference": referral.reference}
    pages = [browser.get("referrals.evaluate", **place) for browser in browsers]
    day = portal_clock.today().isoformat()

    def send(index: int) -> tuple[int, str]:
        data = {"moment": "start", "on": day, "network": str(index), "remarks": f"Van {index}"}
        answer = browsers[index].submit(pages[index], "referrals.evaluate", data, **place)
        return answer.status, answer.text

    answers = in_threads(live_app, 2, send)
    assert sorted(a[0] for a in answers if isinstance(a, tuple)) == [302, 409], answers
    [lost] = [a[1] for a in answers if isinstance(a, tuple) and a[0] == 409]
    assert "Wat intussen veranderde" in lost
    assert "Evaluatie met het gezin" in lost
    assert "Van " in lost  # what was typed is given back
    db.session.expire_all()
    assert len(db.session.scalars(select(Evaluation)).all()) == 1
