"""From an agreement in force to a changed one: two municipalities and a vzw, one addendum.

The branch of Gent and Merelbeke-Melle grows: from July on more families, a higher budget, and two
years longer. HSV writes it with the forms of a draft, the partners read old and new text, their
councils decide, everybody signs. Then the consolidated text, the dates and the money follow; and
six months before the new end all parties are asked whether to go on.
"""

import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from flask import Flask

from portal.agreements import addenda, addendum_signing, envelopes, exporting, following, in_force
from portal.agreements.models import Addendum, AddendumStatus, Agreement, Envelope, RenewalRound
from portal.cli import main
from portal.core.db import db
from portal.finance import dues
from tests import make
from tests.agreements import make_addendum, make_signing
from tests.agreements.make_negotiation import World
from tests.agreements.test_draft import filled
from tests.browser import Browser, Page

JULY = date(2028, 7, 1)
OLD_END, NEW_END = date(2030, 12, 31), date(2032, 12, 31)


def _on(clock: Any, day: date) -> None:
    clock.move_to(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))


def _step(ann: Browser, agreement: Agreement, step: str, **answers: Any) -> Page:
    """Fill in one step of the addendum, all else as it stands."""
    here = {"reference": agreement.reference, "step": step}
    page = ann.get("agreements.amend", **here)
    sent = ann.submit(page, "agreements.amend", {**filled(page), **answers}, **here)
    assert sent.status == 303, sent.errors
    return sent


def _writes(ann: Browser, agreement: Agreement) -> Addendum:
    """HSV says why and from when, and changes what is to change."""
    here: dict[str, Any] = {"reference": agreement.reference}
    ann.follow(ann.post("agreements.start_addendum", **here))
    page = ann.get("agreements.ground", **here)
    answers = {"reason": "Twintig gezinnen wachten.", "from_on": "2028-07-01"}
    assert ann.submit(page, "agreements.ground", {**filled(page), **answers}, **here).status == 303
    _step(ann, agreement, "duur", ends_on="2032-12-31")
    _step(ann, agreement, "capaciteit", families="40")
    wage = {f"lines-0-cents-{year}": "60000" for year in range(5)}
    _step(ann, agreement, "begroting", **wage)
    addendum = addenda.open_one(agreement)
    assert addendum is not None
    return addendum


def _proposes(ann: Browser, agreement: Agreement, addendum: Addendum) -> None:
    here = {"reference": agreement.reference}
    preview = ann.get("agreements.preview_addendum", **here)
    assert "40 gezinnen tegelijk" in preview.text
    assert ann.get("agreements.preview_file", **here, what="tekst", form="pdf").body[:5] == b"%PDF-"
    check = ann.get("agreements.amend", **here, step="nakijken")
    sent = ann.submit(
        check, "agreements.propose_addendum", {"version": str(addendum.version)}, **here
    )
    assert sent.status == 303, sent.errors
    assert "Addendum 1 ligt vast" in ann.follow(sent).text


def _accepts(app: Flask, agreement: Agreement, account: Any) -> None:
    browser = Browser(app).sign_in(account)
    here = {"reference": agreement.reference, "number": 1}
    page = browser.get("agreements.addendum", **here)
    assert "40 gezinnen tegelijk" in page.text
    sent = browser.submit(page, "agreements.accept_addendum", {"number": "1"}, **here)
    assert "is vastgelegd" in browser.follow(sent).text


def _decides(app: Flask, agreement: Agreement, account: Any) -> None:
    browser = Browser(app).sign_in(account)
    here = {"reference": agreement.reference, "number": 1}
    page = browser.get("agreements.decide_addendum", **here)
    answers = {"body": "council", "decided_on": "2028-05-02", "title": "Goedkeuring addendum 1"}
    sent = browser.submit(page, "agreements.decide_addendum", {**filled(page), **answers}, **here)
    assert sent.status == 303, sent.errors


def _sends(ann: Browser, agreement: Agreement, addendum: Addendum) -> Envelope:
    here = {"reference": agreement.reference, "number": 1}
    page = ann.get("agreements.send_addendum", **here)
    emails = {
        f"people-{n}-email": make_signing.email_of(one.name)
        for n, one in enumerate(addendum_signing.expected(addendum))
    }
    sent = ann.submit(page, "agreements.send_addendum", {**filled(page), **emails}, **here)
    assert sent.status == 303, sent.errors
    return make.only(Envelope)


def _owed(agreement: Agreement, year: int, name: str) -> dict[str, int]:
    """What finance will ask of a partner in a year: cents per day."""
    mine = dues.of_agreements(Agreement.id == agreement.id)
    return {str(d.on): d.cents for d in mine if d.year == year and d.partner == name}


