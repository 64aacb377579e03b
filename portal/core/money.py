"""Money: whole cents everywhere; Decimal only in here.

One rounding rule (half a cent goes away from zero) and one way to share an amount out (the
remainder goes to the largest fractions, the first of equals first), so that shares always sum.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

LARGEST_CENTS = 10**12  # ten thousand million euro: beyond any amount here, within any column

_TYPED = re.compile(
    r"(?P<sign>[-−])?\s*€?\s*(?P<euros>[0-9]{1,3}(?:[. \u00a0\u202f][0-9]{3})+|[0-9]{1,12})"
    r"(?:,(?P<cents>[0-9]{1,2}))?\s*(?:€|euro)?"
)

_EXPORTED = re.compile(
    r"(?P<sign>-)?\s*(?:€|EUR)?\s*"
    r"(?P<whole>[0-9]{1,3}(?:(?P<by>[., '\u00a0\u202f])[0-9]{3})(?:(?P=by)[0-9]{3})*|[0-9]{1,12})"
    r"(?:(?P<point>[.,])(?P<cents>[0-9]{1,2}))?\s*(?:€|EUR)?\s*(?P<after>-)?"
)
_NOISE = Decimal("0.0001")


def parse(typed: str) -> int:
    """Return cents from an amount as people here type it: 1.234,56 · 1234,5 · € 20 · 20 euro.

    Raises ValueError for anything else, "1.5" and "12.34" included: a point may mean either.
    """
    match = _TYPED.fullmatch(typed.strip())
    if match is None:
        raise ValueError("not an amount")
    euros = int(re.sub(r"[^0-9]", "", match["euros"]))
    cents = euros * 100 + int((match["cents"] or "").ljust(2, "0"))
    if cents > LARGEST_CENTS:
        raise ValueError("an amount this large is a mistake")
    return -cents if match["sign"] else cents


def parse_exported(typed: str) -> int:
    """Return cents from an amount as another program wrote it: 1234.56 · 1,234.56 · 1.234,56.

    The last sign that stands once before one or two digits is the decimal one. Raises ValueError
    for anything else, "1,234" included: that is a thousand to one and a euro to another.
    """
    plain = typed.strip().replace("−", "-")
    match = _EXPORTED.fullmatch(plain)
    if match is None:
        raise ValueError("not an amount")
    whole = match["whole"]
    separators = set(re.sub(r"[0-9]", "", whole))
    if match["sign"] and match["after"]:
        raise ValueError("two signs")
    if not match["cents"] and separators & {",", "."}:
        raise ValueError("a comma or a point that may mean either")
    if match["point"] in separators:
        raise ValueError("one sign means two things")
    cents = int(re.sub(r"[^0-9]", "", whole)) * 100 + int((match["cents"] or "").ljust(2, "0"))
    if cents > LARGEST_CENTS:
        raise ValueError("an amount this large is a mistake")
    return -cents if match["sign"] or match["after"] else cents


def from_number(euros: Decimal) -> int:
    """Return cents from a number of euros that a program worked out. Raises ValueError when it
    holds parts of a cent that are more than the noise of a binary fraction."""
    if not euros.is_finite() or abs(euros) * 100 > LARGEST_CENTS:
        raise ValueError("not an amount")
    cents = int((euros * 100).to_integral_value())
    if abs(euros * 100 - cents) > _NOISE:
        raise ValueError("an amount has no parts of a cent")
    return cents


def euro(cents: int | None) -> str:
    """Return € 1.234,56 with spaces that do not break; nothing for None."""
    if cents is None:
        return ""
    whole, rest = divmod(abs(cents), 100)
    grouped = f"{whole:,}".replace(",", ".")
    return f"€\u00a0{'-' if cents < 0 else ''}{grouped},{rest:02}"


def as_decimal(cents: int) -> Decimal:
    """Return the amount in euros with two decimals, for files other systems read."""
    return Decimal(cents).scaleb(-2)


def round_cents(exact: Fraction) -> int:
    """Return whole cents; half a cent goes away from zero."""
    rounded = int((abs(exact) * 2 + 1) // 2)
    return rounded if exact >= 0 else -rounded


def allocate(total_cents: int, weights: Sequence[int]) -> list[int]:
    """Return shares of an amount in proportion to weights; they sum to it exactly.

    Each share is within a cent of its exact part, and has the sign of the total. Raises
    ValueError unless all weights are at least 0 and one is more.
    """
    whole = sum(weights)
    if any(w < 0 for w in weights) or whole <= 0:
        raise ValueError("weights must be at least 0, and one of them more")
    amount = abs(total_cents)
    shares = [amount * w // whole for w in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -(amount * weights[i] % whole))
    for i in by_remainder[: amount - sum(shares)]:
        shares[i] += 1
    return shares if total_cents >= 0 else [-s for s in shares]
