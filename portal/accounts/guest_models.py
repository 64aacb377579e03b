"""Professionals who refer without an account, and the links and visits that let them in."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Account, Invitation
from portal.core import clock
from portal.core.db import BigInt, Identified, Model, text_enum
from portal.directory.kinds import OrganisationKind
from portal.directory.models import Municipality


class _Details:
    """What somebody without an account says of herself. Her organisation is text, no row."""

    name: Mapped[str] = mapped_column(String(120))
    function: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str] = mapped_column(String(40))
    organisation_name: Mapped[str] = mapped_column(String(160))
    organisation_kind: Mapped[OrganisationKind] = mapped_column(text_enum(OrganisationKind))
    nis: Mapped[str | None] = mapped_column(ForeignKey("municipality.nis"))
    locale: Mapped[str | None] = mapped_column(String(5))


class Guest(_Details, Identified, Model):
    """Somebody who proved that an e-mail address is hers.

    `account_id` once her referrals went along to an account: from then on she signs in.
    """

    __tablename__ = "guest"
    email: Mapped[str] = mapped_column(String(254), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    asked_account_at: Mapped[datetime | None] = mapped_column(index=True)
    invitation_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("invitation.id", ondelete="SET NULL"), index=True
    )
    account_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("account.id"))
    forgotten_at: Mapped[datetime | None]  # nothing of hers was left to keep her for

    municipality: Mapped[Municipality | None] = relationship()
    invitation: Mapped[Invitation | None] = relationship()
    account: Mapped[Account | None] = relationship()


class GuestRequest(_Details, Identified, Model):
    """Somebody wants to begin; the link in the mail proves that the address is hers, once."""

    __tablename__ = "guest_request"
    email: Mapped[str] = mapped_column(String(254))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class GuestLink(Identified, Model):
    """A private link in a mail to a guest; leads to `path` until it expires."""

    __tablename__ = "guest_link"
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    guest_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("guest.id", ondelete="CASCADE"), index=True
    )
    path: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(index=True)

    guest: Mapped[Guest] = relationship()


class GuestSession(Identified, Model):
    """One browser in which a guest is at work. The cookie holds only the key to this row."""

    __tablename__ = "guest_session"
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    guest_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("guest.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
