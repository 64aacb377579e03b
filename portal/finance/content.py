"""What an invoice says, as frozen values: its lines, and both parties as they were that day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from portal.core import money

PIECE, HOUR, DAY, MONTH, KILOMETRE = "C62", "HUR", "DAY", "MON", "KMT"  # UN/ECE Rec 20
ONE = 100  # a quantity of 1


@dataclass(frozen=True)
class Line:
    """One line. `quantity_e2`: hundredths of a unit; `unit_cents`: the price of one."""

    description: str
    unit_cents: int
    quantity_e2: int = ONE
    unit: str = PIECE

    @property
    def cents(self) -> int:
        """The amount of the line, rounded once."""
        return money.round_cents(Fraction(self.quantity_e2 * self.unit_cents, ONE))


@dataclass(frozen=True)
class Sender:
    """HSV as it stands on the document, with where to pay."""

    name: str
    street: str
    postcode: str
    city: str
    kbo: str
    register: str
    email: str
    phone: str
    iban: str
    bic: str
    vat_category: str
    exemption_code: str
    exemption_text: str


@dataclass(frozen=True)
class Receiver:
    """The partner as it stands on the document, and its address on the Peppol network."""

    name: str
    street: str
    postcode: str
    city: str
    kbo: str
    peppol_id: str = ""
    country: str = "BE"


def total_cents(lines: Sequence[Line]) -> int:
    """Return what the lines add up to; VAT is nothing, because HSV's services are exempt."""
    return sum(line.cents for line in lines)


@dataclass(frozen=True)
class Issued:
    """A document as it leaves: all that its PDF and its UBL say. `ogm`: twelve digits, or none."""

    title: str
    number: str
    issued_on: date
    due_on: date
    sender: Sender
    receiver: Receiver
    lines: tuple[Line, ...]
    ogm: str = ""
    contract: str = ""
    order_number: str = ""
    buyer_reference: str = ""
    note: str = ""
    period_from: date | None = None
    period_to: date | None = None
    credits_number: str = ""
    credits_on: date | None = None
    is_claim: bool = False
    pay_url: str = ""  # where it can be paid online, without signing in

    @property
    def is_credit(self) -> bool:
        """Say whether it takes back (part of) another one."""
        return bool(self.credits_number)

    @property
    def total_cents(self) -> int:
        """What it asks for, or gives back."""
        return total_cents(self.lines)
