"""What waits for a coordinator: new referrals, intakes, matches, and who waits longest."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.core import clock
from portal.core.db import db
from portal.core.i18n import N_, long_date, moment
from portal.core.permissions import Actor
from portal.directory.models import Branch, Municipality
from portal.referrals import messages, openings, quiet
from portal.referrals.models import SUPPORTED, Match, Referral, Status
from portal.referrals.progress import lasting
from portal.referrals.trajectory import agenda
from portal.referrals.trajectory.agenda import Kind

WEEK = timedelta(days=7)
_DUE = {
    Kind.EVALUATION: N_("Evaluatie tegen %(day)s"),
    Kind.FOLLOW_UP: N_("Nazorgcontact tegen %(day)s"),
    Kind.RESTART: N_("Pauze: herstart gepland op %(day)s"),
}
MOST = 6  # of each kind on the page; the list has them all


@dataclass(frozen=True)
class Task:
    """One thing to do, told without the family: opening a family is an event of its own."""

    reference: str
    municipality: str
    says: str
    late: bool = False


@dataclass(frozen=True)
class Day:
    """What waits, in the order of the day. `counts`: referrals of the branch by status."""

    counts: dict[Status, int]
    late: int
    new: list[Task]
    intakes: list[Task]
    matches: list[Task]
    waiting: list[Task]
    unread: list[messages.Unread]
    quiet: list[quiet.Quiet]
    listed: int  # families on a list that wait for this branch
    trajectories: list[Task]
    supported: int
    capacity: int


def day(actor: Actor) -> Day:
    """Return what waits for the coordinators of a branch, in ten queries."""
    counts, late, capacity, listed = _counts(actor)
    soon = Referral.intake_at < clock.now() + WEEK
    return Day(
        counts=counts,
        late=late,
        new=_tasks(actor, Status.SUBMITTED, Referral.first_contact_due_on, _contact),
        intakes=_tasks(actor, Status.INTAKE_PLANNED, Referral.intake_at, _intake, soon),
        matches=_matches(actor),
        waiting=_tasks(actor, Status.WAITING, Referral.waiting_since_on, _wait),
        unread=messages.unread(actor),
        quiet=quiet.of(actor),
        listed=listed,
        trajectories=[_due(one) for one in agenda.of(actor)],
        supported=sum(counts.get(status, 0) for status in SUPPORTED),
        capacity=capacity,
    )


def _counts(actor: Actor) -> tuple[dict[Status, int], int, int, int]:
    """Return how many referrals there are by status, how many are late, how many may be, and how
    many families wait on a list.
    """
    late = and_(
        Referral.status == Status.SUBMITTED,
        Referral.first_contact_on.is_(None),
        Referral.first_contact_due_on < clock.today(),
    )
    places = select(Branch.places_capacity).where(Branch.id == actor.branch_id).scalar_subquery()
    beside = (places, openings.counted_for(actor))
    query = select(Referral.status, func.count(), func.sum(case((late, 1), else_=0)), *beside)
    query = query.where(Referral.visible_to(actor)).group_by(Referral.status)
    rows = db.session.execute(query).all()
    capacity, listed = rows[0][3:] if rows else db.session.execute(select(*beside)).one()
    late_ones = sum(row[2] or 0 for row in rows)
    return {row[0]: row[1] for row in rows}, late_ones, capacity or 0, listed or 0


def _tasks(
    actor: Actor,
    status: Status,
    order: InstrumentedAttribute[Any],
    says: Callable[[Any], Task],
    *more: ColumnElement[bool],
) -> list[Task]:
    query = (
        select(
            Referral.reference,
            Municipality.name,
            Referral.first_contact_due_on,
            Referral.first_contact_on,
            Referral.intake_at,
            Referral.waiting_since_on,
        )
        .join(Municipality, Municipality.nis == Referral.municipality_nis)
        .where(Referral.visible_to(actor), Referral.status == status, *more)
        .order_by(order, Referral.id)
        .limit(MOST)
    )
    return [says(row) for row in db.session.execute(query)]


def _contact(row: Any) -> Task:
    if row.first_contact_on is not None:
        return Task(row.reference, row.name, _("Gesproken: plan de intake"))
    due = long_date(row.first_contact_due_on)
    if row.first_contact_due_on < clock.today():
        return Task(row.reference, row.name, _("Eerste contact moest tegen %(due)s", due=due), True)
    return Task(row.reference, row.name, _("Eerste contact tegen %(due)s", due=due))


def _intake(row: Any) -> Task:
    when: datetime = row.intake_at
    if when < clock.now():
        says = _("Was op %(when)s: noteer de beslissing", when=moment(when))
        return Task(row.reference, row.name, says)
    return Task(row.reference, row.name, moment(when))


def _due(one: agenda.Due) -> Task:
    return Task(one.reference, one.municipality, _(_DUE[one.kind], day=long_date(one.on)), one.late)


def _wait(row: Any) -> Task:
    return Task(row.reference, row.name, lasting(row.waiting_since_on))


def _matches(actor: Actor) -> list[Task]:
    """Return the matches that wait for an answer, a first meeting or the start."""
    under_way = and_(Match.referral_id == Referral.id, Match.ended_on.is_(None))
    query = (
        select(
            Referral.reference,
            Municipality.name,
            Referral.status,
            Match.family_accepted_on,
            Match.volunteer_accepted_on,
            Match.introduced_on,
        )
        .join(Municipality, Municipality.nis == Referral.municipality_nis)
        .join(Match, under_way)
        .where(Referral.visible_to(actor), Referral.status.in_((Status.WAITING, Status.MATCHED)))
        .order_by(Match.proposed_on, Referral.id)
        .limit(MOST)
    )
    return [Task(row.reference, row.name, _about(row)) for row in db.session.execute(query)]


def _about(row: Any) -> str:
    if row.status == Status.MATCHED:
        return _("Start het traject") if row.introduced_on else _("Breng hen samen")
    if row.family_accepted_on:
        return _("Wacht op de vrijwilliger")
    if row.volunteer_accepted_on:
        return _("Wacht op het gezin")
    return _("Wacht op gezin en vrijwilliger")
