"""A family withdraws after the match: from its letter to the last byte, as its people live it."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from docx import Document as WordDocument
from flask import Flask
from sqlalchemy.orm import Session

from portal.core import clock as portal_clock
from portal.core import outbox
from portal.core.db import db
from portal.directory.reference import load_reference
from portal.referrals import withdrawal
from portal.referrals.models import Family, Referral
from tests import make
from tests.browser import Browser
from tests.core.postoffice import PostOffice
from tests.referrals import typed
from tests.referrals.conftest import World, build_world
from tests.test_walkthrough_referral import Coordinator


@pytest.fixture
def world(session: Session) -> World:
    load_reference(session)
    session.commit()
    return build_world()


@pytest.fixture
def post(app: Flask) -> Iterator[PostOffice]:
    office = PostOffice().open()
    app.config.update(SMTP_HOST="127.0.0.1", SMTP_PORT=office.port)
    yield office
    office.close()
    app.config.update(SMTP_HOST="")


def letter_of(browser: Browser, reference: str) -> str:
    """The words of the family's letter, as the coordinator saves it in Word."""
    page = browser.get("referrals.letter", reference=reference)
    path = browser.path("referrals.letter", reference=reference)
    data = {**page.hidden(), "language": "en", "form": "word"}
    answer = browser.send("POST", path, data=data)
    assert answer.status_code == 200
    document = WordDocument(io.BytesIO(answer.get_data()))
    return "\n".join(c.text for t in document.tables for row in t.rows for c in row.cells)


def test_a_family_withdraws_after_the_match_and_nothing_of_it_is_left(
    app: Flask, world: World, post: PostOffice, clock: Any
) -> None:
    today = portal_clock.today().isoformat()
    els = Browser(app).sign_in(world.referrer_account)
    hilde = Browser(app).sign_in(world.coordinator_account)

    # Els, a social worker, refers Nadia; Hilde, the coordinator, finds her a volunteer.
    sent = els.follow(typed.send(els, typed.up_to_check(els)))
    found = re.search(r"V-[0-9A-Z]{4}-[0-9A-Z]{4}", sent.text)
    assert found is not None
    reference = found.group()
    coordinator = Coordinator(hilde, reference)
    coordinator.takes("record_contact", on=today)
    coordinator.takes("accept", on=today, street="Kerkstraat 12", priority="0")
    coordinator.takes("propose_match", volunteer_name="Marleen", on=today)
    coordinator.takes(
        "answer_match", family="yes", family_on=today, volunteer="yes", volunteer_on=today
    )
    assert "Gematcht" in coordinator.reads()

    # At the acquaintance Hilde gives Nadia a letter, in English beside the Dutch.
    letter = letter_of(hilde, reference)
    assert "stop. You need not say why" in letter
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", letter)
    assert code is not None

    # At home Nadia opens her page with the code and the end of her number.
    nadia = Browser(app)
    door = nadia.get("referrals.family_door", taal="en")
    known = {"code": code.group(), "answer": typed.of("gezin")["phone"][-2:]}
    assert "do not belong together" in nadia.submit(door, "referrals.family_door", known).text
    digits = re.sub(r"\D", "", typed.of("gezin")["phone"])[-4:]
    answer = nadia.submit(door, "referrals.family_door", {**known, "answer": digits})
    page = nadia.follow(answer)
    assert "There is a volunteer. You are getting to know each other." in page.text
    assert "Nadia" not in page.text

    # She wants to stop. The page says what that does, and asks once.
    page = nadia.get("referrals.family_stop")
    assert "Right away we erase what you told us" in page.text
    outbox.deliver_due()
    post.received.clear()
    page = nadia.submit(page, "referrals.family_stop", {})
    assert page.heading == "It has been stopped"

    # Hilde hears it at once, and still knows whom to call off. Els hears nothing.
    outbox.deliver_due()
    assert [m["To"] for m in post.received] == [world.coordinator_account.email]
    assert "trekt zijn toestemming in" in post.received[0]["Subject"]
    read = coordinator.reads()
    assert "Zeg nu de vrijwilliger af" in read
    assert "Marleen" in read
    assert "Ik zou graag eens op adem komen." not in read, "what she told is gone already"

    # Els reads that it was handled, and not why.
    read = els.get("referrals.show", reference=reference).text
    assert "Afgehandeld" in read
    for gone in ("Nadia", "Marleen", "toestemming in", "Gematcht"):
        assert gone not in read

    # A week later the rest is gone too, by itself.
    clock.shift(timedelta(days=7))
    withdrawal.carry_out()
    db.session.commit()
    hilde = Browser(app).sign_in(world.coordinator_account)
    read = Coordinator(hilde, reference).reads()
    assert "De gegevens van dit gezin zijn gewist" in read
    for gone in ("Nadia", "Marleen", "Kerkstraat"):
        assert gone not in read
    assert make.number_of(Family) == 0
    assert make.only(Referral).reference == reference, "that somebody asked for help still counts"
    again = Browser(app)
    door = again.get("referrals.family_door")
    answer = again.submit(door, "referrals.family_door", {"code": code.group(), "answer": digits})
    assert answer.errors, "the code in the letter opens nothing any more"
