"""Ten thousand events, each up to five times, in any order: the same end as in order and once."""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session
from stdnum.be import ogm_vcs

from portal.core import clock as portal_clock
from portal.core.db import db, new_id
from portal.finance import ledger, payment_state
from portal.finance.models import (
    CheckoutState,
    Invoice,
    LedgerAccount,
    LedgerLine,
    OnlineCheckout,
    OnlineDispute,
    OnlinePayment,
    OnlineRefund,
)
from portal.finance.online import events, gateway
from tests.finance import make_finance, make_online, stripe_server
from tests.finance.stripe_server import Json, dispute, event, movement, payout, refund, session

pytestmark = pytest.mark.usefixtures("settings")
NOW = datetime(2027, 2, 1, 9, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
CENTS = 1_000_00
STORIES = 1_250
EACH = 8  # events of a story
OFTEN = (60, 20, 10, 6, 4)  # of a hundred events: told once, twice, … five times
KINDS = (0, 1, 2, 3, 4, 3, 4, 4, 3, 4)
RUNS = 20


@pytest.fixture(autouse=True)
def february(clock) -> None:
    clock.move_to(NOW)


@dataclass
class Story:
    """What happens with one checkout, in order, and what must stand at the end."""

    name: str
    events: list[Json]
    open_cents: int
    online_cents: int
    state: CheckoutState


def story(kind: int, name: str, checkout_id: int) -> Story:
    """One of five stories of eight events, about objects of its own."""
    intent, numbers = f"pi_{name}", iter(range(99))

    def tell(what: str, thing: Json) -> Json:
        return event(what, thing, f"evt_{name}_{next(numbers)}", SECONDS)

    asked = session(f"cs_{name}", CENTS, checkout_id)
    agreed = asked | {"status": "complete", "payment_intent": intent}
    paid = agreed | {"payment_status": "paid"}
    completed = "checkout.session.completed"
    if kind == 0:
        part, whole = refund(f"re1_{name}", intent, 400_00, "pending"), "refund.updated"
        fails = refund(f"re2_{name}", intent, 300_00, "succeeded")
        told = [tell(completed, paid), tell("refund.created", part), tell(whole, part)]
        told += [tell(whole, part | {"status": "succeeded"}) for _ in range(2)]
        told += [tell("refund.created", fails), tell(whole, fails)]
        told += [tell("refund.failed", fails | {"status": "failed"})]
        return Story(name, told, 400_00, CENTS - 400_00, CheckoutState.PAID)
    if kind == 1:
        taken = movement(f"txn1_{name}", -CENTS, 20_00, SECONDS)
        plain = dispute(f"du_{name}", intent, CENTS, "needs_response")
        withdrawn = dispute(f"du_{name}", intent, CENTS, "under_review", taken)
        told = [tell(completed, agreed), tell("checkout.session.async_payment_succeeded", paid)]
        told += [tell("charge.dispute.created", plain)]
        told += [tell("charge.dispute.updated", plain) for _ in range(2)]
        told += [tell("charge.dispute.funds_withdrawn", withdrawn)]
        told += [tell("charge.dispute.updated", withdrawn)]
        told += [tell("charge.dispute.closed", withdrawn | {"status": "lost"})]
        return Story(name, told, CENTS, -20_00, CheckoutState.PAID)
    if kind == 2:
        back = [
            movement(f"txn{n}_{name}", cents, 0, SECONDS) for n, cents in ((1, -CENTS), (2, CENTS))
        ]
        first = dispute(f"du_{name}", intent, CENTS, "needs_response", back[0])
        both = dispute(f"du_{name}", intent, CENTS, "under_review", *back)
        told = [tell(completed, paid), tell("charge.dispute.created", first)]
        told += [tell("charge.dispute.updated", first) for _ in range(3)]
        told += [tell("charge.dispute.funds_reinstated", both)]
        told += [tell("charge.dispute.closed", both | {"status": "won"}) for _ in range(2)]
        return Story(name, told, 0, CENTS, CheckoutState.PAID)
    sent = payout(f"po_{name}", 10_00, "in_transit", SECONDS)
    arrived, bounced = sent | {"status": "paid"}, sent | {"status": "failed"}
    told = [tell("payout.created", sent), tell("payout.paid", arrived)]
    told += [tell(f"charge.{what}", {"object": "charge"}) for what in ("succeeded", "updated")]
    told += [tell("payment_intent.created", {"object": "charge"})]
    if kind == 3:
        failed = tell("checkout.session.async_payment_failed", agreed)
        told += [tell("payout.failed", bounced), tell(completed, agreed), failed]
        return Story(name, told, CENTS, 0, CheckoutState.FAILED)
    told += [tell("charge.captured", {"object": "charge"}), tell("payout.updated", arrived)]
    told += [tell("checkout.session.expired", asked | {"status": "expired"})]
    return Story(name, told, CENTS, -10_00, CheckoutState.EXPIRED)


def many_invoices(number: int) -> list[int]:
    """Store copies of an issued invoice with numbers of their own; returns their ids."""
    model = make_finance.issued()
    shared = {
        column.key: getattr(model, column.key)
        for column in Invoice.__mapper__.column_attrs
        if column.key not in ("id", "reference", "number", "sequence", "ogm", "due_key")
    }
    shared |= {"total_cents": CENTS, "series": "invoice-2099"}
    rows = []
    for sequence in range(1, number + 1):
        body = f"12099{sequence:05}"
        named = {"reference": f"F-T{sequence:07}", "number": f"T{sequence}", "sequence": sequence}
        ogm = body + ogm_vcs.calc_check_digits(body)
        rows.append({**shared, **named, "id": new_id(), "ogm": ogm, "due_key": None})
    db.session.execute(insert(Invoice), rows)
    return [row["id"] for row in rows]


def stories(number: int, prefix: str, invoices: list[int]) -> list[Story]:
    """Write down a checkout for each invoice, and what will happen with it."""
    now, rows, told = portal_clock.now(), [], []
    for index, invoice_id in enumerate(invoices[:number]):
        name = f"{prefix}{index}"
        row: dict[str, Any] = {"id": new_id(), "invoice_id": invoice_id, "cents": CENTS}
        row |= {"attempt": 1, "key": name, "state": CheckoutState.ASKED}
        rows.append(row | {"created_at": now, "expires_at": now})
        told.append(story(KINDS[index % len(KINDS)], name, row["id"]))
    db.session.execute(insert(OnlineCheckout), rows)
    db.session.commit()
    return told


def open_by_invoice(ids: list[int]) -> list[int]:
    query = select(Invoice.id, payment_state.open_cents().label("open")).where(Invoice.id.in_(ids))
    found = {row.id: row.open for row in db.session.execute(query)}
    return [found[one] for one in ids]


def hear(sent: list[tuple[bytes, str]]) -> Counter[str]:
    """Let the portal hear signed bodies, as its webhook does; commit now and then."""
    outcome: Counter[str] = Counter()
    for number, (body, signature) in enumerate(sent):
        try:
            kept = events.take(gateway.verified(body, signature))
        except gateway.ForgedError:
            outcome["refused"] += 1
            continue
        outcome["new" if kept else "known"] += 1
        if kept:
            events.apply(kept)
        if number % 500 == 0:
            db.session.commit()
            db.session.expunge_all()
    db.session.commit()
    return outcome


@pytest.mark.slow
def test_ten_thousand_events_in_any_order_end_as_in_order_and_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "STRIPE_WEBHOOK_SECRET", stripe_server.SECRET)
    invoices = many_invoices(STORIES)
    told = stories(STORIES, "s", invoices)
    chance = random.Random(2027)
    genuine = [one for each in told for one in each.events]
    assert len(genuine) == STORIES * EACH == 10_000
    times = chance.choices(range(1, 6), OFTEN, k=len(genuine))
    sent = [
        stripe_server.signed(one)
        for one, often in zip(genuine, times, strict=True)
        for _ in range(often)
    ]
    forged = [stripe_server.signed(one, secret="whsec_vals") for one in genuine[::20]]
    stale = [stripe_server.signed(one, at=SECONDS - 301) for one in genuine[::20]]
    everything = sent + forged + stale
    chance.shuffle(everything)
    outcome = hear(everything)
    kept = sum(one["data"]["object"]["object"] != "charge" for one in genuine)
    assert (outcome["new"], outcome["refused"]) == (kept, len(forged) + len(stale))
    assert sum(outcome.values()) == len(everything)
    assert open_by_invoice(invoices) == [each.open_cents for each in told]
    states = select(OnlineCheckout.state).order_by(OnlineCheckout.id)
    assert list(db.session.scalars(states)) == [each.state for each in told]
    assert ledger.balance_of(LedgerAccount.ONLINE) == sum(each.online_cents for each in told)
    tenth = STORIES // 10
    assert ledger.balance_of(LedgerAccount.FEES) == tenth * 20_00
    assert ledger.balance_of(LedgerAccount.TRANSIT) == tenth * 4 * 10_00
    assert ledger.balance_of(LedgerAccount.UNMATCHED) == 0
    assert db.session.scalar(select(func.sum(LedgerLine.cents))) == 0


