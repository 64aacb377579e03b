"""From municipality to branch, and how much room there is: in steps that give nobody away."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.core.i18n import N_
from portal.directory.branches import branch_serving
from portal.directory.models import Branch
from portal.referrals import capacity
from portal.referrals.models import SUPPORTED, Referral, Status

FEW_PLACES = 3
ENOUGH_TO_SAY = 5  # fewer finished waits say more about one family than about the branch
LOOK_BACK = timedelta(days=365)


class Room(StrEnum):
    FREE = "free"
    FEW = "few"
    FULL = "full"


ROOM = {
    Room.FREE: N_("Er zijn plaatsen vrij"),
    Room.FEW: N_("Er zijn nog enkele plaatsen vrij"),
    Room.FULL: N_("Er is een wachtlijst"),
}
# (up to this many days, what people read)
WAITS = (
    (31, N_("meestal minder dan een maand")),
    (92, N_("meestal één tot drie maanden")),
    (183, N_("meestal drie tot zes maanden")),
)
LONG_WAIT = N_("meestal langer dan zes maanden")
UNKNOWN_WAIT = N_("nog niet te zeggen")


@dataclass(frozen=True)
class Route:
    """The branch for a municipality, how much room it has and how long a match usually takes."""

    branch: Branch
    room: Room
    wait: str

    @property
    def room_label(self) -> str:
        return ROOM[self.room]


def branch_for(nis: str, on: date) -> Branch | None:
    """Return the branch that serves a municipality on a day, if one does."""
    return branch_serving(nis, on)


def route(nis: str) -> Route | None:
    """Return where a referral from this municipality goes today; None where nobody serves it."""
    branch = branch_for(nis, clock.today())
    return None if branch is None else route_to(branch)


def route_to(branch: Branch) -> Route:
    """Return how much room a branch has and how long a match usually takes there."""
    return Route(branch, room(branch), usual_wait(branch))


def room(branch: Branch) -> Room:
    """Return in which of three steps the branch has room."""
    families = select(func.count()).where(
        Referral.branch_id == branch.id, Referral.status.in_((*SUPPORTED, Status.WAITING))
    )
    places = capacity.places(branch.places_capacity, capacity.volunteers_of(branch.id))
    left = places - (db.session.scalar(families) or 0)
    if left <= 0:
        return Room.FULL
    return Room.FEW if left <= FEW_PLACES else Room.FREE


def usual_wait(branch: Branch) -> str:
    """Return the median time from referral to match over the last year, in a coarse step."""
    recent = select(Referral.received_at, Referral.matched_on).where(
        Referral.branch_id == branch.id,
        Referral.matched_on >= clock.today() - LOOK_BACK,
    )
    waits = [
        (matched_on - clock.local(received_at).date()).days
        for received_at, matched_on in db.session.execute(recent.limit(500))
        if matched_on is not None
    ]
    if len(waits) < ENOUGH_TO_SAY:
        return UNKNOWN_WAIT
    usual = median(waits)
    return next((text for most, text in WAITS if usual <= most), LONG_WAIT)
