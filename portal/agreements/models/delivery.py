"""What was delivered of the services an agreement promises."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Date, ForeignKey, Index, String, Text, exists, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agreements.models.agreement import Agreement
from portal.core.db import Identified, Model, text_enum
from portal.core.documents import Document
from portal.core.i18n import N_
from portal.core.permissions import Actor


class DeliveryKind(StrEnum):
    """What was done for the partner."""

    START_COURSE = "start_course"
    COACHING_TALK = "coaching_talk"
    EXPERT_SUPPORT = "expert_support"
    LEARNING_NETWORK = "learning_network"
    VISITATION = "visitation"
    VOLUNTEER_COURSE = "volunteer_course"
    MATERIAL = "material"
    REPRESENTATION = "representation"
    OTHER = "other"

    @property
    def label(self) -> str:
        """Return the Dutch name (a message id)."""
        return _KINDS[self]


_KINDS = {
    DeliveryKind.START_COURSE: N_("Startopleiding gegeven"),
    DeliveryKind.COACHING_TALK: N_("Coachingsgesprek"),
    DeliveryKind.EXPERT_SUPPORT: N_("Ondersteuning door de expert"),
    DeliveryKind.LEARNING_NETWORK: N_("Bijeenkomst van het lerend netwerk"),
    DeliveryKind.VISITATION: N_("Visitatie"),
    DeliveryKind.VOLUNTEER_COURSE: N_("Vorming van vrijwilligers"),
    DeliveryKind.MATERIAL: N_("Materiaal bezorgd"),
    DeliveryKind.REPRESENTATION: N_("Vertegenwoordiging in het lokale netwerk"),
    DeliveryKind.OTHER: N_("Iets anders"),
}


class Delivery(Identified, Model):
    """One thing HSV did for an agreement, on a day. Never changed: corrected by a newer row.

    A row that was corrected or struck out has `replaced_at`; the database refuses any other
    change (core/immutable.py). `service`: the promised service it counts for, as it stands in the
    terms ("2" or the title of a service without number); `minutes`: how long it took, None when
    that says nothing.
    """

    __tablename__ = "agreement_delivery"
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    kind: Mapped[DeliveryKind] = mapped_column(text_enum(DeliveryKind))
    service: Mapped[str] = mapped_column(String(200), default="")
    done_on: Mapped[date] = mapped_column(Date)
    count: Mapped[int] = mapped_column(default=1)  # how many of it: talks, meetings, folders
    minutes: Mapped[int | None]
    by_name: Mapped[str] = mapped_column(String(120))  # who of HSV
    text: Mapped[str] = mapped_column(Text, default="")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # who did it
    replaced_reason: Mapped[str] = mapped_column(Text, default="")
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("agreement_delivery.id"))

    agreement: Mapped[Agreement] = relationship()
    document: Mapped[Document | None] = relationship()
    __table_args__ = (Index("ix_agreement_delivery_agreement", "agreement_id", "done_on", "id"),)

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Return the condition for what this person may see: that of the agreements it sees."""
        mine = select(Agreement.id).where(
            Agreement.id == cls.agreement_id, Agreement.visible_to(actor)
        )
        return exists(mine)
