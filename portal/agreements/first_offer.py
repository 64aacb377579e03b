"""The offer a new portal begins with, from the files shipped with it.

Amounts are an estimate in euros of 2026; HSV replaces them on screen by an edition of its own.
"""

import csv
import json
from importlib.resources import files
from typing import Any

from portal.agreements.offer import Offer, Package, PriceLine, Scale, ServiceText
from portal.agreements.terms import Formula
from portal.core.plain import from_plain

OVERHEAD_BP = 800
OWN_COST = "P"  # codes of what the partner bears beside the agreement
_SCALES = {
    "": Scale.NONE,
    "vte": Scale.FTE,
    "vrijwilligers": Scale.VOLUNTEERS,
    "gezinnen": Scale.FAMILIES,
}


def first_offer() -> tuple[str, Offer]:
    """Return the title and the offer of the first edition."""
    content: dict[str, Any] = json.loads(_read("aanbod.json"))
    prices = _prices()
    packages = tuple(_package(each, prices) for each in content["packages"])
    services = tuple(from_plain(ServiceText, each) for each in content["services"])
    return content["title"], Offer(services, packages, content["families_per_fte"])


def _package(content: dict[str, Any], prices: dict[Formula, list[PriceLine]]) -> Package:
    lines = prices[Formula(content["formula"])]
    bare = from_plain(Package, content)
    own = tuple(line for line in lines if line.code.startswith(OWN_COST))
    asked = tuple(line for line in lines if line not in own)
    return Package(**{**vars(bare), "lines": asked, "own_costs": own})


def _prices() -> dict[Formula, list[PriceLine]]:
    found: dict[Formula, list[PriceLine]] = {formula: [] for formula in Formula}
    for row in csv.DictReader(_read("budgets.csv").splitlines()):
        found[Formula(row["formule"])].append(_line(row))
    return found


def _line(row: dict[str, str]) -> PriceLine:
    overhead = row["schaal"] == "overhead"
    return PriceLine(
        code=row["code"],
        label=row["lijn"],
        service=row["dienst"],
        first_cents=0 if overhead else int(row["jaar1_eur"]) * 100,
        following_cents=0 if overhead else int(row["volgende_jaren_eur"]) * 100,
        scale=Scale.NONE if overhead else _SCALES[row["schaal"]],
        one_off=row["eenmalig"] == "ja",
        wage=row["loon"] == "ja",
        overhead_bp=OVERHEAD_BP if overhead else None,
        unless_service=int(row["behalve_met_dienst"] or 0) or None,
    )


def _read(name: str) -> str:
    return files("portal.agreements").joinpath("data", name).read_text(encoding="utf-8")
