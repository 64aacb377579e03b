"""What a statement of account says: its figures as plain data, and the Word made of them.

Figures are kept as they were sent; the document is Dutch, as every document of HSV.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.agreements import contract
from portal.agreements.contract_words import day, euro
from portal.core import clock
from portal.core.rendering import render_docx
from portal.finance.budget_figures import LineStanding, Standing
from portal.finance.budget_settlement import Settlement

TEMPLATE = "statement.docx"


def amount(cents: int) -> str:
    """Return an amount as a statement prints it."""
    return euro(cents)


def figures(
    standing: Standing, settlement: Settlement, number: int, steering_on: date | None
) -> list[dict[str, Any]]:
    """Return the figures of each partner's statement, as plain data; amounts in cents.

    Everything but `partner`, `organisation_id` and `own` is the same for all.
    """
    budget = standing.budget
    shares = [
        {
            "name": one.line.label,
            "contribution": one.sums.planned,
            "balance": settlement.balances[at],
            "returned": settlement.returned[at],
            "carried": settlement.carried[at],
        }
        for at, one in enumerate(standing.contributions)
    ]
    common = {
        "reference": budget.agreement.reference,
        "title": budget.agreement.title,
        "year": budget.year,
        "months": budget.months,
        "number": number,
        "made_on": clock.today().isoformat(),
        "steering_on": steering_on.isoformat() if steering_on else "",
        "costs": [_line(one) for one in standing.costs],
        "income": [_line(one) for one in standing.income],
        "in_kind": [[one.line.label, one.line.planned_cents] for one in standing.in_kind],
        "cost": [standing.cost.planned, standing.cost.actual],
        "contribution": standing.contribution.planned,
        "other_income": [standing.other_income.planned, standing.other_income.actual],
        "carried_in": standing.carried,
        "balance": settlement.balance,
        "shortage": settlement.shortage,
        "shares": shares,
    }
    return [
        {
            **common,
            "organisation_id": one.line.organisation_id,
            "partner": one.line.label,
            "own": shares[at],
        }
        for at, one in enumerate(standing.contributions)
        if one.line.organisation_id is not None
    ]


def _line(one: LineStanding) -> list[Any]:
    return [one.line.code, one.line.label, one.sums.planned, one.sums.actual]


def filename(of: Mapping[str, Any]) -> str:
    """Return the name of the files of a statement, without extension."""
    return f"{of['reference']} afrekening {of['year']}-{of['number']} {of['partner']}"


def docx(of: Mapping[str, Any]) -> bytes:
    """Return a statement in Word. Raises RefusedError when the template cannot be filled in."""
    template = (contract.FOLDER / TEMPLATE).read_bytes()
    title = f"Afrekening {of['year']} ({of['reference']}, nummer {of['number']})"
    return render_docx(template, context(of), title=title, trusted=True)


def context(of: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of the template, as text."""
    income = [("", name, planned, actual) for _code, name, planned, actual in of["income"]]
    partners = [("", s["name"], s["contribution"], s["contribution"]) for s in of["shares"]]
    carried = [("", f"Overgedragen uit {of['year'] - 1}", of["carried_in"], of["carried_in"])]
    received = [*partners, *income, *(carried if of["carried_in"] else [])]
    own = of["own"]
    return {
        "referentie": of["reference"],
        "titel": of["title"],
        "jaar": str(of["year"]),
        "maanden": str(of["months"]),
        "nummer": str(of["number"]),
        "datum": day(date.fromisoformat(of["made_on"])),
        "stuurgroep": day(date.fromisoformat(of["steering_on"])) if of["steering_on"] else "",
        "partner": of["partner"],
        "kosten": [_row(*row) for row in of["costs"]],
        "kosten_samen": _row("", "Totaal kosten", *of["cost"]),
        "inkomsten": [_row(*row) for row in received],
        "inkomsten_samen": _row(
            "", "Totaal inkomsten", sum(r[2] for r in received), sum(r[3] for r in received)
        ),
        "saldo": euro(of["balance"]) if of["balance"] else "",
        "tekort": euro(of["shortage"]) if of["shortage"] else "",
        "verdeling": [
            {
                "naam": s["name"],
                "bijdrage": euro(s["contribution"]),
                "saldo": euro(s["balance"]),
                "terug": euro(s["returned"]),
                "over": euro(s["carried"]),
            }
            for s in of["shares"]
        ],
        "eigen": {
            "bijdrage": euro(own["contribution"]),
            "terug": euro(own["returned"]) if own["returned"] else "",
            "over": euro(own["carried"]) if own["carried"] else "",
        },
        "volgend_jaar": str(of["year"] + 1),
        "natura": [
            {"omschrijving": label, "waarde": "pro memorie" if cents is None else euro(cents)}
            for label, cents in of["in_kind"]
        ],
    }


def _row(code: str, label: str, planned: int, actual: int) -> dict[str, str]:
    return {
        "code": code,
        "omschrijving": label,
        "begroot": euro(planned),
        "werkelijk": euro(actual),
        "verschil": euro(planned - actual),
    }
