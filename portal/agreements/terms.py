"""The terms of an agreement: everything the text of the contract depends on, as one frozen value.

A draft holds terms that are not finished; `checks.problems` says what is still wrong with them.
A version that was proposed keeps its terms for ever, so fields may be added here with a default,
never renamed or removed. Amounts are cents, shares basis points (10,000 = all of it).
"""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from portal.agreements.calendar_years import BudgetYear, budget_years
from portal.agreements.kinds import (
    DecidingBody,
    Formula,
    Goal,
    IndexKind,
    PaymentDocument,
    Renewal,
    ShareKind,
)
from portal.agreements.terms_money import (
    BudgetLine,
    IncomeLine,
    Indexation,
    InKind,
    Instalment,
    SettledYear,
)
from portal.agreements.terms_parties import Party, Person, Place, Share
from portal.core.plain import from_plain, to_plain
from portal.directory.kinds import OrganisationKind

__all__ = [
    "ALL_BP",
    "SHAPE",
    "BudgetLine",
    "Coordination",
    "Deadlines",
    "DecidingBody",
    "Formula",
    "Goal",
    "InKind",
    "IncomeLine",
    "IndexKind",
    "Indexation",
    "Instalment",
    "OrganisationKind",
    "Party",
    "PaymentDocument",
    "Person",
    "Place",
    "Renewal",
    "Service",
    "SettledYear",
    "Share",
    "ShareKind",
    "Target",
    "Terms",
]

SHAPE = 1  # goes up when the meaning of a field changes; adding a field leaves it
ALL_BP = 10_000


@dataclass(frozen=True)
class Service:
    """A service promised: one of the ten by number, or a free line without. `by`: who does it."""

    number: int | None
    title: str
    text: str = ""
    by: str = ""


@dataclass(frozen=True)
class Target:
    """What is aimed at in one year of work; an effort, never a quota on families."""

    families: int = 0
    volunteers: int = 0


@dataclass(frozen=True)
class Coordination:
    """Article 7: who coordinates. A: the partner's worker; B: HSV's; C: see the services."""

    fte_percent: int = 0
    name: str = ""
    function: str = ""
    service: str = ""
    workplace: str = ""
    starts_on: date | None = None
    joint_committee: str = ""
    replacement_weeks: int = 6


@dataclass(frozen=True)
class Deadlines:
    """The terms the articles speak of; units in the names."""

    feedback_days: int = 14
    payment_days: int = 30
    start_course_months: int = 6
    visitation_years: int = 2
    steering_per_year: int = 2
    minutes_days: int = 14
    interim_evaluation_months: int = 12
    final_evaluation_months: int = 6
    improvement_months: int = 6
    breach_hours: int = 24
    default_days: int = 30
    wind_down_months: int = 6
    report_month: int = 3
    report_day: int = 31


@dataclass(frozen=True)
class Terms:
    """See the module. `years` are the calendar years of the budget that follow from the dates."""

    formula: Formula
    shape: int = SHAPE
    edition: int | None = None  # number of the package edition it was drawn from
    goal: Goal = Goal.START
    title: str = ""
    hsv: Party = field(
        default_factory=lambda: Party(None, "Home-Start Vlaanderen vzw", OrganisationKind.HSV)
    )
    partners: tuple[Party, ...] = ()
    area: tuple[Place, ...] = ()
    services: tuple[Service, ...] = ()
    families: int = 0  # supported at the same time
    targets: tuple[Target, ...] = ()  # of the first, second and third year of work
    coordination: Coordination = Coordination()
    expert_hours: int = 0  # a year
    coaching_talks: int = 0  # a year
    volunteers_with: str = ""  # the organisation in the sense of the volunteers' act
    insurance: str = ""
    rooms: str = ""
    lines: tuple[BudgetLine, ...] = ()
    income: tuple[IncomeLine, ...] = ()
    in_kind: tuple[InKind, ...] = ()
    instalments: tuple[Instalment, ...] = ()
    indexation: Indexation = field(default_factory=Indexation)
    reserve_bp: int = 0  # of a year's budget that may be kept for the next
    late_interest: str = "legal"  # or "commercial"
    starts_on: date | None = None
    ends_on: date | None = None
    renewal: Renewal = Renewal.EXPRESS
    renewal_years: int = 0
    notice_months: int = 6
    severance: bool = False  # partners bear staff's notice pro rata when they end B early
    deadlines: Deadlines = Deadlines()
    privacy_role: str = ""  # of the partner under A: "controller" or "joint"
    legal_grounds: tuple[str, ...] = ()
    sdgs: tuple[int, ...] = ()
    plan_action: str = ""  # action of the municipality's multi-year plan
    special_clauses: str = ""
    court: str = ""
    place: str = ""  # where it is signed
    signature_level: str = "advanced"
    settled: tuple[SettledYear, ...] = ()  # years an addendum does not change

    @property
    def years(self) -> tuple[BudgetYear, ...]:
        """Return the calendar years of the term with their months; none without both dates."""
        if self.starts_on is None or self.ends_on is None or self.ends_on < self.starts_on:
            return ()
        return budget_years(self.starts_on, self.ends_on)

    @property
    def parties(self) -> tuple[Party, ...]:
        """Return HSV and the partners, in the order they stand in the contract."""
        return (self.hsv, *self.partners)

    def with_(self, **changes: Any) -> "Terms":
        """Return the same terms with some fields changed."""
        return replace(self, **changes)

    def to_json(self) -> dict[str, Any]:
        """Return the terms as JSON can hold them."""
        return to_plain(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Terms":
        """Return the terms that `to_json` gave. Raises ValueError for anything else."""
        return from_plain(cls, data)
