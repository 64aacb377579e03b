"""Coming to one text: comments, answers, counter-proposals in the fields and in Word, agreeing."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from docx import Document as WordDocument
from flask import Flask

from portal.agreements import comparing, drafting, negotiation, proposing
from portal.agreements.drafting import beyond
from portal.agreements.models import Agreement, CounterDraft, Side, Status, Turn, VersionComment
from portal.core.errors import ConflictError, DomainError, NotAllowedError
from portal.core.rendering import inspect_docx, redline_docx
from tests import make
from tests.agreements import make_negotiation
from tests.agreements.make_negotiation import World
from tests.agreements.test_draft import filled
from tests.browser import Browser, Page


@pytest.fixture
def karel(world: World, browser: Browser) -> Browser:
    """Who negotiates for Gent."""
    return browser.sign_in(world.gent_people.account)


@pytest.fixture
def lies(world: World, app: Flask) -> Browser:
    """Who negotiates for Merelbeke-Melle."""
    return Browser(app).sign_in(world.melle_people.account)


@pytest.fixture
def hsv(world: World, app: Flask) -> Browser:
    return Browser(app).sign_in(world.manager.account)


def _comment(browser: Browser, agreement: Agreement, article: int, text: str) -> Page:
    page = browser.get("agreements.comment", reference=agreement.reference, artikel=article)
    sent = {"article": str(article), "text": text}
    return browser.submit(page, "agreements.comment", sent, reference=agreement.reference)


def _edited(agreement: Agreement, change: Callable[[Any], None]) -> bytes:
    """The newest version's Word after somebody worked in it."""
    assert agreement.latest is not None
    document = WordDocument(io.BytesIO(proposing.read(agreement.latest, "docx")[0]))
    change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _replace(old: str, new: str) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        for paragraph in document.paragraphs:
            if old in paragraph.text:
                runs = paragraph.runs
                runs[0].text = paragraph.text.replace(old, new)
                for run in runs[1:]:
                    run.text = ""
                return
        raise AssertionError(f"{old} is not in the text")

    return change


def _upload(browser: Browser, agreement: Agreement, data: bytes, name: str = "x.docx") -> Page:
    page = browser.get("agreements.upload", reference=agreement.reference)
    sent = {"file": (io.BytesIO(data), name), "note": "Zie de wijzigingen"}
    path = browser.path("agreements.upload", reference=agreement.reference)
    answer = browser.send("POST", path, data={**page.hidden(), **sent})
    return browser._page(answer)


def test_the_text_is_read_on_screen_article_by_article(karel: Browser, world: World) -> None:
    agreement = make_negotiation.proposed(world)
    page = karel.get("agreements.version", reference=agreement.reference, number=1)
    headings = ["".join(e.itertext()).strip() for e in page.find("h2")]
    articles = [h for h in headings if h.startswith("Artikel")]
    assert len(articles) == 30
    assert [h for h in articles if "Vast artikel" in h] == [articles[n - 1] for n in (3, 17, 18)]
    assert sum(h.startswith("Artikel 7.") for h in articles) == 1
    assert "11.2." in page.text
    assert {e.get("id") for e in page.find("section")} >= {f"artikel-{n}" for n in range(1, 31)}


def test_a_comment_stands_with_its_article_and_is_answered(
    karel: Browser, hsv: Browser, world: World, subjects_to: Any
) -> None:
    agreement = make_negotiation.proposed(world)
    page = karel.follow(
        _comment(karel, agreement, 11, "Kan dit over twee jaar?\nHet <b>budget</b>.")
    )
    assert "Kan dit over twee jaar?" in page.text
    assert "<b>budget</b>" in page.text  # shown as typed, not as bold
    assert (agreement.status, agreement.turn) == (Status.IN_NEGOTIATION, Turn.PARTNERS)
    comment = make.only(VersionComment)
    shown = hsv.get("agreements.show", reference=agreement.reference)
    assert "Opmerkingen zonder antwoord (1)" in shown.text
    page = hsv.get("agreements.version", reference=agreement.reference, number=1)
    where = {"reference": agreement.reference, "comment_id": comment.id}
    hsv.submit(page, "agreements.answer", {"text": "Ja, in twee schijven."}, **where)
    page = karel.get("agreements.version", reference=agreement.reference, number=1)
    assert "Ja, in twee schijven." in page.text
    answered = f"Antwoord op een opmerking bij overeenkomst {agreement.reference}"
    assert answered in subjects_to(world.gent_people.account.email)


