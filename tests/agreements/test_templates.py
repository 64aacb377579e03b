"""HSV's own Word templates: inspected, previewed, put in use by a second person."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from docx import Document as WordDocument
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from portal.agreements import contract, proposing, template_preview, word_templates
from portal.agreements.contract import TemplateKind
from portal.agreements.contract_fields import fields_of
from portal.agreements.models import EditionState, TemplateEdition
from portal.core.db import db
from portal.core.errors import ConflictError, DomainError
from portal.core.rendering.completeness import text_of_pdf
from tests import make
from tests.agreements import make_agreement, make_negotiation
from tests.agreements.make_negotiation import World
from tests.browser import Browser, Page

B = TemplateKind.COORDINATOR


@pytest.fixture
def hsv(world: World, browser: Browser) -> Browser:
    return browser.sign_in(world.manager.account)


@pytest.fixture
def colleague(world: World, app: Flask) -> Browser:
    return Browser(app).sign_in(make_agreement.manager("Lies Baert").account)


def edited(change: Callable[[Any], None] = lambda _document: None) -> bytes:
    """The template that came with the portal, after somebody worked in it."""
    document = WordDocument(io.BytesIO(contract.template(B)))
    change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _says(words: str) -> Callable[[Any], None]:
    return lambda document: document.add_paragraph(words)


def _upload(browser: Browser, data: bytes, kind: str = "B") -> Page:
    page = browser.get("agreements.upload_template")
    sent = {"kind": kind, "note": "Nieuwe huisstijl", "file": (io.BytesIO(data), "sjabloon.docx")}
    return browser.submit(page, "agreements.upload_template", sent)


def test_a_template_is_kept_and_waits_for_a_colleague(hsv: Browser, world: World) -> None:
    page = hsv.follow(_upload(hsv, edited(_says("Slotwoord voor {{ titel }}."))))
    assert "Wacht op een collega" in page.text
    assert "In gebruik nemen" not in page.text
    edition = make.only(TemplateEdition)
    assert (edition.kind, edition.number, edition.state) == ("B", 1, EditionState.DRAFT)
    assert word_templates.in_use(B).content is None


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("Beste {{ gemeente_naam }}", "bestaat niet"),
        ("Beste {{ titel", "accolade"),
        ("{%p for p in partners %}", "niet afgesloten"),
        ("{{ titel.__class__ }}", "mag niet"),
        ("{% include 'x' %}", "mag niet"),
    ],
)
def test_what_is_wrong_is_said_with_the_paragraph_it_is_in(
    hsv: Browser, world: World, words: str, problem: str
) -> None:
    page = _upload(hsv, edited(_says(words)))
    assert page.status == 200
    assert any(problem in error for error in page.errors), page.errors
    assert any(words.split()[0] in error for error in page.errors)
    assert make.number_of(TemplateEdition) == 0


def test_a_file_that_is_no_word_is_refused(hsv: Browser, world: World) -> None:
    assert _upload(hsv, b"geen Word").errors
    assert _upload(hsv, b"").errors


def test_a_template_with_a_macro_is_refused(hsv: Browser, world: World) -> None:
    data = io.BytesIO(edited())
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"macro")
    page = _upload(hsv, data.getvalue())
    assert any("macro" in error for error in page.errors)


def test_the_preview_is_filled_in_with_made_up_data(hsv: Browser, world: World) -> None:
    _upload(hsv, edited(_says("Slotwoord voor {{ titel }}.")))
    where = {"kind": "B", "number": 1}
    word = hsv.get("agreements.template_file", form="word", **where)
    whole = "\n".join(p.text for p in WordDocument(io.BytesIO(word.body)).paragraphs)
    assert "Slotwoord voor Home-Start in" in whole
    pdf = hsv.get("agreements.template_file", form="pdf", **where)
    assert "Slotwoord voor" in " ".join(text_of_pdf(pdf.body).split())
    own = hsv.get("agreements.template_file", form="sjabloon", **where)
    assert own.body[:2] == b"PK"


def test_a_second_person_puts_it_in_use_and_new_versions_use_it(
    hsv: Browser, colleague: Browser, world: World
) -> None:
    before = make_negotiation.proposed(world, world.gent)
    _upload(hsv, edited(_says("Slotwoord voor {{ titel }}.")))
    page = colleague.get("agreements.template", kind="B", number=1)
    colleague.submit(page, "agreements.activate_template", {}, kind="B", number=1)
    edition = make.only(TemplateEdition)
    assert edition.state == EditionState.ACTIVE
    agreement = make_negotiation.proposed(world, world.melle)
    version = agreement.versions[0]
    assert version.template_edition_id == edition.id
    docx = proposing.read(version, "docx")[0]
    whole = "\n".join(p.text for p in WordDocument(io.BytesIO(docx)).paragraphs)
    assert "Slotwoord voor Home-Start in Merelbeke-Melle." in whole
    assert before.versions[0].template_edition_id is None


def test_who_uploaded_a_template_does_not_put_it_in_use(hsv: Browser, world: World) -> None:
    _upload(hsv, edited())
    edition = make.only(TemplateEdition)
    with pytest.raises(DomainError, match="collega"):
        word_templates.activate(make_negotiation.manager(world), edition, edition.version)
    page = hsv.post(
        "agreements.activate_template", {"version": edition.version}, kind="B", number=1
    )
    assert "Een collega moet je sjabloon nakijken" in hsv.follow(page).text
    assert make.only(TemplateEdition).state == EditionState.DRAFT


def test_one_template_of_a_kind_is_in_use(world: World) -> None:
    manager = make_negotiation.manager(world)
    other = make.actor(make_agreement.manager("Lies Baert"))
    for number in (1, 2):
        added = word_templates.add(manager, B, edited(_says(f"Slot {number}")), "x.docx")
        word_templates.activate(other, added, added.version)
    states = [
        e.state
        for e in db.session.scalars(db.select(TemplateEdition).order_by(TemplateEdition.number))
    ]
    assert states == [EditionState.RETIRED, EditionState.ACTIVE]


def test_a_stale_page_puts_nothing_in_use(world: World) -> None:
    added = word_templates.add(make_negotiation.manager(world), B, edited(), "x.docx")
    other = make.actor(make_agreement.manager("Lies Baert"))
    with pytest.raises(ConflictError):
        word_templates.activate(other, added, added.version + 1)


def test_going_back_to_the_template_of_the_portal(colleague: Browser, world: World) -> None:
    manager = make_negotiation.manager(world)
    added = word_templates.add(manager, B, edited(), "x.docx")
    word_templates.activate(make.actor(make_agreement.manager("Jo Smet")), added, added.version)
    page = colleague.get("agreements.template", kind="B", number=1)
    colleague.submit(page, "agreements.retire_template", {}, kind="B", number=1)
    assert word_templates.in_use(B).content is None


def test_a_template_in_use_does_not_change(world: World, session: Any) -> None:
    manager = make_negotiation.manager(world)
    added = word_templates.add(manager, B, edited(), "x.docx")
    word_templates.activate(make.actor(make_agreement.manager("Jo Smet")), added, added.version)
    session.flush()
    for statement in (
        "UPDATE template_edition SET document_id = document_id",
        "UPDATE template_edition SET sha256 = sha256",
        "DELETE FROM template_edition",
    ):
        with pytest.raises(DatabaseError), session.begin_nested():
            session.execute(text(statement))


@pytest.mark.parametrize("kind", list(TemplateKind))
def test_every_template_of_the_portal_can_be_previewed(
    hsv: Browser, world: World, kind: TemplateKind
) -> None:
    page = hsv.get("agreements.shipped_template", kind=str(kind), form="pdf")
    assert page.body.startswith(b"%PDF-")


@pytest.mark.parametrize("kind", list(TemplateKind))
def test_the_page_of_fields_comes_from_the_code(
    hsv: Browser, world: World, kind: TemplateKind
) -> None:
    page = hsv.get("agreements.template_fields", soort=str(kind))
    named = {"".join(e.itertext()) for e in page.find("code")}
    assert named == {one.name for one in fields_of(kind)}
    examples = template_preview.examples(kind)
    assert examples["referentie"] in page.text


def test_templates_are_hsvs(world: World, browser: Browser) -> None:
    karel = browser.sign_in(world.gent_people.account)
    assert karel.get("agreements.templates").status == 403
    assert karel.get("agreements.shipped_template", kind="B", form="sjabloon").status == 403


def test_a_kind_that_does_not_exist_is_not_there(hsv: Browser, world: World) -> None:
    assert hsv.get("agreements.shipped_template", kind="X", form="pdf").status == 404
    assert hsv.get("agreements.template", kind="B", number=7).status == 404
