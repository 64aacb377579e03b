"""Several processes hear the same events at once, in orders of their own: each counts once."""

import random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core.db import db
from portal.finance import ledger
from portal.finance.models import Invoice, LedgerAccount, LedgerLine, OnlineCheckout, StripeEvent
from portal.finance.online import checkout, events
from tests import make
from tests.core.races import in_processes
from tests.finance import make_finance
from tests.finance.test_online_order import KINDS, Story, many_invoices, open_by_invoice, stories

pytestmark = pytest.mark.slow
PROCESSES = 4


def _hear(told: list[Story], index: int) -> int:
    """Take in and apply every event, each in transactions of its own; returns how many failed."""
    sent = [one for each in told for one in each.events]
    random.Random(index).shuffle(sent)
    failed = 0
    for one in sent:
        kept = events.take(one)
        db.session.commit()
        if kept is None:
            continue
        try:
            events.apply(kept)
            db.session.commit()
        except Exception:  # noqa: BLE001 - as the webhook does; counted, and looked at below
            db.session.rollback()
            failed += 1
    db.session.remove()
    return failed


def test_several_processes_that_hear_everything_at_once_book_each_thing_once(
    live_app: Flask,
) -> None:
    with live_app.app_context():
        make_finance.settings()
        invoices = many_invoices(2 * len(KINDS))
        told = stories(len(invoices), "r", invoices)
        db.session.remove()
    failures = in_processes(live_app, PROCESSES, lambda index: _hear(told, index))
    assert failures == [0] * PROCESSES
    with live_app.app_context():
        waiting = select(func.count()).where(StripeEvent.applied_at.is_(None))
        assert db.session.scalar(waiting.select_from(StripeEvent)) == 0
        assert open_by_invoice(invoices) == [each.open_cents for each in told]
        assert ledger.balance_of(LedgerAccount.ONLINE) == sum(each.online_cents for each in told)
        assert db.session.scalar(select(func.sum(LedgerLine.cents))) == 0
        db.session.remove()


def test_of_clicks_at_the_same_moment_there_is_one_checkout(live_app: Flask) -> None:
    with live_app.app_context():
        make_finance.settings()
        invoice_id = make_finance.issued().id
        db.session.remove()

    def click(_index: int) -> Any:
        made = checkout.begin(db.session.get_one(Invoice, invoice_id))
        db.session.commit()
        key = made.key
        db.session.remove()
        return key

    assert len(set(in_processes(live_app, PROCESSES, click))) == 1
    with live_app.app_context():
        assert make.number_of(OnlineCheckout) == 1
        db.session.remove()
