"""Builders of agreements under negotiation: proposed, countered, agreed, decided.

world = make_negotiation.world()             # HSV, two municipalities and a vzw, with people
agreement = make_negotiation.proposed(world)
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Membership
from portal.agreements import drafting, negotiation, proposing, reference
from portal.agreements.decisions import DecisionDetails, record_decision
from portal.agreements.drafting import Opening
from portal.agreements.models import Agreement, AgreementVersion
from portal.agreements.signatories import bodies
from portal.agreements.terms import DecidingBody, Formula, Party, Person, Terms
from portal.core import clock
from portal.core.db import db
from portal.core.permissions import Actor, Role
from portal.directory.kinds import OrganisationKind
from portal.directory.models import Organisation
from portal.directory.reference import load_reference
from tests import make
from tests.agreements import make_agreement

GENT, MERELBEKE_MELLE = "44021", "44088"
STARTS_ON = date(2028, 1, 1)


@dataclass
class World:
    """HSV and three partners; the memberships sign in (`.account`), `actor(…)` acts."""

    manager: Membership
    gent: Organisation
    melle: Organisation
    vzw: Organisation
    gent_people: Membership
    melle_people: Membership
    vzw_people: Membership

    @property
    def partners(self) -> tuple[Organisation, ...]:
        return (self.gent, self.melle, self.vzw)

    @property
    def negotiators(self) -> tuple[Membership, ...]:
        return (self.gent_people, self.melle_people, self.vzw_people)


def world() -> World:
    """The municipalities, the offer, and one person for each party."""
    load_reference(db.session())
    reference.load_reference()
    db.session.commit()
    home_start = make.home_start()
    home_start.street, home_start.postcode, home_start.city = (
        "Blijde-Inkomststraat 7",
        "3000",
        "Leuven",
    )
    home_start.kbo = "0400000086"
    gent, melle = municipality(GENT), municipality(MERELBEKE_MELLE)
    vzw = make.organisation("vzw", "Vriendenkring De Wieg vzw", nis=GENT, kbo="0403019261")
    return World(
        make_agreement.manager(),
        gent,
        melle,
        vzw,
        make_agreement.negotiator(gent, "Karel Maes"),
        make_agreement.negotiator(melle, "Lies Devos"),
        make_agreement.negotiator(vzw, "Omar Aziz"),
    )


def municipality(nis: str) -> Organisation:
    """The local government of a municipality, from the reference data."""
    query = select(Organisation).where(
        Organisation.nis == nis, Organisation.kind == OrganisationKind.GEMEENTE
    )
    return db.session.scalars(query).one()


def actor(of: Membership) -> Actor:
    return make.actor(of)


def manager(world: World) -> Actor:
    return make.actor(world.manager)


def drafted(
    world: World,
    *organisations: Organisation,
    formula: Formula = Formula.COORDINATOR,
    bodies_of: dict[int, DecidingBody] | None = None,
    **changes: Any,
) -> Agreement:
    """A draft that can be proposed, with all partners of the world by default."""
    opening = Opening(formula, organisations or world.partners, STARTS_ON, 3)
    agreement = drafting.start(manager(world), opening)
    agreement.terms = complete(agreement.terms, bodies_of).with_(**changes)
    db.session.commit()
    return agreement


def complete(terms: Terms, bodies_of: dict[int, DecidingBody] | None = None) -> Terms:
    """The terms with everybody's signatories named, and the bodies chosen."""
    partners = tuple(
        _complete(p, (bodies_of or {}).get(p.organisation_id or 0)) for p in terms.partners
    )
    hsv = replace(terms.hsv, signatories=(Person("An Peeters", "voorzitter"),))
    role = "controller" if terms.formula == Formula.EXPERT else ""
    return terms.with_(partners=partners, hsv=hsv, privacy_role=role)


def _complete(party: Party, body: DecidingBody | None) -> Party:
    from portal.agreements.signatories import following_rule

    party = replace(
        party,
        deciding_body=body or party.deciding_body or bodies(party.kind)[0],
        address="Dorpsstraat 1, 9820 Merelbeke-Melle",
        contact=Person("Karel Maes", "diensthoofd welzijn"),
        contact_email="welzijn@partner.example",
    )
    named = following_rule(party, clock.today()) or (Person("", "voorzitter"),)
    people = tuple(
        replace(p, name=n) for p, n in zip(named, ("Mia Willems", "Jan Smet"), strict=False)
    )
    return replace(party, signatories=people)


def proposed(world: World, *organisations: Organisation, **values: Any) -> Agreement:
    """An agreement whose first version lies with the partners."""
    agreement = drafted(world, *organisations, **values)
    propose(world, agreement)
    return agreement


def propose(world: World, agreement: Agreement, note: str = "") -> AgreementVersion:
    prepared = proposing.prepare(agreement, agreement.terms)
    kept = proposing.propose(manager(world), agreement, prepared, agreement.version, note)
    db.session.commit()
    return kept


def agreed(world: World, *organisations: Organisation, **values: Any) -> Agreement:
    """An agreement everybody agreed to; the bodies have yet to decide."""
    agreement = proposed(world, *organisations, **values)
    accept_all(world, agreement)
    return agreement


def accept_all(world: World, agreement: Agreement) -> None:
    assert agreement.latest is not None
    wanted = {row.organisation_id for row in agreement.parties}
    for one in world.negotiators:
        if one.organisation_id in wanted:
            negotiation.accept(make.actor(one), agreement, agreement.latest.number)
    db.session.commit()


def decided(agreement: Agreement, by: Membership, body: DecidingBody) -> None:
    """The decision of one partner's body, today."""
    assert by.organisation_id is not None
    details = DecisionDetails(
        body, clock.today(), "Goedkeuring samenwerkingsovereenkomst", "2027/114"
    )
    record_decision(make.actor(by), agreement, by.organisation_id, details)
    db.session.commit()


def signatory(organisation: Organisation, name: str = "Els Burgemeester") -> Membership:
    return make.membership(Role.SIGNATORY, organisation, make.account(name=name))
