"""A municipality without branch: the need is counted, the family kept only if it wishes."""

import sqlite3
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, select, text

from portal.core import outbox
from portal.core.audit import AuditEvent
from portal.core.db import db
from portal.directory.models import BranchArea
from portal.directory.reference import load_reference
from portal.referrals import unserved
from portal.referrals.models import Consent, Family, Referral, Status, UnmetDemand
from tests.browser import Browser, Page
from tests.referrals import typed
from tests.referrals.conftest import World, build_world
from tests.referrals.make_referral import GENT

AALST = {"municipality": "9300 Aalst"}
CANARY = "Kanarievogel"


def one_referral() -> Referral:
    [referral] = db.session.scalars(select(Referral))
    return referral


def count_a_need(browser: Browser, **family: Any) -> Page:
    """Refer from Aalst, where nobody is served and the family does not want to be kept."""
    draft = typed.begin(browser)
    answers = {**typed.family(**AALST, kept_when_unserved="nee"), **family}
    assert typed.save(browser, draft, "gezin", answers).status == 303
    assert typed.save(browser, draft, "vraag", typed.request()).status == 303
    return typed.send(browser, draft, {})


def test_the_page_says_that_nobody_serves_the_place_and_asks_whether_to_keep(
    signed_in: Browser, world: World
) -> None:
    draft = typed.begin(signed_in)
    page = typed.save(signed_in, draft, "gezin", typed.family(**AALST))
    assert page.errors == [
        "Wil het gezin op een lijst staan voor als er een werking start? Maak een keuze."
    ]
    assert "In Aalst is er nog geen Home-Start" in page.text
    assert "ten hoogste een jaar" in page.text


def test_who_is_not_kept_is_not_asked_for_a_name_or_a_home(signed_in: Browser) -> None:
    draft = typed.begin(signed_in)
    little = {
        **AALST,
        "kept_when_unserved": "nee",
        "children-0-month": "3",
        "children-0-year": "2024",
        "pregnant": "nee",
    }
    step = signed_in.follow(typed.save(signed_in, draft, "gezin", little))
    assert "Meer hoef je niet in te vullen." in step.text
    assert step.find("textarea") == []
    answer = typed.save(signed_in, draft, "vraag", {"indicators": ["financial"]})
    check = signed_in.follow(answer)
    assert check.heading == "Nakijken en versturen"
    assert "Wat je verder invulde, wordt gewist zodra je verstuurt." in check.text
    assert "beroepsgeheim" not in check.text
    home = signed_in.get("referrals.step", draft_id=draft, name="praktisch")
    assert home.location == signed_in.path("referrals.check", draft_id=draft)
    sent = signed_in.follow(typed.send(signed_in, draft, {}))
    assert sent.heading == "De nood is doorgegeven"


def test_a_child_under_twelve_is_asked_even_when_only_a_need_is_counted(
    signed_in: Browser,
) -> None:
    draft = typed.begin(signed_in)
    little = {**AALST, "kept_when_unserved": "nee", "pregnant": "nee"}
    page = typed.save(signed_in, draft, "gezin", little)
    assert len(page.errors) == 1
    assert "minstens één kind jonger dan 12" in page.errors[0]


def test_only_municipality_month_and_indicators_are_kept(signed_in: Browser) -> None:
    sent = signed_in.follow(count_a_need(signed_in))
    assert "zonder naam" in sent.text

    referral = one_referral()
    [demand] = db.session.scalars(select(UnmetDemand))
    assert referral.status == Status.NOT_SERVED
    assert referral.branch_id is None
    assert db.session.scalars(select(Family)).all() == []
    assert db.session.scalars(select(Consent)).all() == []
    assert demand.municipality_nis == referral.municipality_nis
    assert demand.month.day == 1
    assert demand.indicators == ["mental", "single_parent", "small_network"]
    assert demand.referrer_kind == "caw"


def test_the_referrer_is_told_what_was_kept(signed_in: Browser, world: World) -> None:
    count_a_need(signed_in)
    [mail] = db.session.scalars(select(outbox.OutboxMessage))
    assert mail.payload["to"] == world.referrer.email
    assert "alleen de gemeente, de maand en wat er speelt" in str(mail.payload)
    page = signed_in.get("referrals.show", reference=one_referral().reference)
    assert page.status == 200
    assert "niet bewaard" in page.text


