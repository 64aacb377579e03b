"""By what a family is found again without opening anybody's data: keyed marks of what is exact.

A mark is 16 bytes that are equal for the same phone, e-mail or name however it was typed, and say
nothing without the key. They follow the sealed family by themselves and are erased with it.
"""

import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import Connection, ForeignKey, LargeBinary, delete, event, insert, inspect
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.crypto import keyring
from portal.core.db import Model, text_enum
from portal.referrals.models import Family

_BELGIUM = "32"
_SHORTEST_PHONE = 8


class Kind(StrEnum):
    PHONE = "phone"
    EMAIL = "email"
    NAME = "name"  # first and last name, in any order
    LAST_NAME = "last_name"
    CHILD = "child"  # the parent's name with the month a child was born or is expected


class FamilyMark(Model):
    """One mark of one family."""

    __tablename__ = "referral_family_mark"
    kept_with_identity: ClassVar[bool] = True
    family_id: Mapped[int] = mapped_column(
        ForeignKey("referral_family.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[Kind] = mapped_column(text_enum(Kind), primary_key=True)
    mark: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True, index=True)


def mark(kind: Kind, text: str) -> bytes | None:
    """Return the mark of a text as a person typed it; None when too little is left to compare."""
    plain = _PLAIN[kind](text)
    return keyring().index(plain, f"family {kind}") if plain else None


def plain_phone(text: str) -> str:
    """Return a telephone number as its digits with country: 0470/12.34.56 is 32470123456."""
    digits = "".join(c for c in text.replace("(0)", "") if c.isdigit())
    if len(digits) < _SHORTEST_PHONE:
        return ""
    if digits.startswith("00"):
        return digits[2:]
    if digits.startswith("0") and not text.strip().startswith("+"):
        return _BELGIUM + digits[1:]
    return digits


def plain_name(text: str) -> str:
    """Return a name in small letters of any script, without accents, its words in order."""
    folded = unicodedata.normalize("NFKD", text.casefold()).replace("ł", "l").replace("ø", "o")
    letters = "".join(c for c in folded if not unicodedata.combining(c))
    spaced = "".join(c if c.isalnum() else "" if c in "'’" else " " for c in letters)
    return " ".join(sorted(spaced.split()))


def _plain_email(text: str) -> str:
    return text.strip().casefold() if "@" in text else ""


_PLAIN = {
    Kind.PHONE: plain_phone,
    Kind.EMAIL: _plain_email,
    Kind.NAME: plain_name,
    Kind.LAST_NAME: plain_name,
    Kind.CHILD: plain_name,
}


def _of(family: Family) -> Iterator[tuple[Kind, str]]:
    identity, household = family.identity, family.household
    if identity is None:
        return
    yield Kind.PHONE, identity["phone"]
    yield Kind.EMAIL, identity["email"]
    name = f"{identity['first_name']} {identity['last_name']}"
    yield Kind.NAME, name
    yield Kind.LAST_NAME, identity["last_name"]
    if household is None or not plain_name(name):
        return
    born = [child["born"] for child in household["children"]]
    for month in {day[:7] for day in (*born, household["due"] or "")} - {""}:
        yield Kind.CHILD, f"{name} {month.replace('-', '')}"


@event.listens_for(Family, "after_insert")
def _mark(_mapper: object, connection: Connection, family: Family) -> None:
    found = {(kind, mark(kind, text or "")) for kind, text in _of(family)}
    rows = [{"family_id": family.id, "kind": k, "mark": m} for k, m in found if m is not None]
    if rows:
        connection.execute(insert(FamilyMark), rows)


@event.listens_for(Family, "after_update")
def _follow(mapper: object, connection: Connection, family: Family) -> None:
    changed: Any = inspect(family).attrs
    if not any(changed[name].history.added for name in _SEALED) and not any(
        changed[name].history.deleted for name in _SEALED
    ):
        return
    connection.execute(delete(FamilyMark).where(FamilyMark.family_id == family.id))
    _mark(mapper, connection, family)


_SEALED = ("identity_encrypted", "household_encrypted")
