"""Matches after one another, pauses, the end of a trajectory, what follows, and taking it up again."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock as portal_clock
from portal.core.db import db
from portal.core.errors import ConflictError, DomainError
from portal.core.outbox import OutboxMessage
from portal.referrals import feedback, follow, listing
from portal.referrals.choices import Feedback
from portal.referrals.models import Referral, Status
from portal.referrals.trajectory import agenda, closing, evaluations, half_days, pauses, running
from portal.referrals.trajectory.closing import Closing
from portal.referrals.trajectory.dimensions import Dimension
from portal.referrals.trajectory.evaluations import Told
from tests.browser import Browser, Page
from tests.referrals.conftest import World
from tests.referrals.make_referral import submitted
from tests.referrals.test_beside_text import CORPUS, seen
from tests.referrals.trajectory_world import at_work, fill_in, open_trajectory
from tests.referrals.trajectory_world import running as begun

BEGUN = "2026-01-12T10:00:00+01:00"  # a Monday
TODAY = date(2026, 3, 2)
CLOSED = {"reason": "goals_reached", "note": "Ging vlot.", "last": "none", "follow_up": "ja"}


@pytest.fixture
def referral(world: World, clock: Any) -> Referral:
    """A trajectory that began on Monday 12 January; today is Monday 2 March."""
    clock.move_to(BEGUN)
    referral = begun(world)
    clock.move_to("2026-03-02T10:00:00+01:00")
    return referral


@pytest.fixture
def coordinator(world: World, browser: Browser, referral: Referral) -> Browser:
    """The coordinator, signed in today."""
    return at_work(browser, world)


def take(browser: Browser, referral: Referral, action: str, **data: Any) -> Page:
    return fill_in(browser, "referrals.decide", referral, data, action=action)


def closed(world: World, referral: Referral, **more: Any) -> Referral:
    done = Closing(portal_clock.today(), "goals_reached", "Ging vlot.", **more)
    closing.complete(world.coordinator, referral, done)
    db.session.commit()
    return referral


def mails(text: str) -> list[OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.key.contains(text))
    return list(db.session.scalars(query))


def next_match(world: World, referral: Referral, name: str) -> None:
    who, today = world.coordinator, portal_clock.today()
    follow.propose_match(who, referral, name, today)
    follow.answer_match(who, referral, today, today)
    follow.introduce(who, referral, today)
    follow.start(who, referral, today)
    db.session.commit()


def test_a_second_match_follows_without_a_new_referral_and_the_history_tells_why(
    coordinator: Browser, world: World, referral: Referral
) -> None:
    answer = take(coordinator, referral, "end_match", reason="volunteer_stops", note="Verhuist.")
    page = coordinator.follow(answer)
    assert "De vrijwilliger stopt" in page.text
    assert "van 12 januari 2026 tot 2 maart 2026" in page.text
    assert referral.status == Status.WAITING
    next_match(world, referral, "Rita")
    assert referral.started_on == date(2026, 1, 12)  # one trajectory, whoever the volunteer is
    assert referral.matches[-1].started_on == TODAY
    shown = open_trajectory(coordinator, referral).text
    assert shown.index("Rita") < shown.index("Marleen")
    assert "sinds 2 maart 2026" in shown


@pytest.mark.parametrize(
    ("said", "words"),
    [("family", "Het gezin koos hier niet voor"), ("volunteer", "De vrijwilliger koos hier niet")],
)
def test_a_proposal_that_was_refused_says_by_whom(
    coordinator: Browser, world: World, said: str, words: str
) -> None:
    waiting = begun(world, Status.WAITING)
    follow.propose_match(world.coordinator, waiting, "Rita", TODAY)
    db.session.commit()
    answer = take(coordinator, waiting, "answer_match", **{said: "no"})
    assert words in coordinator.follow(answer).text


def test_a_match_ends_after_it_began_for_a_reason(coordinator: Browser, referral: Referral) -> None:
    early = take(coordinator, referral, "end_match", reason="other", on="2026-01-11")
    assert early.errors
    assert take(coordinator, referral, "end_match", reason="").errors
    assert referral.active_match is not None


def test_a_pause_is_planned_reminded_of_and_ended(
    coordinator: Browser, browser: Browser, world: World, referral: Referral, clock: Any
) -> None:
    answer = take(
        coordinator, referral, "pause",
        reason="holiday", from_on="2026-03-02", restart_on="2026-03-12",
    )  # fmt: skip
    page = coordinator.follow(answer)
    assert "Vakantie: vanaf 2 maart 2026, herstart gepland op 12 maart 2026" in page.text
    assert "Herstart noteren" in page.text
    assert "Pauze tot 12/03/2026" in coordinator.get("referrals.trajectories").text
    [due] = agenda.of(world.coordinator)
    assert (due.kind, due.on, due.late) == (agenda.Kind.RESTART, date(2026, 3, 12), False)
    assert "herstart gepland op 12 maart 2026" in coordinator.get("home.start").text
    clock.move_to("2026-03-23T10:00:00+01:00")
    assert agenda.of(world.coordinator)[0].late
    coordinator = at_work(browser, world)
    answer = take(coordinator, referral, "resume", on="2026-03-16")
    assert "Vakantie: van 2 maart 2026 tot 16 maart 2026" in coordinator.follow(answer).text
    assert agenda.of(world.coordinator) == []
    asked = half_days.planned(referral.matches[0], date(2026, 3, 23))
    assert [day.isoformat() for day in asked[-3:]] == ["2026-02-23", "2026-03-16", "2026-03-23"]


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"from_on": "2026-01-11", "restart_on": "2026-03-12"}, "voor de match"),
        ({"from_on": "2026-03-02", "restart_on": "2026-03-02"}, "na het begin"),
        ({"from_on": "2026-03-02", "restart_on": ""}, "Vul dit in"),
    ],
)
def test_a_pause_that_cannot_be_is_refused(
    coordinator: Browser, referral: Referral, days: dict[str, str], field: str
) -> None:
    page = take(coordinator, referral, "pause", reason="illness", **days)
    assert field in page.errors[0]
    assert referral.matches[0].pauses == []


def test_a_match_that_ends_ends_its_pause(world: World, referral: Referral) -> None:
    pauses.pause(world.coordinator, referral, TODAY, TODAY + timedelta(days=9), reason="other")
    follow.end_match(world.coordinator, referral, TODAY, "practical")
    db.session.commit()
    assert referral.matches[0].pauses[0].ended_on == TODAY
    assert agenda.of(world.coordinator) == []


def test_the_end_plans_what_follows(coordinator: Browser, world: World, referral: Referral) -> None:
    answer = take(
        coordinator, referral, "complete",
        **{**CLOSED, "last": "planned", "evaluation_on": "2026-03-09"},
    )  # fmt: skip
    page = coordinator.follow(answer)
    assert "De slotevaluatie is gepland op 9 maart 2026." in page.text
    assert "Neem tegen 2 juni 2026 nog eens contact op" in page.text
    assert [one.kind for one in agenda.of(world.coordinator)] == [agenda.Kind.EVALUATION]
    fill_in(coordinator, "referrals.evaluate", referral, {"network": "4"})
    assert [one.moment for one in evaluations.standing(referral)] == ["end"]
    db.session.refresh(referral)
    assert referral.evaluation_due_on is None
    assert referral.follow_up_due_on == date(2026, 6, 2)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"last": "done"}, "nog geen slotevaluatie genoteerd"),
        ({"last": "planned"}, "wanneer de slotevaluatie gepland is"),
        ({"last": "planned", "evaluation_on": "2026-02-01"}, "niet voor het einde"),
        ({"last": ""}, "Maak een keuze."),
        ({"follow_up_on": "2026-03-01"}, "na het einde"),
        ({"follow_up_on": ""}, "Vul dit in."),
        ({"note": ""}, "korter dan een jaar"),
        ({"on": "2026-01-01"}, "voor de"),
    ],
)
def test_an_end_that_is_not_complete_is_refused(
    coordinator: Browser, referral: Referral, data: dict[str, str], said: str
) -> None:
    page = take(coordinator, referral, "complete", **{**CLOSED, **data})
    assert said in page.errors[0]
    assert referral.status == Status.RUNNING


def test_the_last_evaluation_that_was_noted_is_not_asked_again(
    coordinator: Browser, world: World, referral: Referral
) -> None:
    told = Told("end", TODAY, {Dimension.NETWORK: 4})
    evaluations.record(world.coordinator, referral, told)
    db.session.commit()
    page = coordinator.get("referrals.decide", reference=referral.reference, action="complete")
    assert page.value("last") == "done"
    take(coordinator, referral, "complete", **{**CLOSED, "last": "done", "follow_up": "nee"})
    db.session.refresh(referral)
    assert (referral.status, referral.follow_up_due_on) == (Status.COMPLETED, None)


def test_a_trajectory_can_end_between_two_matches(world: World, referral: Referral) -> None:
    follow.end_match(world.coordinator, referral, TODAY, "volunteer_stops")
    with pytest.raises(ConflictError):
        follow.decline(world.coordinator, referral, "other_offer")
    db.session.rollback()
    follow.end_match(world.coordinator, referral, TODAY, "volunteer_stops")
    closed(world, referral)
    assert referral.status == Status.COMPLETED


def test_who_never_began_is_not_completed(world: World) -> None:
    with pytest.raises(ConflictError):
        closed(world, begun(world, Status.WAITING))


def test_the_coordinator_is_reminded_of_a_follow_up_once_and_notes_it(
    coordinator: Browser, browser: Browser, world: World, referral: Referral, clock: Any
) -> None:
    closed(world, referral, follow_up_on=date(2026, 6, 2))
    assert closing.remind() == 0
    clock.move_to("2026-06-02T09:00:00+02:00")
    assert [closing.remind() for _ in range(2)] == [1, 0]
    [mail] = mails("follow_up:")
    assert mail.payload["to"] == world.coordinator.email
    for secret in (referral.reference, "Nadia", "Gent"):
        assert secret not in repr(mail.payload["paragraphs"])
    db.session.commit()
    coordinator = at_work(browser, world)
    assert "Nazorgcontact tegen 2 juni 2026" in coordinator.get("home.start").text
    answer = take(coordinator, referral, "record_follow_up", result="well", note="Ze lacht weer.")
    page = coordinator.follow(answer)
    assert "2 juni 2026: Het gezin kan verder" in page.text
    assert "Ze lacht weer." in page.text
    assert "Nazorgcontact tegen" not in coordinator.get("home.start").text


def test_who_was_not_reached_is_called_again(
    coordinator: Browser, world: World, referral: Referral
) -> None:
    closed(world, referral, follow_up_on=date(2026, 6, 2))
    page = take(
        coordinator, referral, "record_follow_up", result="not_reached", again_on="2026-03-02"
    )
    assert "na dit" in page.errors[0]
    take(coordinator, referral, "record_follow_up", result="not_reached", again_on="2026-03-20")
    db.session.refresh(referral)
    assert referral.follow_up_due_on == date(2026, 3, 20)


def test_a_trajectory_is_taken_up_again_with_the_familys_agreement(
    coordinator: Browser, world: World, referral: Referral
) -> None:
    closed(world, referral, follow_up_on=date(2026, 6, 2))
    assert "instemt" in take(coordinator, referral, "reopen").errors[0]
    answer = take(coordinator, referral, "reopen", agreed="y", note="Tweede kindje.")
    assert "Traject heropend met instemming" in coordinator.follow(answer).text
    db.session.refresh(referral)
    assert referral.status == Status.WAITING
    assert (referral.ended_on, referral.reason, referral.follow_up_due_on) == (None, None, None)
    assert referral.waiting_since_on == TODAY
    assert referral.evaluation_due_on == date(2026, 4, 12)
    next_match(world, referral, "Rita")
    assert referral.status == Status.RUNNING
    assert [line.reference for line in running.of(world.coordinator)] == [referral.reference]


def test_after_the_term_it_takes_a_new_referral(
    world: World, referral: Referral, clock: Any
) -> None:
    closed(world, referral)
    clock.move_to("2026-09-03T10:00:00+02:00")
    with pytest.raises(ConflictError):
        closing.reopen(world.coordinator, referral, portal_clock.today())
    db.session.rollback()
    clock.move_to("2026-09-02T10:00:00+02:00")
    with pytest.raises(DomainError):
        closing.reopen(world.coordinator, referral, TODAY - timedelta(days=1))


@pytest.mark.parametrize("level", list(Feedback))
def test_the_referrer_hears_of_it_only_as_far_as_the_family_allows(
    browser: Browser, world: World, level: Feedback
) -> None:
    referral = submitted(world.branch, world.referrer, consent={"feedback": level})
    for step in (
        lambda: follow.accept(world.coordinator, referral, portal_clock.today()),
        lambda: next_match(world, referral, "Marleen"),
    ):
        step()
    closed(world, referral)
    referrer = Browser(browser.app).sign_in(world.referrer_account)
    before = referrer.get("referrals.show", reference=referral.reference).text
    home = referrer.get("home.start").text
    told = len(mails(str(referral.id)))
    closing.reopen(world.coordinator, referral, portal_clock.today(), "Geheim.")
    db.session.commit()
    page = referrer.get("referrals.show", reference=referral.reference).text
    query, listed = listing.for_actor(world.referrer)
    [line] = listing.lines(listed.page(query, {}, "/").rows)
    open_ones = listed.page(query, {"status": "open"}, "/").rows
    assert "Geheim." not in page
    if level != Feedback.NONE:
        assert "heropend" in page
        assert line.status == "Wacht op een match"
        assert len(open_ones) == 1
        assert len(mails(str(referral.id))) == told + 1
        return
    assert page == before  # not a word: it was handled, and stays that
    assert referrer.get("home.start").text == home
    assert (line.status, open_ones) == ("Afgehandeld", [])
    assert len(mails(str(referral.id))) == told
    place = {"reference": referral.reference}
    assert "kan nu niet" in referrer.follow(referrer.get("referrals.withdraw", **place)).text
    closed(world, _under_way(world, referral))
    assert referrer.get("referrals.show", **place).text == before
    assert len(mails(str(referral.id))) == told
    assert feedback.is_handled(referral)


def _under_way(world: World, referral: Referral) -> Referral:
    next_match(world, referral, "Rita")
    return referral


@pytest.mark.parametrize("text", CORPUS)
def test_what_is_noted_at_the_end_and_after_is_text(
    coordinator: Browser, world: World, referral: Referral, text: str
) -> None:
    words = text[:1900]
    plain = coordinator.get("referrals.show", reference=referral.reference)
    steps = (
        ("pause", {"reason": "other", "from_on": "2026-03-02", "restart_on": "2026-03-12"}),
        ("resume", {}),
        ("end_match", {"reason": "other"}),
        ("complete", CLOSED),
        ("record_follow_up", {"result": "well"}),
        ("reopen", {"agreed": "y"}),
    )
    for action, data in steps:
        answer = take(coordinator, referral, action, **{**data, "note": words})
        assert answer.status == 302, answer.errors
        page = coordinator.get("referrals.show", reference=referral.reference)
        assert seen(words) in page.text
        assert len(page.find("b")) == len(plain.find("b"))
        assert len(page.find("img")) == len(plain.find("img"))
