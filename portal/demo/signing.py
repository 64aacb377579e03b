"""Agreements that are signed, as people do: in the portal, with a card, on paper, or not.

Nothing is set by hand: each is sealed, sent out, and signed by everybody who must.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from flask import current_app
from pyhanko.sign.signers import SimpleSigner
from sqlalchemy import select

from portal.accounts import service as accounts
from portal.agreements import (
    agreement_signing,
    attachments,
    drafting,
    envelope_answers,
    envelope_codes,
    envelope_evidence,
    envelope_signing,
    envelopes,
    negotiation,
)
from portal.agreements.drafting import Opening
from portal.agreements.envelope_codes import Circumstances
from portal.agreements.envelopes import Invitee
from portal.agreements.models import Agreement, Envelope, EnvelopeSignatory, SigningCode, Way
from portal.agreements.terms import DecidingBody, Formula
from portal.core import clock, fonts, outbox, signing
from portal.core.db import db
from portal.core.permissions import Actor, Role
from portal.core.signing import Box, Stamp, demo_ca
from portal.core.signing.sealing import said_at
from portal.demo.agreements import CITY, TOWN, actor_of, by_college, completed, decide, propose
from portal.demo.agreements import organisation_named as organisation
from portal.demo.past import at
from portal.directory.models import Organisation

HOME_START = "Home-Start Vlaanderen vzw"
# name, address before the @, where, as what; the mayor of the city is in the list of sign-ins
PEOPLE = (
    ("Hilde Vercauteren", "hilde.vercauteren", CITY, "Voorzitter van de gemeenteraad"),
    ("Luc Van Damme", "luc.vandamme", CITY, "Algemeen directeur"),
    ("Karin Wauters", "karin.wauters", TOWN, "Burgemeester"),
    ("Frank De Rycke", "frank.derycke", TOWN, "Voorzitter van de gemeenteraad"),
    ("Ines Baert", "ines.baert", TOWN, "Algemeen directeur"),
    ("An Peeters", "an.peeters", HOME_START, "Voorzitter"),
    ("Bert Maes", "bert.maes", HOME_START, "Directeur"),
)
_FROM_A_PHONE = Circumstances("192.0.2.34", "Mobile Safari op een iPhone", 1)
_FROM_A_DESK = Circumstances("192.0.2.17", "Firefox op Windows", 2)


def people(password: str) -> None:
    """Give an account to everybody who signs."""
    for name, address, where, function in PEOPLE:
        account = accounts.create_account(f"{address}@portal.test", name, password)
        accounts.add_membership(account, Role.SIGNATORY, organisation(where), function=function)


def build(manager_email: str, city_email: str, town_email: str) -> None:
    """Store one that is out and waits for the mayor, one just completed, and one declined."""
    manager, city, town = (actor_of(one) for one in (manager_email, city_email, town_email))
    _declined(manager, town)
    _completed(manager, (city, town))
    _out(manager, city)


def send(manager: Actor, agreement: Agreement) -> Envelope:
    """Send an approved agreement to all who must sign: the partners first."""
    invitees = [
        Invitee(
            one.party,
            one.name,
            one.capacity,
            agreement_signing.known_email(one),
            one.organisation_id,
            one.instead_of,
            step=2 if one.ours else 1,
        )
        for one in agreement_signing.expected(agreement)
    ]
    ready = agreement_signing.make_ready(agreement, invitees)
    return agreement_signing.send(manager, agreement, ready, agreement_signing.last_day(), None)


def signed_in_the_portal(manager: Actor, agreement: Agreement, since: date) -> None:
    """Let everybody sign within a few days, and make the evidence."""
    with at(since):
        envelope = send(manager, agreement)
    all_sign(envelope, since)


def all_sign(envelope: Envelope, since: date) -> None:
    """Let everybody sign what was sent that day, one a day, and make the evidence."""
    for number, one in enumerate(_in_turn(envelope)):
        with at(since + timedelta(days=2 + number), 9 + number, 7 * number):
            _sign(one, _FROM_A_PHONE if number % 2 else _FROM_A_DESK)
    with at(since + timedelta(days=10)):
        envelope_evidence.issue(envelope)


def signed_on_paper(manager: Actor, agreement: Agreement, since: date) -> None:
    """Record that everybody signed a print, as before there was a portal."""
    with at(since):
        envelope = send(manager, agreement)
    with at(since + timedelta(days=12)):
        for one in _in_turn(envelope):
            scan = attachments.keep(_scan(one), f"handtekening {one.name}.pdf")
            envelope_signing.record_wet_ink(manager, one, scan)
        envelope_evidence.issue(envelope)


def _declined(manager: Actor, town: Actor) -> None:
    agreement = _approved(manager, (town,), "Expert voor het Sociaal Huis van Temse")
    today = clock.today()
    with at(today - timedelta(days=9), 10):
        envelope = send(manager, agreement)
    first, second = _in_turn(envelope)[:2]
    with at(today - timedelta(days=8), 11, 20):
        _sign(first, _FROM_A_DESK)
    with at(today - timedelta(days=7), 16, 45):
        reason = "Artikel 3 noemt ons oude adres. Pas je dat aan? Dan teken ik graag."
        envelope_answers.decline(_who(second), second, reason, _FROM_A_PHONE)
    db.session.commit()


def _completed(manager: Actor, partners: Sequence[Actor]) -> None:
    """Two towns and HSV; one of them signs with her card, the others in the portal."""
    agreement = _approved(manager, partners, "Expert voor Sint-Niklaas en Temse samen")
    today = clock.today()
    with at(today - timedelta(days=13), 14):
        envelope = send(manager, agreement)
    for number, one in enumerate(_in_turn(envelope)):
        with at(today - timedelta(days=12 - 2 * number), 9 + number, 11 * number):
            if one.name == "Ines Baert":
                _sign_with_a_card(one)
            else:
                _sign(one, _FROM_A_PHONE if number % 2 else _FROM_A_DESK)
    with at(today - timedelta(days=1), 15, 30):
        envelope_evidence.issue(envelope)
    db.session.commit()


def _out(manager: Actor, city: Actor) -> None:
    """The director signed; the mayor has her mail, and HSV comes after her."""
    agreement = _approved(manager, (city,), "Expert voor de consultatiebureaus van Sint-Niklaas")
    today = clock.today()
    with at(today - timedelta(days=3), 10, 15):
        envelope = send(manager, agreement)
    director = next(one for one in _in_turn(envelope) if one.capacity == "algemeen directeur")
    with at(today - timedelta(days=1), 8, 52):
        _sign(director, _FROM_A_DESK)
    db.session.commit()


def _approved(manager: Actor, partners: Sequence[Actor], title: str) -> Agreement:
    """Return an agreement of which the colleges decided a fortnight ago."""
    today = clock.today()
    year = today.year + (2 if today.month > 9 else 1)
    with at(today - timedelta(days=45)):
        chosen = tuple(db.session.get_one(Organisation, one.organisation_id) for one in partners)
        agreement = drafting.start(manager, Opening(Formula.EXPERT, chosen, date(year, 1, 1), 3))
        terms = completed(agreement.terms)
        agreement.terms = terms.with_(
            title=title,
            privacy_role="joint",
            partners=tuple(by_college(party) for party in terms.partners),
        )
        propose(manager, agreement, "")
    with at(today - timedelta(days=30)):
        for actor in partners:
            negotiation.accept(actor, agreement, 1)
    with at(today - timedelta(days=15)):
        for actor in partners:
            decide(actor, agreement, DecidingBody.COLLEGE)
    return agreement


def _in_turn(envelope: Envelope) -> list[EnvelopeSignatory]:
    return sorted(envelope.signatories, key=lambda one: (one.step, one.position))


def _who(one: EnvelopeSignatory) -> Actor:
    return actor_of(one.email)


def _sign(one: EnvelopeSignatory, where: Circumstances) -> None:
    """Sign in the portal, with the code from the mail."""
    who = _who(one)
    envelope_codes.ask(who, one, where)
    db.session.flush()
    found = envelope_codes.try_code(who, one, _code_for(one), where)
    assert isinstance(found, SigningCode)
    put = envelope_signing.in_portal(one, where)
    envelope_signing.keep(who, one, put, where, code_id=found.id)


def _code_for(one: EnvelopeSignatory) -> str:
    code_id = db.session.scalars(
        select(SigningCode.id).where(
            SigningCode.signatory_id == one.id, SigningCode.used_at.is_(None)
        )
    ).one()
    mailed = db.session.scalars(
        select(outbox.OutboxMessage).where(
            outbox.OutboxMessage.key == f"mail:signing-code:{code_id}"
        )
    ).one()
    return mailed.payload["paragraphs"][0].rsplit(" ", 1)[1]


def _sign_with_a_card(one: EnvelopeSignatory) -> None:
    """Sign outside the portal, with a test certificate, and hand the file in."""
    folder = Path(current_app.config["VAR"]) / "pki"
    data = demo_ca.person(folder, *one.name.split(maxsplit=1))
    card = SimpleSigner.load_pkcs12_data(data, [], demo_ca.PASSWORD.encode())
    assert card is not None
    lines = ("Ondertekend met testkaart door", one.name, said_at())
    stamp = Stamp(one.name, "Akkoord", lines=lines)
    before = envelopes.read(one.envelope.latest)
    file = signing.sign(before, one.field, stamp, card, signing.pki())
    put = envelope_signing.uploaded(one, file)
    assert put.way == Way.OWN_CERTIFICATE
    envelope_signing.keep(_who(one), one, put, _FROM_A_DESK)


def _scan(one: EnvelopeSignatory) -> bytes:
    """Return a page that stands for the scan of a signature."""
    fonts.register()
    intro = (one.envelope.title, "Demonstratie: hier staat de scan van een handtekening op papier.")
    box = Box(one.field, (one.name, one.capacity, one.party))
    return signing.draw("Handtekening op papier", intro, (box,)).pdf
