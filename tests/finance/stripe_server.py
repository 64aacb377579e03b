"""A stand-in for Stripe on loopback: sessions, refunds and lists, and events signed as Stripe does.

The real client is pointed at it. It remembers every request, so that a test can read what was sent.
"""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlsplit

SECRET = "whsec_geheim_van_de_test"
KEY = "sk_test_sleutel_van_de_test"
Json = dict[str, Any]


@dataclass
class Stripe:
    """What the stand-in knows. `troubles`: HTTP statuses to answer with first, one a request."""

    url: str = ""
    sessions: dict[str, Json] = field(default_factory=dict)
    refunds: dict[str, Json] = field(default_factory=dict)
    disputes: dict[str, Json] = field(default_factory=dict)
    payouts: dict[str, Json] = field(default_factory=dict)
    balance: dict[str, Json] = field(default_factory=dict)
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    answers: dict[str, Json] = field(default_factory=dict)  # by idempotency key
    troubles: list[int] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def id(self, prefix: str) -> str:
        return f"{prefix}_{next(self.numbers)}"

    def event(self, kind: str, what: Json, created: int | None = None) -> Json:
        """An event about an object as it is now; a copy, as Stripe sends one."""
        return event(kind, what, self.id("evt"), created)

    def pay(self, session_id: str, *, slowly: bool = False) -> Json:
        """Pay in a session: at once, or by a way that takes days. Returns the event."""
        session = self.sessions[session_id]
        session["payment_intent"] = session["payment_intent"] or self.id("pi")
        session |= {"status": "complete", "payment_status": "unpaid" if slowly else "paid"}
        return self.event("checkout.session.completed", session)

    def settle(self, session_id: str, *, succeeds: bool) -> Json:
        """Let the bank do, or not do, what was agreed to. Returns the event."""
        session = self.sessions[session_id]
        session["payment_status"] = "paid" if succeeds else "unpaid"
        session["intent_status"] = "succeeded" if succeeds else "requires_payment_method"
        outcome = "succeeded" if succeeds else "failed"
        return self.event(f"checkout.session.async_payment_{outcome}", session)

    def refund(self, intent_id: str, cents: int, status: str = "succeeded", **more: Any) -> Json:
        """A refund, made on Stripe's own site."""
        made = refund(self.id("re"), intent_id, cents, status, **more)
        self.refunds[made["id"]] = made
        return made

    def charge_fee(self, kind: str, cents: int, fee: int) -> Json:
        """A movement on the balance, with what Stripe keeps of it."""
        made = {
            "id": self.id("txn"),
            "object": "balance_transaction",
            "type": kind,
            "amount": cents,
            "fee": fee,
            "net": cents - fee,
            "currency": "eur",
            "created": int(time.time()),
        }
        self.balance[made["id"]] = made
        return made


def event(kind: str, what: Json, event_id: str, created: int | None = None) -> Json:
    happened = int(time.time()) if created is None else created
    about = json.loads(json.dumps(what))
    about.pop("intent_status", None)
    return {
        "id": event_id,
        "object": "event",
        "type": kind,
        "created": happened,
        "api_version": "2026-10-28.endive",
        "livemode": False,
        "data": {"object": about},
    }


def session(session_id: str, cents: int, checkout_id: object, **more: Any) -> Json:
    """A checkout session, with the personal data Stripe adds and the portal must leave there."""
    return {
        "id": session_id,
        "object": "checkout.session",
        "mode": "payment",
        "currency": "eur",
        "status": "open",
        "payment_status": "unpaid",
        "payment_intent": None,
        "amount_total": cents,
        "metadata": {"checkout": str(checkout_id)},
        "customer_details": {"email": "betaler@familie.example", "name": "Betaler Kanarie"},
        **more,
    }


def refund(refund_id: str, intent_id: str, cents: int, status: str, **more: Any) -> Json:
    return {
        "id": refund_id,
        "object": "refund",
        "amount": cents,
        "currency": "eur",
        "payment_intent": intent_id,
        "status": status,
        "metadata": {},
        "balance_transaction": f"txn_{refund_id}",
        "created": int(time.time()),
        **more,
    }


def dispute(dispute_id: str, intent_id: str, cents: int, status: str, *movements: Json) -> Json:
    return {
        "id": dispute_id,
        "object": "dispute",
        "amount": cents,
        "currency": "eur",
        "payment_intent": intent_id,
        "status": status,
        "created": int(time.time()),
        "balance_transactions": list(movements),
    }


