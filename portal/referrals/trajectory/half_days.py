"""The half-days a volunteer spends with a family: agreed, counted, corrected, added up.

Of each only the day and the kind are kept: what was said and done stays between family and
volunteer. A row never changes; a correction puts another in its place and both remain.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Identified, Model, db, text_enum
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import N_, long_date
from portal.core.permissions import Actor
from portal.referrals.models import DayPart, Match, Referral
from portal.referrals.steps import check_day, take

WEEK = timedelta(days=7)
MOST_WEEKS = 8  # at once on the form; the next ones come after


class What(StrEnum):
    """What a half-day was, or why there was none."""

    HOME_VISIT = "home_visit"
    OUTING = "outing"
    SERVICE = "service"
    PHONE = "phone"
    NOT_FAMILY = "not_family"
    NOT_VOLUNTEER = "not_volunteer"
    NOT_HOLIDAY = "not_holiday"
    NOT_OTHER = "not_other"


HELD = {
    What.HOME_VISIT: N_("Huisbezoek"),
    What.OUTING: N_("Uitstap"),
    What.SERVICE: N_("Mee naar een dienst of activiteit"),
    What.PHONE: N_("Telefonisch of online contact"),
}
NOT_HELD = {
    What.NOT_FAMILY: N_("Niet doorgegaan: het gezin kon niet"),
    What.NOT_VOLUNTEER: N_("Niet doorgegaan: de vrijwilliger kon niet"),
    What.NOT_HOLIDAY: N_("Niet doorgegaan: vakantie of feestdag"),
    What.NOT_OTHER: N_("Niet doorgegaan: andere reden"),
}
LABELS = {**HELD, **NOT_HELD}

_STANDS = text("replaced_at IS NULL")


class HalfDay(Identified, Model):
    """One half-day as somebody entered it. `replaced_at`: since when another row, or none, counts.

    Nothing here says anything of the family, so that the counts outlive it.
    """

    __tablename__ = "referral_half_day"
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    match_id: Mapped[int] = mapped_column(ForeignKey("referral_match.id"), index=True)
    on: Mapped[date] = mapped_column("on_date", Date)
    what: Mapped[What] = mapped_column(text_enum(What))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("referral_half_day.id"))
    replaced_at: Mapped[datetime | None]
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    __table_args__ = (
        Index(
            "uq_referral_half_day_stands",
            "referral_id",
            "on_date",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        Index("ix_referral_half_day_branch", "branch_id", "on_date"),
    )


@dataclass(frozen=True)
class Agreed:
    """The half-day a family and a volunteer agreed on; weekday 0 is Monday."""

    weekday: int
    part: DayPart
    weeks: int


@dataclass(frozen=True)
class Entry:
    """A half-day to keep. `field`: where on the form it stands, for what is refused."""

    on: date
    what: What
    field: str | None = None


def plan(actor: Actor, referral: Referral, agreed: Agreed) -> None:
    """Keep on which half-day the volunteer usually comes."""
    match = referral.active_match
    take(actor, referral, "plan_half_day", {})
    assert match is not None
    match.plan_weekday, match.plan_part = agreed.weekday, agreed.part
    match.plan_weeks = agreed.weeks


def open_days(referral: Referral) -> list[date]:
    """Return the days to fill in: of the latest match, a day for each week without any, oldest
    first, at most the latest eight.
    """
    begun = [match for match in referral.matches if match.started_on is not None]
    if not begun:
        return []
    match = begun[-1]
    entered = {_monday(one.on) for one in standing(referral)}
    last = min(match.ended_on or date.max, clock.today())
    days = [day for day in planned(match, last) if _monday(day) not in entered]
    return days[-MOST_WEEKS:]


def planned(match: Match, last: date) -> list[date]:
    """Return the agreed days of a match up to and including a day, pauses left out."""
    first = match.started_on
    if first is None:
        return []
    weekday = first.weekday() if match.plan_weekday is None else match.plan_weekday
    first += timedelta(days=(weekday - first.weekday()) % 7)
    step = WEEK * (match.plan_weeks or 1)
    days = []
    while first <= last:
        if match.pause_on(first) is None:
            days.append(first)
        first += step
    return days


def record(actor: Actor, referral: Referral, entries: Sequence[Entry]) -> list[HalfDay]:
    """Keep half-days, of several weeks at once. Raises DomainError, on its field, for a day that
    has not been, on which no match ran, or that was entered before.
    """
    if not entries:
        raise DomainError(N_("Vul minstens één dagdeel in."), "rows")
    taken = {one.on for one in standing(referral)}
    for entry in entries:
        _check(referral, entry, taken)
        taken.add(entry.on)
    take(actor, referral, "record_half_days", {}, sealed={"half_days"})
    return [_add(actor, referral, entry) for entry in entries]


def correct(
    actor: Actor, referral: Referral, half_day: HalfDay, on: date, what: What | None
) -> HalfDay | None:
    """Put a half-day right; `what` None: it was entered by mistake. What stood there remains."""
    if half_day.replaced_at is not None:
        raise NotFoundError
    if (on, what) == (half_day.on, half_day.what):
        raise DomainError(N_("Je hebt niets gewijzigd."))
    if what is not None:
        others = {one.on for one in standing(referral)} - {half_day.on}
        _check(referral, Entry(on, what, "on"), others)
    take(actor, referral, "correct_half_day", {}, sealed={"half_days"})
    half_day.replaced_at, half_day.replaced_by_id = clock.now(), actor.account_id
    db.session.flush()  # the day is free before another row takes it
    if what is None:
        return None
    return _add(actor, referral, Entry(on, what), half_day.id)


def find(referral: Referral, half_day_id: int) -> HalfDay:
    """Return a half-day of this referral that still counts. Raises NotFoundError."""
    found = db.session.get(HalfDay, half_day_id)
    if found is None or found.referral_id != referral.id or found.replaced_at is not None:
        raise NotFoundError
    return found


def standing(referral: Referral) -> list[HalfDay]:
    """Return the half-days that count, the latest first."""
    return [one for one in every(referral) if one.replaced_at is None]


def every(referral: Referral) -> list[HalfDay]:
    """Return the half-days of a referral, corrected ones too, the latest first."""
    query = select(HalfDay).where(HalfDay.referral_id == referral.id)
    return list(db.session.scalars(query.order_by(HalfDay.on.desc(), HalfDay.id.desc())))


def _check(referral: Referral, entry: Entry, taken: Iterable[date]) -> None:
    check_day(entry.on, referral, entry.field or "on")
    if _match_on(referral, entry.on) is None:
        raise DomainError(N_("Op deze dag liep er geen match."), entry.field)
    if entry.on in taken:
        raise DomainError(
            N_("Voor %(day)s is al een dagdeel ingevuld."), entry.field, day=long_date(entry.on)
        )


def _match_on(referral: Referral, on: date) -> Match | None:
    """Return the match that ran on a day; of two that meet on it, the later one."""
    return next((one for one in reversed(referral.matches) if one.ran(on)), None)


def _add(actor: Actor, referral: Referral, entry: Entry, replaces_id: int | None = None) -> HalfDay:
    match = _match_on(referral, entry.on)
    assert match is not None
    assert referral.branch_id is not None
    made = HalfDay(
        referral_id=referral.id,
        branch_id=referral.branch_id,
        match_id=match.id,
        on=entry.on,
        what=entry.what,
        account_id=actor.account_id,
        at=clock.now(),
        replaces_id=replaces_id,
    )
    db.session.add(made)
    return made


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
