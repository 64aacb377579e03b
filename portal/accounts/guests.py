"""Referring without an account: asked for on a public page, begun by a link in a mail.

What is typed in public changes nothing and nobody. Only who follows the link in the mail becomes
a guest, or corrects what was known of her; her organisation stays the text she typed.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update

from portal.accounts import guest_mails, people, tokens
from portal.accounts.guest_models import Guest, GuestLink, GuestRequest, GuestSession
from portal.accounts.memberships import Recipient
from portal.accounts.models import Invitation, Membership
from portal.core import audit, clock, mail
from portal.core.db import db, insert_if_absent, new_id
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.jobs import periodic
from portal.core.permissions import GUEST, Actor
from portal.core.terms import days
from portal.directory.kinds import OrganisationKind

FOLLOW_PATH = "/verwijzen-zonder-account/volgen/"
LIST_PATH = "/verwijzingen/"
KEPT = timedelta(days=180)  # links and visits after their end
REQUESTS_KEPT = timedelta(days=30)

_OVER = N_("Deze link is al gebruikt of verlopen. Begin opnieuw.")
_DETAILS = ("name", "function", "phone", "organisation_name", "organisation_kind", "nis", "locale")


@dataclass(frozen=True)
class GuestDetails:
    """What somebody without an account says of herself."""

    name: str
    email: str
    function: str
    phone: str
    organisation_name: str
    organisation_kind: OrganisationKind
    nis: str | None = None
    locale: str | None = None


def ask_to_begin(details: GuestDetails) -> None:
    """Mail a link to begin. An address that has an account gets another mail and no link.

    Whoever asks cannot tell the difference. Raises DomainError for what is no address.
    """
    email = people.normalise_email(details.email)
    known = people.find_account(email)
    if known is not None:
        key = f"guest_known:{known.id}:{clock.now():%Y%m%d%H%M%S%f}"
        mail.send(guest_mails.has_account(known), key=key)
        return
    token, token_hash = tokens.new_token()
    created = GuestRequest(
        **{**asdict(details), "email": email},
        token_hash=token_hash,
        expires_at=clock.now() + guest_mails.BEGIN_WITHIN,
    )
    db.session.add(created)
    db.session.flush()
    mail.send(guest_mails.begin(created, token), key=f"guest_begin:{created.id}")


def find_request(token: str) -> GuestRequest | None:
    """Return the request behind a link, as long as it can be confirmed."""
    return db.session.scalar(
        select(GuestRequest).where(
            GuestRequest.token_hash == tokens.digest(token),
            GuestRequest.used_at.is_(None),
            GuestRequest.expires_at > clock.now(),
        )
    )


def confirm(token: str) -> Guest:
    """Return the guest who followed the link: a new one, or the one with this address.

    Works once; of two at the same time one wins. Raises DomainError.
    """
    now = clock.now()
    asked = db.session.scalars(
        update(GuestRequest)
        .where(GuestRequest.token_hash == tokens.digest(token))
        .where(GuestRequest.used_at.is_(None), GuestRequest.expires_at > now)
        .values(used_at=now)
        .returning(GuestRequest)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if asked is None or people.find_account(asked.email) is not None:
        raise DomainError(_OVER)
    values = {name: getattr(asked, name) for name in _DETAILS}
    is_new = insert_if_absent(Guest, id=new_id(), email=asked.email, **values)
    guest = db.session.scalars(select(Guest).where(Guest.email == asked.email)).one()
    if guest.account_id is not None:  # her account changed its address since
        raise DomainError(_OVER)
    changed = {name for name, value in values.items() if getattr(guest, name) != value}
    for name in changed:
        setattr(guest, name, values[name])
    if is_new or changed:
        audit.record("guest:create" if is_new else "guest:update", guest, fields=changed)
    db.session.flush()
    return guest


def start_session(guest: Guest, *, hours: int) -> tuple[GuestSession, str]:
    """Return a new visit and the secret that goes into the cookie."""
    token, token_hash = tokens.new_token()
    row = GuestSession(
        token_hash=token_hash,
        guest_id=guest.id,
        expires_at=clock.now() + timedelta(hours=hours),
    )
    db.session.add(row)
    db.session.flush()
    audit.record("guest:begin_session", guest, actor=actor_of(guest))
    return row, token


def current(token: str) -> tuple[int, Guest] | None:
    """Return the visit and the guest who holds this secret, in one query; None when it is over."""
    row = db.session.execute(
        select(GuestSession.id, Guest)
        .join(Guest, Guest.id == GuestSession.guest_id)
        .where(
            GuestSession.token_hash == tokens.digest(token),
            GuestSession.ended_at.is_(None),
            GuestSession.expires_at > clock.now(),
            Guest.account_id.is_(None),
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def end_session(session_id: int, by: Actor) -> None:
    """End a guest's visit in one browser."""
    _end(GuestSession.id == session_id)
    audit.record("guest:end_session", "guest_session", actor=by, object_id=session_id)