def movement(movement_id: str, cents: int, fee: int, created: int | None = None) -> Json:
    happened = int(time.time()) if created is None else created
    return {
        "id": movement_id,
        "object": "balance_transaction",
        "amount": cents,
        "fee": fee,
        "created": happened,
        "currency": "eur",
    }


def payout(payout_id: str, cents: int, status: str, arrives: int | None = None) -> Json:
    day = int(time.time()) if arrives is None else arrives
    return {
        "id": payout_id,
        "object": "payout",
        "amount": cents,
        "currency": "eur",
        "status": status,
        "arrival_date": day,
        "created": day,
    }


def signed(sent: Json | bytes, *, secret: str = SECRET, at: int | None = None) -> tuple[bytes, str]:
    """Return body and signature header, as Stripe's documentation describes them."""
    body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    moment = int(time.time()) if at is None else at
    mac = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return body, f"t={moment},v1={mac}"


class _Handler(BaseHTTPRequestHandler):
    stripe: Stripe

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _answer(self, status: int, body: Json) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _handle(self) -> None:
        address = urlsplit(self.path)
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        asked = dict(parse_qsl(sent or address.query))
        with self.stripe.lock:
            self.stripe.requests.append((self.command, address.path, asked))
            if self.stripe.troubles:
                status = self.stripe.troubles.pop(0)
                self._answer(status, {"error": {"type": "api_error", "message": "onwel"}})
                return
            key = self.headers.get("Idempotency-Key") or "" if self.command == "POST" else ""
            if key not in self.stripe.answers:
                found = self._act(address.path.removeprefix("/v1/").split("/"), asked)
                if not key or found[0] >= 400:
                    self._answer(*found)
                    return
                self.stripe.answers[key] = found[1]
            self._answer(200, self.stripe.answers[key])

    do_GET = do_POST = _handle  # noqa: N815

    def _act(self, parts: list[str], asked: dict[str, str]) -> tuple[int, Json]:
        if parts[:2] == ["checkout", "sessions"]:
            return self._session(parts[2:], asked)
        if "betaal" in parts:  # where one would pay
            return 200, {"object": "page"}
        if parts == ["refunds"] and self.command == "POST":
            return self._refund(asked)
        listed = {"refunds": "refunds", "disputes": "disputes", "payouts": "payouts"}
        kept = getattr(self.stripe, listed.get(parts[0], "balance"))
        rows = sorted(kept.values(), key=lambda one: one["id"])
        after = (
            [one["id"] for one in rows].index(asked["starting_after"]) + 1
            if ("starting_after" in asked)
            else 0
        )
        page = rows[after : after + int(asked["limit"])]
        more = after + len(page) < len(rows)
        return 200, {"object": "list", "url": self.path, "has_more": more, "data": page}

    def _session(self, rest: list[str], asked: dict[str, str]) -> tuple[int, Json]:
        if not rest:
            made = session(
                self.stripe.id("cs_test"),
                int(asked["line_items[0][price_data][unit_amount]"]),
                asked["metadata[checkout]"],
            )
            made["url"] = f"{self.stripe.url}/betaal/{made['id']}"
            self.stripe.sessions[made["id"]] = made
            return 200, made
        found = self.stripe.sessions.get(rest[0])
        if found is None:
            return 404, {"error": {"type": "invalid_request_error", "message": "onbekend"}}
        if rest[1:] == ["expire"]:
            if found["status"] != "open":
                return 400, {"error": {"type": "invalid_request_error", "message": "niet open"}}
            found |= {"status": "expired", "url": None}
        if "expand[0]" in asked and found["payment_intent"]:
            status = found.get("intent_status", "processing")
            intent = {"id": found["payment_intent"], "object": "payment_intent", "status": status}
            return 200, {**found, "payment_intent": intent}
        return 200, found

    def _refund(self, asked: dict[str, str]) -> tuple[int, Json]:
        if asked["payment_intent"] == "pi_zonder_saldo":
            error = {"type": "invalid_request_error", "code": "insufficient_funds"}
            return 400, {"error": {**error, "message": "te weinig"}}
        own = {"metadata": {"refund": asked["metadata[refund]"]}}
        return 200, self.stripe.refund(
            asked["payment_intent"], int(asked["amount"]), "pending", **own
        )


@contextmanager
def running() -> Iterator[Stripe]:
    """Run the stand-in on a free port."""
    stripe = Stripe()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("H", (_Handler,), {"stripe": stripe}))
    server.daemon_threads = True
    stripe.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield stripe
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
