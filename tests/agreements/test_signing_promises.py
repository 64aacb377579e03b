"""What nobody can do: sign for another, out of turn, too late, or change what was signed."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from pyhanko.sign.general import SigningError
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from portal.accounts import people as accounts
from portal.accounts.models import Account
from portal.agreements import (
    agreement_signing,
    envelope_answers,
    envelope_evidence,
    envelope_signing,
    envelopes,
    following,
    negotiation,
)
from portal.agreements.models import EnvelopeEvidence, EnvelopeRevision, SignatoryStatus
from portal.core import clock as time
from portal.core import documents, rotation
from portal.core.db import db
from portal.core.errors import DomainError
from tests import make
from tests.agreements import make_agreement, make_negotiation, make_signing
from tests.agreements.make_negotiation import World
from tests.agreements.make_signing import WHERE, Out
from tests.browser import Browser
from tests.core.files import PDF


@pytest.fixture
def out(world: World) -> Out:
    return make_signing.out(world)


def asked_a_code(app: Flask, out: Out, name: str) -> tuple[Browser, dict[str, Any]]:
    """A person's browser, in which a code was asked, and what is filled in to sign with it."""
    browser = Browser(app).sign_in(out.people[name])
    here = {"signatory_id": out.signatory(name).id}
    browser.post("agreements.confirm_signature", {"password": make.PASSWORD}, **here)
    return browser, {"code": make_signing.code_for(out.signatory(name)), "agreed": "y"}


class TestNobodySignsForAnother:
    def test_a_stolen_code_is_of_no_use_to_who_sent_the_document(
        self, app: Flask, out: Out, world: World
    ) -> None:
        _jan, answers = asked_a_code(app, out, "Jan Smet")
        here = {"signatory_id": out.signatory("Jan Smet").id}
        card = make_signing.card("Jan", "Smet")
        before = envelopes.read(out.envelope.latest)
        file = make_signing.signed_elsewhere(before, out.signatory("Jan Smet").field, card)
        for account in (world.manager.account, world.melle_people.account):
            thief = Browser(app).sign_in(account)
            attempts: dict[str, dict[str, Any]] = {
                "confirm_signature": answers,
                "upload_signature": {"file": (io.BytesIO(file), "getekend.pdf")},
                "sign_remotely": {"credential": "jan", "secret": "1234"},
                "decline_signature": {"reason": "Nee."},
                "forward_signature": {"name": "Ann"},
            }
            for page, what in attempts.items():
                assert thief.post(f"agreements.{page}", what, **here).status == 404
        assert out.signatory("Jan Smet").status == SignatoryStatus.PENDING
        assert out.envelope.latest.number == 0

    def test_home_start_signs_for_no_party_even_one_the_portal_does_not_know(
        self, world: World
    ) -> None:
        agreement = make_signing.approved(world)
        invitees = [make_signing.invitee(one) for one in agreement_signing.expected(agreement)]
        own = world.manager.account.email
        for changes in ({"email": own}, {"email": own, "organisation_id": None}):
            with pytest.raises(DomainError, match="tekent niet voor"):
                make_signing.send(
                    world, agreement, [replace(invitees[0], **changes), *invitees[1:]]
                )

    def test_who_left_the_portal_cannot_sign(self, app: Flask, out: Out) -> None:
        browser, answers = asked_a_code(app, out, "Jan Smet")
        accounts.disable(out.people["Jan Smet"], make.actor(make.administrator()))
        db.session.commit()
        here = {"signatory_id": out.signatory("Jan Smet").id}
        assert browser.post("agreements.confirm_signature", answers, **here).status == 401
        assert out.envelope.latest.number == 0


class TestOrderAndTime:
    def test_one_by_one_each_waits_for_the_one_before(self, app: Flask, world: World) -> None:
        agreement = make_signing.approved(world)
        people = make_signing.accounts_for(agreement)
        expected = agreement_signing.expected(agreement)
        invitees = [make_signing.invitee(one, step=n) for n, one in enumerate(expected, 1)]
        envelope = make_signing.send(world, agreement, invitees)
        names = [one.name for one in expected]
        for number, name in enumerate(names):
            for later in names[number + 1 :]:
                one = make_signing.signatory(envelope, later)
                browser = Browser(app).sign_in(people[later])
                for page in ("sign", "confirm_signature", "upload_signature"):
                    assert browser.get(f"agreements.{page}", signatory_id=one.id).status == 404
                put = envelope_signing.in_portal(one, WHERE)
                with pytest.raises(DomainError, match="nog niet aan de beurt"):
                    envelope_signing.keep(make_signing.actor_of(one), one, put, WHERE)
            make_signing.sign(envelope, name)
        assert [r.signatory.name for r in envelope.revisions if r.signatory] == names

    def test_a_code_asked_in_time_signs_nothing_after_the_last_day(
        self, app: Flask, out: Out, clock: Any
    ) -> None:
        clock.move_to(f"{out.envelope.expires_on.isoformat()}T23:55:00+01:00")
        browser, answers = asked_a_code(app, out, "Jan Smet")
        clock.shift(timedelta(minutes=6))  # the code is good for ten
        here = {"signatory_id": out.signatory("Jan Smet").id}
        page = browser.follow(browser.post("agreements.confirm_signature", answers, **here))
        assert "De termijn om te ondertekenen is voorbij." in page.text
        assert out.envelope.latest.number == 0

    def test_a_code_signs_once_and_the_link_from_the_mail_then_only_shows(
        self, app: Flask, out: Out
    ) -> None:
        browser, answers = asked_a_code(app, out, "Jan Smet")
        here = {"signatory_id": out.signatory("Jan Smet").id}
        assert browser.post("agreements.confirm_signature", answers, **here).status == 303
        again = browser.follow(browser.post("agreements.confirm_signature", answers, **here))
        assert "Je hebt dit document al ondertekend." in again.text
        assert "Naar het tekenen" not in browser.get("agreements.sign", **here).text
        assert [r.signatory_id for r in out.envelope.revisions] == [None, here["signatory_id"]]

    def test_after_a_decline_no_code_signs_any_more(self, app: Flask, out: Out) -> None:
        browser, answers = asked_a_code(app, out, "Jan Smet")
        mia = out.signatory("Mia Willems")
        envelope_answers.decline(make_signing.actor_of(mia), mia, "Nee.", WHERE)
        db.session.commit()
        here = {"signatory_id": out.signatory("Jan Smet").id}
        page = browser.follow(browser.post("agreements.confirm_signature", answers, **here))
        assert "ligt niet meer voor" in page.text
        assert out.envelope.latest.number == 0