def _end(*conditions: Any) -> None:
    running = update(GuestSession).where(GuestSession.ended_at.is_(None), *conditions)
    db.session.execute(running.values(ended_at=clock.now()))


def actor_of(guest: Guest) -> Actor:
    """Return a guest as she acts."""
    return Actor(
        account_id=0,
        guest_id=guest.id,
        name=guest.name,
        email=guest.email,
        organisation_name=guest.organisation_name,
        role_label=guest.function,
        locale=guest.locale,
        permissions=GUEST,
    )


def recipient(guest: Guest) -> Recipient:
    """Return where to write to a guest."""
    return Recipient(0, guest.name, guest.email, guest.locale or "nl", guest_id=guest.id)


def new_link(guest_id: int, path: str = LIST_PATH) -> str:
    """Return the address of a private link to a page, for one mail."""
    token, token_hash = tokens.new_token()
    expires_at = clock.now() + guest_mails.LINK_VALID
    link = GuestLink(token_hash=token_hash, guest_id=guest_id, path=path, expires_at=expires_at)
    db.session.add(link)
    return FOLLOW_PATH + token


def find_link(token: str) -> GuestLink | None:
    """Return a private link that still opens something."""
    return db.session.scalar(
        select(GuestLink)
        .join(GuestLink.guest)
        .where(GuestLink.token_hash == tokens.digest(token), GuestLink.expires_at > clock.now())
        .where(Guest.account_id.is_(None))
    )


def ask_link(email: str) -> None:
    """Mail a new private link to a guest. Any other address gets none, and nobody can tell."""
    address = email.strip().lower()
    guest = db.session.scalar(select(Guest).where(Guest.email == address))
    known = people.find_account(address)
    key = f"{clock.now():%Y%m%d%H%M%S%f}"
    if known is not None:
        mail.send(guest_mails.has_account(known), key=f"guest_known:{known.id}:{key}")
    elif guest is not None and guest.account_id is None:
        message = guest_mails.new_link(guest, new_link(guest.id))
        mail.send(message, key=f"guest_link:{guest.id}:{key}")


_followers: list[Callable[[Guest, Membership], None]] = []


def when_joined(follower: Callable[[Guest, Membership], None]) -> Callable[..., None]:
    """Register what moves along when a guest takes up an account."""
    _followers.append(follower)
    return follower


def join(invitation: Invitation, membership: Membership) -> None:
    """Let what was a guest's go along to the account that took up her invitation."""
    guest = db.session.scalar(select(Guest).where(Guest.invitation_id == invitation.id))
    if guest is None or guest.account_id is not None:
        return
    for follower in _followers:
        follower(guest, membership)
    guest.account_id = membership.account_id
    _end(GuestSession.guest_id == guest.id)
    audit.record("guest:join_account", guest, fields={"account_id"})


_needed: list[Callable[[], Any]] = []


def still_needed(ids: Callable[[], Any]) -> Callable[[], Any]:
    """Register what gives the ids of guests whom something of theirs still needs, as a query."""
    _needed.append(ids)
    return ids


@periodic(timedelta(days=1))
def forget_idle() -> int:
    """Blank the guests whom nothing needs and who were not here for GUEST_KEPT_DAYS.

    The row stays: a referral that is counted still says that a guest sent it. Returns how many.
    """
    limit = clock.now() - days("GUEST_KEPT_DAYS")
    recent = select(GuestSession.guest_id).where(GuestSession.created_at > limit)
    idle = select(Guest).where(
        Guest.created_at < limit,
        Guest.forgotten_at.is_(None),
        Guest.account_id.is_(None),
        Guest.asked_account_at.is_(None),
        Guest.id.not_in(recent),
        *(Guest.id.not_in(ids()) for ids in _needed),
    )
    found = list(db.session.scalars(idle))
    for guest in found:
        _forget(guest)
    return len(found)


def _forget(guest: Guest) -> None:
    db.session.execute(delete(GuestRequest).where(GuestRequest.email == guest.email))
    for table in (GuestLink, GuestSession):
        db.session.execute(delete(table).where(table.guest_id == guest.id))
    guest.name = guest.function = guest.phone = guest.organisation_name = ""
    guest.email, guest.nis, guest.locale = f"gewist-{guest.id}", None, None
    guest.forgotten_at = clock.now()
    audit.record("guest:forget", guest)


@periodic(timedelta(days=1))
def forget_old() -> int:
    """Delete requests, links and visits when they are long over. Returns how many."""
    now = clock.now()
    return sum(
        _delete(old)
        for old in (
            delete(GuestRequest).where(GuestRequest.expires_at < now - REQUESTS_KEPT),
            delete(GuestLink).where(GuestLink.expires_at < now - KEPT),
            delete(GuestSession).where(
                or_(GuestSession.expires_at < now - KEPT, GuestSession.ended_at < now - KEPT)
            ),
        )
    )


def _delete(old: Any) -> int:
    table = old.table
    return len(db.session.execute(old.returning(table.c.id)).all())
