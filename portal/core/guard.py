"""Deny by default: every endpoint names what it needs, or is on the public list.

`requires` stamps a view. The app refuses to start with an endpoint that is neither stamped, nor
public, nor a library's page listed here.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.core.db import reading_only
from portal.core.permissions import Actor, Permission

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC_ENDPOINTS = frozenset(
    {
        "static",
        "bootstrap.static",
        "core.static",
        "core.health",
        "core.set_language",
        "security.login",
        "security.logout",
        "security.forgot_password",
        "security.reset_password",
        "accounts.accept_invitation",
        "accounts.confirm_email",
        "accounts.stop_digest",
        "accounts.guest_start",
        "accounts.guest_asked",
        "accounts.guest_confirm",
        "accounts.guest_follow",
        "accounts.guest_link",
        "agreements.compare",
        "agreements.compare_prices",
        "agreements.ask",
        "agreements.asked",
        "agreements.confirm_enquiry",
        "agreements.received",
        "agreements.suggest_governments",
        "directory.suggest_municipalities",
        "agreements.calendar_feed",
        "agreements.verify_document",
        "referrals.refer_oneself",
        "referrals.own_place",
        "referrals.received",
        "referrals.follow_own",
        "referrals.survey",
        "referrals.family_door",
        "referrals.family_door_with",
        "referrals.family_page",
        "referrals.family_choose",
        "referrals.family_ask",
        "referrals.family_stop",
        "referrals.family_leave",
        "finance.pay",
        "finance.pay_online",
        "finance.pay_done",
        "finance.pay_cancelled",
        "finance.stripe_webhook",
        "home.start",
        "home.privacy",
        "home.accessibility",
        "home.contact",
    }
)

# On the map only in the demonstration, which has nobody's mail to show but made-up people's.
DEMO_ENDPOINTS = frozenset({"home.demo_mail"})

# Pages that come with the sign-in library and cannot be stamped at their definition.
LIBRARY_ENDPOINTS = {
    "security.change_password": Permission.ACCOUNT_OWN,
}


def logs_access(view: View) -> View:
    """Stamp a public view whose GET writes, because it shows a family to itself."""
    view.__logs_access__ = True  # type: ignore[attr-defined]
    return view


class UnstampedEndpointError(RuntimeError):
    """An endpoint declares no access; starting would be guessing."""


def requires(permission: Permission, *, logs_access: bool = False) -> Callable[[View], View]:
    """Stamp a view with the permission it needs.

    `logs_access`: the page shows a family, so that even its GET writes (the access event).
    """

    def stamp(view: View) -> View:
        view.__access__ = permission  # type: ignore[attr-defined]
        view.__logs_access__ = logs_access  # type: ignore[attr-defined]
        return view

    return stamp


def needed(app: Flask, endpoint: str) -> Permission | None:
    """Return what an endpoint needs; None for a public one. Raises UnstampedEndpointError."""
    if endpoint in PUBLIC_ENDPOINTS or (app.config["DEMO"] and endpoint in DEMO_ENDPOINTS):
        return None
    if endpoint in LIBRARY_ENDPOINTS:
        return LIBRARY_ENDPOINTS[endpoint]
    permission = getattr(app.view_functions[endpoint], "__access__", None)
    if permission is None:
        raise UnstampedEndpointError(f"endpoint {endpoint} declares no access")
    return permission


def check_stamped(app: Flask) -> None:
    """Raise UnstampedEndpointError unless every endpoint of the app declares its access."""
    for rule in app.url_map.iter_rules():
        needed(app, rule.endpoint)


def init_app(app: Flask, load_actor: Callable[[], Actor | None]) -> None:
    """Install the guard; `load_actor` returns who is signed in, from this request."""

    @app.before_request
    def guard() -> Response | None:
        g.actor = None
        if request.endpoint is None:  # 404 or 405, which the error pages answer
            reading_only.set(True)
            return None
        view = app.view_functions[request.endpoint]
        safe = request.method in ("GET", "HEAD", "OPTIONS")
        reading_only.set(safe and not getattr(view, "__logs_access__", False))
        permission = needed(app, request.endpoint)
        if request.endpoint.endswith("static"):
            return None
        g.actor = load_actor()
        if permission is None:
            return None
        if g.actor is None:
            if not safe:
                abort(401)
            target = request.full_path.rstrip("?") if request.method == "GET" else None
            return redirect(url_for("security.login", next=target))
        if not g.actor.can(permission):
            abort(403)
        return None

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        reading_only.set(False)


def actor() -> Actor:
    """Return who is signed in. Call only from a view that needs a permission."""
    if g.actor is None:
        abort(403)
    return g.actor
