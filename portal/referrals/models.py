"""A referral and what hangs on it.

The row `referral` is what lists and figures need and holds nothing that names a family. What does,
is sealed in `referral_family`, grouped by what the family consented to share, so that withdrawing
a consent is emptying a column and erasing a family is deleting a row.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    and_,
    false,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.guest_models import Guest
from portal.core.crypto import Encrypted, EncryptedColumns
from portal.core.db import Identified, Model, text_enum
from portal.core.permissions import Actor, Permission
from portal.directory.models import Branch, Municipality, Organisation
from portal.referrals.choices import Feedback


class Status(StrEnum):
    DRAFT = "draft"  # only for the moment between building and submitting
    SUBMITTED = "submitted"
    INTAKE_PLANNED = "intake_planned"
    WAITING = "waiting"
    MATCHED = "matched"
    RUNNING = "running"
    COMPLETED = "completed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    NOT_SERVED = "not_served"


OPEN = (Status.SUBMITTED, Status.INTAKE_PLANNED, Status.WAITING, Status.MATCHED, Status.RUNNING)
SUPPORTED = (Status.MATCHED, Status.RUNNING)


class Channel(StrEnum):
    """Through whom a family came."""

    PROFESSIONAL = "professional"
    SELF = "self"  # a parent asked for herself
    LIST = "list"  # a branch knew the family before it used the portal


# A professional has an account with an organisation, or is a guest; a parent is neither, and who
# referred a family of a list is not known to the portal.
_ONE_SENDER = (
    "CASE WHEN channel = 'professional' THEN 1 ELSE 0 END = "
    "CASE WHEN account_id IS NULL THEN 0 ELSE 1 END + CASE WHEN guest_id IS NULL THEN 0 ELSE 1 END"
)
_ACCOUNT_WITH_ORGANISATION = "(account_id IS NULL) = (organisation_id IS NULL)"


class Referral(Identified, Model):
    """One family referred to one branch (or, where none serves it, kept as unmet demand)."""

    __tablename__ = "referral"
    reference: Mapped[str] = mapped_column(String(11), unique=True)
    status: Mapped[Status] = mapped_column(text_enum(Status))
    version: Mapped[int] = mapped_column()
    changed_at: Mapped[datetime]
    municipality_nis: Mapped[str] = mapped_column(ForeignKey("municipality.nis"), index=True)
    postcode: Mapped[str] = mapped_column(String(4))
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branch.id"))
    channel: Mapped[Channel] = mapped_column(text_enum(Channel), default=Channel.PROFESSIONAL)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    referrer_kind: Mapped[str] = mapped_column(String(30))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    guest_id: Mapped[int | None] = mapped_column(ForeignKey("guest.id"))
    received_at: Mapped[datetime]
    first_contact_due_on: Mapped[date] = mapped_column(Date)
    first_contact_on: Mapped[date | None] = mapped_column(Date)
    intake_at: Mapped[datetime | None]
    intake_on: Mapped[date | None] = mapped_column(Date)
    waiting_since_on: Mapped[date | None] = mapped_column(Date)
    priority: Mapped[int] = mapped_column(SmallInteger, default=0)
    visited_on: Mapped[date | None] = mapped_column(Date)
    matched_on: Mapped[date | None] = mapped_column(Date)
    started_on: Mapped[date | None] = mapped_column(Date)
    evaluation_due_on: Mapped[date | None] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    reopened_on: Mapped[date | None] = mapped_column(Date)
    follow_up_due_on: Mapped[date | None] = mapped_column(Date)
    follow_up_reminded_on: Mapped[date | None] = mapped_column(Date)
    followed_up_on: Mapped[date | None] = mapped_column(Date)
    follow_up_result: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(30))  # of declining, withdrawing, closing
    feedback: Mapped[Feedback] = mapped_column(text_enum(Feedback))
    referrer_hears: Mapped[bool] = mapped_column(Boolean)  # the referrer wants word of it
    receipt_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    # until the family withdraws its consent; from then on no referrer sees anything of it
    shared: Mapped[bool] = mapped_column(Boolean, default=True)

    municipality: Mapped[Municipality] = relationship()
    branch: Mapped[Branch | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    guest: Mapped[Guest | None] = relationship()
    family: Mapped["Family | None"] = relationship(back_populates="referral", uselist=False)
    # None where only a need was counted: nothing of the family is kept then, its consent neither
    consent: Mapped["Consent | None"] = relationship(uselist=False)
    matches: Mapped[list["Match"]] = relationship(order_by="Match.id")
    events: Mapped[list["ReferralEvent"]] = relationship(order_by="ReferralEvent.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        Index("ix_referral_branch_received", "branch_id", "received_at", "id"),
        Index("ix_referral_branch_status", "branch_id", "status", "received_at", "id"),
        Index("ix_referral_evaluation_due", "branch_id", "evaluation_due_on"),
        Index("ix_referral_follow_up_due", "branch_id", "follow_up_due_on"),
        Index("ix_referral_organisation", "organisation_id", "received_at", "id"),
        Index("ix_referral_account", "account_id", "received_at", "id"),
        Index("ix_referral_guest", "guest_id", "received_at", "id"),
        CheckConstraint(_ONE_SENDER, name="one_sender"),
        CheckConstraint(_ACCOUNT_WITH_ORGANISATION, name="account_with_organisation"),
    )

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition for the referrals this person may see; nothing by default."""
        if actor.can(Permission.REFERRAL_HANDLE) and actor.branch_id is not None:
            return and_(cls.branch_id == actor.branch_id, cls.status != Status.NOT_SERVED)
        if actor.can(Permission.REFERRAL_FOLLOW) and actor.guest_id is not None:
            return cls.guest_id == actor.guest_id
        if actor.can(Permission.REFERRAL_FOLLOW) and actor.organisation_id is not None:
            shared = select(Organisation.id).where(
                Organisation.id == actor.organisation_id,
                Organisation.colleagues_see_referrals.is_(True),
            )
            mine = cls.account_id == actor.account_id
            return and_(cls.organisation_id == actor.organisation_id, or_(mine, shared.exists()))
        return false()

    @classmethod
    def written_by(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition for the referrals this person sent herself."""
        if actor.guest_id is not None:
            return cls.guest_id == actor.guest_id
        return cls.account_id == actor.account_id

    @property
    def sender_id(self) -> int | None:
        """The account or the guest that sent it; None when a parent did, or a list."""
        return self.account_id or self.guest_id

    @property
    def active_match(self) -> "Match | None":
        """The match under way, proposed or accepted; at most one."""
        return next((m for m in self.matches if m.ended_on is None), None)


class Family(EncryptedColumns, Identified, Model):
    """What names or describes the family, sealed, one column per purpose of consent."""

    __tablename__ = "referral_family"
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), unique=True)
    referral: Mapped[Referral] = relationship(back_populates="family")
    identity = Encrypted[dict[str, Any]]()  # contact parent, how and when to reach
    household = Encrypted[dict[str, Any]]()  # adults, children, pregnancy, languages
    situation = Encrypted[dict[str, Any]]()  # indicators, question, strengths, other services
    health = Encrypted[list[str]]()  # the two health indicators, with consent only
    practical = Encrypted[dict[str, Any]]()  # for the home visit
    street = Encrypted[str]()  # asked only after acceptance
    told_erased_at: Mapped[datetime | None]  # what it told is gone, who it is not yet


class Consent(Identified, Model):
    """What the family agreed to, when and how. Never changed; withdrawing is a date."""

    __tablename__ = "referral_consent"
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), unique=True)
    text_version: Mapped[str] = mapped_column(String(20))
    given_by: Mapped[str] = mapped_column(String(20))
    given_on: Mapped[date] = mapped_column(Date)
    manner: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(10))
    leaflet_given: Mapped[bool] = mapped_column(Boolean)
    shares_health: Mapped[bool] = mapped_column(Boolean)
    feedback: Mapped[Feedback] = mapped_column(text_enum(Feedback))
    kept_when_unserved: Mapped[bool] = mapped_column(Boolean, default=False)
    secrecy_lines: Mapped[list[str]] = mapped_column(JSON)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # None: the sender
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class DayPart(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Match(EncryptedColumns, Identified, Model):
    """A volunteer proposed to a family; both accept, or it ends.

    `started_on`: the weekly half-days with this volunteer begin. The plan is the half-day they
    agreed on: `plan_weekday` 0 is Monday, `plan_weeks` 2 is every other week.
    """

    __tablename__ = "referral_match"
    kept_with_identity: ClassVar[bool] = True  # who must be told not to come
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    proposed_on: Mapped[date] = mapped_column(Date)
    family_accepted_on: Mapped[date | None] = mapped_column(Date)
    volunteer_accepted_on: Mapped[date | None] = mapped_column(Date)
    introduced_on: Mapped[date | None] = mapped_column(Date)
    started_on: Mapped[date | None] = mapped_column(Date)
    plan_weekday: Mapped[int | None] = mapped_column(SmallInteger)
    plan_part: Mapped[DayPart | None] = mapped_column(text_enum(DayPart))
    plan_weeks: Mapped[int | None] = mapped_column(SmallInteger)
    ended_on: Mapped[date | None] = mapped_column(Date)
    end_reason: Mapped[str | None] = mapped_column(String(20))
    pauses: Mapped[list["MatchPause"]] = relationship(order_by="MatchPause.id")
    volunteer_name = Encrypted[str]()

    @property
    def accepted(self) -> bool:
        return self.family_accepted_on is not None and self.volunteer_accepted_on is not None

    def ran(self, on: date) -> bool:
        """Say whether the weekly half-days of this match ran on a day."""
        begun = self.started_on is not None and self.started_on <= on
        return begun and (self.ended_on is None or on <= self.ended_on)

    @property
    def open_pause(self) -> "MatchPause | None":
        """The pause that is planned or goes on; at most one."""
        return next((one for one in self.pauses if one.ended_on is None), None)

    def pause_on(self, day: date) -> "MatchPause | None":
        """Return the pause that holds on a day."""
        return next((one for one in self.pauses if one.holds(day)), None)

    def stop(self, on: date, reason: str) -> None:
        """End the match, and the pause it may be in."""
        self.ended_on, self.end_reason = on, reason
        if self.open_pause is not None:
            self.open_pause.ended_on = max(on, self.open_pause.from_on)


class MatchPause(Identified, Model):
    """A pause of the weekly visits, planned until `restart_on`; they began again on `ended_on`."""

    __tablename__ = "referral_match_pause"
    match_id: Mapped[int] = mapped_column(ForeignKey("referral_match.id"), index=True)
    from_on: Mapped[date] = mapped_column(Date)
    restart_on: Mapped[date] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(20))

    def holds(self, day: date) -> bool:
        """Say whether the visits pause on a day."""
        return self.from_on <= day and (self.ended_on is None or day < self.ended_on)


class ReferralEvent(EncryptedColumns, Identified, Model):
    """One line of the timeline. The note is for the branch; the referrer never reads it."""

    __tablename__ = "referral_event"
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    version: Mapped[int]
    action: Mapped[str] = mapped_column(String(30))
    before: Mapped[str] = mapped_column(String(16))
    after: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    guest_id: Mapped[int | None] = mapped_column(ForeignKey("guest.id"))
    on: Mapped[date | None] = mapped_column("on_date", Date)  # the day it is about, if another
    note = Encrypted[str]()
    advice = Encrypted[str]()  # for the referrer: a better-fitting service

    @property
    def by_id(self) -> int | None:
        """The account or the guest that did it; None for the system or a parent."""
        return self.account_id or self.guest_id


class Draft(EncryptedColumns, Identified, Model):
    """A referral being written: everything typed, per step, sealed."""

    __tablename__ = "referral_draft"
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    guest_id: Mapped[int | None] = mapped_column(ForeignKey("guest.id"), index=True)
    version: Mapped[int] = mapped_column()
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(index=True)
    steps = Encrypted[dict[str, dict[str, Any]]]()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        CheckConstraint("(account_id IS NULL) <> (guest_id IS NULL)", name="one_writer"),
        CheckConstraint(_ACCOUNT_WITH_ORGANISATION, name="account_with_organisation"),
    )

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """A draft is its writer's alone, in the role in which it was begun."""
        if not actor.can(Permission.REFERRAL_SUBMIT):
            return false()
        if actor.guest_id is not None:
            return cls.guest_id == actor.guest_id
        return and_(
            cls.account_id == actor.account_id, cls.organisation_id == actor.organisation_id
        )


class UnmetDemand(Identified, Model):
    """What is kept of a family no branch can serve: where, when, who asked, which indicators."""

    __tablename__ = "unmet_demand"
    municipality_nis: Mapped[str] = mapped_column(ForeignKey("municipality.nis"), index=True)
    month: Mapped[date] = mapped_column(Date)
    referrer_kind: Mapped[str] = mapped_column(String(30))
    indicators: Mapped[list[str]] = mapped_column(JSON)
    municipality: Mapped[Municipality] = relationship()
