"""The lines of a year's budget, worked out from the terms that were signed.

The arithmetic is that of agreements (`compute`, `indexation`): a first year by its months, amounts
indexed on 1 January with the figures published. A figure that is not known leaves the amounts as
signed, and is said to be missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from portal.agreements import compute, indexation
from portal.agreements.calendar_years import COUNTS_FROM_DAY
from portal.agreements.indexation import Figure, Lookup, Step
from portal.agreements.kinds import IndexKind
from portal.agreements.terms import BudgetLine as TermsLine
from portal.agreements.terms import Terms
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.plain import from_plain, to_plain
from portal.finance.models import LineKind

OWN_MEANS = "EM"
OWN_MEANS_LABEL = N_("Eigen middelen Home-Start Vlaanderen")


@dataclass(frozen=True)
class PlannedLine:
    """A line before it is stored; see `models.BudgetLine` for what the fields mean."""

    kind: LineKind
    code: str
    label: str
    service: str = ""
    organisation_id: int | None = None
    agreed_cents: int | None = None
    planned_cents: int | None = None
    even: bool = False
    overhead_bp: int | None = None

    @property
    def key(self) -> tuple[str, str, int | None]:
        """Return what makes it the same line in another version of the terms."""
        return str(self.kind), self.code, self.organisation_id


@dataclass(frozen=True)
class AppliedIndex:
    """How a year was indexed, kept with its budget: `indexation.Step` as plain data.

    numerator 0: a figure was not known, of the months in `missing`.
    """

    kind: IndexKind
    numerator: int
    denominator: int = 1
    base: Figure | None = None
    new: Figure | None = None
    limited: str = ""
    missing: tuple[date, ...] = ()

    @property
    def known(self) -> bool:
        """Say whether the amounts are those of this year."""
        return self.numerator != 0

    def step(self, year: int) -> Step:
        """Return the step as `indexation_shown` writes it out."""
        factor = Fraction(self.numerator, self.denominator) if self.known else None
        return Step(year, factor, self.base, self.new, self.limited, self.missing)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return to_plain(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "AppliedIndex":
        """Return what `to_json` gave."""
        return from_plain(cls, data)

    @classmethod
    def of(cls, kind: IndexKind, step: Step) -> "AppliedIndex":
        """Return a step as it is kept."""
        factor = step.factor or Fraction(0)
        return cls(
            kind,
            factor.numerator,
            factor.denominator,
            step.base,
            step.new,
            step.limited,
            step.missing,
        )


@dataclass(frozen=True)
class Plan:
    """A year as it follows from the terms: its months, its lines, and how they were indexed."""

    year: int
    months: int
    first_month: int
    index: AppliedIndex
    lines: tuple[PlannedLine, ...]


def draw_up(terms: Terms, year: int, lookup: Lookup) -> Plan:
    """Return the budget of a year. Raises DomainError for a year outside the term.

    The cost planned is always the contributions and other income together: what the signed
    amounts leave open, as when costs are indexed and a share is not, is means of HSV itself.
    """
    years = [one.year for one in terms.years]
    if year not in years:
        raise DomainError(N_("De overeenkomst loopt niet in dit jaar."), "year")
    at = years.index(year)
    steps = indexation.steps(terms.indexation, years, lookup)
    grown = indexation.indexed(terms, steps)
    lines = [*_costs(terms, grown, at), *_contributions(terms, grown, at), *_income(terms, at)]
    return Plan(
        year,
        terms.years[at].months,
        _first_month(terms, year),
        AppliedIndex.of(terms.indexation.kind, steps[at]),
        (*lines, *_own_means(lines), *_in_kind(terms)),
    )


def _first_month(terms: Terms, year: int) -> int:
    assert terms.starts_on is not None
    if terms.starts_on.year < year:
        return 1
    return terms.starts_on.month + (terms.starts_on.day > COUNTS_FROM_DAY)


def _costs(terms: Terms, grown: Terms, at: int) -> list[PlannedLine]:
    return [
        PlannedLine(
            LineKind.COST,
            before.code,
            before.label,
            before.service,
            None,
            _cents(before, at),
            _cents(after, at),
            before.wage,
            before.overhead_bp,
        )
        for before, after in zip(terms.lines, grown.lines, strict=True)
    ]


def _cents(line: TermsLine, at: int) -> int:
    return line.cents[at] if at < len(line.cents) else 0


def _contributions(terms: Terms, grown: Terms, at: int) -> list[PlannedLine]:
    agreed, planned = compute.totals(terms)[at], compute.totals(grown)[at]
    shares = zip(terms.partners, agreed.shares_cents, planned.shares_cents, strict=True)
    return [
        PlannedLine(
            LineKind.CONTRIBUTION,
            f"P{number}",
            partner.name,
            "",
            partner.organisation_id,
            before,
            after,
        )
        for number, (partner, before, after) in enumerate(shares, 1)
    ]


def _income(terms: Terms, at: int) -> list[PlannedLine]:
    found = []
    for line in terms.income:
        cents = line.cents[at] if at < len(line.cents) else 0
        found.append(
            PlannedLine(
                LineKind.INCOME, line.code, line.label, agreed_cents=cents, planned_cents=cents
            )
        )
    return found


def _own_means(lines: list[PlannedLine]) -> list[PlannedLine]:
    """Return the line that closes the gap between cost and income; none when there is no gap."""
    agreed = sum(_signed(line) * (line.agreed_cents or 0) for line in lines)
    planned = sum(_signed(line) * (line.planned_cents or 0) for line in lines)
    if not agreed and not planned:
        return []
    label = OWN_MEANS_LABEL
    return [
        PlannedLine(LineKind.INCOME, OWN_MEANS, label, agreed_cents=agreed, planned_cents=planned)
    ]


def _signed(line: PlannedLine) -> int:
    return 1 if line.kind == LineKind.COST else -1


def _in_kind(terms: Terms) -> list[PlannedLine]:
    return [
        PlannedLine(
            LineKind.IN_KIND,
            f"N{number}",
            f"{one.label} ({one.by})" if one.by else one.label,
            agreed_cents=one.cents,
            planned_cents=one.cents,
        )
        for number, one in enumerate(terms.in_kind, 1)
    ]
