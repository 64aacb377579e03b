"""Proposing freezes a version: for ever, whoever tries what."""

import hashlib
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document as WordDocument
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from portal.agreements import contract, drafting, exporting, listing, negotiation, proposing
from portal.agreements.contract import Imprint
from portal.agreements.drafting import Opening
from portal.agreements.models import Agreement, AgreementVersion, Side, Status, Turn
from portal.agreements.terms import Formula
from portal.cli import main
from portal.core import documents
from portal.core.db import db
from portal.core.documents import DamagedDocumentError
from portal.core.errors import ConflictError, DomainError, NotAllowedError
from portal.core.rendering.completeness import text_of_pdf
from portal.core.rendering.package import W
from tests import make
from tests.agreements import make_negotiation
from tests.agreements.make_negotiation import World
from tests.browser import Browser
from tests.core.races import in_threads


def test_a_version_keeps_terms_word_and_pdf_with_the_hash_of_each(world: World) -> None:
    agreement = make_negotiation.proposed(world)
    version = agreement.versions[0]
    docx, document = proposing.read(version, "docx")
    pdf, _document = proposing.read(version, "pdf")
    assert (version.number, version.side) == (1, Side.HSV)
    assert version.docx_sha256 == hashlib.sha256(docx).digest()
    assert version.pdf_sha256 == hashlib.sha256(pdf).digest()
    assert version.terms == agreement.terms
    assert document.filename == f"{agreement.reference} versie 1.docx"
    assert pdf.startswith(b"%PDF-")
    for said in (agreement.reference, "Stad Gent", "Vriendenkring De Wieg vzw", "Artikel 30"):
        assert said in text_of_pdf(pdf)


def test_the_partners_are_told_and_it_is_their_turn(world: World, subjects_to: Any) -> None:
    agreement = make_negotiation.proposed(world)
    assert (agreement.status, agreement.turn) == (Status.PROPOSED, Turn.PARTNERS)
    for one in world.negotiators:
        subject = f"Voorstel van overeenkomst {agreement.reference}"
        assert subjects_to(one.account.email) == [subject]
    assert subjects_to(world.manager.account.email) == []


def test_hsv_proposes_on_screen(browser: Browser, world: World) -> None:
    agreement = make_negotiation.drafted(world)
    hsv = browser.sign_in(world.manager.account)
    page = hsv.get("agreements.edit", reference=agreement.reference, step="nakijken")
    answer = hsv.submit(
        page, "agreements.propose", {"note": "Zoals besproken."}, reference=agreement.reference
    )
    shown = hsv.follow(answer)
    assert "Versie 1 ligt vast" in shown.text
    assert agreement.versions[0].note == "Zoals besproken."
    assert "Zoals besproken." in shown.text


def test_a_draft_with_something_missing_is_not_proposed(browser: Browser, world: World) -> None:
    agreement = make_negotiation.drafted(world, instalments=())
    hsv = browser.sign_in(world.manager.account)
    page = hsv.get("agreements.edit", reference=agreement.reference, step="nakijken")
    assert "Er zijn nog geen schijven." in page.text
    assert "voorleggen aan de partners" not in page.text
    sent = {"version": agreement.version}
    answer = hsv.submit(page, "agreements.propose", sent, reference=agreement.reference)
    assert any("Er ontbreekt nog iets" in error for error in answer.errors)
    assert agreement.versions == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE agreement_version SET note = 'anders'",
        "UPDATE agreement_version SET terms_json = '{}'",
        "UPDATE agreement_version SET docx_sha256 = pdf_sha256",
        "UPDATE agreement_version SET number = 9",
        "DELETE FROM agreement_version",
        "UPDATE document SET digest = digest",
        "UPDATE document SET media_type = 'text/html'",
        "DELETE FROM document",
    ],
)
def test_the_database_refuses_to_change_or_remove_a_version(
    world: World, session: Session, statement: str
) -> None:
    make_negotiation.proposed(world, world.gent)
    with pytest.raises(DatabaseError), session.begin_nested():
        session.execute(text(statement))
    assert session.query(AgreementVersion).one().number == 1


@pytest.mark.parametrize("name", ["note", "terms_json", "docx_id", "uploaded", "number"])
def test_no_code_changes_a_version(world: World, session: Session, name: str) -> None:
    agreement = make_negotiation.proposed(world, world.gent)
    version = agreement.versions[0]
    setattr(version, name, {"note": "x", "terms_json": {}, "uploaded": True}.get(name, 7))
    with pytest.raises(DatabaseError):
        session.flush()
    session.rollback()
    session.delete(version)
    with pytest.raises(DatabaseError):
        session.flush()
    session.rollback()
    assert session.query(AgreementVersion).one().note == ""


