"""An envelope: who may sign when, what follows, and that nothing kept can be changed."""

import itertools
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.agreements import (
    agreement_signing,
    envelope_answers,
    envelope_codes,
    envelope_evidence,
    envelope_signing,
    envelope_turns,
    envelopes,
)
from portal.agreements.envelope_signing import StaleDocumentError
from portal.agreements.models import (
    Delegation,
    EnvelopeEvent,
    EnvelopeEvidence,
    EnvelopeRevision,
    EnvelopeSignatory,
    EnvelopeStatus,
    SignatoryStatus,
    Status,
    Way,
)
from portal.core import clock as time
from portal.core import documents, outbox
from portal.core.db import db
from portal.core.documents import Document
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import long_date
from portal.core.rendering.completeness import text_of_pdf
from portal.directory.branches import branch_serving
from tests import make
from tests.agreements import make_agreement, make_negotiation, make_signing
from tests.agreements.make_negotiation import World
from tests.agreements.make_signing import WHERE, Out


@pytest.fixture
def out(world: World) -> Out:
    return make_signing.out(world)


def names(found: list[EnvelopeSignatory]) -> list[str]:
    return [one.name for one in found]


def test_partners_sign_together_and_home_start_after_them(out: Out) -> None:
    first = ["Sami Haddad", "Mia Willems", "Els Mertens", "Jan Smet", "Omar Aziz"]
    assert names(envelope_turns.turn_now(out.envelope)) == first
    with pytest.raises(DomainError, match="nog niet aan de beurt"):
        make_signing.sign(out.envelope, "An Peeters")
    for name in reversed(first):
        make_signing.sign(out.envelope, name)
    assert names(envelope_turns.turn_now(out.envelope)) == ["An Peeters"]
    make_signing.sign(out.envelope, "An Peeters")
    assert out.envelope.status == EnvelopeStatus.COMPLETE


def test_each_is_invited_when_it_is_their_turn_and_not_before(out: Out, subjects_to: Any) -> None:
    asked = f"Onderteken “{out.envelope.title}”"
    assert asked in subjects_to(make_signing.email_of("Jan Smet"))
    assert asked not in subjects_to(make_signing.email_of("An Peeters"))
    for name in ("Sami Haddad", "Mia Willems", "Els Mertens", "Jan Smet", "Omar Aziz"):
        make_signing.sign(out.envelope, name)
    assert asked in subjects_to(make_signing.email_of("An Peeters"))


def test_the_invitation_says_what_until_when_and_whom_to_ask(out: Out, world: World) -> None:
    mailed = db.session.scalars(
        select(outbox.OutboxMessage).where(
            outbox.OutboxMessage.key == f"mail:signing:{out.signatory('Jan Smet').id}:first"
        )
    ).one()
    words = " ".join(mailed.payload["paragraphs"])
    for said in (
        "Gemeente Merelbeke-Melle",
        "algemeen directeur",
        long_date(out.envelope.expires_on),
    ):
        assert said in words
    sender = world.manager.account
    assert words.endswith(f"Vragen? Mail {sender.name}: {sender.email}.")
    assert mailed.payload["button_url"] == f"/ondertekenen/{out.signatory('Jan Smet').id}"


def test_of_two_who_may_sign_in_one_place_one_is_enough(world: World) -> None:
    agreement = make_signing.approved(world)
    invitees = []
    for slot, one in enumerate(agreement_signing.expected(agreement)):
        invitees.append(make_signing.invitee(one, slot=slot))
        if one.name == "Omar Aziz":
            invitees.append(
                make_signing.invitee(
                    one, slot=slot, name="Nora Bakkali", email="nora@partner.example"
                )
            )
    make_signing.accounts_for(agreement)
    make.account("nora@partner.example", "Nora Bakkali")
    envelope = make_signing.send(world, agreement, invitees)
    assert "Nora Bakkali" in names(envelope_turns.turn_now(envelope))
    make_signing.sign(envelope, "Nora Bakkali")
    assert make_signing.signatory(envelope, "Omar Aziz").status == SignatoryStatus.SPARED
    with pytest.raises(DomainError, match="in jullie plaats al getekend"):
        make_signing.sign(envelope, "Omar Aziz")


