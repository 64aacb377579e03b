"""What is promised against what was done, per year of work.

The promises follow from the terms in force; what was done from the log of services and, for the
steering group, from its meetings. One query for each, however long the agreement runs.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.agreements import deliveries, in_force
from portal.agreements.models import Agreement, Meeting
from portal.agreements.models.delivery import Delivery, DeliveryKind
from portal.agreements.terms import Service, Terms
from portal.agreements.work_years import WorkYear, work_years
from portal.core import clock
from portal.core.db import db
from portal.core.i18n import N_

HOUR = 60
# Article 4: the talks are part of the hours of the expert.
_OF_THE_EXPERT = (DeliveryKind.COACHING_TALK, DeliveryKind.EXPERT_SUPPORT)
_COURSES, _COACHING, _NETWORK = 1, 2, 3  # services of the ten


@dataclass(frozen=True)
class Cell:
    """One promise in one year of work. `promised` None: no number was agreed.

    short: the year is over and less was done than promised.
    """

    promised: int | None
    done: int
    short: bool


@dataclass(frozen=True)
class Promise:
    """One line: what it is (a message id), and a cell per year of work. hours: counted in those."""

    label: str
    cells: tuple[Cell, ...]
    hours: bool = False


@dataclass(frozen=True)
class ServiceDone:
    """A promised service, how often something was done for it, and when last."""

    service: Service
    count: int
    last_on: date | None


@dataclass(frozen=True)
class Overview:
    """The years of work that have begun, a line per promise, and the services one by one."""

    years: Sequence[WorkYear]
    promises: Sequence[Promise]
    services: Sequence[ServiceDone]


def overview(agreement: Agreement) -> Overview:
    """Return what is promised and done in every year of work that has begun."""
    terms = in_force.terms(agreement)
    today = clock.today()
    every = work_years(terms.starts_on, terms.ends_on)
    years = [y for y in every if y.first_on <= today] or every[:1]
    rows = db.session.scalars(deliveries.of(agreement)).all()
    return Overview(
        years, _promises(terms, years, rows, _met_on(agreement)), _services(terms, rows)
    )


def _promises(
    terms: Terms, years: Sequence[WorkYear], rows: Sequence[Delivery], met_on: Sequence[date]
) -> list[Promise]:
    numbers = {one.number for one in terms.services}
    usual = terms.deadlines

    def every_year(promised: int | None) -> Callable[[WorkYear], int | None]:
        return lambda _year: promised

    def counted(label: str, kind: DeliveryKind, promised: Callable[[WorkYear], int | None]) -> None:
        cells = (_cell(y, promised(y), _count(rows, y, (kind,))) for y in years)
        found.append(Promise(label, tuple(cells)))

    found: list[Promise] = []
    if _COURSES in numbers:
        counted(
            N_("Startopleiding"), DeliveryKind.START_COURSE, lambda y: 1 if y.number == 1 else 0
        )
    if terms.coaching_talks:
        promised = every_year(terms.coaching_talks)
        counted(N_("Coachingsgesprekken"), DeliveryKind.COACHING_TALK, promised)
    if terms.expert_hours:
        # "up to" so many: fewer is no shortcoming
        hours = (
            Cell(terms.expert_hours, _minutes(rows, y, _OF_THE_EXPERT) // HOUR, short=False)
            for y in years
        )
        found.append(Promise(N_("Uren van de expert (tot)"), tuple(hours), hours=True))
    if _COACHING in numbers and usual.visitation_years:
        counted(
            N_("Visitatie"),
            DeliveryKind.VISITATION,
            lambda y: 0 if y.number % usual.visitation_years else 1,
        )
    if _NETWORK in numbers:
        label = N_("Bijeenkomsten van het lerend netwerk")
        counted(label, DeliveryKind.LEARNING_NETWORK, every_year(None))
    steering = (_cell(y, usual.steering_per_year, sum(map(y.holds, met_on))) for y in years)
    found.append(Promise(N_("Stuurgroep"), tuple(steering)))
    return found


def _cell(year: WorkYear, promised: int | None, done: int) -> Cell:
    return Cell(promised, done, done < (promised or 0) and year.last_on < clock.today())


def _count(rows: Iterable[Delivery], year: WorkYear, kinds: Sequence[DeliveryKind]) -> int:
    return sum(row.count for row in rows if row.kind in kinds and year.holds(row.done_on))


def _minutes(rows: Iterable[Delivery], year: WorkYear, kinds: Sequence[DeliveryKind]) -> int:
    """Return how long these took together; a row says how long all of its number took."""
    return sum(row.minutes or 0 for row in rows if row.kind in kinds and year.holds(row.done_on))


def _services(terms: Terms, rows: Sequence[Delivery]) -> list[ServiceDone]:
    found = []
    for service in terms.services:
        mine = [row for row in rows if row.service == deliveries.key_of(service)]
        last_on = max((row.done_on for row in mine), default=None)
        found.append(ServiceDone(service, len(mine), last_on))
    return found


def _met_on(agreement: Agreement) -> list[date]:
    """Return the days on which the steering group met."""
    moments = db.session.scalars(
        select(Meeting.starts_at).where(
            Meeting.agreement_id == agreement.id,
            Meeting.cancelled_at.is_(None),
            Meeting.starts_at < clock.now(),
        )
    )
    return [clock.local(one).date() for one in moments]
