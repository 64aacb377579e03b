"""Materials: put up by HSV, downloaded by who works with Home-Start now, each time noted."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from portal.agreements import attachments, materials
from portal.agreements.materials import About
from portal.agreements.models import Agreement, Material, MaterialKind, MaterialVersion, Status
from portal.core.db import db
from portal.core.permissions import Role
from tests import make
from tests.agreements import make_living, make_negotiation
from tests.agreements.make_negotiation import World
from tests.agreements.test_draft import filled
from tests.browser import Browser, Page
from tests.core.files import EICAR, PDF, PNG


@pytest.fixture
def hsv(world: World, app: Flask) -> Browser:
    return Browser(app).sign_in(world.manager.account)


@pytest.fixture
def agreement(world: World) -> Agreement:
    return make_living.active(world)


def _material(world: World, title: str = "Draaiboek opstart", **values: Any) -> Material:
    about = About(title, **{"kind": MaterialKind.SCRIPT, "service": 8, **values})
    document = attachments.keep(PDF, "draaiboek.pdf")
    made = materials.add(make_negotiation.manager(world), about, document)
    db.session.commit()
    return made


def _send(browser: Browser, endpoint: str, answers: dict[str, Any], **at: Any) -> Page:
    page = browser.get(endpoint, **at)
    sent = {**page.hidden(), **filled(page), **answers}
    return browser._page(browser.send("POST", browser.path(endpoint, **at), data=sent))


def test_what_hsv_puts_up_a_partner_downloads_and_hsv_sees_who_did(
    hsv: Browser, browser: Browser, world: World, agreement: Agreement
) -> None:
    answers = {"title": "Logo", "kind": "logo", "service": "1", "summary": "Voor drukwerk"}
    file = (BytesIO(PNG), "logo.png")
    assert _send(hsv, "agreements.add_material", {**answers, "file": file}).status == 302
    made = make.only(Material)
    karel = browser.sign_in(world.gent_people.account)
    listed = karel.get("agreements.material_list")
    assert "Voor drukwerk" in listed.text
    assert "Materiaal toevoegen" not in listed.text
    link = next(one for one in listed.links() if "/versies/1" in one)
    assert karel.open(link).body == PNG
    seen = hsv.get("agreements.material", material_id=made.id).text
    assert "Karel Maes" in seen
    assert world.gent.name in seen


@pytest.mark.parametrize("role", [Role.NEGOTIATOR, Role.SIGNATORY, Role.PARTNER_FINANCE])
@pytest.mark.parametrize("status", [s for s in Status if s != Status.ACTIVE])
def test_without_an_agreement_in_force_a_partner_finds_nothing(
    world: World, browser: Browser, agreement: Agreement, role: Role, status: Status
) -> None:
    made = _material(world)
    agreement.status = status
    db.session.commit()
    reader = browser.sign_in(make.membership(role, world.gent).account)
    assert "Geen materialen voor jullie" in reader.get("agreements.material_list").text
    at = {"material_id": made.id, "number": 1}
    missing = reader.get("agreements.material_file", material_id=7, number=1)
    refused = reader.get("agreements.material_file", **at)
    assert (refused.status, refused.text) == (missing.status, missing.text)
    assert refused.status == 404


def test_anothers_agreement_opens_nothing(
    world: World, browser: Browser, agreement: Agreement
) -> None:
    made = _material(world)
    lies = browser.sign_in(world.melle_people.account)
    at = {"material_id": made.id, "number": 1}
    assert lies.get("agreements.material_file", **at).status == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.COORDINATOR, 200),
        (Role.REFERRER, 403),
        (Role.ADMINISTRATOR, 403),
        (Role.FINANCE_OFFICER, 403),
    ],
)
def test_branches_coordinators_download_and_others_do_not(
    world: World, browser: Browser, role: Role, status: int
) -> None:
    made = _material(world)
    somebody = browser.sign_in(make.membership(role).account)
    assert somebody.get("agreements.material_list").status == status
    at = {"material_id": made.id, "number": 1}
    assert somebody.get("agreements.material_file", **at).status == status
    assert somebody.get("agreements.material", material_id=made.id).status == 403


def test_a_new_version_takes_the_place_of_the_old_which_hsv_keeps(
    hsv: Browser, browser: Browser, world: World, agreement: Agreement
) -> None:
    made = _material(world)
    at = {"material_id": made.id}
    answers = {"file": (BytesIO(PNG), "draaiboek.png"), "note": "Met het nieuwe logo"}
    page = hsv.get("agreements.replace_material", **at)
    assert _send(hsv, "agreements.replace_material", answers, **at).status == 303
    karel = browser.sign_in(world.gent_people.account)
    assert "Met het nieuwe logo" in karel.get("agreements.material_list").text
    assert karel.get("agreements.material_file", **at, number=2).body == PNG
    assert karel.get("agreements.material_file", **at, number=1).status == 404
    assert hsv.get("agreements.material_file", **at, number=1).body == PDF
    late = {**page.hidden(), "note": "Te laat", "file": (BytesIO(PNG), "x.png")}
    path = hsv.path("agreements.replace_material", **at)
    assert hsv.send("POST", path, data=late).status_code == 409
    assert make.number_of(MaterialVersion) == 2


def test_what_is_withdrawn_is_offered_to_nobody_until_it_is_again(
    hsv: Browser, browser: Browser, world: World, agreement: Agreement
) -> None:
    made = _material(world)
    karel = browser.sign_in(world.gent_people.account)
    at = {"material_id": made.id}
    for step, status in (("withdraw_material", 404), ("offer_material", 200)):
        page = hsv.get("agreements.material", **at)
        assert hsv.submit(page, f"agreements.{step}", {}, **at).status == 303
        assert karel.get("agreements.material_file", **at, number=1).status == status


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"file": None}, "Kies een bestand."),
        ({"title": ""}, "Titel: Vul dit in."),
        ({"kind": "onzin"}, "Soort"),
        ({"service": "77"}, "Bij welke dienst hoort het"),
        ({"file": EICAR}, "kwaadaardig"),
        ({"file": b"<html>"}, "Dit soort bestand nemen we niet aan"),
    ],
)  # fmt: skip
def test_nonsense_is_refused(hsv: Browser, answers: dict[str, Any], error: str) -> None:
    data = answers.pop("file", PDF)
    sent = {"title": "Folder", "kind": "leaflet", **answers}
    if data is not None:
        sent["file"] = (BytesIO(data), "folder.pdf")
    answer = _send(hsv, "agreements.add_material", sent)
    assert answer.status == 200
    assert any(error in one for one in answer.errors), answer.errors
    assert make.number_of(Material) == 0


def test_what_is_said_of_a_material_can_be_changed(hsv: Browser, world: World) -> None:
    made = _material(world, title='"><script>alert(1)</script>')
    at = {"material_id": made.id}
    assert "<script>alert(1)" in hsv.get("agreements.material", **at).text
    assert _send(hsv, "agreements.edit_material", {"title": "Draaiboek 2"}, **at).status == 303
    assert "Draaiboek 2" in hsv.get("agreements.material_list").text


def test_the_list_is_searched_by_word_kind_and_service(hsv: Browser, world: World) -> None:
    _material(world, title="Draaiboek opstart", summary="Van nul tot eerste match")
    _material(world, title="Logo", kind=MaterialKind.LOGO, service=1)
    path = hsv.path("agreements.material_list")
    for query, shown in (
        ("zoek=eerste match", "Draaiboek opstart"),
        ("soort=logo", "Logo"),
        ("dienst=1", "Logo"),
        ("zoek=%25", ""),
        ("stand=ingetrokken", ""),
        ("dienst=x' or 1=1", "Logo"),
    ):
        page = hsv.open(f"{path}?{query}")
        found = [
            "".join(e.itertext()).split("Van nul")[0].strip()
            for e in page.find("th")
            if e.get("scope") == "row"
        ]
        assert (shown in found) if shown else found == [], query


def test_the_list_costs_the_same_however_long_it_is(
    hsv: Browser, world: World, queries: Callable[[Callable[[], Any]], int]
) -> None:
    _material(world)
    first = queries(lambda: hsv.get("agreements.material_list"))
    for number in range(5):
        _material(world, title=f"Folder {number}")
    assert queries(lambda: hsv.get("agreements.material_list")) == first


def test_a_file_that_was_put_up_stays_as_it_was(world: World, session: Session) -> None:
    _material(world)
    with pytest.raises(DatabaseError, match="does not change"):
        session.execute(text("UPDATE material_version SET number = 9"))
    session.rollback()
