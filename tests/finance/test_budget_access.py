"""Every page and download of a budget, every role, one's own and another's.

The matrix of tests/test_access.py asks who may open a page at all; here there are budgets to open.
"""

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from portal.core import guard
from portal.core.db import db
from portal.core.permissions import Role, granted
from portal.core.rendering import Converter
from portal.finance import budget_booking, budget_closing, budget_import
from portal.finance.budget_closing import Choice
from portal.finance.models import Budget
from tests import make
from tests.access_world import BUDGET_PARTS
from tests.browser import Browser
from tests.core.files import PNG
from tests.finance import make_budget, make_finance

pytestmark = pytest.mark.usefixtures("offer")
PARTNERS = (Role.NEGOTIATOR, Role.SIGNATORY, Role.PARTNER_FINANCE)
HSV = (Role.FINANCE_OFFICER, Role.AGREEMENTS_MANAGER)


@pytest.fixture(autouse=True)
def printed_by_word2pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """The converter every installation has."""
    monkeypatch.setattr(budget_closing, "Converter", partial(Converter, libreoffice=None))


@dataclass
class Side:
    """A budget with something of everything, and the addresses of it."""

    budget: Budget
    parts: dict[str, Any] = field(default_factory=dict)


def _side() -> Side:
    """Last year's budget, closed and opened again, so that it has a statement and can be booked
    on."""
    year = make_budget.this_year() - 1
    budget = make_budget.opened(make_budget.agreement(year), year)
    by = make_finance.finance_officer()
    booked = make_budget.cost(budget, 100)
    kept = budget_booking.attach(booked, PNG, "stuk.png", by)
    prepared = budget_closing.prepare(budget, Choice())
    statement = budget_closing.close(budget, prepared, Choice(), by)[0]
    budget_closing.reopen(budget, "Iets vergeten", by, None)
    rows = f"datum;lijn;bedrag;naam\n1/01/{budget.year};B10;1;Acerta".encode()
    read = budget_import.read_file(budget, rows, "b.csv", by)
    parts: dict[str, Any] = {
        "reference": budget.agreement.reference,
        "year": budget.year,
        "line_id": make_budget.line(budget, "B10").id,
        "booking_id": booked.id,
        "document_id": kept.document_id,
        "import_id": read.id,
        "statement_id": statement.id,
        "form": "pdf",
    }
    db.session.commit()
    return Side(budget, parts)


def _rules(app: Flask) -> list[Rule]:
    rules = [r for r in app.url_map.iter_rules() if r.rule.startswith("/begrotingen/")]
    return sorted(rules, key=lambda rule: rule.rule)


def _get(browser: Browser, rule: Rule, parts: dict[str, Any]) -> tuple[int, bytes]:
    page = browser.get(rule.endpoint, **{name: parts[name] for name in rule.arguments})
    return (200 if page.status == 409 else page.status), page.body  # it is shown why not now


def test_every_page_of_a_budget_answers_its_own_and_nobody_else(app: Flask) -> None:
    mine, theirs = _side(), _side()
    organisation = mine.budget.agreement.parties[0].organisation
    nothing = {**dict.fromkeys(BUDGET_PARTS, 7), "reference": "O-0000-0000", "form": "pdf"}
    problems, asked = [], 0
    for role in Role:
        place = organisation if role in PARTNERS else None
        who = Browser(app).sign_in(make.membership(role, place).account)
        for rule in _rules(app):
            if "GET" not in (rule.methods or set()):
                continue
            allowed = guard.needed(app, rule.endpoint) in granted(role)
            own = _get(who, rule, mine.parts)
            other = _get(who, rule, theirs.parts)
            missing = _get(who, rule, nothing)
            asked += 3
            expected = 200 if allowed else 403
            elsewhere = 200 if allowed and role in HSV else (404 if allowed else 403)
            if own[0] != expected or other[0] != elsewhere:
                problems.append((str(role), rule.endpoint, own[0], other[0]))
            if elsewhere == 404 and other != missing:
                problems.append((str(role), rule.endpoint, "tells that it exists"))
    assert problems == []
    assert asked > 200


def test_a_part_of_another_budget_is_not_found_in_ones_own(app: Flask) -> None:
    mine, theirs = _side(), _side()
    wim = Browser(app).sign_in(make.membership(Role.FINANCE_OFFICER).account)
    token = wim.token()
    for rule in _rules(app):
        if guard.needed(app, rule.endpoint) not in granted(Role.FINANCE_OFFICER):
            continue  # a partner's own, which test_budget_closing asks
        for part in rule.arguments - {"reference", "year", "form"}:
            mixed = {**mine.parts, part: theirs.parts[part]}
            path = wim.path(rule.endpoint, **{name: mixed[name] for name in rule.arguments})
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                answer = wim.send(method, path, data={"csrf_token": token})
                assert answer.status_code == 404, (method, rule.rule, part)
                answer.close()
