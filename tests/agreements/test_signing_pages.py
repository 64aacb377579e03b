"""Signing on screen: sent by HSV, read and signed by each person in their own browser."""

import io
from typing import Any

import pytest
from flask import Flask

from portal.agreements import envelopes
from portal.agreements.models import Envelope, EnvelopeEvent, EnvelopeStatus, Status
from portal.core.db import db
from tests import make
from tests.agreements import make_signing
from tests.agreements.make_negotiation import World
from tests.agreements.make_signing import Out
from tests.agreements.test_draft import filled
from tests.browser import Browser, Page


@pytest.fixture
def out(world: World) -> Out:
    return make_signing.out(world)


@pytest.fixture
def jan(app: Flask, out: Out) -> Browser:
    return Browser(app).sign_in(out.people["Jan Smet"])


def ids(out: Out, name: str = "Jan Smet") -> dict[str, int]:
    return {"signatory_id": out.signatory(name).id}


def ask_code(
    browser: Browser, out: Out, name: str = "Jan Smet", password: str = make.PASSWORD
) -> Page:
    return browser.post("agreements.confirm_signature", {"password": password}, **ids(out, name))


def test_home_start_sends_an_approved_agreement_for_signature(world: World, app: Flask) -> None:
    agreement = make_signing.approved(world)
    ann = Browser(app).sign_in(world.manager.account)
    shown = ann.get("agreements.show", reference=agreement.reference)
    assert "Ter ondertekening sturen" in shown.text
    page = ann.get("agreements.send_for_signature", reference=agreement.reference)
    empty = ann.post_to(
        ann.path("agreements.send_for_signature", reference=agreement.reference), filled(page)
    )
    assert "Sami Haddad, Eigen e-mailadres: Vul dit in." in empty.errors
    people = ["sami", "mia", "els", "jan", "omar", "an"]
    answers = {f"people-{n}-email": f"{who}@partner.example" for n, who in enumerate(people)}
    answer = ann.post_to(
        ann.path("agreements.send_for_signature", reference=agreement.reference),
        {**filled(page), **answers},
    )
    assert answer.status == 303, answer.errors
    followed = ann.follow(answer)
    assert "5 mensen zijn gevraagd om te ondertekenen." in followed.text
    assert "sami@partner.example" in followed.text
    assert agreement.status == Status.OUT_FOR_SIGNATURE


def test_who_is_asked_reads_the_document_and_signs_with_a_code(out: Out, jan: Browser) -> None:
    page = jan.get("agreements.sign", **ids(out))
    assert "Je tekent voor Gemeente Merelbeke-Melle, als algemeen directeur." in page.text
    assert "Artikel 11" in page.text
    assert jan.get("agreements.sign_file", **ids(out)).body.startswith(b"%PDF-")
    asked = jan.follow(ask_code(jan, out))
    assert "We mailden een code" in asked.text
    code = make_signing.code_for(out.signatory("Jan Smet"))
    unread = jan.post("agreements.confirm_signature", {"code": code}, **ids(out))
    assert unread.errors == [
        "Ik heb het document gelezen en onderteken het: Vink dit aan om verder te gaan."
    ]
    done = jan.follow(
        jan.post("agreements.confirm_signature", {"code": code, "agreed": "y"}, **ids(out))
    )
    assert "Bedankt" in done.text
    assert "Ondertekend" in done.text
    assert out.envelope.latest.signatory_id == out.signatory("Jan Smet").id


def test_no_code_is_sent_without_a_fresh_sign_in(out: Out, jan: Browser) -> None:
    page = ask_code(jan, out, password="niet het juiste wachtwoord")
    assert "Dit is niet je huidige wachtwoord." in page.text
    with pytest.raises(LookupError):
        make_signing.code_for(out.signatory("Jan Smet"))


def test_a_wrong_code_signs_nothing_and_says_how_many_tries_are_left(
    out: Out, jan: Browser
) -> None:
    ask_code(jan, out)
    right = make_signing.code_for(out.signatory("Jan Smet"))
    wrong = f"{(int(right) + 1) % 10**6:06}"
    page = jan.post("agreements.confirm_signature", {"code": wrong, "agreed": "y"}, **ids(out))
    assert "Je mag nog 4 keer proberen" in page.text
    assert out.envelope.latest.number == 0


