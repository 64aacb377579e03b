"""How a contract words the laws it names: dated data, because laws are renumbered and replaced.

`sourced` wordings were found in a source; the others a lawyer confirms (see the domain page on
law). A newer wording is a newer row; texts that were frozen keep the old one.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data" / "legal_wordings.json"


@dataclass(frozen=True)
class Wording:
    """A law in the words of a contract, from a day, perhaps to a day."""

    key: str
    meaning: str
    text: str
    sourced: bool
    from_on: date
    to_on: date | None


def wordings(on: date) -> dict[str, Wording]:
    """Return the wording of each law on a day, by key; the newest of those in force."""
    in_force = [w for w in _all() if w.from_on <= on and (w.to_on is None or on <= w.to_on)]
    return {w.key: w for w in sorted(in_force, key=lambda w: w.from_on)}


@cache
def _all() -> tuple[Wording, ...]:
    rows = json.loads(_DATA.read_text())
    return tuple(
        Wording(
            **{k: row[k] for k in ("key", "meaning", "text", "sourced")},
            from_on=date.fromisoformat(row["from_on"]),
            to_on=date.fromisoformat(row["to_on"]) if row["to_on"] else None,
        )
        for row in rows
    )
