"""How many families a branch can support: places bought, active volunteers, and what is free."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, case, func, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import audit, clock
from portal.core.db import Model, db
from portal.core.permissions import Actor
from portal.directory.branches import not_closed
from portal.directory.models import Branch
from portal.referrals.models import SUPPORTED, Referral, Status


class BranchStaffing(Model):
    """How many volunteers of a branch are active, as its coordinator keeps it."""

    __tablename__ = "branch_staffing"
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), primary_key=True)
    volunteers: Mapped[int]
    kept_at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))


@dataclass(frozen=True)
class Capacity:
    """Of one branch: places bought, volunteers (None: never kept), families supported, waiting."""

    branch: str
    branch_id: int
    bought: int
    volunteers: int | None
    kept_at: datetime | None
    supported: int
    waiting: int

    @property
    def free(self) -> int:
        """Return how many families more can be supported now; never below none."""
        return max(places(self.bought, self.volunteers) - self.supported, 0)


def places(bought: int, volunteers: int | None) -> int:
    """Return how many families can be supported at the same time: one for each volunteer."""
    return bought if volunteers is None else min(bought, volunteers)


def volunteers_of(branch_id: int) -> int | None:
    """Return how many volunteers a branch says it has; None when it never said."""
    row = db.session.get(BranchStaffing, branch_id)
    return None if row is None else row.volunteers


def of(branch_id: int | None = None) -> list[Capacity]:
    """Return the capacity of one branch, or of all that are not closed, in one query."""
    supported = func.sum(case((Referral.status.in_(SUPPORTED), 1), else_=0))
    waiting = func.sum(case((Referral.status == Status.WAITING, 1), else_=0))
    taken = (
        select(Referral.branch_id, supported.label("supported"), waiting.label("waiting"))
        .where(Referral.status.in_((*SUPPORTED, Status.WAITING)))
        .group_by(Referral.branch_id)
        .subquery()
    )
    query = (
        select(Branch, BranchStaffing, taken.c.supported, taken.c.waiting)
        .outerjoin(BranchStaffing, BranchStaffing.branch_id == Branch.id)
        .outerjoin(taken, taken.c.branch_id == Branch.id)
        .where(not_closed(clock.today()) if branch_id is None else Branch.id == branch_id)
        .order_by(Branch.sort_name, Branch.id)
    )
    return [
        Capacity(
            branch.name,
            branch.id,
            branch.places_capacity,
            staffing.volunteers if staffing else None,
            staffing.kept_at if staffing else None,
            int(supported or 0),
            int(waiting or 0),
        )
        for branch, staffing, supported, waiting in db.session.execute(query)
    ]


def keep(actor: Actor, volunteers: int) -> None:
    """Keep how many volunteers one's own branch has now."""
    assert actor.branch_id is not None
    row = db.session.get(BranchStaffing, actor.branch_id)
    if row is None:
        row = BranchStaffing(branch_id=actor.branch_id)
        db.session.add(row)
    row.volunteers, row.kept_at, row.account_id = volunteers, clock.now(), actor.account_id
    audit.record(
        "branch:keep_volunteers",
        BranchStaffing.__tablename__,
        actor=actor,
        fields={"volunteers"},
        object_id=actor.branch_id,
    )