def test_a_code_does_not_work_in_another_browser_of_the_same_person(
    out: Out, jan: Browser, app: Flask
) -> None:
    ask_code(jan, out)
    code = make_signing.code_for(out.signatory("Jan Smet"))
    stolen = Browser(app).sign_in(out.people["Jan Smet"])
    page = stolen.post("agreements.confirm_signature", {"code": code, "agreed": "y"}, **ids(out))
    assert "Je wachtwoord" in page.text
    assert out.envelope.latest.number == 0


def test_nobody_else_opens_the_pages_of_who_is_asked(
    out: Out, world: World, app: Flask, jan: Browser
) -> None:
    pages = (
        "sign", "sign_file", "confirm_signature", "upload_signature", "decline_signature",
        "forward_signature", "sign_evidence",
    )  # fmt: skip
    others = [out.people["Mia Willems"], world.manager.account, world.melle_people.account]
    for account in others:
        browser = Browser(app).sign_in(account)
        assert [browser.get(f"agreements.{p}", **ids(out)).status for p in pages] == [404] * 7
    assert jan.get("agreements.sign", **ids(out)).status == 200
    assert jan.get("agreements.sign", **ids(out, "An Peeters")).status == 404


def test_a_document_signed_with_ones_own_certificate_is_accepted(out: Out, jan: Browser) -> None:
    pdf = jan.get("agreements.sign_file", **ids(out)).body
    card = make_signing.card("Jan", "Smet")
    signed = make_signing.signed_elsewhere(pdf, out.signatory("Jan Smet").field, card)
    answer = upload(jan, out, signed)
    assert "Bedankt" in jan.follow(answer).text
    kept = out.envelope.latest
    assert envelopes.read(kept) == signed
    assert kept.evidence_json["certificate"].startswith("Jan Smet (Signature)")
    assert "serial" not in repr(kept.evidence_json).lower()


def upload(browser: Browser, out: Out, data: bytes, name: str = "Jan Smet") -> Page:
    files = {"file": (io.BytesIO(data), "getekend.pdf")}
    return browser.post("agreements.upload_signature", files, **ids(out, name))


def test_a_file_that_is_not_accepted_says_why_and_is_noted(out: Out, jan: Browser) -> None:
    pdf = jan.get("agreements.sign_file", **ids(out)).body
    page = upload(jan, out, pdf)
    assert any("geen nieuwe handtekening" in error for error in page.errors)
    events = db.session.scalars(db.select(EnvelopeEvent.action)).all()
    assert "refuse_file" in events
    assert out.envelope.latest.number == 0
    assert upload(jan, out, b"").errors


def test_who_declines_says_why_and_everybody_reads_it(
    out: Out, jan: Browser, app: Flask, world: World
) -> None:
    assert jan.post("agreements.decline_signature", {"reason": ""}, **ids(out)).errors
    done = jan.follow(
        jan.post("agreements.decline_signature", {"reason": "Het bedrag klopt niet."}, **ids(out))
    )
    assert "Ondertekent niet" in done.text
    lies = Browser(app).sign_in(world.melle_people.account)
    page = lies.get("agreements.envelope", reference=out.agreement.reference, number=1)
    assert "Het bedrag klopt niet." in page.text
    again = jan.get("agreements.confirm_signature", **ids(out))
    assert "ligt niet meer voor" in jan.follow(again).text


def test_a_delegate_is_asked_with_the_delegation_attached(
    out: Out, jan: Browser, subjects_to: Any
) -> None:
    answers: dict[str, Any] = {
        "name": "Tine Staf",
        "capacity": "stafmedewerker",
        "email": "tine@partner.example",
        "given_on": "2026-01-05",
    }
    without = jan.post("agreements.forward_signature", answers, **ids(out))
    assert without.errors == ["De machtiging: Kies een bestand."]
    from tests.core.files import PDF

    answers["file"] = (io.BytesIO(PDF), "machtiging.pdf")
    done = jan.follow(jan.post("agreements.forward_signature", answers, **ids(out)))
    assert "Tine Staf is gevraagd om te tekenen." in done.text
    assert f"Onderteken “{out.envelope.title}”" in subjects_to("tine@partner.example")