def test_nobody_signs_twice_nor_on_a_document_that_moved_on(out: Out) -> None:
    jan, mia = out.signatory("Jan Smet"), out.signatory("Mia Willems")
    made_early = envelope_signing.in_portal(jan, WHERE)
    make_signing.sign(out.envelope, "Mia Willems")
    with pytest.raises(StaleDocumentError):
        envelope_signing.keep(make_signing.actor_of(jan), jan, made_early, WHERE)
    assert jan.status == SignatoryStatus.PENDING
    with pytest.raises(DomainError, match="al ondertekend"):
        make_signing.sign(out.envelope, "Mia Willems")
    assert [r.signatory_id for r in out.envelope.revisions] == [None, mia.id]


def test_each_signature_is_added_to_the_very_bytes_before_it(out: Out) -> None:
    make_signing.complete(out)
    kept = [envelopes.read(one) for one in out.envelope.revisions]
    for before, after in itertools.pairwise(kept):
        assert after.startswith(before)
    frozen = documents.read(out.agreement.versions[0].pdf)
    assert kept[0].startswith(frozen)


def test_the_sender_cannot_sign_for_a_partner(world: World) -> None:
    agreement = make_signing.approved(world)
    invitees = [make_signing.invitee(one) for one in agreement_signing.expected(agreement)]
    colleague = make_agreement.finance_officer()
    for address in (world.manager.account.email, colleague.account.email.upper()):
        stolen = [replace(invitees[0], email=address), *invitees[1:]]
        with pytest.raises(DomainError, match="tekent niet voor"):
            make_signing.send(world, agreement, stolen)
    twice = [replace(invitees[0], email=invitees[1].email), *invitees[1:]]
    with pytest.raises(DomainError, match="eigen e-mailadres"):
        make_signing.send(world, agreement, twice)


def test_what_somebody_is_asked_to_sign_is_there_for_nobody_else(out: Out, world: World) -> None:
    jan = out.signatory("Jan Smet")
    assert envelopes.asked(make_signing.actor_of(jan), jan.id) is jan
    others = [make.actor(world.manager), make.actor(world.melle_people)]
    others += [make.actor(a) for name, a in out.people.items() if name != "Jan Smet"]
    for who in others:
        with pytest.raises(NotFoundError):
            envelopes.asked(who, jan.id)


def test_what_is_not_ones_turn_yet_cannot_even_be_opened(out: Out) -> None:
    an = out.signatory("An Peeters")
    with pytest.raises(NotFoundError):
        envelopes.asked(make_signing.actor_of(an), an.id)


