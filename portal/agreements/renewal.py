"""Renewal: all parties are asked in time whether to go on, and answer on screen.

Express: only an addendum that the bodies approve before the end renews. Tacit: who says no in
writing by the last day for it ends the agreement; without a no it runs on once, under the same
conditions (article 23).
"""

from datetime import date, timedelta

from sqlalchemy import select

from portal.agreements import drafting, in_force
from portal.agreements.models import (
    Agreement,
    AgreementParty,
    RenewalAnswer,
    RenewalOutcome,
    RenewalRound,
    Status,
)
from portal.agreements.states import workflow
from portal.agreements.terms import Renewal, Terms
from portal.core import audit, clock
from portal.core.db import db
from portal.core.errors import ConflictError, DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.months import months_later
from portal.core.permissions import Actor, Permission
from portal.core.terms import days, number

TO_THINK_MONTHS = 1  # between the question and the last day to say no


def ask_on(terms: Terms) -> date | None:
    """Return the day all parties are asked; None for terms without end.

    The months of the setting before the end, or earlier where the contract needs that.
    """
    if terms.ends_on is None:
        return None
    needed = terms.deadlines.final_evaluation_months
    if terms.renewal == Renewal.TACIT:
        needed += TO_THINK_MONTHS
    return months_later(terms.ends_on, -max(number("RENEWAL_MONTHS"), needed))


def answer_by_on(terms: Terms) -> date | None:
    """Return the day by which the parties answer; tacit: the last day to say no."""
    asked_on = ask_on(terms)
    if asked_on is None or terms.ends_on is None:
        return None
    if terms.renewal == Renewal.TACIT:
        return months_later(terms.ends_on, -terms.deadlines.final_evaluation_months)
    return min(asked_on + days("RENEWAL_ANSWER_DAYS"), terms.ends_on)


def open_round(agreement: Agreement) -> RenewalRound | None:
    """Return the question that can be answered now, if any; needs no query of its own."""
    if agreement.status != Status.ACTIVE or agreement.stops_on is not None:
        return None
    found = (r for r in agreement.renewals if r.ends_on == agreement.ends_on)
    return next((r for r in found if r.closed_at is None), None)


def unanswered(agreement: Agreement, asked: RenewalRound) -> tuple[list[AgreementParty], bool]:
    """Return the partners that did not answer yet, and whether HSV did not."""
    there = asked.current
    waiting = [p for p in agreement.parties if p.organisation_id not in there]
    return waiting, None not in there


def answer(
    actor: Actor, agreement: Agreement, version: int | None, *, wanted: bool, note: str = ""
) -> RenewalAnswer:
    """Answer for one's party; until the question closes a later answer replaces an earlier one.

    Raises DomainError, or ConflictError when the question is closed or somebody was first.
    """
    workflow.expect(agreement, version)
    db.session.refresh(agreement, ["renewals", "ends_on", "stops_on"])
    asked = open_round(agreement)
    if asked is None:
        raise ConflictError(N_("Over verlenging kan nu niet geantwoord worden."))
    if not wanted and not note:
        raise DomainError(N_("Schrijf kort waarom jullie niet verder gaan."), "note")
    place = _place(actor, agreement)
    action = "answer_renewal" if wanted else "refuse_renewal"
    workflow.fire(agreement, action, actor, note=note)
    earlier = asked.current.get(place)
    if earlier is not None:
        earlier.replaced_at = clock.now()
    made = RenewalAnswer(
        organisation_id=place,
        wanted=wanted,
        note=note,
        account_id=actor.account_id,
        at=clock.now(),
    )
    asked.answers.append(made)
    db.session.flush()
    audit.record("agreement_renewal_answer:record", made, actor=actor)
    return made


def ask(agreement: Agreement) -> bool:
    """Ask all parties, when it is time and they were not asked. Returns whether they were."""
    terms = in_force.concluded(agreement)
    on, by_on = ask_on(terms), answer_by_on(terms)
    if on is None or by_on is None or terms.ends_on is None or agreement.stops_on is not None:
        return False
    asked_before = any(r.ends_on == terms.ends_on for r in agreement.renewals)
    if asked_before or not on <= clock.today() <= terms.ends_on:
        return False
    made = RenewalRound(
        agreement_id=agreement.id,
        ends_on=terms.ends_on,
        tacit=terms.renewal == Renewal.TACIT,
        answer_by_on=by_on,
        asked_at=clock.now(),
    )
    agreement.renewals.append(made)
    workflow.fire(agreement, "ask_renewal", None, on=by_on)
    return True


def close(agreement: Agreement) -> bool:
    """Close a tacit question whose last day is over: refused, or the agreement runs on.

    Returns whether it did.
    """
    asked = open_round(agreement)
    if asked is None or not asked.tacit or clock.today() <= asked.answer_by_on:
        return False
    asked.closed_at = clock.now()
    if any(not one.wanted for one in asked.current.values()):
        asked.outcome = RenewalOutcome.REFUSED
        audit.record("agreement_renewal_round:close", asked, fields={"outcome"})
        db.session.flush()
        return True
    asked.outcome = RenewalOutcome.EXTENDED
    years = max(in_force.concluded(agreement).renewal_years, 1)
    until = drafting.last_day(asked.ends_on + timedelta(days=1), years)
    agreement.renewed_until = agreement.ends_on = until
    workflow.fire(agreement, "renew", None, on=until, fields={"ends_on", "renewed_until"})
    return True


def _place(actor: Actor, agreement: Agreement) -> int | None:
    """Return for whom somebody answers: a partner's organisation, or HSV (None)."""
    if actor.can(Permission.AGREEMENT_MANAGE):
        return None
    if actor.organisation_id in {p.organisation_id for p in agreement.parties}:
        return actor.organisation_id
    raise NotFoundError()


def active_ids() -> list[int]:
    """Return the agreements in force, for a job that takes them one by one."""
    query = select(Agreement.id).where(Agreement.status == Status.ACTIVE).order_by(Agreement.id)
    return list(db.session.scalars(query))
