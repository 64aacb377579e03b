"""Families that may be referred twice: what the coordinator sees of that before the intake.

Within the branch: which referral. In another branch: only that there is one, since when, and
which branch to call. A referrer never hears of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, and_, or_, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from portal.core import audit, clock
from portal.core.crypto import Encrypted, EncryptedColumns, keyring
from portal.core.db import Identified, Model, db
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.directory.models import Branch
from portal.referrals.marks import FamilyMark, Kind
from portal.referrals.models import OPEN, Family, Referral, Status

GROUNDS = {
    Kind.PHONE: N_("zelfde telefoonnummer"),
    Kind.EMAIL: N_("zelfde e-mailadres"),
    Kind.CHILD: N_("zelfde naam, en een kind van dezelfde maand"),
}


class DuplicateDecision(EncryptedColumns, Identified, Model):
    """What a branch decided of two families: the same, or not. Erased with either of them."""

    __tablename__ = "referral_duplicate"
    family_id: Mapped[int] = mapped_column(ForeignKey("referral_family.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(
        ForeignKey("referral_family.id", ondelete="CASCADE"), index=True
    )
    same: Mapped[bool]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    reason = Encrypted[str]()
    __table_args__ = (UniqueConstraint("family_id", "other_id"),)


@dataclass
class Candidate:
    """A referral that may be of the same family.

    own: of one's own branch, with its `reference` and `status`; of another branch these stay
    empty. pair: names the two, and neither. same: what was decided; None as long as nothing was.
    """

    pair: str
    other_id: int
    own: bool
    received_at: datetime
    branch: Branch
    reference: str = ""
    status: Status | None = None
    grounds: list[str] = field(default_factory=list)
    same: bool | None = None
    reason: str = ""


def candidates(referral: Referral) -> list[Candidate]:
    """Return the referrals that may be of the same family, the latest first, in two queries."""
    family = referral.family
    if family is None:
        return []
    mine, theirs = aliased(FamilyMark), aliased(FamilyMark)
    query = (
        select(Family.id, Referral, Branch, theirs.kind)
        .join(theirs, theirs.family_id == Family.id)
        .join(mine, and_(mine.kind == theirs.kind, mine.mark == theirs.mark))
        .join(Referral, Referral.id == Family.referral_id)
        .join(Branch, Branch.id == Referral.branch_id)
        .where(
            mine.family_id == family.id,
            theirs.family_id != family.id,
            theirs.kind.in_(GROUNDS),
            Referral.status != Status.NOT_SERVED,
            or_(Referral.branch_id == referral.branch_id, Referral.status.in_(OPEN)),
        )
        .order_by(Referral.received_at.desc(), Referral.id.desc(), theirs.kind.desc())
    )
    found: dict[int, Candidate] = {}
    for other_id, other, branch, kind in db.session.execute(query):
        if other_id not in found:
            found[other_id] = _candidate(family.id, other_id, other, branch, referral)
        if GROUNDS[kind] not in found[other_id].grounds:
            found[other_id].grounds.append(GROUNDS[kind])
    if found:
        _add_decisions(family.id, found)
    return list(found.values())


def undecided(found: Iterable[Candidate]) -> int:
    """Return of how many candidates nobody said yet whether they are the same family."""
    return sum(one.same is None for one in found)


def decide(actor: Actor, referral: Referral, pair: str, same: bool, reason: str) -> None:
    """Keep that two families are the same, or are not, with the reason.

    Raises DomainError without a reason, NotFoundError for a pair that is not (or no longer) one.
    """
    if not reason:
        raise DomainError(N_("Schrijf kort waarom."), "reason")
    chosen = next((one for one in candidates(referral) if one.pair == pair), None)
    if chosen is None or referral.family is None:
        raise NotFoundError
    mine = and_(
        DuplicateDecision.family_id == referral.family.id,
        DuplicateDecision.other_id == chosen.other_id,
    )
    decision = db.session.scalar(select(DuplicateDecision).where(mine))
    if decision is None:
        decision = DuplicateDecision(family_id=referral.family.id, other_id=chosen.other_id)
        db.session.add(decision)
    decision.same, decision.account_id, decision.at = same, actor.account_id, clock.now()
    decision.reason = reason
    action = "referral:link_duplicate" if same else "referral:dismiss_duplicate"
    audit.record(action, referral, actor=actor, fields={"reason"})
    db.session.flush()


def _candidate(
    family_id: int, other_id: int, other: Referral, branch: Branch, referral: Referral
) -> Candidate:
    own = other.branch_id == referral.branch_id
    pair = keyring().index(f"{family_id} {other_id}", "duplicate pair").hex()
    candidate = Candidate(pair, other_id, own, other.received_at, branch)
    if own:
        candidate.reference, candidate.status = other.reference, other.status
    return candidate


def _add_decisions(family_id: int, found: dict[int, Candidate]) -> None:
    """Add what was decided: by this branch, and within it from either side."""
    own = [other for other, one in found.items() if one.own]
    row = DuplicateDecision
    query = select(row).where(
        or_(
            and_(row.family_id == family_id, row.other_id.in_(found)),
            and_(row.other_id == family_id, row.family_id.in_(own)),
        )
    )
    for decision in db.session.scalars(query.order_by(row.at)):
        other = decision.other_id if decision.family_id == family_id else decision.family_id
        found[other].same, found[other].reason = decision.same, decision.reason