def test_a_second_answer_comes_too_late(hsv: Browser, world: World) -> None:
    agreement = make_negotiation.proposed(world)
    made = negotiation.comment(make.actor(world.gent_people), agreement, 1, 4, "Waarom?")
    manager = make_negotiation.manager(world)
    negotiation.answer(manager, agreement, made.id, "Daarom.")
    with pytest.raises(ConflictError) as refused:
        negotiation.answer(manager, agreement, made.id, "Nog eens.")
    assert refused.value.changes[0].label == "Daarom."


def test_two_people_commenting_see_each_others_words(
    karel: Browser, lies: Browser, world: World
) -> None:
    agreement = make_negotiation.proposed(world)
    pages = [
        one.get("agreements.comment", reference=agreement.reference, artikel=9)
        for one in (karel, lies)
    ]
    for one, page, text in zip((karel, lies), pages, ("Te kort.", "Te lang."), strict=True):
        sent = {"article": "9", "text": text}
        answer = one.submit(page, "agreements.comment", sent, reference=agreement.reference)
        assert answer.status == 303
    page = lies.get("agreements.version", reference=agreement.reference, number=1)
    assert "Te kort." in page.text
    assert "Te lang." in page.text


def test_a_comment_on_a_version_that_is_no_longer_the_newest_comes_back_with_what_changed(
    karel: Browser, world: World
) -> None:
    agreement = make_negotiation.proposed(world)
    page = karel.get("agreements.comment", reference=agreement.reference, artikel=9)
    manager = make_negotiation.manager(world)
    drafting.save(manager, agreement, agreement.terms.with_(notice_months=9), None)
    make_negotiation.propose(world, agreement)
    sent = {"article": "9", "text": "Veertien dagen is kort."}
    answer = karel.submit(page, "agreements.comment", sent, reference=agreement.reference)
    assert answer.status == 409
    assert "Veertien dagen is kort." in answer.text
    assert "Versie voorgesteld" in answer.text
    assert make.number_of(VersionComment) == 0


def test_handing_over_makes_it_hsvs_turn(
    karel: Browser, hsv: Browser, world: World, subjects_to: Any
) -> None:
    agreement = make_negotiation.proposed(world)
    _comment(karel, agreement, 9, "Te kort.")
    page = karel.get("agreements.hand_over", reference=agreement.reference)
    assert "Te kort." in page.text
    karel.submit(page, "agreements.hand_over", {}, reference=agreement.reference)
    assert agreement.turn == Turn.HSV
    assert "Jij bent aan zet" in hsv.get("agreements.show", reference=agreement.reference).text
    waiting = karel.get("agreements.show", reference=agreement.reference)
    assert "Aan zet: Home-Start Vlaanderen" in waiting.text
    told = f"Opmerkingen bij overeenkomst {agreement.reference}"
    assert subjects_to(world.manager.account.email) == [told]


def test_a_partner_counters_in_the_fields_and_hsv_takes_it_over(
    karel: Browser, lies: Browser, hsv: Browser, world: World
) -> None:
    agreement = make_negotiation.proposed(world)
    reference = agreement.reference
    lies.post("agreements.start_counter", reference=reference)
    page = lies.get("agreements.counter", reference=reference, step="duur")
    path = lies.path("agreements.counter", reference=reference, step="duur")
    assert lies.post_to(path, {**filled(page), "notice_months": "9"}).status == 303
    assert agreement.terms.notice_months == 6  # nobody else sees it yet
    assert "9 maanden" not in karel.get("agreements.show", reference=reference).text
    page = lies.get("agreements.counter", reference=reference, step="nakijken")
    answer = lies.submit(
        page, "agreements.counter_propose", {"note": "Onze raad vraagt dit."}, reference=reference
    )
    assert answer.status == 303
    version = agreement.versions[1]
    assert (version.side, version.organisation_id) == (Side.PARTNER, world.melle.id)
    assert version.terms.notice_months == 9
    assert agreement.turn == Turn.HSV
    assert make.number_of(CounterDraft) == 0
    page = hsv.get("agreements.show", reference=reference)
    hsv.submit(page, "agreements.take_over", {"number": "2"}, reference=reference)
    assert (agreement.status, agreement.turn) == (Status.PROPOSED, Turn.PARTNERS)
    assert agreement.terms.notice_months == 9
    accepted = {p.organisation_id for p in agreement.parties if p.accepted_number == 2}
    assert accepted == {world.melle.id}


