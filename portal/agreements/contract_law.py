"""How a contract words the laws it names, and how long data are kept, as shipped with the portal.

`sourced` wordings were found in a source; the others a lawyer confirms (see the domain page on
law). What HSV records since replaces them from its day (`dated_texts`); texts that were frozen
keep what they say.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Wording:
    """A law in the words of a contract, from a day, perhaps to a day."""

    key: str
    meaning: str
    text: str
    sourced: bool
    from_on: date
    to_on: date | None


@dataclass(frozen=True)
class Retention:
    """How long data are kept, from a day, perhaps to a day."""

    key: str
    data: str
    term: str
    from_on: date
    to_on: date | None


@dataclass(frozen=True)
class Law:
    """What holds on a day: the wording of each law by key, and the terms data are kept."""

    wordings: Mapping[str, str]
    retentions: tuple[Retention, ...]


def shipped_law(on: date) -> Law:
    """Return what held on a day according to the data that come with the portal."""
    return Law({w.key: w.text for w in wordings(on).values()}, tuple(retentions(on)))


def wordings(on: date) -> dict[str, Wording]:
    """Return the shipped wording of each law on a day, by key; the newest of those in force."""
    in_force = [w for w in _wordings() if _is_in_force(w, on)]
    return {w.key: w for w in sorted(in_force, key=lambda w: w.from_on)}


def retentions(on: date) -> list[Retention]:
    """Return how long data are kept on a day; before the first decision, what it then said."""
    every = _retentions()
    return [r for r in every if _is_in_force(r, on)] or [r for r in every if r.to_on is None]


def _is_in_force(one: Wording | Retention, on: date) -> bool:
    return one.from_on <= on and (one.to_on is None or on <= one.to_on)


@cache
def _retentions() -> tuple[Retention, ...]:
    rows = json.loads((_DATA / "retention_terms.json").read_text("utf-8"))
    return tuple(
        Retention(row["key"], row["data"], row["term"], *_period(row["from_on"], row["to_on"]))
        for row in rows
    )


@cache
def _wordings() -> tuple[Wording, ...]:
    rows = json.loads((_DATA / "legal_wordings.json").read_text("utf-8"))
    return tuple(
        Wording(
            row["key"],
            row["meaning"],
            row["text"],
            row["sourced"],
            *_period(row["from_on"], row["to_on"]),
        )
        for row in rows
    )


def _period(from_on: str, to_on: str | None) -> tuple[date, date | None]:
    return date.fromisoformat(from_on), date.fromisoformat(to_on) if to_on else None
