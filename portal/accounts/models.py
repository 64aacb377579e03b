"""People who sign in, what they are where, and the links and sessions that let them in."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    String,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import clock
from portal.core.db import BigInt, Identified, Model, text_enum
from portal.core.permissions import Role
from portal.directory.models import Branch, Organisation

if TYPE_CHECKING:

    class UserMixin:
        """What the sign-in library expects; its own type hints contradict Mapped columns."""

        def verify_and_update_password(self, password: str) -> bool: ...
        def get_id(self) -> str: ...

else:
    from flask_security import UserMixin

_ROLE = text_enum(Role)
_ONE_SEAT = "(organisation_id IS NULL) <> (branch_id IS NULL)"


class Account(Identified, UserMixin, Model):
    """Somebody who can sign in. `email` is kept in small letters, so that it is unique as such."""

    __tablename__ = "account"
    name: Mapped[str] = mapped_column(String(120))
    sort_name: Mapped[str] = mapped_column(String(120))  # folded: for searching and sorting
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password: Mapped[str | None] = mapped_column(String(200))  # argon2id; None: cannot sign in yet
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)  # binds reset links
    locale: Mapped[str | None] = mapped_column(String(5))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_sign_in_at: Mapped[datetime | None]

    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="account", order_by="Membership.id"
    )

    __table_args__ = (Index("ix_account_sort_name_id", "sort_name", "id"),)


class Membership(Identified, Model):
    """One role of one person, in an organisation or a branch; ended, never deleted."""

    __tablename__ = "membership"
    account_id: Mapped[int] = mapped_column(BigInt, ForeignKey("account.id"), index=True)
    role: Mapped[Role] = mapped_column(_ROLE)
    organisation_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("organisation.id"), index=True
    )
    branch_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("branch.id"), index=True)
    function: Mapped[str] = mapped_column(String(80), default="")  # as on a business card
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(back_populates="memberships")
    organisation: Mapped[Organisation | None] = relationship()
    branch: Mapped[Branch | None] = relationship()

    __table_args__ = (CheckConstraint(_ONE_SEAT, name="one_seat"),)

    @hybrid_property
    def active(self) -> bool:
        """Whether the person still holds this role."""
        return self.ended_at is None

    @active.inplace.expression
    @classmethod
    def _active(cls) -> ColumnElement[bool]:
        return cls.ended_at.is_(None)

    @property
    def place_name(self) -> str:
        """Return the name of the organisation or branch."""
        place = self.organisation or self.branch
        return place.name if place else ""


class Invitation(Identified, Model):
    """A link by which somebody takes up a role, and makes an account if there is none yet."""

    __tablename__ = "invitation"
    email: Mapped[str] = mapped_column(String(254), index=True)
    name: Mapped[str] = mapped_column(String(120))
    # Set from the start when the e-mail address has an account, else when it is accepted.
    account_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("account.id"), index=True)
    role: Mapped[Role] = mapped_column(_ROLE)
    organisation_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("organisation.id"))
    branch_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("branch.id"))
    function: Mapped[str] = mapped_column(String(80), default="")
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    invited_by: Mapped[int | None] = mapped_column(BigInt, ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    organisation: Mapped[Organisation | None] = relationship()
    branch: Mapped[Branch | None] = relationship()

    __table_args__ = (CheckConstraint(_ONE_SEAT, name="one_seat"),)

    @property
    def place_name(self) -> str:
        """Return the name of the organisation or branch."""
        place = self.organisation or self.branch
        return place.name if place else ""

    def is_open(self) -> bool:
        """Say whether it can still be accepted."""
        return self.used_at is None and self.revoked_at is None and clock.now() < self.expires_at


class EmailChange(Identified, Model):
    """A link that proves that a new e-mail address is the person's own."""

    __tablename__ = "email_change"
    account_id: Mapped[int] = mapped_column(BigInt, ForeignKey("account.id"), index=True)
    new_email: Mapped[str] = mapped_column(String(254))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()


class SignInSession(Identified, Model):
    """One browser that is signed in. What the cookie holds is only the key to this row."""

    __tablename__ = "sign_in_session"
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    account_id: Mapped[int] = mapped_column(BigInt, ForeignKey("account.id"), index=True)
    membership_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("membership.id"))
    user_agent: Mapped[str] = mapped_column(String(80), default="")  # "Firefox op Windows"
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
