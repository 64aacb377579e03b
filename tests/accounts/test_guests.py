"""Referring without an account: who gets in, how, and what a link is worth."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts import guests
from portal.accounts.guest_models import Guest, GuestLink, GuestRequest, GuestSession
from portal.core.audit import AuditEvent
from portal.core.db import db
from portal.core.outbox import OutboxMessage
from portal.directory.models import Organisation
from portal.directory.reference import load_reference
from tests import make
from tests.accounts.make_guest import EMAIL, at_work, filled, guest, mails_to, press
from tests.browser import Browser, Page


@pytest.fixture(autouse=True)
def municipalities(session: Session) -> None:
    load_reference(session)


def begin(browser: Browser, **typed: Any) -> Page:
    page = browser.get("accounts.guest_start")
    return browser.submit(page, "accounts.guest_start", filled(**typed))


def link() -> str:
    return mails_to(EMAIL)[-1]["button_url"]


def number(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_midwife_confirms_her_address_and_is_at_the_form(browser: Browser) -> None:
    asked = browser.follow(begin(browser))
    assert asked.heading == "Kijk in je mailbox"
    assert browser.get("referrals.start").status == 302, "asking alone lets nobody in"
    page = browser.open(link())
    assert page.heading == "Klopt dit?"
    assert "Vroedvrouwenpraktijk De Wieg" in page.text
    assert number(Guest) == 0, "the link alone changes nothing"
    start = browser.follow(press(browser, link()))
    assert start.heading == "Een gezin verwijzen"
    assert "Lien De Pauw, Vroedvrouwenpraktijk De Wieg" in start.text
    assert start.value("function") == "Vroedvrouw"


def test_the_database_keeps_only_the_digest_of_a_link(browser: Browser) -> None:
    begin(browser)
    secret = link().rsplit("/", 1)[1]
    [asked] = db.session.scalars(select(GuestRequest))
    assert secret.encode() not in asked.token_hash
    assert len(asked.token_hash) == 32


def test_a_link_to_begin_works_once(browser: Browser) -> None:
    begin(browser)
    path = link()
    press(browser, path)
    again = Browser(browser.app).open(path)
    assert (again.status, again.heading) == (404, "Deze link werkt niet meer")
    assert number(GuestSession) == 1


def test_a_link_to_begin_is_over_after_a_day(browser: Browser, clock: Any) -> None:
    begin(browser)
    clock.shift(timedelta(hours=24, minutes=1))
    assert browser.open(link()).status == 404
    assert browser.post_to(link(), {}).status == 404
    assert number(Guest) == 0


@pytest.mark.parametrize("endpoint", ["accounts.guest_confirm", "accounts.guest_follow"])
def test_a_guessed_link_opens_nothing(browser: Browser, endpoint: str) -> None:
    for token in ("x", "a" * 43, "é%00"):
        assert browser.get(endpoint, token=token).status == 404
        assert browser.post(endpoint, token=token).status == 404


def test_an_address_with_an_account_gets_the_same_answer_and_another_mail(
    browser: Browser,
) -> None:
    els = make.account("els@ocmw.example")
    stranger, known = begin(browser), begin(browser, email="ELS@ocmw.example")
    assert (stranger.status, stranger.location) == (known.status, known.location)
    [mail] = mails_to(els.email)
    assert mail["subject"] == "Je hebt al een account op het Home-Startportaal"
    assert mail["button_url"] == "/inloggen"
    assert number(GuestRequest) == 1


def test_what_somebody_types_in_public_changes_no_guest_and_no_organisation(
    browser: Browser,
) -> None:
    lien, organisations = guest(), number(Organisation)
    begin(browser, name="Iemand Anders", organisation_name="Nieuwe praktijk")
    assert (lien.name, number(Organisation)) == ("Lien De Pauw", organisations)
    press(browser, link())
    assert (lien.name, lien.organisation_name) == ("Iemand Anders", "Nieuwe praktijk")
    assert (number(Guest), number(Organisation)) == (1, organisations)
    action = select(AuditEvent.fields).where(AuditEvent.action == "guest:update")
    [fields] = db.session.scalars(action)
    assert set(fields) >= {"name", "organisation_name"}


def test_who_fills_in_the_field_nobody_sees_gets_an_answer_and_no_mail(browser: Browser) -> None:
    answer = begin(browser, website="https://spam.example")
    assert (answer.status, answer.location) == (303, browser.path("accounts.guest_asked"))
    page = browser.get("accounts.guest_link")
    typed = {"email": guest().email, "website": "x"}
    assert browser.submit(page, "accounts.guest_link", typed).status == 303
    assert number(OutboxMessage) == 0


def test_what_is_missing_is_said_and_nothing_typed_is_lost(browser: Browser) -> None:
    page = begin(browser, organisation_kind="", phone="geen", municipality="Nergenshuizen")
    assert len(page.errors) == 3
    assert page.value("organisation_name") == "Vroedvrouwenpraktijk De Wieg"
    assert number(OutboxMessage) == 0


def test_a_private_link_opens_again_and_again_for_ninety_days(browser: Browser, clock: Any) -> None:
    path = guests.new_link(guest().id)
    db.session.commit()
    for _ in range(2):
        somewhere = Browser(browser.app)
        assert somewhere.follow(press(somewhere, path)).heading == "Verwijzingen"
    assert number(GuestSession) == 2
    clock.shift(timedelta(days=91))
    over = browser.open(path)
    assert (over.status, over.heading) == (404, "Deze link werkt niet meer")


def test_an_expired_link_is_renewed_by_mail_with_one_answer_for_every_address(
    browser: Browser, clock: Any
) -> None:
    path = guests.new_link(guest().id)
    els = make.account()
    db.session.commit()
    clock.shift(timedelta(days=91))
    page = browser.open(path)
    answers = {
        (answer.status, answer.location)
        for address in (EMAIL.upper(), els.email, "nobody@nergens.example")
        for answer in [browser.submit(page, "accounts.guest_link", {"email": address})]
    }
    assert answers == {(303, browser.path("accounts.guest_asked"))}
    assert browser.follow(press(browser, link())).heading == "Verwijzingen"
    assert mails_to(els.email)[-1]["button_url"] == "/inloggen"
    assert mails_to("nobody@nergens.example") == []


def test_opening_a_private_link_starts_nothing_until_the_button(browser: Browser) -> None:
    path = guests.new_link(guest().id)
    db.session.commit()
    browser.open(path)
    assert number(GuestSession) == 0
    assert browser.get("referrals.index").status == 302


def test_leaving_ends_the_visit_on_the_server(browser: Browser) -> None:
    at_work(browser, guest())
    cookie = browser.client.get_cookie("portal")
    assert cookie is not None
    browser.post("accounts.guest_end")
    thief = Browser(browser.app)
    thief.client.set_cookie("portal", cookie.value)
    assert thief.get("referrals.index").status == 302


def test_a_visit_ends_by_itself(browser: Browser, clock: Any) -> None:
    at_work(browser, guest())
    clock.shift(timedelta(minutes=31))
    assert browser.get("referrals.index").status == 302


def test_signing_in_ends_the_visit_of_a_guest_and_the_other_way_round(browser: Browser) -> None:
    lien, els = guest(), make.referrer().account
    at_work(browser, lien)
    browser.sign_in(els)
    [visit] = db.session.scalars(select(GuestSession))
    assert visit.ended_at is not None
    assert els.name in browser.get("referrals.start").text
    at_work(browser, lien)
    assert browser.get("accounts.profile").status == 403


def test_a_guest_reaches_only_what_guests_may(browser: Browser) -> None:
    at_work(browser, guest())
    for endpoint in ("accounts.profile", "accounts.people", "directory.branches"):
        assert browser.get(endpoint).status == 403
    for endpoint in ("referrals.start", "referrals.drafts", "referrals.index", "home.start"):
        assert browser.get(endpoint).status == 200


def test_what_is_long_over_is_forgotten(browser: Browser, clock: Any) -> None:
    at_work(browser, guest())
    begin(browser, email="ander@praktijk.example")
    clock.shift(timedelta(days=90 + 181))
    guests.forget_old()
    db.session.commit()
    assert [number(one) for one in (GuestRequest, GuestLink, GuestSession, Guest)] == [0, 0, 0, 1]