def test_a_family_that_wishes_is_kept_on_the_list(signed_in: Browser, world: World) -> None:
    draft = typed.up_to_check(signed_in, gezin={**AALST, "kept_when_unserved": "ja"})
    page = signed_in.get("referrals.check", draft_id=draft)
    assert "Het gezin komt op een lijst, voor ten hoogste een jaar." in page.text
    sent = signed_in.follow(typed.send(signed_in, draft))
    assert "Het gezin staat op de lijst van Aalst" in sent.text

    referral = one_referral()
    assert referral.status == Status.NOT_SERVED
    assert referral.family is not None
    assert referral.family.identity["last_name"] == "Şahin"
    assert referral.consent is not None
    assert referral.consent.kept_when_unserved
    [mail] = db.session.scalars(select(outbox.OutboxMessage))
    assert "ten hoogste een jaar" in str(mail.payload)


def test_after_a_year_the_list_forgets(signed_in: Browser, clock: Any) -> None:
    draft = typed.up_to_check(signed_in, gezin={**AALST, "kept_when_unserved": "ja"})
    typed.send(signed_in, draft)
    clock.shift(timedelta(days=364))
    assert unserved.forget_listed() == 0
    clock.shift(timedelta(days=2))
    assert unserved.forget_listed() == 1
    db.session.commit()
    assert db.session.scalars(select(Family)).all() == []
    assert one_referral().status == Status.NOT_SERVED
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "referral:forget"))
    assert len(events.all()) == 1


def test_a_family_of_a_branch_is_not_forgotten_with_the_list(
    signed_in: Browser, clock: Any
) -> None:
    typed.send(signed_in, typed.up_to_check(signed_in))
    clock.shift(timedelta(days=800))
    assert unserved.forget_listed() == 0


def test_a_branch_that_opens_before_sending_asks_for_the_rest(
    signed_in: Browser, world: World
) -> None:
    draft = typed.begin(signed_in)
    little = {**AALST, "kept_when_unserved": "nee", "children-0-month": "3", "pregnant": "nee"}
    typed.save(signed_in, draft, "gezin", {**little, "children-0-year": "2024"})
    typed.save(signed_in, draft, "vraag", {"indicators": ["financial"]})
    aalst = db.session.scalars(select(BranchArea)).one()
    db.session.add(BranchArea(branch=world.branch, nis="41002", from_on=aalst.from_on))
    db.session.commit()

    page = typed.send(signed_in, draft, {})
    assert any("Het gezin, Voornaam: Vul dit in." in error for error in page.errors)
    assert any("Praktisch" in error for error in page.errors)
    assert db.session.scalars(select(Referral)).all() == []


def test_a_branch_that_stops_before_sending_asks_whether_to_keep(
    signed_in: Browser, world: World, clock: Any
) -> None:
    draft = typed.up_to_check(signed_in)
    db.session.delete(db.session.scalars(select(BranchArea).where(BranchArea.nis == GENT)).one())
    db.session.commit()
    page = typed.send(signed_in, draft)
    assert any("Wil het gezin op een lijst staan" in error for error in page.errors)
    assert db.session.scalars(select(Referral)).all() == []


@pytest.mark.parametrize("answer", ["nee", "ja"])
def test_the_database_holds_nothing_of_the_family_in_the_clear(
    live_app: Flask, answer: str
) -> None:
    with live_app.app_context():
        load_reference(db.session())
        world = build_world()
        account = world.referrer_account
    browser = Browser(live_app)
    with live_app.app_context():
        browser.sign_in(account)
        canary = {
            "first_name": f"{CANARY} voor",
            "last_name": f"{CANARY} achter",
            "email": f"{CANARY.lower()}@familie.example",
            "call_moment": f"{CANARY} bellen",
            "children-0-first_name": f"{CANARY} kind",
        }
        words = {"question": f"{CANARY} vraag", "strengths": f"{CANARY} kracht"}
        draft = typed.begin(browser)
        family = typed.family(**AALST, kept_when_unserved=answer, **canary)
        typed.save(browser, draft, "gezin", family)
        typed.save(browser, draft, "vraag", typed.request(**words))
        typed.save(browser, draft, "praktisch", typed.practical(access=f"{CANARY} bel"))
        assert typed.send(browser, draft).status == 303
        kept = db.session.scalars(select(Family)).all()
        assert len(kept) == (1 if answer == "ja" else 0)
        assert db.session.execute(text("select count(*) from referral_draft")).scalar() == 0
        assert CANARY.lower() not in everything_stored(live_app).lower()


def everything_stored(app: Flask) -> str:
    """All cells of all tables, and the raw file where there is one, as text."""
    cells = []
    for table in inspect(db.session.connection()).get_table_names():
        cells += [str(row) for row in db.session.execute(text(f'select * from "{table}"'))]
    db.session.rollback()
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    if url.startswith("sqlite:///"):
        path = url.removeprefix("sqlite:///")
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA wal_checkpoint(FULL)")
        connection.close()
        for suffix in ("", "-wal"):
            with open(path + suffix, "rb") as file:  # noqa: PTH123
                cells.append(file.read().decode("latin-1"))
    return "\n".join(cells)
