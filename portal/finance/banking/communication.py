"""The structured communication (OGM): ten digits and two that check them, wherever it stands."""

import re

from stdnum.be import ogm_vcs

# As people and programs write it: +++090/9337/55493+++, ***090/9337/55493***, 090 9337 55493,
# 090933755493. Other groupings are amounts, phone numbers and customer numbers.
_WRITTEN = re.compile(r"(?<![0-9])([0-9]{3})[ ./-]?([0-9]{4})[ ./-]?([0-9]{5})(?![0-9])")
_BROKEN = re.compile(r"[+*]{3}([0-9 ./-]{12,24})[+*]{3}")  # cut up between two lines


def ogm(digits: str) -> str:
    """Return the twelve digits when they are a structured communication, else "" ."""
    plain = "".join(digits.split())
    return ogm_vcs.compact(plain) if ogm_vcs.is_valid(plain) else ""


def ogms_in(text: str) -> list[str]:
    """Return every structured communication that stands in a text, each once, in order."""
    found = ["".join(match.groups()) for match in _WRITTEN.finditer(text)]
    found += [re.sub(r"[^0-9]", "", match[1]) for match in _BROKEN.finditer(text)]
    return list(dict.fromkeys(one for one in found if ogm_vcs.is_valid(one)))


def only_ogm_in(text: str) -> str:
    """Return the one structured communication in a text; "" for none, or for several."""
    found = ogms_in(text)
    return found[0] if len(found) == 1 else ""
