"""Invitations: by link and once only, somebody takes up a role and makes an account if needed."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, delete, or_, select, update

from portal.accounts import guests, mails, memberships, people, tokens
from portal.accounts.models import Account, Invitation, Membership
from portal.core import audit, clock, mail
from portal.core.db import db
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.jobs import periodic
from portal.core.permissions import Actor, Role
from portal.core.text import line
from portal.directory.models import Branch, Organisation

VALID = timedelta(days=7)
KEPT = timedelta(days=180)

_OVER = N_("Deze uitnodiging is al gebruikt, ingetrokken of verlopen.")


@dataclass(frozen=True)
class Accepted:
    """What came of an invitation. `is_new`: the account was made just now."""

    account: Account
    membership: Membership
    is_new: bool


def invite(
    actor: Actor,
    *,
    email: str,
    name: str,
    role: Role,
    organisation: Organisation | None = None,
    branch: Branch | None = None,
    function: str = "",
) -> Invitation:
    """Return a new invitation, its mail written. Raises DomainError."""
    email = people.normalise_email(email)
    place = memberships.place_for(role, organisation, branch)
    _check_is_new(email, role, place)
    known = people.find_account(email)
    token, token_hash = tokens.new_token()
    created = Invitation(
        email=email,
        name=known.name if known else line(name),
        account_id=known.id if known else None,
        role=role,
        function=line(function)[:80],
        token_hash=token_hash,
        invited_by=actor.account_id,
        expires_at=clock.now() + VALID,
        **place.columns,
    )
    db.session.add(created)
    db.session.flush()
    audit.record("invitation:create", created, actor=actor)
    _send(created, token, actor)
    return created


def resend(invitation: Invitation, actor: Actor) -> None:
    """Mail the invitation again, valid for another seven days; the link sent before dies."""
    if invitation.used_at is not None or invitation.revoked_at is not None:
        raise DomainError(_OVER)
    token, invitation.token_hash = tokens.new_token()
    invitation.sent_at = clock.now()
    invitation.expires_at = clock.now() + VALID
    audit.record("invitation:resend", invitation, actor=actor, fields={"expires_at"})
    _send(invitation, token, actor)


def revoke(invitation: Invitation, actor: Actor) -> None:
    """Make the link void."""
    if invitation.used_at is not None:
        raise DomainError(_OVER)
    if invitation.revoked_at is None:
        invitation.revoked_at = clock.now()
        audit.record("invitation:revoke", invitation, actor=actor, fields={"revoked_at"})


def invitation(invitation_id: int) -> Invitation:
    """Return one invitation. Raises NotFoundError."""
    found = db.session.get(Invitation, invitation_id)
    if found is None:
        raise NotFoundError()
    return found


def find_invitation(token: str) -> Invitation | None:
    """Return the invitation behind a link, as long as it can be accepted."""
    query = select(Invitation).where(Invitation.token_hash == tokens.digest(token))
    found = db.session.scalar(query)
    return found if found is not None and found.is_open() else None


def unused_invitations() -> Select[Invitation]:
    """Return a select of the invitations nobody took up yet, also those that expired."""
    return select(Invitation).where(Invitation.used_at.is_(None), Invitation.revoked_at.is_(None))


def waiting_for(account_id: int) -> list[Invitation]:
    """Return the roles somebody who has an account was invited to and did not take up yet."""
    query = unused_invitations().where(Invitation.account_id == account_id)
    return list(db.session.scalars(query.order_by(Invitation.id)))


def accept(token: str, *, name: str = "", password: str = "") -> Accepted:
    """Take up the role, in a new account or in the one this e-mail address has.

    Of two who send the same link one is first; the other gets DomainError, as does anybody whose
    link is used, revoked or expired, or whose password is refused.
    """
    now = clock.now()
    claimed = db.session.scalars(
        update(Invitation)
        .where(Invitation.token_hash == tokens.digest(token), Invitation.used_at.is_(None))
        .where(Invitation.revoked_at.is_(None), Invitation.expires_at > now)
        .values(used_at=now)
        .returning(Invitation)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if claimed is None:
        raise DomainError(_OVER)
    known = people.find_account(claimed.email)
    account = known or people.create_account(claimed.email, name, password)
    if not account.active:
        raise DomainError(_OVER)
    claimed.account_id = account.id
    membership = memberships.add_membership(
        account,
        claimed.role,
        claimed.organisation,
        claimed.branch,
        function=claimed.function,
    )
    audit.record("invitation:accept", claimed)
    guests.join(claimed, membership)
    return Accepted(account, membership, known is None)


@periodic(timedelta(days=1))
def forget_old() -> int:
    """Delete invitations half a year after they were used, revoked or expired."""
    limit = clock.now() - KEPT
    old = or_(
        Invitation.used_at < limit, Invitation.revoked_at < limit, Invitation.expires_at < limit
    )
    return len(db.session.scalars(delete(Invitation).where(old).returning(Invitation.id)).all())


def _check_is_new(email: str, role: Role, place: memberships.Place) -> None:
    known = people.find_account(email)
    if known is not None and not known.active:
        message = N_("Deze persoon heeft een uitgeschakeld account. Schakel dat eerst weer in.")
        raise DomainError(message, field="email")
    columns = place.columns
    if known is not None:
        for held in memberships.active_memberships(known.id):
            if (held.role, held.organisation_id, held.branch_id) == (role, *columns.values()):
                raise DomainError(N_("Deze persoon heeft die rol al."), field="email")
    waiting = unused_invitations().where(
        Invitation.email == email,
        Invitation.role == role,
        Invitation.organisation_id.is_not_distinct_from(columns["organisation_id"]),
        Invitation.branch_id.is_not_distinct_from(columns["branch_id"]),
        Invitation.expires_at > clock.now(),
    )
    if db.session.scalar(waiting.limit(1)) is not None:
        message = N_("Deze persoon is al uitgenodigd voor deze rol. Stuur die uitnodiging opnieuw.")
        raise DomainError(message, field="email")


def _send(invitation: Invitation, token: str, actor: Actor) -> None:
    known = db.session.get(Account, invitation.account_id) if invitation.account_id else None
    message = mails.invitation(invitation, token, actor.name, known.locale if known else None)
    mail.send(message, key=f"invitation:{tokens.digest(token).hex()[:32]}")
