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
from portal.core.plain import from_plain, to_plain
from portal.directory.kinds import OrganisationKind

SHAPE = 1  # goes up when the meaning of a field changes; adding a field leaves it
ALL_BP = 10_000


@dataclass(frozen=True)
class Person:
    """Somebody who represents, signs or is a contact; capacity as printed ("burgemeester")."""

    name: str = ""
    capacity: str = ""


@dataclass(frozen=True)
class Share:
    """What a partner bears of the cost.

    percentage: `value` in basis points; inhabitants: `value` is their number; fixed: `per_year`
    in cents, one amount per budget year. Fixed amounts go first, the rest is shared by the others.
    """

    kind: ShareKind = ShareKind.PERCENTAGE
    value: int = 0
    per_year: tuple[int, ...] = ()


@dataclass(frozen=True)
class Party:
    """One party, as it stands in the contract: copied, so that a later move changes nothing."""

    organisation_id: int | None
    name: str
    kind: OrganisationKind
    address: str = ""
    kbo: str = ""
    register: str = ""  # "RPR Leuven", for a legal person of private law
    representatives: tuple[Person, ...] = ()
    deciding_body: DecidingBody | None = None
    signatories: tuple[Person, ...] = ()
    contact: Person = Person()
    contact_email: str = ""
    dpo: str = ""
    iban: str = ""
    pays_by: PaymentDocument = PaymentDocument.INVOICE
    share: Share = Share()

    @property
    def is_public(self) -> bool:
        """Say whether a public body must decide before this party may sign."""
        return self.kind.is_local_government or self.kind == OrganisationKind.VGC


@dataclass(frozen=True)
class Place:
    """A municipality of the area; inhabitants as counted on 1 January of a year."""

    nis: str
    name: str
    inhabitants: int = 0
    inhabitants_year: int = 0


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
class BudgetLine:
    """A line of cost. `cents`: one amount per budget year of the term.

    service: "10", "1-3" or nothing; wage: follows the spilindex; overhead_bp: this line is that
    share of all other lines, recalculated by `compute.with_overhead`.
    """

    code: str
    label: str
    service: str = ""
    cents: tuple[int, ...] = ()
    wage: bool = False
    overhead_bp: int | None = None


@dataclass(frozen=True)
class IncomeLine:
    """Money that pays part of the budget and comes from elsewhere than the partners."""

    code: str
    label: str
    cents: tuple[int, ...] = ()


@dataclass(frozen=True)
class InKind:
    """What a party brings in without money, pro memoria: in no sum. Yearly value when known."""

    label: str
    by: str = ""
    cents: int | None = None


@dataclass(frozen=True)
class Instalment:
    """Part of a year's contribution: due on a day of that year, or on a condition.

    month and day are both None when `condition` says when it is due.
    """

    label: str
    share_bp: int
    month: int | None = None
    day: int | None = None
    condition: str = ""


@dataclass(frozen=True)
class Indexation:
    """How amounts follow prices, each 1 January.

    base_month: the month of the first figure, reference_month (1–12): the month before each
    1 January whose figure is the new one. floor: never below the base; cap_bp: at most so much
    above the year before.
    """

    kind: IndexKind = IndexKind.HEALTH
    base_month: date | None = None
    reference_month: int = 11
    floor: bool = True
    cap_bp: int | None = None


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
    indexation: Indexation = Indexation()
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
