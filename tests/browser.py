"""A client that speaks in endpoints and looks at every page it gets.

Each HTML page must parse without errors, carry one h1, a title, a language, unique ids, a label
for every field, a strict content security policy and no inline script or style.
"""

import re
from contextvars import Context
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask, has_app_context, url_for
from werkzeug.test import TestResponse

from portal.core.db import db

_NS = "{http://www.w3.org/1999/xhtml}"


class Page:
    """One response: status, text as a person reads it, forms and links."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.location = response.headers.get("Location", "")
        self.body = response.get_data()
        self.html = response.mimetype == "text/html"
        self.tree = check(response) if self.html and self.body else None

    @property
    def text(self) -> str:
        """All visible text, white space folded."""
        if self.tree is None:
            return self.response.get_data(as_text=True)
        return _folded("".join(_all_text(self.tree)))

    @property
    def heading(self) -> str:
        return " ".join("".join(_all_text(e)) for e in self.find("h1")).strip()

    @property
    def errors(self) -> list[str]:
        """The messages of the error summary."""
        boxes = [e for e in self.find() if "error-summary" in e.get("class", "")]
        items = [item for box in boxes for item in box.iter(f"{_NS}li")]
        return [_folded("".join(_all_text(item))) for item in items]

    def find(self, tag: str = "*") -> list[Element]:
        assert self.tree is not None, "not an HTML page"
        return [e for e in self.tree.iter() if tag == "*" or e.tag == f"{_NS}{tag}"]

    def links(self) -> list[str]:
        return [e.get("href", "") for e in self.find("a")]

    def value(self, name: str) -> str:
        """What a field holds now."""
        held = [_held(e) for e in self.find() if e.get("name") == name]
        return next((value for value in held if value is not None), "")

    def hidden(self) -> dict[str, str]:
        """The hidden fields of all forms: token, version, one-time key."""
        fields = [e for e in self.find("input") if e.get("type") == "hidden"]
        return {e.get("name", ""): e.get("value", "") for e in fields}


_SILENT = {f"{_NS}script", f"{_NS}style"}


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _held(control: Element) -> str | None:
    """What a control would send; None when it sends nothing."""
    if control.tag == f"{_NS}textarea":
        return "".join(_all_text(control)).lstrip("\n")
    if control.tag == f"{_NS}select":
        options = list(control.iter(f"{_NS}option"))
        chosen = [o for o in options if o.get("selected") is not None] or options
        return chosen[0].get("value", "") if chosen else None
    if control.get("type") in ("radio", "checkbox") and control.get("checked") is None:
        return None
    return control.get("value", "")


def _all_text(element: Element) -> list[str]:
    parts: list[str] = []
    if element.tag in _SILENT:
        return parts
    parts.append(element.text or "")
    for child in element:
        parts += _all_text(child)
        parts.append(child.tail or "")
    return parts


def check(response: TestResponse) -> Element:
    """Parse a page strictly and assert what every page must have."""
    text = response.get_data(as_text=True)
    parser = html5lib.HTMLParser(strict=False)
    tree = parser.parse(text)
    assert not parser.errors, f"invalid HTML: {parser.errors[:3]} in\n{text[:2000]}"
    found = list(tree.iter())
    ids = [e.get("id") for e in found if e.get("id")]
    assert len(ids) == len(set(ids)), (
        f"duplicate ids: {sorted({i for i in ids if ids.count(i) > 1})}"
    )
    assert next(e for e in found if e.tag == f"{_NS}html").get("lang"), "no language"
    titles = [e.text or "" for e in found if e.tag == f"{_NS}title"]
    assert "".join(titles).strip(), "no title"
    assert sum(e.tag == f"{_NS}h1" for e in found) == 1, "not exactly one h1"
    for e in found:
        assert not e.get("style"), f"inline style on {e.tag}"
        assert not [a for a in e.attrib if str(a).startswith("on")], f"inline handler on {e.tag}"
        if e.tag == f"{_NS}script":
            assert e.get("src") or e.get("nonce"), "inline script without nonce"
    _check_labels(found, set(ids))
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    return tree


def _check_labels(found: list[Element], ids: set[str | None]) -> None:
    labelled = {e.get("for") for e in found if e.tag == f"{_NS}label"}
    for e in found:
        if e.tag not in {f"{_NS}input", f"{_NS}select", f"{_NS}textarea"}:
            continue
        if e.get("type") in ("hidden", "submit", "button"):
            continue
        named = e.get("id") in labelled or e.get("aria-label") or e.get("aria-labelledby")
        assert named, f"no label for field {e.get('name')}"
    for e in found:
        for reference in (e.get("aria-describedby") or "").split():
            assert reference in ids, f"aria-describedby names {reference}, which is not there"


class Browser:
    """The client; `get("referrals.show", reference=…)` gives a Page."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()

    def path(self, endpoint: str, **values: Any) -> str:
        with self.app.test_request_context():
            return url_for(endpoint, **values)

    def get(self, endpoint: str, **values: Any) -> Page:
        return self.open(self.path(endpoint, **values))

    def open(self, path: str) -> Page:
        return self._page(self.send("GET", path))

    def send(self, method: str, path: str, **options: Any) -> TestResponse:
        """Send a request in a context of its own, as a server does.

        Without that, the request would share `g` (who is signed in, the token, the language) with
        the test and with the request before it. The test's own transaction ends first, so that
        it neither holds the write lock nor takes the request's work with it when it rolls back.
        """
        if has_app_context():
            db.session.commit()
        return Context().run(self.client.open, path, method=method, buffered=True, **options)

    def post(self, endpoint: str, data: dict[str, Any] | None = None, **values: Any) -> Page:
        """Post to an endpoint with a valid token; does not follow the redirect."""
        return self.post_to(self.path(endpoint, **values), data)

    def post_to(self, path: str, data: dict[str, Any] | None = None) -> Page:
        values = {"csrf_token": self.token(), **(data or {})}
        return self._page(self.send("POST", path, data=values))

    def submit(self, page: Page, endpoint: str, data: dict[str, Any], **values: Any) -> Page:
        """Post with the hidden fields of the page the person had in front of them."""
        path = self.path(endpoint, **values)
        return self._page(self.send("POST", path, data={**page.hidden(), **data}))

    def follow(self, page: Page) -> Page:
        """Go where a redirect leads."""
        assert page.status in (302, 303), f"{page.status}: {page.text[:300]}"
        return self.open(page.location)

    def token(self) -> str:
        """The CSRF token of this client's session, as a form of the portal would carry it."""
        page = self.get("security.login")
        if page.status == 302:
            page = self.get("accounts.profile")
        return page.hidden()["csrf_token"]

    def sign_in(
        self, account: Any, password: str = "een lang wachtwoord voor de test"
    ) -> "Browser":
        """Sign in through the form, as a person does."""
        page = self.get("security.login")
        answer = self.submit(page, "security.login", {"email": account.email, "password": password})
        assert answer.status == 302, f"could not sign in: {answer.errors or answer.text[:400]}"
        return self

    def _page(self, response: TestResponse) -> Page:
        if has_app_context():
            db.session.expire_all()  # what the request wrote is read anew by the test
        return Page(response)
