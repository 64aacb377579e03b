"""Agreements in every state up to approved, and what came to nothing: each with its next step."""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from portal.accounts import service as accounts
from portal.agreements import decisions, drafting, meetings, negotiation, proposing, signatories
from portal.agreements.decisions import DecisionDetails
from portal.agreements.drafting import Opening
from portal.agreements.meetings import MeetingDetails
from portal.agreements.models import Agreement
from portal.agreements.terms import DecidingBody, Formula, InKind, Party, Person, Terms
from portal.core import clock
from portal.core.db import db
from portal.core.permissions import Actor, Role, granted
from portal.directory import organisations
from portal.directory.kinds import OrganisationKind
from portal.directory.models import Municipality, Organisation
from portal.directory.organisations import OrganisationDetails

CITY, TOWN = "Stad Sint-Niklaas", "Gemeente Temse"
VZW = "Kinderopvang De Speelvogel vzw"
# partner → capacity → who signs in it
SIGNING = {
    CITY: {
        "burgemeester": "Els Van Goethem",
        "voorzitter van de gemeenteraad": "Hilde Vercauteren",
        "algemeen directeur": "Luc Van Damme",
    },
    TOWN: {
        "burgemeester": "Karin Wauters",
        "voorzitter van de gemeenteraad": "Frank De Rycke",
        "algemeen directeur": "Ines Baert",
    },
    VZW: {"voorzitter": "Samira El Amrani", "penningmeester": "Wout Claes"},
}
# of a partner, beside those who sign in by the list of the demonstration
NEGOTIATORS = (
    ("Koen Daelman", "temse@portal.test", TOWN, "Diensthoofd sociaal huis"),
    ("Fatma Yıldız", "speelvogel@portal.test", VZW, "Directeur"),
)


def build(manager_email: str, negotiator_email: str, password: str) -> None:
    """Store the agreements and the people who negotiate them; everybody's next step differs."""
    _vzw()
    for name, email, organisation, function in NEGOTIATORS:
        account = accounts.create_account(email, name, password)
        place = organisation_named(organisation)
        accounts.add_membership(account, Role.NEGOTIATOR, place, function=function)
    manager = _actor(manager_email, Role.AGREEMENTS_MANAGER)
    city = _actor(negotiator_email, Role.NEGOTIATOR)
    _withdrawn(manager)
    _declined(manager, city)
    _proposed(manager)
    _negotiated(manager, city)
    _agreed(manager, city)
    _approved(manager, city)


def _withdrawn(manager: Actor) -> None:
    agreement = _draft(manager, Formula.EXPERT, "Gemeente Stekene")
    reason = "De gemeente sluit toch aan bij Sint-Niklaas."
    negotiation.withdraw(manager, agreement, agreement.version, reason)


def _declined(manager: Actor, city: Actor) -> None:
    agreement = _draft(manager, Formula.COORDINATOR, CITY)
    agreement.terms = completed(agreement.terms).with_(title="Home-Start in Sint-Niklaas alleen")
    propose(manager, agreement, "Zoals gevraagd, ook voor de stad alleen.")
    reason = "We delen de coördinator liever met Temse."
    negotiation.decline(city, agreement, agreement.version, reason)


def _proposed(manager: Actor) -> None:
    """Another formula for two partners: the first version lies with them."""
    agreement = _draft(manager, Formula.CUSTOM, CITY, VZW)
    agreement.terms = completed(agreement.terms).with_(
        title="Extra vrijwilligers voor De Speelvogel"
    )
    propose(manager, agreement, "We namen enkel de diensten op waar jullie naar vroegen.")


