"""Access points on loopback: they remember every document that was sent, and can be unwell."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from lxml import etree

CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"


@dataclass
class Post:
    """What an access point saw: uploads, how often each number was sent, and what it answers."""

    url: str = ""
    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    sent: Counter[str] = field(default_factory=Counter)
    unreachable: set[str] = field(default_factory=set)
    troubles: list[int] = field(default_factory=list)  # HTTP statuses, one a request
    keys: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def number_in(xml: bytes) -> str:
    return etree.fromstring(xml).findtext(f"{{{CBC}}}ID") or ""


class _Handler(BaseHTTPRequestHandler):
    post: Post

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _answer(self, status: int, body: Any = None) -> None:
        data = json.dumps(body or {}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with self.post.lock:
            self.post.keys.append(self.headers.get("Authorization", ""))
            if self.post.troubles:
                self._answer(self.post.troubles.pop(0))
                return
            self._answer(*self._act(body))

    do_GET = do_POST = do_PUT = _handle  # noqa: N815

    def _act(self, body: bytes) -> tuple[int, Any]:
        raise NotImplementedError


class EInvoiceHandler(_Handler):
    """The part of e-invoice.be that the portal uses."""

    def _act(self, body: bytes) -> tuple[int, Any]:
        address = urlsplit(self.path)
        parts = address.path.strip("/").split("/")
        if parts[:3] == ["api", "validate", "peppol-id"]:
            asked = parse_qs(address.query)["peppol_id"][0]
            fine = asked not in self.post.unreachable
            known = {"business_card_valid": fine, "dns_valid": fine, "is_valid": fine}
            return 200, {**known, "supported_document_types": []}
        if parts == ["api", "documents", "ubl"]:
            xml = body[body.index(b"<?xml") : body.rindex(b">") + 1]
            made = f"doc_{len(self.post.documents) + 1}"
            self.post.documents[made] = {"id": made, "state": "DRAFT", "number": number_in(xml)}
            return 201, self.post.documents[made]
        document = self.post.documents[parts[2]]
        if parts[-1] == "send":
            self.post.sent[document["number"]] += 1
            document["state"] = "TRANSIT"
        return 200, document


class PlainHandler(_Handler):
    """The plain access point, as `portal.finance.routes.http` describes it."""

    def _act(self, body: bytes) -> tuple[int, Any]:
        kind, _, name = unquote(self.path).strip("/").partition("/")
        if kind == "participants":
            return (404 if name in self.post.unreachable else 200), None
        if self.command == "PUT":
            self.post.sent[number_in(body)] += 1
            self.post.documents[name] = {"state": "under_way"}
            return 201, None
        known = self.post.documents.get(name)
        return (200, known) if known else (404, None)


@contextmanager
def running(handler: type[_Handler]) -> Iterator[Post]:
    """Run an access point on a free port."""
    post = Post()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (handler,), {"post": post}))
    server.daemon_threads = True
    post.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield post
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
