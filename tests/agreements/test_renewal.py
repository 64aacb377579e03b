"""Renewal: asked in time, answered on screen, express or tacit, and what comes of it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from portal.agreements import deadlines, following, in_force, renewal
from portal.agreements.deadlines import Topic
from portal.agreements.models import (
    Agreement,
    RenewalAnswer,
    RenewalOutcome,
    RenewalRound,
    Status,
)
from portal.agreements.terms import Renewal
from portal.core import clock as core_clock
from portal.core.db import db
from portal.core.errors import ConflictError, NotFoundError
from portal.core.permissions import Role
from tests import make
from tests.agreements import make_living, make_negotiation
from tests.agreements.make_negotiation import World
from tests.agreements.test_draft import filled
from tests.browser import Browser, Page

BEGUN = date(2025, 1, 1)
ENDS = date(2027, 12, 31)
Subjects = Callable[[str], list[str]]


def _on(clock: Any, day: date) -> None:
    clock.move_to(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))


def _follow(clock: Any, day: date) -> int:
    _on(clock, day)
    moved = following.follow()
    db.session.commit()
    return moved


def _tacit(world: World, *partners: Any) -> Agreement:
    return make_living.active(
        world, *partners, starts_on=BEGUN, renewal=Renewal.TACIT, renewal_years=2
    )


def _told(subjects_to: Subjects, address: str, beginning: str) -> bool:
    """Say whether a mail was written; in a frozen moment they have no order."""
    return any(one.startswith(beginning) for one in subjects_to(address))


def _answer(browser: Browser, agreement: Agreement, wanted: str, note: str = "") -> Page:
    page = browser.get("agreements.answer_renewal", reference=agreement.reference)
    answers = {**filled(page), "wanted": wanted, "note": note}
    at = {"reference": agreement.reference}
    return browser.submit(page, "agreements.answer_renewal", answers, **at)


def test_both_sides_are_asked_six_months_before_the_end_and_answer_on_screen(
    world: World, app: Flask, clock: Any, subjects_to: Subjects
) -> None:
    """The readable one: an express renewal, from the question to the yes of all parties."""
    agreement = make_living.active(world, world.gent, world.melle, starts_on=BEGUN)
    assert _follow(clock, date(2027, 6, 29)) == 0
    assert _follow(clock, date(2027, 6, 30)) == 1
    assert _follow(clock, date(2027, 7, 1)) == 0, "asked once"
    for who in (world.manager, world.gent_people, world.melle_people):
        assert _told(subjects_to, who.account.email, "Verder na de einddatum?")

    karel = Browser(app).sign_in(world.gent_people.account)
    page = karel.get("agreements.show", reference=agreement.reference)
    assert "Verlengen kan alleen met een addendum" in page.text
    assert _answer(karel, agreement, "ja", "Graag met meer gezinnen.").status == 303
    lies = Browser(app).sign_in(world.melle_people.account)
    assert (
        "Graag met meer gezinnen."
        in lies.get("agreements.show", reference=agreement.reference).text
    )
    waiting = renewal.unanswered(agreement, renewal.open_round(agreement))  # type: ignore[arg-type]
    assert ([p.organisation_id for p in waiting[0]], waiting[1]) == ([world.melle.id], True)
    assert _answer(lies, agreement, "ja").status == 303
    ann = Browser(app).sign_in(world.manager.account)
    assert _answer(ann, agreement, "ja").status == 303
    after = {d.topic for d in deadlines.upcoming(agreement, core_clock.today())}
    assert Topic.RENEWAL not in after, "everybody answered"
    assert "Wil verder gaan" in karel.get("agreements.show", reference=agreement.reference).text

    assert _follow(clock, date(2028, 1, 1)) == 1, "a yes alone renews nothing: article 23"
    assert agreement.status == Status.ENDED


def test_the_deadline_stands_for_who_has_yet_to_answer(
    world: World, clock: Any, app: Flask
) -> None:
    agreement = make_living.active(world, world.gent, world.melle, starts_on=BEGUN)
    _follow(clock, date(2027, 6, 30))
    _answer(Browser(app).sign_in(world.gent_people.account), agreement, "ja")
    [due] = [
        d for d in deadlines.upcoming(agreement, core_clock.today()) if d.topic == Topic.RENEWAL
    ]
    assert (due.on, due.organisation_ids, due.hsv) == (date(2027, 8, 29), (world.melle.id,), True)


def test_a_no_is_told_to_all_and_says_why(
    world: World, browser: Browser, clock: Any, subjects_to: Subjects
) -> None:
    agreement = make_living.active(world, world.gent, world.melle, starts_on=BEGUN)
    _follow(clock, date(2027, 6, 30))
    karel = browser.sign_in(world.gent_people.account)
    refused = _answer(karel, agreement, "nee")
    assert refused.errors == ["Toelichting: Schrijf kort waarom jullie niet verder gaan."]
    assert _answer(karel, agreement, "").errors[0].startswith("Willen jullie verder gaan?")
    assert _answer(karel, agreement, "nee", "De subsidie stopt.").status == 303
    for who in (world.manager, world.melle_people):
        assert _told(subjects_to, who.account.email, "Gaat niet verder")
    assert _answer(karel, agreement, "ja", "Toch wel.").status == 303
    assert make.number_of(RenewalAnswer) == 2, "the first answer stays readable in the trail"
    asked = renewal.open_round(agreement)
    assert asked is not None
    assert [one.wanted for one in asked.current.values()] == [True]


def test_without_a_no_a_tacit_agreement_runs_on_once_under_the_same_conditions(
    world: World, clock: Any, subjects_to: Subjects
) -> None:
    agreement = _tacit(world)
    assert _follow(clock, date(2027, 5, 30)) == 0
    assert _follow(clock, date(2027, 5, 31)) == 1, "a month before the last day to say no"
    assert make.only(RenewalRound).answer_by_on == date(2027, 6, 30)
    assert _follow(clock, date(2027, 6, 30)) == 0
    assert _follow(clock, date(2027, 7, 1)) == 1
    assert make.only(RenewalRound).outcome == RenewalOutcome.EXTENDED
    assert agreement.ends_on == date(2029, 12, 31)
    terms = in_force.terms(agreement)
    assert terms.ends_on == date(2029, 12, 31)
    assert terms.renewal == Renewal.EXPRESS, "tacitly only once"
    last, added = terms.lines[0].cents[-3], terms.lines[0].cents[-1]
    assert last == added
    assert _told(subjects_to, world.gent_people.account.email, "Stilzwijgend verlengd")
    assert _follow(clock, date(2028, 1, 1)) == 0
    assert agreement.status == Status.ACTIVE
    _follow(clock, date(2029, 6, 30))
    assert _follow(clock, date(2030, 1, 1)) == 1
    assert agreement.status == Status.ENDED


def test_a_no_in_time_ends_a_tacit_agreement_on_its_end(world: World, clock: Any) -> None:
    agreement = _tacit(world)
    _follow(clock, date(2027, 6, 1))
    actor = make.actor(world.gent_people)
    renewal.answer(actor, agreement, None, wanted=False, note="We stoppen.")
    db.session.commit()
    assert _follow(clock, date(2027, 7, 1)) == 1
    assert make.only(RenewalRound).outcome == RenewalOutcome.REFUSED
    assert agreement.ends_on == ENDS
    with pytest.raises(ConflictError):
        renewal.answer(actor, agreement, None, wanted=True)
    _follow(clock, date(2028, 1, 1))
    assert agreement.status == Status.ENDED


@pytest.mark.parametrize("role", [Role.SIGNATORY, Role.PARTNER_FINANCE])
def test_who_signs_or_pays_reads_along_and_does_not_answer(
    world: World, browser: Browser, clock: Any, role: Role
) -> None:
    agreement = make_living.active(world, starts_on=BEGUN)
    _follow(clock, date(2027, 6, 30))
    reader = browser.sign_in(make.membership(role, world.gent).account)
    page = reader.get("agreements.show", reference=agreement.reference)
    assert "Nog geen antwoord" in page.text
    assert not [link for link in page.links() if link.endswith("/verlenging")]
    assert reader.get("agreements.answer_renewal", reference=agreement.reference).status == 403


def test_who_is_no_party_cannot_answer(world: World, clock: Any) -> None:
    agreement = make_living.active(world, starts_on=BEGUN)
    _follow(clock, date(2027, 6, 30))
    with pytest.raises(NotFoundError):
        renewal.answer(make.actor(world.melle_people), agreement, None, wanted=True)


def test_of_two_colleagues_who_answer_at_once_the_second_is_told(
    world: World, clock: Any, app: Flask
) -> None:
    agreement = make_living.active(world, starts_on=BEGUN)
    _follow(clock, date(2027, 6, 30))
    at = {"reference": agreement.reference}
    karel = Browser(app).sign_in(world.gent_people.account)
    page = karel.get("agreements.answer_renewal", **at)
    colleague = Browser(app).sign_in(make_negotiation.make_agreement.negotiator(world.gent).account)
    assert _answer(colleague, agreement, "ja").status == 303
    late = karel.submit(page, "agreements.answer_renewal", {"wanted": "nee", "note": "x"}, **at)
    assert late.status == 409


def test_before_the_question_there_is_nothing_to_answer(world: World, browser: Browser) -> None:
    agreement = make_living.active(world)
    karel = browser.sign_in(world.gent_people.account)
    assert karel.get("agreements.answer_renewal", reference=agreement.reference).status == 409


def test_hsv_is_told_at_the_end_that_the_branch_does_not_close_by_itself(
    world: World, clock: Any, subjects_to: Subjects, mail_texts: Callable[[str], list[str]]
) -> None:
    make_living.active(world, starts_on=BEGUN)
    branch = make.branch([make_negotiation.GENT])
    _follow(clock, ENDS)
    assert _follow(clock, ENDS + timedelta(days=1)) == 1
    assert _told(subjects_to, world.manager.account.email, "Afgelopen")
    words = "sluit niet vanzelf"
    assert any(words in one for one in mail_texts(world.manager.account.email))
    assert not any(words in one for one in mail_texts(world.gent_people.account.email))
    db.session.refresh(branch)
    assert branch.closed_on is None
