"""Whether an agreement goes on: the question of renewal with its answers, and notice given."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Identified, Model, text_enum
from portal.core.documents import Document
from portal.core.i18n import N_
from portal.directory.models import Organisation


class RenewalOutcome(StrEnum):
    EXTENDED = "extended"  # tacitly, because nobody said no in time
    REFUSED = "refused"
    ADDENDUM = "addendum"  # expressly, by an addendum that all parties signed


class RenewalRound(Identified, Model):
    """That all parties were asked whether to go on after an end; once for each end.

    tacit: without a no by `answer_by_on` the agreement goes on by itself; otherwise only with an
    addendum.
    """

    __tablename__ = "agreement_renewal_round"
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    ends_on: Mapped[date] = mapped_column(Date)
    tacit: Mapped[bool]
    answer_by_on: Mapped[date] = mapped_column(Date)
    asked_at: Mapped[datetime]
    outcome: Mapped[RenewalOutcome | None] = mapped_column(text_enum(RenewalOutcome))
    closed_at: Mapped[datetime | None]

    answers: Mapped[list["RenewalAnswer"]] = relationship(order_by="RenewalAnswer.id")
    __table_args__ = (UniqueConstraint("agreement_id", "ends_on"),)

    @property
    def current(self) -> dict[int | None, "RenewalAnswer"]:
        """The answers in force, by organisation (None: HSV)."""
        return {one.organisation_id: one for one in self.answers if one.replaced_at is None}


class RenewalAnswer(Identified, Model):
    """What a party answered; a later answer replaces it, and both stay."""

    __tablename__ = "agreement_renewal_answer"
    round_id: Mapped[int] = mapped_column(ForeignKey("agreement_renewal_round.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))  # None: HSV
    wanted: Mapped[bool]
    note: Mapped[str] = mapped_column(Text, default="")
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]


class NoticeGround(StrEnum):
    """Why a party ends the agreement before its time (article 25)."""

    TERM = "term"
    BREACH = "breach"
    SUBSIDY = "subsidy"

    @property
    def label(self) -> str:
        """Return the Dutch words (a message id)."""
        return _GROUNDS[self]


class NoticeForm(StrEnum):
    """How notice was given; article 25 knows no other way."""

    REGISTERED = "registered"
    EMAIL = "email"

    @property
    def label(self) -> str:
        """Return the Dutch words (a message id)."""
        return _FORMS[self]


_GROUNDS = {
    NoticeGround.TERM: N_("Opzegging met de termijn van de overeenkomst"),
    NoticeGround.BREACH: N_("Tekortkoming die na ingebrekestelling niet verholpen is"),
    NoticeGround.SUBSIDY: N_("Een subsidie valt weg en overleg gaf geen oplossing"),
}
_FORMS = {
    NoticeForm.REGISTERED: N_("Aangetekende brief"),
    NoticeForm.EMAIL: N_("E-mail waarvan de ontvangst bevestigd is"),
}


class Notice(Identified, Model):
    """Notice by one party, with its letter. Never changed; withdrawn only when all agree.

    `effect_on`: the last day for this party. `began_on`: of the default notice or of the talks
    that must come first, for the grounds that ask it.
    """

    __tablename__ = "agreement_notice"
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))  # None: HSV
    ground: Mapped[NoticeGround] = mapped_column(text_enum(NoticeGround))
    form: Mapped[NoticeForm] = mapped_column(text_enum(NoticeForm))
    notified_on: Mapped[date] = mapped_column(Date)
    began_on: Mapped[date | None] = mapped_column(Date)
    effect_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text, default="")
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")

    organisation: Mapped[Organisation | None] = relationship()
    document: Mapped[Document] = relationship()
