"""Decisions of the bodies, who signs, delegation, and the draft text for the council."""

import io
import socket
from datetime import date, timedelta
from typing import Any

import pytest
from docx import Document as WordDocument
from flask import Flask
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from portal.agreements import decisions, drafting, negotiation, signatories
from portal.agreements.decisions import DecisionDetails
from portal.agreements.drafting_parties import share_equally
from portal.agreements.models import Agreement, Decision, Delegation, Status, Turn
from portal.agreements.signatories import BRUSSELS, FLANDERS
from portal.agreements.terms import DecidingBody
from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotAllowedError
from portal.directory.kinds import OrganisationKind
from tests import make
from tests.agreements import make_negotiation
from tests.agreements.make_negotiation import World
from tests.browser import Browser, Page

COUNCIL, COLLEGE = DecidingBody.COUNCIL, DecidingBody.COLLEGE


@pytest.fixture
def karel(world: World, browser: Browser) -> Browser:
    return browser.sign_in(world.gent_people.account)


@pytest.fixture
def hsv(world: World, app: Flask) -> Browser:
    return Browser(app).sign_in(world.manager.account)


def pdf(words: str = "Uittreksel uit de notulen") -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.drawString(72, 700, words)
    canvas.save()
    return out.getvalue()


def record(browser: Browser, agreement: Agreement, **changes: Any) -> Page:
    """Record the decision of one's own organisation, on screen."""
    page = browser.get("agreements.record_decision", reference=agreement.reference)
    sent = {
        "body": "council",
        "decided_on": clock.today().isoformat(),
        "title": "Samenwerking Home-Start: goedkeuring",
        "decision_number": "2027_GR_00114",
        "uri": "http://data.lblod.info/id/besluiten/1b1e5a1e",
        "page_url": "https://stad-gent.example/zittingen/12",
        "file": (io.BytesIO(pdf()), "besluit.pdf"),
        **changes,
    }
    return browser.submit(page, "agreements.record_decision", sent, reference=agreement.reference)


@pytest.mark.parametrize(
    ("kind", "body", "region", "capacities"),
    [
        ("gemeente", COUNCIL, FLANDERS, ("voorzitter van de gemeenteraad", "algemeen directeur")),
        ("gemeente", COLLEGE, FLANDERS, ("burgemeester", "algemeen directeur")),
        (
            "ocmw",
            DecidingBody.WELFARE_COUNCIL,
            FLANDERS,
            ("voorzitter van de raad voor maatschappelijk welzijn", "algemeen directeur"),
        ),
        (
            "ocmw",
            DecidingBody.PERMANENT_BUREAU,
            FLANDERS,
            ("voorzitter van het vast bureau", "algemeen directeur"),
        ),
        ("gemeente", COLLEGE, BRUSSELS, ("burgemeester", "gemeentesecretaris")),
    ],
)
def test_who_signs_follows_from_who_decides(
    session: Session, kind: str, body: DecidingBody, region: str, capacities: tuple[str, str]
) -> None:
    rule = signatories.rule(OrganisationKind(kind), body, region, date(2027, 1, 1))
    assert rule is not None
    assert rule.capacities == capacities
    assert rule.basis


def test_of_a_vzw_the_statutes_say_who_signs(session: Session) -> None:
    vzw = OrganisationKind.VZW
    assert signatories.rule(vzw, DecidingBody.BOARD, FLANDERS, date(2027, 1, 1)) is None
    assert signatories.bodies(vzw) == (DecidingBody.BOARD,)


def test_a_rule_holds_from_its_day(session: Session) -> None:
    gemeente = OrganisationKind.GEMEENTE
    assert signatories.rule(gemeente, COUNCIL, FLANDERS, date(2018, 12, 31)) is None
    assert signatories.rule(gemeente, COUNCIL, FLANDERS, date(2019, 1, 1)) is not None


def test_every_body_of_a_local_government_has_its_uri_and_a_rule(session: Session) -> None:
    for kind in (OrganisationKind.GEMEENTE, OrganisationKind.OCMW):
        for body in signatories.bodies(kind):
            assert signatories.OSLO_URIS[body].startswith("http://data.vlaanderen.be/id/concept/")
            for region in (FLANDERS, BRUSSELS):
                assert signatories.rule(kind, body, region, date(2027, 1, 1))


def test_a_decision_with_its_document_approves_the_agreement(
    karel: Browser, world: World, subjects_to: Any
) -> None:
    agreement = make_negotiation.agreed(world, world.gent, world.vzw)
    shown = karel.follow(record(karel, agreement))
    assert (agreement.status, agreement.turn) == (Status.APPROVED, Turn.NOBODY)
    assert agreement.approved_at is not None
    assert "Gemeenteraad" in shown.text
    assert "2027_GR_00114" in shown.text
    assert "https://stad-gent.example/zittingen/12" in shown.links()
    decision = make.only(Decision)
    where = {"reference": agreement.reference, "decision_id": decision.id}
    assert karel.get("agreements.decision_file", **where).body == pdf()
    told = f"Goedgekeurd: overeenkomst {agreement.reference}"
    for one in (world.manager, world.vzw_people):
        assert told in subjects_to(one.account.email)


