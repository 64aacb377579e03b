"""What the agreements in force say is due: finance asks, agreements announce nothing."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, select

from portal.agreements import compute
from portal.agreements.models import Agreement, AgreementVersion, Status
from portal.agreements.terms import PaymentDocument, Terms
from portal.core.db import db
from portal.core.permissions import Actor, Permission


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

    The amounts are those of the version that was agreed, in the order of the terms.
    """
    agreed = and_(
        AgreementVersion.agreement_id == Agreement.id,
        AgreementVersion.number == Agreement.agreed_number,
    )
    query = (
        select(Agreement.id, Agreement.reference, AgreementVersion.terms_json)
        .join(AgreementVersion, agreed)
        .where(Agreement.status == Status.ACTIVE, which)
        .order_by(Agreement.id)
        .execution_options(yield_per=50)
    )
    for agreement_id, reference, terms_json in db.session.execute(query):
        yield from _of_terms(agreement_id, reference, Terms.from_json(terms_json))


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