class TestCodes:
    def test_a_code_works_once(self, out: Out) -> None:
        make_signing.sign(out.envelope, "Jan Smet")
        jan = out.signatory("Jan Smet")
        tried = envelope_codes.try_code(
            make_signing.actor_of(jan), jan, make_signing.code_for(jan), WHERE
        )
        assert tried == envelope_codes.OVER

    def test_a_code_is_of_one_person_one_signature_and_one_sign_in(self, out: Out) -> None:
        jan, mia = out.signatory("Jan Smet"), out.signatory("Mia Willems")
        who = make_signing.actor_of(jan)
        envelope_codes.ask(who, jan, WHERE)
        code = make_signing.code_for(jan)
        elsewhere = replace(WHERE, session_id=8)
        assert envelope_codes.try_code(who, jan, code, elsewhere) == envelope_codes.OVER
        other = make_signing.actor_of(mia)
        assert envelope_codes.try_code(other, mia, code, WHERE) == envelope_codes.OVER
        assert envelope_codes.try_code(other, jan, code, WHERE) == envelope_codes.OVER
        assert not isinstance(envelope_codes.try_code(who, jan, code, WHERE), str)

    def test_a_new_code_voids_the_one_before(self, out: Out) -> None:
        jan = out.signatory("Jan Smet")
        who = make_signing.actor_of(jan)
        envelope_codes.ask(who, jan, WHERE)
        first = make_signing.code_for(jan)
        envelope_codes.ask(who, jan, WHERE)
        if first != make_signing.code_for(jan):
            assert isinstance(envelope_codes.try_code(who, jan, first, WHERE), str)

    def test_five_wrong_tries_end_a_code(self, out: Out) -> None:
        jan = out.signatory("Jan Smet")
        who = make_signing.actor_of(jan)
        envelope_codes.ask(who, jan, WHERE)
        right = make_signing.code_for(jan)
        wrong = f"{(int(right) + 1) % 10**6:06}"
        answers = [envelope_codes.try_code(who, jan, wrong, WHERE) for _ in range(5)]
        assert answers == [envelope_codes.WRONG] * 4 + [envelope_codes.OVER]
        assert envelope_codes.try_code(who, jan, right, WHERE) == envelope_codes.OVER
        failed = [e for e in _events(out) if e.action == "fail_code"]
        assert len(failed) == 5

    def test_a_code_lasts_ten_minutes(self, out: Out, clock: Any) -> None:
        jan = out.signatory("Jan Smet")
        who = make_signing.actor_of(jan)
        envelope_codes.ask(who, jan, WHERE)
        clock.shift(timedelta(minutes=10, seconds=1))
        tried = envelope_codes.try_code(who, jan, make_signing.code_for(jan), WHERE)
        assert tried == envelope_codes.OVER

    def test_six_codes_in_an_hour_are_too_many(self, out: Out) -> None:
        jan = out.signatory("Jan Smet")
        who = make_signing.actor_of(jan)
        for _ in range(5):
            envelope_codes.ask(who, jan, WHERE)
        with pytest.raises(DomainError, match="vijf codes"):
            envelope_codes.ask(who, jan, WHERE)

    def test_the_code_stands_in_no_subject_and_the_database_does_not_know_it(
        self, out: Out, session: Session, subjects_to: Any
    ) -> None:
        jan = out.signatory("Jan Smet")
        envelope_codes.ask(make_signing.actor_of(jan), jan, WHERE)
        code = make_signing.code_for(jan)
        assert not any(code in subject for subject in subjects_to(jan.email))
        rows = session.execute(text("select * from signing_code")).all()
        assert rows
        assert code not in repr(rows)


def _events(out: Out) -> list[EnvelopeEvent]:
    query = select(EnvelopeEvent).where(EnvelopeEvent.envelope_id == out.envelope.id)
    return list(db.session.scalars(query))


class TestNotSigning:
    def test_who_declines_stops_it_for_all_and_harms_no_signature(
        self, out: Out, subjects_to: Any
    ) -> None:
        make_signing.sign(out.envelope, "Mia Willems")
        before = envelopes.read(out.envelope.latest)
        jan = out.signatory("Jan Smet")
        envelope_answers.decline(make_signing.actor_of(jan), jan, "Het bedrag klopt niet.", WHERE)
        assert out.envelope.status == EnvelopeStatus.DECLINED
        assert out.agreement.status == Status.APPROVED
        assert envelopes.read(out.envelope.latest) == before
        told = f"Niet door iedereen ondertekend: {out.envelope.title}"
        assert told in subjects_to(make_signing.email_of("Mia Willems"))
        over = f"Je hoeft niet meer te tekenen: {out.envelope.title}"
        assert over in subjects_to(make_signing.email_of("Omar Aziz"))
        assert over not in subjects_to(make_signing.email_of("An Peeters"))  # was not asked yet
        with pytest.raises(DomainError, match="ligt niet meer voor"):
            make_signing.sign(out.envelope, "Omar Aziz")

    def test_what_stopped_can_be_sent_again(self, out: Out, world: World) -> None:
        envelope_answers.cancel(make.actor(world.manager), out.envelope, "Naam fout", None)
        assert out.envelope.status == EnvelopeStatus.CANCELLED
        again = [make_signing.invitee(one) for one in agreement_signing.expected(out.agreement)]
        second = make_signing.send(world, out.agreement, again)
        assert (second.number, out.envelope.number) == (2, 1)
        assert out.agreement.status == Status.OUT_FOR_SIGNATURE

    def test_who_waits_is_reminded_until_it_expires_and_never_after(
        self, out: Out, subjects_to: Any, clock: Any
    ) -> None:
        make_signing.sign(out.envelope, "Mia Willems")
        again = f"Herinnering: onderteken “{out.envelope.title}”"
        assert envelope_answers.follow_up() == 0
        clock.shift(timedelta(days=6))
        assert envelope_answers.follow_up() == 4
        assert envelope_answers.follow_up() == 0
        assert again in subjects_to(make_signing.email_of("Jan Smet"))
        assert again not in subjects_to(make_signing.email_of("Mia Willems"))
        clock.move_to(out.envelope.expires_on.isoformat() + "T23:30:00+01:00")
        envelope_answers.follow_up()
        assert out.envelope.status == EnvelopeStatus.OUT
        clock.shift(timedelta(hours=2))
        with pytest.raises(DomainError, match="voorbij"):
            make_signing.sign(out.envelope, "Jan Smet")
        assert envelope_answers.follow_up() == 1
        assert out.envelope.status == EnvelopeStatus.EXPIRED
        assert out.agreement.status == Status.APPROVED
        told = f"Ondertekening vervallen: {out.envelope.title}"
        assert told in subjects_to(make_signing.email_of("Mia Willems"))
        sent = subjects_to(make_signing.email_of("Jan Smet")).count(again)
        clock.shift(timedelta(days=30))
        assert envelope_answers.follow_up() == 0
        assert subjects_to(make_signing.email_of("Jan Smet")).count(again) == sent


