"""The secret address by which a calendar reads somebody's dates: made, revoked, recognised.

It shows what the person may see in the role in which it was made, for as long as she holds that
role; only the digest of the secret is kept.
"""

import hashlib
import secrets

from sqlalchemy import select

from portal.accounts import service as accounts
from portal.accounts.models import Account, Membership
from portal.agreements.models import CalendarLink
from portal.core import audit, clock
from portal.core.db import db
from portal.core.errors import NotFoundError
from portal.core.permissions import Actor, granted


def link_of(actor: Actor) -> CalendarLink | None:
    """Return the link this person has in the role in use, if any."""
    return db.session.scalar(
        select(CalendarLink).where(
            CalendarLink.account_id == actor.account_id,
            CalendarLink.membership_id == actor.membership_id,
            CalendarLink.revoked_at.is_(None),
        )
    )


def make(actor: Actor) -> str:
    """Return the secret of a new link; the one before stops working."""
    revoke(actor)
    if actor.membership_id is None:
        raise NotFoundError()
    secret = secrets.token_urlsafe(32)
    made = CalendarLink(
        account_id=actor.account_id,
        membership_id=actor.membership_id,
        token_hash=_digest(secret),
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    audit.record("calendar_link:make", made, actor=actor)
    return secret


def revoke(actor: Actor) -> None:
    """Make the link of the role in use void."""
    found = link_of(actor)
    if found is not None:
        found.revoked_at = clock.now()
        audit.record("calendar_link:revoke", found, actor=actor, fields={"revoked_at"})


def reader(secret: str) -> Actor:
    """Return whose dates a secret shows. Raises NotFoundError when it shows nobody's."""
    row = db.session.execute(
        select(CalendarLink, Membership, Account)
        .join(Membership, Membership.id == CalendarLink.membership_id)
        .join(Account, Account.id == CalendarLink.account_id)
        .where(
            CalendarLink.token_hash == _digest(secret),
            CalendarLink.revoked_at.is_(None),
            Membership.ended_at.is_(None),
            Account.active,
        )
    ).one_or_none()
    held = {m.id for m in accounts.active_memberships(row.Account.id)} if row else set()
    if row is None or row.Membership.id not in held:
        raise NotFoundError()
    _link, membership, account = row
    return Actor(
        account_id=account.id,
        name=account.name,
        email=account.email,
        role=membership.role,
        membership_id=membership.id,
        organisation_id=membership.organisation_id,
        branch_id=membership.branch_id,
        locale=account.locale,
        permissions=granted(membership.role),
    )


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
