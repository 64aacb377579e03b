"""What Stripe says, as far as it matters here: frozen values without a name, mail or account.

A fact is read from the object in an event, or from the same object asked for; both say the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from portal.core import clock
from portal.finance.models import CheckoutState, DisputeState, RefundState

Raw = Mapping[str, Any]
EURO = "eur"


class NotOursError(Exception):
    """The object is none the portal made or can book; the text says in a word why."""


@dataclass(frozen=True)
class SessionFact:
    """A checkout session. checkout_id: ours, as sent along; None for a session of others."""

    remote_id: str
    state: CheckoutState
    cents: int
    checkout_id: int | None = None
    intent_id: str | None = None


@dataclass(frozen=True)
class RefundFact:
    """A refund. refund_id: ours, as sent along; None for one made on Stripe's site."""

    remote_id: str
    intent_id: str
    state: RefundState
    cents: int
    went_out: bool
    refund_id: int | None = None


@dataclass(frozen=True)
class MovementFact:
    """What a dispute took (below 0) or gave back, and what Stripe charged for it, in cents."""

    remote_id: str
    cents: int
    fee_cents: int
    on: date


@dataclass(frozen=True)
class DisputeFact:
    """A dispute, with the movements so far."""

    remote_id: str
    intent_id: str
    state: DisputeState
    cents: int
    movements: tuple[MovementFact, ...] = ()


@dataclass(frozen=True)
class PayoutFact:
    """A payout to HSV's bank account."""

    remote_id: str
    cents: int
    arrives_on: date
    paid: bool
    failed: bool


Fact = SessionFact | RefundFact | DisputeFact | PayoutFact
SHAPES: dict[str, type[Any]] = {
    "session": SessionFact,
    "refund": RefundFact,
    "dispute": DisputeFact,
    "payout": PayoutFact,
}


def of_event(kind: str, raw: Raw) -> Fact | None:
    """Return what an event says; None for a kind that says nothing the portal needs.

    Raises NotOursError.
    """
    reader = _READERS.get(kind.rsplit(".", 1)[0])
    if reader is None:
        return None
    failed = kind == "checkout.session.async_payment_failed"
    return session(raw, failed=True) if failed else reader(raw)


def session(raw: Raw, *, failed: bool = False) -> SessionFact:
    """Read a checkout session; `failed`: its payment came to nothing, which it does not say."""
    intent = raw.get("payment_intent")
    if isinstance(intent, Mapping):  # asked for together with it
        failed = failed or intent.get("status") in ("requires_payment_method", "canceled")
        intent = intent["id"]
    state = CheckoutState.OPEN
    if raw["status"] == "expired":
        state = CheckoutState.EXPIRED
    elif raw["status"] == "complete":
        paid = raw["payment_status"] == "paid"
        state = CheckoutState.PROCESSING if not failed else CheckoutState.FAILED
        state = CheckoutState.PAID if paid else state
    _expect_euro(raw)
    return SessionFact(
        str(raw["id"]), state, int(raw["amount_total"]), _own_id(raw, "checkout"), intent
    )


def refund(raw: Raw) -> RefundFact:
    """Read a refund. Money goes out when it is made, and comes back when it fails."""
    _expect_euro(raw)
    status = raw["status"]
    state = {
        "succeeded": RefundState.DONE,
        "pending": RefundState.PENDING,
        "requires_action": RefundState.ASKED,
    }.get(status, RefundState.FAILED)
    went_out = status in ("succeeded", "pending") or bool(raw.get("balance_transaction"))
    own = _own_id(raw, "refund")
    return RefundFact(str(raw["id"]), _intent(raw), state, int(raw["amount"]), went_out, own)


def dispute(raw: Raw) -> DisputeFact:
    """Read a dispute."""
    _expect_euro(raw)
    state = {"won": DisputeState.WON, "lost": DisputeState.LOST}.get(
        raw["status"], DisputeState.OPEN
    )
    movements = tuple(
        MovementFact(str(one["id"]), int(one["amount"]), int(one["fee"]), day(one["created"]))
        for one in raw.get("balance_transactions") or ()
    )
    return DisputeFact(str(raw["id"]), _intent(raw), state, int(raw["amount"]), movements)


def payout(raw: Raw) -> PayoutFact:
    """Read a payout."""
    _expect_euro(raw)
    status = raw["status"]
    return PayoutFact(
        remote_id=str(raw["id"]),
        cents=int(raw["amount"]),
        arrives_on=day(raw["arrival_date"]),
        paid=status == "paid",
        failed=status in ("failed", "canceled"),
    )


def moment(seconds: int) -> datetime:
    """Return the moment of a Unix time."""
    return datetime.fromtimestamp(seconds, UTC)


def day(seconds: int) -> date:
    """Return the day of a Unix time, in Brussels."""
    return clock.local(moment(seconds)).date()


def _expect_euro(raw: Raw) -> None:
    if raw.get("currency") != EURO:
        raise NotOursError("currency")


def _intent(raw: Raw) -> str:
    if not raw.get("payment_intent"):
        raise NotOursError("intent")
    return str(raw["payment_intent"])


def _own_id(raw: Raw, name: str) -> int | None:
    text = str((raw.get("metadata") or {}).get(name, ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


_READERS: dict[str, Callable[[Raw], Fact]] = {
    "checkout.session": session,
    "refund": refund,
    "charge.dispute": dispute,
    "payout": payout,
}
