"""What a referrer finds: what she began, what runs, and what was decided."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.core import clock
from portal.core.db import db
from portal.core.permissions import Actor
from portal.referrals import drafts, feedback, messages, openings
from portal.referrals.choices import Feedback
from portal.referrals.models import OPEN, Referral, Status

RECENT = timedelta(days=60)
LOOKED_AT = 50
MOST = 8


@dataclass(frozen=True)
class Line:
    """One of her referrals with the last thing she may hear of it; `own`: her own step."""

    reference: str
    municipality: str
    badge: feedback.Badge
    news: str
    at: datetime
    own: bool


@dataclass(frozen=True)
class Day:
    """Her drafts (how many, and when the latest was saved), which families of the list to ask
    again now that they have a branch, what runs and what ended lately.
    """

    drafts: int
    draft_saved_at: datetime | None
    to_ask: list[str]
    unread: list[messages.Unread]
    running: list[Line]
    ended: list[Line]


def day(actor: Actor) -> Day:
    """Return what a referrer sees of her own referrals, in seven queries."""
    mine = drafts.mine(actor)
    kept = (*OPEN, Status.NOT_SERVED)
    # taken up again, which who hears only that it was handled does not hear
    over = and_(Referral.feedback == Feedback.NONE, Referral.reopened_on.is_not(None))
    return Day(
        drafts=len(mine),
        draft_saved_at=mine[0].changed_at if mine else None,
        to_ask=openings.to_ask(actor),
        unread=messages.unread(actor),
        running=_lines(actor, Referral.status.in_(kept), ~over),
        ended=_lines(
            actor,
            or_(Referral.status.not_in(kept), over),
            func.coalesce(Referral.ended_on, Referral.reopened_on) >= clock.today() - RECENT,
        ),
    )


def _lines(actor: Actor, *conditions: ColumnElement[bool]) -> list[Line]:
    query = (
        select(Referral)
        .where(Referral.visible_to(actor), Referral.written_by(actor), *conditions)
        .options(joinedload(Referral.municipality), selectinload(Referral.events))
        .order_by(Referral.received_at.desc(), Referral.id.desc())
        .limit(LOOKED_AT)
    )
    lines = [_line(referral) for referral in db.session.scalars(query)]
    return sorted(lines, key=lambda line: line.at, reverse=True)[:MOST]


def _line(referral: Referral) -> Line:
    latest: Any = feedback.latest(referral)
    return Line(
        referral.reference,
        referral.municipality.name,
        feedback.heard_status(referral),
        latest.label,
        latest.at,
        latest.own,
    )
