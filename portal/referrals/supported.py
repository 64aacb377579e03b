"""How many were supported, as a number and nothing else: what finance may know of families."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, or_, select

from portal.core import clock
from portal.core.db import db
from portal.directory.models import BranchArea
from portal.referrals.capacity import BranchStaffing
from portal.referrals.models import Referral


def families(municipalities: Collection[str], year: int) -> int:
    """Return how many families of these municipalities (NIS codes) had a volunteer in a year."""
    begins, ends = date(year, 1, 1), date(year, 12, 31)
    query = select(func.count(Referral.id)).where(
        Referral.municipality_nis.in_(municipalities),
        Referral.started_on <= ends,
        or_(Referral.ended_on.is_(None), Referral.ended_on >= begins),
    )
    return db.session.scalar(query) or 0


def volunteers(municipalities: Collection[str]) -> int | None:
    """Return how many volunteers the branches of these municipalities have now.

    None when a branch never said, when there is none, or when one works elsewhere too: its
    volunteers are then not these municipalities' alone.
    """
    today = clock.today()
    now = (BranchArea.from_on <= today) & or_(BranchArea.to_on.is_(None), BranchArea.to_on >= today)
    here = select(BranchArea.branch_id).where(now, BranchArea.nis.in_(municipalities)).distinct()
    rows = db.session.execute(
        select(BranchArea.branch_id, BranchArea.nis, BranchStaffing.volunteers)
        .outerjoin(BranchStaffing, BranchStaffing.branch_id == BranchArea.branch_id)
        .where(now, BranchArea.branch_id.in_(here))
    ).all()
    known = {row.branch_id: row.volunteers for row in rows}
    elsewhere = any(row.nis not in municipalities for row in rows)
    if elsewhere or not known or None in known.values():
        return None
    return sum(known.values())
