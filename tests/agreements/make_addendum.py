"""Builders of addenda to an agreement in force.

agreement = make_addendum.running(world)              # two municipalities and a vzw, since January
addendum = make_addendum.proposed(world, agreement, families=30)
make_addendum.concluded(world, agreement, families=30)   # signed by everybody
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.agreements import (
    addenda,
    addendum_decisions,
    addendum_signing,
    addendum_talk,
    drafting,
    in_force,
)
from portal.agreements.addenda import Ground
from portal.agreements.decisions import DecisionDetails
from portal.agreements.models import Addendum, AddendumStatus, Agreement, Envelope
from portal.agreements.signatories import bodies
from portal.agreements.terms import Terms
from portal.core import clock
from portal.core.db import db
from portal.core.permissions import Actor
from tests import make
from tests.agreements import make_living, make_negotiation, make_signing
from tests.agreements.make_negotiation import World


def running(world: World, **changes: Any) -> Agreement:
    """An agreement of two municipalities and a vzw, from 1 January 2028 for three years."""
    agreement = make_signing.approved(world, **changes)
    make_living.signed(agreement)
    return agreement


def manager(world: World) -> Actor:
    return make_negotiation.manager(world)


def drafted(
    world: World,
    agreement: Agreement,
    from_on: date | None = None,
    ends_on: date | None = None,
    **changes: Any,
) -> Addendum:
    """A draft that can be proposed; tomorrow by default."""
    by = manager(world)
    addendum = addenda.start(by, agreement)
    day = from_on or clock.today() + timedelta(days=1)
    addenda.set_ground(by, addendum, Ground("De werking groeit.", day), None)
    terms: Terms = addendum.terms
    if ends_on is not None:
        terms = drafting.with_dates(terms, terms.starts_on, ends_on)
    addenda.save(by, addendum, terms.with_(**changes), None)
    db.session.commit()
    return addendum


def propose(world: World, addendum: Addendum) -> Addendum:
    prepared = addendum_talk.prepare(addendum)
    addendum_talk.propose(manager(world), addendum, prepared, addendum.version)
    db.session.commit()
    return addendum


def proposed(world: World, agreement: Agreement, **values: Any) -> Addendum:
    """An addendum that lies with the partners."""
    return propose(world, drafted(world, agreement, **values))


def agreed(world: World, agreement: Agreement, **values: Any) -> Addendum:
    """One everybody agreed to; the bodies have yet to decide."""
    addendum = proposed(world, agreement, **values)
    assert addendum.latest is not None
    wanted = {row.organisation_id for row in agreement.parties}
    for one in world.negotiators:
        if one.organisation_id in wanted:
            addendum_talk.accept(make.actor(one), addendum, addendum.latest.number)
    db.session.commit()
    return addendum


def decide(world: World, addendum: Addendum) -> None:
    """Let the bodies of all public partners decide, today."""
    for party in addendum_decisions.awaited(addendum):
        by = next(n for n in world.negotiators if n.organisation_id == party.organisation_id)
        body = party.deciding_body or bodies(party.kind)[0]
        details = DecisionDetails(body, clock.today(), "Goedkeuring addendum", "2028/77")
        assert by.organisation_id is not None
        addendum_decisions.record(make.actor(by), addendum, by.organisation_id, details)
    db.session.commit()


def approved(world: World, agreement: Agreement, **values: Any) -> Addendum:
    addendum = agreed(world, agreement, **values)
    decide(world, addendum)
    return addendum


@dataclass
class Out:
    """An addendum that is out for signature."""

    addendum: Addendum
    envelope: Envelope


def out(world: World, agreement: Agreement, **values: Any) -> Out:
    addendum = approved(world, agreement, **values)
    expected = addendum_signing.expected(addendum)
    invitees = [
        make_signing.invitee(one, email=f"tekenaar{n}@partner.example")
        for n, one in enumerate(expected)
    ]
    ready = addendum_signing.make_ready(addendum, invitees)
    until = clock.today() + timedelta(days=30)
    envelope = addendum_signing.send(manager(world), addendum, ready, until, addendum.version)
    db.session.commit()
    return Out(addendum, envelope)


def concluded(world: World, agreement: Agreement, **values: Any) -> Addendum:
    """One that everybody signed, without a PDF of each signature: the rows alone."""
    addendum = approved(world, agreement, **values)
    conclude(addendum)
    return addendum


def conclude(addendum: Addendum) -> None:
    """What the envelope does when the last one signs."""
    addendum.status = AddendumStatus.OUT_FOR_SIGNATURE
    db.session.flush()
    addendum_signing.conclude(addendum)
    db.session.commit()


def terms_on(agreement: Agreement, day: date) -> Terms:
    return in_force.terms(agreement, day)
