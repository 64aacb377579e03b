"""What was done in the made-up trajectories: goals, half-days, evaluations, guidance, an end.

Rows go in bulk, past the services, as in `families`: for the demonstration only.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import joinedload, selectinload

from portal.core import clock
from portal.core.db import db, new_id
from portal.core.months import months_later
from portal.demo.rows import seal
from portal.referrals.models import DayPart, Match, MatchPause, Referral, Status
from portal.referrals.trajectory import evaluations
from portal.referrals.trajectory.closing import usual_follow_up
from portal.referrals.trajectory.dimensions import Dimension, Unanswered
from portal.referrals.trajectory.evaluations import END, START, Evaluation, EvaluationScore
from portal.referrals.trajectory.goals import GoalChoice, Occasion
from portal.referrals.trajectory.guidance import Audience, Guidance, Manner, Result, Sector
from portal.referrals.trajectory.half_days import HalfDay, What, planned

_WHAT = {
    What.HOME_VISIT: 76, What.OUTING: 7, What.SERVICE: 5, What.PHONE: 3,
    What.NOT_FAMILY: 4, What.NOT_VOLUNTEER: 2, What.NOT_HOLIDAY: 3,
}  # fmt: skip
_OWN_WORDS = (
    "Dat ik nog eens een uur voor mezelf heb.",
    "Mensen leren kennen hier in de buurt, ook voor de kinderen.",
    "Niet meer alleen voor al die papieren zitten.",
    "Dat de oudste meekan op school.",
    "",
)
_REMARKS = (
    "Mama gaat nu zelf met de jongste naar de speel-o-theek.",
    "De ochtenden lopen rustiger. Papieren blijven zwaar.",
    "Ze kent ondertussen twee andere ouders van de school.",
    "Het gezin wil graag verder werken aan vrije tijd voor de kinderen.",
    "",
)
_LED = (
    (Sector.SPORT, Audience.CHILDREN, "Turnkring De Sprong"),
    (Sector.CULTURE, Audience.FAMILY, "Bibliotheek, voorleesuurtje"),
    (Sector.YOUTH, Audience.CHILDREN, "Speelplein Het Zonnetje"),
    (Sector.PARENTS, Audience.PARENTS, "Ontmoetingsplaats Huis van het Kind"),
    (Sector.DUTCH, Audience.PARENTS, "Open School, Nederlandse les"),
    (Sector.RIGHTS, Audience.PARENTS, "OCMW, verhoogde kinderbijslag"),
    (Sector.CHILDCARE, Audience.CHILDREN, "Kinderopvang De Bengels"),
)


def make(seed: int = 7) -> int:
    """Fill in the trajectories that began, of the year past. Returns how many."""
    since = clock.today() - timedelta(days=400)
    query = (
        select(Referral)
        .where(Referral.status.in_((Status.RUNNING, Status.COMPLETED)))
        .where(Referral.started_on >= since)
        .options(
            joinedload(Referral.family),
            selectinload(Referral.matches).selectinload(Match.pauses),
            selectinload(Referral.events),
        )
        .order_by(Referral.id)
    )
    writer = _Writer(Random(seed))
    found = list(db.session.scalars(query))
    for referral in found:
        writer.add(referral)
    writer.write()
    return len(found)


class _Writer:
    """Makes up rows and writes them in bulk. The same seed makes up the same."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._ids = iter(new_id, 0)
        self._rows: dict[type[Any], list[dict[str, Any]]] = defaultdict(list)

    def add(self, referral: Referral) -> None:
        match = next((one for one in referral.matches if one.started_on), None)
        if match is None or referral.family is None or referral.started_on is None:
            return
        match.plan_weekday = match.started_on.weekday() if match.started_on else 0
        match.plan_part, match.plan_weeks = self.random.choice(list(DayPart)), 1
        self._half_days(referral, match)
        self._goals(referral)
        self._evaluate(referral)
        self._lead(referral)
        if referral.status == Status.COMPLETED:
            self._after(referral)
        elif self.random.random() < 0.05:
            self._pause(match)

    def write(self) -> None:
        """Insert what was made up, parents first."""
        db.session.flush()
        for table in (GoalChoice, HalfDay, Evaluation, EvaluationScore, Guidance, MatchPause):
            if self._rows[table]:
                db.session.execute(insert(table), self._rows[table])

    def _half_days(self, referral: Referral, match: Match) -> None:
        left_open = self.random.randrange(4) if referral.status == Status.RUNNING else 0
        days = planned(match, referral.ended_on or clock.today())
        for day in days[: len(days) - left_open]:
            what = self.random.choices(list(_WHAT), list(_WHAT.values()))[0]
            shared = {"branch_id": referral.branch_id, "match_id": match.id, "on": day}
            self._put(HalfDay, referral, {**shared, "what": what})

    def _goals(self, referral: Referral) -> None:
        family, on = referral.family, referral.started_on
        assert family is not None
        tasks = family.situation["tasks"]
        plain = {
            "family_id": family.id,
            "chosen_on": on,
            "occasion": Occasion.INTAKE,
            "tasks": tasks,
            "reached": [],
        }
        own_words = self.random.choice(_OWN_WORDS)
        self._put(GoalChoice, referral, plain, {"own_words": own_words})
        later = months_later(on or clock.today(), 6)
        if later < clock.today() and self.random.random() < 0.5:
            now = {"chosen_on": later, "occasion": Occasion.EVALUATION}
            now |= {"tasks": [*tasks[1:], "leisure"], "reached": tasks[:1]}
            self._put(GoalChoice, referral, {**plain, **now}, {"own_words": own_words})

    def _evaluate(self, referral: Referral) -> None:
        began = referral.started_on
        assert began is not None
        level = {dimension: self.random.randrange(0, 4) for dimension in Dimension}
        done = []
        for moment, day in self._moments(referral, began):
            if self.random.random() < (0.6 if moment == START else 0.85):
                self._evaluation(referral, moment, day, level)
                done.append(moment)
            level = {one: min(5, score + self.random.randrange(2)) for one, score in level.items()}
        referral.evaluation_due_on = evaluations.due_after(referral, done)

    def _moments(self, referral: Referral, began: date) -> Iterator[tuple[str, date]]:
        last = referral.ended_on or clock.today()
        yield START, began
        for months in evaluations.months_of(began):
            day = months_later(began, months) + timedelta(days=self.random.randrange(10))
            if day <= last:
                yield evaluations.code_of(months), day
        if referral.ended_on is not None:
            yield END, referral.ended_on

    def _evaluation(
        self, referral: Referral, moment: str, day: date, level: dict[Dimension, int]
    ) -> None:
        assert referral.family is not None
        plain = {"family_id": referral.family.id, "moment": moment, "on": day}
        row_id = self._put(Evaluation, referral, plain, {"remarks": self.random.choice(_REMARKS)})
        for dimension, score in level.items():
            asked = self.random.random() < 0.9
            self._rows[EvaluationScore].append(
                {
                    "evaluation_id": row_id,
                    "dimension": dimension,
                    "score": score if asked else None,
                    "unanswered": None if asked else Unanswered.NOT_ASKED,
                }
            )

    def _lead(self, referral: Referral) -> None:
        assert referral.family is not None
        assert referral.started_on is not None
        last = referral.ended_on or clock.today()
        for sector, audience, offer in self.random.sample(_LED, self.random.randrange(4)):
            passed = (last - referral.started_on).days
            plain = {
                "family_id": referral.family.id,
                "on": referral.started_on + timedelta(days=self.random.randrange(passed + 1)),
                "sector": sector,
                "audience": audience,
                "manner": self.random.choice(list(Manner)),
                "result": self.random.choices(list(Result), (2, 5, 1, 1))[0],
                "result_on": None,
            }
            self._put(Guidance, referral, plain, {"offer": offer})

    def _after(self, referral: Referral) -> None:
        assert referral.ended_on is not None
        due = usual_follow_up(referral.ended_on)
        if due > clock.today() - timedelta(days=10):
            referral.follow_up_due_on = due
        else:
            referral.followed_up_on, referral.follow_up_result = due, "well"

    def _pause(self, match: Match) -> None:
        begun = clock.today() - timedelta(days=self.random.randrange(1, 10))
        self._rows[MatchPause].append(
            {
                "id": next(self._ids),
                "match_id": match.id,
                "from_on": begun,
                "restart_on": begun + timedelta(days=14),
                "reason": self.random.choice(("holiday", "illness")),
            }
        )

    def _put(
        self,
        table: type[Any],
        referral: Referral,
        plain: dict[str, Any],
        sealed: dict[str, str] | None = None,
    ) -> int:
        row_id = next(self._ids)
        words = {
            f"{name}_encrypted": seal(table, row_id, name, text)
            for name, text in (sealed or {}).items()
        }
        by = {"account_id": referral.events[-1].account_id, "at": clock.now()}
        self._rows[table].append({"id": row_id, "referral_id": referral.id, **plain, **by, **words})
        return row_id