def test_a_counter_proposal_is_its_partners_alone_until_it_is_made(
    karel: Browser, lies: Browser, hsv: Browser, world: World
) -> None:
    agreement = make_negotiation.proposed(world)
    lies.post("agreements.start_counter", reference=agreement.reference)
    for other in (karel, hsv):
        page = other.get("agreements.counter", reference=agreement.reference, step="duur")
        assert page.status in (403, 404)


def test_a_counter_proposal_that_changes_nothing_is_not_made(world: World) -> None:
    agreement = make_negotiation.proposed(world)
    draft = drafting.open_counter(make.actor(world.melle_people), agreement)
    prepared = proposing.prepare(agreement, draft.terms)
    with pytest.raises(DomainError, match="niets gewijzigd"):
        proposing.counter_propose(make.actor(world.melle_people), draft, prepared, None)


def test_a_counter_proposal_begun_before_a_newer_version_is_refused_with_what_changed(
    lies: Browser, world: World
) -> None:
    agreement = make_negotiation.proposed(world)
    lies.post("agreements.start_counter", reference=agreement.reference)
    manager = make_negotiation.manager(world)
    drafting.save(manager, agreement, agreement.terms.with_(families=15), None)
    make_negotiation.propose(world, agreement)
    page = lies.get("agreements.counter", reference=agreement.reference, step="duur")
    assert "Er is intussen een nieuwere versie" in page.text
    path = lies.path("agreements.counter", reference=agreement.reference, step="duur")
    lies.post_to(path, {**filled(page), "notice_months": "9"})
    sent = {"version": make.only(CounterDraft).version}
    answer = lies.post("agreements.counter_propose", sent, reference=agreement.reference)
    assert answer.status == 409
    assert "Versie voorgesteld" in answer.text
    assert len(agreement.versions) == 2


def test_two_colleagues_in_one_counter_proposal_lose_nothing(
    lies: Browser, world: World, app: Flask
) -> None:
    agreement = make_negotiation.proposed(world)
    colleague = make.membership("negotiator", world.melle, make.account(name="Bo Claes"))
    bo = Browser(app).sign_in(colleague.account)
    lies.post("agreements.start_counter", reference=agreement.reference)
    path = lies.path("agreements.counter", reference=agreement.reference, step="duur")
    stale = filled(bo.open(path))
    assert lies.post_to(path, {**filled(lies.open(path)), "notice_months": "9"}).status == 303
    late = bo.post_to(path, {**stale, "notice_months": "3"})
    assert late.status == 409
    assert make.only(CounterDraft).terms.notice_months == 9


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Iets anders"},
        {"court": "de rechtbank van Brussel"},
        {"legal_grounds": ()},
        {"formula": "A"},
        {"partners": ()},
        {"services": ()},
    ],
)
def test_what_is_not_a_partners_to_change_stays_whatever_is_sent(
    world: World, change: dict[str, Any]
) -> None:
    agreement = make_negotiation.proposed(world)
    draft = drafting.open_counter(make.actor(world.melle_people), agreement)
    wanted = draft.terms.with_(**change)
    assert beyond(draft.terms, wanted, world.melle.id)
    with pytest.raises(NotAllowedError):
        drafting.save_counter(make.actor(world.melle_people), draft, wanted, None)


