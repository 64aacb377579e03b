"""How statements of an account follow one another, by their balances."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from sqlalchemy import select

from portal.core import money
from portal.core.db import db
from portal.core.i18n import N_
from portal.finance.banking import BankFileError, BankFormat, Statement
from portal.finance.models import BankStatement


@dataclass(frozen=True)
class Known:
    """A statement without its movements. Balances in cents."""

    iban: str
    format: BankFormat
    number: str
    opening_cents: int
    closing_cents: int
    opened_on: date
    closed_on: date
    movements: int

    @classmethod
    def of(cls, one: Statement, form: BankFormat) -> Self:
        """Return a statement as it was read."""
        return cls(
            one.iban,
            form,
            one.number,
            one.opening_cents,
            one.closing_cents,
            one.opened_on,
            one.closed_on,
            len(one.movements),
        )

    @property
    def label(self) -> str:
        """Return what a person calls it."""
        return f"{self.number} · {self.iban}"

    @property
    def _names(self) -> tuple[object, ...]:
        return (self.iban, self.format, self.number, self.closed_on)

    @property
    def _span(self) -> tuple[object, ...]:
        return (self.iban, self.closed_on, self.opening_cents, self.closing_cents)


def known_of(ibans: Iterable[str]) -> list[Known]:
    """Return the statements that were read of these accounts, oldest first."""
    columns = [getattr(BankStatement, name) for name in Known.__dataclass_fields__]
    query = (
        select(*columns)
        .where(BankStatement.iban.in_(ibans))
        .order_by(BankStatement.iban, BankStatement.closed_on, BankStatement.id)
    )
    return [Known(*row) for row in db.session.execute(query)]


def is_known(mine: Known, known: Sequence[Known]) -> bool:
    """Say whether a statement was read before in this format.

    Raises BankFileError when it was, and says something else now.
    """
    same = next((one for one in known if one._names == mine._names), None)
    if same is None:
        return False
    if (same._span, same.movements) != (mine._span, mine.movements):
        raise BankFileError(
            N_(
                "Uittreksel %(statement)s werd al gelezen, met andere bedragen. Er is niets "
                "geboekt. Vraag aan je bank welk bestand het juiste is."
            ),
            statement=mine.label,
        )
    return True


def check_neighbours(mine: Known, known: Sequence[Known]) -> None:
    """Raise BankFileError unless the balances fit those of the numbers before and after."""
    for one in known:
        if one.iban != mine.iban or one.format != mine.format:
            continue
        for before, after in ((one, mine), (mine, one)):
            if _follows(before, after) and before.closing_cents != after.opening_cents:
                raise BankFileError(
                    N_(
                        "Uittreksel %(after)s begint met %(opening)s, maar uittreksel %(before)s "
                        "eindigt op %(closing)s. Er is niets geboekt. Vraag beide opnieuw op bij "
                        "je bank."
                    ),
                    after=after.label,
                    opening=money.euro(after.opening_cents),
                    before=before.number,
                    closing=money.euro(before.closing_cents),
                )


def _follows(before: Known, after: Known) -> bool:
    """Say whether one is the number after the other, in the same year and not overlapping."""
    if not (before.number.isdecimal() and after.number.isdecimal()):
        return False
    same_year = before.closed_on.year == after.closed_on.year
    in_turn = int(after.number) == int(before.number) + 1
    return same_year and in_turn and before.closed_on <= after.opened_on


def has_twin(mine: Known, known: Sequence[Known]) -> bool:
    """Say whether the same statement was read in the other format: same day, same balances."""
    return any(one._span == mine._span and one.format != mine.format for one in known)


def is_gap(mine: Known, known: Sequence[Known]) -> bool:
    """Say whether statements are missing between the ones known before and this one."""
    others = [one for one in known if one.iban == mine.iban and one is not mine]
    if any(o.opened_on <= mine.opened_on and o.closed_on >= mine.closed_on for o in others):
        return False  # a statement of a longer period holds this one
    earlier = [one for one in others if one.closed_on <= mine.closed_on]
    fits = any(mine.opening_cents in (o.closing_cents, o.opening_cents) for o in earlier)
    return any(one.closed_on <= mine.opened_on for one in earlier) and not fits


def gaps(known: Sequence[Known]) -> list[tuple[Known, Known]]:
    """Return each statement before which one is missing, with the last one known before it."""
    found = []
    for at, one in enumerate(known):
        earlier = [o for o in known[:at] if o.iban == one.iban]
        if earlier and is_gap(one, known):
            found.append((earlier[-1], one))
    return found


def newest(known: Sequence[Known]) -> list[Known]:
    """Return the latest statement of each account."""
    return list({one.iban: one for one in known}.values())
