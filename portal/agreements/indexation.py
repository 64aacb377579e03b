"""How amounts follow prices: published figures in, factors and the calculation out.

A figure that is not there is said to be missing. Nothing is estimated.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from portal.agreements import compute
from portal.agreements.terms import (
    ALL_BP,
    BudgetLine,
    Indexation,
    IndexKind,
    Party,
    ShareKind,
    Terms,
)
from portal.core import money

UNLIMITED, FLOOR, CAP = "", "floor", "cap"


@dataclass(frozen=True)
class Figure:
    """A published figure: month, base year of its series, value in ten-thousandths."""

    month: date
    base_year: int
    value_e4: int


# (kind, base month, reference month) → both figures of one series, each None when not known.
Lookup = Callable[[IndexKind, date, date], tuple[Figure | None, Figure | None]]


@dataclass(frozen=True)
class Step:
    """What happens to amounts on 1 January of a year.

    factor is None when a figure is missing: then `missing` says of which months. limited: "floor"
    or "cap" when the agreement sets a bound that was reached.
    """

    year: int
    factor: Fraction | None
    base: Figure | None = None
    new: Figure | None = None
    limited: str = UNLIMITED
    missing: tuple[date, ...] = ()


def steps(indexation: Indexation, years: Sequence[int], lookup: Lookup) -> list[Step]:
    """Return one step per year, the first with factor 1. After a missing figure a cap cannot be
    applied, so that every later year is missing too."""
    found: list[Step] = []
    for year in years:
        if not found or indexation.kind == IndexKind.NONE:
            found.append(Step(year, Fraction(1)))
        else:
            found.append(_step(indexation, year, found[-1], lookup))
    return found


def between(kind: IndexKind, base_month: date, month: date, lookup: Lookup) -> Step:
    """Return the step from one month's figure to another's, without any bound."""
    base, new = lookup(kind, base_month, month)
    pairs = ((base_month, base), (month, new))
    missing = tuple(each for each, figure in pairs if figure is None)
    if base is None or new is None:
        return Step(month.year, None, base, new, missing=missing)
    return Step(month.year, Fraction(new.value_e4, base.value_e4), base, new)


def _step(indexation: Indexation, year: int, before: Step, lookup: Lookup) -> Step:
    if indexation.base_month is None:
        return Step(year, None)
    plain = between(
        indexation.kind, indexation.base_month, reference_month(indexation, year), lookup
    )
    if plain.factor is None:
        return replace(plain, year=year)
    if indexation.cap_bp is not None and before.factor is None:
        return replace(plain, year=year, factor=None, missing=before.missing)
    factor, limited = _bounded(indexation, plain.factor, before.factor)
    return replace(plain, year=year, factor=factor, limited=limited)


def _bounded(
    indexation: Indexation, factor: Fraction, before: Fraction | None
) -> tuple[Fraction, str]:
    limited = UNLIMITED
    if indexation.cap_bp is not None and before is not None:
        highest = before * Fraction(ALL_BP + indexation.cap_bp, ALL_BP)
        if factor > highest:
            factor, limited = highest, CAP
    if indexation.floor and factor < 1:
        factor, limited = Fraction(1), FLOOR
    return factor, limited


def reference_month(indexation: Indexation, year: int) -> date:
    """Return the month whose figure counts for a year: wages as in January, prices as before."""
    if indexation.kind == IndexKind.SPIL:
        return date(year, 1, 1)
    return date(year - 1, indexation.reference_month, 1)


def indexed(terms: Terms, found: Sequence[Step]) -> Terms:
    """Return the terms with every year's amounts as indexed; a year whose factor is not known
    keeps the amounts agreed.

    Gezondheidsindex: every line; spilindex: the wage lines. Overhead follows what it is a share
    of. When all partners bear fixed amounts these grow with the cost, to the cent.
    """
    factors = [step.factor or Fraction(1) for step in found]
    kind = terms.indexation.kind
    grown = terms.with_(
        lines=compute.with_overhead([_line(line, kind, factors) for line in terms.lines])
    )
    return grown.with_(partners=_partners(terms, grown, factors))


def _line(line: BudgetLine, kind: IndexKind, factors: Sequence[Fraction]) -> BudgetLine:
    if line.overhead_bp is not None or (kind == IndexKind.SPIL and not line.wage):
        return line
    return replace(line, cents=_grown(line.cents, factors))


def _grown(cents: Sequence[int], factors: Sequence[Fraction]) -> tuple[int, ...]:
    pairs = zip(cents, factors, strict=False)
    return tuple(money.round_cents(amount * factor) for amount, factor in pairs)


def _partners(terms: Terms, grown: Terms, factors: Sequence[Fraction]) -> tuple[Party, ...]:
    fixed = [p for p in terms.partners if p.share.kind == ShareKind.FIXED]
    if not fixed or (len(fixed) < len(terms.partners) and terms.indexation.kind == IndexKind.SPIL):
        return terms.partners
    if len(fixed) < len(terms.partners):
        amounts = [_grown(p.share.per_year, factors) for p in terms.partners]
    else:
        amounts = _all_fixed(terms, grown)
    return tuple(
        replace(p, share=replace(p.share, per_year=a)) if p in fixed else p
        for p, a in zip(terms.partners, amounts, strict=True)
    )


def _all_fixed(terms: Terms, grown: Terms) -> list[tuple[int, ...]]:
    """Share each year's new total in proportion to the fixed amounts agreed for that year."""
    per_year = []
    for index, (before, after) in enumerate(
        zip(compute.totals(terms), compute.totals(grown), strict=True)
    ):
        agreed = compute.shares(terms.partners, index, before.partners_cents)
        balanced = sum(agreed) == before.partners_cents and min(agreed) >= 0 and sum(agreed)
        per_year.append(money.allocate(after.partners_cents, agreed) if balanced else agreed)
    return [tuple(column) for column in zip(*per_year, strict=True)] or [()] * len(terms.partners)
