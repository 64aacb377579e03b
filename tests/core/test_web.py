"""Every answer carries its headers; every failure is a page that helps and tells no secrets."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import wtforms
from flask import Flask, abort, redirect, render_template_string, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import TooManyRequests

from portal.core import guard
from portal.core.db import db
from portal.core.errors import (
    AlreadyUsedError,
    Change,
    ConflictError,
    NotAllowedError,
    NotFoundError,
)
from portal.core.forms import OnceForm
from portal.core.web import limiter
from tests.browser import Browser, Page

CANARY = "Canarini-zoekt-hulp"


class TextForm(OnceForm):
    words = wtforms.TextAreaField("Jouw woorden")
    secret = wtforms.PasswordField("Wachtwoord")


def fail(kind: str) -> Any:
    failures: dict[str, Callable[[], Exception]] = {
        "missing": NotFoundError,
        "refused": lambda: NotAllowedError(CANARY),
        "reused": lambda: AlreadyUsedError(CANARY),
        "stale": lambda: StaleDataError(CANARY),
        "broken": lambda: ValueError(CANARY),
        "database": lambda: OperationalError(CANARY, {}, Exception(CANARY)),
        "busy": TooManyRequests,
    }
    if kind in failures:
        raise failures[kind]()
    abort(int(kind))


def write() -> Any:
    form = TextForm()
    if form.validate_on_submit():
        raise ConflictError("Intussen gewijzigd.", [Change("Match gemaakt", "gisteren", "Bea")])
    return render_template_string(
        '{% extends "base_minimal.html" %}{% from "macros/forms.html" import form_open, field %}'
        "{% block content %}<h1>Schrijf</h1>{{ form_open(form) }}{{ field(form.words) }}</form>"
        "{% endblock %}",
        form=form,
    )


def leave() -> Any:
    return redirect("/elders")


@pytest.fixture(scope="module")
def web_app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """The portal with a few pages more, on which things go wrong."""
    app = make_app(PROPAGATE_EXCEPTIONS=False, RATELIMIT_ENABLED=True)
    app.add_url_rule("/mis/<kind>", "fail", fail, methods=["GET", "POST"])
    app.add_url_rule("/schrijf", "write", write, methods=["GET", "POST"])
    app.add_url_rule("/weg", "leave", leave)
    app.add_url_rule("/vaak", "often", limiter.limit("3/minute")(lambda: "ok"))
    with pytest.MonkeyPatch.context() as patch:
        more = {"fail", "write", "leave", "often"}
        patch.setattr(guard, "PUBLIC_ENDPOINTS", guard.PUBLIC_ENDPOINTS | more)
        yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def visitor(web_app: Flask) -> Browser:
    return Browser(web_app)


@pytest.mark.parametrize(
    ("path", "status", "heading"),
    [
        ("/nergens", 404, "Deze pagina vinden we niet"),
        ("/mis/missing", 404, "Deze pagina vinden we niet"),
        ("/mis/refused", 403, None),
        ("/mis/reused", 422, None),
        ("/mis/stale", 409, "Iemand anders was je voor"),
        ("/mis/broken", 500, "Er ging bij ons iets mis"),
        ("/mis/database", 503, "Het portaal is even niet bereikbaar"),
        ("/mis/busy", 429, "Even geduld"),
        ("/mis/400", 400, "We begrijpen dit verzoek niet"),
        ("/mis/403", 403, None),
        ("/mis/413", 413, None),
        ("/mis/415", 400, None),
        ("/mis/418", 400, None),
        ("/mis/503", 503, None),
    ],
)
def test_every_failure_is_a_dutch_page_without_a_trace_or_a_value(
    visitor: Browser, path: str, status: int, heading: str | None
) -> None:
    page = visitor.open(path)
    assert page.status == status
    assert page.tree is not None
    assert page.tree.get("lang") == "nl"
    assert heading in (None, page.heading)
    assert len(page.text) > 100, "it says what to do"
    assert any(link.startswith(("/", "mailto:")) for link in page.links())
    for secret in (CANARY, "Traceback", "portal/", "Error", "sqlalchemy"):
        assert secret not in page.response.get_data(as_text=True)


def test_a_failure_is_logged_where_it_happened_and_never_with_what(
    visitor: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        page = visitor.open(f"/mis/broken?naam={CANARY}")
        visitor.open("/mis/database")
    assert CANARY not in caplog.text
    assert "ValueError" in caplog.text
    assert "test_web.py" in caplog.text
    number = next(e.text for e in page.find("strong") if e.get("class") == "reference")
    assert number
    assert number in caplog.text, "the number on the page leads to the line in the log"


def test_a_failure_can_be_shown_without_a_database(
    visitor: Browser, web_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with web_app.app_context():
        engine = db.engine

    def refuse(*_: Any, **__: Any) -> None:
        raise OperationalError("select", {}, Exception("gone"))

    monkeypatch.setattr(engine, "raw_connection", refuse)
    assert visitor.open("/gezond").status == 503
    assert visitor.open("/mis/broken").status == 500
    assert visitor.open("/nergens").status == 404


PATHS = ["/nergens", "/gezond", "/mis/broken", "/mis/database", "/mis/busy", "/weg", "/schrijf"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "DELETE"])
@pytest.mark.parametrize("path", [*PATHS, "/core/portal.css"])
def test_every_answer_carries_the_headers_that_protect(
    visitor: Browser, path: str, method: str
) -> None:
    answer = visitor.send(method, path)
    answer.close()
    headers = answer.headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "http" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "max-age=31536000" in headers["Strict-Transport-Security"]
    assert headers["Permissions-Policy"]
    if not path.endswith(".css"):
        assert headers["Cache-Control"] == "no-store"
    assert "Server" not in headers or "Werkzeug" not in headers["Server"]


def test_a_nonce_is_used_once(visitor: Browser) -> None:
    def nonces(page: Page) -> set[str]:
        return {e.get("nonce", "") for e in page.find("script")} - {""}

    first, second = visitor.open("/nergens"), visitor.open("/nergens")
    assert not nonces(first) & nonces(second)
    for page in (first, second):
        policy = page.response.headers["Content-Security-Policy"]
        assert all(f"'nonce-{nonce}'" in policy for nonce in nonces(page))


def test_a_form_sent_without_its_token_is_refused_and_explained(visitor: Browser) -> None:
    answer = Page(visitor.send("POST", "/schrijf", data={"words": "Lang verhaal"}))
    assert answer.status == 400
    assert answer.heading == "Deze pagina stond te lang open"
    assert "niets bewaard of verstuurd" in answer.text


def test_a_form_sent_with_somebody_elses_token_is_refused(visitor: Browser, web_app: Flask) -> None:
    visitor.open("/schrijf")
    theirs = Browser(web_app).open("/schrijf").hidden()["csrf_token"]
    answer = Page(visitor.send("POST", "/schrijf", data={"words": "x", "csrf_token": theirs}))
    assert answer.status == 400


def test_who_was_too_late_sees_what_changed_and_gets_back_what_was_typed(visitor: Browser) -> None:
    page = visitor.open("/schrijf")
    data = {**page.hidden(), "words": "Een <b>lang</b> verhaal", "secret": "geheim"}
    answer = Page(visitor.send("POST", "/schrijf", data=data))
    assert answer.status == 409
    assert "Intussen gewijzigd." in answer.text
    for words in ("Match gemaakt", "gisteren", "Bea", "Jouw woorden", "Een <b>lang</b> verhaal"):
        assert words in answer.text
    assert "geheim" not in answer.response.get_data(as_text=True)


def test_a_body_that_is_too_large_is_refused_before_it_is_read(visitor: Browser) -> None:
    token = visitor.open("/schrijf").hidden()["csrf_token"]

    def send(kind: str, body: str) -> Page:
        return Page(visitor.send("POST", "/schrijf", data=body.encode(), content_type=kind))

    def part(name: str, value: str) -> str:
        return f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'

    whole = send("application/x-www-form-urlencoded", f"csrf_token={token}&a=" + "x" * 2**24)
    field = send("multipart/form-data; boundary=x", part("a", "x" * 2**21) + "--x--")
    parts = "".join(part(f"f{n}", "x") for n in range(600))
    many = send("multipart/form-data; boundary=x", part("csrf_token", token) + parts + "--x--")
    for answer in (whole, field, many):
        assert answer.status == 413
        assert answer.heading


def test_who_asks_too_often_is_asked_to_wait(visitor: Browser) -> None:
    answers = [visitor.send("GET", "/vaak").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 429, 429]


def test_a_method_that_is_not_there_names_those_that_are(visitor: Browser) -> None:
    answer = visitor.send("DELETE", "/gezond")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("host", ["elders.example", "127.0.0.1.elders.example", "[::1]", "a b"])
def test_an_unknown_host_gets_nothing(visitor: Browser, host: str) -> None:
    answer = visitor.send("GET", "/nergens", headers={"Host": host})
    assert answer.status_code == 400
    assert host not in answer.get_data(as_text=True)


def test_the_portal_says_that_it_is_well(visitor: Browser) -> None:
    assert visitor.send("GET", "/gezond").text == "ok"


def test_a_number_no_database_holds_is_no_address(web_app: Flask) -> None:
    with web_app.test_request_context(f"/{2**63}"):
        assert request.endpoint is None


def test_behind_a_proxy_the_address_is_that_of_the_visitor(make_app: Callable[..., Flask]) -> None:
    seen: list[tuple[str | None, str]] = []
    for proxies in (0, 1):
        app = make_app(PROXIES=proxies)

        @app.before_request
        def note() -> None:
            seen.append((request.remote_addr, request.host))

        headers = {"X-Forwarded-For": "6.6.6.6, 9.9.9.9", "X-Forwarded-Host": "elders.example"}
        Browser(app).send("GET", "/gezond", headers=headers)
        with app.app_context():
            db.engine.dispose()
    assert seen == [("127.0.0.1", "localhost"), ("9.9.9.9", "localhost")]
