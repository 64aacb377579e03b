"""The waiting list of a branch: who waits for a match, in which order, and for how long."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.core import audit
from portal.core.db import db
from portal.core.permissions import Actor
from portal.referrals.models import Referral, Status
from portal.referrals.present import ages, language
from portal.referrals.progress import lasting

_READ = ("household",)
MOST = 300


@dataclass(frozen=True)
class Waiting:
    """A family on the waiting list, without its name. `since` is the day it was accepted."""

    reference: str
    municipality: str
    first: bool
    since: date
    lasting: str
    ages: str
    language: str
    interpreter: bool
    proposed: bool
    evaluation_due_on: date | None


def open_list(actor: Actor) -> list[Waiting]:
    """Return who waits, priority first, then the longest wait; notes that each was read.

    The ages and the language come from what is sealed, so that opening the list is reading these
    families: one access event each. The caller commits before it shows anything.
    """
    query = (
        select(Referral)
        .where(Referral.visible_to(actor), Referral.status == Status.WAITING)
        .options(
            joinedload(Referral.municipality),
            joinedload(Referral.family),
            selectinload(Referral.matches),
        )
        .order_by(Referral.priority.desc(), Referral.waiting_since_on, Referral.id)
        .limit(MOST)
    )
    found = list(db.session.scalars(query))
    for referral in found:
        audit.record("referral:listed_by_branch", referral, actor=actor, fields=_READ)
    return [_shown(referral) for referral in found]


def _shown(referral: Referral) -> Waiting:
    family = referral.family
    since = referral.waiting_since_on
    assert since is not None
    return Waiting(
        reference=referral.reference,
        municipality=referral.municipality.name,
        first=referral.priority > 0,
        since=since,
        lasting=lasting(since),
        ages=ages(family) if family else "",
        language=language(family) if family else "",
        interpreter=bool(family and family.household["interpreter"]),
        proposed=referral.active_match is not None,
        evaluation_due_on=referral.evaluation_due_on,
    )
