"""What the pages of a budget print: bars, facts and the calculation of the index."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import format_date, gettext
from sqlalchemy import select

from portal.agreements.contract_words import percentage
from portal.agreements.indexation_shown import calculation, figure_text, missing
from portal.agreements.kinds import IndexKind
from portal.core.db import db
from portal.core.i18n import N_
from portal.core.money import euro
from portal.finance import budget_notices, budget_warnings
from portal.finance.budget_figures import LineStanding, Standing, Sums
from portal.finance.budget_plan import AppliedIndex
from portal.finance.budget_states import STATEMENT_PAST, YEAR_PAST
from portal.finance.models import Budget, BudgetLine, LineForecast, LineKind, Statement

LIMITS = {
    "floor": N_("Nooit lager dan het basisbedrag"),
    "cap": N_("Plafond van de overeenkomst bereikt"),
}


@dataclass(frozen=True)
class Row:
    """A line of the table: its sums, and how far it is."""

    line: BudgetLine
    sums: Sums
    tone: str
    adjusted: bool
    computed: int
    reason: str


def rows(standing: Standing, lines: Sequence[LineStanding]) -> list[Row]:
    """Return lines as the table prints them."""
    return [
        Row(
            one.line,
            one.sums,
            budget_warnings.tone(standing.budget, one.sums)
            if one.line.kind == LineKind.COST
            else "",
            one.adjusted is not None and one.adjusted.cents is not None,
            one.computed,
            one.adjusted.reason if one.adjusted else "",
        )
        for one in lines
    ]


def bars(standing: Standing) -> list[dict[str, Any]]:
    """Return the rows of the picture: booked and committed as parts of what was planned."""
    each = [(gettext("Totaal"), standing.cost)]
    each += [(one.line.label, one.sums) for one in standing.costs]
    return [_bar(standing.budget, label, sums) for label, sums in each]


def _bar(budget: Budget, label: str, sums: Sums) -> dict[str, Any]:
    plan = max(sums.planned, 1)
    words = gettext("%(used)s van %(planned)s", used=euro(sums.used), planned=euro(sums.planned))
    unplanned = 100 if sums.used > 0 else 0
    return {
        "label": label,
        "text": words,
        "short": f"{sums.percent} %" if sums.percent is not None else euro(sums.used),
        "first": max(sums.actual, 0) * 100 / plan if sums.planned > 0 else unplanned,
        "second": max(sums.committed, 0) * 100 / plan if sums.planned > 0 else 0,
        "tone": budget_warnings.tone(budget, sums),
    }


@dataclass(frozen=True)
class Step:
    """The indexation of one line, as anybody can check with a calculator."""

    line: BudgetLine
    words: str


def index_steps(budget: Budget, lines: Sequence[BudgetLine]) -> list[Step]:
    """Return how the amount of each line of cost came about; nothing when none was indexed."""
    applied = AppliedIndex.from_json(budget.index_json)
    if applied.base is None or not applied.known:
        return []
    costs = [line for line in lines if line.kind == LineKind.COST]
    return [Step(line, _words(budget, applied, line, costs)) for line in costs]


def _words(
    budget: Budget, applied: AppliedIndex, line: BudgetLine, costs: Sequence[BudgetLine]
) -> str:
    if line.overhead_bp is not None:
        rest = sum(one.planned_cents or 0 for one in costs if one.overhead_bp is None)
        return gettext(
            "%(share)s van de andere lijnen (%(rest)s) = %(amount)s",
            share=percentage(line.overhead_bp),
            rest=euro(rest),
            amount=euro(line.planned_cents),
        )
    if applied.kind == IndexKind.SPIL and not line.even:
        return gettext("%(amount)s, niet geïndexeerd", amount=euro(line.agreed_cents))
    return calculation(line.agreed_cents or 0, applied.step(budget.year))


def index_words(budget: Budget) -> str:
    """Return in one sentence how the year was indexed, or what is missing."""
    applied = AppliedIndex.from_json(budget.index_json)
    if applied.kind == IndexKind.NONE:
        return gettext("De overeenkomst voorziet geen indexering.")
    if not applied.known:
        return missing(applied.step(budget.year))
    if applied.base is None:
        return gettext("Eerste jaar: de bedragen zijn die van de overeenkomst.")
    return gettext("Geïndexeerd op 1 januari %(year)s.", year=budget.year)


def index_known(budget: Budget) -> bool:
    """Say whether the amounts are those of this year."""
    return AppliedIndex.from_json(budget.index_json).known


def index_facts(budget: Budget) -> list[dict[str, str]]:
    """Return the figures and the factor a year was indexed with, as terms and values."""
    applied = AppliedIndex.from_json(budget.index_json)
    facts = [{"label": gettext("Indexering"), "value": gettext(applied.kind.label)}]
    for label, figure in (
        (gettext("Aanvangsindex"), applied.base),
        (gettext("Nieuwe index"), applied.new),
    ):
        if figure is not None:
            value = gettext(
                "%(value)s (%(month)s, basisjaar %(year)s)",
                value=figure_text(figure.value_e4),
                month=format_date(figure.month, "MMMM yyyy", rebase=False),
                year=figure.base_year,
            )
            facts.append({"label": label, "value": value})
    if applied.known and applied.base is not None:
        factor = f"{applied.numerator / applied.denominator:.6f}".replace(".", ",")
        facts.append({"label": gettext("Factor"), "value": factor})
    if applied.limited:
        facts.append({"label": gettext("Begrensd"), "value": gettext(LIMITS[applied.limited])})
    return facts


@dataclass(frozen=True)
class Event:
    """One line of a timeline."""

    at: datetime
    label: str
    who: str
    note: str
    tone: str = "neutral"


def timeline(budget: Budget) -> list[Event]:
    """Return what happened with a budget as a whole, the latest first."""
    names = budget_notices.names_of(event.account_id for event in budget.events)
    return [
        Event(
            event.at,
            gettext(YEAR_PAST[event.action]),
            names.get(event.account_id) or gettext("Het portaal"),
            event.note,
        )
        for event in reversed(budget.events)
    ]


def forecasts(line: BudgetLine) -> list[Event]:
    """Return what people expected of a line, the latest first."""
    rows = db.session.scalars(
        select(LineForecast).where(LineForecast.line_id == line.id).order_by(LineForecast.id.desc())
    ).all()
    names = budget_notices.names_of(row.account_id for row in rows)
    back = gettext("Terug naar de berekende prognose")
    return [
        Event(
            row.at,
            back if row.cents is None else euro(row.cents),
            names.get(row.account_id, ""),
            row.reason,
        )
        for row in rows
    ]


def talk(statement: Statement) -> list[Event]:
    """Return what happened with a statement and what was said about it, the latest first."""
    names = budget_notices.names_of(event.account_id for event in statement.events)
    tones = {"question": "warning", "approve": "success"}
    return [
        Event(
            event.at,
            gettext(STATEMENT_PAST[event.action]),
            names.get(event.account_id, ""),
            event.note,
            tones.get(event.action, "neutral"),
        )
        for event in reversed(statement.events)
    ]
