"""The tables of amounts in a contract: budget, shares and instalments, as text."""

from collections.abc import Sequence
from typing import Any

from portal.agreements import compute
from portal.agreements import contract_words as words
from portal.agreements.compute import Due, YearTotals
from portal.agreements.contract_words import day, euro, filled, number, percentage
from portal.agreements.terms import Party, ShareKind, Terms

YEARS_PER_TABLE = 4  # as many columns of amounts as a page holds upright
_FULL_YEAR = 12


def budget_tables(terms: Terms, totals: Sequence[YearTotals]) -> list[dict[str, Any]]:
    """Return one table per four budget years: lines of cost, of income, and what partners bear."""
    blocks = range(0, len(totals), YEARS_PER_TABLE)
    return [_table(terms, totals, slice(b, b + YEARS_PER_TABLE)) for b in blocks]


def _table(terms: Terms, totals: Sequence[YearTotals], part: slice) -> dict[str, Any]:
    years = totals[part]
    lines = [
        {
            "code": line.code,
            "omschrijving": filled(line.label),
            "dienst": line.service,
            "bedragen": _amounts(line.cents, len(totals))[part],
        }
        for line in terms.lines
    ]
    income = [
        {
            "code": line.code,
            "omschrijving": filled(line.label),
            "bedragen": _amounts(line.cents, len(totals))[part],
        }
        for line in terms.income
    ]
    return {
        "jaren": [_heading(y, "\n") for y in years],
        "lijnen": lines,
        "totalen": [euro(y.cost_cents) for y in years],
        "inkomsten": income,
        "bijdragen": [euro(y.partners_cents) for y in years],
        "partners": [
            {"naam": party.name, "bedragen": [euro(y.shares_cents[i]) for y in years]}
            for i, party in enumerate(terms.partners)
        ],
    }


def _heading(year: YearTotals, between: str = ", ") -> str:
    if year.months == _FULL_YEAR:
        return str(year.year)
    return f"{year.year}{between}{words.count(year.months, 'maand', 'maanden')}"


def _amounts(cents: Sequence[int], years: int) -> list[str]:
    padded = [*cents, *(0 for _ in range(years - len(cents)))]
    return [euro(c) for c in padded[:years]]


def contributions(totals: Sequence[YearTotals]) -> list[dict[str, str]]:
    """Return what the partners bear together in each budget year."""
    return [{"jaar": _heading(y), "bedrag": euro(y.partners_cents)} for y in totals]


def contributions_of(totals: Sequence[YearTotals], partner: int) -> list[dict[str, str]]:
    """Return what one partner bears in each budget year."""
    return [{"jaar": _heading(y), "bedrag": euro(y.shares_cents[partner])} for y in totals]


def share_in_words(party: Party) -> str:
    """Return how a partner's share is reckoned."""
    share = party.share
    if share.kind == ShareKind.PERCENTAGE:
        return percentage(share.value)
    if share.kind == ShareKind.INHABITANTS:
        return f"volgens {number(share.value)} inwoners"
    return "vast bedrag per jaar"


def schedule(dues: Sequence[Due], partner: int) -> list[dict[str, str]]:
    """Return a partner's instalments in the order they fall due."""
    mine = [due for due in dues if due.partner == partner]
    mine.sort(key=lambda due: (due.year, due.on is None, due.on or 0))
    return [
        {
            "jaar": str(due.year),
            "schijf": filled(due.label),
            "vervalt": day(due.on) if due.on else filled(due.condition),
            "bedrag": euro(due.cents),
        }
        for due in mine
    ]


def total_of(dues: Sequence[Due], partner: int) -> str:
    """Return all a partner pays over the term."""
    return euro(sum(due.cents for due in dues if due.partner == partner))


def reckon(terms: Terms) -> tuple[list[YearTotals], list[Due]]:
    """Return the sums of each year, and every instalment."""
    return compute.totals(terms), compute.instalments(terms)
