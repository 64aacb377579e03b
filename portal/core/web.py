"""What every response carries: security headers, a request id, and an error page in Dutch."""

import logging
import secrets
from contextlib import suppress
from typing import Any

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_babel import gettext
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, UnicodeConverter

from portal.core import audit, forms
from portal.core.db import db
from portal.core.errors import (
    AlreadyUsedError,
    ConflictError,
    NotAllowedError,
    NotFoundError,
)
from portal.core.i18n import language

log = logging.getLogger(__name__)
csrf = CSRFProtect()
limiter = Limiter(get_remote_address, strategy="moving-window", headers_enabled=False)

PAGES = (400, 403, 404, 405, 409, 413, 422, 429, 500, 503)


def init_app(app: Flask) -> None:
    """Install headers, the request id, limits and error pages."""
    if app.config["PROXIES"]:
        hops = app.config["PROXIES"]
        proxied = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)
        app.wsgi_app = proxied  # type: ignore[method-assign]
    app.url_map.converters |= {"int": RowNumber, "default": Words, "string": Words}
    app.before_request(_name_request)
    csrf.init_app(app)
    limiter.init_app(app)
    app.after_request(_secure)
    app.context_processor(_page_context)
    _install_error_pages(app)


class RowNumber(IntegerConverter):
    """A number in an address that a database can hold; a larger one is no address at all."""

    def __init__(self, *args: Any, max: int = 2**63 - 1, **options: Any) -> None:
        super().__init__(*args, max=max, **options)


class Words(UnicodeConverter):
    """Text in an address; one with a NUL, which PostgreSQL refuses, is no address at all."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.regex = self.regex.replace("[^/]", r"[^/\x00]")


def _name_request() -> None:
    g.request_id = secrets.token_hex(8)
    audit.request_id.set(g.request_id)


def csp_nonce() -> str:
    """Return this request's nonce for the few inline elements a page may hold."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return g.csp_nonce


def allow_form_to(origin: str) -> None:
    """Let a form of this page lead, through a redirect of ours, to one other origin."""
    g.form_origin = f" {origin}"


def _page_context() -> dict[str, Any]:
    return {
        "csp_nonce": csp_nonce,
        "actor": g.get("actor"),
        "locale": language(),
        "request_id": g.get("request_id", ""),
    }


def _secure(response: Response) -> Response:
    nonce = f" 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else ""
    headers = response.headers
    headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'none'; script-src 'self'{nonce}; style-src 'self'{nonce}; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        f"form-action 'self'{g.get('form_origin', '')}; "
        "base-uri 'none'; object-src 'none'; frame-ancestors 'none'; manifest-src 'self'",
    )
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if not (request.endpoint or "").endswith("static"):
        headers["Cache-Control"] = "no-store"
    return response


def _error_page(code: int, **values: Any) -> Response:
    """End the transaction, which may be what is broken, and say what happened."""
    with suppress(SQLAlchemyError):
        db.session.rollback()
    return make_response(render_template(f"errors/{code}.html", **values), code)


def _install_error_pages(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, lambda _error: _error_page(400, expired=True))
    app.register_error_handler(NotFoundError, lambda _error: _error_page(404))
    app.register_error_handler(NotAllowedError, lambda _error: _error_page(403))
    app.register_error_handler(AlreadyUsedError, lambda _error: _error_page(422))
    app.register_error_handler(ConflictError, _conflict)
    app.register_error_handler(StaleDataError, lambda _error: _conflict(ConflictError("")))
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(Exception, _broken)


def _http(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    if isinstance(error, SecurityError):  # sent to a host that is not ours: no page to link to
        return Response(
            gettext("Dit adres hoort niet bij het portaal."), 400, mimetype="text/plain"
        )
    if error.code == 401:
        return _signed_out()
    page = _error_page(error.code if error.code in PAGES else 400)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        page.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return page


def _conflict(error: ConflictError) -> Response:
    form = g.get("form")
    typed = forms.typed(form) if form else []
    return _error_page(
        409, message=error.message, changes=error.changes, back=error.back, typed=typed
    )


def _signed_out() -> Response:
    """Give back what was typed: nobody is signed in any more to keep it for."""
    sent = request.form.items(multi=True)
    texts = [value.strip() for name, value in sent if "password" not in name]
    typed = [text for text in texts if " " in text]  # sentences, not codes and choices
    return _error_page(401, typed=typed)


def _unavailable(error: OperationalError) -> Response:
    log.error("database unavailable in %s: %s", request.endpoint, type(error.orig).__name__)
    return _error_page(503)


def _broken(error: Exception) -> Response:
    if current_app.config["PROPAGATE_EXCEPTIONS"]:
        raise error
    _log_failure(error)
    return _error_page(500)


def _log_failure(error: Exception) -> None:
    """Log where it broke, never with what: messages of exceptions may quote a family."""
    trace, places = error.__traceback__, []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('portal/', 1)[-1]}:{trace.tb_lineno}")
        trace = trace.tb_next
    log.error(
        "request %s %s failed: %s at %s",
        g.get("request_id"),
        request.endpoint,
        type(error).__name__,
        " > ".join(places[-6:]),
    )
