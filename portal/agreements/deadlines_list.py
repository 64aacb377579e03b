"""The deadlines and meetings of every agreement a person may see, for a page or a calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.agreements import deadlines
from portal.agreements.deadlines import FOLLOWED, Deadline
from portal.agreements.models import (
    Addendum,
    AddendumVersion,
    Agreement,
    AgreementParty,
    Meeting,
    RenewalRound,
)
from portal.agreements.models.agreement import NEGOTIABLE, UNDER_WAY
from portal.core import clock
from portal.core.db import db
from portal.core.permissions import Actor, Permission

SOON = timedelta(days=60)  # what is further off is on nobody's desk yet
AHEAD = timedelta(days=366)
KEPT_MEETINGS = timedelta(days=90)  # a calendar keeps showing what was


@dataclass(frozen=True)
class Due:
    """A deadline of one agreement. `yours`: the person who reads it is to act, and soon."""

    agreement: Agreement
    deadline: Deadline
    yours: bool
    late: bool


def followed(actor: Actor) -> Sequence[Agreement]:
    """Return the agreements with dates to keep that this person may see, with what they need."""
    return db.session.scalars(
        select(Agreement)
        .where(Agreement.visible_to(actor), Agreement.status.in_((*NEGOTIABLE, *FOLLOWED)))
        .options(
            selectinload(Agreement.parties).joinedload(AgreementParty.organisation),
            selectinload(Agreement.versions),
            selectinload(Agreement.decisions),
            selectinload(Agreement.events),
            selectinload(Agreement.renewals).selectinload(RenewalRound.answers),
            selectinload(Agreement.addenda).options(
                selectinload(Addendum.versions).selectinload(AddendumVersion.answers),
                selectinload(Addendum.decisions),
            ),
            selectinload(Agreement.meetings),
        )
        .order_by(Agreement.id)
    ).all()


def open_ones(actor: Actor) -> Sequence[Agreement]:
    """Return the agreements on which somebody is to act before they are signed."""
    return db.session.scalars(
        select(Agreement)
        .where(Agreement.visible_to(actor), Agreement.status.in_(UNDER_WAY))
        .options(
            selectinload(Agreement.parties).joinedload(AgreementParty.organisation),
            selectinload(Agreement.versions),
            selectinload(Agreement.decisions),
        )
        .order_by(Agreement.changed_at.desc(), Agreement.id)
    ).all()


def due(actor: Actor, since: date | None = None) -> list[Due]:
    """Return the deadlines from today (or a day) on, the first one first."""
    today = clock.today()
    found = [
        Due(agreement, one, _is_theirs(one, actor) and one.on < today + SOON, one.on < today)
        for agreement in followed(actor)
        for one in deadlines.upcoming(agreement, since or today)
    ]
    return sorted(found, key=lambda each: (each.deadline.on, each.agreement.id, each.deadline.key))


def meetings(actor: Actor) -> list[tuple[Agreement, Meeting]]:
    """Return the meetings of the agreements this person may see; cancelled ones too, so that a
    calendar takes them off."""
    rows = db.session.execute(
        select(Agreement, Meeting)
        .join(Meeting, Meeting.agreement_id == Agreement.id)
        .where(Agreement.visible_to(actor), Meeting.starts_at > clock.now() - KEPT_MEETINGS)
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return [(row[0], row[1]) for row in rows]


def _is_theirs(deadline: Deadline, actor: Actor) -> bool:
    if actor.can(Permission.AGREEMENT_MANAGE):
        return deadline.hsv
    return actor.organisation_id in deadline.organisation_ids
