"""The terms an agreement runs by on a day, and whether it lives.

Whatever follows an agreement (services, deadlines, money) reads them here, never on a version. They
are layers: the version all parties signed, and from its day on each addendum they signed after it.
An addendum never changes what applied before its day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.agreements import decisions, drafting
from portal.agreements.models import Addendum, AddendumStatus, Agreement, Status
from portal.agreements.terms import Renewal, Service, Terms
from portal.core import clock

LIVED = (Status.ACTIVE, Status.ENDED, Status.TERMINATED)  # it is, or was, in force


@dataclass(frozen=True)
class Layer:
    """Terms, and the first day they apply; number: of the addendum, None: the agreement itself."""

    terms: Terms
    from_on: date
    number: int | None = None


@dataclass(frozen=True)
class Later:
    """What an addendum brings, as it is stored; see `models.Addendum`."""

    terms: Terms
    from_on: date
    number: int | None
    renewed_until: date | None


def layers(agreement: Agreement) -> list[Layer]:
    """Return the terms and from when they apply, the oldest first. Raises NotFoundError before
    all parties agreed."""
    agreed = decisions.agreed_version(agreement).terms
    later = (
        Later(one.terms, one.in_force_on, one.number, one.renewed_until)
        for one in concluded_addenda(agreement)
        if one.in_force_on is not None
    )
    return layered(agreed, agreement.renewed_until, later)


def layered(agreed: Terms, renewed_until: date | None, later: Iterable[Later]) -> list[Layer]:
    """Return the layers of terms that were agreed and of the addenda signed since, in order.

    A tacit renewal lengthens each of them but an addendum that was drawn after it.
    """
    found = [Layer(run_on(agreed, renewed_until), agreed.starts_on or date.min)]
    for one in sorted(later, key=lambda each: (each.from_on, each.number or 0)):
        known = one.renewed_until == renewed_until
        terms = one.terms if known else run_on(one.terms, renewed_until)
        found.append(Layer(terms, one.from_on, one.number))
    return found


def on_day(found: list[Layer], on: date) -> Layer:
    """Return the layer that applies on a day; before all of them the first."""
    return next((one for one in reversed(found) if one.from_on <= on), found[0])


def terms(agreement: Agreement, on: date | None = None) -> Terms:
    """Return the terms all parties are bound by on a day, today by default.

    Raises NotFoundError before they agreed.
    """
    return on_day(layers(agreement), on or clock.today()).terms


def concluded(agreement: Agreement) -> Terms:
    """Return the terms as they will be once every signed addendum applies: for what lies ahead."""
    return layers(agreement)[-1].terms


def of_year(agreement: Agreement, year: int) -> Layer:
    """Return the layer that says what a calendar year costs; see `in_year`."""
    return in_year(layers(agreement), year)


def in_year(found: list[Layer], year: int) -> Layer:
    """Return the last of these layers that begins in or before a calendar year, of those whose
    term counts the year."""
    begun = [one for one in found if one.from_on <= date(year, 12, 31)]
    counting = [one for one in begun if any(each.year == year for each in one.terms.years)]
    return (counting or found)[-1]


def over_time(agreement: Agreement) -> Terms:
    """Return the newest terms with every service that was ever promised: for what was done."""
    found = layers(agreement)
    every = dict.fromkeys(s for one in reversed(found) for s in one.terms.services)
    return found[-1].terms.with_(services=_by_key(every))


def _by_key(services: Iterable[Service]) -> tuple[Service, ...]:
    """Return the first service of each number, and of each title of those without."""
    found: dict[int | str, Service] = {}
    for one in services:
        found.setdefault(one.title if one.number is None else one.number, one)
    return tuple(found.values())


def concluded_addenda(agreement: Agreement) -> list[Addendum]:
    """Return the addenda that all parties signed, in the order of their numbers."""
    return [one for one in agreement.addenda if one.status == AddendumStatus.CONCLUDED]


def run_on(agreed: Terms, renewed_until: date | None) -> Terms:
    """Return terms as they are after a tacit renewal; the same when there was none (None).

    They run on under the same conditions: each year that was added costs what the last one did,
    and the next renewal must be express (article 23).
    """
    if renewed_until is None or (agreed.ends_on is not None and agreed.ends_on >= renewed_until):
        return agreed
    longer = drafting.with_dates(agreed, agreed.starts_on, renewed_until)
    return longer.with_(renewal=Renewal.EXPRESS)


def last_on(agreement: Agreement) -> date | None:
    """Return the last day: the agreed one, or an earlier one after notice."""
    known = [day for day in (agreement.ends_on, agreement.stops_on) if day is not None]
    return min(known, default=None)
