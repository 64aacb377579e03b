"""The money of an agreement: what it costs, who brings in what, when it is paid, how it follows
prices. Amounts are cents, one per budget year of the term."""

from dataclasses import dataclass
from datetime import date

from portal.agreements.kinds import IndexKind


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
class SettledYear:
    """What each partner bears of a year that was over before an addendum changed the shares."""

    year: int
    shares_cents: tuple[int, ...]


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
