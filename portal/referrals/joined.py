"""What is a guest's: it keeps her known, and moves along when she takes up an account."""

from sqlalchemy import CompoundSelect, Update, select, update

from portal.accounts import guests
from portal.accounts.guest_models import Guest
from portal.accounts.models import Membership
from portal.core import audit
from portal.core.db import db
from portal.referrals.messages import Message, MessageRead
from portal.referrals.models import Draft, Family, Referral


@guests.when_joined
def move_along(guest: Guest, membership: Membership) -> None:
    """Give everything of a guest to the account and organisation she now refers for.

    By statements that leave the versions alone: for the branch nothing of a referral changes.
    """
    moved = {
        "account_id": membership.account_id,
        "organisation_id": membership.organisation_id,
        "guest_id": None,
    }
    referral_ids = _run(update(Referral).where(Referral.guest_id == guest.id).values(moved))
    draft_ids = _run(update(Draft).where(Draft.guest_id == guest.id).values(moved))
    mine = {"account_id": membership.account_id}
    hers = Message.referral_id.in_(referral_ids)
    _run(update(Message).where(hers, Message.account_id.is_(None)).values(mine))
    read = db.select(Message.id).where(hers)
    marks = update(MessageRead).where(MessageRead.message_id.in_(read))
    db.session.execute(marks.where(MessageRead.account_id.is_(None)).values(mine))
    for name, ids in ((Referral, referral_ids), (Draft, draft_ids)):
        for one in ids:
            table = name.__tablename__
            audit.record(f"{table}:join_account", table, object_id=one, fields=moved)


@guests.still_needed
def guests_with_a_family() -> CompoundSelect[int | None]:
    """Return who still follows a family, or is writing about one."""
    followed = (
        select(Referral.guest_id)
        .join(Family, Family.referral_id == Referral.id)
        .where(Referral.guest_id.is_not(None))
    )
    return followed.union(select(Draft.guest_id).where(Draft.guest_id.is_not(None)))


def _run(statement: Update) -> list[int]:
    """Run an update; return the ids of the rows it changed."""
    id_ = statement.table.c.id
    changed = statement.returning(id_).execution_options(synchronize_session=False)
    ids = list(db.session.scalars(changed))
    db.session.expire_all()
    return ids
