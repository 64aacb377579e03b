"""Half-days added up: of one trajectory, and of a branch by month. Counts only."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import extract, func, select

from portal.core import clock
from portal.core.db import db
from portal.core.months import months_later
from portal.directory.models import Branch
from portal.referrals.models import Referral
from portal.referrals.trajectory.half_days import HELD, HalfDay, What, planned

MONTHS = 12


@dataclass
class Sum:
    """How often each kind of half-day was. `families`: with how many families."""

    by: Counter[What] = field(default_factory=Counter)
    families: int = 0

    @property
    def held(self) -> int:
        return sum(number for what, number in self.by.items() if what in HELD)

    @property
    def not_held(self) -> int:
        return self.by.total() - self.held


@dataclass(frozen=True)
class OfTrajectory:
    """The sum of a trajectory; `agreed`: how many half-days were agreed until today."""

    sum: Sum
    agreed: int


def of_trajectory(referral: Referral, half_days: Iterable[HalfDay]) -> OfTrajectory:
    """Return the sum of the half-days that count."""
    found = Sum(Counter(one.what for one in half_days), 1)
    agreed = 0
    for match in referral.matches:
        agreed += len(planned(match, min(match.ended_on or date.max, clock.today())))
    return OfTrajectory(found, agreed)


def by_month(branch_id: int) -> list[tuple[date, Sum]]:
    """Return the sums of a branch for the last twelve months, the latest first, in two queries."""
    first = months_later(clock.today().replace(day=1), 1 - MONTHS)
    year, month = extract("year", HalfDay.on), extract("month", HalfDay.on)
    stands = (HalfDay.branch_id == branch_id, HalfDay.replaced_at.is_(None), HalfDay.on >= first)
    found = {months_later(first, number): Sum() for number in range(MONTHS)}
    kinds = select(year, month, HalfDay.what, func.count()).where(*stands)
    for y, m, what, number in db.session.execute(kinds.group_by(year, month, HalfDay.what)):
        found[date(int(y), int(m), 1)].by[what] = number
    families = func.count(HalfDay.referral_id.distinct())
    with_families = select(year, month, families).where(*stands, HalfDay.what.in_(HELD))
    for y, m, number in db.session.execute(with_families.group_by(year, month)):
        found[date(int(y), int(m), 1)].families = number
    return sorted(found.items(), reverse=True)


def by_branch(from_on: date) -> list[tuple[str, Sum]]:
    """Return the sums of every branch that entered any since a day, in two queries."""
    stands = (HalfDay.replaced_at.is_(None), HalfDay.on >= from_on)
    families = func.count(HalfDay.referral_id.distinct())
    with_families = (
        select(Branch.id, Branch.name, families)
        .join(HalfDay, HalfDay.branch_id == Branch.id)
        .where(*stands)
        .group_by(Branch.id, Branch.name)
        .order_by(Branch.name)
    )
    rows = db.session.execute(with_families).all()
    found = {branch_id: Sum(families=number) for branch_id, _name, number in rows}
    kinds = select(HalfDay.branch_id, HalfDay.what, func.count()).where(*stands)
    grouped = kinds.group_by(HalfDay.branch_id, HalfDay.what)
    for branch_id, what, number in db.session.execute(grouped):
        found[branch_id].by[what] = number
    return [(name, found[branch_id]) for branch_id, name, _number in rows]
