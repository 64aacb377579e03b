"""Addenda: one that is in force, signed by everybody, and one that lies with the partner."""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from portal.agreements import (
    addenda,
    addendum_decisions,
    addendum_signing,
    addendum_talk,
    agreement_signing,
)
from portal.agreements.addenda import Ground
from portal.agreements.decisions import DecisionDetails
from portal.agreements.envelopes import Invitee
from portal.agreements.models import Addendum, Agreement, Status
from portal.agreements.signatories import bodies
from portal.agreements.terms import BudgetLine, Formula, Target, Terms
from portal.core import clock
from portal.core.db import db
from portal.core.months import months_later
from portal.core.permissions import Actor
from portal.demo.agreements import actor_of
from portal.demo.past import at
from portal.demo.signing import all_sign

NEGOTIATING = timedelta(days=60)
MORE_TALKS = 6
MORE_FAMILIES = 6


def build(manager_email: str, city_email: str) -> None:
    """Change one of the agreements in force, and propose to go on with the other."""
    manager, city = actor_of(manager_email), actor_of(city_email)
    _in_force(manager, city)
    _proposed(manager, city)
    db.session.commit()


def _in_force(manager: Actor, city: Actor) -> None:
    """More talks with the worker of the city, for more money: agreed, decided and signed."""
    agreement = _living(Formula.EXPERT)
    from_on = months_later(clock.today().replace(day=1), -5)
    with at(from_on - NEGOTIATING):
        addendum = addenda.start(manager, agreement)
        reason = "De medewerker van de stad vraagt meer coaching nu de werking groeit."
        addenda.set_ground(manager, addendum, Ground(reason, from_on), None)
        terms = addendum.terms
        changed = terms.with_(
            coaching_talks=terms.coaching_talks + MORE_TALKS, lines=_dearer(terms, from_on)
        )
        addenda.save(manager, addendum, changed, None)
        _propose(manager, addendum, "Zoals besproken in de stuurgroep.")
    with at(from_on - NEGOTIATING * 3 / 4):
        text = "Kan de extra coaching ook in de namiddag?"
        addendum_talk.comment(city, addendum, 1, text)
        addendum_talk.comment(manager, addendum, 1, "Zeker, dat spreken jullie samen af.")
        addendum_talk.accept(city, addendum, 1)
    with at(from_on - NEGOTIATING / 2):
        _decide(city, addendum)
    _sign(manager, addendum, from_on - NEGOTIATING / 3)


def _dearer(terms: Terms, from_on: date) -> tuple[BudgetLine, ...]:
    """Return the budget, a tenth higher in the years still to come."""
    years = [one.year for one in terms.years]

    def grown(line: BudgetLine) -> BudgetLine:
        pairs = zip(line.cents, years, strict=True)
        cents = tuple(c + c // 10 if year > from_on.year else c for c, year in pairs)
        return replace(line, cents=cents)

    return tuple(map(grown, terms.lines))


def _proposed(manager: Actor, city: Actor) -> None:
    """To go on for as long again, with more families, as the city asked."""
    agreement = _living(Formula.COORDINATOR)
    with at(clock.today() - timedelta(days=4), 14):
        addendum = addenda.start(manager, agreement, longer=True)
        terms = addendum.terms
        more = terms.with_(
            families=terms.families + MORE_FAMILIES,
            targets=tuple(
                Target(one.families + MORE_FAMILIES, one.volunteers) for one in terms.targets
            ),
        )
        addenda.save(manager, addendum, more, None)
        _propose(manager, addendum, "Met meer gezinnen, zoals jullie vroegen.")
    with at(clock.today() - timedelta(days=1), 11, 10):
        text = "Onze financiële dienst kijkt de bedragen nog na. We komen er snel op terug."
        addendum_talk.comment(city, addendum, 1, text)


def _living(formula: Formula) -> Agreement:
    found = select(Agreement).where(Agreement.status == Status.ACTIVE, Agreement.formula == formula)
    return db.session.scalars(found.order_by(Agreement.id)).first() or _missing(formula)


def _missing(formula: Formula) -> Agreement:
    raise LookupError(f"the demonstration has no agreement of package {formula} in force")


def _propose(manager: Actor, addendum: Addendum, note: str) -> None:
    prepared = addendum_talk.prepare(addendum)
    addendum_talk.propose(manager, addendum, prepared, None, note)
    db.session.flush()


def _decide(city: Actor, addendum: Addendum) -> None:
    for party in addendum_decisions.awaited(addendum):
        body = party.deciding_body or bodies(party.kind)[0]
        title = "Goedkeuring addendum 1 bij de overeenkomst met Home-Start"
        details = DecisionDetails(body, clock.today(), title, f"{clock.today().year}/0245")
        addendum_decisions.record(city, addendum, party.organisation_id or 0, details)


def _sign(manager: Actor, addendum: Addendum, since: date) -> None:
    """Let everybody sign in the portal within a few days."""
    with at(since):
        invitees = [
            Invitee(
                one.party,
                one.name,
                one.capacity,
                agreement_signing.known_email(one),
                one.organisation_id,
                step=2 if one.ours else 1,
            )
            for one in addendum_signing.expected(addendum)
        ]
        ready = addendum_signing.make_ready(addendum, invitees)
        until = agreement_signing.last_day()
        envelope = addendum_signing.send(manager, addendum, ready, until, None)
    all_sign(envelope, since)
