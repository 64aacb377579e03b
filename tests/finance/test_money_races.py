"""Money placed, booked and closed by several processes at once: nothing lost, nothing twice."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from flask import Flask

from portal.core import clock
from portal.core.db import db
from portal.core.errors import ConflictError, DomainError
from portal.finance import budget_booking, budget_closing, budget_figures, ledger, payments
from portal.finance.budget_closing import Choice
from portal.finance.models import (
    Booking,
    Budget,
    Invoice,
    LedgerAccount,
    Payment,
    PaymentSource,
    Statement,
    YearStatus,
)
from portal.finance.payments import Received
from tests import make
from tests.agreements import make_agreement
from tests.core.races import in_processes
from tests.finance import make_budget, make_finance, make_payment

pytestmark = pytest.mark.slow
PROCESSES, EACH = 6, 15


def test_one_payment_placed_by_many_processes_never_pays_more_than_it_is(live_app: Flask) -> None:
    with live_app.app_context():
        make_finance.settings()
        invoices = [make_finance.issued().id for _ in range(3)]
        paying = [make_payment.received(200_00).id for _ in range(2)]
        by = make_finance.finance_officer()

    def place(index: int) -> int:
        placed = 0
        for turn in range(EACH):
            payment = db.session.get_one(Payment, paying[(index + turn) % 2])
            invoice = db.session.get_one(Invoice, invoices[(index * turn) % 3])
            try:
                payments.allocate(payment, invoice, 30_00 + index, by)
            except DomainError:
                db.session.rollback()
            else:
                db.session.commit()
                placed += 30_00 + index
        return placed

    found = in_processes(live_app, PROCESSES, place)
    with live_app.app_context():
        rests = [ledger.rest_of(db.session.get_one(Payment, one)) for one in paying]
        left = [payments.open_cents(db.session.get_one(Invoice, one)) for one in invoices]
        assert all(rest >= 0 for rest in rests)
        assert all(cents >= 0 for cents in left)
        assert sum(found) == 400_00 - sum(rests) == 750_00 - sum(left)
        assert sum(found) > 300_00
        db.session.remove()


def test_a_movement_seen_by_many_processes_is_booked_once(live_app: Flask) -> None:
    def see(_index: int) -> int:
        booked = 0
        for number in range(EACH):
            seen = Received(PaymentSource.BANK, 10_00, clock.today(), f"bank:{number}")
            booked += payments.receive(seen, None) is not None
            db.session.commit()
        return booked

    found = in_processes(live_app, PROCESSES, see)
    assert sum(found) == EACH
    with live_app.app_context():
        assert ledger.balance_of(LedgerAccount.BANK) == EACH * 10_00
        assert ledger.balance_of(LedgerAccount.UNMATCHED) == -EACH * 10_00
        db.session.remove()


def _last_year() -> int:
    """Return the id of last year's budget of an agreement, opened."""
    make_agreement.load_offer()
    year = make_budget.this_year() - 1
    return make_budget.opened(make_budget.agreement(year), year).id


def test_what_many_processes_book_while_another_closes_is_in_the_statement_or_refused(
    live_app: Flask,
) -> None:
    with live_app.app_context():
        budget_id, by = _last_year(), make_finance.finance_officer()

    def work(index: int) -> Any:
        return _close(budget_id, by) if index == 0 else _book(budget_id, by, index)

    found = in_processes(live_app, PROCESSES, work)
    said = Counter(answer for answer in found if isinstance(answer, str))
    booked = sum(answer for answer in found if isinstance(answer, int))
    with live_app.app_context():
        budget = db.session.get_one(Budget, budget_id)
        assert said == {"closed": 1}, said
        assert budget.status == YearStatus.CLOSED
        assert make.number_of(Booking) == booked
        standing = budget_figures.standing(budget)
        assert standing.cost.actual == booked * 10_00
        frozen = db.session.query(Statement).one().figures_json
        assert frozen["cost"][1] == booked * 10_00
        db.session.remove()


def _close(budget_id: int, by: Any) -> str:
    """Close the year, however often somebody books in between."""
    for _ in range(200):
        budget = db.session.get_one(Budget, budget_id, populate_existing=True)
        prepared = budget_closing.prepare(budget, Choice())
        db.session.rollback()
        try:
            budget_closing.close(budget, prepared, Choice(), by)
        except ConflictError:
            db.session.rollback()
        else:
            db.session.commit()
            return "closed"
    return "never closed"


def _book(budget_id: int, by: Any, index: int) -> int:
    booked = 0
    for turn in range(EACH):
        budget = db.session.get_one(Budget, budget_id, populate_existing=True)
        code, day = ("B10", "B20")[turn % 2], date(budget.year, 1 + index, 1 + turn)
        entry = make_budget.entry(budget, 10_00, code, booked_on=day)
        try:
            budget_booking.book(budget, entry, by)
        except DomainError:
            db.session.rollback()
        else:
            db.session.commit()
            booked += 1
    return booked