def test_approved_waits_for_every_public_partner(karel: Browser, world: World) -> None:
    agreement = make_negotiation.agreed(world)
    record(karel, agreement)
    assert agreement.status == Status.AGREED
    assert [p.name for p in decisions.awaited(agreement)] == ["Gemeente Merelbeke-Melle"]
    make_negotiation.decided(agreement, world.melle_people, COLLEGE)
    assert agreement.status == Status.APPROVED


def test_partners_without_a_public_body_need_no_decision(world: World) -> None:
    opening = make_negotiation.drafted(world, world.gent, world.vzw)
    vzw_only = tuple(p for p in opening.terms.partners if p.organisation_id == world.vzw.id)
    opening.terms = share_equally(opening.terms.with_(partners=vzw_only))
    make_negotiation.propose(world, opening)
    make_negotiation.accept_all(world, opening)
    assert opening.status == Status.APPROVED


def test_nothing_is_signed_before_every_decision_is_there(hsv: Browser, world: World) -> None:
    agreement = make_negotiation.agreed(world)
    page = hsv.get("agreements.show", reference=agreement.reference)
    assert "Beslissing verwacht" in page.text
    assert agreement.status == Status.AGREED
    assert Status.OUT_FOR_SIGNATURE not in {e.after for e in agreement.events}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "Titel"),
        ({"decided_on": (clock.today() + timedelta(days=2)).isoformat()}, "toekomst"),
        ({"decided_on": "2020-01-01"}, "ligt voor de dag"),
        ({"uri": "javascript:alert(1)"}, "https://"),
        ({"page_url": "ftp://stad-gent.example/x"}, "https://"),
        ({"page_url": "file:///etc/passwd"}, "https://"),
        ({"page_url": "https://gent.example/a b"}, "https://"),
        ({"page_url": "https://iemand@gent.example/"}, "https://"),
        ({"body": "board"}, "Kies een van de mogelijkheden"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_at_its_field(
    karel: Browser, world: World, changes: dict[str, str], field: str
) -> None:
    agreement = make_negotiation.agreed(world, world.gent)
    page = record(karel, agreement, **changes)
    assert any(field in error for error in page.errors), page.errors
    assert make.number_of(Decision) == 0
    assert page.value("decision_number") == "2027_GR_00114"


def test_addresses_of_a_decision_are_kept_and_never_fetched(
    karel: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(*_args: object, **_more: object) -> None:
        raise AssertionError("the network was used")

    agreement = make_negotiation.agreed(world, world.gent)
    monkeypatch.setattr(socket.socket, "connect", no_network)
    monkeypatch.setattr(socket, "create_connection", no_network)
    record(karel, agreement)
    assert make.only(Decision).page_url == "https://stad-gent.example/zittingen/12"


def test_a_decision_is_corrected_by_a_new_one_and_the_old_one_stays(
    karel: Browser, world: World
) -> None:
    agreement = make_negotiation.agreed(world, world.gent)
    record(karel, agreement)
    record(karel, agreement, decision_number="2027_GR_00115")
    kept = db.session.scalars(db.select(Decision).order_by(Decision.id)).all()
    assert [d.number for d in kept] == ["2027_GR_00114", "2027_GR_00115"]
    assert kept[0].replaced_at is not None
    assert decisions.current(agreement)[world.gent.id].number == "2027_GR_00115"
    assert agreement.status == Status.APPROVED


def test_hsv_records_what_a_partner_sent_it(hsv: Browser, world: World, subjects_to: Any) -> None:
    agreement = make_negotiation.agreed(world, world.gent)
    where = {"reference": agreement.reference, "organisation_id": world.gent.id}
    page = hsv.get("agreements.record_decision_for", **where)
    sent = {"body": "college", "decided_on": clock.today().isoformat(), "title": "Goedkeuring"}
    assert hsv.submit(page, "agreements.record_decision_for", sent, **where).status == 303
    assert agreement.status == Status.APPROVED
    told = f"Beslissing geregistreerd bij overeenkomst {agreement.reference}"
    assert told in subjects_to(world.gent_people.account.email)


def test_nobody_records_another_partners_decision(world: World) -> None:
    agreement = make_negotiation.agreed(world)
    details = DecisionDetails(COUNCIL, clock.today(), "Goedkeuring")
    with pytest.raises(NotAllowedError):
        decisions.record_decision(make.actor(world.vzw_people), agreement, world.gent.id, details)


def test_a_change_after_everybody_agreed_needs_new_decisions(world: World) -> None:
    agreement = make_negotiation.agreed(world, world.gent)
    make_negotiation.decided(agreement, world.gent_people, COUNCIL)
    manager = make_negotiation.manager(world)
    negotiation.reopen(manager, agreement, None, "Het bedrag klopt niet.")
    drafting.save(manager, agreement, agreement.terms.with_(families=15), None)
    make_negotiation.propose(world, agreement)
    make_negotiation.accept_all(world, agreement)
    assert agreement.status == Status.AGREED
    assert [p.name for p in decisions.awaited(agreement)] == ["Stad Gent"]


def test_a_college_decision_makes_the_mayor_sign(world: World) -> None:
    agreement = make_negotiation.agreed(world, world.gent)
    party = decisions.agreed_version(agreement).terms.partners[0]
    before = decisions.signing(agreement, party)
    assert [s.capacity for s in before] == ["voorzitter van de gemeenteraad", "algemeen directeur"]
    make_negotiation.decided(agreement, world.gent_people, COLLEGE)
    after = decisions.signing(agreement, party)
    assert [(s.name, s.capacity) for s in after] == [
        ("", "burgemeester"),
        ("Jan Smet", "algemeen directeur"),
    ]


def test_somebody_signs_by_delegation_with_its_document(karel: Browser, world: World) -> None:
    agreement = make_negotiation.agreed(world, world.gent)
    page = karel.get("agreements.record_delegation", reference=agreement.reference)
    sent = {
        "from_capacity": "algemeen directeur",
        "to_name": "Bo Claes",
        "to_capacity": "stafmedewerker",
        "given_on": clock.today().isoformat(),
    }
    without = karel.submit(
        page, "agreements.record_delegation", sent, reference=agreement.reference
    )
    assert any("Kies een bestand" in error for error in without.errors)
    sent |= {"file": (io.BytesIO(pdf("Delegatie")), "delegatie.pdf")}
    answer = karel.submit(page, "agreements.record_delegation", sent, reference=agreement.reference)
    assert "in de plaats van de algemeen directeur" in karel.follow(answer).text
    party = decisions.agreed_version(agreement).terms.partners[0]
    signing = decisions.signing(agreement, party)
    assert [(s.name, s.instead_of) for s in signing] == [
        ("Mia Willems", ""),
        ("Bo Claes", "algemeen directeur"),
    ]
    where = {"reference": agreement.reference, "delegation_id": make.only(Delegation).id}
    assert karel.get("agreements.delegation_file", **where).body == pdf("Delegatie")


def test_a_file_that_could_act_is_no_decision(karel: Browser, world: World) -> None:
    agreement = make_negotiation.agreed(world, world.gent)
    acting = pdf().replace(
        b"/Type /Catalog", b"/OpenAction << /S /JavaScript /JS (x) >> /Type /Catalog"
    )
    page = record(karel, agreement, file=(io.BytesIO(acting), "besluit.pdf"))
    assert any("script" in error for error in page.errors), page.errors
    page = record(karel, agreement, file=(io.BytesIO(b"MZ\x90 programma"), "besluit.pdf"))
    assert any("nemen we niet aan" in error for error in page.errors)
    assert make.number_of(Decision) == 0


def test_the_draft_decision_is_filled_in_for_the_body_that_decides(
    karel: Browser, world: World
) -> None:
    agreement = make_negotiation.agreed(world, bodies_of={world.gent.id: COLLEGE})
    where = {"reference": agreement.reference, "organisation_id": world.gent.id}
    answer = karel.get("agreements.draft_decision", **where)
    assert answer.status == 200
    document = WordDocument(io.BytesIO(answer.body))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    words = "\n".join([*(p.text for p in document.paragraphs), *cells])
    assert "college van burgemeester en schepenen" in words.lower()
    assert agreement.reference in words
    assert "17.751,55" in words
    assert "lokaal bestuur" in words.lower()
    assert "{{" not in words


def test_the_qualification_stands_with_its_reason_for_hsv_only(
    hsv: Browser, karel: Browser, world: World
) -> None:
    agreement = make_negotiation.agreed(world, world.gent)
    page = hsv.get("agreements.qualify", reference=agreement.reference)
    assert hsv.submit(
        page, "agreements.qualify", {"kind": "subsidy"}, reference=agreement.reference
    ).errors
    sent = {"kind": "subsidy", "reason": "De vzw neemt zelf het initiatief."}
    hsv.submit(page, "agreements.qualify", sent, reference=agreement.reference)
    assert agreement.qualification == "subsidy"
    assert (
        "De vzw neemt zelf het initiatief."
        in hsv.get("agreements.show", reference=agreement.reference).text
    )
    assert (
        "De vzw neemt zelf" not in karel.get("agreements.show", reference=agreement.reference).text
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE agreement_decision SET title = 'anders'",
        "UPDATE agreement_decision SET document_id = NULL",
        "DELETE FROM agreement_decision",
        "UPDATE version_comment SET text = 'anders'",
        "DELETE FROM version_comment",
    ],
)
def test_what_was_decided_or_said_is_never_rewritten(
    world: World, session: Session, statement: str
) -> None:
    agreement = make_negotiation.proposed(world, world.gent)
    negotiation.comment(make.actor(world.gent_people), agreement, 1, 9, "Te kort.")
    make_negotiation.accept_all(world, agreement)
    make_negotiation.decided(agreement, world.gent_people, COUNCIL)
    with pytest.raises(DatabaseError), session.begin_nested():
        session.execute(text(statement))
