"""What differs between two editions of the offer, field by field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from portal.agreements.offer import Offer, Package
from portal.agreements.terms import Formula


@dataclass(frozen=True)
class Difference:
    """One value that differs.

    part: "service", "package", "line", "own_cost", "instalment", "target" or "offer"; key says
    which one; field is None when the part as a whole was added (before is None) or taken away
    (after is None). Values as the offer holds them.
    """

    part: str
    key: str
    field: str | None
    before: Any
    after: Any
    formula: Formula | None = None


def differences(before: Offer, after: Offer) -> list[Difference]:
    """Return what differs, in the order of the offer; nothing when they say the same."""
    services = _parts(
        "service",
        {str(s.number): s for s in before.services},
        {str(s.number): s for s in after.services},
    )
    found = [*_fields("offer", "", before, after, skip=("services", "packages")), *services]
    for package in after.packages:
        found += _package(before.package(package.formula), package)
    return found


def _package(before: Package, after: Package) -> Iterator[Difference]:
    of = after.formula
    nested = ("lines", "own_costs", "instalments", "targets")
    yield from _fields("package", of.value, before, after, skip=nested, formula=of)
    for part, name in (("line", "lines"), ("own_cost", "own_costs")):
        yield from _parts(part, _by_code(before, name), _by_code(after, name), of)
    for part, name in (("instalment", "instalments"), ("target", "targets")):
        yield from _parts(part, _by_place(before, name), _by_place(after, name), of)


def _by_code(package: Package, name: str) -> dict[str, Any]:
    return {line.code: line for line in getattr(package, name)}


def _by_place(package: Package, name: str) -> dict[str, Any]:
    return {str(place): one for place, one in enumerate(getattr(package, name), 1)}


def _parts(
    part: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    formula: Formula | None = None,
) -> Iterator[Difference]:
    for key in {**before, **after}:
        if key not in after or key not in before:
            yield Difference(part, key, None, before.get(key), after.get(key), formula)
        else:
            yield from _fields(part, key, before[key], after[key], formula=formula)


def _fields(
    part: str,
    key: str,
    before: Any,
    after: Any,
    *,
    skip: Sequence[str] = (),
    formula: Formula | None = None,
) -> Iterator[Difference]:
    for name in (f.name for f in fields(after) if f.name not in skip):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield Difference(part, key, name, old, new, formula)
