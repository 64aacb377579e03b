"""Builders of agreements that are signed: approved, out for signature, complete.

signing = make_signing.out(world)               # an Out: the envelope and who signs
make_signing.sign(signing.envelope, "Jan Smet") # that person, in the portal
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from pyhanko.sign.signers import SimpleSigner
from sqlalchemy import select

from portal.accounts.models import Account
from portal.agreements import agreement_signing, envelope_codes, envelope_signing
from portal.agreements.agreement_signing import Expected
from portal.agreements.envelope_codes import Circumstances
from portal.agreements.envelopes import Invitee
from portal.agreements.models import Agreement, Envelope, EnvelopeSignatory, Status
from portal.agreements.terms import DecidingBody
from portal.core import clock, outbox, signing
from portal.core.db import db
from portal.core.permissions import Actor, Role
from portal.core.signing import Stamp, demo_ca
from tests import make
from tests.agreements import make_negotiation
from tests.agreements.make_negotiation import World

WHERE = Circumstances("192.0.2.7", "Firefox, Windows", 7)
PEOPLE = {  # party → who signs for it, in the order of the contract
    "Stad Gent": ("Sami Haddad", "Mia Willems"),
    "Gemeente Merelbeke-Melle": ("Els Mertens", "Jan Smet"),
    "Vriendenkring De Wieg vzw": ("Omar Aziz",),
}


def approved(world: World, **changes: Any) -> Agreement:
    """An agreement of two municipalities and a vzw that every body approved."""
    agreement = make_negotiation.drafted(world, **changes)
    named = []
    for party in agreement.terms.partners:
        people = zip(PEOPLE[party.name], party.signatories, strict=False)
        named.append(replace(party, signatories=tuple(replace(p, name=n) for n, p in people)))
    agreement.terms = agreement.terms.with_(partners=tuple(named))
    db.session.commit()
    make_negotiation.propose(world, agreement)
    make_negotiation.accept_all(world, agreement)
    for by in (world.gent_people, world.melle_people):
        make_negotiation.decided(agreement, by, DecidingBody.COUNCIL)
    assert agreement.status == Status.APPROVED
    return agreement


def email_of(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@partner.example"


def invitee(one: Expected, **changes: Any) -> Invitee:
    """The person as asked: partners first, HSV last."""
    made = Invitee(
        one.party,
        one.name,
        one.capacity,
        email_of(one.name),
        one.organisation_id,
        one.instead_of,
        step=2 if one.ours else 1,
    )
    return replace(made, **changes)


def accounts_for(agreement: Agreement) -> dict[str, Account]:
    """An account for everybody who signs, by name."""
    return {
        one.name: make.membership(
            Role.SIGNATORY,
            _place(one),
            make.account(email_of(one.name), one.name),
        ).account
        for one in agreement_signing.expected(agreement)
    }


def _place(one: Expected) -> Any:
    from portal.directory.models import Organisation

    return db.session.get_one(Organisation, one.organisation_id)


@dataclass
class Out:
    """An envelope that is out, and the accounts of who signs, by name."""

    agreement: Agreement
    envelope: Envelope
    people: dict[str, Account]

    def signatory(self, name: str) -> EnvelopeSignatory:
        return signatory(self.envelope, name)


def out(world: World, agreement: Agreement | None = None, **changes: Any) -> Out:
    """Send an approved agreement out; everybody has an account."""
    agreement = agreement or approved(world)
    people = accounts_for(agreement)
    invitees = [invitee(one, **changes) for one in agreement_signing.expected(agreement)]
    return Out(agreement, send(world, agreement, invitees), people)


def send(world: World, agreement: Agreement, invitees: list[Invitee]) -> Envelope:
    ready = agreement_signing.make_ready(agreement, invitees)
    until = clock.today() + timedelta(days=30)
    envelope = agreement_signing.send(
        make_negotiation.manager(world), agreement, ready, until, agreement.version
    )
    db.session.commit()
    return envelope


def signatory(envelope: Envelope, name: str) -> EnvelopeSignatory:
    query = select(EnvelopeSignatory).where(
        EnvelopeSignatory.envelope_id == envelope.id, EnvelopeSignatory.name == name
    )
    return db.session.scalars(query).one()


def actor_of(one: EnvelopeSignatory) -> Actor:
    account = db.session.scalars(select(Account).where(Account.email == one.email)).one()
    return make.actor(account)


def code_for(one: EnvelopeSignatory) -> str:
    """The code in the newest mail to this person."""
    rows = db.session.scalars(select(outbox.OutboxMessage).order_by(outbox.OutboxMessage.id.desc()))
    for row in rows:
        if row.payload.get("to") == one.email and row.subject == "Je code om te ondertekenen":
            return row.payload["paragraphs"][0].rsplit(" ", 1)[1]
    raise LookupError(f"no code was sent to {one.email}")


def sign(envelope: Envelope, name: str) -> None:
    """Sign in the portal, with the code from the mail."""
    one = signatory(envelope, name)
    who = actor_of(one)
    envelope_codes.ask(who, one, WHERE)
    found = envelope_codes.try_code(who, one, code_for(one), WHERE)
    assert not isinstance(found, str), found
    put = envelope_signing.in_portal(one, WHERE)
    envelope_signing.keep(who, one, put, WHERE, code_id=found.id)
    db.session.commit()


def complete(one: Out) -> Out:
    """Let everybody sign, partners first; the evidence is made too."""
    for who in sorted(one.envelope.signatories, key=lambda s: (s.step, s.position)):
        sign(one.envelope, who.name)
    make_evidence()
    return one


def make_evidence() -> None:
    """What the worker does with a finished envelope."""
    query = select(outbox.OutboxMessage.id).where(
        outbox.OutboxMessage.kind == "evidence", outbox.OutboxMessage.state == outbox.State.WAITING
    )
    for message_id in db.session.scalars(query).all():
        assert outbox.deliver(message_id)
        message = db.session.get_one(outbox.OutboxMessage, message_id)
        assert message.state == outbox.State.SENT, message.error


def card(given_name: str, surname: str) -> SimpleSigner:
    """Somebody's own certificate, by the test roots."""
    data = demo_ca.person(Path(current_app.config["VAR"]) / "pki", given_name, surname)
    loaded = SimpleSigner.load_pkcs12_data(data, [], demo_ca.PASSWORD.encode())
    assert loaded is not None
    return loaded


def signed_elsewhere(pdf: bytes, field: str, card: SimpleSigner) -> bytes:
    """What a person's own program makes of a document."""
    return signing.sign(pdf, field, Stamp("", "Akkoord"), card, signing.pki())
