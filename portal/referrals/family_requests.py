"""What a parent asks on her page: to correct something, a copy, or anything else.

Only the branch reads it; a referrer never does. It hangs on the sealed family.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import audit, clock
from portal.core.crypto import Encrypted, EncryptedColumns
from portal.core.db import Identified, Model, db, text_enum
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.referrals.messages import kept_family
from portal.referrals.models import Referral
from portal.referrals.states import workflow

ANSWER_WITHIN = timedelta(days=30)  # the law says a month
MOST_OPEN = 10


class RequestKind(StrEnum):
    CORRECT = "correct"
    COPY = "copy"
    QUESTION = "question"


LABELS = {
    RequestKind.CORRECT: N_("Het gezin wil iets verbeteren"),
    RequestKind.COPY: N_("Het gezin wil een kopie van alles wat we bewaren"),
    RequestKind.QUESTION: N_("Het gezin heeft een vraag"),
}


class FamilyRequest(EncryptedColumns, Identified, Model):
    """One question, open until the branch answered it."""

    __tablename__ = "referral_family_request"
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    family_id: Mapped[int] = mapped_column(
        ForeignKey("referral_family.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[RequestKind] = mapped_column(text_enum(RequestKind))
    at: Mapped[datetime]
    due_on: Mapped[date] = mapped_column(Date)
    answered_at: Mapped[datetime | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    text = Encrypted[str]()


def ask(referral: Referral, kind: RequestKind, text: str) -> FamilyRequest:
    """Keep what a parent asks and tell the branch. Raises DomainError."""
    family = kept_family(referral)
    if sum(one.answered_at is None for one in of(referral)) >= MOST_OPEN:
        raise DomainError(N_("Er wachten al veel vragen op antwoord."))
    workflow.fire(referral, "family_asks", None)
    made = FamilyRequest(
        referral_id=referral.id,
        family_id=family.id,
        kind=kind,
        at=clock.now(),
        due_on=clock.today() + ANSWER_WITHIN,
    )
    made.text = text
    db.session.add(made)
    db.session.flush()
    return made


def of(referral: Referral) -> list[FamilyRequest]:
    """Return what a family asked, the latest first."""
    query = select(FamilyRequest).where(FamilyRequest.referral_id == referral.id)
    return list(db.session.scalars(query.order_by(FamilyRequest.id.desc())))


def answered(actor: Actor, referral: Referral, request_id: int) -> None:
    """Note that the branch answered. Raises NotFoundError for a question of another family."""
    found = next((one for one in of(referral) if one.id == request_id), None)
    if found is None:
        raise NotFoundError
    if found.answered_at is None:
        found.answered_at, found.account_id = clock.now(), actor.account_id
        audit.record("referral:answer_family", referral, actor=actor, fields={"answered_at"})
