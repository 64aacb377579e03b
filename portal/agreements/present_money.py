"""What it costs and who bears it, as a table: a row per partner, a column per year."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.agreements import compute
from portal.agreements.terms import Terms


@dataclass(frozen=True)
class Row:
    """One row: amounts per year in cents, and their sum. `total`: a row that sums others."""

    label: str
    cents: tuple[int, ...]
    total: bool = False

    @property
    def sum_cents(self) -> int:
        return sum(self.cents)


@dataclass(frozen=True)
class Table:
    """The rows under a column per year; `notes` say which years are no whole ones."""

    years: tuple[int, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]


def table(terms: Terms) -> Table:
    """Return the contribution of each partner per year, and what it is part of."""
    totals = compute.totals(terms)
    partners = [
        Row(party.name, tuple(year.shares_cents[n] for year in totals))
        for n, party in enumerate(terms.partners)
    ]
    income = Row(_("Andere inkomsten"), tuple(year.income_cents for year in totals))
    rows = [
        *partners,
        *([_all(totals)] if len(partners) > 1 else []),
        *([income] if income.sum_cents else []),
        Row(_("Kosten"), tuple(year.cost_cents for year in totals), total=True),
    ]
    notes = [
        _("%(year)s: %(months)s", year=year.year, months=_months(year.months))
        for year in totals
        if year.months < compute.MONTHS
    ]
    return Table(tuple(year.year for year in totals), tuple(rows), tuple(notes))


def _all(totals: list[compute.YearTotals]) -> Row:
    return Row(_("Alle partners samen"), tuple(y.partners_cents for y in totals), total=True)


def _months(count: int) -> str:
    return ngettext("%(num)s maand", "%(num)s maanden", count)
