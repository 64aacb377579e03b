"""From a municipality's question to an approved text, as its people do it.

Merelbeke-Melle asks for a branch together with Gent and a vzw. HSV drafts and proposes; Gent asks
something; Merelbeke-Melle counters; everybody agrees; Gent's council and Merelbeke-Melle's college
decide; the text is approved.
"""

import io
from typing import Any

import pytest
from docx import Document as WordDocument
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agreements import decisions, proposing
from portal.agreements.models import Agreement, Status
from portal.core import clock
from portal.core.outbox import OutboxMessage
from portal.core.rendering.completeness import text_of_pdf
from tests import make
from tests.agreements import make_negotiation
from tests.agreements.make_negotiation import World
from tests.agreements.test_draft import filled
from tests.browser import Browser, Page

ENQUIRY = {
    "name": "Lies Devos",
    "function": "Diensthoofd welzijn",
    "email": "lies.devos@merelbeke-melle.example",
    "organisation": "Gemeente Merelbeke-Melle",
    "municipalities": "Gent, Merelbeke-Melle",
    "formula": "B",
    "support": "carried",
    "budget": "sought",
}


class Person:
    """Somebody at a browser, working on one agreement."""

    def __init__(self, browser: Browser, agreement: Agreement | None = None) -> None:
        self.browser = browser
        self.agreement = agreement

    def opens(self, endpoint: str, **values: Any) -> Page:
        if self.agreement is not None:
            values.setdefault("reference", self.agreement.reference)
        page = self.browser.get(f"agreements.{endpoint}", **values)
        assert page.status == 200, f"{endpoint}: {page.status}"
        return page

    def fills_in(self, endpoint: str, answers: dict[str, Any], **values: Any) -> Page:
        """Open a page, fill in what it asks as it stands but for these answers, and send it."""
        page = self.opens(endpoint, **values)
        values.setdefault("reference", self.agreement.reference if self.agreement else None)
        path = self.browser.path(f"agreements.{endpoint}", **values)
        answer = self.browser.post_to(path, {**filled(page), **answers})
        assert answer.status in (302, 303), f"{endpoint}: {answer.errors}"
        return self.browser.follow(answer)

    def presses(self, endpoint: str, **answers: Any) -> Page:
        assert self.agreement is not None
        page = self.opens("show")
        sent = {**page.hidden(), **answers}
        answer = self.browser.post(
            f"agreements.{endpoint}", sent, reference=self.agreement.reference
        )
        assert answer.status == 303, f"{endpoint}: {answer.status}"
        return self.browser.follow(answer)

    def proposes(self, note: str) -> Page:
        assert self.agreement is not None
        page = self.opens("edit", step="nakijken")
        answer = self.browser.submit(
            page, "agreements.propose", {"note": note}, reference=self.agreement.reference
        )
        assert answer.status == 303, answer.errors or answer.text
        return self.browser.follow(answer)


def _mail_to(session: Session, address: str) -> dict[str, Any]:
    rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc()))
    return next(row.payload for row in rows if row.payload["to"] == address)


def _asks_for_a_branch(visitor: Browser, session: Session) -> None:
    """The public page, without an account; the link in the mail confirms."""
    page = visitor.get("agreements.ask", pakket="B")
    assert visitor.submit(page, "agreements.ask", ENQUIRY).status == 302
    link = _mail_to(session, ENQUIRY["email"])["button_url"]
    received = visitor.follow(visitor.post_to(link, visitor.open(link).hidden()))
    assert "A-" in received.text or "ontvangen" in received.text.lower()


def _opens_a_draft(ann: Person, world: World) -> Agreement:
    """HSV picks the partners the question names, and adds the vzw."""
    listed = ann.browser.get("agreements.enquiries")
    reference = next(link for link in listed.links() if "/aanvragen/" in link).rpartition("/")[2]
    partners = [str(world.gent.id), str(world.melle.id)]
    ann.fills_in(
        "open_enquiry",
        {"partners": partners, "formula": "B", "starts_on": "2028-01-01", "years": "3"},
        reference=reference,
    )
    return make.only(Agreement)


def _works_it_out(ann: Person, world: World) -> None:
    """Parties and who signs, shares, a special clause; every step is saved as it goes."""
    page = ann.opens("edit", step="partijen")
    ann.browser.submit(
        page,
        "agreements.add_partner",
        {"partner": world.vzw.name},
        reference=ann.agreement.reference,  # type: ignore[union-attr]
    )
    names = {"signatories-0-name": "An Peeters", "signatories-0-capacity": "voorzitter"}
    ann.fills_in("edit_party", names, position=0)
    ann.fills_in(
        "edit_party",
        {"signatories-0-name": "Sami Haddad", "signatories-1-name": "Mia Willems"},
        position=1,
    )
    ann.fills_in("edit_party", {"deciding_body": "college"}, position=2)
    mayor = {"signatories-0-name": "Els Mertens", "signatories-1-name": "Jan Smet"}
    ann.fills_in("edit_party", mayor, position=2)
    treasurer = {"signatories-0-name": "Omar Aziz", "signatories-0-capacity": "voorzitter"}
    ann.fills_in("edit_party", treasurer, position=3)
    shares = {"shares-0-percentage": "60", "shares-1-percentage": "30", "shares-2-percentage": "10"}
    page = ann.fills_in("edit", shares, step="verdeling")
    assert page.heading.startswith("Betaling")
    ann.fills_in(
        "edit", {"special_clauses": "De folder verschijnt in het Turks."}, step="bepalingen"
    )


