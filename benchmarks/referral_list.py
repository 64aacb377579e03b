"""What the list of referrals costs, against a bare page with the same rows, size and server.

Prints CPU per request of both, the number of SQL queries, and a line `ratio referral-list N`.
"""

import argparse
import http.client
import multiprocessing
import os
import socket
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event, func, select

from benchmarks import bare

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "bench"
ROUNDS, REQUESTS, WARM_UP = 9, 150, 40
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    os.environ["PORTAL_ENV"] = "demo"
    os.environ["PORTAL_VAR"] = str(FOLDER)
    FOLDER.mkdir(parents=True, exist_ok=True)
    from portal import create_app

    portal = create_app()
    path, cookie, branch_id = _prepare(portal, rows)
    size, queries = _look(portal, path, cookie)
    uri = portal.config["SQLALCHEMY_DATABASE_URI"]
    with (
        Server(create_app) as ours,
        Server(lambda: bare.create_app(uri, branch_id, size)) as plain,
    ):
        pairs = []
        ours.get(path, cookie, WARM_UP)
        plain.get("/", "", WARM_UP)
        for _ in range(ROUNDS):
            pairs.append((ours.cpu(path, cookie), plain.cpu("/", "")))
    portal_ms, bare_ms = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"rows {rows}, page {size} bytes, {queries} queries, {ROUNDS} x {REQUESTS} requests")
    print(f"portal {portal_ms:.2f} ms CPU per request, bare {bare_ms:.2f} ms")
    print(f"ratio referral-list {ratio:.2f}")


def _prepare(app: Flask, rows: int) -> tuple[str, str, int]:
    """Fill the database once; return the list's path, a signed-in cookie and the branch."""
    from portal import migrations
    from portal.accounts import service as accounts
    from portal.accounts.models import Membership
    from portal.core.db import db
    from portal.demo import families, world
    from portal.referrals.models import Referral

    with app.app_context():
        migrations.upgrade()
        world.build()
        there = db.session.scalar(select(func.count()).select_from(Referral)) or 0
        if there < rows:
            families.make(rows - there, years=3)
        account = accounts.find_account(world.COORDINATOR)
        assert account is not None
        query = select(Membership.branch_id).where(Membership.account_id == account.id)
        branch_id = db.session.scalar(query)
        assert branch_id is not None
    client = app.test_client()
    page = client.get("/inloggen").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post(
        "/inloggen",
        data={"csrf_token": token, "email": world.COORDINATOR, "password": world.PASSWORD},
    )
    assert answer.status_code == 302, answer.status
    cookie = client.get_cookie("portal")
    assert cookie is not None
    return "/verwijzingen/", f"portal={cookie.value}", branch_id


def _look(app: Flask, path: str, cookie: str) -> tuple[int, int]:
    """Return the page's size in bytes and how many SQL queries it takes."""
    from portal.core.db import db

    said: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            said.append(statement)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
        answer = app.test_client(use_cookies=False).get(path, headers={"Cookie": cookie})
        event.remove(db.engine, "before_cursor_execute", note)
    assert answer.status_code == 200, answer.status
    return len(answer.get_data()), len(said)


class Server:
    """An app under waitress in a process of its own, whose CPU time can be read."""

    def __init__(self, make: Callable[[], Flask]) -> None:
        self._make = make

    def __enter__(self) -> "Server":
        reader, writer = multiprocessing.Pipe(duplex=False)
        context = multiprocessing.get_context("fork")
        self._process = context.Process(target=_serve, args=(self._make, writer), daemon=True)
        self._process.start()
        self._http = http.client.HTTPConnection("127.0.0.1", reader.recv(), timeout=30)
        return self

    def __exit__(self, *_error: object) -> None:
        self._http.close()
        self._process.terminate()
        self._process.join()

    def get(self, path: str, cookie: str, times: int) -> None:
        """Ask for a page so many times, one after the other, over one connection."""
        for _ in range(times):
            self._http.request("GET", path, headers={"Cookie": cookie} if cookie else {})
            answer = self._http.getresponse()
            answer.read()
            assert answer.status == 200, answer.status

    def cpu(self, path: str, cookie: str) -> float:
        """Return the server's CPU milliseconds per request, over one round."""
        before = self._ticks()
        self.get(path, cookie, REQUESTS)
        return (self._ticks() - before) * 1000 / TICKS / REQUESTS

    def _ticks(self) -> int:
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])


def _serve(make: Callable[[], Flask], port: Any) -> None:
    from waitress.server import create_server

    listener = socket.create_server(("127.0.0.1", 0))
    port.send(listener.getsockname()[1])
    server = create_server(make(), sockets=[listener], threads=4)
    server.run()


if __name__ == "__main__":
    started = time.monotonic()
    main()
    print(f"took {time.monotonic() - started:.0f} s")
