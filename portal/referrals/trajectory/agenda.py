"""What the trajectories of a branch ask for soon: evaluations, restarts, follow-up contacts."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.permissions import Actor
from portal.directory.models import Municipality
from portal.referrals.models import Match, MatchPause, Referral, Status

SOON = timedelta(days=14)
MOST = 8


class Kind(StrEnum):
    EVALUATION = "evaluation"
    FOLLOW_UP = "follow_up"
    RESTART = "restart"


@dataclass(frozen=True)
class Due:
    """One thing to do for a trajectory, without its family."""

    reference: str
    municipality: str
    kind: Kind
    on: date

    @property
    def late(self) -> bool:
        return self.on < clock.today()


def of(actor: Actor) -> list[Due]:
    """Return what is late or comes soon, the most urgent first, in three queries."""
    limit = clock.today() + SOON
    evaluation: Any = Referral.evaluation_due_on
    follow_up: Any = Referral.follow_up_due_on
    about = select(Referral.reference, Municipality.name).join(
        Municipality, Municipality.nis == Referral.municipality_nis
    )
    mine = Referral.visible_to(actor)
    found: list[Due] = []
    for kind, due_on in ((Kind.EVALUATION, evaluation), (Kind.FOLLOW_UP, follow_up)):
        query = about.add_columns(due_on).where(mine, due_on <= limit)
        rows = db.session.execute(query.order_by(due_on, Referral.id).limit(MOST))
        found += [Due(row[0], row[1], kind, row[2]) for row in rows]
    paused = (
        about.add_columns(MatchPause.restart_on)
        .join(Match, Match.referral_id == Referral.id)
        .join(MatchPause, MatchPause.match_id == Match.id)
        .where(mine, Referral.status == Status.RUNNING, MatchPause.ended_on.is_(None))
        .where(MatchPause.restart_on <= limit)
    )
    rows = db.session.execute(paused.order_by(MatchPause.restart_on, Referral.id).limit(MOST))
    found += [Due(row[0], row[1], Kind.RESTART, row[2]) for row in rows]
    return sorted(found, key=lambda due: (due.on, due.reference))[:MOST]