def kept() -> dict[str, bytes]:
    """Every state of every document, and every certificate, as they can be read now."""
    revisions = db.session.scalars(select(EnvelopeRevision)).all()
    found = {f"{one.id}": envelopes.read(one) for one in revisions}
    for one in db.session.scalars(select(EnvelopeEvidence)):
        found[f"evidence {one.id}"] = documents.read(one.document)
    return found


class TestWhatWasSignedStays:
    def test_no_step_of_the_portal_changes_or_makes_again_what_was_signed(
        self, world: World, clock: Any
    ) -> None:
        out = make_signing.complete(make_signing.out(world))
        before = kept()
        assert len(before) == 1 + len(out.people) + 1  # the seal, the signatures, the evidence
        for step in self.steps(out, world):
            try:
                step()
                db.session.commit()
            except (DomainError, DBAPIError, SigningError):
                db.session.rollback()
            assert kept() == before
        clock.move_to("2028-01-02T08:00:00+01:00")
        for job in (agreement_signing.start_due, envelope_answers.follow_up, following.follow):
            job()
            db.session.commit()
            assert kept() == before

    def steps(self, out: Out, world: World) -> list[Callable[[], object]]:
        ann, envelope, agreement = make.actor(world.manager), out.envelope, out.agreement
        jan = out.signatory("Jan Smet")
        who = make_signing.actor_of(jan)
        scan = documents.put(PDF, "scan.pdf", "application/pdf")
        given = {"name": "Tine", "capacity": "staf", "email": "tine@partner.example"}
        invitees = [make_signing.invitee(one) for one in agreement_signing.expected(agreement)]
        everything = [one.document_id for one in envelope.revisions]

        def forward() -> None:
            today = time.today()
            envelope_answers.forward(who, jan, given, given_on=today, document=scan, where=WHERE)

        def sign_again() -> None:
            put = envelope_signing.in_portal(jan, WHERE)
            envelope_signing.keep(who, jan, put, WHERE)

        def propose_again() -> None:
            agreement.terms = agreement.terms.with_(title="Een andere titel")
            make_negotiation.propose(world, agreement)

        return [
            sign_again,
            forward,
            propose_again,
            lambda: make_signing.sign(envelope, "Jan Smet"),
            lambda: envelope_signing.record_wet_ink(ann, jan, scan),
            lambda: envelope_answers.decline(who, jan, "Toch niet.", WHERE),
            lambda: envelope_answers.cancel(ann, envelope, "Toch niet.", None),
            lambda: envelope_answers.remind(ann, envelope),
            lambda: envelopes.send(ann, envelope),
            lambda: make_signing.send(world, agreement, invitees),
            lambda: negotiation.reopen(ann, agreement, None, "Toch anders."),
            lambda: envelope_evidence.issue(envelope),
            lambda: documents.erase(everything),
            rotation.reseal_documents,
            rotation.reseal_rows,
        ]

    def test_no_role_changes_it_with_any_form(self, app: Flask, world: World) -> None:
        out = make_signing.complete(make_signing.out(world))
        before = kept()
        people: list[Account] = [
            world.manager.account,
            world.gent_people.account,
            make_agreement.finance_officer().account,
            out.people["Jan Smet"],
        ]
        jan = out.signatory("Jan Smet")
        values = {
            "reference": out.agreement.reference,
            "number": 1,
            "signatory_id": jan.id,
        }
        rules = [r for r in app.url_map.iter_rules() if _is_about_signing(r)]
        assert len(rules) >= 9
        typed = {
            "reason": "Anders.", "password": make.PASSWORD, "code": "123456", "agreed": "y",
            "number": "1", "name": "Tine", "capacity": "staf", "email": "tine@partner.example",
        }  # fmt: skip
        for account in people:
            browser = Browser(app).sign_in(account)
            for rule in rules:
                here = {name: values[name] for name in rule.arguments}
                file = {"file": (io.BytesIO(PDF), "document.pdf")}
                browser.post(rule.endpoint, {**typed, **file}, **here)
                assert kept() == before, (account.name, rule.endpoint)


def _is_about_signing(rule: Any) -> bool:
    path = rule.rule
    signing = "/ondertekening/" in path or "/ondertekenen/" in path or "ter-ondertekening" in path
    return signing and "POST" in rule.methods