def _negotiated(manager: Actor, city: Actor) -> None:
    """Sint-Niklaas asks something, Temse counters: it is HSV's turn."""
    partners = (CITY, TOWN, VZW)
    agreement = _draft(manager, Formula.COORDINATOR, *partners)
    agreement.terms = completed(agreement.terms).with_(
        in_kind=(InKind("Werkplek in het Huis van het Kind", CITY),),
    )
    propose(manager, agreement, "Zoals besproken op ons overleg.")
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
    agreement = _draft(manager, Formula.EXPERT, CITY)
    agreement.terms = completed(agreement.terms).with_(
        title="Expert voor het Huis van het Kind Sint-Niklaas", privacy_role="controller"
    )
    propose(manager, agreement, "")
    negotiation.accept(city, agreement, 1)


def _approved(manager: Actor, city: Actor) -> None:
    """The college of Temse and that of Sint-Niklaas decided: it can be signed."""
    agreement = _draft(manager, Formula.EXPERT, CITY, TOWN)
    complete = completed(agreement.terms).with_(privacy_role="joint")
    partners = tuple(by_college(party) for party in complete.partners)
    agreement.terms = complete.with_(title="Een expert voor twee gemeenten", partners=partners)
    negotiation.qualify(manager, agreement, None, "subsidy", "De gemeenten vragen niets terug.")
    propose(manager, agreement, "")
    both = (city, _actor(NEGOTIATORS[0][1], Role.NEGOTIATOR))
    for actor in both:
        negotiation.accept(actor, agreement, 1)
    for actor in both:
        decide(actor, agreement, DecidingBody.COLLEGE)


def decide(actor: Actor, agreement: Agreement, body: DecidingBody) -> None:
    """Record that the body of a partner approved the text everybody agreed to, today."""
    today = clock.today()
    prefix = "CBS" if body == DecidingBody.COLLEGE else "GR"
    number = f"{prefix}/{today.year}/{400 + today.timetuple().tm_yday}"
    title = "Goedkeuring samenwerkingsovereenkomst Home-Start"
    details = DecisionDetails(body, today, title, number)
    decisions.record_decision(actor, agreement, actor.organisation_id or 0, details)


def by_college(party: Party) -> Party:
    """Return a municipality of which the college decides, in the capacities that follow."""
    decided = replace(party, deciding_body=DecidingBody.COLLEGE)
    people = signatories.following_rule(decided, clock.today())
    return replace(decided, signatories=tuple(_person(party, one.capacity) for one in people))


def _person(party: Party, capacity: str) -> Person:
    return Person(SIGNING[party.name][capacity], capacity)


def _draft(manager: Actor, formula: Formula, *names: str) -> Agreement:
    year = clock.today().year + (2 if clock.today().month > 9 else 1)
    chosen = tuple(organisation_named(name) for name in names)
    return drafting.start(manager, Opening(formula, chosen, date(year, 1, 1), 3))


def propose(manager: Actor, agreement: Agreement, note: str) -> None:
    """Put the draft to the partners."""
    prepared = proposing.prepare(agreement, agreement.terms)
    proposing.propose(manager, agreement, prepared, None, note)
    db.session.flush()


def completed(terms: Terms) -> Terms:
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
    return replace(
        party,
        address=party.address or "Grote Markt 1, 9100 Sint-Niklaas",
        signatories=tuple(_person(party, capacity) for capacity in capacities),
        contact=Person("Jo Cornelis", "diensthoofd welzijn"),
        contact_email=party.contact_email or "welzijn@gemeente.portal.test",
    )


def _vzw() -> None:
    nis = db.session.scalar(select(Municipality.nis).where(Municipality.name == "Sint-Niklaas"))
    details = OrganisationDetails(
        name=VZW, kind=OrganisationKind.VZW, nis=nis, city="Sint-Niklaas", postcode="9100"
    )
    organisations.create_organisation(details, None)


def organisation_named(name: str) -> Organisation:
    """Return the organisation of a name."""
    return db.session.execute(select(Organisation).where(Organisation.name == name)).scalar_one()


def actor_of(email: str) -> Actor:
    """Return somebody of the demonstration in her oldest role."""
    account = accounts.find_account(email)
    assert account is not None
    return _actor(email, accounts.active_memberships(account.id)[0].role)


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
