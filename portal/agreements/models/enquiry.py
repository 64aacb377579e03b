"""A question from outside about working together, asked without an account."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, LargeBinary, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Identified, Model, text_enum
from portal.core.permissions import Actor, Permission
from portal.directory.models import Organisation


class EnquiryStatus(StrEnum):
    UNCONFIRMED = "unconfirmed"  # the e-mail address is not proven yet; HSV does not see it
    RECEIVED = "received"
    ANSWERED = "answered"
    OPENED = "opened"  # an agreement was drafted from it
    DECLINED = "declined"


class Enquiry(Identified, Model):
    """What somebody asked and the scenario they looked at, as they typed it.

    Nothing in it changes a person or an organisation the portal knows: `organisation_id` is only
    a pointer to the local government that was picked.
    """

    __tablename__ = "enquiry"
    reference: Mapped[str] = mapped_column(String(11), unique=True)
    status: Mapped[EnquiryStatus] = mapped_column(text_enum(EnquiryStatus))
    version: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column(String(120))
    function: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(40), default="")
    locale: Mapped[str] = mapped_column(String(5), default="nl")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    organisation_name: Mapped[str] = mapped_column(String(160))
    organisation_kind: Mapped[str] = mapped_column(String(40))
    municipalities: Mapped[list[str]] = mapped_column(JSON)  # NIS codes
    partners: Mapped[str] = mapped_column(Text, default="")
    formula: Mapped[str] = mapped_column(String(1), default="")  # of the package, if they know
    support: Mapped[str] = mapped_column(String(20))  # how far the draagvlak reaches
    support_text: Mapped[str] = mapped_column(Text, default="")
    budget: Mapped[str] = mapped_column(String(20))
    budget_text: Mapped[str] = mapped_column(Text, default="")
    initiatives: Mapped[str] = mapped_column(Text, default="")
    remarks: Mapped[str] = mapped_column(Text, default="")
    scenario: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # with the prices as shown
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    token_expires_at: Mapped[datetime | None]
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]

    organisation: Mapped[Organisation | None] = relationship()
    events: Mapped[list["EnquiryEvent"]] = relationship(
        order_by="EnquiryEvent.id", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (Index("ix_enquiry_status_asked", "status", "asked_at", "id"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition for the enquiries this person may see: HSV's, once confirmed."""
        if actor.can(Permission.ENQUIRY_MANAGE):
            return cls.status != EnquiryStatus.UNCONFIRMED
        return false()


class EnquiryEvent(Identified, Model):
    """One line of what happened with an enquiry."""

    __tablename__ = "enquiry_event"
    enquiry_id: Mapped[int] = mapped_column(ForeignKey("enquiry.id"), index=True)
    version: Mapped[int]
    action: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    note: Mapped[str] = mapped_column(Text, default="")
