"""What keeps an addendum from being proposed: beside what holds for any terms, its own rules."""

from collections.abc import Iterator
from datetime import timedelta

from portal.agreements import compute, drafting_checks, in_force, instalments
from portal.agreements.drafting_checks import BUDGET, DURATION, PARTIES, SHARES, Remark
from portal.agreements.models import Addendum
from portal.agreements.terms import Terms
from portal.core import clock
from portal.core.i18n import N_, long_date
from portal.core.money import euro

GROUND = "aanleiding"  # the step that asks why and from when


def remarks(addendum: Addendum, typed: Terms | None = None) -> list[Remark]:
    """Return everything to look at, in the order of the steps; `typed`: terms not saved yet."""
    base, terms = in_force.concluded(addendum.agreement), typed or addendum.terms
    of_terms = [one for one in drafting_checks.remarks(terms) if _counts(one)]
    found = [*_ground(addendum, base, terms), *_past(addendum, base, terms), *of_terms]
    order = [GROUND, *drafting_checks.STEPS]
    return sorted(found, key=lambda one: (order.index(one.step), not one.blocking))


def blocking(addendum: Addendum) -> list[Remark]:
    """Return what keeps the addendum from being proposed."""
    return [one for one in remarks(addendum) if one.blocking]


def _counts(one: Remark) -> bool:
    """Leave out advice that is for agreements that have yet to begin."""
    return one.blocking or one.step not in (DURATION, PARTIES)


def _ground(addendum: Addendum, base: Terms, terms: Terms) -> Iterator[Remark]:
    if not addendum.reason:
        yield Remark(GROUND, N_("Schrijf waarom de overeenkomst wijzigt."))
    if addendum.from_on is None:
        yield Remark(GROUND, N_("Kies vanaf welke dag het addendum geldt."))
    if terms.with_(settled=()) == base.with_(settled=()):
        yield Remark(
            GROUND, N_("Er is nog niets gewijzigd. Kies een stap en pas de afspraken aan.")
        )
    if addendum.from_on is None:
        return
    if addendum.from_on < clock.today():
        words = N_("De dag waarop het addendum ingaat, is voorbij. Kies vandaag of later.")
        yield Remark(GROUND, words)
    newest = in_force.layers(addendum.agreement)[-1]
    if newest.number is not None and addendum.from_on < newest.from_on:
        words = N_("Addendum %(number)s gaat in op %(day)s. Kies die dag of later.")
        values = (("number", newest.number), ("day", long_date(newest.from_on)))
        yield Remark(GROUND, words, values)
    if base.ends_on is not None and addendum.from_on > base.ends_on + timedelta(days=1):
        words = N_("De overeenkomst eindigt op %(day)s. Kies ten laatste de dag erna.")
        yield Remark(GROUND, words, (("day", long_date(base.ends_on)),))
    ends_on = terms.ends_on
    if ends_on is not None and ends_on < addendum.from_on - timedelta(days=1):
        words = N_("De nieuwe laatste dag ligt voor de dag waarop het addendum ingaat.")
        yield Remark(DURATION, words)


def _past(addendum: Addendum, base: Terms, terms: Terms) -> Iterator[Remark]:
    """Yield what would change years that are over, or ask back what fell due."""
    from_on = addendum.from_on
    if from_on is None:
        return
    old = {y.year: y for y in compute.totals(base)}
    new = {y.year: y for y in compute.totals(terms)}
    for year, was in old.items():
        now = new.get(year)
        costs = (was.cost_cents, was.income_cents)
        if year < from_on.year and (now is None or (now.cost_cents, now.income_cents) != costs):
            words = N_("De bedragen van %(year)s liggen vast: dat jaar is voorbij als dit ingaat.")
            yield Remark(BUDGET, words, (("year", year),))
    fallen = instalments.fallen(in_force.layers(addendum.agreement), from_on)
    for (year, position), cents in fallen.items():
        share = new[year].shares_cents[position] if year in new else 0
        if year >= from_on.year and share < cents:
            words = N_(
                "Van %(name)s verviel in %(year)s al %(fallen)s voor het addendum ingaat. De "
                "nieuwe bijdrage van dat jaar kan niet lager zijn."
            )
            name = terms.partners[position].name
            values = (("name", name), ("year", year), ("fallen", euro(cents)))
            yield Remark(SHARES, words, values)
