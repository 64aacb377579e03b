"""Who a referral comes from: somebody with an account, a guest, or the parent herself."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from portal.accounts import guests
from portal.accounts import service as accounts
from portal.accounts.guest_models import Guest
from portal.core.db import db
from portal.referrals.models import Channel, Referral


@dataclass(frozen=True)
class Sender:
    """How a referrer is shown to the branch and on paper."""

    name: str
    organisation: str
    email: str
    guest: bool = False


def sender(referral: Referral) -> Sender | None:
    """Return who referred; None when a parent asked for herself, or a list was taken over."""
    if referral.channel != Channel.PROFESSIONAL:
        return None
    if referral.guest is not None:
        guest = referral.guest
        if guest.forgotten_at is not None:
            return Sender("–", "", "", guest=True)
        return Sender(guest.name, guest.organisation_name, guest.email, guest=True)
    assert referral.account_id is not None
    assert referral.organisation is not None
    who = accounts.recipient(referral.account_id)
    return Sender(who.name, referral.organisation.name, who.email)


def recipients(referral: Referral) -> list[accounts.Recipient]:
    """Return whom to write to on the side of the referrer; nobody for a parent herself."""
    if referral.guest is not None:
        return [guests.recipient(referral.guest)]
    return [] if referral.account_id is None else [accounts.recipient(referral.account_id)]


def address(person: accounts.Recipient, path: str) -> str:
    """Return the link to a page as this person can open it: a guest's is private."""
    return path if person.guest_id is None else guests.new_link(person.guest_id, path)


def names_of(ids: Iterable[int | None]) -> dict[int | None, str]:
    """Return the names behind ids of accounts and of guests, for a timeline."""
    wanted = {one for one in ids if one is not None}
    names: dict[int | None, str] = {
        one.id: one.name for one in accounts.accounts_by_id(wanted).values()
    }
    if others := wanted - names.keys():
        rows = db.session.execute(select(Guest.id, Guest.name).where(Guest.id.in_(others)))
        names |= {row.id: row.name for row in rows}
    return names