class TestDelegates:
    GIVEN = {"name": "Tom Eerste", "capacity": "eerste schepen", "email": "tom@partner.example"}  # noqa: RUF012

    def forward(self, out: Out, name: str, **changes: str) -> EnvelopeSignatory:
        one = out.signatory(name)
        document = documents.put(b"%PDF-1.7 machtiging", "machtiging.pdf", "application/pdf")
        return envelope_answers.forward(
            make_signing.actor_of(one),
            one,
            {**self.GIVEN, **changes},
            given_on=time.today(),
            document=document,
            where=WHERE,
        )

    def test_a_delegate_signs_in_the_place_of_who_delegated(self, out: Out) -> None:
        tom = self.forward(out, "Els Mertens")
        make.account("tom@partner.example", "Tom Eerste")
        assert (tom.instead_of, tom.field) == (
            "voorzitter van de gemeenteraad",
            out.signatory("Els Mertens").field,
        )
        assert make.only(Delegation).to_name == "Tom Eerste"
        with pytest.raises(DomainError, match="ligt niet meer voor"):
            make_signing.sign(out.envelope, "Els Mertens")
        make_signing.sign(out.envelope, "Tom Eerste")
        assert tom.status == SignatoryStatus.SIGNED

    def test_a_delegate_without_account_gets_a_link_of_their_own(
        self, out: Out, subjects_to: Any
    ) -> None:
        self.forward(out, "Els Mertens")
        assert set(subjects_to("tom@partner.example")) == {
            "Uitnodiging voor het Home-Startportaal",
            f"Onderteken “{out.envelope.title}”",
        }

    def test_a_delegate_cannot_pass_it_on(self, out: Out) -> None:
        self.forward(out, "Els Mertens")
        make.account("tom@partner.example", "Tom Eerste")
        with pytest.raises(DomainError, match="niet doorgeven"):
            self.forward(out, "Tom Eerste", email="iemand@partner.example")

    def test_nobody_is_delegate_who_signs_already_or_works_for_home_start(
        self, out: Out, world: World
    ) -> None:
        with pytest.raises(DomainError, match="tekent al"):
            self.forward(out, "Els Mertens", email=make_signing.email_of("Jan Smet"))
        with pytest.raises(DomainError, match="eigen organisatie"):
            self.forward(out, "Els Mertens", email=world.manager.account.email)


class TestWetInk:
    def test_a_signature_on_paper_is_kept_beside_the_document_and_marked(
        self, out: Out, world: World
    ) -> None:
        before = len(out.envelope.revisions)
        scan = documents.put(b"%PDF-1.7 scan", "scan.pdf", "application/pdf")
        omar = out.signatory("Omar Aziz")
        envelope_signing.record_wet_ink(make.actor(world.manager), omar, scan)
        assert (omar.status, omar.way) == (SignatoryStatus.SIGNED, Way.WET_INK)
        assert len(out.envelope.revisions) == before
        assert omar.scan is scan


