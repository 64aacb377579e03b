"""Opening a referral: only one's own, and never without an access event."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts import service as accounts
from portal.core import audit
from portal.core.audit import AuditEvent
from portal.core.db import db
from portal.core.errors import NotFoundError
from portal.core.permissions import Actor, Permission
from portal.referrals.models import Match, Referral
from portal.referrals.reference import read

READ_BY_BRANCH = "referral:read_by_branch"
_FAMILY = ("identity", "household", "situation", "health", "practical", "street")


@dataclass(frozen=True)
class Reader:
    """Somebody of the branch who opened the referral, and when first."""

    name: str
    first_at: datetime


def find(actor: Actor, reference: str, *, to_decide: bool = False) -> Referral:
    """Return a referral this person may see. Raises NotFoundError for any other, or none.

    `to_decide` holds its row, so that the second of two people waits and then sees what changed.
    """
    written = read(reference)
    found = None
    if written is not None:
        query = (
            select(Referral)
            .where(Referral.reference == written, Referral.visible_to(actor))
            .options(
                joinedload(Referral.municipality),
                joinedload(Referral.branch),
                joinedload(Referral.organisation),
                joinedload(Referral.guest),
                joinedload(Referral.family),
                joinedload(Referral.consent),
                selectinload(Referral.events),
                selectinload(Referral.matches).selectinload(Match.pauses),
            )
        )
        if to_decide:
            query = query.with_for_update(of=Referral).execution_options(populate_existing=True)
        found = db.session.scalar(query)
    if found is None:
        raise NotFoundError
    return found


def open_family(
    actor: Actor, reference: str, fields: Iterable[str] = _FAMILY, *, to_decide: bool = False
) -> Referral:
    """Return a referral to show its family, and note who read what; the caller commits first.

    To a referrer a family that withdrew its consent is not there any more.
    """
    referral = find(actor, reference, to_decide=to_decide)
    if not shows_family(actor, referral):
        raise NotFoundError
    audit.record(f"referral:read_by_{side(actor)}", referral, actor=actor, fields=fields)
    return referral


def shows_family(actor: Actor, referral: Referral) -> bool:
    """Say whether this person may still see anything of the family, having found its referral."""
    return referral.shared or side(actor) == "branch"


def side(actor: Actor) -> str:
    """Return on which side of a referral somebody stands: `branch` or `referrer`."""
    return "branch" if actor.can(Permission.REFERRAL_HANDLE) else "referrer"


def readers(referral: Referral) -> list[Reader]:
    """Return who of the branch opened the referral, and when first."""
    first = (
        select(AuditEvent.account_id, func.min(AuditEvent.at))
        .where(
            AuditEvent.object_type == Referral.__tablename__,
            AuditEvent.object_id == str(referral.id),
            AuditEvent.action == READ_BY_BRANCH,
        )
        .group_by(AuditEvent.account_id)
    )
    moments = {row[0]: row[1] for row in db.session.execute(first)}
    people = accounts.accounts_by_id(one for one in moments if one is not None)
    found = [Reader(people[one].name, at) for one, at in moments.items() if one in people]
    return sorted(found, key=lambda reader: reader.first_at)
