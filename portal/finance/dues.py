"""What the agreements in force say is due: finance asks, agreements announce nothing."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, and_, select

from portal.agreements import in_force, instalments
from portal.agreements.in_force import Later, Layer
from portal.agreements.models import Addendum, AddendumStatus, Agreement, AgreementVersion, Status
from portal.agreements.terms import PaymentDocument, Terms
from portal.core.db import db
from portal.core.money import allocate
from portal.core.permissions import Actor, Permission
from portal.finance.models import BilledInstalment, Budget, BudgetLine, LineKind

# By agreement, year and organisation: cents, and the addendum the budget was drawn from.
Indexed = Mapping[tuple[int, int, int], tuple[int, int | None]]
Billed = Mapping[str, int]  # cents by the key of what was asked for


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

    The parts are those of the version that was agreed and of the addenda since, in the order of
    the terms, run on after a renewal. A year whose budget was indexed is shared out as its budget
    has it. What was asked for already stays as it was asked; the parts that were not make up for
    it, so that a year comes to what was agreed for it.
    """
    agreed = and_(
        AgreementVersion.agreement_id == Agreement.id,
        AgreementVersion.number == Agreement.agreed_number,
    )
    runs = and_(Agreement.status == Status.ACTIVE, which)
    indexed, later = _indexed(runs), _later(runs)
    billed = _billed() if indexed or later else {}
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
        terms = Terms.from_json(terms_json)
        layers = in_force.layered(terms, renewed_until, later.get(agreement_id, ()))
        yield from _settled(_of_layers(agreement_id, reference, layers), layers, indexed, billed)


def _later(which: ColumnElement[bool]) -> dict[int, list[Later]]:
    """Return what the addenda that all parties signed bring, by agreement."""
    query = (
        select(
            Addendum.agreement_id,
            Addendum.terms_json,
            Addendum.in_force_on,
            Addendum.number,
            Addendum.renewed_until,
        )
        .join(Agreement, Agreement.id == Addendum.agreement_id)
        .where(which, Addendum.status == AddendumStatus.CONCLUDED)
    )
    found: defaultdict[int, list[Later]] = defaultdict(list)
    for agreement_id, terms_json, from_on, number, renewed_until in db.session.execute(query):
        if from_on is not None:
            terms = Terms.from_json(terms_json)
            found[agreement_id].append(Later(terms, from_on, number, renewed_until))
    return found


def _billed() -> Billed:
    rows = db.session.execute(select(BilledInstalment.due_key, BilledInstalment.cents))
    return {row.due_key: row.cents for row in rows}


def _indexed(which: ColumnElement[bool]) -> Indexed:
    """Return what partners bear in the years whose budget says otherwise than the agreement."""
    query = (
        select(
            Budget.agreement_id,
            Budget.year,
            BudgetLine.organisation_id,
            BudgetLine.planned_cents,
            Budget.addendum_number,
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
        (agreement_id, year, organisation_id): (cents, number)
        for agreement_id, year, organisation_id, cents, number in db.session.execute(query)
        if organisation_id is not None and cents is not None
    }


def _settled(
    found: Iterable[Due], layers: list[Layer], indexed: Indexed, billed: Billed
) -> Iterator[Due]:
    """Yield the same parts with the amounts that make each year come to what was agreed for it,
    or to what it is once indexed. A part of which nothing is left to ask is left out.

    A budget that an addendum changed since is no longer what the year comes to.
    """
    parts = list(found)
    cents = [billed.get(due.key, due.cents) for due in parts]
    places: defaultdict[tuple[int, int, int], list[int]] = defaultdict(list)
    for place, due in enumerate(parts):
        places[due.agreement_id, due.year, due.organisation_id].append(place)
    for key, those in places.items():
        total = sum(parts[place].cents for place in those)
        planned, number = indexed.get(key, (total, None))
        if number == in_force.in_year(layers, key[1]).number:
            total = planned
        open_ones = [place for place in those if parts[place].key not in billed]
        rest = total - sum(cents[place] for place in those if place not in open_ones)
        signed = [parts[place].cents for place in open_ones]
        if sum(signed) > 0 and rest != sum(signed):
            for place, amount in zip(open_ones, allocate(max(rest, 0), signed), strict=True):
                cents[place] = amount
    yield from (
        replace(due, cents=amount) for due, amount in zip(parts, cents, strict=True) if amount
    )


def _of_layers(agreement_id: int, reference: str, layers: Sequence[Layer]) -> Iterator[Due]:
    seen: Counter[str] = Counter()
    for owed in instalments.of(layers):
        due, terms = owed.due, owed.terms
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
