"""What is left of a year, and to whom it goes: the arithmetic of article 14, in cents.

Net costs below the contributions leave a balance, which goes to the partners by their contribution.
Part of it may be carried over to the next year; the rest is paid back. Net costs above them are a
shortage, which no partner bears.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.core import money


@dataclass(frozen=True)
class Settlement:
    """A year settled. The tuples hold one amount per partner, in the order of the lines.

    balance: what is left, shared by `balances`; each of these is returned and carried together.
    shortage: what HSV bears; one of balance and shortage is 0.
    """

    balance: int
    shortage: int
    balances: tuple[int, ...]
    returned: tuple[int, ...]
    carried: tuple[int, ...]


def settle(
    cost: int, other_income: int, contributions: Sequence[int], carried_in: int, carry: int
) -> Settlement:
    """Return how a year is settled when `carry` of what is left goes to the next.

    Raises ValueError unless carry is between 0 and what is left.
    """
    left = sum(contributions) + other_income + carried_in - cost
    nothing = (0,) * len(contributions)
    if left <= 0 or not contributions:
        if carry:
            raise ValueError("there is nothing to carry over")
        return Settlement(0, max(-left, 0), nothing, nothing, nothing)
    if not 0 <= carry <= left:
        raise ValueError("carry over at least nothing, at most what is left")
    weights = [max(cents, 0) for cents in contributions]
    balances = money.allocate(left, weights if sum(weights) else [1] * len(weights))
    returned = money.allocate(left - carry, balances)
    carried = [whole - back for whole, back in zip(balances, returned, strict=True)]
    return Settlement(left, 0, tuple(balances), tuple(returned), tuple(carried))
