"""Every instalment of an agreement, over its addenda.

What fell due before an addendum applies stays as it was. What the addendum makes of that year's
contribution, less that, is shared over the instalments that are still to come; so the parts of a
year always sum to what was agreed last for it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from portal.agreements import compute
from portal.agreements.compute import Due
from portal.agreements.in_force import Layer
from portal.agreements.terms import Terms
from portal.core.money import allocate

ADJUSTMENT = "Aanpassing"  # what an addendum adds to a year of which nothing was left to fall due

Key = tuple[int, int]  # year and position of the partner


@dataclass(frozen=True)
class Owed:
    """An instalment, and the terms by which it is owed."""

    due: Due
    terms: Terms


def of(layers: Sequence[Layer]) -> list[Owed]:
    """Return every instalment of every partner, those that stay as they were first.

    The partners are the same in every layer, in the same order.
    """
    if len(layers) == 1:
        terms = layers[0].terms
        return [Owed(due, terms) for due in compute.instalments(terms)]
    scheduled = [_by_year(compute.instalments(one.terms)) for one in layers]
    totals = [_shares(one.terms) for one in layers]
    found: list[Owed] = []
    for key in dict.fromkeys(key for each in scheduled for key in sorted(each)):
        last = date(key[0], 12, 31)
        those = [n for n, one in enumerate(layers) if not n or one.from_on <= last]
        kept: list[Owed] = []
        for n, following in zip(those, [*those[1:], None], strict=True):
            since = layers[n].from_on if n else date.min
            ahead = [d for d in scheduled[n].get(key, ()) if d.on is None or d.on >= since]
            left = _left(totals[n].get(key, 0), kept, ahead, key, since)
            until = None if following is None else layers[following].from_on
            kept += [Owed(d, layers[n].terms) for d in left if until is None or _before(d, until)]
        found += kept
    return found


def fallen(layers: Sequence[Layer], before: date) -> dict[Key, int]:
    """Return what falls due before a day, in cents, per year and partner."""
    found: defaultdict[Key, int] = defaultdict(int)
    for one in of(layers):
        if _before(one.due, before):
            found[one.due.year, one.due.partner] += one.due.cents
    return dict(found)


def _left(
    total: int, kept: Sequence[Owed], ahead: Sequence[Due], key: Key, since: date
) -> list[Due]:
    """Return the instalments still to come, of a year's contribution of which some fell due."""
    rest = total - sum(one.due.cents for one in kept)
    if rest == sum(due.cents for due in ahead):
        return list(ahead)
    if rest <= 0:
        return []
    if not ahead:
        return [Due(key[1], key[0], ADJUSTMENT, since, "", rest)]
    parts = allocate(rest, [due.cents for due in ahead])
    return [replace(due, cents=cents) for due, cents in zip(ahead, parts, strict=True) if cents]


def _before(due: Due, day: date) -> bool:
    return due.on is not None and due.on < day


def _by_year(dues: Iterable[Due]) -> dict[Key, list[Due]]:
    found: defaultdict[Key, list[Due]] = defaultdict(list)
    for due in dues:
        found[due.year, due.partner].append(due)
    return dict(found)


def _shares(terms: Terms) -> dict[Key, int]:
    return {
        (year.year, partner): cents
        for year in compute.totals(terms)
        for partner, cents in enumerate(year.shares_cents)
    }
