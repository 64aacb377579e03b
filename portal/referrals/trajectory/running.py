"""The trajectories of a branch that have begun, on one page: how long, how often, what is next."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.core import clock
from portal.core.db import db
from portal.core.permissions import Actor
from portal.referrals.feedback import Badge
from portal.referrals.models import Match, Referral, Status
from portal.referrals.progress import badge, lasting
from portal.referrals.trajectory import present_evaluations
from portal.referrals.trajectory.half_days import HELD, HalfDay

MOST = 300
_BEGUN = (Status.WAITING, Status.MATCHED, Status.RUNNING)


@dataclass(frozen=True)
class Line:
    """A trajectory, without its family. `latest_on`: the last half-day that took place."""

    reference: str
    municipality: str
    badge: Badge
    lasting: str
    half_days: int
    latest_on: date | None
    due: present_evaluations.Due | None
    paused_until: date | None


def of(actor: Actor) -> list[Line]:
    """Return the trajectories that have begun, whose evaluation is due first at the top."""
    query = (
        select(Referral)
        .where(
            Referral.visible_to(actor),
            Referral.status.in_(_BEGUN),
            Referral.started_on.is_not(None),
        )
        .options(
            joinedload(Referral.municipality),
            selectinload(Referral.matches).selectinload(Match.pauses),
        )
        .order_by(func.coalesce(Referral.evaluation_due_on, date.max), Referral.id)
        .limit(MOST)
    )
    found = list(db.session.scalars(query))
    held = (
        select(HalfDay.referral_id, func.count(), func.max(HalfDay.on))
        .where(HalfDay.replaced_at.is_(None), HalfDay.what.in_(HELD))
        .where(HalfDay.referral_id.in_([one.id for one in found]))
        .group_by(HalfDay.referral_id)
    )
    counts = {row[0]: (row[1], row[2]) for row in db.session.execute(held)}
    return [_line(one, *counts.get(one.id, (0, None))) for one in found]


def _line(referral: Referral, half_days: int, latest_on: date | None) -> Line:
    assert referral.started_on is not None
    match = referral.active_match
    pause = match.pause_on(clock.today()) if match else None
    return Line(
        referral.reference,
        referral.municipality.name,
        badge(referral),
        lasting(referral.started_on),
        half_days,
        latest_on,
        present_evaluations.due(referral),
        pause.restart_on if pause else None,
    )
