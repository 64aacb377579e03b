"""Agreements under way: a draft, one with a counter-proposal, one that waits for a council."""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from portal.accounts import service as accounts
from portal.agreements import drafting, meetings, negotiation, proposing
from portal.agreements.drafting import Opening
from portal.agreements.meetings import MeetingDetails
from portal.agreements.models import Agreement
from portal.agreements.terms import Formula, InKind, Party, Person, Terms
from portal.core import clock
from portal.core.db import db
from portal.core.permissions import Actor, Role, granted
from portal.directory import organisations
from portal.directory.kinds import OrganisationKind
from portal.directory.models import Municipality, Organisation
from portal.directory.organisations import OrganisationDetails

VZW = "Kinderopvang De Speelvogel vzw"
SIGNING = ("Hilde Vercauteren", "Luc Van Damme", "Samira El Amrani")
# of a partner, beside those who sign in by the list of the demonstration
NEGOTIATORS = (
    ("Koen Daelman", "temse@portal.test", "Gemeente Temse", "Diensthoofd sociaal huis"),
    ("Fatma Yıldız", "speelvogel@portal.test", VZW, "Directeur"),
)


def build(manager_email: str, negotiator_email: str, password: str) -> None:
    """Store the agreements and the people who negotiate them; everybody's next step differs."""
    _vzw()
    for name, email, organisation, function in NEGOTIATORS:
        account = accounts.create_account(email, name, password)
        place = _organisation(organisation)
        accounts.add_membership(account, Role.NEGOTIATOR, place, function=function)
    manager = _actor(manager_email, Role.AGREEMENTS_MANAGER)
    city = _actor(negotiator_email, Role.NEGOTIATOR)
    _draft(manager, Formula.COORDINATOR, "Stad Deinze", "Gemeente Nazareth-De Pinte")
    _negotiated(manager, city)
    _agreed(manager, city)


def _negotiated(manager: Actor, city: Actor) -> None:
    """Sint-Niklaas asks something, Temse counters: it is HSV's turn."""
    partners = ("Stad Sint-Niklaas", "Gemeente Temse", VZW)
    agreement = _draft(manager, Formula.COORDINATOR, *partners)
    agreement.terms = _complete(agreement.terms).with_(
        in_kind=(InKind("Werkplek in het Huis van het Kind", "Stad Sint-Niklaas"),),
    )
    _propose(manager, agreement, "Zoals besproken op ons overleg.")
    question = "Blijft dit bedrag drie jaar gelijk, op de index na?"
    negotiation.comment(city, agreement, 1, 11, question)
    temse = _actor(NEGOTIATORS[0][1], Role.NEGOTIATOR)
    counter = drafting.open_counter(temse, agreement)
    wanted = counter.terms.with_(
        notice_months=9, special_clauses="De folder verschijnt ook in het Turks en het Arabisch."
    )
    drafting.save_counter(temse, counter, wanted, None)
    prepared = proposing.prepare(agreement, wanted)
    note = "Onze raad vraagt een opzegtermijn van negen maanden."
    proposing.counter_propose(temse, counter, prepared, None, note)
    moment = clock.now().replace(hour=13, minute=0, second=0, microsecond=0) + timedelta(days=16)
    details = MeetingDetails("Stuurgroep", moment, 90, "Huis van het Kind, Sint-Niklaas")
    meetings.plan(manager, agreement, details)


def _agreed(manager: Actor, city: Actor) -> None:
    """Everybody agreed; the council of Sint-Niklaas has yet to decide."""
    agreement = _draft(manager, Formula.EXPERT, "Stad Sint-Niklaas")
    agreement.terms = _complete(agreement.terms).with_(
        title="Expert voor het Huis van het Kind Sint-Niklaas", privacy_role="controller"
    )
    _propose(manager, agreement, "")
    negotiation.accept(city, agreement, 1)


def _draft(manager: Actor, formula: Formula, *names: str) -> Agreement:
    year = clock.today().year + (2 if clock.today().month > 9 else 1)
    chosen = tuple(_organisation(name) for name in names)
    return drafting.start(manager, Opening(formula, chosen, date(year, 1, 1), 3))


def _propose(manager: Actor, agreement: Agreement, note: str) -> None:
    prepared = proposing.prepare(agreement, agreement.terms)
    proposing.propose(manager, agreement, prepared, None, note)
    db.session.flush()


def _complete(terms: Terms) -> Terms:
    """Return the terms with made-up people who sign and can be reached."""
    partners = tuple(_named(party) for party in terms.partners)
    hsv = replace(
        terms.hsv,
        address="Voorbeeldstraat 1, 3000 Leuven",
        signatories=(Person("An Peeters", "voorzitter"), Person("Bert Maes", "directeur")),
        contact=Person("Mieke Aelbrecht", "stafmedewerker"),
        contact_email="overeenkomsten@portal.test",
    )
    return terms.with_(partners=partners, hsv=hsv)


def _named(party: Party) -> Party:
    capacities = [p.capacity for p in party.signatories] or ["voorzitter", "penningmeester"]
    people = zip(SIGNING, capacities, strict=False)
    return replace(
        party,
        address=party.address or "Grote Markt 1, 9100 Sint-Niklaas",
        signatories=tuple(Person(name, capacity) for name, capacity in people),
        contact=Person("Jo Cornelis", "diensthoofd welzijn"),
        contact_email=party.contact_email or "welzijn@gemeente.portal.test",
    )


def _vzw() -> None:
    nis = db.session.scalar(select(Municipality.nis).where(Municipality.name == "Sint-Niklaas"))
    details = OrganisationDetails(
        name=VZW, kind=OrganisationKind.VZW, nis=nis, city="Sint-Niklaas", postcode="9100"
    )
    organisations.create_organisation(details, None)


def _organisation(name: str) -> Organisation:
    return db.session.execute(select(Organisation).where(Organisation.name == name)).scalar_one()


def _actor(email: str, role: Role) -> Actor:
    account = accounts.find_account(email)
    assert account is not None
    held = next(m for m in accounts.active_memberships(account.id) if m.role == role)
    return Actor(
        account.id,
        account.name,
        account.email,
        role,
        organisation_id=held.organisation_id,
        organisation_name=held.organisation.name if held.organisation else "",
        permissions=granted(role),
    )
