"""Notes a branch keeps for itself beside a referral; the referrer never reads them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import audit, clock
from portal.core.crypto import Encrypted, EncryptedColumns
from portal.core.db import Identified, Model, db
from portal.core.permissions import Actor
from portal.referrals.messages import kept_family
from portal.referrals.models import Referral
from portal.referrals.senders import names_of


class BranchNote(EncryptedColumns, Identified, Model):
    """One note. It hangs on the sealed family and is erased with it."""

    __tablename__ = "referral_branch_note"
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    family_id: Mapped[int] = mapped_column(
        ForeignKey("referral_family.id", ondelete="CASCADE"), index=True
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    text = Encrypted[str]()


@dataclass(frozen=True)
class Shown:
    """A note as the branch reads it."""

    at: datetime
    who: str
    text: str


def add(actor: Actor, referral: Referral, text: str) -> BranchNote:
    """Keep a note for the branch. Raises DomainError when the family was erased."""
    family = kept_family(referral)
    note = BranchNote(
        referral_id=referral.id,
        family_id=family.id,
        account_id=actor.account_id,
        at=clock.now(),
    )
    note.text = text
    db.session.add(note)
    audit.record("referral:add_note", referral, actor=actor, fields={"text"})
    return note


def of(referral: Referral) -> list[Shown]:
    """Return the notes of a referral, the latest first."""
    query = select(BranchNote).where(BranchNote.referral_id == referral.id)
    found = list(db.session.scalars(query.order_by(BranchNote.id.desc())))
    names = names_of(note.account_id for note in found)
    return [Shown(note.at, names.get(note.account_id, ""), note.text) for note in found]
