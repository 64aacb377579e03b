"""A list that was uploaded and waits for somebody's yes: sealed, hers alone, and gone in a day."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, and_, delete, false, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import audit, clock, sheets
from portal.core.crypto import Encrypted, EncryptedColumns
from portal.core.db import Identified, Model, db
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.jobs import periodic
from portal.core.permissions import Actor, Permission
from portal.core.sheets import Cell, Trouble
from portal.referrals.takeover.columns import SHEET, Cells, Listed, recognise

KEPT = timedelta(hours=24)
NO_HEADER = N_(
    "We vinden de rij met kolomnamen niet. Begin van ons voorbeeldbestand en laat de namen van de "
    "kolommen zoals ze zijn."
)
MISSING = N_("Deze kolommen ontbreken: %(names)s. Begin van ons voorbeeldbestand.")
UNKNOWN = N_(
    "Deze kolommen kennen we niet of staan er twee keer: %(names)s. Hernoem of verwijder ze, zodat "
    "er niets verloren gaat."
)
NO_ROWS = N_("Onder de kolomnamen staan geen gezinnen.")


class PendingList(EncryptedColumns, Identified, Model):
    """An uploaded list between the preview and the yes. Its rows exist nowhere else."""

    __tablename__ = "referral_pending_list"
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    rows = Encrypted[list[list[Any]]]()

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """A list is for who uploaded it, in the branch it is for, until its time is over."""
        if not actor.can(Permission.REFERRAL_HANDLE):
            return false()
        return and_(
            cls.account_id == actor.account_id,
            cls.branch_id == actor.branch_id,
            cls.created_at > clock.now() - KEPT,
        )


def upload(actor: Actor, data: bytes) -> PendingList:
    """Read a file and keep its rows, sealed. Raises DomainError on `file` with what to mend."""
    listed = recognise(sheets.read(data, SHEET))
    if listed is None:
        raise DomainError(NO_HEADER, "file")
    _check_columns(listed)
    pending = PendingList(
        branch_id=actor.branch_id, account_id=actor.account_id, created_at=clock.now()
    )
    pending.rows = [[number, _to_plain(cells)] for number, cells in listed.rows]
    db.session.add(pending)
    audit.record("pending_list:upload", pending, actor=actor, fields={"rows"})
    db.session.flush()
    return pending


def find(actor: Actor, list_id: int, *, to_take: bool = False) -> PendingList:
    """Return one's own list. Raises NotFoundError. `to_take` holds it until the commit."""
    query = select(PendingList).where(PendingList.id == list_id, PendingList.visible_to(actor))
    if to_take:
        query = query.with_for_update()
    found = db.session.scalar(query)
    if found is None:
        raise NotFoundError
    return found


def opened(actor: Actor, pending: PendingList) -> list[tuple[int, Cells]]:
    """Return the rows of a list, and note that they were read; the caller commits first."""
    audit.record("pending_list:read", pending, actor=actor, fields={"rows"})
    return [(number, _from_plain(cells)) for number, cells in pending.rows]


def discard(actor: Actor, pending: PendingList) -> None:
    """Throw a list away."""
    audit.record("pending_list:discard", pending, actor=actor)
    db.session.delete(pending)


@periodic(timedelta(hours=1))
def forget_pending() -> int:
    """Delete the lists nobody said yes to within a day. Returns how many."""
    old = delete(PendingList).where(PendingList.created_at <= clock.now() - KEPT)
    return len(db.session.scalars(old.returning(PendingList.id)).all())


def _check_columns(listed: Listed) -> None:
    if listed.missing:
        raise DomainError(MISSING, "file", names=", ".join(listed.missing))
    if listed.unknown:
        raise DomainError(UNKNOWN, "file", names=", ".join(listed.unknown[:8]))
    if not listed.rows:
        raise DomainError(NO_ROWS, "file")


def _to_plain(row: Cells) -> dict[str, Any]:
    return {code: _sealable(cell) for code, cell in row.items() if cell != ""}


def _sealable(cell: Cell) -> str | list[str]:
    if isinstance(cell, Trouble):
        return ["trouble", cell.value]
    return ["day", cell.isoformat()] if isinstance(cell, date) else cell


def _from_plain(row: dict[str, Any]) -> Cells:
    return {code: _cell(kept) for code, kept in row.items()}


def _cell(kept: str | list[str]) -> Cell:
    if isinstance(kept, str):
        return kept
    kind, value = kept
    return Trouble(value) if kind == "trouble" else date.fromisoformat(value)
