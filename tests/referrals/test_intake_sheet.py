"""The sheet for the intake visit: complete, every name as it is written, noted, and exports bare."""

import io
from typing import Any

import openpyxl
import pypdf
import pytest
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.db import db
from portal.referrals.models import Referral
from tests import make
from tests.browser import Browser
from tests.referrals.conftest import World
from tests.referrals.make_referral import submitted

NASTY = "<b>x</b> & {{ 7*7 }} <script>alert(1)</script>"


@pytest.fixture
def coordinator(world: World, browser: Browser) -> Browser:
    return Browser(browser.app).sign_in(world.coordinator_account)


def sheet(browser: Browser, referral: Referral) -> str:
    answer = browser.get("referrals.intake_sheet", reference=referral.reference)
    assert answer.status == 200
    assert answer.response.headers["Content-Disposition"].startswith("attachment")
    pages = pypdf.PdfReader(io.BytesIO(answer.body)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_it_holds_what_is_needed_at_the_door(coordinator: Browser, world: World) -> None:
    referral = submitted(world.branch, world.referrer, practical={"known_risk": True})
    text = sheet(coordinator, referral)
    for words in (
        *(referral.reference, "Nadia Şahin", "0470 12 34 56", "Łukasz", "tweede bel"),
        *("Ik sta er alleen voor", "Een warme band", "Alleenstaande ouder", "Hilde Claes"),
        "bel de verwijzer voor je vertrekt",
    ):
        assert words in text


def test_what_was_typed_stays_text_however_long(coordinator: Browser, world: World) -> None:
    long = " ".join([NASTY] * 60)
    referral = submitted(
        world.branch,
        world.referrer,
        identity={"first_name": NASTY},
        situation={"question": long, "strengths": long},
        practical={"access": NASTY},
    )
    text = sheet(coordinator, referral)
    assert text.count("<script>alert(1)</script>") > 100


def test_printing_is_noted_as_reading(coordinator: Browser, world: World) -> None:
    referral = submitted(world.branch, world.referrer)
    sheet(coordinator, referral)
    query = select(AuditEvent).where(AuditEvent.action == "referral:read_by_branch")
    assert [one.object_id for one in db.session.scalars(query)] == [str(referral.id)]


def test_nobody_else_gets_it(browser: Browser, world: World) -> None:
    referral = submitted(world.branch, world.referrer)
    other = Browser(browser.app).sign_in(make.coordinator(make.branch()).account)
    assert other.get("referrals.intake_sheet", reference=referral.reference).status == 404
    browser.sign_in(world.referrer_account)
    assert browser.get("referrals.intake_sheet", reference=referral.reference).status == 403


@pytest.mark.parametrize("who", ["coordinator_account", "referrer_account"])
def test_exports_of_the_list_hold_nothing_that_names_a_family(
    browser: Browser, world: World, who: str
) -> None:
    submitted(world.branch, world.referrer)
    browser.sign_in(getattr(world, who))
    lines = browser.get("referrals.index", formaat="csv").body.decode("utf-8-sig")
    book: Any = openpyxl.load_workbook(
        io.BytesIO(browser.get("referrals.index", formaat="xlsx").body)
    )
    cells = [str(cell) for row in book.active.values for cell in row]
    for text in (lines, " ".join(cells)):
        assert "Referentie" in text
        for secret in ("Nadia", "Şahin", "N.Ş.", "0470", "familie.example", "Łukasz"):
            assert secret not in text
