"""An edition of the offer in words and figures, as pages show it."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from flask_babel import gettext

from portal.agreements import pricing
from portal.agreements.models import EditionState
from portal.agreements.offer import Offer, Package, PriceLine, Scale
from portal.agreements.packages_compare import Difference, differences
from portal.agreements.pricing import TWO_YEARS, Size, fte
from portal.agreements.terms import Formula, Instalment, Target
from portal.core.i18n import N_
from portal.core.money import euro

STATE_LABELS = {
    EditionState.DRAFT: N_("In voorbereiding"),
    EditionState.ACTIVE: N_("In gebruik"),
    EditionState.RETIRED: N_("Vervangen"),
}
STATE_TONES = {EditionState.DRAFT: "warning", EditionState.ACTIVE: "success"}

_FIELDS = {
    "title": N_("titel"),
    "text": N_("omschrijving"),
    "families_per_fte": N_("gezinnen per voltijdse coördinator"),
    "name": N_("naam"),
    "summary": N_("wat het is"),
    "fits": N_("voor wie het past"),
    "services": N_("diensten"),
    "goal": N_("gewoonlijk om"),
    "fte_percent": N_("VTE"),
    "families": N_("gezinnen"),
    "volunteers": N_("vrijwilligers"),
    "expert_hours": N_("uren van de expert per jaar"),
    "coaching_talks": N_("coachingsgesprekken per jaar"),
    "label": N_("omschrijving"),
    "service": N_("dienst"),
    "first_cents": N_("eerste jaar"),
    "following_cents": N_("volgende jaren"),
    "scale": N_("bedrag"),
    "one_off": N_("eenmalig"),
    "wage": N_("loonkost"),
    "overhead_bp": N_("overhead"),
    "unless_service": N_("vervalt bij dienst"),
    "share_bp": N_("deel van het jaarbedrag"),
    "month": N_("maand"),
    "day": N_("dag"),
    "condition": N_("voorwaarde"),
}
_PARTS = {
    "offer": N_("Alle pakketten"),
    "service": N_("Dienst %(key)s"),
    "package": N_("Pakket %(key)s"),
    "line": N_("Pakket %(formula)s, lijn %(key)s"),
    "own_cost": N_("Pakket %(formula)s, eigen kost %(key)s"),
    "instalment": N_("Pakket %(formula)s, schijf %(key)s"),
    "target": N_("Pakket %(formula)s, streefdoel jaar %(key)s"),
}


@dataclass(frozen=True)
class ShownDifference:
    """A row of the comparison, in words."""

    place: str
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class ShownLine:
    """A line of a price list with what it costs at the package's own size."""

    line: PriceLine
    first_cents: int
    following_cents: int


def price_list(package: Package) -> list[ShownLine]:
    """Return the lines of a package, overhead calculated over all of them."""
    size = Size.of(package)
    counted = {
        line.code: line.cents
        for line in pricing.budget_lines(package.lines, package, size, TWO_YEARS)
    }
    return [
        ShownLine(line, *counted.get(line.code, (line.first_cents, line.following_cents)))
        for line in package.lines
    ]


def yearly_totals(package: Package) -> tuple[int, int]:
    """Return what a package costs in its first and in a following year, at its own size."""
    lines = pricing.budget_lines(package.lines, package, Size.of(package), TWO_YEARS)
    return sum(line.cents[0] for line in lines), sum(line.cents[1] for line in lines)


def shown_differences(before: Offer, after: Offer) -> list[ShownDifference]:
    """Return what differs between two offers, in words, with the totals that follow from it."""
    found = [_shown(one) for one in differences(before, after)]
    for formula in Formula:
        old, new = (yearly_totals(offer.package(formula)) for offer in (before, after))
        place = gettext("Pakket %(key)s", key=formula.value)
        for what, was, becomes in (
            (gettext("totaal eerste jaar"), old[0], new[0]),
            (gettext("totaal volgende jaren"), old[1], new[1]),
        ):
            if was != becomes:
                found.append(ShownDifference(place, what, euro(was), euro(becomes)))
    return found


def _shown(one: Difference) -> ShownDifference:
    formula = one.formula.value if one.formula else ""
    place = gettext(_PARTS[one.part], key=one.key, formula=formula)
    if one.field is None:
        what = gettext("toegevoegd") if one.before is None else gettext("weggelaten")
        return ShownDifference(place, what, _whole(one.before), _whole(one.after))
    label = gettext(_FIELDS.get(one.field, one.field))
    return ShownDifference(
        place, label, _value(one.field, one.before), _value(one.field, one.after)
    )


def _whole(thing: Any) -> str:
    if isinstance(thing, PriceLine):
        return f"{thing.label}: {euro(thing.first_cents)}, {euro(thing.following_cents)}"
    if isinstance(thing, Instalment):
        return f"{thing.label}: {percent(thing.share_bp)}"
    if isinstance(thing, Target):
        return gettext(
            "%(families)s gezinnen, %(volunteers)s vrijwilligers",
            families=thing.families,
            volunteers=thing.volunteers,
        )
    return ""


def _value(field: str, value: Any) -> str:  # noqa: PLR0911 - one line per kind of value
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return gettext("ja") if value else gettext("nee")
    if isinstance(value, Enum):
        return gettext(getattr(value, "label", value.value))
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in value)
    if field.endswith("_cents"):
        return euro(value)
    if field.endswith("_bp"):
        return percent(value)
    if field == "fte_percent":
        return fte(value)
    return str(value)


def percent(basis_points: int) -> str:
    """Return a share as people write it: 8 %, 33,33 %."""
    whole, part = divmod(basis_points, 100)
    return f"{whole},{part:02} %" if part else f"{whole} %"


def euros(cents: int) -> str:
    """Return an estimate, which is in whole euros: € 56.214."""
    return euro(cents).removesuffix(",00")


def scale_label(scale: Scale) -> str:
    """Return what an amount grows with, in words."""
    return gettext(scale.label)
