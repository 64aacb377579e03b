"""Files beside a referral: kept sealed, sent as a download only, erased with the family."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, false, func, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from portal.core import audit, clock, documents, uploads
from portal.core.db import Identified, Model, db
from portal.core.documents import Document
from portal.core.errors import DomainError, NotAllowedError, NotFoundError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.referrals.messages import kept_family
from portal.referrals.models import Referral
from portal.referrals.reading import side
from portal.referrals.senders import names_of

MOST_FILES = 20
FULL = N_("Er staan al twintig bijlagen bij deze verwijzing. Verwijder er eerst een.")


class Attachment(Identified, Model):
    """One file. `side`: who added it. `shared`: the other side may have it too."""

    __tablename__ = "referral_attachment"
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    family_id: Mapped[int] = mapped_column(
        ForeignKey("referral_family.id", ondelete="CASCADE"), index=True
    )
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), unique=True)
    side: Mapped[str] = mapped_column(String(10))
    shared: Mapped[bool]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    document: Mapped[Document] = relationship()


@dataclass(frozen=True)
class Shown:
    """A file in the list. `mine`: added by this side, which may remove it."""

    id: int
    filename: str
    size_bytes: int
    who: str
    at: datetime
    mine: bool
    shared: bool


def add(
    actor: Actor, referral: Referral, data: bytes, filename: str, *, shared: bool = True
) -> Attachment:
    """Keep a file beside a referral; what a referrer adds is always for the branch too.

    Raises DomainError with the reason when it is refused.
    """
    family = kept_family(referral)
    number = select(func.count()).where(Attachment.referral_id == referral.id)
    if (db.session.scalar(number) or 0) >= MOST_FILES:
        raise DomainError(FULL, "file")
    upload = uploads.accept(data, filename)
    document = documents.put(upload.data, upload.filename, upload.media_type)
    db.session.flush()
    attachment = Attachment(
        referral_id=referral.id,
        family_id=family.id,
        document_id=document.id,
        side=side(actor),
        shared=shared or side(actor) == "referrer",
        account_id=actor.account_id or None,
        at=clock.now(),
    )
    db.session.add(attachment)
    audit.record("referral:add_attachment", referral, actor=actor, fields={"document_id"})
    db.session.flush()
    return attachment


def of(actor: Actor, referral: Referral) -> list[Shown]:
    """Return the files this person may have, the latest first."""
    query = _visible(actor, referral).order_by(Attachment.id.desc())
    found = list(db.session.scalars(query))
    names = names_of(_adder(one, referral) for one in found)
    return [
        Shown(
            one.id,
            one.document.filename,
            one.document.size_bytes,
            names.get(_adder(one, referral), ""),
            one.at,
            one.side == side(actor),
            one.shared,
        )
        for one in found
    ]


def _adder(attachment: Attachment, referral: Referral) -> int | None:
    """Return who added a file: an account, else the guest whose referral it is."""
    return attachment.account_id or referral.guest_id


def count(actor: Actor, referral: Referral) -> int:
    """Return how many files this person may have."""
    found = _visible(actor, referral).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def find(actor: Actor, referral: Referral, attachment_id: int) -> Attachment:
    """Return one file this person may have. Raises NotFoundError."""
    query = _visible(actor, referral).where(Attachment.id == attachment_id)
    found = db.session.scalar(query)
    if found is None:
        raise NotFoundError
    return found


def remove(actor: Actor, referral: Referral, attachment: Attachment) -> None:
    """Take a file away, bytes and all; only for the side that added it."""
    if attachment.side != side(actor):
        raise NotAllowedError(N_("Alleen wie een bijlage toevoegde, kan ze verwijderen."))
    db.session.delete(attachment)
    db.session.flush()
    documents.erase([attachment.document_id])
    audit.record("referral:remove_attachment", referral, actor=actor, fields={"document_id"})


def _visible(actor: Actor, referral: Referral) -> Any:
    """Return the query for what this side may have: the branch all, the referrer what is shared."""
    query = select(Attachment).where(Attachment.referral_id == referral.id)
    if side(actor) == "referrer":
        query = query.where(Attachment.shared if referral.shared else false())
    return query.options(joinedload(Attachment.document))
