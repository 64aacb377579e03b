"""What referrer and coordinator write one another about a referral, and who read it.

A message hangs on the sealed family and is erased with it. It counts as read for a side as soon
as one person of that side opened it: colleagues work on a referral together.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, ScalarSelect, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.accounts import service as accounts
from portal.core import audit, clock
from portal.core.crypto import Encrypted, EncryptedColumns
from portal.core.db import Identified, Model, db
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.directory.models import Municipality
from portal.referrals import notices, senders
from portal.referrals.models import Family, Referral
from portal.referrals.reading import side
from portal.referrals.senders import names_of

PAGE = "/berichten"
ERASED = N_("De gegevens van dit gezin zijn gewist. Er kan niets meer bij.")
NOT_SHARED = N_("Het gezin trok zijn toestemming in. Er wordt niets meer over gedeeld.")
MOST_UNREAD = 8
WRITTEN = (
    N_("Nieuw bericht bij verwijzing {reference}"),
    N_("Er staat een bericht voor je klaar bij verwijzing {reference}."),
    N_("Je leest het in het portaal. In deze mail staat het met opzet niet."),
)


class Message(EncryptedColumns, Identified, Model):
    """One message; `side` says who wrote it: `branch` or `referrer`."""

    __tablename__ = "referral_message"
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    family_id: Mapped[int] = mapped_column(
        ForeignKey("referral_family.id", ondelete="CASCADE"), index=True
    )
    side: Mapped[str] = mapped_column(String(10))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    text = Encrypted[str]()


class MessageRead(Model):
    """Who of the other side was the first to open a message."""

    __tablename__ = "referral_message_read"
    message_id: Mapped[int] = mapped_column(
        ForeignKey("referral_message.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


@dataclass(frozen=True)
class Shown:
    """A message as it is read. `new`: this is the first time somebody of this side sees it."""

    at: datetime
    who: str
    mine: bool
    text: str
    new: bool
    read_by: str
    read_at: datetime | None


@dataclass(frozen=True)
class Unread:
    """A referral with messages nobody of this side has read yet."""

    reference: str
    municipality: str
    number: int


def write(actor: Actor, referral: Referral, text: str) -> Message:
    """Add a message; the other side is mailed that there is one, once until it reads.

    Raises DomainError when the family was erased.
    """
    family = kept_family(referral)
    if not referral.shared:
        raise DomainError(NOT_SHARED)
    mine = side(actor)
    first = not db.session.scalar(select(_unread(mine, referral.id)))
    message = Message(
        referral_id=referral.id,
        family_id=family.id,
        side=mine,
        account_id=actor.account_id or None,
        at=clock.now(),
    )
    message.text = text
    db.session.add(message)
    audit.record("referral:write_message", referral, actor=actor, fields={"text"})
    db.session.flush()
    if first:
        _tell(referral, mine, message)
    return message


def kept_family(referral: Referral) -> Family:
    """Return the sealed family of a referral. Raises DomainError when it was erased."""
    if referral.family is None:
        raise DomainError(ERASED)
    return referral.family


def open_thread(actor: Actor, referral: Referral) -> list[Shown]:
    """Return the messages, oldest first, and note that this side has read them."""
    query = (
        select(Message, MessageRead)
        .outerjoin(MessageRead, MessageRead.message_id == Message.id)
        .where(Message.referral_id == referral.id)
        .order_by(Message.id)
    )
    rows = [(message, mark) for message, mark in db.session.execute(query)]
    people = {m.account_id for m, _mark in rows} | {mark.account_id for _m, mark in rows if mark}
    names = names_of(people) | {None: referral.guest.name if referral.guest else ""}
    mine = side(actor)
    for message, mark in rows:
        if mark is None and message.side != mine:
            by_id = actor.account_id or None
            db.session.add(MessageRead(message_id=message.id, account_id=by_id, at=clock.now()))
    return [_shown(message, mark, mine, names) for message, mark in rows]


def unread_for(actor: Actor) -> ScalarSelect[int]:
    """Return how many messages of a referral this person's side has not read; for each row."""
    return _unread("referrer" if side(actor) == "branch" else "branch", Referral.id)


def counts(actor: Actor, referral: Referral) -> tuple[int, int]:
    """Return how many messages a referral has, and how many this side has not read."""
    every = select(func.count()).where(Message.referral_id == referral.id).scalar_subquery()
    query = select(every, unread_for(actor)).where(Referral.id == referral.id)
    total, unread = db.session.execute(query).one()
    return total, unread


def unread(actor: Actor) -> list[Unread]:
    """Return the referrals with unread messages, for a start page, in one query."""
    number = unread_for(actor)
    query = (
        select(Referral.reference, Municipality.name, number.label("number"))
        .join(Municipality, Municipality.nis == Referral.municipality_nis)
        .where(Referral.visible_to(actor), number > 0)
        .order_by(Referral.changed_at.desc(), Referral.id)
        .limit(MOST_UNREAD)
    )
    return [Unread(row.reference, row.name, row.number) for row in db.session.execute(query)]


def _unread(written_by: str, referral_id: object) -> ScalarSelect[int]:
    read = select(MessageRead.message_id).where(MessageRead.message_id == Message.id)
    return (
        select(func.count())
        .select_from(Message)
        .where(
            Message.referral_id == referral_id,
            Message.side == written_by,
            ~read.exists(),
        )
        .correlate(Referral)
        .scalar_subquery()
    )


def _shown(
    message: Message, mark: MessageRead | None, mine: str, names: dict[int | None, str]
) -> Shown:
    own = message.side == mine
    return Shown(
        message.at,
        names.get(message.account_id, ""),
        own,
        message.text,
        new=mark is None and not own,
        read_by=names.get(mark.account_id, "") if mark and own else "",
        read_at=mark.at if mark and own else None,
    )


def _tell(referral: Referral, written_by: str, message: Message) -> None:
    if written_by == "referrer":
        people = accounts.members_of_branch(referral.branch_id) if referral.branch_id else []
    else:
        people = senders.recipients(referral)
    notices.announce(referral, people, WRITTEN, key=f"message:{message.id}", page=PAGE)
