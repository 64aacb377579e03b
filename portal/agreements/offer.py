"""The offer as a value: ten services, three packages, their prices and their usual terms.

What an edition stores. Amounts are cents for a whole year of work at the package's own size.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.agreements.terms import Formula, Goal, Instalment, Target
from portal.core.i18n import N_
from portal.core.plain import from_plain, to_plain


class Scale(StrEnum):
    """What an amount grows with, from the size the package was priced at."""

    NONE = "none"
    FTE = "fte"
    VOLUNTEERS = "volunteers"
    FAMILIES = "families"

    @property
    def label(self) -> str:
        """Return the Dutch words (a message id)."""
        return _SCALES[self]


_SCALES = {
    Scale.NONE: N_("vast bedrag"),
    Scale.FTE: N_("groeit met de VTE"),
    Scale.VOLUNTEERS: N_("groeit met de vrijwilligers"),
    Scale.FAMILIES: N_("groeit met de gezinnen"),
}


@dataclass(frozen=True)
class ServiceText:
    """One of the ten services, as partners read it."""

    number: int
    title: str
    text: str


@dataclass(frozen=True)
class PriceLine:
    """A line of a package. service: "10", "1-3" or nothing.

    one_off: counts whole in the year it falls in, never per month; wage: follows the spilindex;
    overhead_bp: a share of all other lines instead of an amount; unless_service: left out when
    that service is chosen too, because it covers this one.
    """

    code: str
    label: str
    service: str = ""
    first_cents: int = 0
    following_cents: int = 0
    scale: Scale = Scale.NONE
    one_off: bool = False
    wage: bool = False
    overhead_bp: int | None = None
    unless_service: int | None = None

    @property
    def services(self) -> frozenset[int]:
        """Return the numbers of the services this line belongs to; none for all of them."""
        if not self.service:
            return frozenset()
        first, _, last = self.service.partition("-")
        return frozenset(range(int(first), int(last or first) + 1))


@dataclass(frozen=True)
class Package:
    """A package: what it holds, what it costs and what is usual with it.

    own_costs: what the partner bears beside the agreement, pro memoria.
    """

    formula: Formula
    name: str
    summary: str
    fits: str
    services: tuple[int, ...]
    lines: tuple[PriceLine, ...] = ()
    own_costs: tuple[PriceLine, ...] = ()
    goal: Goal = Goal.START
    fte_percent: int = 50
    families: int = 20
    volunteers: int = 20
    targets: tuple[Target, ...] = ()
    expert_hours: int = 0
    coaching_talks: int = 0
    instalments: tuple[Instalment, ...] = ()


@dataclass(frozen=True)
class Offer:
    """Everything an edition says. families_per_fte: how many families one full-time coordinator
    can follow at the same time."""

    services: tuple[ServiceText, ...]
    packages: tuple[Package, ...]
    families_per_fte: int = 50

    def package(self, formula: Formula) -> Package:
        """Return the package of a formula."""
        return next(p for p in self.packages if p.formula == formula)

    def service(self, number: int) -> ServiceText:
        """Return one of the ten services."""
        return next(s for s in self.services if s.number == number)

    def to_json(self) -> dict[str, Any]:
        """Return the offer as JSON can hold it."""
        return to_plain(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Offer":
        """Return the offer that `to_json` gave. Raises ValueError for anything else."""
        return from_plain(cls, data)
