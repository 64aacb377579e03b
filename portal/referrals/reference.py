"""References of referrals: `V-7K3M-92QD`."""

from portal.core.references import new_reference as _new
from portal.core.references import read_reference

LETTER = "V"


def new_reference() -> str:
    """Return a random reference of a referral."""
    return _new(LETTER)


def read(text: str) -> str | None:
    """Return the reference a person typed, however they typed it; None when it cannot be one."""
    return read_reference(LETTER, text)
