"""With a time-stamping service: what is signed can be checked in ten years, and nothing is lost
when that service, or the issuer of the seal, does not answer."""

import io
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import DocumentSecurityStore, async_validate_pdf_signature
from sqlalchemy import select

from portal.agreements import agreement_signing, envelope_signing, envelopes
from portal.agreements.models import Envelope, EnvelopeEvidence, EnvelopeStatus, Status
from portal.core import documents, outbox, signing
from portal.core.db import db
from portal.core.signing import Pki
from portal.core.signing.identity import waited_for
from tests import make
from tests.agreements import make_signing
from tests.agreements.make_negotiation import World
from tests.agreements.make_signing import WHERE
from tests.agreements.test_draft import filled
from tests.browser import Browser
from tests.core.signing import authorities
from tests.core.signing.authorities import Authorities

SILENT = "http://127.0.0.1:9/tsa"
NO_ANSWER = "De dienst voor tijdstempels antwoordt niet"


@pytest.fixture
def outside(tmp_path: Path, app: Flask) -> Iterator[Authorities]:
    """The portal as in production: a seal that can be asked about, and a service for time."""
    with authorities.running(tmp_path) as known:
        before = signing.pki()
        app.extensions["pki"] = Pki(
            known.card("seal"),
            seal_roots=(known.root,),
            person_roots=(known.root,),
            tsa_url=known.tsa_url,
            tsa_roots=(known.root,),
        )
        yield known
        app.extensions["pki"] = before


@pytest.fixture
def silence(app: Flask) -> Iterator[None]:
    """The time-stamping service does not answer, as long as the test does not mend it."""
    before = signing.pki()
    yield
    app.extensions["pki"] = before


def silent(app: Flask, **changes: Any) -> Pki:
    """Let services be silent; returns how it was."""
    before = signing.pki()
    app.extensions["pki"] = replace(before, **(changes or {"tsa_url": SILENT}))
    return before


def holds_without_asking(pdf: bytes, root: Any) -> list[bool]:
    """Say of each signature whether what is in the file alone shows that it is good: whole, by a
    certificate that was not revoked, at a time that was stamped."""
    store = DocumentSecurityStore.read_dss(PdfFileReader(BytesIO(pdf)))
    known = {"trust_roots": [root], "allow_fetching": False, "revocation_mode": "hard-fail"}

    async def all_of_them() -> list[bool]:
        found = []
        for one in PdfFileReader(BytesIO(pdf)).embedded_regular_signatures:
            context = store.as_validation_context(known)
            status = await async_validate_pdf_signature(one, context, context)
            stamp = status.timestamp_validity
            found.append(status.bottom_line and stamp is not None and stamp.trusted)
            await context.aclose()
        return found

    return waited_for(all_of_them())


def test_a_signed_agreement_can_be_checked_from_the_file_alone(
    outside: Authorities, world: World
) -> None:
    out = make_signing.out(world)
    jan = out.signatory("Jan Smet")
    before = envelopes.read(out.envelope.latest)
    card = make_signing.signed_elsewhere(before, jan.field, outside.card("jan"))
    put = envelope_signing.uploaded(jan, card)
    envelope_signing.keep(make_signing.actor_of(jan), jan, put, WHERE)
    for who in sorted(out.envelope.signatories, key=lambda one: one.step):
        if who is not jan:
            make_signing.sign(out.envelope, who.name)
    make_signing.make_evidence()
    final = envelopes.read(out.envelope.latest)
    assert holds_without_asking(final, outside.root) == [True] * (1 + len(out.people))
    assert out.envelope.latest.field == "Archief"  # a time stamp over all of it
    assert len(PdfFileReader(BytesIO(final)).embedded_timestamp_signatures) == 1
    evidence = documents.read(make.only(EnvelopeEvidence).document)
    assert holds_without_asking(evidence, outside.root) == [True]


def test_nothing_is_sent_while_the_service_is_silent(
    outside: Authorities, silence: None, app: Flask, world: World
) -> None:
    agreement = make_signing.approved(world)
    ann = Browser(app).sign_in(world.manager.account)
    here = {"reference": agreement.reference}
    expected = agreement_signing.expected(agreement)
    addresses = {
        f"people-{n}-email": make_signing.email_of(one.name) for n, one in enumerate(expected)
    }
    path = ann.path("agreements.send_for_signature", **here)
    for changes in ({"tsa_url": SILENT}, {"seal": outside.card("silent-seal")}):
        before = silent(app, **changes)
        answers = {**filled(ann.get("agreements.send_for_signature", **here)), **addresses}
        page = ann.post_to(path, answers)
        assert any(NO_ANSWER in error for error in page.errors)
        assert filled(page)["people-0-email"] == make_signing.email_of("Sami Haddad")
        assert agreement.status == Status.APPROVED
        assert make.number_of(Envelope) == 0
        app.extensions["pki"] = before
    assert ann.post_to(path, answers).status == 303


def test_who_signs_while_the_service_is_silent_signs_later_with_the_same_code(
    outside: Authorities, silence: None, app: Flask, world: World
) -> None:
    out = make_signing.out(world)
    jan, here = out.signatory("Jan Smet"), {"signatory_id": out.signatory("Jan Smet").id}
    browser = Browser(app).sign_in(out.people["Jan Smet"])
    browser.post("agreements.confirm_signature", {"password": make.PASSWORD}, **here)
    answers = {"code": make_signing.code_for(jan), "agreed": "y"}
    before = silent(app)
    page = browser.post("agreements.confirm_signature", answers, **here)
    assert any(NO_ANSWER in error for error in page.errors)
    assert out.envelope.latest.number == 0
    app.extensions["pki"] = before
    assert browser.post("agreements.confirm_signature", answers, **here).status == 303
    assert out.envelope.latest.signatory_id == jan.id


def test_the_evidence_waits_for_the_service_and_is_made_later(
    outside: Authorities, silence: None, app: Flask, world: World, clock: Any
) -> None:
    out = make_signing.out(world)
    for who in sorted(out.envelope.signatories, key=lambda one: one.step):
        make_signing.sign(out.envelope, who.name)
    before = silent(app)
    message = db.session.scalars(
        select(outbox.OutboxMessage).where(outbox.OutboxMessage.kind == "evidence")
    ).one()
    assert outbox.deliver(message.id)
    assert message.state == outbox.State.WAITING
    assert NO_ANSWER in (message.error or "")
    assert out.envelope.status == EnvelopeStatus.COMPLETE
    assert make.number_of(EnvelopeEvidence) == 0
    app.extensions["pki"] = before
    clock.move_to(message.due_at.isoformat())
    assert outbox.deliver(message.id)
    assert message.state == outbox.State.SENT
    assert make.number_of(EnvelopeEvidence) == 1
    assert envelopes.read(out.envelope.latest)


def test_a_card_whose_issuer_is_silent_can_be_handed_in_again(
    outside: Authorities, app: Flask, world: World
) -> None:
    out = make_signing.out(world)
    jan, here = out.signatory("Jan Smet"), {"signatory_id": out.signatory("Jan Smet").id}
    browser = Browser(app).sign_in(out.people["Jan Smet"])
    pdf = browser.get("agreements.sign_file", **here).body
    for card, done in (("unanswered", False), ("jan", True)):
        signed = make_signing.signed_elsewhere(pdf, jan.field, outside.card(card))
        files = {"file": (io.BytesIO(signed), "getekend.pdf")}
        page = browser.post("agreements.upload_signature", files, **here)
        assert any("Probeer het straks opnieuw" in error for error in page.errors) != done
    assert out.envelope.latest.signatory_id == jan.id
