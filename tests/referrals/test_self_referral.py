"""A parent asks for herself: what is asked, where it goes, what she hears, what is kept."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.outbox import OutboxMessage
from portal.referrals import follow
from portal.referrals.models import Referral, Status, UnmetDemand
from portal.referrals.parents import ParentLink
from tests.accounts.make_guest import mails_to, press
from tests.browser import Browser, Page
from tests.referrals.conftest import World

EMAIL = "nadia@familie.example"
INJECTIONS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}{% raw %}",
    '=HYPERLINK("http://kwaad.example")',
    "'; drop table referral; --",
    "%(name)s {reference}",
)


def typed(**other: Any) -> dict[str, Any]:
    return {
        "municipality": "9000 Gent",
        "children-0-month": "3",
        "children-0-year": str(clock.today().year - 2),
        "pregnant": "nee",
        "help": ["rest", "paperwork"],
        "question": "Ik slaap slecht.",
        "first_name": "Nadia",
        "last_name": "Şahin",
        "phone": "0470 99 88 77",
        "call_moment": "als de kinderen op school zijn",
        "language": "tr",
        "interpreter": "ja",
        "email": "",
        "agrees": "y",
        **other,
    }


def ask(browser: Browser, **other: Any) -> Page:
    page = browser.get("referrals.refer_oneself")
    return browser.submit(page, "referrals.refer_oneself", typed(**other))


def only() -> Referral:
    [referral] = db.session.scalars(select(Referral))
    return referral


def test_a_parent_asks_for_herself_and_gets_a_number(browser: Browser, world: World) -> None:
    page = browser.follow(ask(browser))
    referral = only()
    assert page.heading == "Je vraag is aangekomen"
    assert referral.reference in page.text
    assert world.branch.name in page.text
    assert (referral.channel, referral.status) == ("self", Status.SUBMITTED)
    assert (referral.account_id, referral.guest_id, referral.organisation_id) == (None, None, None)
    assert referral.family is not None
    assert referral.family.identity["first_name"] == "Nadia"
    assert referral.family.situation["tasks"] == ["rest", "paperwork"]
    assert referral.consent is not None
    assert (referral.consent.text_version, referral.consent.given_by) == ("ouders 2026-11", "self")
    assert (referral.consent.secrecy_lines, referral.consent.shares_health) == ([], False)


def test_the_coordinator_meets_it_in_the_same_flow(browser: Browser, world: World) -> None:
    ask(browser)
    referral = only()
    [mail] = mails_to(world.coordinator_account.email)
    assert mail["subject"] == f"Nieuwe zelfaanmelding {referral.reference}"
    coordinator = Browser(browser.app).sign_in(world.coordinator_account)
    assert "Zelfaanmelding" in coordinator.get("referrals.index").text
    assert referral.reference in coordinator.get("referrals.index", soort="self").text
    assert referral.reference not in coordinator.get("referrals.index", soort="caw").text
    shown = coordinator.get("referrals.show", reference=referral.reference)
    for words in ("Nadia Şahin", "Tolk nodig", "als de kinderen op school zijn", "De ouder zelf"):
        assert words in shown.text
    assert "Praktisch voor een huisbezoek" not in shown.text
    follow.accept(world.coordinator, referral, clock.today())
    db.session.commit()
    assert referral.status == Status.WAITING
    assert coordinator.get("referrals.waiting").status == 200
    decide = coordinator.get("referrals.decide", reference=referral.reference, action="decline")
    assert "De ouder krijgt geen mail" in decide.text


def test_with_an_address_she_confirms_by_link_and_hears_how_far_it_is(
    browser: Browser, world: World
) -> None:
    ask(browser, email=EMAIL)
    referral = only()
    [mail] = mails_to(EMAIL)
    page = Browser(browser.app).open(mail["button_url"])
    assert "De coördinator belt je ten laatste" in page.text
    assert "Nadia" not in page.text + str(mail)
    assert not referral.referrer_hears, "opening alone confirms nothing"
    version = referral.version
    press(browser, mail["button_url"])
    db.session.refresh(referral)
    assert referral.referrer_hears
    assert referral.version == version, "a coordinator at work is not in conflict with this"
    follow.accept(world.coordinator, referral, clock.today())
    db.session.commit()
    told = mails_to(EMAIL)[-1]
    assert told["subject"] == f"Je vraag {referral.reference}: we zoeken een vrijwilliger"
    assert "We zoeken een vrijwilliger" in browser.open(told["button_url"]).text


def test_an_address_that_is_not_confirmed_is_not_written_to_again(
    browser: Browser, world: World
) -> None:
    ask(browser, email=EMAIL)
    follow.accept(world.coordinator, only(), clock.today())
    db.session.commit()
    assert len(mails_to(EMAIL)) == 1


def test_an_expired_link_mails_a_new_one_to_the_address_behind_it(
    browser: Browser, world: World, clock: Any
) -> None:
    ask(browser, email=EMAIL)
    path = mails_to(EMAIL)[0]["button_url"]
    clock.shift(timedelta(days=91))
    over = browser.open(path)
    assert (over.status, over.heading) == (404, "Deze link werkt niet meer")
    guessed = browser.path("referrals.follow_own", token="a" * 43)
    answers = {
        (answer.status, answer.location)
        for answer in (browser.post_to(one, {}) for one in (path, guessed))
    }
    assert len(answers) == 1
    assert len(mails_to(EMAIL)) == 2
    assert browser.open(mails_to(EMAIL)[-1]["button_url"]).status == 200


def test_a_link_dies_with_the_family(browser: Browser, world: World) -> None:
    ask(browser, email=EMAIL)
    path = mails_to(EMAIL)[0]["button_url"]
    db.session.delete(only().family)
    db.session.commit()
    assert db.session.scalars(select(ParentLink)).all() == []
    assert browser.open(path).status == 404


def test_where_no_branch_is_she_is_kept_only_if_she_wants(browser: Browser, world: World) -> None:
    page = browser.follow(ask(browser, municipality="2000 Antwerpen", kept_when_unserved="nee"))
    referral = only()
    assert "We bewaren niets over jou" in page.text
    assert (referral.status, referral.family, referral.consent) == (Status.NOT_SERVED, None, None)
    [need] = db.session.scalars(select(UnmetDemand))
    assert need.referrer_kind == "self"


def test_where_no_branch_is_she_may_stay_on_the_list(browser: Browser, world: World) -> None:
    unserved = {"municipality": "2000 Antwerpen", "kept_when_unserved": "ja"}
    page = browser.follow(ask(browser, **unserved, email=EMAIL))
    assert "We bellen je als dat verandert" in page.text
    assert only().family is not None
    assert len(mails_to(EMAIL)) == 1


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"agrees": ""}, "Aanmelden kan alleen als je akkoord gaat."),
        ({"phone": ""}, "Vul dit in."),
        ({"help": [], "question": ""}, "Kies minstens één ding"),
        ({"question": "Mijn nummer is 85.07.30-033.28"}, "rijksregisternummer"),
        ({"children-0-year": str(clock.today().year - 14)}, "jonger dan 12"),
        ({"municipality": "Rotterdam"}, "Deze gemeente vinden we niet"),
    ],
)
def test_what_cannot_be_sent_is_said_and_nothing_typed_is_lost(
    browser: Browser, world: World, other: dict[str, Any], says: str
) -> None:
    page = ask(browser, **other)
    assert any(says in error for error in page.errors), page.errors
    assert page.value("last_name") == "Şahin"
    assert db.session.scalars(select(Referral)).all() == []


def test_who_fills_in_the_field_nobody_sees_sends_nothing(browser: Browser, world: World) -> None:
    assert ask(browser, website="x").location == browser.path("referrals.received")
    assert db.session.scalars(select(Referral)).all() == []
    assert db.session.scalars(select(OutboxMessage)).all() == []


def test_the_form_sent_twice_makes_one_question(browser: Browser, world: World) -> None:
    page = browser.get("referrals.refer_oneself")
    answers = [browser.submit(page, "referrals.refer_oneself", typed()) for _ in range(2)]
    assert answers[0].location == answers[1].location
    only()


def test_the_receipt_is_for_the_browser_that_sent_it(browser: Browser, world: World) -> None:
    ask(browser)
    assert Browser(browser.app).get("referrals.received").status == 302


def test_the_place_is_told_without_a_word_on_room(browser: Browser, world: World) -> None:
    answer = browser.get("referrals.own_place", municipality="9000 Gent")
    assert world.branch.name in answer.text
    assert "plaatsen" not in answer.text
    assert "nog geen Home-Start" in browser.get("referrals.own_place", municipality="2000").text


@pytest.mark.parametrize("text", INJECTIONS)
def test_what_a_parent_or_a_guest_types_comes_out_as_text(
    browser: Browser, world: World, text: str
) -> None:
    from tests.accounts.make_guest import at_work, guest

    fields = ("first_name", "last_name", "call_moment", "question")
    ask(browser, **dict.fromkeys(fields, text))
    coordinator = Browser(browser.app).sign_in(world.coordinator_account)
    shown = coordinator.get("referrals.show", reference=only().reference)
    assert shown.text.count(text) >= len(fields) - 1
    visitor = at_work(Browser(browser.app), guest(name=text, organisation_name=text, function=text))
    assert text in visitor.get("referrals.start").text
    assert text in visitor.get("accounts.guest_account").text
