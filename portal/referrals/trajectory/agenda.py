"""What the trajectories of a branch ask for soon, without a word on their families."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.permissions import Actor
from portal.directory.models import Municipality
from portal.referrals.models import Referral

SOON = timedelta(days=14)
MOST = 8


class Kind(StrEnum):
    EVALUATION = "evaluation"


@dataclass(frozen=True)
class Due:
    """One thing to do for a trajectory, without its family."""

    reference: str
    municipality: str
    kind: Kind
    on: date

    @property
    def late(self) -> bool:
        return self.on < clock.today()


def of(actor: Actor) -> list[Due]:
    """Return what is late or comes soon, the most urgent first, in one query."""
    due_on: Any = Referral.evaluation_due_on
    query = (
        select(Referral.reference, Municipality.name, due_on)
        .join(Municipality, Municipality.nis == Referral.municipality_nis)
        .where(Referral.visible_to(actor), due_on <= clock.today() + SOON)
        .order_by(due_on, Referral.id)
        .limit(MOST)
    )
    return [Due(row[0], row[1], Kind.EVALUATION, row[2]) for row in db.session.execute(query)]