def test_a_partner_changes_what_it_says_about_itself_and_everybodys_share(
    lies: Browser, world: World
) -> None:
    agreement = make_negotiation.proposed(world)
    lies.post("agreements.start_counter", reference=agreement.reference)
    page = lies.get("agreements.counter_party", reference=agreement.reference)
    assert page.heading == "Gemeente Merelbeke-Melle"
    path = lies.path("agreements.counter_party", reference=agreement.reference)
    assert lies.post_to(path, {**filled(page), "contact_name": "Bo Claes"}).status == 303
    page = lies.get("agreements.counter", reference=agreement.reference, step="verdeling")
    shares = {"shares-0-percentage": "50", "shares-1-percentage": "20", "shares-2-percentage": "30"}
    path = lies.path("agreements.counter", reference=agreement.reference, step="verdeling")
    assert lies.post_to(path, {**filled(page), **shares}).status == 303
    terms = make.only(CounterDraft).terms
    assert terms.partners[1].contact.name == "Bo Claes"
    assert [p.share.value for p in terms.partners] == [5000, 2000, 3000]
    assert (
        "Titel van de overeenkomst"
        not in lies.get("agreements.counter", reference=agreement.reference, step="partijen").text
    )


def test_the_differences_between_versions_are_on_the_page_and_in_word(
    karel: Browser, world: World
) -> None:
    agreement = make_negotiation.proposed(world)
    manager = make_negotiation.manager(world)
    changed = agreement.terms.with_(notice_months=9, special_clauses="Ook in het Turks.")
    drafting.save(manager, agreement, changed, None)
    make_negotiation.propose(world, agreement)
    page = karel.get("agreements.differences", reference=agreement.reference, van=1, naar=2)
    removed = ["".join(e.itertext()) for e in page.find("del")]
    added = ["".join(e.itertext()) for e in page.find("ins")]
    assert "zes" in removed
    assert "negen" in added
    assert "Ook in het Turks." in added
    assert "Opzegtermijn (maanden)" in page.text
    word = karel.get("agreements.differences_file", reference=agreement.reference, van=1, naar=2)
    assert word.status == 200
    xml = WordDocument(io.BytesIO(word.body)).element.xml
    assert "w:ins " in xml
    assert "w:del " in xml
    assert inspect_docx(word.body, revisions_allowed=True) == []


def test_amounts_that_changed_are_named_per_partner_and_year(world: World) -> None:
    agreement = make_negotiation.proposed(world, world.gent)
    old = agreement.terms
    lines = (
        old.lines[0].__class__("B10", "Loonkost", "10", (40_000_00,) * 3, wage=True),
        *old.lines[1:],
    )
    found = {c.label: c for c in comparing.terms(old, old.with_(lines=lines))}
    assert found["Kosten in 2028"].after.endswith("59.244,00")
    assert "Bijdrage van Stad Gent in 2030" in found


def test_a_partners_own_word_is_kept_as_it_came_and_shown_as_differences(
    karel: Browser, hsv: Browser, world: World
) -> None:
    agreement = make_negotiation.proposed(world)
    data = _edited(
        agreement, _replace("met een termijn van zes maanden", "met een termijn van een jaar")
    )
    assert _upload(karel, agreement, data).status == 303
    version = agreement.versions[1]
    assert version.uploaded
    assert proposing.read(version, "docx")[0] == data
    assert version.terms == agreement.versions[0].terms
    assert agreement.turn == Turn.HSV
    page = hsv.get("agreements.differences", reference=agreement.reference, van=1, naar=2)
    assert "een jaar" in "".join("".join(e.itertext()) for e in page.find("ins"))
    assert (
        hsv.post("agreements.take_over", {"number": "2"}, reference=agreement.reference).status
        == 409
    )


def test_a_word_with_tracked_changes_comes_in_and_prints_as_if_they_were_accepted(
    karel: Browser, world: World
) -> None:
    agreement = make_negotiation.proposed(world)
    first = agreement.versions[0]
    clean = _edited(
        agreement, _replace("met een termijn van zes maanden", "met een termijn van een jaar")
    )
    tracked = redline_docx(proposing.read(first, "docx")[0], clean, "Lies", first.proposed_at)
    assert _upload(karel, agreement, tracked).status == 303
    page = karel.get("agreements.version", reference=agreement.reference, number=2)
    assert "met een termijn van een jaar" in page.text
    assert "zes maanden, die" not in page.text