def picture(told: list[Story], invoices: list[int]) -> list[Any]:
    """Everything that stands about these stories, without ids and moments."""
    found = []
    for each, left in zip(told, open_by_invoice(invoices), strict=True):
        query = select(OnlinePayment).where(OnlinePayment.intent_id == f"pi_{each.name}")
        online = db.session.scalar(query)
        hung: list[Any] = []
        lines: list[Any] = []
        if online is not None:
            for model in (OnlineRefund, OnlineDispute):
                rows = select(model).where(model.online_payment_id == online.id)
                hung += sorted((str(row.state), row.cents) for row in db.session.scalars(rows))
        checkout = select(OnlineCheckout).where(OnlineCheckout.key == each.name)
        row = db.session.scalars(checkout).one()
        booked = select(LedgerLine.account, LedgerLine.cents).where(
            LedgerLine.invoice_id == row.invoice_id
        )
        lines = sorted((str(account), cents) for account, cents in db.session.execute(booked))
        found.append((left, str(row.state), row.remote_id == f"cs_{each.name}", hung, lines))
    return found


@pytest.fixture
def heard(app: Flask, monkeypatch: pytest.MonkeyPatch) -> tuple[list[int], list[Any]]:
    """The five stories, told in order and once; more invoices, and what they must look like."""
    monkeypatch.setitem(app.config, "STRIPE_WEBHOOK_SECRET", stripe_server.SECRET)
    invoices = many_invoices(5 * (RUNS + 1))
    told = stories(5, "orde", invoices[:5])
    for each in told:
        for one in each.events:
            make_online.apply(one)
    db.session.commit()
    return invoices[5:], picture(told, invoices[:5])


def test_any_order_and_repetition_leaves_the_same_rows_as_in_order(
    heard: tuple[list[int], list[Any]], session: Session
) -> None:
    invoices, expected = heard
    runs = iter(range(RUNS))

    @settings(max_examples=RUNS)
    @given(st.randoms(use_true_random=False), st.integers(1, 3))
    def check(chance: random.Random, times: int) -> None:
        run = next(runs)
        mine = invoices[run * 5 :][:5]
        told = stories(5, f"run{run}x", mine)
        sent = [one for each in told for one in each.events] * times
        chance.shuffle(sent)
        for one in sent:
            make_online.apply(one)
        db.session.commit()
        assert picture(told, mine) == expected

    check()
    assert next(runs, None) is None, "every run was made"
