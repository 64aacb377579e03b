"""What a family lets be shared: kept purpose by purpose, changed with a trace, acted on at once."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock as portal_clock
from portal.core.audit import AuditEvent
from portal.core.db import db
from portal.core.errors import DomainError
from portal.referrals import consents
from portal.referrals.choices import Feedback
from portal.referrals.consents import NO, YES, Purpose, Said
from portal.referrals.models import Referral, Status
from tests import make
from tests.browser import Browser, Page
from tests.referrals.conftest import World
from tests.referrals.make_referral import moved_to, submitted

NASTY = "<script>alert(1)</script> {{ 7*7 }} %(name)s"


def said(**other: Any) -> Said:
    known = {"given_by": "mother", "given_on": portal_clock.today(), "manner": "phone"}
    return Said(**{**known, "language": "tr", "text_version": "2026-11", **other})


def answers(**other: Any) -> dict[str, Any]:
    return {
        "situation": "ja",
        "health": "ja",
        "health_codes": ["mental"],
        "feedback": "outcome",
        "given_by": "father",
        "manner": "phone",
        "given_on": portal_clock.today().isoformat(),
        "language": "tr",
        "note": "",
        **other,
    }


@pytest.fixture
def referral(world: World) -> Referral:
    return submitted(world.branch, world.referrer)


@pytest.fixture
def hilde(world: World, browser: Browser) -> Browser:
    return browser.sign_in(world.coordinator_account)


def send(browser: Browser, referral: Referral, **other: Any) -> Page:
    place = {"reference": referral.reference}
    page = browser.get("referrals.consent", **place)
    return browser.submit(page, "referrals.consent", answers(**other), **place)


def held(referral: Referral) -> dict[str, str]:
    found = consents.current(consents.history(referral))
    return {str(purpose): one.answer for purpose, one in found.items()}


def test_what_is_asked_on_the_form_is_kept_for_each_purpose(
    world: World, referral: Referral
) -> None:
    assert held(referral) == {
        "identity": YES,
        "situation": YES,
        "health": YES,
        "feedback": "outcome",
    }
    for one in consents.history(referral):
        assert (one.given_by, one.manner, one.language) == ("mother", "spoken", "nl")
        assert (one.account_id, one.text_version) == (world.referrer.account_id, "2026-11")
    other = submitted(
        world.branch, world.referrer, consent={"shares_health": False}, health=frozenset()
    )
    assert held(other)["health"] == NO


def test_the_coordinator_reads_what_holds_and_how_the_family_said_it(
    hilde: Browser, referral: Referral
) -> None:
    page = hilde.get("referrals.consent", reference=referral.reference)
    assert "Gezondheid, voor zover nodig Ja" in page.text
    assert "Moeder, mondeling, in gesprek met mij" in page.text
    assert "Els Peeters" in page.text
    actions = db.session.scalars(
        select(AuditEvent.action).where(AuditEvent.object_id == str(referral.id))
    )
    assert "referral:read_by_branch" in list(actions)


def test_health_that_may_no_longer_be_shared_is_gone_for_everybody(
    hilde: Browser, world: World, referral: Referral
) -> None:
    sign = "Gezinslid met een psychische kwetsbaarheid"
    els = Browser(hilde.app).sign_in(world.referrer_account)
    assert sign in els.get("referrals.show", reference=referral.reference).text
    answer = send(hilde, referral, health="nee", health_codes=[])
    assert answer.status == 302, answer.errors
    for one in (hilde, els):
        page = one.get("referrals.show", reference=referral.reference)
        assert sign not in page.text
        assert "Gezondheid, voor zover nodig" not in page.text
    db.session.refresh(referral)
    assert referral.family is not None
    assert referral.family.health == []
    page = hilde.get("referrals.consent", reference=referral.reference)
    assert "Gezondheid, voor zover nodig Nee" in page.text
    assert "Vader, aan de telefoon, in gesprek met mij" in page.text
    told = page.text.split("Alles wat het gezin ooit zei", 1)[1]
    assert "Gezondheid, voor zover nodig Ja" in told, "the history keeps the yes"


def test_a_situation_taken_back_leaves_who_they_are_and_what_keeps_a_visitor_safe(
    hilde: Browser, world: World
) -> None:
    referral = submitted(world.branch, world.referrer, practical={"known_risk": True})
    assert send(hilde, referral, situation="nee").status == 302
    page = hilde.get("referrals.show", reference=referral.reference)
    for gone in ("eens op adem komen", "warme band", "Alleenstaande ouder", "tweede bel"):
        assert gone not in page.text
    for kept in ("Nadia Şahin", "Bekend risico bij een huisbezoek", "maatschappelijk werker"):
        assert kept in page.text
    sheet = hilde.send("GET", f"/verwijzingen/{referral.reference}/intakeblad.pdf")
    assert sheet.status_code == 200


def test_health_may_be_told_later_when_the_family_allows_it(hilde: Browser, world: World) -> None:
    referral = submitted(
        world.branch, world.referrer, consent={"shares_health": False}, health=frozenset()
    )
    assert send(hilde, referral, health="ja", health_codes=["physical"]).status == 302
    page = hilde.get("referrals.show", reference=referral.reference)
    assert "Gezinslid met een fysieke beperking" in page.text


def test_the_referrer_hears_no_more_than_the_family_now_allows(
    hilde: Browser, world: World, referral: Referral
) -> None:
    moved_to(referral, Status.WAITING, world.coordinator)
    els = Browser(hilde.app).sign_in(world.referrer_account)
    assert "Wacht op een match" in els.get("referrals.show", reference=referral.reference).text
    assert send(hilde, referral, feedback="none").status == 302
    heard = els.get("referrals.show", reference=referral.reference).text
    assert "Wacht op een match" not in heard
    assert "wijzigde" not in heard, "that something was changed is not told either"
    db.session.refresh(referral)
    assert referral.feedback == Feedback.NONE


def test_nothing_changed_a_future_day_and_nonsense_are_said_on_the_form(
    hilde: Browser, referral: Referral
) -> None:
    assert send(hilde, referral).errors == ["Je hebt niets gewijzigd."]
    later = (portal_clock.today() + timedelta(days=1)).isoformat()
    page = send(hilde, referral, health="nee", given_on=later, note=NASTY)
    assert "ligt in de toekomst" in page.errors[0]
    assert page.value("note") == NASTY
    page = send(hilde, referral, health="misschien", manner="rook", feedback="alles", given_by="")
    assert page.status == 200
    assert len(page.errors) >= 4
    assert held(referral)["health"] == YES


def test_a_note_is_text_in_the_timeline(hilde: Browser, referral: Referral) -> None:
    assert send(hilde, referral, health="nee", note=NASTY).status == 302
    page = hilde.get("referrals.show", reference=referral.reference)
    assert NASTY in page.text
    assert b"<script>alert" not in page.body


def test_of_two_who_change_it_at_once_the_second_sees_what_the_first_did(
    hilde: Browser, world: World, referral: Referral
) -> None:
    place = {"reference": referral.reference}
    page = hilde.get("referrals.consent", **place)
    other = Browser(hilde.app).sign_in(make.coordinator(world.branch).account)
    assert send(other, referral, health="nee").status == 302
    late = hilde.submit(page, "referrals.consent", answers(feedback="none"), **place)
    assert late.status == 409
    assert "Het gezin wijzigde zijn toestemming" in late.text


def test_a_referrer_cannot_open_it(browser: Browser, world: World, referral: Referral) -> None:
    els = browser.sign_in(world.referrer_account)
    assert els.get("referrals.consent", reference=referral.reference).status == 403


def test_a_parent_who_asked_herself_is_not_asked_about_a_referrer(
    hilde: Browser, world: World
) -> None:
    from portal.referrals.submission import submit
    from tests.referrals.make_referral import submission

    own = submission(consent={"given_by": "self", "manner": "online", "secrecy_lines": ()})
    referral = submit(None, own)
    db.session.commit()
    assert set(held(referral)) == {"identity", "situation", "health"}
    page = hilde.get("referrals.consent", reference=referral.reference)
    assert "Wat de verwijzer mag horen" not in page.text
    assert send(hilde, referral, health="nee", health_codes=[]).status == 302


def test_what_the_parent_changes_is_told_to_the_branch_without_a_word_of_the_family(
    world: World, referral: Referral
) -> None:
    from tests.accounts.make_guest import mails_to

    consents.change(None, referral, {Purpose.FEEDBACK: "none"}, said(given_by="self"))
    db.session.commit()
    told = mails_to(world.coordinator_account.email)[-1]
    assert told["subject"] == f"Verwijzing {referral.reference}: de toestemming is gewijzigd"
    assert "Nadia" not in str(told)
    assert held(referral)["feedback"] == "none"


def test_identity_is_not_a_choice_of_its_own(world: World, referral: Referral) -> None:
    with pytest.raises(ValueError, match="withdrawing"):
        consents.change(world.coordinator, referral, {Purpose.IDENTITY: NO}, said())
    with pytest.raises(DomainError):
        consents.change(world.coordinator, referral, {Purpose.HEALTH: YES}, said())
