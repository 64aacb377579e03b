"""From a package to the lines of a budget, at any size and over any term."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from portal.agreements import compute
from portal.agreements.calendar_years import BudgetYear
from portal.agreements.offer import Offer, Package, PriceLine, Scale
from portal.agreements.terms import BudgetLine, Service, Terms
from portal.core import money

TWO_YEARS = (BudgetYear(1, 12, 0), BudgetYear(2, 12, 12))  # a first year of work and a next


@dataclass(frozen=True)
class Size:
    """How large a branch is: full-time equivalents in percent, families at once, volunteers."""

    fte_percent: int
    families: int
    volunteers: int

    @classmethod
    def of(cls, package: Package) -> "Size":
        """Return the size a package is priced at."""
        return cls(package.fte_percent, package.families, package.volunteers)


def budget_lines(
    lines: Sequence[PriceLine],
    package: Package,
    size: Size,
    years: Sequence[BudgetYear],
    services: Collection[int] | None = None,
) -> tuple[BudgetLine, ...]:
    """Return a package's lines (or its own costs) as a budget, overhead calculated.

    services: those chosen; a line of services that were not is left out. None: all of the package.
    """
    wanted = package.services if services is None else services
    kept = [line for line in lines if _chosen(line, wanted)]
    return compute.with_overhead([_budget_line(line, package, size, years) for line in kept])


def _chosen(line: PriceLine, services: Collection[int]) -> bool:
    if line.unless_service in services:
        return False
    return not line.services or bool(line.services & set(services))


def _budget_line(
    line: PriceLine, package: Package, size: Size, years: Sequence[BudgetYear]
) -> BudgetLine:
    first, following = (
        scaled(cents, line.scale, package, size)
        for cents in (line.first_cents, line.following_cents)
    )
    return BudgetLine(
        code=line.code,
        label=line.label,
        service=line.service,
        cents=compute.spread(first, following, years, one_off=line.one_off),
        wage=line.wage,
        overhead_bp=line.overhead_bp,
    )


def scaled(cents: int, scale: Scale, package: Package, size: Size) -> int:
    """Return a yearly amount at another size than the package's own."""
    usual, wanted = {
        Scale.NONE: (1, 1),
        Scale.FTE: (package.fte_percent, size.fte_percent),
        Scale.VOLUNTEERS: (package.volunteers, size.volunteers),
        Scale.FAMILIES: (package.families, size.families),
    }[scale]
    return money.round_cents(Fraction(cents * wanted, usual)) if usual else cents


def fill_in(
    terms: Terms, offer: Offer, size: Size | None = None, services: Collection[int] | None = None
) -> Terms:
    """Return terms with what a package brings: services, budget, size, targets, instalments.

    The parties, the area and the dates stay as they are; the formula says which package.
    """
    package = offer.package(terms.formula)
    size = size or Size.of(package)
    chosen = sorted(services if services is not None else package.services)
    return replace(
        terms,
        goal=package.goal,
        services=tuple(
            Service(s.number, s.title, s.text) for s in offer.services if s.number in chosen
        ),
        families=size.families,
        targets=package.targets,
        coordination=replace(terms.coordination, fte_percent=size.fte_percent),
        expert_hours=package.expert_hours,
        coaching_talks=package.coaching_talks,
        lines=budget_lines(package.lines, package, size, terms.years, chosen),
        instalments=package.instalments,
    )


def fte(percent: int) -> str:
    """Return full-time equivalents as people write them: 0,5."""
    whole, part = divmod(percent, 100)
    return f"{whole},{part:02}".rstrip("0").rstrip(",")
