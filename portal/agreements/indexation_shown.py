"""How an amount was indexed, in figures anybody can check with a calculator."""

from fractions import Fraction

from flask_babel import format_date, gettext

from portal.agreements.indexation import CAP, FLOOR, Figure, Step
from portal.core.money import euro, round_cents


def figure_text(value_e4: int) -> str:
    """Return a figure as it is published: two decimals, or more when it has them."""
    whole, part = divmod(value_e4, 10_000)
    decimals = f"{part:04}".rstrip("0").ljust(2, "0")
    return f"{whole},{decimals}"


def calculation(cents: int, step: Step) -> str:
    """Return the whole calculation of an amount in a year, or what is missing for it."""
    if step.factor is None:
        return missing(step)
    if step.base is None or step.new is None:
        return gettext("%(amount)s, niet geïndexeerd", amount=euro(cents))
    plain = Fraction(step.new.value_e4, step.base.value_e4)
    words = f"{euro(cents)} × {_named(step.new)} ÷ {_named(step.base)}"
    words += f" = {euro(round_cents(cents * plain))}"
    if step.limited == FLOOR:
        words += gettext("; nooit lager dan het basisbedrag: %(amount)s", amount=euro(cents))
    if step.limited == CAP:
        limit = euro(round_cents(cents * step.factor))
        words += gettext("; begrensd door het plafond: %(amount)s", amount=limit)
    return words


def missing(step: Step) -> str:
    """Say of which months a figure is not known."""
    months = ", ".join(format_date(month, "MMMM yyyy", rebase=False) for month in step.missing)
    if not months:
        return gettext("De maand van de aanvangsindex is niet gekozen.")
    known = step.base or step.new
    if known is None:
        return gettext("Nog niet bekend: het cijfer van %(months)s.", months=months)
    return gettext(
        "Nog niet bekend: het cijfer van %(months)s, met basisjaar %(year)s.",
        months=months,
        year=known.base_year,
    )


def _named(figure: Figure) -> str:
    month = format_date(figure.month, "MMMM yyyy", rebase=False)
    return f"{figure_text(figure.value_e4)} ({month})"
