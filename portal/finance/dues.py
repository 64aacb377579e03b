"""What the agreements in force say is due: finance asks, agreements announce nothing."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, and_, select

from portal.agreements import compute, in_force
from portal.agreements.models import Agreement, AgreementVersion, Status
from portal.agreements.terms import PaymentDocument, Terms
from portal.core.db import db
from portal.core.money import allocate
from portal.core.permissions import Actor, Permission
from portal.finance.models import Budget, BudgetLine, LineKind

Indexed = Mapping[tuple[int, int, int], int]  # cents by agreement, year and organisation


@dataclass(frozen=True)
class Due:
    """A part of a partner's contribution under an agreement in force.

    `on` is None as long as only `condition` says when. `key` names it for ever: by agreement,
    partner, year and label, so that an addendum that leaves it alone does not ask for it twice.
    """

    key: str
    agreement_id: int
    reference: str
    title: str
    organisation_id: int
    partner: str
    year: int
    label: str
    on: date | None
    condition: str
    cents: int
    is_claim: bool
    payment_days: int
    period_from: date
    period_to: date


def visible_to(actor: Actor) -> list[Due]:
    """Return what is or becomes due under the agreements this person may see, earliest first.

    What hangs on a condition comes last. A partner sees its own part only.
    """
    everything = actor.can(Permission.FINANCE_READ_ALL)
    found = [
        due
        for due in of_agreements(Agreement.visible_to(actor))
        if everything or due.organisation_id == actor.organisation_id
    ]
    return sorted(found, key=lambda due: (due.on is None, due.on or date.max, due.reference))


def of_agreements(which: ColumnElement[bool]) -> Iterator[Due]:
    """Yield what every partner of these agreements owes, as far as they are in force.

    The parts are those of the version that was agreed, in the order of the terms, run on after a
    renewal. A year whose budget was indexed is shared out as its budget has it.
    """
    agreed = and_(
        AgreementVersion.agreement_id == Agreement.id,
        AgreementVersion.number == Agreement.agreed_number,
    )
    runs = and_(Agreement.status == Status.ACTIVE, which)
    indexed = _indexed(runs)
    query = (
        select(
            Agreement.id,
            Agreement.reference,
            Agreement.renewed_until,
            AgreementVersion.terms_json,
        )
        .join(AgreementVersion, agreed)
        .where(runs)
        .order_by(Agreement.id)
        .execution_options(yield_per=50)
    )
    for agreement_id, reference, renewed_until, terms_json in db.session.execute(query):
        terms = in_force.run_on(Terms.from_json(terms_json), renewed_until)
        yield from _grown(_of_terms(agreement_id, reference, terms), indexed)


def _indexed(which: ColumnElement[bool]) -> Indexed:
    """Return what partners bear in the years whose budget says otherwise than the agreement."""
    query = (
        select(
            Budget.agreement_id, Budget.year, BudgetLine.organisation_id, BudgetLine.planned_cents
        )
        .join(BudgetLine, BudgetLine.budget_id == Budget.id)
        .join(Agreement, Agreement.id == Budget.agreement_id)
        .where(
            which,
            BudgetLine.kind == LineKind.CONTRIBUTION,
            BudgetLine.planned_cents != BudgetLine.agreed_cents,
        )
    )
    return {
        (agreement_id, year, organisation_id): cents
        for agreement_id, year, organisation_id, cents in db.session.execute(query)
        if organisation_id is not None and cents is not None
    }


def _grown(found: Iterable[Due], indexed: Indexed) -> Iterator[Due]:
    """Yield the same parts, with the amounts of a year that was indexed; they sum exactly."""
    parts = list(found)
    cents = [due.cents for due in parts]
    places: defaultdict[tuple[int, int, int], list[int]] = defaultdict(list)
    for place, due in enumerate(parts):
        places[due.agreement_id, due.year, due.organisation_id].append(place)
    for key in places.keys() & indexed.keys():
        signed = [cents[place] for place in places[key]]
        if sum(signed) > 0:
            for place, amount in zip(places[key], allocate(indexed[key], signed), strict=True):
                cents[place] = amount
    yield from (replace(due, cents=amount) for due, amount in zip(parts, cents, strict=True))


def _of_terms(agreement_id: int, reference: str, terms: Terms) -> Iterator[Due]:
    seen: Counter[str] = Counter()
    for due in compute.instalments(terms):
        partner = terms.partners[due.partner]
        if partner.organisation_id is None or terms.starts_on is None or terms.ends_on is None:
            continue  # nobody the portal knows, or no term: agreements refuse both
        label = hashlib.sha256(due.label.encode()).hexdigest()[:12]
        key = f"{agreement_id}:{partner.organisation_id}:{due.year}:{label}"
        seen[key] += 1
        yield Due(
            key=f"{key}:{seen[key]}",
            agreement_id=agreement_id,
            reference=reference,
            title=terms.title,
            organisation_id=partner.organisation_id,
            partner=partner.name,
            year=due.year,
            label=due.label,
            on=due.on,
            condition=due.condition,
            cents=due.cents,
            is_claim=partner.pays_by == PaymentDocument.CLAIM,
            payment_days=terms.deadlines.payment_days,
            period_from=max(terms.starts_on, date(due.year, 1, 1)),
            period_to=min(terms.ends_on, date(due.year, 12, 31)),
        )