def test_a_version_is_never_made_again(
    world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreement = make_negotiation.proposed(world, world.gent)
    before = proposing.read(agreement.versions[0], "pdf")[0]

    def never(*_args: object, **_more: object) -> bytes:
        raise AssertionError("a version was made again")

    monkeypatch.setattr(proposing, "Converter", never)
    monkeypatch.setattr("portal.agreements.contract.agreement_docx", never)
    karel = browser.sign_in(world.gent_people.account)
    for form in ("word", "pdf"):
        page = karel.get(
            "agreements.version_file", reference=agreement.reference, number=1, form=form
        )
        assert page.status == 200
    assert page.body == before
    assert karel.get("agreements.version", reference=agreement.reference, number=1).status == 200


def test_bytes_that_are_not_those_that_were_kept_are_not_shown(
    world: World, session: Session
) -> None:
    agreement = make_negotiation.proposed(world, world.gent)
    version = agreement.versions[0]
    other = documents.put(b"%PDF- something else", "x.pdf", "application/pdf")
    session.flush()
    set_committed_value(version, "pdf", other)  # as if the row pointed elsewhere
    with pytest.raises(DamagedDocumentError):
        proposing.read(version, "pdf")


def test_no_role_finds_a_page_that_changes_a_version(app: Flask) -> None:
    methods = {
        rule.endpoint: rule.methods for rule in app.url_map.iter_rules() if "/versies/" in rule.rule
    }
    assert methods
    assert all(found == {"GET", "HEAD", "OPTIONS"} for found in methods.values())


def test_a_next_version_leaves_the_first_as_it_was(world: World) -> None:
    agreement = make_negotiation.proposed(world, world.gent)
    first = proposing.read(agreement.versions[0], "docx")[0]
    manager = make_negotiation.manager(world)
    changed = agreement.terms.with_(notice_months=9)
    drafting.save(manager, agreement, changed, agreement.version)
    make_negotiation.propose(world, agreement, "Langere opzeg")
    assert [v.number for v in agreement.versions] == [1, 2]
    assert proposing.read(agreement.versions[0], "docx")[0] == first
    assert agreement.versions[0].terms.notice_months == 6


def test_two_managers_proposing_at_once_make_one_version(
    world: World, browser: Browser, app: Flask
) -> None:
    agreement = make_negotiation.drafted(world, world.gent)
    colleague = make.membership(
        "agreements_manager", make.home_start(), make.account(name="Lies Baert")
    )
    first, second = browser.sign_in(world.manager.account), Browser(app).sign_in(colleague.account)
    pages = [
        one.get("agreements.edit", reference=agreement.reference, step="nakijken")
        for one in (first, second)
    ]
    assert (
        first.submit(
            pages[0], "agreements.propose", {"note": "a"}, reference=agreement.reference
        ).status
        == 303
    )
    late = second.submit(
        pages[1], "agreements.propose", {"note": "Ook van mij"}, reference=agreement.reference
    )
    assert late.status == 409
    assert "Versie voorgesteld" in late.text
    assert "Ann Claes" in late.text
    assert "Ook van mij" in late.text
    assert [v.note for v in agreement.versions] == ["a"]


def test_what_was_printed_before_somebody_saved_is_not_kept(world: World) -> None:
    agreement = make_negotiation.drafted(world, world.gent)
    prepared = proposing.prepare(agreement, agreement.terms)
    manager = make_negotiation.manager(world)
    drafting.save(manager, agreement, agreement.terms.with_(notice_months=3), None)
    with pytest.raises(ConflictError):
        proposing.propose(manager, agreement, prepared, None)
    assert agreement.versions == []


@pytest.mark.slow
def test_many_proposing_at_the_same_moment_make_one_version(live_app: Flask) -> None:
    with live_app.app_context():
        world = make_negotiation.world()
        agreement = make_negotiation.drafted(world, world.gent)
        reference, actor = agreement.reference, make_negotiation.manager(world)
        prepared = proposing.prepare(agreement, agreement.terms)
        version = agreement.version
        db.session.remove()

    def propose(_index: int) -> int:
        found = listing.find(actor, reference)
        number = proposing.propose(actor, found, prepared, version).number
        db.session.commit()
        return number

    answers = in_threads(live_app, 8, propose)
    assert [a for a in answers if not isinstance(a, Exception)] == [1]
    assert all(isinstance(a, ConflictError | int) for a in answers), answers
    with live_app.app_context():
        assert len(listing.find(actor, reference).versions) == 1


@pytest.mark.slow
def test_many_commenting_at_the_same_moment_are_all_kept(live_app: Flask) -> None:
    with live_app.app_context():
        world = make_negotiation.world()
        agreement = make_negotiation.proposed(world)
        reference = agreement.reference
        actors = [make.actor(one) for one in world.negotiators] * 3
        db.session.remove()

    def comment(index: int) -> int:
        actor = actors[index]
        found = listing.find(actor, reference)
        made = negotiation.comment(actor, found, 1, index + 1, f"Opmerking {index}").id
        db.session.commit()
        return made

    answers = in_threads(live_app, len(actors), comment)
    assert len(set(answers)) == len(actors), answers
    assert not [a for a in answers if isinstance(a, Exception)]


def test_a_partner_cannot_propose_hsvs_draft(world: World, browser: Browser) -> None:
    agreement = make_negotiation.proposed(world, world.gent)
    prepared = proposing.prepare(agreement, agreement.terms)
    with pytest.raises(NotAllowedError):
        proposing.propose(make.actor(world.gent_people), agreement, prepared, None)
    karel = browser.sign_in(world.gent_people.account)
    assert karel.post("agreements.propose", reference=agreement.reference).status == 403


def test_names_come_out_exactly_as_they_were_typed(world: World) -> None:
    odd = make.organisation("vzw", "A & B <vzw> {{ 7*7 }} – Łódź & Ieper")
    agreement = make_negotiation.proposed(world, world.gent, odd)
    docx, _document = proposing.read(agreement.versions[0], "docx")
    whole = "\n".join(p.text for p in WordDocument(io.BytesIO(docx)).paragraphs)
    assert "A & B <vzw> {{ 7*7 }} – Łódź & Ieper" in whole
    assert "49" not in whole.split("A & B")[1][:30]
    pdf = text_of_pdf(proposing.read(agreement.versions[0], "pdf")[0])
    assert "A & B <vzw> {{ 7*7 }}" in " ".join(pdf.split())


def test_the_command_line_writes_the_version_agreed_to(
    world: World, app: Flask, tmp_path: Path
) -> None:
    agreement = make_negotiation.agreed(world, world.gent)
    number, data = exporting.agreement(agreement.reference.lower(), "pdf")
    assert (number, data) == (1, proposing.read(agreement.versions[0], "pdf")[0])
    target = tmp_path / "tekst.docx"
    command = ["export", "agreement", agreement.reference, "--format", "docx", "-o", str(target)]
    assert app.test_cli_runner().invoke(main, command).exit_code == 0
    assert target.read_bytes() == proposing.read(agreement.versions[0], "docx")[0]
    unknown = ["export", "agreement", "O-0000-0000", "-o", str(target)]
    assert app.test_cli_runner().invoke(main, unknown).exit_code == 1


def test_a_manager_who_is_none_any_more_proposes_nothing(world: World) -> None:
    agreement: Agreement = make_negotiation.drafted(world, world.gent)
    finance = make.membership("finance_officer", make.home_start(), make.account(name="Bram Nys"))
    prepared = proposing.prepare(agreement, agreement.terms)
    with pytest.raises(NotAllowedError):
        proposing.propose(make.actor(finance), agreement, prepared, None)


def test_terms_without_partners_are_not_printed(world: World) -> None:
    agreement = make_negotiation.drafted(world, world.gent)
    with pytest.raises(DomainError):
        proposing.prepare(agreement, agreement.terms.with_(partners=()))


@pytest.mark.parametrize("formula", list(Formula))
@pytest.mark.parametrize("years", [1, 2, 3, 4, 6])
def test_the_columns_of_the_budget_hold_their_amounts_for_any_number_of_years(
    world: World, formula: Formula, years: int
) -> None:
    opening = Opening(formula, (world.gent,), date(2028, 1, 1), years)
    terms = make_negotiation.complete(
        drafting.start(make_negotiation.manager(world), opening).terms
    )
    docx = contract.agreement_docx(terms, Imprint("O-0000-0000", 1, date(2027, 1, 1)))
    tables = [t for t in WordDocument(io.BytesIO(docx)).tables if "Code" in t.rows[0].cells[0].text]
    for table in tables:
        widths = [int(c.get(f"{W}w", "0")) for c in table._tbl.tblGrid]
        assert len(widths) == len(table.rows[0].cells)
        assert min(widths) >= 700
        assert sum(widths) == 9298
    assert tables
