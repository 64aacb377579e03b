"""References people can read to each other over the phone: `V-7K3M-92QD`."""

import secrets

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_37_36

# Crockford's alphabet: no I, L, O or U, so that nothing is misheard or misread.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_reference() -> str:
    """Return a random reference; the eighth character checks the seven before it (ISO 7064)."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(7))
    return written(body + mod_37_36.calc_check_digit(body, ALPHABET))


def written(code: str) -> str:
    """Return the eight characters as they are written: `V-7K3M-92QD`."""
    return f"V-{code[:4]}-{code[4:]}"


def read(text: str) -> str | None:
    """Return the reference a person typed, however they typed it; None when it cannot be one."""
    code = "".join(c for c in text.upper() if c.isalnum())
    if len(code) == 9 and code[0] == "V":
        code = code[1:]
    code = code.translate(_MISREAD)
    if len(code) != 8:
        return None
    try:
        return written(mod_37_36.validate(code, ALPHABET))
    except ValidationError:
        return None
