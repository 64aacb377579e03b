"""Builders for payments online: a stand-in for Stripe that is set up, and checkouts in it."""

from typing import Any

from flask import Flask

from portal.core import clock
from portal.core.db import db
from portal.finance import ledger, pay_links, payments
from portal.finance.models import (
    CheckoutState,
    Invoice,
    LedgerAccount,
    OnlineCheckout,
    Payment,
    PaymentSource,
)
from portal.finance.online import bookings, checkout, events
from portal.finance.online.facts import SessionFact
from tests.browser import Browser, Page
from tests.finance import stripe_server
from tests.finance.stripe_server import Json, Stripe

ACCOUNTS = (LedgerAccount.ONLINE, LedgerAccount.TRANSIT, LedgerAccount.FEES)


def set_up(app: Flask, stripe: Stripe, monkeypatch: Any) -> None:
    """Give the portal its keys, and the stand-in as its Stripe."""
    monkeypatch.setitem(app.config, "STRIPE_SECRET_KEY", stripe_server.KEY)
    monkeypatch.setitem(app.config, "STRIPE_WEBHOOK_SECRET", stripe_server.SECRET)
    monkeypatch.setitem(app.config, "STRIPE_API_BASE", stripe.url)


def press(browser: Browser, invoice: Invoice) -> Page:
    """Press the button on the page to pay; answers with a redirect to Stripe."""
    return browser.post_to(f"{pay_links.path_of(invoice)}/online")


def session_of(browser: Browser, invoice: Invoice) -> str:
    """Press the button; return the id of the session that was made."""
    answer = press(browser, invoice)
    assert answer.status == 303, answer.text
    return answer.location.rsplit("/", 1)[-1]


def tell(browser: Browser, *told: Json) -> None:
    """Send events to the portal as Stripe does, over HTTP; each must be taken."""
    for one in told:
        assert send(browser, *stripe_server.signed(one)) == 200


def send(browser: Browser, body: bytes, signature: str) -> int:
    """Post bytes to the webhook; return the HTTP status."""
    headers = {"Stripe-Signature": signature, "Content-Type": "application/json"}
    answer = browser.send("POST", "/stripe/webhook", data=body, headers=headers)
    db.session.expire_all()
    return answer.status_code


def apply(told: Json) -> None:
    """Take in and apply an event beneath the web, in the transaction under way."""
    event = events.take(told)
    if event is not None:
        events.apply(event)


def begun(invoice: Invoice) -> OnlineCheckout:
    """A checkout that was written down; Stripe was not asked yet."""
    made = checkout.begin(invoice)
    db.session.commit()
    return made


def booked(invoice: Invoice) -> Payment:
    """All that is open paid online, as if Stripe had told so; Stripe is not there."""
    payment = bookings.payment_of(_say(begun(invoice), CheckoutState.PAID))
    assert payment is not None
    return payment


def agreed(invoice: Invoice) -> None:
    """A debit of all that is open, agreed to online; the bank still has to do it."""
    _say(begun(invoice), CheckoutState.PROCESSING)


def failed(invoice: Invoice) -> None:
    """What was agreed to was not done."""
    made = checkout.newest(invoice)
    assert made is not None
    _say(made, CheckoutState.FAILED)


def _say(made: OnlineCheckout, state: CheckoutState) -> str:
    intent_id = f"pi_{made.id}"
    fact = SessionFact(f"cs_{made.id}", state, made.cents, made.id, intent_id)
    checkout.apply(fact, clock.today())
    db.session.commit()
    return intent_id


def paid_online(browser: Browser, stripe: Stripe, invoice: Invoice) -> Payment:
    """Pay all that is open online; return the payment as booked."""
    tell(browser, stripe.pay(session_of(browser, invoice)))
    query = db.select(Payment).where(Payment.source == PaymentSource.ONLINE, Payment.cents > 0)
    return db.session.scalars(query.order_by(Payment.id.desc())).first()  # type: ignore[return-value]


def balances() -> dict[str, int]:
    """Return what stands on the accounts of paying online, in cents."""
    return {str(one): ledger.balance_of(one) for one in ACCOUNTS if ledger.balance_of(one)}


def open_cents(invoice: Invoice) -> int:
    return payments.open_cents(invoice)