def test_a_word_that_changes_a_fixed_article_is_refused_naming_it(
    karel: Browser, world: World
) -> None:
    agreement = make_negotiation.proposed(world)
    data = _edited(agreement, _replace("is voor gezinnen kosteloos", "kost gezinnen vijf euro"))
    page = _upload(karel, agreement, data)
    assert any("artikel 3 gewijzigd" in error for error in page.errors)
    assert len(agreement.versions) == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "aanvaard"),
        (b"%PDF-1.7 dit is geen Word", "aanvaard"),
        (b"PK\x03\x04 kapot", "aanvaard"),
    ],
)
def test_what_is_no_word_file_is_refused_with_its_reason(
    karel: Browser, world: World, data: bytes, reason: str
) -> None:
    agreement = make_negotiation.proposed(world, world.gent)
    page = _upload(karel, agreement, data)
    assert page.status == 200
    assert any(reason in error for error in page.errors)


def test_a_word_that_says_the_same_is_no_counter_proposal(karel: Browser, world: World) -> None:
    agreement = make_negotiation.proposed(world, world.gent)
    page = _upload(karel, agreement, _edited(agreement, lambda _document: None))
    assert any("hetzelfde" in error for error in page.errors)


def test_forgetting_the_file_is_an_error_at_its_field(karel: Browser, world: World) -> None:
    agreement = make_negotiation.proposed(world, world.gent)
    page = karel.get("agreements.upload", reference=agreement.reference)
    answer = karel.submit(page, "agreements.upload", {}, reference=agreement.reference)
    assert any("Kies een bestand" in error for error in answer.errors)


def test_when_the_last_partner_agrees_the_text_is_agreed(
    karel: Browser, world: World, subjects_to: Any
) -> None:
    agreement = make_negotiation.proposed(world, world.gent, world.vzw)
    negotiation.accept(make.actor(world.vzw_people), agreement, 1)
    assert agreement.status == Status.PROPOSED
    page = karel.get("agreements.accept", reference=agreement.reference)
    assert "daarna beslist de gemeenteraad" in page.text
    shown = karel.follow(karel.submit(page, "agreements.accept", {}, reference=agreement.reference))
    assert agreement.status == Status.AGREED
    assert agreement.agreed_number == 1
    assert "Beslissing verwacht" in shown.text
    told = f"Alle partijen akkoord: overeenkomst {agreement.reference}"
    assert told in subjects_to(world.vzw_people.account.email)
    assert told in subjects_to(world.manager.account.email)


def test_a_new_version_asks_everybodys_agreement_anew(world: World) -> None:
    agreement = make_negotiation.proposed(world, world.gent, world.vzw)
    negotiation.accept(make.actor(world.vzw_people), agreement, 1)
    manager = make_negotiation.manager(world)
    drafting.save(manager, agreement, agreement.terms.with_(families=15), None)
    make_negotiation.propose(world, agreement)
    assert {p.organisation_id for p in negotiation.outstanding(agreement)} == {
        world.gent.id,
        world.vzw.id,
    }
    with pytest.raises(ConflictError):
        negotiation.accept(make.actor(world.gent_people), agreement, 1)


def test_a_partner_agrees_after_its_comment_was_answered_without_a_new_version(
    world: World,
) -> None:
    agreement = make_negotiation.proposed(world, world.gent)
    karel = make.actor(world.gent_people)
    made = negotiation.comment(karel, agreement, 1, 9, "Waarom veertien dagen?")
    negotiation.answer(make_negotiation.manager(world), agreement, made.id, "Dat is de gewoonte.")
    negotiation.accept(karel, agreement, 1)
    assert agreement.status == Status.AGREED


def test_nobody_agrees_with_a_counter_proposal_hsv_has_not_taken_over(world: World) -> None:
    agreement = make_negotiation.proposed(world, world.gent, world.melle)
    draft = drafting.open_counter(make.actor(world.melle_people), agreement)
    lies = make.actor(world.melle_people)
    drafting.save_counter(lies, draft, draft.terms.with_(families=15), None)
    prepared = proposing.prepare(agreement, draft.terms)
    proposing.counter_propose(lies, draft, prepared, None)
    with pytest.raises(ConflictError):
        negotiation.accept(make.actor(world.gent_people), agreement, 2)


