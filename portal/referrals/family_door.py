"""How a parent comes in without an account: a code from her letter, and something she knows.

The code is stored as a keyed digest. It opens nothing without the second answer: the last digits
of the telephone number, or, where there is none, the month in which the eldest child was born.
After a few wrong answers the door stays shut for a day. Why so: ADR 9.
"""

import hmac
import secrets
import unicodedata
from datetime import date, datetime, timedelta
from typing import ClassVar

from flask import current_app
from sqlalchemy import ForeignKey, LargeBinary, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from portal.accounts import tokens
from portal.core import audit, clock
from portal.core.crypto import keyring
from portal.core.db import Identified, Model, db
from portal.core.permissions import Actor
from portal.core.references import ALPHABET, MISREAD
from portal.core.terms import days
from portal.referrals import parents
from portal.referrals.marks import plain_phone
from portal.referrals.messages import kept_family
from portal.referrals.models import Family, Referral

LENGTH = 12  # of 32 characters each: 60 bits
DIGITS = 4
MOST_WRONG = 5
SHUT_FOR = timedelta(hours=24)


class FamilyCode(Identified, Model):
    """A code in a letter. Each letter has its own; a new one leaves the others as they are."""

    __tablename__ = "referral_family_code"
    kept_with_identity: ClassVar[bool] = True
    family_id: Mapped[int] = mapped_column(
        ForeignKey("referral_family.id", ondelete="CASCADE"), index=True
    )
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    guest_id: Mapped[int | None] = mapped_column(ForeignKey("guest.id"))
    family: Mapped[Family] = relationship()

    @property
    def is_open(self) -> bool:
        """Whether it still works."""
        return self.ended_at is None and clock.now() < self.expires_at


class FamilyDoor(Model):
    """How often somebody with a code or link of this family answered wrong."""

    __tablename__ = "referral_family_door"
    kept_with_identity: ClassVar[bool] = True
    family_id: Mapped[int] = mapped_column(
        ForeignKey("referral_family.id", ondelete="CASCADE"), primary_key=True
    )
    wrong: Mapped[int]
    shut_until: Mapped[datetime | None]


class FamilySession(Identified, Model):
    """A parent at her page in one browser; the cookie holds the key to this row."""

    __tablename__ = "referral_family_session"
    kept_with_identity: ClassVar[bool] = True
    family_id: Mapped[int] = mapped_column(
        ForeignKey("referral_family.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    family: Mapped[Family] = relationship()


def new_code(actor: Actor, referral: Referral) -> tuple[str, date]:
    """Return a code for one letter, as it is printed, and its last day. Raises DomainError."""
    family = kept_family(referral)
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    made = FamilyCode(
        family_id=family.id,
        digest=_digest(code),
        made_at=clock.now(),
        expires_at=clock.now() + days("FAMILY_CODE_DAYS"),
        account_id=actor.account_id or None,
        guest_id=actor.guest_id,
    )
    db.session.add(made)
    audit.record("referral:make_family_code", referral, actor=actor)
    db.session.flush()
    return written(code), clock.local(made.expires_at).date()


def codes(referral: Referral) -> list[FamilyCode]:
    """Return the codes made for a family, the latest first."""
    if referral.family is None:
        return []
    query = select(FamilyCode).where(FamilyCode.family_id == referral.family.id)
    return list(db.session.scalars(query.order_by(FamilyCode.id.desc())))


def end_codes(actor: Actor, referral: Referral) -> None:
    """Let no letter open the page any more, and close it where it is open."""
    now = clock.now()
    for code in codes(referral):
        code.ended_at = code.ended_at or now
    if referral.family is not None:
        query = select(FamilySession).where(FamilySession.family_id == referral.family.id)
        for visit in db.session.scalars(query):
            visit.ended_at = visit.ended_at or now
    audit.record("referral:end_family_codes", referral, actor=actor)


def enter(typed: str, answer: str) -> str | None:
    """Return the secret of a visit; None when code and answer do not belong together.

    A wrong answer is counted: commit either way. Nobody can tell what was wrong.
    """
    found = _behind(typed)
    if found is None:
        return None
    family, code = found
    door = _door(family)
    now = clock.now()
    if door.shut_until is not None and now < door.shut_until:
        return None
    if not _is_hers(family, answer):
        door.wrong += 1
        if door.wrong % MOST_WRONG == 0:
            door.shut_until = now + SHUT_FOR
            audit.record("referral:shut_family_door", "referral", object_id=family.referral_id)
        return None
    door.wrong, door.shut_until = 0, None
    if code is not None:
        code.used_at = now
    token, token_hash = tokens.new_token()
    lasts = timedelta(minutes=current_app.config["FAMILY_SESSION_MINUTES"])
    db.session.add(
        FamilySession(family_id=family.id, token_hash=token_hash, expires_at=now + lasts)
    )
    audit.record("referral:enter_family_page", "referral", object_id=family.referral_id)
    return token


def current(token: str) -> Referral | None:
    """Return the referral whose page this secret opens; None when the visit is over."""
    visit = _visit(token)
    return visit.family.referral if visit else None


def leave(token: str) -> None:
    """End a visit."""
    visit = _visit(token)
    if visit is not None:
        visit.ended_at = clock.now()


def written(code: str) -> str:
    """Return a code in groups that can be read aloud."""
    return "-".join(code[at : at + 4] for at in range(0, LENGTH, 4))


def _visit(token: str) -> FamilySession | None:
    query = select(FamilySession).where(
        FamilySession.token_hash == tokens.digest(token),
        FamilySession.ended_at.is_(None),
        FamilySession.expires_at > clock.now(),
    )
    return db.session.scalar(
        query.options(joinedload(FamilySession.family).joinedload(Family.referral))
    )


def _behind(typed: str) -> tuple[Family, FamilyCode | None] | None:
    """Return the family behind a code from a letter, or behind a private link in a mail."""
    link = parents.find(typed.strip())
    if link is not None:
        return (link.family, None) if parents.is_open(link) else None
    plain = "".join(c for c in typed.upper() if c.isalnum()).translate(MISREAD)
    if len(plain) != LENGTH:
        return None
    code = db.session.scalar(select(FamilyCode).where(FamilyCode.digest == _digest(plain)))
    return (code.family, code) if code is not None and code.is_open else None


def _door(family: Family) -> FamilyDoor:
    """Return the door of a family, held: of many who try at once, each is counted."""
    door = db.session.get(FamilyDoor, family.id, with_for_update=True, populate_existing=True)
    if door is None:
        door = FamilyDoor(family_id=family.id, wrong=0, shut_until=None)
        db.session.add(door)
        db.session.flush()
    return door


def _is_hers(family: Family, answer: str) -> bool:
    given = "".join(str(unicodedata.digit(c)) for c in answer if c.isdigit())  # ٣ is 3 too
    phone = plain_phone(family.identity["phone"] or "")
    if phone:
        return hmac.compare_digest(given.encode(), phone[-DIGITS:].encode())
    month = _first_month(family)
    if month is None:
        return False
    wanted = f"{month.month:02}{month.year}"
    return hmac.compare_digest(given.zfill(len(wanted)).encode(), wanted.encode())


def _first_month(family: Family) -> date | None:
    born = [date.fromisoformat(child["born"]) for child in family.household["children"]]
    due = family.household["due"]
    return min(born) if born else date.fromisoformat(due) if due else None


def _digest(code: str) -> bytes:
    return keyring().fingerprint(code.encode(), "family code")
