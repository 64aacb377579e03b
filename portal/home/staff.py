"""What waits for the staff of Home-Start Vlaanderen: needs, gaps, and mail that did not leave."""

from dataclasses import dataclass, field

from sqlalchemy import and_, func, select

from portal.accounts.models import Account, Membership
from portal.agreements import enquiries, packages
from portal.agreements.models import Enquiry, PackageEdition
from portal.core import clock
from portal.core.db import db
from portal.core.outbox import OutboxMessage, State
from portal.core.permissions import Actor, Permission, Role
from portal.directory.branches import not_closed
from portal.directory.models import Branch, Municipality
from portal.referrals import openings, unmet

MOST = 10


@dataclass(frozen=True)
class Day:
    """What the role may see of: unmet demand, branches nobody coordinates, failed deliveries,
    enquiries without an answer, and a new edition of the offer to look at.
    """

    unmet: list[tuple[Municipality, int]] = field(default_factory=list)
    listed: tuple[int, int] = (0, 0)  # families on the list, and of those with a branch by now
    without_coordinator: list[Branch] = field(default_factory=list)
    failed: int = 0
    enquiries: list[Enquiry] = field(default_factory=list)
    edition: PackageEdition | None = None


def day(actor: Actor) -> Day:
    """Return what waits for somebody of HSV, in six queries at most."""
    return Day(
        unmet=unmet.most_asked(MOST) if actor.can(Permission.UNMET_DEMAND_VIEW) else [],
        listed=openings.totals() if actor.can(Permission.UNMET_DEMAND_VIEW) else (0, 0),
        without_coordinator=_without_coordinator(),
        failed=_failed() if actor.can(Permission.OUTBOX_MANAGE) else 0,
        enquiries=enquiries.waiting(actor, MOST) if actor.can(Permission.ENQUIRY_MANAGE) else [],
        edition=_edition(actor) if actor.can(Permission.PACKAGE_ACTIVATE) else None,
    )


def _edition(actor: Actor) -> PackageEdition | None:
    """Return the edition of the offer this person could look at and put in use."""
    draft = packages.draft_edition()
    return draft if draft is not None and packages.may_activate(draft, actor) else None


def _without_coordinator() -> list[Branch]:
    coordinated = (
        select(Membership.id)
        .join(Account, and_(Account.id == Membership.account_id, Account.active))
        .where(
            Membership.branch_id == Branch.id,
            Membership.role == Role.COORDINATOR,
            Membership.ended_at.is_(None),
        )
    )
    query = select(Branch).where(not_closed(clock.today()), ~coordinated.exists())
    return list(db.session.scalars(query.order_by(Branch.sort_name).limit(MOST)))


def _failed() -> int:
    failed = select(func.count()).where(OutboxMessage.state == State.FAILED)
    return db.session.scalar(failed.select_from(OutboxMessage)) or 0
