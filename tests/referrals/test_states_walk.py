"""Every action in every status, in any order: what the table allows happens, nothing else does."""

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import inspect, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import ConflictError
from portal.core.permissions import Actor
from portal.referrals import follow
from portal.referrals.models import DayPart, Referral, ReferralEvent, Status
from portal.referrals.states import workflow
from portal.referrals.trajectory import closing, goals, half_days, pauses
from portal.referrals.trajectory.closing import Closing
from portal.referrals.trajectory.goals import Chosen, Occasion
from portal.referrals.trajectory.half_days import Agreed
from tests.referrals.conftest import World
from tests.referrals.make_referral import submitted

# What may be done when, written out apart from the table under test.
ALWAYS = {"correct_contact", "record_withdrawal", "withdraw"}
FOLLOWED = {"choose_goals"} | ALWAYS
MAY = {
    "submitted": {"record_contact", "plan_intake", "accept", "decline"} | ALWAYS,
    "intake_planned": {"record_contact", "plan_intake", "accept", "decline"} | FOLLOWED,
    "waiting": {"decline", "set_priority", "record_visit", "propose_match", "answer_match"}
    | {"complete"}
    | FOLLOWED,
    "matched": {"introduce", "start", "end_match", "plan_half_day", "complete"} | FOLLOWED,
    "running": {"end_match", "complete", "plan_half_day", "pause", "resume"} | FOLLOWED,
    "completed": {"record_follow_up", "reopen"},
    "declined": set(),
    "withdrawn": set(),
}
LEADS_TO = {
    "plan_intake": "intake_planned",
    "accept": "waiting",
    "decline": "declined",
    "start": "running",
    "end_match": "waiting",
    "complete": "completed",
    "reopen": "waiting",
    "record_withdrawal": "withdrawn",
    "withdraw": "withdrawn",
}
ACTIONS = sorted(set().union(*MAY.values()))


def _do(action: str, coordinator: Actor, referrer: Actor, referral: Referral, both: bool) -> None:
    today, soon = clock.today(), clock.now()
    yes = today if both else None
    steps: dict[str, Any] = {
        "record_contact": lambda: follow.record_contact(coordinator, referral, today),
        "plan_intake": lambda: follow.plan_intake(
            coordinator, referral, soon.replace(year=soon.year + 1)
        ),
        "accept": lambda: follow.accept(coordinator, referral, today, street="Kerkstraat 1"),
        "decline": lambda: follow.decline(coordinator, referral, "other_offer"),
        "set_priority": lambda: follow.set_priority(
            coordinator, referral, 1 - referral.priority, "Bevalling over een maand."
        ),
        "record_visit": lambda: follow.record_visit(coordinator, referral, today),
        "propose_match": lambda: follow.propose_match(coordinator, referral, "Marleen", today),
        "answer_match": lambda: follow.answer_match(coordinator, referral, today, yes),
        "introduce": lambda: follow.introduce(coordinator, referral, today),
        "start": lambda: follow.start(coordinator, referral, today),
        "end_match": lambda: follow.end_match(coordinator, referral, today, "practical"),
        "pause": lambda: pauses.pause(
            coordinator, referral, today, today + timedelta(days=14), reason="holiday"
        ),
        "resume": lambda: pauses.resume(coordinator, referral, today),
        "complete": lambda: closing.complete(
            coordinator,
            referral,
            Closing(today, "moved", "Verhuisd.", follow_up_on=soon.date() + timedelta(days=90)),
        ),
        "record_follow_up": lambda: closing.record_follow_up(coordinator, referral, today, "well"),
        "reopen": lambda: closing.reopen(coordinator, referral, today),
        "correct_contact": lambda: follow.correct_contact(
            coordinator,
            referral,
            phone=f"0470 {referral.version:06}",
            email="",
            street="",
        ),
        "record_withdrawal": lambda: follow.record_withdrawal(
            coordinator, referral, today, "family_choice"
        ),
        "plan_half_day": lambda: half_days.plan(
            coordinator, referral, Agreed(today.weekday(), DayPart.MORNING, 1)
        ),
        "choose_goals": lambda: goals.choose(
            coordinator,
            referral,
            Chosen(today, Occasion.LATER, frozenset({"rest"}), own_words=f"{referral.version}"),
        ),
        "withdraw": lambda: follow.withdraw(referrer, referral, "mistake"),
    }
    steps[action]()


