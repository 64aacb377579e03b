"""Families on a list for when a branch opens: kept no longer than they were told."""

from datetime import timedelta

from sqlalchemy import select

from portal.core import audit, clock
from portal.core.db import db
from portal.core.jobs import periodic
from portal.core.terms import days
from portal.referrals import erasing
from portal.referrals.models import Family, Referral, Status


@periodic(timedelta(days=1))
def forget_listed() -> int:
    """Erase the families that were on the list for the term of UNSERVED_KEPT_DAYS.

    The referral stays, with its municipality and its reference. Returns how many were erased.
    """
    listed = (
        select(Family)
        .join(Referral)
        .where(
            Referral.status == Status.NOT_SERVED,
            Referral.received_at < clock.now() - days("UNSERVED_KEPT_DAYS"),
        )
    )
    families = db.session.scalars(listed).all()
    for family in families:
        audit.record("referral:forget", Referral.__tablename__, object_id=family.referral_id)
        erasing.erase(family.referral)
    return len(families)
