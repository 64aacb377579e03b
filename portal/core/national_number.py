"""Finds Belgian national register numbers, which the portal does not keep.

Eleven digits: birth date (yymmdd), serial of three, check of two: 97 minus the first nine modulo
97, with a 2 before them for who was born from 2000 on. A bis number has 20 or 40 added to the
month. Source: Royal Decree of 3 April 1984 on the composition of the identification number.
"""

import re
import unicodedata
from collections.abc import Iterator

_MONTHS = {*range(13), *range(20, 33), *range(40, 53)}  # 0: unknown

# What looks like such a number and is something else: a date with its year in full, a telephone
# number with a country, an account number.
_SOMETHING_ELSE = re.compile(
    r"(?<!\d)(?:\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d)(?!\d)"
    r"|\+\d[\d ./()-]{6,20}"
    r"|(?<!\d)00(?:3[1-4]|44|49|352)[ ./-]\d[\d ./()-]{6,18}"
    r"|\b[A-Za-z]{2}\d\d(?: ?\d{4}){3,}"
)
_CHAIN = re.compile(r"\d+(?:[ ._/\-‐‑–\u00a0\u202f]{1,2}\d+)*")
_BELGIAN_MOBILE = re.compile(r"324[5-9]")  # written without its plus: 32 4xx xx xx xx


def contains_national_number(text: str) -> bool:
    """Say whether eleven digits with a valid check stand somewhere in the text."""
    plain = unicodedata.normalize("NFKC", text)
    plain = _SOMETHING_ELSE.sub(" x ", plain)
    return any(_is_national_number(digits) for digits in _elevens(plain))


def _elevens(text: str) -> Iterator[str]:
    """Yield each run of whole groups of digits that has eleven digits in all."""
    for chain in _CHAIN.findall(text):
        groups = re.findall(r"[0-9]+", chain)
        for start in range(len(groups)):
            digits = ""
            for group in groups[start:]:
                digits += group
                if len(digits) == 11:
                    yield digits
                if len(digits) >= 11:
                    break


def _is_national_number(digits: str) -> bool:
    if int(digits[2:4]) not in _MONTHS or int(digits[4:6]) > 31:
        return False
    if _BELGIAN_MOBILE.match(digits):
        return False
    check = int(digits[9:])
    return check in (97 - int(digits[:9]) % 97, 97 - int("2" + digits[:9]) % 97)
