"""Who signs after which body decided, as shipped with the portal (`data/signing_rules.json`).

Source: the portal's domain page on law. A rule that is not `sourced` is usual practice that the
partner's own director confirms.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from portal.agreements.terms import DecidingBody
from portal.directory.kinds import OrganisationKind

_DATA = Path(__file__).parent / "data" / "signing_rules.json"
BRUSSELS, FLANDERS = "brussels", "flanders"


@dataclass(frozen=True)
class SigningRule:
    """In which capacities people sign for a kind of party after a body decided."""

    kind: OrganisationKind
    region: str
    body: DecidingBody
    capacities: tuple[str, ...]
    basis: str
    sourced: bool
    from_on: date
    to_on: date | None

    @property
    def key(self) -> str:
        """Return what names the rule among the dated settings."""
        return f"{self.kind}.{self.region}.{self.body}"

    def is_in_force(self, on: date) -> bool:
        """Say whether the shipped rule holds on a day."""
        return self.from_on <= on and (self.to_on is None or on <= self.to_on)


@cache
def shipped_rules() -> tuple[SigningRule, ...]:
    """Return the rules in the order they are shipped."""
    return tuple(_read(one) for one in json.loads(_DATA.read_text("utf-8")))


def _read(row: dict[str, Any]) -> SigningRule:
    return SigningRule(
        kind=OrganisationKind(row["kind"]),
        region=row["region"],
        body=DecidingBody(row["body"]),
        capacities=tuple(row["capacities"]),
        basis=row["basis"],
        sourced=row["sourced"],
        from_on=date.fromisoformat(row["from_on"]),
        to_on=date.fromisoformat(row["to_on"]) if row["to_on"] else None,
    )
