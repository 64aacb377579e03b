"""What a bank file says, whatever its form: statements of an account, with their movements."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from portal.core import money
from portal.core.errors import DomainError
from portal.core.i18n import N_

_BELGIUM = "111400"  # "BE00", letters as numbers: ISO 13616


class BankFileError(DomainError):
    """A bank file is not taken in; the message says why and what to do."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message, "file", **values)


@dataclass(frozen=True)
class Movement:
    """One movement on an account. cents: in > 0, out < 0, never 0. ogm: twelve digits or "".

    bank_reference: what the bank calls it, "" when it does not. position: where in the statement.
    """

    cents: int
    booked_on: date
    value_on: date
    name: str = ""
    iban: str = ""
    ogm: str = ""
    text: str = ""
    bank_reference: str = ""
    position: str = ""


@dataclass(frozen=True)
class Statement:
    """One statement of account. number: as the bank counts them. Balances in cents.

    opened_on: the day the opening balance is of; closed_on: that of the closing balance.
    """

    iban: str
    currency: str
    number: str
    opening_cents: int
    closing_cents: int
    opened_on: date
    closed_on: date
    movements: Sequence[Movement] = field(default_factory=tuple)

    @property
    def label(self) -> str:
        """Return what a person calls it: number and account."""
        return f"{self.number} · {self.iban}"

    def check_balances(self) -> None:
        """Raise BankFileError unless opening and movements make up the closing balance."""
        moved = sum(one.cents for one in self.movements)
        if self.opening_cents + moved != self.closing_cents:
            raise BankFileError(
                N_(
                    "Uittreksel %(statement)s klopt niet: beginsaldo en bewegingen samen zijn "
                    "%(found)s, het eindsaldo is %(said)s. Er is niets geboekt. Vraag het bestand "
                    "opnieuw op bij je bank."
                ),
                statement=self.label,
                found=money.euro(self.opening_cents + moved),
                said=money.euro(self.closing_cents),
            )


def in_cents(amount: Decimal) -> int:
    """Return an amount of a bank file in cents. Raises BankFileError for parts of a cent."""
    try:
        return money.from_number(amount)
    except (ValueError, ArithmeticError):
        raise BankFileError(
            N_("In dit bestand staat een bedrag dat niet in eurocent uit te drukken is.")
        ) from None


def account_number(written: str) -> str:
    """Return an account as an IBAN; a foreign number that has none as it was written.

    Old Belgian numbers of twelve digits are turned into the IBAN they became.
    """
    plain = "".join(written.split()).upper()[:34]
    if not plain.strip("0"):
        return ""
    old = len(plain) == 12 and plain.isascii() and plain.isdigit()
    if old and int(plain[:10]) % 97 == int(plain[10:]) % 97:
        return f"BE{98 - int(plain + _BELGIUM) % 97:02}{plain}"
    return plain
