"""Notice: the term, the form and the letter that article 25 asks, and what follows."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from portal.agreements import deadlines, ending, following
from portal.agreements.deadlines import Topic
from portal.agreements.models import Agreement, Notice, NoticeGround, Status
from portal.agreements.terms import Terms
from portal.core.db import db
from portal.core.permissions import Role
from tests import make
from tests.agreements import make_agreement, make_living
from tests.agreements.make_negotiation import World
from tests.agreements.test_draft import filled
from tests.browser import Browser, Page
from tests.core.files import EICAR, PDF

BEGUN = date(2025, 1, 1)
TODAY = datetime(2026, 3, 20, 9, tzinfo=UTC)
LETTER = {
    "ground": "term",
    "manner": "registered",
    "notified_on": "2026-03-10",
    "reason": "De gemeente kiest een andere werking.",
}


@pytest.fixture(autouse=True)
def _in_march(clock: Any) -> None:
    clock.move_to(TODAY)


@pytest.fixture
def agreement(world: World) -> Agreement:
    return make_living.active(world, starts_on=BEGUN)


@pytest.fixture
def karel(world: World, app: Flask) -> Browser:
    return Browser(app).sign_in(world.gent_people.account)


@pytest.fixture
def hsv(world: World, app: Flask) -> Browser:
    return Browser(app).sign_in(world.manager.account)


def _give(browser: Browser, agreement: Agreement, data: Any = PDF, **answers: str) -> Page:
    at = {"reference": agreement.reference}
    page = browser.get("agreements.give_notice", **at)
    sent: dict[str, Any] = {**page.hidden(), **filled(page), **LETTER, **answers}
    if data is not None:
        sent["file"] = (BytesIO(data), "opzegging.pdf")
    return browser._page(
        browser.send("POST", browser.path("agreements.give_notice", **at), data=sent)
    )


@pytest.mark.parametrize(
    ("ground", "notified_on", "expected"),
    [
        (NoticeGround.TERM, date(2026, 3, 10), date(2026, 9, 30)),
        (NoticeGround.TERM, date(2026, 3, 1), date(2026, 9, 30)),
        (NoticeGround.TERM, date(2026, 2, 28), date(2026, 8, 31)),
        (NoticeGround.TERM, date(2026, 8, 31), date(2027, 2, 28)),
        (NoticeGround.SUBSIDY, date(2026, 3, 10), date(2026, 6, 30)),
        (NoticeGround.BREACH, date(2026, 3, 10), date(2026, 3, 10)),
    ],
)
def test_a_term_begins_on_the_first_of_the_month_after_the_notice(
    world: World, ground: NoticeGround, notified_on: date, expected: date
) -> None:
    terms: Terms = make_agreement.make_terms(1).with_(notice_months=6)
    assert ending.earliest_effect(terms, ground, notified_on) == expected


def test_the_only_partner_gives_notice_and_the_agreement_ends_after_its_term(
    karel: Browser,
    hsv: Browser,
    world: World,
    agreement: Agreement,
    clock: Any,
    subjects_to: Callable[[str], list[str]],
) -> None:
    assert _give(karel, agreement).status == 303
    made = make.only(Notice)
    assert (made.effect_on, agreement.stops_on) == (date(2026, 9, 30), date(2026, 9, 30))
    page = hsv.get("agreements.show", reference=agreement.reference)
    assert "laatste dag 30 september 2026" in page.text
    assert LETTER["reason"] in page.text
    at = {"reference": agreement.reference, "notice_id": made.id}
    assert hsv.get("agreements.notice_file", **at).body == PDF
    assert any(one.startswith("Opzegging") for one in subjects_to(world.manager.account.email))
    ends = [d.on for d in deadlines.upcoming(agreement, date(2026, 3, 20)) if d.topic == Topic.END]
    assert ends == [date(2026, 9, 30)]
    for day, status in (((2026, 9, 30), Status.ACTIVE), ((2026, 10, 1), Status.TERMINATED)):
        clock.move_to(datetime(*day, 9, tzinfo=UTC))
        following.follow()
        db.session.commit()
        assert agreement.status == status
    assert any(
        one.startswith("Beëindigd na opzegging") for one in subjects_to(world.manager.account.email)
    )


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"notified_on": "2026-03-21"}, "Deze datum ligt in de toekomst."),
        ({"notified_on": "2024-12-01"}, "voor het begin van de overeenkomst"),
        ({"effect_on": "2026-09-29"}, "ten vroegste 30 september 2026"),
        ({"effect_on": "2027-12-31"}, "eindigt zelf al op 31 december 2027"),
        ({"ground": ""}, "Op welke grond: Maak een keuze."),
        ({"manner": "duif"}, "Hoe gebeurde de kennisgeving"),
        ({"reason": ""}, "Waarom?"),
        ({"ground": "breach"}, "Vul in wanneer de ingebrekestelling of het overleg begon."),
        ({"ground": "breach", "began_on": "2026-02-20"}, "moeten 30 dagen liggen"),
        ({"ground": "subsidy", "began_on": "2026-03-01"}, "moeten 30 dagen liggen"),
    ],
)  # fmt: skip
def test_notice_that_article_25_does_not_know_is_refused(
    karel: Browser, agreement: Agreement, answers: dict[str, str], error: str
) -> None:
    answer = _give(karel, agreement, **answers)
    assert answer.status == 200
    assert any(error in one for one in answer.errors), answer.errors
    assert answer.value("reason") == answers.get("reason", LETTER["reason"])
    assert make.number_of(Notice) == 0
    assert agreement.stops_on is None


def test_notice_needs_its_letter_and_no_other_file(karel: Browser, agreement: Agreement) -> None:
    assert "Kies een bestand." in _give(karel, agreement, None).errors[0]
    assert "kwaadaardig" in _give(karel, agreement, EICAR).errors[0]
    assert make.number_of(Notice) == 0


def test_after_a_breach_that_was_not_mended_it_ends_at_once(
    karel: Browser, agreement: Agreement
) -> None:
    answer = _give(karel, agreement, ground="breach", began_on="2026-01-30")
    assert answer.status == 303
    assert agreement.stops_on == date(2026, 3, 10)


def test_one_of_several_partners_leaves_and_the_others_go_on(
    world: World, karel: Browser, hsv: Browser, clock: Any
) -> None:
    agreement = make_living.active(world, world.gent, world.melle, starts_on=BEGUN)
    assert _give(karel, agreement).status == 303
    assert agreement.stops_on is None
    assert _give(karel, agreement).errors == ["Deze partij zegde al op."]
    sent = {"party": str(world.melle.id), "notified_on": "2026-03-20", "effect_on": "2026-12-31"}
    assert _give(hsv, agreement, **sent).status == 303
    assert agreement.stops_on == date(2026, 12, 31), "nobody is left"


def test_hsv_gives_notice_of_its_own_or_records_what_a_partner_sent(
    world: World, hsv: Browser
) -> None:
    agreement = make_living.active(world, world.gent, world.melle, starts_on=BEGUN)
    assert "Wie zegt op: Maak een keuze." in _give(hsv, agreement, party="").errors
    assert "Wie zegt op" in _give(hsv, agreement, party=str(world.vzw.id)).errors[0]
    assert _give(hsv, agreement, party="0").status == 303
    assert agreement.stops_on == date(2026, 9, 30)


def test_a_partner_cannot_give_notice_for_another(world: World, karel: Browser) -> None:
    agreement = make_living.active(world, world.gent, world.melle, starts_on=BEGUN)
    assert _give(karel, agreement, party=str(world.melle.id)).status == 303
    assert make.only(Notice).organisation_id == world.gent.id


def test_notice_is_taken_back_only_by_hsv_for_all_and_says_why(
    karel: Browser, hsv: Browser, agreement: Agreement
) -> None:
    _give(karel, agreement)
    at = {"reference": agreement.reference, "notice_id": make.only(Notice).id}
    assert karel.get("agreements.withdraw_notice", **at).status == 403
    page = hsv.get("agreements.withdraw_notice", **at)
    assert hsv.submit(page, "agreements.withdraw_notice", {"reason": ""}, **at).status == 200
    sent = {"reason": "Samen afgesproken op de stuurgroep."}
    assert hsv.submit(page, "agreements.withdraw_notice", sent, **at).status == 303
    assert agreement.stops_on is None
    shown = karel.get("agreements.show", reference=agreement.reference).text
    assert "Opzegging ingetrokken" in shown
    assert "Samen afgesproken" in shown
    assert make.number_of(Notice) == 1


def test_the_letter_is_read_through_its_own_agreement_only(
    world: World, karel: Browser, hsv: Browser, agreement: Agreement
) -> None:
    _give(karel, agreement)
    other = make_living.active(world, world.melle, starts_on=BEGUN)
    at = {"reference": other.reference, "notice_id": make.only(Notice).id}
    assert hsv.get("agreements.notice_file", **at).status == 404
    assert hsv.get("agreements.withdraw_notice", **at).status == 404


@pytest.mark.parametrize("role", [Role.SIGNATORY, Role.PARTNER_FINANCE])
def test_who_signs_or_pays_gives_no_notice(
    world: World, browser: Browser, agreement: Agreement, role: Role
) -> None:
    somebody = browser.sign_in(make.membership(role, world.gent).account)
    assert somebody.get("agreements.give_notice", reference=agreement.reference).status == 403


def test_what_was_recorded_stays(karel: Browser, agreement: Agreement, session: Session) -> None:
    _give(karel, agreement)
    with pytest.raises(DatabaseError, match="does not change"):
        session.execute(text("UPDATE agreement_notice SET effect_on = '2026-04-01'"))
    session.rollback()