def test_from_an_agreement_in_force_to_a_changed_one(
    app: Flask, world: World, clock: Any, tmp_path: Path, subjects_to: Any
) -> None:
    agreement = make_addendum.running(world)
    make_signing.accounts_for(agreement)
    _on(clock, date(2028, 4, 10))
    ann = Browser(app).sign_in(world.manager.account)
    before = _owed(agreement, 2028, "Stad Gent")
    old_terms = in_force.terms(agreement)

    # HSV writes the addendum; no partner sees it before it is proposed.
    addendum = _writes(ann, agreement)
    karel = Browser(app).sign_in(world.gent_people.account)
    assert (
        "Nog geen wijzigingen"
        in karel.get("agreements.addenda_list", reference=agreement.reference).text
    )
    _proposes(ann, agreement, addendum)
    told = f"Addendum 1 ligt voor: overeenkomst {agreement.reference}"
    assert all(told in subjects_to(m.account.email) for m in world.negotiators)

    # A partner asks something, HSV answers; all say yes, and the councils decide.
    here = {"reference": agreement.reference, "number": 1}
    for browser, text in ((karel, "Vanaf wanneer?"), (ann, "Vanaf 1 juli.")):
        page = browser.get("agreements.addendum", **here)
        browser.submit(page, "agreements.comment_addendum", {**page.hidden(), "text": text}, **here)
    assert "Vanaf 1 juli." in karel.get("agreements.addendum", **here).text
    for one in world.negotiators:
        _accepts(app, agreement, one.account)
    assert addendum.status == AddendumStatus.AGREED
    _on(clock, date(2028, 5, 3))
    for one in (world.gent_people, world.melle_people):
        _decides(app, agreement, one.account)
    assert addendum.status == AddendumStatus.APPROVED

    # Everybody signs; until the last one did, nothing changed.
    ann = Browser(app).sign_in(world.manager.account)
    envelope = _sends(ann, agreement, addendum)
    signing = make_signing.Out(agreement, envelope, {})
    assert in_force.layers(agreement)[-1].number is None
    make_signing.complete(signing)
    assert addendum.status == AddendumStatus.CONCLUDED
    assert addendum.in_force_on == JULY
    assert agreement.ends_on == NEW_END
    told = f"Addendum 1 is gesloten: overeenkomst {agreement.reference}"
    assert all(told in subjects_to(m.account.email) for m in world.negotiators)

    # The terms change on the day, not before; the consolidated text is there for all.
    assert in_force.terms(agreement, date(2028, 6, 30)) == old_terms
    assert in_force.terms(agreement, JULY).families == 40
    lies = Browser(app).sign_in(world.melle_people.account)
    text = lies.get("agreements.consolidated", **here).text
    assert "40 gezinnen tegelijk" in text
    assert "eindigt van rechtswege op 31 december 2032" in text
    assert "gaat in op 1 juli 2028" in lies.get("agreements.addendum", **here).text

    # What fell due stays; the rest of the year makes up for it, and a new year is there.
    after = _owed(agreement, 2028, "Stad Gent")
    past = {day: cents for day, cents in before.items() if day < "2028-07-01"}
    assert past
    assert past.items() <= after.items()
    assert sum(after.values()) > sum(before.values())
    share = in_force.of_year(agreement, 2028).terms
    assert sum(after.values()) == _share(share, 2028, "Stad Gent")
    assert sum(_owed(agreement, 2032, "Stad Gent").values()) > 0

    # Anybody may have the documents looked at, and who runs the portal writes them to a file.
    signed = exporting.signed(agreement.reference, addendum=1)
    assert signed == envelopes.read(envelope.latest)
    pdf = lies.get("agreements.addendum_file", **here, what="tekst", form="pdf").body
    stranger = Browser(app)
    for data, said in ((signed, "door iedereen ondertekend"), (pdf, "geconsolideerde tekst")):
        files = {"file": (io.BytesIO(data), "document.pdf")}
        assert said in stranger.post("agreements.verify_document", files).text
    file = tmp_path / "tekst.pdf"
    wanted = [agreement.reference, "--consolidated", "-o", str(file)]
    export: Any = main.commands["export"]
    done = CliRunner().invoke(export.commands["agreement"], wanted)
    assert (done.exit_code, file.read_bytes()) == (0, pdf), done.output

    # Six months before the new end all parties are asked; at the old end nothing happened.
    _on(clock, date(2030, 7, 1))
    assert following.follow() == 0
    _on(clock, date(2031, 1, 1))
    assert following.follow() == 0
    _on(clock, date(2032, 6, 30))
    assert following.follow() == 1
    assert make.only(RenewalRound).ends_on == NEW_END
    db.session.commit()
    ann = Browser(app).sign_in(world.manager.account)
    asked = ann.get("agreements.show", reference=agreement.reference)
    assert "Verlengen met een addendum" in asked.text
    ann.post("agreements.start_addendum", {"longer": "y"}, reference=agreement.reference)
    draft = addenda.open_one(agreement)
    assert draft is not None
    assert (draft.from_on, draft.terms.ends_on) == (date(2033, 1, 1), date(2033, 12, 31))


def _share(terms: Any, year: int, name: str) -> int:
    from portal.agreements import compute

    position = next(n for n, p in enumerate(terms.partners) if p.name == name)
    return next(y.shares_cents[position] for y in compute.totals(terms) if y.year == year)
