"""Stripe: the one module that speaks to it, through its own client.

Everything that may be slow or fail is here, and none of it within a transaction. What is sent is
the number and the amount of a document, ids of rows of ours, and where to come back to.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import stripe

from portal.core import terms
from portal.core.i18n import N_
from portal.finance.online import facts
from portal.finance.online.facts import EURO, RefundFact, SessionFact

TIMEOUT_SECONDS = 8
RETRIES = 2
TOLERANCE_SECONDS = 300
CHECKOUT_ORIGIN = "https://checkout.stripe.com"
PAGE = 100  # of a list, the most that Stripe gives at once


class OutOfReachError(Exception):
    """Stripe does not answer, or asks to try again later; nothing was decided."""


class RefusedError(Exception):
    """Stripe will not do this, however often it is asked. The text says why, for HSV."""


class ForgedError(Exception):
    """An event that Stripe did not sign, or signed too long ago."""


@dataclass(frozen=True)
class Order:
    """What is to be paid: a document, by its title and number, and where one comes back."""

    checkout_id: int
    key: str
    title: str
    number: str
    cents: int
    expires_at: datetime
    paid_url: str
    cancelled_url: str


@dataclass(frozen=True)
class Opened:
    """A session Stripe has, and the address where one pays; None once it is over."""

    fact: SessionFact
    url: str | None


@dataclass(frozen=True)
class Transaction:
    """A movement on our balance at Stripe: what it is of, and what Stripe kept, in cents."""

    remote_id: str
    type: str
    cents: int
    fee_cents: int
    at: datetime


def in_use() -> bool:
    """Say whether paying online is set up."""
    return bool(terms.text("STRIPE_SECRET_KEY"))


def checkout_origin() -> str:
    """Return the origin of the pages on which one pays: Stripe's, or a stand-in on loopback."""
    return terms.text("STRIPE_API_BASE") or CHECKOUT_ORIGIN


def open_session(order: Order) -> Opened:
    """Return a session to pay in; the same one for the same key, within a day.

    Stripe decides which ways to pay it offers. Raises OutOfReachError, RefusedError.
    """
    marks = {"invoice": order.number, "checkout": str(order.checkout_id)}
    wanted: Any = {
        "mode": "payment",
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": EURO,
                    "unit_amount": order.cents,
                    "product_data": {"name": f"{order.title} {order.number}"},
                },
            }
        ],
        "adaptive_pricing": {"enabled": False},  # an invoice is in euro
        "client_reference_id": order.number,
        "metadata": marks,
        "payment_intent_data": {"metadata": marks, "description": order.number},
        "expires_at": int(order.expires_at.timestamp()),
        "success_url": order.paid_url,
        "cancel_url": order.cancelled_url,
    }
    with _translated():
        made = _client().v1.checkout.sessions.create(wanted, {"idempotency_key": order.key})
    opened = _opened(made)
    if opened.url and _origin(opened.url) != checkout_origin():
        raise RefusedError(N_("Stripe verwijst naar een adres dat we niet kennen."))
    return opened


def read_session(remote_id: str) -> SessionFact:
    """Return how far a session is. Raises OutOfReachError, RefusedError."""
    with _translated():
        found = _client().v1.checkout.sessions.retrieve(remote_id, {"expand": ["payment_intent"]})
    return _opened(found).fact


def close_session(remote_id: str) -> None:
    """See to it that nobody pays in a session any more. Raises OutOfReachError, RefusedError."""
    with _translated():
        _client().v1.checkout.sessions.expire(remote_id)


def refund(refund_id: int, intent_id: str, cents: int) -> RefundFact:
    """Give money back; once for each of our refunds. Raises OutOfReachError, RefusedError."""
    wanted: Any = {
        "payment_intent": intent_id,
        "amount": cents,
        "metadata": {"refund": str(refund_id)},
    }
    with _translated():
        made = _client().v1.refunds.create(wanted, {"idempotency_key": f"refund-{refund_id}"})
    return facts.refund(made.to_dict())


def verified(body: bytes, signature: str) -> dict[str, Any]:
    """Return an event Stripe signed less than 300 seconds ago. Raises ForgedError."""
    secret = terms.text("STRIPE_WEBHOOK_SECRET")
    try:
        stripe.WebhookSignature.verify_header(body, signature, secret, TOLERANCE_SECONDS)
        event = json.loads(body)
    except (stripe.SignatureVerificationError, ValueError) as error:
        raise ForgedError(type(error).__name__) from error
    if not isinstance(event, dict):
        raise ForgedError("shape")
    return event


def refunds_since(moment: datetime) -> Iterator[dict[str, Any]]:
    """Yield the refunds made since then, as Stripe writes them."""
    return _listed(_client().v1.refunds, moment)


def disputes_since(moment: datetime) -> Iterator[dict[str, Any]]:
    """Yield the disputes begun since then, as Stripe writes them."""
    return _listed(_client().v1.disputes, moment)


def payouts_since(moment: datetime) -> Iterator[dict[str, Any]]:
    """Yield the payouts made since then, as Stripe writes them."""
    return _listed(_client().v1.payouts, moment)


def transactions_since(moment: datetime) -> Iterator[Transaction]:
    """Yield the movements on our balance since then."""
    for raw in _listed(_client().v1.balance_transactions, moment):
        if raw["currency"] == EURO:
            yield Transaction(
                remote_id=raw["id"],
                type=raw["type"],
                cents=int(raw["amount"]),
                fee_cents=int(raw["fee"]),
                at=facts.moment(raw["created"]),
            )


def _listed(service: Any, moment: datetime) -> Iterator[dict[str, Any]]:
    since = {"created": {"gte": int(moment.timestamp())}, "limit": PAGE}
    with _translated():
        for one in service.list(since).auto_paging_iter():
            yield one.to_dict()


def _opened(found: stripe.checkout.Session) -> Opened:
    return Opened(facts.session(found.to_dict()), found.url)


def _client() -> stripe.StripeClient:
    base = terms.text("STRIPE_API_BASE")
    return stripe.StripeClient(
        terms.text("STRIPE_SECRET_KEY"),
        base_addresses={"api": base} if base else None,
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@contextmanager
def _translated() -> Iterator[None]:
    """Turn the client's errors into what the portal can do about them, without their text:
    that may quote what was sent.
    """
    try:
        yield
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        message = N_("Stripe aanvaardt onze sleutel niet. Vraag een beheerder om ze na te kijken.")
        raise RefusedError(message) from error
    except (stripe.InvalidRequestError, stripe.CardError, stripe.IdempotencyError) as error:
        raise RefusedError(_REASONS.get(error.code or "", REFUSED)) from error
    except stripe.StripeError as error:
        raise OutOfReachError(type(error).__name__) from error


REFUSED = N_("Stripe weigert dit. Kijk de betaling na op de site van Stripe.")
_REASONS = {
    "charge_already_refunded": N_("Deze betaling werd bij Stripe al helemaal terugbetaald."),
    "charge_disputed": N_("De betaler betwist deze betaling: terugbetalen kan nu niet."),
    "insufficient_funds": N_("Het saldo bij Stripe volstaat niet. Probeer later opnieuw."),
    "balance_insufficient": N_("Het saldo bij Stripe volstaat niet. Probeer later opnieuw."),
}