def test_agreeing_twice_is_said_to_be_done(world: World) -> None:
    agreement = make_negotiation.proposed(world, world.gent, world.vzw)
    karel = make.actor(world.gent_people)
    negotiation.accept(karel, agreement, 1)
    with pytest.raises(DomainError, match="gaf haar akkoord al"):
        negotiation.accept(karel, agreement, 1)


def test_a_signatory_reads_but_does_not_negotiate(world: World, browser: Browser) -> None:
    agreement = make_negotiation.proposed(world, world.gent)
    signatory = make_negotiation.signatory(world.gent)
    els = browser.sign_in(signatory.account)
    assert els.get("agreements.version", reference=agreement.reference, number=1).status == 200
    assert els.get("agreements.accept", reference=agreement.reference).status == 403
    assert els.post("agreements.comment", reference=agreement.reference).status == 403


def test_stopping_says_why_to_everybody(karel: Browser, lies: Browser, world: World) -> None:
    agreement = make_negotiation.proposed(world)
    page = karel.get("agreements.decline", reference=agreement.reference)
    empty = karel.submit(page, "agreements.decline", {"reason": ""}, reference=agreement.reference)
    assert empty.errors
    sent = {"reason": "De raad kiest voor een ander aanbod."}
    karel.submit(page, "agreements.decline", sent, reference=agreement.reference)
    assert (agreement.status, agreement.turn) == (Status.DECLINED, Turn.NOBODY)
    shown = lies.get("agreements.show", reference=agreement.reference)
    assert "De raad kiest voor een ander aanbod." in shown.text
    assert karel.get("agreements.decline", reference=agreement.reference).status == 409


def test_reopening_after_everybody_agreed_asks_for_a_new_version(
    hsv: Browser, world: World
) -> None:
    agreement = make_negotiation.agreed(world, world.gent)
    page = hsv.get("agreements.reopen", reference=agreement.reference)
    sent = {"reason": "Het bedrag klopt niet."}
    hsv.submit(page, "agreements.reopen", sent, reference=agreement.reference)
    assert (agreement.status, agreement.turn) == (Status.IN_NEGOTIATION, Turn.HSV)
    assert agreement.agreed_number is None
    assert [p.accepted_number for p in agreement.parties] == [None]
    make_negotiation.propose(world, agreement)
    assert agreement.latest is not None
    assert agreement.latest.number == 2


def test_the_answer_to_another_agreements_comment_is_not_there(hsv: Browser, world: World) -> None:
    one = make_negotiation.proposed(world, world.gent)
    other = make_negotiation.proposed(world, world.melle)
    made = negotiation.comment(make.actor(world.gent_people), one, 1, 9, "Waarom?")
    answer = hsv.post(
        "agreements.answer", {"text": "x"}, reference=other.reference, comment_id=made.id
    )
    assert answer.status == 404


def test_hsv_goes_on_writing_from_a_counter_proposal(hsv: Browser, world: World) -> None:
    agreement = make_negotiation.proposed(world, world.gent)
    karel = make.actor(world.gent_people)
    draft = drafting.open_counter(karel, agreement)
    drafting.save_counter(karel, draft, draft.terms.with_(families=15), None)
    prepared = proposing.prepare(agreement, draft.terms)
    proposing.counter_propose(karel, draft, prepared, None)
    where = {"reference": agreement.reference, "number": 2}
    answer = hsv.post("agreements.continue_from", {"version": agreement.version}, **where)
    assert answer.status == 303
    assert agreement.terms.families == 15
    assert agreement.status == Status.IN_NEGOTIATION
    drafting.save(
        make_negotiation.manager(world), agreement, agreement.terms.with_(families=18), None
    )
    page = hsv.get("agreements.show", reference=agreement.reference)
    assert "Jullie ontwerp zegt iets anders dan versie 2" in page.text
