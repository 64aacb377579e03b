"""A new password for who forgot the old one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts import people
from portal.core import outbox
from portal.core.db import db
from portal.core.outbox import OutboxMessage
from tests import make
from tests.accounts.conftest import NEW_PASSWORD, at_the_same_time, is_signed_in
from tests.browser import Browser, Page

Mails = Callable[[str], list[dict[str, Any]]]
Link = Callable[[str], str]


def ask(browser: Browser, email: str) -> Page:
    page = browser.get("security.forgot_password")
    return browser.submit(page, "security.forgot_password", {"email": email})


def choose(browser: Browser, link: str, password: str = NEW_PASSWORD) -> Page:
    page = browser.open(link)
    assert page.status == 200, page.status
    typed = {**page.hidden(), "password": password, "password_confirm": password}
    return Page(browser.send("POST", link, data=typed))


def test_somebody_chooses_a_new_password_by_mail(
    browser: Browser, mails_to: Mails, link_to: Link
) -> None:
    who = make.referrer().account
    elsewhere = Browser(browser.app).sign_in(who)
    page = browser.follow(ask(browser, who.email))
    assert "Heeft dit e-mailadres een account" in page.text
    link = link_to(who.email)
    assert link.startswith("/wachtwoord-vergeten/")
    answer = choose(browser, link)
    assert answer.status == 302
    assert "Je nieuwe wachtwoord is ingesteld" in browser.follow(answer).text
    assert not is_signed_in(elsewhere)
    assert [m["subject"] for m in mails_to(who.email)] == [
        "Kies een nieuw wachtwoord",
        "Je wachtwoord is gewijzigd",
    ]
    assert is_signed_in(browser.sign_in(who, NEW_PASSWORD))


def test_asking_for_somebody_without_account_does_exactly_the_same(
    browser: Browser, session: Session, mails_to: Mails
) -> None:
    known = make.account("bekend@werk.example")
    pages = [ask(browser, known.email), ask(browser, "nieman@werk.example")]
    assert [(p.status, p.location) for p in pages] == [(302, "/inloggen")] * 2
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 2
    assert mails_to("nieman@werk.example") == []
    assert len(mails_to(known.email)) == 1


@pytest.mark.parametrize("values", [{"active": False}, {"password": None}])
def test_who_may_not_sign_in_gets_no_link(
    browser: Browser, mails_to: Mails, values: dict[str, Any]
) -> None:
    who = make.account(**values)
    ask(browser, who.email)
    assert mails_to(who.email) == []


def test_a_reset_link_works_once(browser: Browser, link_to: Link) -> None:
    who = make.account()
    ask(browser, who.email)
    link = link_to(who.email)
    choose(browser, link)
    page = browser.open(link)
    assert page.location == "/wachtwoord-vergeten"
    assert "Deze link is al gebruikt of werkt niet meer" in browser.follow(page).text


def test_a_reset_link_dies_when_another_one_was_used(browser: Browser, link_to: Link) -> None:
    who = make.account()
    ask(browser, who.email)
    first = link_to(who.email)
    ask(browser, who.email)
    choose(browser, link_to(who.email))
    assert browser.open(first).status == 302


def test_a_reset_link_expires(browser: Browser, link_to: Link, clock: Any) -> None:
    who = make.account()
    ask(browser, who.email)
    link = link_to(who.email)
    clock.shift(timedelta(hours=1, minutes=59))
    assert browser.open(link).status == 200
    clock.shift(timedelta(minutes=2))
    assert "Deze link is verlopen" in browser.follow(browser.open(link)).text


def test_a_reset_link_dies_with_the_account(
    browser: Browser, link_to: Link, session: Session
) -> None:
    who = make.account()
    ask(browser, who.email)
    link = link_to(who.email)
    people.disable(who, make.actor(make.administrator()))
    session.commit()
    assert browser.open(link).status == 302


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("kort", "Kies een wachtwoord van minstens 12 tekens"),
        ("wachtwoord123", "te makkelijk te raden"),
        ("els.peeters1", "Je naam of e-mailadres"),
        ("x" * 129, "hoogstens 128 tekens"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(
    browser: Browser, link_to: Link, password: str, why: str
) -> None:
    who = make.account("els.peeters@werk.example", "Els Peeters")
    ask(browser, who.email)
    page = choose(browser, link_to(who.email), password)
    assert page.status == 200
    assert why in page.errors[0]
    assert page.value("password") == "", "a password is never sent back"


def test_of_several_who_use_a_reset_link_together_one_wins(live_app: Flask) -> None:
    with live_app.app_context():
        email = make.account().email
        ask(Browser(live_app), email)
        outbox.deliver_due()
        payloads = [m.payload for m in db.session.scalars(select(OutboxMessage))]
        link = next(p["button_url"] for p in payloads if p.get("to") == email)
        browsers = [Browser(live_app) for _ in range(4)]
        ready = [browser.open(link).hidden() for browser in browsers]
        db.session.remove()

        def use(number: int) -> str:
            password = f"{NEW_PASSWORD} nummer {number}"
            typed = {**ready[number], "password": password, "password_confirm": password}
            return browsers[number].send("POST", link, data=typed).headers["Location"]

        answers = at_the_same_time([lambda n=n: use(n) for n in range(4)])
        assert sorted(answers) == ["/inloggen", *["/wachtwoord-vergeten"] * 3]
        winner = answers.index("/inloggen")
        stored = people.find_account(email)
        assert stored is not None
        assert stored.verify_and_update_password(f"{NEW_PASSWORD} nummer {winner}")
