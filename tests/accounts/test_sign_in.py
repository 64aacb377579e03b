"""Signing in and out."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import SignInSession
from portal.core.audit import AuditEvent
from portal.core.permissions import Role
from tests import make
from tests.accounts.conftest import is_signed_in
from tests.browser import Browser, Page


def try_signing_in(browser: Browser, email: str, password: str, **values: str) -> Page:
    page = browser.get("security.login", **values)
    typed = {"email": email, "password": password}
    return browser.submit(page, "security.login", typed, **values)


def actions(session: Session) -> list[tuple[str, str]]:
    rows = session.execute(
        select(AuditEvent.action, AuditEvent.object_id).order_by(AuditEvent.number)
    )
    return [(action, object_id) for action, object_id in rows if action.startswith("sign_in")]


def test_somebody_signs_in_and_sees_their_own_account(browser: Browser) -> None:
    referrer = make.referrer()
    browser.sign_in(referrer.account)
    page = browser.get("accounts.profile")
    assert page.status == 200
    assert referrer.account.email in page.text
    assert referrer.place_name in page.text


def test_the_e_mail_address_may_be_typed_in_capitals(browser: Browser) -> None:
    who = make.account("els.peeters@ocmw.example")
    assert try_signing_in(browser, "Els.Peeters@OCMW.example", make.PASSWORD).status == 302
    assert who.email in browser.get("accounts.profile").text


def test_a_page_without_sign_in_leads_to_sign_in_and_back(browser: Browser) -> None:
    who = make.referrer().account
    page = browser.get("accounts.profile")
    assert page.status == 302
    assert page.location == "/inloggen?next=/account"
    answer = try_signing_in(browser, who.email, make.PASSWORD, next="/account")
    assert answer.location == "/account"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        " //evil.example",
        "/%0d%0aSet-Cookie:x=1\r\nx",
    ],
)
def test_nobody_is_sent_outside_the_portal_after_signing_in(browser: Browser, target: str) -> None:
    who = make.account()
    answer = try_signing_in(browser, who.email, make.PASSWORD, next=target)
    assert answer.status == 302
    assert answer.location == "/"
    assert browser.get("security.login", next=target).location == "/", "already signed in"


def test_nobody_is_sent_outside_by_a_hidden_field(browser: Browser) -> None:
    who = make.account()
    page = browser.get("security.login")
    typed = {"email": who.email, "password": make.PASSWORD, "next": "//evil.example"}
    assert browser.submit(page, "security.login", typed).location == "/"


def test_no_answer_tells_whether_an_account_exists(browser: Browser) -> None:
    """Same status, words and length for a wrong password, nobody, a stopped account, no password."""
    known = make.account("bekend@werk.example")
    make.account("gestopt@werk.example", active=False)
    make.account("zonder@werk.example", password=None)
    tries = [
        (known.email, "het verkeerde wachtwoord"),
        ("nieman@werk.example", "het verkeerde wachtwoord"),
        ("gestopt@werk.example", make.PASSWORD),
        ("zonder@werk.example", make.PASSWORD),
    ]
    answers = [try_signing_in(browser, *one) for one in tries]
    assert {page.status for page in answers} == {200}
    assert len({tuple(page.errors) for page in answers}) == 1
    texts = {page.text.replace(email, "") for page, (email, _) in zip(answers, tries, strict=True)}
    assert len(texts) == 1
    assert [page.value("email") for page in answers] == [email for email, _ in tries]


def test_leaving_a_field_empty_says_so(browser: Browser) -> None:
    assert try_signing_in(browser, "", "").errors == ["Vul je e-mailadres en je wachtwoord in."]


def test_a_failure_is_noted_without_what_was_typed(browser: Browser, session: Session) -> None:
    who = make.account("els@werk.example")
    try_signing_in(browser, who.email, "het verkeerde wachtwoord")
    try_signing_in(browser, "geheim@familie.example", "nog een verkeerd wachtwoord")
    assert actions(session) == [("sign_in:fail", str(who.id)), ("sign_in:fail", "unknown")]
    rows = session.scalars(select(AuditEvent)).all()
    assert "geheim" not in repr([vars(row) for row in rows])


def test_a_sign_in_is_noted(browser: Browser, session: Session) -> None:
    who = make.account()
    browser.sign_in(who)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "account:sign_in")).one()
    assert (event.account_id, event.object_id) == (who.id, str(who.id))
    assert who.last_sign_in_at is not None


def test_what_was_in_the_cookie_before_does_not_survive_signing_in(
    browser: Browser, session: Session
) -> None:
    """Fixation: a cookie planted by somebody else must be worth nothing afterwards."""
    who = make.account()
    browser.get("security.login")
    planted = browser.client.get_cookie("portal")
    assert planted is not None
    before = browser.token()
    browser.sign_in(who)
    first = session.scalars(select(SignInSession)).one().token_hash
    assert browser.token() != before
    browser.client.set_cookie("portal", planted.value)
    assert not is_signed_in(browser)
    browser.sign_in(who)
    hashes = {row.token_hash for row in session.scalars(select(SignInSession))}
    assert len(hashes) == 2
    assert first in hashes


def test_signing_in_as_somebody_else_ends_the_session_there_was(
    browser: Browser, session: Session
) -> None:
    invited, other = make.account(), make.account()
    browser.sign_in(invited)
    browser.post("security.logout")
    browser.sign_in(other)
    running = session.scalars(select(SignInSession).where(SignInSession.ended_at.is_(None)))
    assert [row.account_id for row in running] == [other.id]


def test_signing_out_leaves_nothing_in_the_browser(browser: Browser) -> None:
    browser.sign_in(make.referrer().account)
    answer = browser.post("security.logout")
    assert answer.status == 302
    assert answer.response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_signed_in(browser)


def test_signing_out_needs_a_click_on_the_button(browser: Browser) -> None:
    browser.sign_in(make.referrer().account)
    assert browser.get("security.logout").status == 405
    assert browser.send("POST", browser.path("security.logout")).status_code == 400
    assert is_signed_in(browser)


def test_signing_out_twice_is_no_error(browser: Browser) -> None:
    browser.sign_in(make.referrer().account)
    token = browser.token()
    browser.post("security.logout", {"csrf_token": token})
    assert browser.post("security.logout").status == 302


def test_a_token_in_the_address_or_a_header_signs_nobody_in(browser: Browser) -> None:
    who = make.account()
    token = who.get_auth_token()  # type: ignore[attr-defined]
    path = browser.path("accounts.profile")
    assert browser.send("GET", f"{path}?auth_token={token}").status_code == 302
    answer = browser.send("GET", path, headers={"Authentication-Token": token})
    assert answer.status_code == 302


def test_the_role_used_last_is_in_use_at_the_next_sign_in(browser: Browser) -> None:
    who = make.account()
    make.membership(Role.REFERRER, who=who)
    signatory = make.membership(Role.SIGNATORY, who=who)
    browser.sign_in(who)
    browser.post("accounts.choose_membership", {"membership": signatory.id})
    browser.post("security.logout")
    browser.sign_in(who)
    assert browser.get("accounts.choose_membership").value("membership") == str(signatory.id)


def test_pages_of_accounts_are_not_kept_by_the_browser(browser: Browser) -> None:
    browser.sign_in(make.referrer().account)
    for endpoint in ("accounts.profile", "security.change_password"):
        assert browser.get(endpoint).response.headers["Cache-Control"] == "no-store"
