"""Who sees what: one's own agreements, never another's, never what HSV keeps to itself."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from portal.agreements import attachments, decisions, drafting, meetings, negotiation
from portal.agreements.decisions import DecisionDetails
from portal.agreements.drafting_parties import without_partner
from portal.agreements.meetings import MeetingDetails
from portal.agreements.models import (
    Agreement,
    Decision,
    Delegation,
    Delivery,
    EnvelopeSignatory,
    InternalNote,
    Meeting,
    Notice,
    VersionComment,
)
from portal.agreements.terms import DecidingBody, Formula
from portal.core import clock, guard
from portal.core.db import db
from portal.core.permissions import Role
from tests import make
from tests.agreements import make_addendum, make_living, make_negotiation
from tests.agreements.access import signed_on_paper
from tests.agreements.make_negotiation import World
from tests.browser import Browser
from tests.core.files import PNG

PAGES = (
    ("agreements.show", {}),
    ("agreements.version", {"number": 1}),
    ("agreements.version_file", {"number": 1, "form": "pdf"}),
    ("agreements.version_file", {"number": 1, "form": "word"}),
    ("agreements.differences", {}),
    ("agreements.differences_file", {}),
)
STEPS = ("comment", "hand_over", "upload", "accept", "decline")


@pytest.fixture
def hsv(world: World, app: Flask) -> Browser:
    return Browser(app).sign_in(world.manager.account)


def test_a_partner_finds_its_own_agreements_only(
    world: World, browser: Browser, app: Flask
) -> None:
    mine = make_negotiation.proposed(world, world.gent)
    theirs = make_negotiation.proposed(world, world.melle)
    karel = browser.sign_in(world.gent_people.account)
    listed = karel.get("agreements.index").text
    assert mine.reference in listed
    assert theirs.reference not in listed
    for endpoint, values in PAGES:
        assert karel.get(endpoint, reference=mine.reference, **values).status == 200, endpoint
        refused = karel.get(endpoint, reference=theirs.reference, **values)
        missing = karel.get(endpoint, reference="O-0000-0000", **values)
        assert refused.status == missing.status == 404, endpoint
        assert refused.body == missing.body or refused.text == missing.text
    for step in STEPS:
        page = karel.get(f"agreements.{step}", reference=theirs.reference)
        assert page.status == 404, step
        answer = karel.post(f"agreements.{step}", {"number": "1"}, reference=theirs.reference)
        assert answer.status == 404, step


def _arguments(agreement: Agreement, melle_id: int) -> dict[str, Any]:
    """What every page of an agreement may ask for, all of it there."""
    nested = {
        "decision_id": Decision,
        "delegation_id": Delegation,
        "comment_id": VersionComment,
        "meeting_id": Meeting,
        "delivery_id": Delivery,
        "notice_id": Notice,
        "signatory_id": EnvelopeSignatory,
    }
    return {
        "reference": agreement.reference,
        "number": 1,
        "form": "pdf",
        "what": "addendum",
        "step": "duur",
        "position": 1,
        "organisation_id": melle_id,
        **{name: make.only(model).id for name, model in nested.items()},
    }


def test_every_page_and_download_of_anothers_agreement_looks_like_none_at_all(
    world: World, browser: Browser, app: Flask
) -> None:
    manager, lies = make_negotiation.manager(world), make.actor(world.melle_people)
    theirs = make_living.proposed(world, world.melle, starts_on=clock.today())
    negotiation.comment(lies, theirs, 1, 9, "Dat is kort.")
    negotiation.accept(lies, theirs, 1)
    document = attachments.keep(PNG, "besluit.png")
    details = DecisionDetails(DecidingBody.COUNCIL, clock.today(), "Goedkeuring")
    decisions.record_decision(lies, theirs, world.melle.id, details, document=document)
    given = {"from_capacity": "algemeen directeur", "to_name": "Bo", "to_capacity": "jurist"}
    given["note"] = ""
    decisions.record_delegation(lies, theirs, given, clock.today(), document)
    meeting = MeetingDetails("Stuurgroep", clock.now() + timedelta(days=9), 90)
    meetings.plan(manager, theirs, meeting)
    make_living.signed(theirs)
    make_living.delivery(world, theirs, done_on=clock.today())
    make_living.notice(world, theirs)
    make_addendum.proposed(world, theirs, notice_months=9)
    signed_on_paper(manager, theirs, "44040")
    db.session.commit()
    there = _arguments(theirs, world.melle.id)
    karel = browser.sign_in(world.gent_people.account)
    token, asked = karel.token(), 0
    for rule in app.url_map.iter_rules():
        mine = rule.endpoint.startswith("agreements.") and "overeenkomsten" in rule.rule
        if not mine or "reference" not in rule.arguments:
            continue
        permitted = make.actor(world.gent_people).can(guard.needed(app, rule.endpoint) or "")
        for method in {"GET", "POST"} & (rule.methods or set()):
            answers = []
            for reference in (theirs.reference, "O-0000-0000"):
                values = {k: v for k, v in there.items() if k in rule.arguments}
                path = karel.path(rule.endpoint, **{**values, "reference": reference})
                data = {"csrf_token": token, "number": "1"} if method == "POST" else None
                answers.append(karel.send(method, path, data=data))
            asked += 1
            expected = 404 if permitted else 403
            assert [a.status_code for a in answers] == [expected] * 2, (rule.endpoint, method)
            if permitted:
                same = [a.get_data(as_text=True) for a in answers]
                assert same[0].replace(theirs.reference, "") == same[1].replace("O-0000-0000", "")
    assert asked > 40


def test_a_draft_is_hsvs_alone(world: World, browser: Browser) -> None:
    agreement = make_negotiation.drafted(world, world.gent)
    karel = browser.sign_in(world.gent_people.account)
    assert agreement.reference not in karel.get("agreements.index").text
    assert karel.get("agreements.show", reference=agreement.reference).status == 404


def test_a_partner_reads_what_was_proposed_never_hsvs_next_draft(
    world: World, browser: Browser, hsv: Browser
) -> None:
    agreement = make_negotiation.proposed(world, world.gent)
    manager = make_negotiation.manager(world)
    secret = agreement.terms.with_(title="Geheime titel", notice_months=11)
    drafting.save(manager, agreement, secret, None)
    karel = browser.sign_in(world.gent_people.account)
    for page in (
        karel.get("agreements.index"),
        karel.get("agreements.show", reference=agreement.reference),
        karel.get("agreements.deadlines"),
    ):
        assert "Geheime titel" not in page.text
        assert "11 maanden" not in page.text
    export = karel.open(f"{karel.path('agreements.index')}?formaat=csv")
    assert "Geheime titel" not in export.text
    assert (
        "Ontwerp aangepast" not in karel.get("agreements.show", reference=agreement.reference).text
    )
    page = hsv.get("agreements.edit", reference=agreement.reference, step="partijen")
    assert page.value("title") == "Geheime titel"


def test_internal_notes_and_the_dossier_stay_inside(
    world: World, browser: Browser, hsv: Browser
) -> None:
    agreement = make_negotiation.proposed(world, world.gent)
    page = hsv.get("agreements.show", reference=agreement.reference)
    note = {"text": "Hun schepen is niet enthousiast."}
    once = next(e.get("value") for e in page.find("input") if e.get("name") == "once")
    hsv.submit(page, "agreements.note", {**note, "once": once}, reference=agreement.reference)
    assert make.only(InternalNote).text == note["text"]
    assert note["text"] in hsv.get("agreements.show", reference=agreement.reference).text
    karel = browser.sign_in(world.gent_people.account)
    shown = karel.get("agreements.show", reference=agreement.reference)
    assert "niet enthousiast" not in shown.text
    assert "Dossier" not in shown.text
    assert "Notities" not in shown.text
    assert karel.post("agreements.note", note, reference=agreement.reference).status == 403


def test_partners_of_one_agreement_read_each_others_comments(
    world: World, browser: Browser
) -> None:
    agreement = make_negotiation.proposed(world)
    negotiation.comment(make.actor(world.melle_people), agreement, 1, 9, "Dat is kort.")
    karel = browser.sign_in(world.gent_people.account)
    page = karel.get("agreements.version", reference=agreement.reference, number=1)
    assert "Dat is kort." in page.text


@pytest.mark.parametrize("role", [Role.REFERRER, Role.COORDINATOR, Role.ADMINISTRATOR, Role.DPO])
def test_others_have_no_business_with_agreements(
    world: World, browser: Browser, role: Role
) -> None:
    agreement = make_negotiation.proposed(world, world.gent)
    somebody = make.membership(role)
    page = browser.sign_in(somebody.account)
    assert page.get("agreements.index").status == 403
    assert page.get("agreements.show", reference=agreement.reference).status == 403


@pytest.mark.parametrize("role", [Role.SIGNATORY, Role.PARTNER_FINANCE])
def test_who_signs_or_pays_reads_along(world: World, browser: Browser, role: Role) -> None:
    agreement = make_negotiation.proposed(world, world.gent)
    somebody = make.membership(role, world.gent)
    reader = browser.sign_in(somebody.account)
    page = reader.get("agreements.show", reference=agreement.reference)
    assert page.status == 200
    assert "Akkoord geven" not in page.text
    assert "Tegenvoorstel" not in page.text


def test_a_partner_taken_out_of_the_next_version_sees_it_no_more(
    world: World, browser: Browser
) -> None:
    agreement = make_negotiation.proposed(world)
    karel = browser.sign_in(world.gent_people.account)
    assert karel.get("agreements.show", reference=agreement.reference).status == 200
    manager = make_negotiation.manager(world)
    fewer = without_partner(agreement.terms, 0)
    drafting.save(manager, agreement, fewer, None)
    assert karel.get("agreements.show", reference=agreement.reference).status == 200
    make_negotiation.propose(world, agreement)
    assert karel.get("agreements.show", reference=agreement.reference).status == 404


def test_a_reference_is_found_however_it_is_typed(world: World, hsv: Browser) -> None:
    agreement = make_negotiation.proposed(world, world.gent)
    typed = agreement.reference.lower().replace("-", "")
    answer = hsv.get("agreements.show", reference=typed)
    assert answer.status == 302
    assert answer.location.endswith(agreement.reference)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"status": "draft"}, {"draft"}),
        ({"status": "open"}, {"draft", "proposed", "agreed"}),
        ({"pakket": "A"}, {"draft"}),
        ({"beurt": "partners"}, {"proposed", "agreed"}),
        ({"gemeente": "Melle"}, {"proposed"}),
        ({"gemeente": "Nergens"}, set()),
        ({"jaar": "2029"}, {"draft", "proposed", "agreed"}),
        ({"jaar": "2019"}, set()),
        ({"jaar": "2029'--"}, {"draft", "proposed", "agreed"}),
    ],
)
def test_hsv_filters_its_list(
    world: World, hsv: Browser, query: dict[str, str], shown: set[str]
) -> None:
    made = {
        "draft": make_negotiation.drafted(world, world.gent, formula=Formula.EXPERT),
        "proposed": make_negotiation.proposed(world, world.gent, world.melle),
        "agreed": make_negotiation.agreed(world, world.gent),
    }
    page = hsv.open(hsv.path("agreements.index", **query))
    assert {name for name, one in made.items() if one.reference in page.text} == shown


def test_the_list_costs_the_same_however_long_it_is(
    world: World, hsv: Browser, session: Any
) -> None:
    def cost() -> int:
        counted: list[str] = []

        def count(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
            counted.append(statement)

        bind = session.get_bind()
        event.listen(bind.engine, "before_cursor_execute", count)
        hsv.get("agreements.index")
        event.remove(bind.engine, "before_cursor_execute", count)
        return len(counted)

    make_negotiation.drafted(world, world.gent)
    first = cost()
    for _ in range(4):
        make_negotiation.drafted(world)
    assert cost() == first


@pytest.mark.parametrize("endpoint", ["agreements.deadlines", "home.start"])
def test_what_waits_costs_the_same_however_much_it_is(
    world: World, hsv: Browser, session: Any, endpoint: str
) -> None:
    def cost() -> int:
        counted: list[str] = []

        def count(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
            counted.append(statement)

        bind = session.get_bind()
        event.listen(bind.engine, "before_cursor_execute", count)
        hsv.get(endpoint)
        event.remove(bind.engine, "before_cursor_execute", count)
        return len(counted)

    make_negotiation.agreed(world, world.gent)
    make_negotiation.proposed(world, world.gent)
    first = cost()
    for _ in range(2):
        make_negotiation.agreed(world, world.gent, world.melle)
        make_negotiation.proposed(world, world.gent, world.melle)
    assert cost() == first
