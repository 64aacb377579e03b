"""Another e-mail address to sign in with."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import email_changes
from portal.accounts.models import EmailChange
from tests import make
from tests.accounts.conftest import is_signed_in
from tests.browser import Browser, Page

Mails = Callable[[str], list[dict[str, Any]]]
Link = Callable[[str], str]
NEW = "els.nieuw@werk.example"


def ask(browser: Browser, email: str = NEW, password: str = make.PASSWORD) -> Page:
    page = browser.get("accounts.change_email")
    return browser.submit(page, "accounts.change_email", {"email": email, "password": password})


def confirm(browser: Browser, link: str) -> Page:
    return Page(browser.send("POST", link, data=browser.open(link).hidden()))


def test_a_new_address_counts_once_confirmed_and_the_old_one_is_told(
    browser: Browser, link_to: Link, mails_to: Mails
) -> None:
    who = make.account("els@werk.example")
    old = who.email
    browser.sign_in(who)
    assert ask(browser).location == "/account"
    elsewhere = Browser(browser.app)
    page = elsewhere.open(link_to(NEW))
    assert NEW in page.text
    assert who.email == old, "the link alone changes nothing"
    assert confirm(elsewhere, link_to(NEW)).location == "/inloggen"
    assert who.email == NEW
    assert [m["subject"] for m in mails_to(old)] == ["Je e-mailadres is gewijzigd"]
    assert is_signed_in(elsewhere.sign_in(who))


def test_the_password_is_asked(browser: Browser, mails_to: Mails) -> None:
    browser.sign_in(make.account())
    page = ask(browser, password="niet het goede wachtwoord")
    assert page.errors == ["Je wachtwoord: Dit is niet je huidige wachtwoord."]
    assert page.value("email") == NEW
    assert mails_to(NEW) == []


def test_the_same_address_is_no_change(browser: Browser) -> None:
    who = make.account()
    browser.sign_in(who)
    assert ask(browser, email=who.email.upper()).errors == [
        "Nieuw e-mailadres: Dit is je huidige e-mailadres."
    ]


def test_an_address_of_somebody_else_is_answered_alike_and_cannot_be_taken(
    browser: Browser, mails_to: Mails
) -> None:
    owner = make.account("bezet@werk.example")
    browser.sign_in(make.account())
    free, taken = ask(browser), ask(browser, email=owner.email)
    assert (free.status, free.location) == (taken.status, taken.location)
    (mail,) = mails_to(owner.email)
    assert mail["subject"] == "Dit e-mailadres heeft al een account"
    assert mail["button_url"] == ""


def test_an_address_taken_in_the_meantime_is_refused(browser: Browser, link_to: Link) -> None:
    who = make.account()
    browser.sign_in(who)
    ask(browser)
    make.account(NEW)
    assert confirm(browser, link_to(NEW)).status == 404
    assert who.email != NEW


def test_a_link_works_once_for_a_day_and_until_the_next_one(
    browser: Browser, link_to: Link, clock: Any, session: Session
) -> None:
    browser.sign_in(make.account())
    ask(browser)
    first = link_to(NEW)
    clock.shift(timedelta(minutes=1))
    ask(browser)
    second = link_to(NEW)
    assert first != second
    assert browser.open(first).status == 404
    assert confirm(browser, second).status == 302
    assert browser.open(second).heading == "Deze link werkt niet meer"
    ask(browser, email="nog.een@werk.example")
    clock.shift(timedelta(hours=25))
    assert browser.open(link_to("nog.een@werk.example")).status == 404
    clock.shift(timedelta(days=30))
    email_changes.forget_old()
    assert session.scalars(select(EmailChange)).all() == []


def test_a_reset_link_to_the_old_address_dies_with_the_change(
    browser: Browser, link_to: Link
) -> None:
    who = make.account()
    page = browser.get("security.forgot_password")
    browser.submit(page, "security.forgot_password", {"email": who.email})
    reset = link_to(who.email)
    browser.sign_in(who)
    ask(browser)
    confirm(browser, link_to(NEW))
    assert browser.open(reset).status == 302
