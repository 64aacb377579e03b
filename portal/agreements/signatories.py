"""Who signs for a party: it follows from the kind of party and the body that decided.

The rules are dated data (`signing_rules`, `dated_texts`), because articles change. For a legal
person of private law the statutes say who signs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.agreements import dated_texts
from portal.agreements.models import Delegation
from portal.agreements.signing_rules import BRUSSELS, FLANDERS, SigningRule, shipped_rules
from portal.agreements.terms import DecidingBody, Party, Person
from portal.core.db import db
from portal.directory.kinds import OrganisationKind
from portal.directory.models import Organisation

_OSLO = "http://data.vlaanderen.be/id/concept/BestuursorgaanClassificatieCode/5ab0e9b8a3b2ca7c5e00"
# The bodies as the linked data of Flemish local governments names them.
OSLO_URIS = {
    DecidingBody.COUNCIL: f"{_OSLO}0005",
    DecidingBody.COLLEGE: f"{_OSLO}0006",
    DecidingBody.WELFARE_COUNCIL: f"{_OSLO}0007",
    DecidingBody.PERMANENT_BUREAU: f"{_OSLO}0008",
}
_BODIES = {
    OrganisationKind.GEMEENTE: (DecidingBody.COUNCIL, DecidingBody.COLLEGE),
    OrganisationKind.OCMW: (DecidingBody.WELFARE_COUNCIL, DecidingBody.PERMANENT_BUREAU),
    OrganisationKind.VGC: (DecidingBody.VGC_COLLEGE,),
}


@dataclass(frozen=True)
class Signatory:
    """Somebody who signs. `instead_of`: the capacity that delegated, or nothing."""

    name: str
    capacity: str
    instead_of: str = ""


def bodies(kind: OrganisationKind) -> tuple[DecidingBody, ...]:
    """Return the bodies that can decide for a party of this kind."""
    return _BODIES.get(kind, (DecidingBody.BOARD,))


def rule(kind: OrganisationKind, body: DecidingBody, region: str, on: date) -> SigningRule | None:
    """Return the rule in force on a day; None where statutes say who signs."""
    for one in shipped_rules():
        if (one.kind, one.region, one.body) == (kind, region, body) and one.is_in_force(on):
            return dated_texts.signing_rule(one, on)
    return None


def rule_for(party: Party, body: DecidingBody | None, on: date) -> SigningRule | None:
    """Return the rule for a party of an agreement, by where its organisation is."""
    chosen = body or party.deciding_body
    if chosen is None:
        return None
    return rule(party.kind, chosen, _region(party.organisation_id), on)


def following_rule(party: Party, on: date) -> tuple[Person, ...]:
    """Return the party's signatories in the capacities that follow from its deciding body.

    A name stays with its capacity: whoever chairs the council is not therefore mayor. Without a
    rule they stay as they are.
    """
    found = rule_for(party, None, on)
    if found is None:
        return party.signatories
    named = {person.capacity: person.name for person in party.signatories}
    return tuple(Person(named.get(c, ""), c) for c in found.capacities)


def signatories(
    party: Party, body: DecidingBody | None, delegations: Iterable[Delegation], on: date
) -> list[Signatory]:
    """Return who signs for a party, given the body that decided and delegations in force."""
    found = rule_for(party, body, on)
    named = {person.capacity: person.name for person in party.signatories}
    capacities = found.capacities if found else tuple(named)
    given = {one.from_capacity: one for one in delegations if one.ended_at is None}
    return [
        Signatory(given[c].to_name, given[c].to_capacity, instead_of=c)
        if c in given
        else Signatory(named.get(c, ""), c)
        for c in capacities
    ]


def _region(organisation_id: int | None) -> str:
    organisation = db.session.get(Organisation, organisation_id) if organisation_id else None
    if organisation is None:
        return FLANDERS
    if organisation.kind == OrganisationKind.VGC:
        return BRUSSELS
    place = organisation.municipality
    return BRUSSELS if place and place.region.startswith("Brussel") else FLANDERS
