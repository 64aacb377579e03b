"""Short questions by link: who is asked and when, once, and what the branch sees of the answers."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts import guests
from portal.core import outbox
from portal.core.audit import AuditEvent
from portal.core.db import db
from portal.referrals import survey_sums, surveys
from portal.referrals.choices import Feedback
from portal.referrals.models import Referral, Status
from portal.referrals.survey_questions import PARENT_QUESTIONS, REFERRER_QUESTIONS, Audience
from portal.referrals.surveys import Said, SurveyAnswer, SurveyLink
from tests import make
from tests.accounts import make_guest
from tests.browser import Browser, Page
from tests.directory.conftest import count_queries
from tests.referrals.conftest import World
from tests.referrals.make_referral import moved_to, submitted

CORPUS = ("<script>alert(1)</script>", "A & B", "{{7*7}}", "%(kwaad)s", "💛 Łukasz", "</li></ul>")


def mails() -> list[dict[str, Any]]:
    found = db.session.scalars(select(outbox.OutboxMessage))
    return [one.payload for one in found if one.key.startswith("mail:survey:")]


def token_of(payload: dict[str, Any]) -> str:
    return payload["button_url"].removeprefix(surveys.PATH)


def completed(world: World, **overrides: Any) -> Referral:
    referral = submitted(world.branch, world.referrer, **overrides)
    return moved_to(referral, Status.COMPLETED, world.coordinator)


def parent_token(world: World, referral: Referral) -> str:
    token = surveys.link_for_parent(world.coordinator, referral).removeprefix(surveys.PATH)
    db.session.commit()
    return token


def fill_in(browser: Browser, token: str, audience: Audience, **more: Any) -> Page:
    page = browser.get("referrals.survey", token=token)
    asked = PARENT_QUESTIONS if audience == Audience.PARENT else REFERRER_QUESTIONS
    return browser.submit(page, "referrals.survey", dict.fromkeys(asked, "4") | more, token=token)


def answered(world: World, number: int, *, score: int = 4, named: bool = False) -> None:
    """That many parents answered."""
    for _ in range(number):
        token = parent_token(world, completed(world))
        said = Said(dict.fromkeys(PARENT_QUESTIONS, score), f"woord {score}", named)
        surveys.answer(token, said)
    db.session.commit()


def of_parents(world: World) -> survey_sums.Results:
    return next(r for r in survey_sums.results(world.coordinator) if r.audience == Audience.PARENT)


def test_the_referrer_is_asked_some_time_after_the_decision_once(world: World, clock: Any) -> None:
    referral = moved_to(submitted(world.branch, world.referrer), Status.WAITING, world.coordinator)
    assert surveys.ask_referrers() == 0
    clock.shift(timedelta(days=30))
    assert surveys.ask_referrers() == 1
    assert surveys.ask_referrers() == 0
    [mail] = mails()
    assert mail["to"] == world.referrer.email
    assert mail["subject"] == f"Hoe verliep verwijzing {referral.reference}?"
    for word in ("Nadia", "Şahin", "Gent"):
        assert word not in str(mail)


def test_the_referrer_is_asked_again_at_the_end(world: World, clock: Any) -> None:
    completed(world)
    clock.shift(timedelta(days=7))
    assert surveys.ask_referrers() == 1
    clock.shift(timedelta(days=23))
    assert surveys.ask_referrers() == 1
    assert {link.moment.value for link in db.session.scalars(select(SurveyLink))} == {
        "decision",
        "end",
    }


def test_nobody_is_asked_who_may_not_know_does_not_want_to_or_was_decided_long_ago(
    world: World, clock: Any
) -> None:
    submitted(world.branch, world.referrer)  # no decision yet
    silent = submitted(world.branch, world.referrer, consent={"feedback": Feedback.NONE})
    moved_to(silent, Status.DECLINED, world.coordinator)
    unasked = moved_to(submitted(world.branch, world.referrer), Status.DECLINED, world.coordinator)
    unasked.referrer_hears = False
    stopped = moved_to(submitted(world.branch, world.referrer), Status.WAITING, world.coordinator)
    stopped.shared = False
    db.session.commit()
    clock.shift(timedelta(days=30))
    assert surveys.ask_referrers() == 0
    moved_to(submitted(world.branch, world.referrer), Status.DECLINED, world.coordinator)
    clock.shift(timedelta(days=61))
    assert surveys.ask_referrers() == 0


def test_a_setting_of_zero_days_asks_nobody(
    world: World, clock: Any, monkeypatch: pytest.MonkeyPatch, app: Any
) -> None:
    monkeypatch.setitem(app.config, "SURVEY_DECISION_DAYS", 0)
    moved_to(submitted(world.branch, world.referrer), Status.DECLINED, world.coordinator)
    clock.shift(timedelta(days=30))
    assert surveys.ask_referrers() == 0


def test_a_guest_is_asked_too_and_answers_without_signing_in(
    world: World, browser: Browser, clock: Any
) -> None:
    guest = guests.actor_of(make_guest.guest("lien@wieg.example"))
    referral = submitted(world.branch, guest)
    moved_to(referral, Status.DECLINED, world.coordinator)
    clock.shift(timedelta(days=30))
    surveys.ask_referrers()
    [mail] = mails()
    assert mail["to"] == "lien@wieg.example"
    page = browser.get("referrals.survey", token=token_of(mail))
    assert referral.reference in page.text
    assert "Nadia" not in page.text
    answer = fill_in(browser, token_of(mail), Audience.REFERRER, remark="Fijn contact.")
    assert answer.heading == "Dank je wel"
    kept = make.only(SurveyAnswer)
    assert kept.scores == dict.fromkeys(REFERRER_QUESTIONS, 4)
    assert (kept.family_id, kept.remark) == (None, "Fijn contact.")


def test_a_parent_gets_a_card_at_the_end_and_a_newer_one_ends_the_older(
    world: World, browser: Browser
) -> None:
    hilde = browser.sign_in(world.coordinator_account)
    referral = completed(world)
    place = {"reference": referral.reference}
    assert "Vraag de ouder hoe het was" in hilde.get("referrals.show", **place).text
    page = hilde.get("referrals.ask_parent", **place)
    assert page.find("img") == [] or all("data:" not in e.get("src", "") for e in page.find("img"))

    def card() -> str:
        made = hilde.submit(page, "referrals.ask_parent", {}, **place)
        [code] = [e for e in made.find("img") if "data:image/svg" in e.get("src", "")]
        assert code.get("alt")
        [address] = [e.text for e in made.find("p") if e.get("class") == "card-address"]
        return str(address).rsplit("/", 1)[1]

    first, second = card(), card()
    visitor = Browser(browser.app)
    assert visitor.get("referrals.survey", token=first).status == 404
    asked = visitor.get("referrals.survey", token=second)
    assert asked.heading == "Hoe was Home-Start voor jou?"
    assert referral.reference not in asked.text
    assert fill_in(visitor, second, Audience.PARENT).heading == "Dank je wel"
    again = hilde.submit(page, "referrals.ask_parent", {}, **place)
    assert "beantwoordde de vragen al" in again.errors[0]


def test_a_parent_is_mailed_only_when_there_is_an_address_and_the_mail_names_nobody(
    world: World, browser: Browser
) -> None:
    hilde = browser.sign_in(world.coordinator_account)
    for referral in (completed(world), completed(world, identity={"email": ""})):
        place = {"reference": referral.reference}
        page = hilde.get("referrals.ask_parent", **place)
        answer = hilde.submit(page, "referrals.ask_parent", {"mail": "1"}, **place)
    assert "gaf geen e-mailadres" in answer.errors[0]
    [mail] = mails()
    assert mail["to"] == "nadia@familie.example"
    assert "Nadia" not in str({**mail, "to": ""})
    assert referral.reference not in str(mail)


def test_before_the_end_a_parent_is_not_asked(world: World, browser: Browser) -> None:
    hilde = browser.sign_in(world.coordinator_account)
    referral = submitted(world.branch, world.referrer)
    answer = hilde.get("referrals.ask_parent", reference=referral.reference)
    assert answer.status == 302
    assert make.number_of(SurveyLink) == 0


def test_a_link_works_once_and_an_expired_or_guessed_one_never(
    world: World, browser: Browser, clock: Any
) -> None:
    token = parent_token(world, completed(world))
    page = browser.get("referrals.survey", token=token)
    scores = dict.fromkeys(PARENT_QUESTIONS, "5")
    first, second = (
        browser.submit(page, "referrals.survey", scores, token=token) for _ in range(2)
    )
    assert (first.status, second.status) == (200, 404)
    assert make.number_of(SurveyAnswer) == 1
    old = parent_token(world, completed(world))
    clock.shift(timedelta(days=61))
    for wrong in (old, token, "geraden", "x" * 60):
        assert browser.get("referrals.survey", token=wrong).status == 404
        assert browser.post("referrals.survey", scores, token=wrong).status == 404
    assert make.number_of(SurveyAnswer) == 1


def test_every_question_wants_a_number_from_zero_to_five(world: World, browser: Browser) -> None:
    token = parent_token(world, completed(world))
    page = browser.get("referrals.survey", token=token)
    assert len(browser.submit(page, "referrals.survey", {}, token=token).errors) == 4
    assert len(fill_in(browser, token, Audience.PARENT, helped="6").errors) == 1
    assert len(fill_in(browser, token, Audience.PARENT, remark="x" * 1001).errors) == 1
    assert (
        "rijksregisternummer"
        in fill_in(browser, token, Audience.PARENT, remark="85.07.30-033.28").errors[0]
    )
    assert make.number_of(SurveyAnswer) == 0


def test_an_answer_without_consent_keeps_nothing_that_leads_to_its_family(world: World) -> None:
    answered(world, 1)
    kept, link = make.only(SurveyAnswer), make.only(SurveyLink)
    assert kept.family_id is None
    assert kept.month.day == 1
    columns = set(SurveyLink.__table__.columns.keys())
    assert columns == {
        *("id", "family_id", "audience", "moment", "token_hash", "expires_at", "used"),
    }
    assert link.used
    noted = db.session.scalars(select(AuditEvent.action)).all()
    assert not [action for action in noted if "survey" in action]


def test_sums_appear_from_five_answers_and_grow_by_five(world: World) -> None:
    answered(world, 4)
    assert (of_parents(world).number, of_parents(world).means) == (0, [])
    assert of_parents(world).remarks == []
    answered(world, 1, score=0)
    found = of_parents(world)
    assert found.number == 5
    assert [mean.tenths for mean in found.means] == [32] * 4
    answered(world, 4, score=0)
    assert of_parents(world) == found  # the sixth to the ninth cannot be found by comparing


def test_who_agreed_is_seen_at_her_family_and_cannot_be_taken_away_to_find_another(
    world: World, browser: Browser
) -> None:
    answered(world, 4, score=5, named=True)
    answered(world, 1, score=1)
    found = of_parents(world)
    assert len(found.named) == 4
    assert found.number == 0  # four with a name and one without would show the one
    answered(world, 4, score=1)
    assert of_parents(world).number == 9
    db.session.commit()
    page = browser.sign_in(world.coordinator_account).get("referrals.satisfaction")
    assert "woord 5" in page.text
    assert "2,8" in page.text
    shown = {one.reference for one in of_parents(world).named}
    assert all(reference in page.text for reference in shown)
    read = select(AuditEvent).where(AuditEvent.action == "referral:read_by_branch")
    assert any(event.fields == ["survey"] for event in db.session.scalars(read))


def test_another_branch_sees_none_of_it(world: World, browser: Browser) -> None:
    answered(world, 5, named=True)
    other = make.coordinator(make.branch(["24062"]))
    page = browser.sign_in(other.account).get("referrals.satisfaction")
    assert "woord 4" not in page.text
    assert page.text.count("Nog geen vijf antwoorden.") == 2


def test_what_is_erased_takes_its_link_and_its_named_answer_along(world: World) -> None:
    answered(world, 1, named=True)
    answered(world, 1)
    for referral in db.session.scalars(select(Referral)):
        db.session.delete(referral.family)
    db.session.commit()
    assert make.number_of(SurveyLink) == 0
    assert make.only(SurveyAnswer).family_id is None


def test_what_was_typed_comes_out_as_text(world: World, browser: Browser) -> None:
    for words in CORPUS:
        token = parent_token(world, completed(world))
        fill_in(Browser(browser.app), token, Audience.PARENT, remark=words, named="y")
    page = browser.sign_in(world.coordinator_account).get("referrals.satisfaction")
    for words in CORPUS:
        assert words in page.text
    raw = db.session.execute(select(SurveyAnswer.__table__)).all()  # type: ignore[arg-type]
    assert "Łukasz" not in repr(raw)


def test_the_page_costs_the_same_however_many_answered(world: World, browser: Browser) -> None:

    hilde = browser.sign_in(world.coordinator_account)

    def cost() -> int:
        with count_queries() as queries:
            hilde.get("referrals.satisfaction")
        return len([one for one in queries if one.startswith("SELECT")])

    answered(world, 1, named=True)
    one = cost()
    answered(world, 5, named=True)
    assert cost() == one
