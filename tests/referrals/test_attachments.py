"""Files beside a referral: who may add, have and remove them, and that nothing of them stays."""

import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts import guests
from portal.core import documents
from portal.core.audit import AuditEvent
from portal.core.db import db
from portal.core.documents import Document
from portal.referrals import attachments
from portal.referrals.attachments import Attachment
from portal.referrals.models import Referral
from tests import make
from tests.accounts import make_guest
from tests.browser import Browser, Page
from tests.core.files import BAD, PDF, PNG, chunk, png
from tests.referrals.conftest import World
from tests.referrals.make_referral import submitted


@pytest.fixture
def referral(world: World) -> Referral:
    return submitted(world.branch, world.referrer)


@pytest.fixture
def referrer(world: World, browser: Browser) -> Browser:
    return browser.sign_in(world.referrer_account)


@pytest.fixture
def coordinator(world: World, browser: Browser) -> Browser:
    return Browser(browser.app).sign_in(world.coordinator_account)


def add(browser: Browser, referral: Referral, data: bytes, name: str, **more: Any) -> Page:
    page = browser.get("referrals.attachments", reference=referral.reference)
    file = (io.BytesIO(data), name)
    return browser.submit(
        page, "referrals.attachments", {"file": file, **more}, reference=referral.reference
    )


def files(browser: Browser, referral: Referral) -> Page:
    return browser.get("referrals.attachments", reference=referral.reference)


def save(browser: Browser, referral: Referral, attachment_id: int) -> Page:
    place = {"reference": referral.reference, "attachment_id": attachment_id}
    return browser.get("referrals.attachment", **place)


def only() -> Attachment:
    return db.session.scalars(select(Attachment)).one()


def test_what_a_referrer_adds_the_branch_saves_byte_for_byte(
    referrer: Browser, coordinator: Browser, referral: Referral
) -> None:
    answer = add(referrer, referral, PNG, "tekening van Łukasz.png")
    assert "De bijlage is toegevoegd." in referrer.follow(answer).text
    assert "Bijlagen (1)" in coordinator.get("referrals.show", reference=referral.reference).text
    assert "tekening van Łukasz.png" in files(coordinator, referral).text
    saved = save(coordinator, referral, only().id)
    assert saved.body == PNG
    headers = saved.response.headers
    assert headers["Content-Disposition"].startswith("attachment;")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["Cache-Control"] == "no-store"


def test_the_list_says_who_added_a_file_a_guest_by_her_own_name(
    coordinator: Browser, world: World
) -> None:
    guest = guests.actor_of(make_guest.guest("lien@wieg.example", name="Lien De Pauw"))
    theirs = submitted(world.branch, guest)
    attachments.add(guest, theirs, PNG, "van de gast.png")
    attachments.add(world.coordinator, theirs, PNG, "van de afdeling.png")
    db.session.commit()
    text = files(coordinator, theirs).text
    assert "Lien De Pauw" in text.partition("van de gast.png")[2]
    assert "Hilde Claes" in text.partition("van de afdeling.png")[2].partition("van de gast")[0]
    assert "Iemand die hier niet meer werkt" not in text


def test_saving_a_file_is_noted_without_its_name(
    coordinator: Browser, world: World, referral: Referral
) -> None:
    kept = attachments.add(world.referrer, referral, PDF, "Nadia.pdf")
    db.session.commit()
    save(coordinator, referral, kept.id)
    query = select(AuditEvent).where(AuditEvent.action == "referral:read_by_branch")
    [event] = db.session.scalars(query)
    assert event.fields == ["attachment"]


@pytest.mark.parametrize("kind", ["exe renamed", "pdf with script", "docm renamed", "nothing"])
def test_a_refused_file_says_why_and_leaves_nothing(
    referrer: Browser, referral: Referral, kind: str
) -> None:
    page = add(referrer, referral, BAD[kind], "brief.pdf")
    assert page.status == 200
    [error] = page.errors
    assert error.startswith("Bestand: ")
    assert db.session.scalars(select(Attachment)).all() == []


def test_a_file_is_asked_for(referrer: Browser, referral: Referral) -> None:
    page = files(referrer, referral)
    answer = referrer.submit(page, "referrals.attachments", {}, reference=referral.reference)
    assert answer.errors == ["Bestand: Kies een bestand."]


