"""How often one may try: per account and per address, so that passwords cannot be guessed.

Whoever signed in before in this browser is counted apart. A stranger who tries somebody's
account until it is locked, locks out other strangers and not its owner.
"""

from collections.abc import Callable
from typing import Any

from flask import Response, current_app, request
from flask_limiter import RequestLimit
from itsdangerous import BadSignature, URLSafeSerializer
from limits import parse

from portal.accounts import people
from portal.core import audit
from portal.core.crypto import keyring
from portal.core.db import db
from portal.core.guard import actor
from portal.core.web import limiter

SIGN_IN = "10 per 15 minutes"
SIGN_IN_ADDRESS = "100 per 15 minutes"  # a whole town hall may share one
RESET = "5 per hour"
RESET_ADDRESS = "30 per hour"
LINK_ADDRESS = "30 per 15 minutes"
GUEST = "5 per hour"
GUEST_ADDRESS = "30 per hour"
PARENT = "5 per hour"
PARENT_ADDRESS = "30 per hour"
OWN_PASSWORD = "10 per 15 minutes"  # noqa: S105 - how often, not a password

_COOKIE = "toestel"
_YEAR_SECONDS = 365 * 24 * 3600
_ACCOUNTS_PER_BROWSER = 6

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def per_typed_account(limit: str, *, on_breach: Any = None) -> Decorator:
    """Limit the posts about the e-mail address that is typed in."""
    return limiter.limit(limit, key_func=_typed_account, methods=["POST"], on_breach=on_breach)


def per_typed_email(limit: str) -> Decorator:
    """Limit the posts about the e-mail address that is typed in, if one is."""
    return limiter.limit(
        limit,
        key_func=_typed_account,
        methods=["POST"],
        exempt_when=lambda: not request.form.get("email"),
    )


def per_address(limit: str) -> Decorator:
    """Limit the posts from one network address."""
    return limiter.limit(limit, methods=["POST"])


def per_person(limit: str) -> Decorator:
    """Limit the posts of who is signed in."""
    return limiter.limit(limit, key_func=lambda: str(actor().account_id), methods=["POST"])


def record_lock(breach: RequestLimit) -> None:
    """Note in the audit trail, once per quarter, that an account is being tried too often."""
    if limiter.limiter.hit(parse("1 per 15 minutes"), "lock", breach.key):
        known = people.find_account(request.form.get("email", ""))
        audit.record("sign_in:lock", "account", object_id=known.id if known else "unknown")
        db.session.commit()


def remember_browser(response: Response, email: str) -> None:
    """Let this browser keep that its user signed in here, without saying as whom."""
    marks = [_mark(email), *(m for m in _marks() if m != _mark(email))]
    config = current_app.config
    response.set_cookie(
        _cookie_name(),
        _serializer().dumps(marks[:_ACCOUNTS_PER_BROWSER]),
        max_age=_YEAR_SECONDS,
        secure=config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def _typed_account() -> str:
    email = request.form.get("email", "").strip().lower()
    return f"{_mark(email)} {'known' if _mark(email) in _marks() else 'new'}"


def _mark(email: str) -> str:
    return keyring().index(email.lower(), "browser").hex()


def _marks() -> list[str]:
    try:
        return _serializer().loads(request.cookies.get(_cookie_name(), ""))
    except BadSignature:
        return []


def _cookie_name() -> str:
    return f"__Host-{_COOKIE}" if current_app.config["SESSION_COOKIE_SECURE"] else _COOKIE


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="browser")
