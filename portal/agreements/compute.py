"""The arithmetic of an agreement: every amount in cents, every sum exact.

One way to share out (`money.allocate`), so that shares, instalments and pro rata parts always add
up to what they are parts of.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from portal.agreements.calendar_years import BudgetYear
from portal.agreements.terms import ALL_BP, BudgetLine, Instalment, Party, ShareKind, Terms
from portal.core import money

MONTHS = 12


@dataclass(frozen=True)
class YearTotals:
    """One budget year: cost, other income, what the partners bear together, and each of them."""

    year: int
    months: int
    cost_cents: int
    income_cents: int
    partners_cents: int
    shares_cents: tuple[int, ...]


@dataclass(frozen=True)
class Due:
    """A part of a partner's contribution: due on a day, or on a condition when `on` is None."""

    partner: int  # position among the partners
    year: int
    label: str
    on: date | None
    condition: str
    cents: int


def spread(
    first_cents: int, following_cents: int, years: Sequence[BudgetYear], *, one_off: bool = False
) -> tuple[int, ...]:
    """Return what a line costs in each calendar year, given its cost in a year of work.

    The first twelve months cost `first_cents` together, each next twelve `following_cents`; a
    year of work that is cut short costs its months. A one-off cost falls in the first calendar
    year whole, and again as `following_cents` in the first month of each next year of work.
    """
    total = [0] * len(years)
    months = sum(y.months for y in years)
    for begin in range(0, months, MONTHS):
        cents = following_cents if begin else first_cents
        inside = [_overlap(y, begin, begin + MONTHS) for y in years]
        if one_off:
            inside = [m if i == _first(inside) else 0 for i, m in enumerate(inside)]
            parts = money.allocate(cents, inside)
        else:
            parts = money.allocate(cents, [*inside, MONTHS - sum(inside)])
        for index in range(len(years)):
            total[index] += parts[index]
    return tuple(total)


def _overlap(year: BudgetYear, begin: int, end: int) -> int:
    return max(0, min(end, year.before + year.months) - max(begin, year.before))


def _first(months: Sequence[int]) -> int:
    return next(i for i, m in enumerate(months) if m)


def with_overhead(lines: Sequence[BudgetLine]) -> tuple[BudgetLine, ...]:
    """Return the lines with each overhead line recalculated over all lines that are none."""
    plain = [line for line in lines if line.overhead_bp is None]
    count = max((len(line.cents) for line in lines), default=0)
    sums = [sum(_at(line.cents, i) for line in plain) for i in range(count)]
    return tuple(
        line
        if line.overhead_bp is None
        else replace(line, cents=tuple(portion(s, line.overhead_bp) for s in sums))
        for line in lines
    )


def portion(cents: int, share_bp: int) -> int:
    """Return a share of an amount, rounded once."""
    return money.allocate(cents, [share_bp, ALL_BP - share_bp])[0] if cents else 0


def totals(terms: Terms) -> list[YearTotals]:
    """Return the sums of each budget year. Shares that do not fit give what they can; the checks
    on the terms say what is wrong."""
    return [_year(terms, index, year) for index, year in enumerate(terms.years)]


def _year(terms: Terms, index: int, year: BudgetYear) -> YearTotals:
    cost = sum(_at(line.cents, index) for line in terms.lines)
    income = sum(_at(line.cents, index) for line in terms.income)
    settled = next((s.shares_cents for s in terms.settled if s.year == year.year), None)
    return YearTotals(
        year=year.year,
        months=year.months,
        cost_cents=cost,
        income_cents=income,
        partners_cents=cost - income,
        shares_cents=settled or tuple(shares(terms.partners, index, cost - income)),
    )


def shares(partners: Sequence[Party], index: int, cents: int) -> list[int]:
    """Return what each partner bears of an amount in a budget year (its position in the term).

    Fixed amounts first; the rest over the others by their percentages or inhabitants, to the
    cent. Without anybody to bear the rest, the fixed amounts are all there is.
    """
    fixed = [fixed_cents(p, index) for p in partners]
    weights = [0 if p.share.kind == ShareKind.FIXED else p.share.value for p in partners]
    if not sum(weights):
        return fixed
    rest = money.allocate(cents - sum(fixed), weights)
    return [a + b for a, b in zip(fixed, rest, strict=True)]


def fixed_cents(partner: Party, index: int) -> int:
    """Return the fixed amount a partner bears in a budget year; nothing when its share is not."""
    return _at(partner.share.per_year, index) if partner.share.kind == ShareKind.FIXED else 0


def instalments(terms: Terms) -> list[Due]:
    """Return every instalment of every partner; those of a year sum to the partner's share.

    What falls before the agreement begins is due on its first day, what falls after it ends on
    its last. Amounts of nothing are left out.
    """
    if not terms.instalments:
        return []
    return [
        due
        for index, year in enumerate(totals(terms))
        for partner, cents in enumerate(year.shares_cents)
        for due in _dues(terms, index, partner, cents)
    ]


def _dues(terms: Terms, index: int, partner: int, cents: int) -> list[Due]:
    parts = money.allocate(cents, [one.share_bp for one in terms.instalments])
    year = terms.years[index].year
    found = [
        Due(partner, year, one.label, _due_on(one, year, terms), one.condition, part)
        for one, part in zip(terms.instalments, parts, strict=True)
        if part
    ]
    return sorted(found, key=lambda due: (due.on is None, due.on or date.max))


def _due_on(instalment: Instalment, year: int, terms: Terms) -> date | None:
    if instalment.month is None:
        return None
    last = monthrange(year, instalment.month)[1]
    on = date(year, instalment.month, min(instalment.day or 1, last))
    return min(max(on, terms.starts_on or on), terms.ends_on or on)


def _at(cents: Sequence[int], index: int) -> int:
    return cents[index] if index < len(cents) else 0
