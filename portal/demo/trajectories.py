"""How a referral goes, in time: from receipt until today, or until it ended before."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from portal.core import clock
from portal.referrals.choices import CLOSING_REASONS, WITHDRAWAL_REASONS

# Moves on by a number of days between two; None when that moment has not come yet.
Later = Callable[[float, float], datetime | None]


@dataclass(frozen=True)
class Step:
    """One transition, with the statuses around it."""

    action: str
    before: str
    after: str
    at: datetime


@dataclass
class Trajectory:
    """Everything dated of one referral."""

    received: datetime
    status: str = "submitted"
    steps: list[Step] = field(default_factory=list)
    contact_on: date | None = None
    intake_at: datetime | None = None
    intake_on: date | None = None
    visited_on: date | None = None
    proposed_on: date | None = None
    matched_on: date | None = None
    introduced_on: date | None = None
    started_on: date | None = None
    ended_on: date | None = None
    reason: str | None = None

    def step(self, action: str, at: datetime, after: str | None = None) -> None:
        """Add a transition."""
        before = "draft" if action == "submit" else self.status
        self.status = after or self.status
        self.steps.append(Step(action, before, self.status, at))


def simulate(random: Random, received: datetime, now: datetime) -> Trajectory:
    """Return one trajectory: contact within days, intake, a wait, a match, about a year."""
    received = min(at_work(random, received), now)
    path = Trajectory(received)
    path.step("submit", received, "submitted")
    at = received

    def later(low: float, high: float) -> datetime | None:
        nonlocal at
        at = at_work(random, at + timedelta(days=random.uniform(low, high)))
        return at if at < now else None

    if random.random() < 0.04 and (moment := later(1, 20)):
        _stop(path, random, moment, "withdraw", WITHDRAWAL_REASONS)
        return path
    moment = later(0.5, 18)  # a few are late
    if moment is None:
        return path
    path.contact_on = _day(moment)
    path.intake_at = at_work(random, moment + timedelta(days=random.uniform(2, 12)))
    path.step("plan_intake", moment, "intake_planned")
    at = path.intake_at
    if at >= now:
        return path
    if random.random() < 0.14:
        path.step("decline", at, "declined")
        path.ended_on = _day(at)
        return path
    path.intake_on = _day(at)
    path.step("accept", at, "waiting")
    _wait_and_match(path, random, later)
    return path


def at_work(random: Random, moment: datetime) -> datetime:
    """Return a moment of the same working day, or of the Monday after: people keep hours."""
    day = clock.local(moment)
    day += timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)
    quarter = random.randrange(9 * 4, 16 * 4)
    return day.replace(hour=quarter // 4, minute=quarter % 4 * 15, second=0, microsecond=0)


def _wait_and_match(path: Trajectory, random: Random, later: Later) -> None:
    moment = later(3, 15)
    if moment is None:
        return
    path.visited_on = _day(moment)
    path.step("record_visit", moment)
    if random.random() < 0.06 and (stop := later(10, 60)):
        _stop(path, random, stop, "record_withdrawal", WITHDRAWAL_REASONS)
        return
    moment = later(10, 110)
    if moment is None:
        return
    path.proposed_on = path.matched_on = _day(moment)
    path.step("propose_match", moment)
    path.step("answer_match", moment)
    path.step("match", moment, "matched")
    moment = later(3, 14)
    if moment is None:
        return
    path.introduced_on = _day(moment)
    path.step("introduce", moment)
    moment = later(2, 10)
    if moment is None:
        return
    path.started_on = _day(moment)
    path.step("start", moment, "running")
    if moment := later(250, 480):
        _stop(path, random, moment, "complete", CLOSING_REASONS)


_ENDS = {"withdraw": "withdrawn", "record_withdrawal": "withdrawn", "complete": "completed"}


def _stop(
    path: Trajectory, random: Random, at: datetime, action: str, reasons: dict[str, str]
) -> None:
    path.step(action, at, _ENDS[action])
    path.ended_on = _day(at)
    path.reason = random.choice(list(reasons))


def _day(moment: datetime) -> date:
    return clock.local(moment).date()
