"""The server ends sessions: by itself, and whenever it must."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import event, inspect, select, text
from sqlalchemy.orm import Session

from portal.accounts import people, sessions
from portal.accounts.models import SignInSession
from portal.core.db import db
from tests import make
from tests.accounts.conftest import NEW_PASSWORD, is_signed_in
from tests.browser import Browser

Copy = Callable[[Browser], Browser]


def change_password(browser: Browser, old: str = make.PASSWORD, new: str = NEW_PASSWORD) -> Any:
    page = browser.get("security.change_password")
    typed = {"password": old, "new_password": new, "new_password_confirm": new}
    return browser.submit(page, "security.change_password", typed)


def test_a_copied_cookie_is_dead_after_signing_out(browser: Browser, copy_of: Copy) -> None:
    browser.sign_in(make.referrer().account)
    thief = copy_of(browser)
    assert is_signed_in(thief)
    browser.post("security.logout")
    assert not is_signed_in(thief)


def test_a_new_password_ends_every_other_session(
    browser: Browser, copy_of: Copy, mails_to: Callable[[str], list[Any]]
) -> None:
    who = make.referrer().account
    browser.sign_in(who)
    thief = copy_of(browser)
    elsewhere = Browser(browser.app).sign_in(who)
    assert change_password(browser).location == "/account"
    assert is_signed_in(browser)
    assert not is_signed_in(thief)
    assert not is_signed_in(elsewhere)
    assert [m["subject"] for m in mails_to(who.email)] == ["Je wachtwoord is gewijzigd"]
    Browser(browser.app).sign_in(who, NEW_PASSWORD)


def test_the_role_in_use_stays_in_use_after_a_new_password(browser: Browser) -> None:
    who = make.account()
    make.referrer(who=who)
    second = make.referrer(who=who)
    browser.sign_in(who)
    browser.post("accounts.choose_membership", {"membership": second.id})
    change_password(browser)
    assert browser.get("accounts.choose_membership").value("membership") == str(second.id)


def test_the_old_password_is_asked_before_a_new_one(browser: Browser) -> None:
    browser.sign_in(make.referrer().account)
    page = change_password(browser, old="niet het goede wachtwoord")
    assert page.errors == ["Huidig wachtwoord: Dit is niet je huidige wachtwoord."]
    page = change_password(browser, new="wachtwoord123")
    assert page.errors[0].startswith("Nieuw wachtwoord: Dit wachtwoord is te makkelijk te raden")


def test_a_stopped_account_is_out_at_once(browser: Browser, session: Session) -> None:
    who = make.referrer().account
    browser.sign_in(who)
    people.disable(who, make.actor(make.administrator()))
    session.commit()
    assert not is_signed_in(browser)


def test_a_person_ends_one_session_elsewhere(browser: Browser, session: Session) -> None:
    who = make.referrer().account
    elsewhere = Browser(browser.app).sign_in(who)
    first = session.scalars(select(SignInSession)).one()
    browser.sign_in(who)
    assert "Dit toestel" in browser.get("accounts.profile").text
    browser.post("accounts.end_session", session_id=first.id)
    assert not is_signed_in(elsewhere)
    assert is_signed_in(browser)


def test_a_person_signs_out_everywhere_else(browser: Browser) -> None:
    who = make.referrer().account
    others = [Browser(browser.app).sign_in(who) for _ in range(2)]
    browser.sign_in(who)
    browser.post("accounts.end_other_sessions")
    assert [is_signed_in(other) for other in others] == [False, False]
    assert is_signed_in(browser)


def test_nobody_ends_the_session_of_somebody_else(browser: Browser, session: Session) -> None:
    other = Browser(browser.app).sign_in(make.referrer().account)
    theirs = session.scalars(select(SignInSession)).one()
    browser.sign_in(make.referrer().account)
    assert browser.post("accounts.end_session", session_id=theirs.id).status == 404
    assert is_signed_in(other)


def test_half_an_hour_without_a_page_signs_out(browser: Browser, clock: Any) -> None:
    browser.sign_in(make.referrer().account)
    for _ in range(4):
        clock.shift(timedelta(minutes=29))
        assert is_signed_in(browser)
    clock.shift(timedelta(minutes=31))
    page = browser.get("accounts.profile")
    assert page.status == 302
    assert "Je bent uitgelogd" in browser.follow(page).text


def test_an_idle_cookie_cannot_be_revived(browser: Browser, copy_of: Copy, clock: Any) -> None:
    browser.sign_in(make.referrer().account)
    old = copy_of(browser)
    clock.shift(timedelta(minutes=31))
    assert not is_signed_in(browser)
    assert not is_signed_in(old)


def test_after_twelve_hours_one_signs_in_again(browser: Browser, clock: Any) -> None:
    browser.sign_in(make.referrer().account)
    for _ in range(36):
        clock.shift(timedelta(minutes=19, seconds=59))
        assert is_signed_in(browser)
    clock.shift(timedelta(minutes=2))
    assert not is_signed_in(browser)


def test_somebody_signed_in_costs_one_query(browser: Browser) -> None:
    browser.sign_in(make.referrer().account)
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            seen.append(statement)

    event.listen(db.session.get_bind().engine, "before_cursor_execute", note)
    try:
        browser.get("security.login")
    finally:
        event.remove(db.session.get_bind().engine, "before_cursor_execute", note)
    assert len([s for s in seen if "sign_in_session" in s]) == 1
    assert not [s for s in seen if not s.startswith("SELECT")]


def test_looking_at_pages_writes_nothing(browser: Browser, session: Session, clock: Any) -> None:
    browser.sign_in(make.administrator().account)
    before = content(session)
    for endpoint in ("accounts.profile", "accounts.people", "accounts.invite", "security.login"):
        clock.shift(timedelta(minutes=5))
        browser.get(endpoint)
    assert content(session) == before


def test_sessions_long_over_are_forgotten(session: Session, clock: Any) -> None:
    who = make.account()
    sessions.start(who, None, user_agent="", hours=12)
    session.commit()
    clock.shift(timedelta(days=89))
    assert sessions.forget_ended() == 0
    clock.shift(timedelta(days=2))
    assert sessions.forget_ended() == 1


def content(session: Session) -> str:
    """A digest of every row of every table."""
    found = hashlib.sha256()
    for table in sorted(inspect(session.connection()).get_table_names()):
        rows = session.execute(text(f'select * from "{table}"')).all()
        found.update(repr((table, sorted(map(repr, rows)))).encode())
    return found.hexdigest()


def test_what_is_sent_after_the_sign_in_ended_is_shown_back_to_copy(
    browser: Browser, clock: Any
) -> None:
    browser.sign_in(make.referrer().account)
    token = browser.token()
    clock.shift(timedelta(minutes=31))
    sent = {"csrf_token": token, "question": "Graag wat rust voor mama.", "password": "een twee"}
    answer = browser.send("POST", browser.path("accounts.change_email"), data=sent)
    assert answer.status_code == 401
    assert "Graag wat rust voor mama." in answer.text
    assert "Je bent uitgelogd" in answer.text
    assert "een twee" not in answer.text
