"""Who is acting in each request, and what begins and ends a session.

The cookie holds the secret of a row in sign_in_session, and when it was last seen. The row
decides: signing out, a new password or a stopped account end it, and a copied cookie with it.
Being idle is counted in the cookie, because a page that is only read writes nothing to the
database.
"""

from typing import Any, cast

from flask import Flask, Response, current_app, g, request
from flask import session as cookie
from flask_babel import gettext, lazy_gettext
from flask_login import user_logged_out
from flask_security import Security, password_changed, password_reset, user_authenticated

from portal.accounts import guests, memberships, sessions
from portal.accounts.guest_models import Guest
from portal.accounts.models import Account
from portal.accounts.roles import label
from portal.core import audit, clock
from portal.core.db import db
from portal.core.permissions import Actor, Role, granted

# How exact idle time is; each renewal puts a cookie in the response.
SEEN_EVERY_SECONDS = 60
# What a browser keeps when somebody signs in. Anything else may have been put there by another.
_KEPT_AT_SIGN_IN = ("_user_id", "_fresh", "fs_paa", "fs_cc", "locale")

# How browsers name themselves; several also name the ones below them.
_BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}


def init_app(app: Flask, security: Security) -> None:
    """Let our sessions decide who is signed in, also on the library's own pages."""
    manager = security.login_manager
    manager.session_protection = None  # type: ignore[assignment]
    manager.user_loader(_account_of_actor)
    manager.request_loader(lambda _request: None)  # no sign-in by token in a header or address
    # No page but the library's needs the account itself; the others do not pay for loading it.
    security.principal.identity_loaders.clear()
    processors = app.template_context_processors[None]
    processors[:] = [p for p in processors if p.__module__ != "flask_login.utils"]
    app.after_request(_stamp_seen)
    user_authenticated.connect(_start, app)
    user_logged_out.connect(_end, app)
    password_changed.connect(_end_others, app)
    password_reset.connect(_end_everywhere, app)


def load_actor() -> Actor | None:
    """Return who is signed in, or which guest is at work, by one query.

    None, and a clean cookie, when the session is over.
    """
    token, guest_token = cookie.get("sign_in"), cookie.get("guest")
    if not (token or guest_token):
        return None
    idle_seconds = clock.now().timestamp() - cookie.get("seen", 0)
    allowed = idle_seconds <= current_app.config["SESSION_IDLE_MINUTES"] * 60
    if allowed and token and (row := sessions.current(token)):
        g.sign_in_id = row.session_id
        return _actor(row)
    if allowed and guest_token and (visit := guests.current(guest_token)):
        g.sign_in_id = visit[0]
        return guests.actor_of(visit[1])
    _clean_cookie()
    cookie["session_over"] = True
    return None


def begin_visit(guest: Guest) -> None:
    """Let a guest work in this browser; whoever was signed in here is out."""
    _end_here(g.get("actor"))
    row, secret = guests.start_session(guest, hours=current_app.config["SESSION_HOURS"])
    _clean_cookie()
    cookie["guest"], cookie["seen"] = secret, int(clock.now().timestamp())
    g.sign_in_id = row.id


def end_visit() -> None:
    """End what begin_visit began, on the server too."""
    _end_here(g.get("actor"))
    _clean_cookie()


def _end_here(who: Actor | None) -> None:
    """End the session of this browser, whoever it is of."""
    if who is None:
        return
    if who.guest_id is not None:
        guests.end_session(g.sign_in_id, who)
    else:
        sessions.end(g.sign_in_id, by=who)


def _actor(row: Any) -> Actor:
    who = {
        "account_id": row.account_id,
        "name": row.name,
        "email": row.email,
        "locale": row.locale,
        "memberships_count": row.memberships_count,
    }
    if row.role is None or row.organisation_active is False:
        return Actor(**who, role_label=_in_words(None))
    return Actor(
        **who,
        role=row.role,
        role_label=_in_words(row.role),
        membership_id=row.membership_id,
        organisation_id=row.organisation_id,
        organisation_name=row.organisation_name or "",
        branch_id=row.branch_id,
        branch_name=row.branch_name or "",
        permissions=granted(row.role),
    )


def _in_words(role: Role | None) -> str:
    """Return the role's name, translated only where it is shown: the language is not known yet."""
    return cast(str, lazy_gettext(label(role)))


def _account_of_actor(_user_id: str) -> Account | None:
    """Return the account for the library's own pages."""
    who: Actor | None = g.get("actor")
    if who is None or who.guest_id is not None:
        return None
    g.fs_authn_via, g.fs_paa = "session", cookie.get("fs_paa", 0)
    return db.session.get(Account, who.account_id)


def _stamp_seen(response: Response) -> Response:
    now = int(clock.now().timestamp())
    if g.get("sign_in_id") and now - cookie.get("seen", now) >= SEEN_EVERY_SECONDS:
        cookie["seen"] = now
    return response


def _start(_app: Flask, *, user: Account, authn_via: list[str], **_: Any) -> None:
    """Begin a session with a new secret; the one this browser had ends."""
    who = Actor(user.id, user.name, user.email)
    membership_id = memberships.membership_to_start_with(user.id)
    before: Actor | None = g.get("actor")
    _end_here(before)
    if before is not None and before.account_id == user.id:
        membership_id = before.membership_id
    row, secret = sessions.start(
        user,
        membership_id,
        user_agent=_browser_name(),
        hours=current_app.config["SESSION_HOURS"],
    )
    _clean_cookie(_KEPT_AT_SIGN_IN)
    cookie["sign_in"], cookie["seen"] = secret, int(clock.now().timestamp())
    g.sign_in_id = row.id
    audit.record("account:sign_in", user, actor=who, fields=authn_via)


def _end(_app: Flask, **_: Any) -> None:
    who: Actor | None = g.get("actor")
    if who is not None:
        _end_here(who)
        g.sign_in_id = None
    _clean_cookie()


def _end_others(_app: Flask, *, user: Account, **_: Any) -> None:
    who: Actor | None = g.get("actor")
    audit.record("account:change_password", user, actor=who, fields={"password"})
    sessions.end_all(user.id, keep_id=g.get("sign_in_id"), by=who)


def _end_everywhere(_app: Flask, *, user: Account, **_: Any) -> None:
    audit.record("account:reset_password", user, fields={"password"})
    sessions.end_all(user.id)


def _clean_cookie(keep: tuple[str, ...] = ("locale",)) -> None:
    kept = {name: cookie[name] for name in keep if name in cookie}
    cookie.clear()
    cookie.update(kept)


def _browser_name() -> str:
    """Return what the person recognises a session by: Firefox, Windows."""
    text = request.user_agent.string
    known = (_first_in(text, _BROWSERS), _first_in(text, _SYSTEMS))
    return ", ".join(filter(None, known)) or gettext("Onbekende browser")


def _first_in(text: str, names: dict[str, str]) -> str:
    return next((name for mark, name in names.items() if mark in text), "")
