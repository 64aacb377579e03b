"""References people can read to each other over the phone: `O-7K3M-92QD`."""

import secrets

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_37_36

# Crockford's alphabet: no I, L, O or U, so that nothing is misheard or misread.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_reference(letter: str) -> str:
    """Return a random reference; the eighth character checks the seven before it (ISO 7064).

    `letter` says what it refers to.
    """
    body = "".join(secrets.choice(ALPHABET) for _ in range(7))
    return _written(letter, body + mod_37_36.calc_check_digit(body, ALPHABET))


def read_reference(letter: str, text: str) -> str | None:
    """Return the reference a person typed, however they typed it; None when it cannot be one."""
    code = "".join(c for c in text.upper() if c.isalnum())
    if len(code) == 9 and code[0] == letter:
        code = code[1:]
    code = code.translate(MISREAD)
    if len(code) != 8:
        return None
    try:
        return _written(letter, mod_37_36.validate(code, ALPHABET))
    except ValidationError:
        return None


def _written(letter: str, code: str) -> str:
    return f"{letter}-{code[:4]}-{code[4:]}"
