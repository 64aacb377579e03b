"""Find a municipality by any name or postcode a person may know it by."""

from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.directory.folding import fold
from portal.directory.gazetteer import Place, places
from portal.directory.models import Municipality, MunicipalityPostcode

UNKNOWN = N_("Kies een gemeente in Vlaanderen of Brussel.")


class By(IntEnum):
    """Through what a municipality was found; the lowest is shown first."""

    NAME = 0
    POSTCODE = 1
    FORMER_NAME = 2
    FRENCH_NAME = 3


@dataclass(frozen=True)
class Found:
    """A municipality that answers a search.

    shown: the name or postcode that matched; exact: the text was all of it.
    """

    place: Place
    by: By
    shown: str
    exact: bool


@dataclass(frozen=True)
class _Key:
    folded: str
    place: Place
    by: By
    shown: str


@cache
def _keys() -> tuple[_Key, ...]:
    """Return every name of every municipality; the files of a release never change under it."""
    found: list[_Key] = []
    for place in places().values():
        names = [(place.name, By.NAME), (place.name_fr, By.FRENCH_NAME)]
        names += [(former, By.FORMER_NAME) for former in place.former_names]
        found += [_Key(fold(name), place, by, name) for name, by in names]
    return tuple(found)


def find_municipalities(text: str, limit: int | None = 20) -> list[Found]:
    """Return the municipalities that a text points at, the best first.

    The text may be (the beginning or a part of) the Dutch, French or former name, a postcode, or
    both ("9090 Melle"). A whole name comes before its beginning, that before a word within,
    that before any other part. A name that is no municipality beside a postcode that exists
    ("9050 Gentbrugge") leaves the postcode to decide. Costs no query. An empty text finds nothing.
    """
    words = fold(text[:80]).split()
    codes = [word for word in words if word.isdecimal()]
    name = " ".join(word for word in words if not word.isdecimal())
    known = [code for code in codes if code in _of_postcode()]
    found = _by_name(name, known) if name else []
    if not found and len(codes) == 1 and (not name or known):
        found = _by_postcode(codes[0])
    best: dict[str, tuple[int, By, str, Found]] = {}
    for rank, one in found:
        order = (rank, one.by, fold(one.place.name if name else one.shown), one)
        if one.place.nis not in best or order[:3] < best[one.place.nis][:3]:
            best[one.place.nis] = order
    return [order[3] for order in sorted(best.values(), key=lambda o: o[:3])][:limit]


@cache
def _of_postcode() -> dict[str, tuple[Place, ...]]:
    found: dict[str, tuple[Place, ...]] = {}
    for place in places().values():
        for code in place.postcodes:
            found[code] = (*found.get(code, ()), place)
    return found


def _by_name(name: str, postcodes: list[str]) -> list[tuple[int, Found]]:
    """Return (rank, found) for a name, within the postcodes when there are any."""
    return [
        (rank, Found(key.place, key.by, key.shown, rank == 0))
        for key in _keys()
        if (rank := _rank(name, key.folded)) is not None
        and (not postcodes or any(code in key.place.postcodes for code in postcodes))
    ]


def _by_postcode(code: str) -> list[tuple[int, Found]]:
    """Return (rank, found) for a postcode or its first digits."""
    if len(code) > 4:
        return []
    return [
        (int(code != postcode), Found(place, By.POSTCODE, postcode, code == postcode))
        for postcode, served in _of_postcode().items()
        if postcode.startswith(code)
        for place in served
    ]


def _rank(wanted: str, key: str) -> int | None:
    """Return how well a key answers: 0 all of it, 1 its beginning, 2 a word in it, 3 a part."""
    at = key.find(wanted)
    if at < 0:
        return None
    if key == wanted:
        return 0
    if at == 0:
        return 1
    return 2 if f" {wanted}" in key else 3


def pick_municipality(text: str) -> Place:
    """Return the one municipality that a text means, a suggestion taken over as it was included.

    Raises DomainError on `municipality` when nothing or more than one answers (values: names).
    """
    name, _, _ = text.partition(" (")  # "Merelbeke-Melle (9090, 9820) – vroeger Melle"
    found = find_municipalities(name, limit=None)
    meant = [one for one in found if one.exact] or found
    if len(meant) == 1:
        return meant[0].place
    if not meant:
        raise DomainError(UNKNOWN, field="municipality")
    names = [one.place.name for one in meant]
    raise DomainError(
        N_("Welke gemeente bedoel je: %(names)s?"),
        field="municipality",
        names=", ".join(names[:5]) + (" …" if len(names) > 5 else ""),
    )


def municipalities_of_postcode(postcode: str) -> list[Municipality]:
    """Return the municipalities of a postcode, by name: none, one, or (1040, 1050, 1804) two."""
    return list(
        db.session.scalars(
            select(Municipality)
            .join(MunicipalityPostcode)
            .where(MunicipalityPostcode.postcode == postcode.strip())
            .order_by(Municipality.sort_name)
        )
    )


def resolve(nis: str, postcode: str) -> Municipality:
    """Return the municipality of this NIS code, provided the postcode is one of its own.

    Raises DomainError on `municipality` when there is no such municipality in Flanders or
    Brussels, on `postcode` when the postcode belongs elsewhere (values: name, postcodes).
    """
    municipality = db.session.get(Municipality, nis)
    if municipality is None:
        raise DomainError(UNKNOWN, field="municipality")
    codes = [row.postcode for row in municipality.postcodes]
    if postcode.strip() not in codes:
        raise DomainError(
            N_("Deze postcode hoort niet bij %(name)s. Mogelijk zijn: %(postcodes)s."),
            field="postcode",
            name=municipality.name,
            postcodes=", ".join(codes),
        )
    return municipality