class TestAfterwards:
    def test_an_agreement_signed_by_all_begins_on_its_first_day(
        self, world: World, clock: Any
    ) -> None:
        out = make_signing.complete(make_signing.out(world))
        assert out.agreement.status == Status.SIGNED
        assert agreement_signing.start_due() == 0
        clock.move_to("2028-01-01T00:30:00+01:00")
        assert agreement_signing.start_due() == 1
        assert out.agreement.status == Status.ACTIVE
        assert agreement_signing.start_due() == 0

    def test_its_branch_and_area_are_open_from_that_day(self, world: World, clock: Any) -> None:
        agreement = make_signing.complete(make_signing.out(world)).agreement
        places = [place.nis for place in agreement.versions[0].terms.area]
        first = date(2028, 1, 1)
        clock.move_to("2028-01-01T08:00:00+01:00")
        agreement_signing.start_due()
        found = {branch_serving(nis, first) for nis in places}
        (branch,) = found
        assert branch is not None
        assert agreement.branch_id == branch.id
        assert branch.active_from == first
        assert all(branch_serving(nis, first - timedelta(days=1)) is None for nis in places)

    def test_a_branch_that_serves_part_of_the_area_takes_on_the_rest(
        self, world: World, clock: Any
    ) -> None:
        own = make.branch([make_negotiation.GENT], "Home-Start Gent")
        agreement = make_signing.complete(make_signing.out(world)).agreement
        clock.move_to("2028-01-01T08:00:00+01:00")
        agreement_signing.start_due()
        assert agreement.branch_id == own.id
        assert branch_serving(make_negotiation.MERELBEKE_MELLE, date(2028, 1, 1)) is own

    def test_home_start_hears_of_each_signature_and_of_the_last_that_it_was(
        self, out: Out, world: World, subjects_to: Any
    ) -> None:
        make_signing.complete(out)
        told = subjects_to(world.manager.account.email)
        assert told.count(f"Ondertekend: {out.envelope.title}") == 5
        assert told.count(f"Door iedereen ondertekend: {out.envelope.title}") == 1

    def test_the_evidence_is_made_once_and_everybody_is_told(
        self, out: Out, subjects_to: Any
    ) -> None:
        make_signing.complete(out)
        made = make.only(EnvelopeEvidence)
        data = documents.read(made.document)
        words = " ".join(text_of_pdf(data).split())
        for said in (
            "Sami Haddad",
            "voorzitter van de gemeenteraad",
            "192.0.2.7",
            "eenmalige code",
        ):
            assert said in words
        assert out.envelope.latest.sha256.hex() in words.replace(" ", "")
        told = f"Door iedereen ondertekend: {out.envelope.title}"
        for address in (make_signing.email_of("Jan Smet"), "an.peeters@partner.example"):
            assert subjects_to(address).count(told) == 1
        envelope_evidence.issue(out.envelope)
        assert make.number_of(EnvelopeEvidence) == 1


class TestNothingChanges:
    @pytest.mark.parametrize("model", [EnvelopeRevision, EnvelopeEvidence, EnvelopeEvent])
    def test_what_was_kept_can_be_neither_changed_nor_deleted(
        self, out: Out, session: Session, model: type[Any]
    ) -> None:
        make_signing.complete(out)
        for statement in (update(model).values(envelope_id=7), delete(model)):
            with pytest.raises(DBAPIError), session.begin_nested():
                session.execute(statement)

    def test_nobody_is_asked_in_another_name_afterwards(self, out: Out, session: Session) -> None:
        for column in ("name", "email", "field", "capacity"):
            with pytest.raises(DBAPIError), session.begin_nested():
                session.execute(update(EnvelopeSignatory).values({column: "anders"}))

    def test_the_bytes_of_a_signed_document_cannot_be_erased(
        self, out: Out, session: Session
    ) -> None:
        kept = [one.document_id for one in out.envelope.revisions]
        with pytest.raises(DBAPIError), session.begin_nested():
            documents.erase(kept)
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(update(Document).values(digest=b"x" * 32))
        assert envelopes.read(out.envelope.latest)
