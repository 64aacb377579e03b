"""Passwords cannot be tried at will, and nobody is locked out by somebody else."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.db import db, reading
from portal.core.web import limiter
from portal.directory.reference import load_reference
from tests import make
from tests.accounts.make_guest import filled
from tests.browser import Browser


@pytest.fixture
def limited_app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    app = make_app(RATELIMIT_ENABLED=True, RATELIMIT_STORAGE_URI="memory://")
    with app.app_context():
        limiter.reset()
        try:
            yield app
        finally:
            limiter.enabled = False
            db.session.remove()
            db.engine.dispose()


def attempt(browser: Browser, email: str, password: str = "helemaal verkeerd dit") -> int:
    page = browser.get("security.login")
    return browser.submit(page, "security.login", {"email": email, "password": password}).status


def account(email: str) -> int:
    """Make an account and let go of the database; returns its id."""
    made = make.account(email).id
    db.session.remove()
    return made


def test_the_eleventh_try_on_an_account_waits_a_quarter(limited_app: Flask, clock: Any) -> None:
    els, _other = account("els@werk.example"), account("hilde@werk.example")
    stranger = Browser(limited_app)
    tries = [attempt(stranger, "els@werk.example") for _ in range(12)]
    assert tries == [200] * 10 + [429] * 2
    assert attempt(stranger, "ELS@werk.example", make.PASSWORD) == 429, "also the right one"
    assert attempt(stranger, "hilde@werk.example", make.PASSWORD) == 302
    with reading():
        locks = select(AuditEvent.object_id).where(AuditEvent.action == "sign_in:lock")
        assert db.session.scalars(locks).all() == [str(els)]
    clock.shift(timedelta(minutes=16))
    assert attempt(Browser(limited_app), "els@werk.example", make.PASSWORD) == 302


def test_somebody_without_account_is_limited_alike(limited_app: Flask) -> None:
    stranger = Browser(limited_app)
    statuses = [attempt(stranger, "nieman@werk.example") for _ in range(11)]
    assert statuses == [200] * 10 + [429]
    page = stranger.get("security.login")
    typed = {"email": "nieman@werk.example", "password": "x"}
    assert "Even geduld" in stranger.submit(page, "security.login", typed).heading


def test_a_stranger_does_not_lock_out_the_owner(limited_app: Flask) -> None:
    account("els@werk.example")
    own, stranger = Browser(limited_app), Browser(limited_app)
    assert attempt(own, "els@werk.example", make.PASSWORD) == 302
    own.post("security.logout")
    assert [attempt(stranger, "els@werk.example") for _ in range(12)][-1] == 429
    assert attempt(own, "els@werk.example", make.PASSWORD) == 302


def test_the_mark_of_a_known_browser_names_nobody(limited_app: Flask) -> None:
    account("els@werk.example")
    own = Browser(limited_app)
    attempt(own, "els@werk.example", make.PASSWORD)
    mark = own.client.get_cookie("toestel")
    assert mark is not None
    assert "els" not in mark.value.lower()
    assert mark.http_only
    forged = Browser(limited_app)
    forged.client.set_cookie("toestel", "WyJ4Il0.x")
    assert [attempt(forged, "els@werk.example") for _ in range(11)][-1] == 429


def test_one_address_cannot_try_many_accounts(limited_app: Flask) -> None:
    stranger = Browser(limited_app)
    page = stranger.get("security.login")
    statuses = [
        stranger.submit(page, "security.login", {"email": f"iemand{n}@werk.example"}).status
        for n in range(101)
    ]
    assert statuses == [200] * 100 + [429]


def test_reset_mails_cannot_flood_a_mailbox(limited_app: Flask) -> None:
    browser = Browser(limited_app)
    typed = {"email": "els@werk.example"}
    statuses = [browser.post("security.forgot_password", typed).status for _ in range(6)]
    assert statuses == [302] * 5 + [429]


def test_links_cannot_be_tried_at_will(limited_app: Flask) -> None:
    browser = Browser(limited_app)
    statuses = [
        browser.post("accounts.accept_invitation", token=f"gok-{n}").status for n in range(31)
    ]
    assert statuses == [404] * 30 + [429]


def test_who_begins_without_an_account_is_limited_per_address_typed(limited_app: Flask) -> None:
    load_reference(db.session())
    db.session.commit()
    db.session.remove()
    stranger = Browser(limited_app)
    tries = [begin(stranger, "lien@dewieg.example") for _ in range(6)]
    assert tries == [303] * 5 + [429]
    assert begin(stranger, "an@dewieg.example") == 303


def begin(browser: Browser, email: str) -> int:
    page = browser.get("accounts.guest_start")
    return browser.submit(page, "accounts.guest_start", filled(email=email)).status


def test_parents_without_an_e_mail_address_are_not_counted_as_one(limited_app: Flask) -> None:
    load_reference(db.session())
    db.session.commit()
    db.session.remove()
    browser = Browser(limited_app)
    page = browser.get("referrals.refer_oneself")

    def ask(email: str) -> int:
        return browser.submit(page, "referrals.refer_oneself", {"email": email}).status

    assert [ask("nadia@familie.example") for _ in range(6)] == [200] * 5 + [429]
    assert [ask("") for _ in range(8)] == [200] * 8
    assert 429 in [ask("") for _ in range(20)], "one network address is limited all the same"
