"""Who is signed in where: a row per browser, so that the server can end it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.orm import aliased

from portal.accounts import tokens
from portal.accounts.models import Account, Membership, SignInSession
from portal.core import audit, clock
from portal.core.db import db
from portal.core.errors import NotFoundError
from portal.core.jobs import periodic
from portal.core.permissions import Actor
from portal.directory.models import Branch, Organisation

KEPT = timedelta(days=90)  # after its end, to answer "was that me?"

_held = aliased(Membership)
_memberships_count = (
    select(func.count())
    .where(_held.account_id == SignInSession.account_id, _held.ended_at.is_(None))
    .scalar_subquery()
)
# Every request of somebody signed in begins with this query and needs no other to know who it is.
_CURRENT = (
    select(
        SignInSession.id.label("session_id"),
        Account.id.label("account_id"),
        Account.name,
        Account.email,
        Account.locale,
        Membership.id.label("membership_id"),
        Membership.role,
        Membership.organisation_id,
        Organisation.name.label("organisation_name"),
        Organisation.active.label("organisation_active"),
        Membership.branch_id,
        Branch.name.label("branch_name"),
        _memberships_count.label("memberships_count"),
    )
    .join(Account, and_(Account.id == SignInSession.account_id, Account.active))
    .outerjoin(
        Membership,
        and_(Membership.id == SignInSession.membership_id, Membership.ended_at.is_(None)),
    )
    .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
    .outerjoin(Branch, Branch.id == Membership.branch_id)
)


def start(
    who: Account, membership_id: int | None, *, user_agent: str, hours: int
) -> tuple[SignInSession, str]:
    """Return a new session and the secret that goes into the cookie."""
    token, token_hash = tokens.new_token()
    now = clock.now()
    row = SignInSession(
        token_hash=token_hash,
        account_id=who.id,
        membership_id=membership_id,
        user_agent=user_agent[:80],
        created_at=now,
        expires_at=now + timedelta(hours=hours),
    )
    db.session.add(row)
    who.last_sign_in_at = now
    db.session.flush()
    return row, token


def current(token: str) -> Any:
    """Return who holds this secret (a row of _CURRENT), in one query; None when it is over."""
    return db.session.execute(
        _CURRENT.where(
            SignInSession.token_hash == tokens.digest(token),
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > clock.now(),
        )
    ).one_or_none()


def open_sessions(account_id: int) -> list[SignInSession]:
    """Return the sessions of a person that still run, the newest first."""
    return list(
        db.session.scalars(
            select(SignInSession)
            .where(SignInSession.account_id == account_id, _running())
            .order_by(SignInSession.id.desc())
        )
    )


def end(session_id: int, by: Actor) -> bool:
    """End one of the person's own sessions. Returns False when it is no running one of theirs."""
    if not _end(SignInSession.id == session_id, SignInSession.account_id == by.account_id):
        return False
    audit.record("session:end", "sign_in_session", actor=by, object_id=session_id)
    return True


def end_all(account_id: int, *, keep_id: int | None = None, by: Actor | None = None) -> int:
    """End every session of an account but `keep_id`. Returns how many."""
    ended = _end(SignInSession.account_id == account_id, SignInSession.id != (keep_id or 0))
    if ended:
        audit.record("session:end_all", "account", actor=by, object_id=account_id)
    return ended


def use_membership(session_id: int, membership: Membership, by: Actor) -> None:
    """Let a session act in another role of the same person."""
    if membership.account_id != by.account_id or not membership.active:
        raise NotFoundError()
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id)
        .values(membership_id=membership.id)
    )
    audit.record("session:switch", membership, actor=by)


def last_membership_id(account_id: int) -> int | None:
    """Return the role the person used last, whether or not it still holds."""
    return db.session.scalar(
        select(SignInSession.membership_id)
        .where(SignInSession.account_id == account_id)
        .order_by(SignInSession.id.desc())
        .limit(1)
    )


@periodic(timedelta(days=1))
def forget_ended() -> int:
    """Delete the sessions that were over 90 days ago. Returns how many."""
    limit = clock.now() - KEPT
    old = delete(SignInSession).where(
        or_(SignInSession.expires_at < limit, SignInSession.ended_at < limit)
    )
    return len(db.session.scalars(old.returning(SignInSession.id)).all())


def _running() -> Any:
    return and_(SignInSession.ended_at.is_(None), SignInSession.expires_at > clock.now())


def _end(*conditions: Any) -> int:
    statement = update(SignInSession).where(SignInSession.ended_at.is_(None), *conditions)
    ended = db.session.scalars(
        statement.values(ended_at=clock.now())
        .returning(SignInSession.id)
        .execution_options(synchronize_session="fetch")
    )
    return len(ended.all())