def test_home_start_reminds_and_stops(out: Out, world: World, app: Flask, subjects_to: Any) -> None:
    ann = Browser(app).sign_in(world.manager.account)
    here = {"reference": out.agreement.reference, "number": 1}
    page = ann.get("agreements.envelope", **here)
    ann.submit(page, "agreements.remind_signatories", {"number": "1"}, **here)
    again = f"Herinnering: onderteken “{out.envelope.title}”"
    assert again in subjects_to(make_signing.email_of("Jan Smet"))
    form = ann.get("agreements.cancel_envelope", **here)
    done = ann.follow(
        ann.submit(form, "agreements.cancel_envelope", {"reason": "Naam fout"}, **here)
    )
    assert "De ondertekening is stopgezet" in done.text
    assert out.envelope.status == EnvelopeStatus.CANCELLED
    assert "Ter ondertekening sturen" in done.text


def test_a_signature_on_paper_is_recorded_by_home_start_only(
    out: Out, world: World, app: Flask
) -> None:
    from tests.core.files import PDF

    omar = out.signatory("Omar Aziz")
    here = {"reference": out.agreement.reference, "number": 1, "signatory_id": omar.id}
    ann = Browser(app).sign_in(world.manager.account)
    files = {"file": (io.BytesIO(PDF), "scan.pdf")}
    done = ann.follow(ann.post("agreements.record_wet_ink", files, **here))
    assert "op papier" in done.text
    assert ann.get("agreements.scan_file", **here).body == PDF
    karel = Browser(app).sign_in(world.gent_people.account)
    assert karel.get("agreements.record_wet_ink", **here).status == 403


def test_all_parties_get_the_signed_document_and_the_evidence(
    out: Out, world: World, app: Flask, jan: Browser
) -> None:
    make_signing.complete(out)
    for browser in (
        Browser(app).sign_in(world.gent_people.account),
        Browser(app).sign_in(world.manager.account),
    ):
        here = {"reference": out.agreement.reference, "number": 1}
        page = browser.get("agreements.envelope", **here)
        assert "Door iedereen ondertekend" in page.text
        assert browser.get("agreements.envelope_file", **here).body == envelopes.read(
            out.envelope.latest
        )
        assert browser.get("agreements.evidence_file", **here).body.startswith(b"%PDF-")
    assert jan.get("agreements.sign_evidence", **ids(out)).body.startswith(b"%PDF-")


class TestVerifying:
    """Anybody, without an account."""

    def verify(self, browser: Browser, data: bytes) -> str:
        files = {"file": (io.BytesIO(data), "document.pdf")}
        return browser.post("agreements.verify_document", files).text

    def test_a_genuine_document_is_recognised_in_every_state(
        self, out: Out, browser: Browser
    ) -> None:
        make_signing.complete(out)
        kept = [envelopes.read(one) for one in out.envelope.revisions]
        assert "nog door niemand ondertekend" in self.verify(browser, kept[0])
        assert "nog niet iedereen getekend" in self.verify(browser, kept[2])
        final = self.verify(browser, kept[-1])
        for said in ("Echt", "door iedereen ondertekend", "Sami Haddad", out.agreement.reference):
            assert said in final
        envelope = make.only(Envelope)
        from portal.core import documents

        assert "bewijsstuk van een ondertekening" in self.verify(
            browser, documents.read(envelope.evidence.document)
        )

    def test_an_altered_document_is(self, out: Out, browser: Browser) -> None:
        make_signing.complete(out)
        final = bytearray(envelopes.read(out.envelope.latest))
        assert "later iets aan toegevoegd" in self.verify(browser, bytes(final) + b"\n% meer")
        final[len(final) // 3] ^= 1
        page = self.verify(browser, bytes(final))
        assert "Veranderd" in page

    def test_an_unknown_document_is(self, browser: Browser) -> None:
        from tests.agreements.access import a_pdf

        assert "Dit bestand kennen we niet" in self.verify(browser, a_pdf())
        assert "Dit is geen PDF." in self.verify(browser, b"MZ\x90 iets anders")
        assert "Dit bestand kennen we niet" in self.verify(browser, b"%PDF-1.7 onzin")
