"""What is promised against what was done, per year of work.

The promises follow from the terms in force; what was done from the log of services and, for the
steering group, from its meetings. One query for each, however long the agreement runs.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
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
    layers = in_force.layers(agreement)
    now = in_force.on_day(layers, clock.today()).terms
    every = work_years(now.starts_on, layers[-1].terms.ends_on)
    years = [y for y in every if y.first_on <= clock.today()] or every[:1]
    agreed = {y: in_force.on_day(layers, y.last_on).terms for y in years}
    rows = db.session.scalars(deliveries.of(agreement)).all()
    return Overview(years, _promises(agreed, rows, _met_on(agreement)), _services(now, rows))


def _promises(
    agreed: Mapping[WorkYear, Terms], rows: Sequence[Delivery], met_on: Sequence[date]
) -> list[Promise]:
    """Return a line per promise; in each year what the terms of its last day promise."""
    years, every = list(agreed), list(agreed.values())
    numbers = {one.number for terms in every for one in terms.services}

    def offers(service: int, year: WorkYear) -> bool:
        return any(one.number == service for one in agreed[year].services)

    def counted(label: str, kind: DeliveryKind, promised: Callable[[WorkYear], int | None]) -> None:
        cells = (_cell(y, promised(y), _count(rows, y, (kind,))) for y in years)
        found.append(Promise(label, tuple(cells)))

    found: list[Promise] = []
    if _COURSES in numbers:
        counted(
            N_("Startopleiding"), DeliveryKind.START_COURSE, lambda y: 1 if y.number == 1 else 0
        )
    if any(terms.coaching_talks for terms in every):
        label = N_("Coachingsgesprekken")
        counted(label, DeliveryKind.COACHING_TALK, lambda y: agreed[y].coaching_talks)
    if any(terms.expert_hours for terms in every):
        # "up to" so many: fewer is no shortcoming
        hours = (
            Cell(agreed[y].expert_hours, _minutes(rows, y, _OF_THE_EXPERT) // HOUR, short=False)
            for y in years
        )
        found.append(Promise(N_("Uren van de expert (tot)"), tuple(hours), hours=True))
    if any(terms.deadlines.visitation_years for terms in every) and _COACHING in numbers:

        def visited(year: WorkYear) -> int:
            between = agreed[year].deadlines.visitation_years
            promised = between and offers(_COACHING, year) and not year.number % between
            return 1 if promised else 0

        counted(N_("Visitatie"), DeliveryKind.VISITATION, visited)
    if _NETWORK in numbers:
        label = N_("Bijeenkomsten van het lerend netwerk")
        counted(label, DeliveryKind.LEARNING_NETWORK, lambda _year: None)
    steering = (
        _cell(y, agreed[y].deadlines.steering_per_year, sum(map(y.holds, met_on))) for y in years
    )
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