def test_what_is_far_too_large_gets_a_plain_answer(referrer: Browser, referral: Referral) -> None:
    path = referrer.path("referrals.attachments", reference=referral.reference)
    body = b"--x\r\n" + b" " * (13 * 1024 * 1024)
    answer = referrer.send("POST", path, data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413


def test_the_branch_chooses_whether_the_referrer_may_have_its_file(
    referrer: Browser, coordinator: Browser, referral: Referral
) -> None:
    add(coordinator, referral, PDF, "voor ons.pdf")
    own = only().id
    assert "voor ons.pdf" not in files(referrer, referral).text
    assert save(referrer, referral, own).status == 404
    add(coordinator, referral, PNG, "voor jou.png", shared="ja")
    assert "voor jou.png" in files(referrer, referral).text


def test_a_file_of_one_referral_is_not_found_under_another(
    referrer: Browser, world: World, referral: Referral
) -> None:
    other = submitted(world.branch, world.referrer)
    kept = attachments.add(world.referrer, other, PDF, "ander.pdf")
    db.session.commit()
    assert save(referrer, referral, kept.id).status == 404


def test_strangers_get_nothing(browser: Browser, world: World, referral: Referral) -> None:
    kept = attachments.add(world.referrer, referral, PDF, "x.pdf")
    db.session.commit()
    for stranger in (make.coordinator(make.branch()), make.referrer()):
        other = Browser(browser.app).sign_in(stranger.account)
        assert save(other, referral, kept.id).status == 404
        assert files(other, referral).status == 404


def stored(app: Flask) -> set[Path]:
    return {p for p in Path(app.config["STORE"]).rglob("*") if p.is_file()}


def test_who_added_a_file_removes_it_bytes_and_all(
    app: Flask, referrer: Browser, coordinator: Browser, referral: Referral
) -> None:
    before = stored(app)
    add(referrer, referral, png(more=chunk(b"tEXt", b"x\0weg")), "weg.png")
    kept = only()
    place = {"reference": referral.reference, "attachment_id": kept.id}
    assert stored(app) != before
    page = referrer.get("referrals.remove_attachment", **place)
    assert "weg.png" in page.text
    theirs = coordinator.get("referrals.remove_attachment", **place)
    assert coordinator.submit(theirs, "referrals.remove_attachment", {}, **place).status == 403
    referrer.submit(page, "referrals.remove_attachment", {}, **place)
    assert db.session.scalars(select(Attachment)).all() == []
    assert stored(app) == before


def test_files_are_erased_with_the_family_and_those_of_others_stay(
    app: Flask, world: World, referral: Referral
) -> None:
    other = submitted(world.branch, world.referrer)
    unique = PDF.replace(b"0 0 9 9", b"0 0 7 7")
    attachments.add(world.referrer, referral, PNG, "zelfde.png")
    attachments.add(world.referrer, referral, unique, "alleen hier.pdf")
    same = attachments.add(world.referrer, other, PNG, "zelfde.png")
    db.session.commit()
    before = len(stored(app))
    rows = len(db.session.scalars(select(Document)).all())
    db.session.delete(referral.family)
    db.session.commit()
    assert len(stored(app)) == before - 2
    assert len(db.session.scalars(select(Document)).all()) == rows - 2
    assert documents.read(same.document) == PNG


def test_what_is_rolled_back_is_not_erased(app: Flask, world: World, referral: Referral) -> None:
    kept = attachments.add(world.referrer, referral, PNG, "blijft.png")
    db.session.commit()
    db.session.delete(referral.family)
    db.session.flush()
    db.session.rollback()
    db.session.commit()
    db.session.expire_all()
    assert documents.read(db.session.get_one(Attachment, kept.id).document) == PNG


def test_there_is_an_end_to_how_many_files(
    referrer: Browser, world: World, referral: Referral, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "MOST_FILES", 1)
    attachments.add(world.referrer, referral, PNG, "een.png")
    db.session.commit()
    assert "Verwijder er eerst een" in add(referrer, referral, PDF, "twee.pdf").errors[0]
