"""What the bodies of the partners decided on an addendum: the same bodies, in the same way."""

from portal.agreements import decisions, signatories
from portal.agreements.addendum_states import workflow
from portal.agreements.decisions import DecisionDetails
from portal.agreements.models import Addendum, AddendumStatus, Decision
from portal.agreements.signatories import Signatory
from portal.agreements.terms import Party
from portal.core import clock
from portal.core.db import db
from portal.core.documents import Document
from portal.core.errors import NotFoundError
from portal.core.permissions import Actor, Permission


def record(
    actor: Actor,
    addendum: Addendum,
    organisation_id: int,
    details: DecisionDetails,
    *,
    document: Document | None = None,
    version: int | None = None,
) -> Decision:
    """Record the decision of one's own organisation; HSV may do it for a partner.

    Raises DomainError, ConflictError, NotAllowedError for another partner's.
    """
    own = organisation_id == actor.organisation_id
    workflow.expect(addendum, version)
    db.session.refresh(addendum, ["decisions"])
    if addendum.latest is None:
        raise NotFoundError()
    party = decisions.party_of(addendum.terms, organisation_id)
    decisions.check(party, details, addendum.latest.proposed_at)
    workflow.fire(
        addendum,
        "record_decision" if own else "record_decision_for",
        actor,
        on=details.decided_on,
        note=f"{party.name}: {details.title}",
    )
    decisions.replace_earlier(addendum.decisions, organisation_id, addendum.id)
    made = decisions.made_by(actor, organisation_id, addendum.latest.number, details, document)
    made.agreement_id = addendum.agreement_id
    addendum.decisions.append(made)
    db.session.flush()
    approve_when_complete(actor, addendum)
    return made


def current(addendum: Addendum) -> dict[int, Decision]:
    """Return the decision in force per organisation, on the version all agreed with."""
    number = addendum.latest.number if addendum.latest else None
    return {
        row.organisation_id: row
        for row in addendum.decisions
        if row.version_number == number and row.replaced_at is None
    }


def awaited(addendum: Addendum) -> list[Party]:
    """Return the public partners whose decision is not there yet; none before all agreed."""
    if addendum.agreed_at is None:
        return []
    there = current(addendum)
    partners = addendum.terms.partners
    return [p for p in partners if p.is_public and p.organisation_id not in there]


def approve_when_complete(actor: Actor | None, addendum: Addendum) -> bool:
    """Approve an addendum when no decision is awaited any more. Returns whether it did."""
    if addendum.status != AddendumStatus.AGREED or awaited(addendum):
        return False
    addendum.approved_at = clock.now()
    by = actor if actor and actor.can(Permission.AGREEMENT_NEGOTIATE) else None
    workflow.fire(addendum, "approve", by)
    return True


def signing(addendum: Addendum, party: Party) -> list[Signatory]:
    """Return who signs an addendum for a party: by the body that decided, else that will.

    A delegation to sign the agreement is not one to sign this; who signs can pass it on.
    """
    decided = current(addendum).get(party.organisation_id or 0)
    body = decided.body if decided else None
    on = decided.decided_on if decided else clock.today()
    return signatories.signatories(party, body, (), on)