@pytest.fixture
def ann(world: World, app: Flask) -> Person:
    """The agreements manager of HSV."""
    return Person(Browser(app).sign_in(world.manager.account))


@pytest.fixture
def karel(world: World, app: Flask) -> Person:
    """The negotiator of Gent."""
    return Person(Browser(app).sign_in(world.gent_people.account))


@pytest.fixture
def lies(world: World, app: Flask) -> Person:
    """The negotiator of Merelbeke-Melle."""
    return Person(Browser(app).sign_in(world.melle_people.account))


@pytest.fixture
def omar(world: World, app: Flask) -> Person:
    """The negotiator of the vzw."""
    return Person(Browser(app).sign_in(world.vzw_people.account))


def test_from_a_question_to_an_approved_text(
    app: Flask,
    session: Session,
    world: World,
    ann: Person,
    karel: Person,
    lies: Person,
    omar: Person,
) -> None:
    _asks_for_a_branch(Browser(app), session)
    agreement = _opens_a_draft(ann, world)
    for person in (ann, karel, lies, omar):
        person.agreement = agreement
    _works_it_out(ann, world)

    # HSV proposes: version 1 lies with the three partners.
    page = ann.proposes("Ons eerste voorstel.")
    assert "Versie 1" in page.text
    assert agreement.reference in _mail_to(session, world.vzw_people.account.email)["subject"]
    assert "Jij bent aan zet" in karel.opens("show").text

    # Gent reads and asks; Merelbeke-Melle wants a longer notice and counters with version 2.
    read = karel.opens("version", number=1)
    assert "De folder verschijnt in het Turks." in read.text
    karel.fills_in("comment", {"article": "11", "text": "Blijft dit bedrag drie jaar gelijk?"})
    lies.presses("start_counter")
    lies.fills_in("counter", {"notice_months": "9"}, step="duur")
    page = lies.opens("counter", step="nakijken")
    answer = lies.browser.submit(
        page,
        "agreements.counter_propose",
        {"note": "De raad vraagt negen maanden."},
        reference=agreement.reference,
    )
    assert "Aan zet: Home-Start Vlaanderen" in lies.browser.follow(answer).text

    # HSV answers, looks at the differences, and takes the counter-proposal over.
    page = ann.opens("version", number=1)
    comment_id = page.response.get_data(as_text=True).split("opmerkingen/")[1].split("/")[0]
    where = {"reference": agreement.reference, "comment_id": int(comment_id)}
    ann.browser.submit(page, "agreements.answer", {"text": "Ja, op de index na."}, **where)
    differences = ann.opens("differences", van=1, naar=2)
    assert {"zes", "negen"} <= {
        "".join(e.itertext()) for e in differences.find() if e.tag[-3:] in ("del", "ins")
    }
    ann.presses("take_over", number="2")
    assert agreement.status == Status.PROPOSED
    assert "Ja, op de index na." in karel.opens("version", number=1).text

    # Everybody agrees; Merelbeke-Melle did so by proposing it.
    karel.fills_in("accept", {})
    assert agreement.status == Status.PROPOSED
    shown = omar.fills_in("accept", {})
    assert agreement.status == Status.AGREED
    assert shown.text.count("Beslissing verwacht") == 2

    # Gent's council decides on the draft the portal wrote; Merelbeke-Melle's college too.
    draft = karel.browser.get(
        "agreements.draft_decision", reference=agreement.reference, organisation_id=world.gent.id
    )
    words = "\n".join(p.text for p in WordDocument(io.BytesIO(draft.body)).paragraphs)
    assert "gemeenteraad" in words.lower()
    today = clock.today().isoformat()
    council = {"body": "council", "decided_on": today, "title": "Home-Start: samenwerking"}
    page = karel.fills_in(
        "record_decision", {**council, "page_url": "https://stad.example/zittingen/12"}
    )
    assert agreement.status == Status.AGREED
    assert "Aan zet: Gemeente Merelbeke-Melle" in page.text
    college = {"body": "college", "decided_on": today, "title": "Overeenkomst Home-Start"}
    page = lies.fills_in("record_decision", college)

    # Approved: the text, its numbers and who signs are there for all; nothing is signed yet.
    assert agreement.status == Status.APPROVED
    assert "Goedgekeurd" in page.text
    signing = {
        party.name: [(s.name, s.capacity) for s in decisions.signing(agreement, party)]
        for party in decisions.agreed_version(agreement).terms.partners
    }
    assert signing == {
        "Stad Gent": [
            ("Sami Haddad", "voorzitter van de gemeenteraad"),
            ("Mia Willems", "algemeen directeur"),
        ],
        "Gemeente Merelbeke-Melle": [
            ("Els Mertens", "burgemeester"),
            ("Jan Smet", "algemeen directeur"),
        ],
        "Vriendenkring De Wieg vzw": [("Omar Aziz", "voorzitter")],
    }
    text = " ".join(text_of_pdf(proposing.read(agreement.versions[1], "pdf")[0]).split())
    for said in ("negen maanden", "€ 31.946,40", "Els Mertens", agreement.reference):
        assert said in text.replace("\u00a0", " ")
    assert agreement.agreed_number == 2
    told = _mail_to(session, world.manager.account.email)["subject"]
    assert told == f"Goedgekeurd: overeenkomst {agreement.reference}"
    assert make_negotiation.manager(world).name in ann.opens("show").text
