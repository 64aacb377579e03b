"""Families of which nothing was heard for some weeks: the branch is reminded, once each time."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, case, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.accounts import service as accounts
from portal.core import clock, mail
from portal.core.db import Model, db
from portal.core.i18n import N_, speaking
from portal.core.jobs import periodic
from portal.core.permissions import Actor
from portal.core.terms import days
from portal.directory.models import Municipality
from portal.referrals.messages import Message
from portal.referrals.models import OPEN, Referral
from portal.referrals.states import workflow

MOST = 6
SUBJECT = N_("Al een tijd niets gehoord van een gezin")
TOLD = N_("Van een of meer gezinnen in jouw afdeling werd al {weeks} weken niets genoteerd.")
NOW = N_(
    "Op je startpagina staan ze onder elkaar. Met één klik noteer je dat je er nog mee bezig bent."
)


class QuietReminder(Model):
    """That a branch was reminded of a silence; `heard_at` says of which one."""

    __tablename__ = "referral_quiet_reminder"
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), primary_key=True)
    heard_at: Mapped[datetime]


@dataclass(frozen=True)
class Quiet:
    """A referral of which nothing was heard since a moment."""

    reference: str
    municipality: str
    heard_at: datetime


def of(actor: Actor) -> list[Quiet]:
    """Return the quiet referrals of a branch, the longest silence first, in one query."""
    heard = _heard_at()
    query = (
        select(Referral.reference, Municipality.name, heard.label("heard_at"))
        .join(Municipality, Municipality.nis == Referral.municipality_nis)
        .where(Referral.visible_to(actor), *_is_quiet(heard))
        .order_by(heard, Referral.id)
        .limit(MOST)
    )
    return [Quiet(row.reference, row.name, row.heard_at) for row in db.session.execute(query)]


def follow_up(actor: Actor, referral: Referral) -> None:
    """Note that the branch is still busy with a family; the silence is over."""
    workflow.fire(referral, "follow_up", actor)


@periodic(timedelta(days=1))
def remind() -> int:
    """Mail the coordinators of branches with a new silence. Returns of how many families."""
    heard = _heard_at()
    query = (
        select(Referral.id, Referral.branch_id, heard.label("heard_at"), QuietReminder)
        .outerjoin(QuietReminder, QuietReminder.referral_id == Referral.id)
        .where(
            *_is_quiet(heard),
            Referral.branch_id.is_not(None),
            or_(QuietReminder.referral_id.is_(None), QuietReminder.heard_at != heard),
        )
        .order_by(Referral.branch_id, Referral.id)
    )
    new: dict[int, int] = defaultdict(int)
    for referral_id, branch_id, heard_at, reminder in db.session.execute(query).all():
        if reminder is None:
            db.session.add(QuietReminder(referral_id=referral_id, heard_at=heard_at))
        else:
            reminder.heard_at = heard_at
        assert branch_id is not None
        new[branch_id] += 1
    for branch_id in new:
        _mail(branch_id)
    return sum(new.values())


def _heard_at() -> ColumnElement[Any]:
    """Return when something was last noted or written of a referral."""
    written = select(func.max(Message.at)).where(Message.referral_id == Referral.id)
    latest = written.correlate(Referral).scalar_subquery()
    return case((latest > Referral.changed_at, latest), else_=Referral.changed_at)


def _is_quiet(heard: ColumnElement[Any]) -> tuple[ColumnElement[bool], ...]:
    limit = clock.now() - days("QUIET_DAYS")
    # The first condition says nothing new, but an index can use it.
    return Referral.status.in_(OPEN), Referral.changed_at < limit, heard < limit


def _mail(branch_id: int) -> None:
    for person in accounts.members_of_branch(branch_id):
        if not person.wants_now(urgent=False):
            continue  # her digest says so too
        with speaking(person.locale) as _:
            message = mail.Mail(
                to=person.email,
                subject=_(SUBJECT),
                greeting=_("Dag {name},").format(name=person.name),
                paragraphs=[_(TOLD).format(weeks=days("QUIET_DAYS").days // 7), _(NOW)],
                button_label=_("Naar je startpagina"),
                button_url="/",
                locale=person.locale,
            )
        mail.send(message, key=f"quiet:{branch_id}:{clock.today()}:{person.account_id}")