def _allowed(action: str, referral: Referral) -> bool:
    match = referral.active_match
    begun = referral.started_on is not None
    paused = match is not None and match.open_pause is not None
    more = {
        "complete": begun,
        "decline": not begun,
        "pause": not paused,
        "resume": paused,
        "record_follow_up": referral.follow_up_due_on is not None,
        "withdraw": referral.reopened_on is None,
        "record_contact": referral.first_contact_on is None,
        "propose_match": match is None,
        "answer_match": match is not None,
        "introduce": match is not None and match.introduced_on is None,
        "start": match is not None and match.introduced_on is not None,
    }
    return action in MAY[referral.status] and more.get(action, True)


def _stored(referral: Referral) -> dict[str, Any]:
    """Return the row as the database has it, with how much hangs on it."""
    db.session.expire_all()
    columns = {c.key: getattr(referral, c.key) for c in inspect(Referral).column_attrs}
    family = referral.family
    matches = [(m.id, m.ended_on, m.introduced_on, m.family_accepted_on) for m in referral.matches]
    return columns | {
        "events": len(referral.events),
        "matches": matches,
        "identity": family and family.identity,
        "street": family and family.street,
    }


def test_no_order_of_steps_leads_outside_the_table(world: World) -> None:
    class Walk(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.referral = submitted(world.branch, world.referrer)

        @rule(action=st.sampled_from(ACTIONS), both=st.booleans())
        def take(self, action: str, both: bool) -> None:
            referral = self.referral
            may, status = _allowed(action, referral), referral.status
            before = _stored(referral)
            try:
                _do(action, world.coordinator, world.referrer, referral, both)
            except ConflictError:
                db.session.rollback()
                assert not may, f"{action} was refused in {status}"
                assert _stored(referral) == before
                return
            db.session.commit()
            assert may, f"{action} went through in {status}"
            after = _stored(referral)
            matched = action == "answer_match" and both
            expected = "matched" if matched else LEADS_TO.get(action, str(status))
            assert str(referral.status) == expected
            assert after["events"] == before["events"] + (2 if matched else 1)
            assert after["version"] > before["version"]

        @invariant()
        def a_match_is_open_only_while_it_can_be(self) -> None:
            referral = self.referral
            open_matches = [m for m in referral.matches if m.ended_on is None]
            assert len(open_matches) <= 1
            if referral.status in (Status.MATCHED, Status.RUNNING):
                assert len(open_matches) == 1
            elif referral.status != Status.WAITING:
                assert open_matches == []

        @invariant()
        def what_has_ended_says_when_and_why(self) -> None:
            ended = self.referral.status in ("completed", "declined", "withdrawn")
            assert ended == (self.referral.ended_on is not None)
            assert ended == (self.referral.reason is not None)

    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=25,
            stateful_step_count=18,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


def test_every_action_of_the_table_is_walked_or_answered_for() -> None:
    elsewhere = {"submit", "register_unmet", "leave_list", "match", "refuse_match", "transfer"}
    elsewhere |= {"record_half_days", "correct_half_day", "evaluate", "correct_evaluation"}
    elsewhere |= {"note_guidance", "settle_guidance"}
    elsewhere |= {"follow_up", "change_consent", "family_changes_consent"}
    elsewhere |= {"follow_up", "take_over", "take_up", "leave_opening"}
    elsewhere |= {"withdraw_consent", "family_asks"}
    assert {row.action for row in workflow.table} == set(ACTIONS) | elsewhere


def test_a_role_without_the_permission_takes_no_step(world: World) -> None:
    referral = submitted(world.branch, world.referrer)
    assert workflow.allowed(referral, world.coordinator)
    told = {row.action for row in workflow.allowed(referral, world.referrer)}
    assert told == {"withdraw"}


def test_a_refused_match_leaves_the_family_where_it_was_on_the_list(world: World) -> None:
    referral = submitted(world.branch, world.referrer)
    today = clock.today()
    follow.accept(world.coordinator, referral, today)
    follow.propose_match(world.coordinator, referral, "Marleen", today)
    follow.answer_match(world.coordinator, referral, today, None, refusal="family_no")
    db.session.commit()
    assert referral.status == Status.WAITING
    assert referral.waiting_since_on == today
    assert referral.active_match is None
    last = select(ReferralEvent.action).order_by(ReferralEvent.id.desc()).limit(1)
    assert db.session.scalar(last) == "refuse_match"
