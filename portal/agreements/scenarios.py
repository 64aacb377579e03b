"""What a branch would cost: a scenario, priced for every package, shared out over municipalities.

A snapshot freezes all of it, as it was shown, into an enquiry.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from urllib.parse import urlencode

from portal.agreements import pricing
from portal.agreements.calendar_years import BudgetYear, budget_years
from portal.agreements.offer import Offer, Package, PriceLine
from portal.agreements.pricing import TWO_YEARS, Size, fte
from portal.agreements.terms import Formula, Place
from portal.core import clock, money
from portal.core.i18n import N_
from portal.directory.gazetteer import places

YEARS = 3  # the term a scenario is priced for
MOST_PLACES = 20
INHABITANTS, EQUALLY = "inwoners", "gelijk"
SHARINGS = {INHABITANTS: N_("Volgens aantal inwoners"), EQUALLY: N_("Gelijk")}
USUAL_SERVICES_OF_C = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Scenario:
    """What somebody wants to know the price of. services: those chosen for package C."""

    starts_on: date
    nis: tuple[str, ...] = ()
    fte_percent: int = 50
    families: int = 20
    sharing: str = INHABITANTS
    services: tuple[int, ...] = USUAL_SERVICES_OF_C

    def query(self) -> str:
        """Return the scenario as the query string of its page, always the same for the same."""
        pairs = [("nis", nis) for nis in self.nis]
        pairs += [
            ("start", f"{self.starts_on:%Y-%m}"),
            ("vte", fte(self.fte_percent)),
            ("gezinnen", str(self.families)),
            ("verdeling", self.sharing),
            *(("diensten", str(number)) for number in self.services),
        ]
        return urlencode(pairs)


@dataclass(frozen=True)
class YearPrice:
    """What a calendar year costs, and each municipality's part of it in the order of the places.

    own_cents: what the partner bears beside the agreement, pro memoria.
    """

    year: int
    months: int
    cents: int
    own_cents: int
    shares_cents: tuple[int, ...]


@dataclass(frozen=True)
class Quote:
    """The indicative price of one package; first and following: a whole year of work."""

    formula: Formula
    name: str
    services: tuple[int, ...]
    first_cents: int
    following_cents: int
    own_cents: int
    years: tuple[YearPrice, ...]


@dataclass(frozen=True)
class Snapshot:
    """A scenario with its prices, as shown on a day from an edition of the offer."""

    edition: int
    edition_title: str
    shown_on: date
    scenario: Scenario
    places: tuple[Place, ...]
    most_families: int  # what the full-time equivalents asked can follow at the same time
    quotes: tuple[Quote, ...]


def usual(today: date | None = None) -> Scenario:
    """Return the scenario a page begins with: next January, half a coordinator."""
    return Scenario(date((today or clock.today()).year + 1, 1, 1))


def price(scenario: Scenario, offer: Offer, edition: int, title: str) -> Snapshot:
    """Return the scenario with the price of every package."""
    found = tuple(_place(nis) for nis in scenario.nis)
    return Snapshot(
        edition=edition,
        edition_title=title,
        shown_on=clock.today(),
        scenario=scenario,
        places=found,
        most_families=offer.families_per_fte * scenario.fte_percent // 100,
        quotes=tuple(_quote(scenario, package, found) for package in offer.packages),
    )


def last_day(scenario: Scenario) -> date:
    """Return the last day of the term a scenario is priced for."""
    start = scenario.starts_on
    return date(start.year + YEARS, start.month, 1) - date.resolution


def size_of(scenario: Scenario, package: Package) -> Size:
    """Return how large the scenario makes a package; volunteers follow the families."""
    volunteers = money.round_cents(
        Fraction(scenario.families * package.volunteers, package.families)
    )
    return Size(scenario.fte_percent, scenario.families, volunteers)


def services_of(scenario: Scenario, package: Package) -> tuple[int, ...]:
    """Return the services of a package in this scenario: chosen ones for C, all for the others."""
    if package.formula != Formula.CUSTOM:
        return package.services
    return tuple(n for n in package.services if n in scenario.services)


def _place(nis: str) -> Place:
    place = places()[nis]
    return Place(nis, place.name, place.inhabitants, place.inhabitants_year)


def _quote(scenario: Scenario, package: Package, found: Sequence[Place]) -> Quote:
    services = services_of(scenario, package)
    years = budget_years(scenario.starts_on, last_day(scenario))

    def cost(lines: Sequence[PriceLine], of: Sequence[BudgetYear]) -> list[int]:
        if not services:
            return [0] * len(of)
        size = size_of(scenario, package)
        counted = pricing.budget_lines(lines, package, size, of, services)
        return [_whole_euros(sum(line.cents[n] for line in counted)) for n in range(len(of))]

    costs, own = cost(package.lines, years), cost(package.own_costs, years)
    first, following = cost(package.lines, TWO_YEARS)
    return Quote(
        formula=package.formula,
        name=package.name,
        services=services,
        first_cents=first,
        following_cents=following,
        own_cents=cost(package.own_costs, TWO_YEARS)[1],
        years=tuple(
            YearPrice(year.year, year.months, cents, beside, _shares(scenario, cents, found))
            for year, cents, beside in zip(years, costs, own, strict=True)
        ),
    )


def _shares(scenario: Scenario, cents: int, found: Sequence[Place]) -> tuple[int, ...]:
    if not found:
        return ()
    weights = [1 if scenario.sharing == EQUALLY else place.inhabitants for place in found]
    return tuple(euros * 100 for euros in money.allocate(cents // 100, weights))


def _whole_euros(cents: int) -> int:
    """Return an estimate without cents, which it does not know."""
    return money.round_cents(Fraction(cents, 100)) * 100
