"""What the bodies of the partners decided, who may sign in whose place, and when that is enough.

A decision is about the version everybody agreed to, of the agreement or of an addendum
(`addendum_decisions`). It is corrected by a new one; the old one
stays. When every public partner's decision is there, the agreement is approved.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from sqlalchemy import select

from portal.agreements import signatories
from portal.agreements.models import Agreement, AgreementVersion, Decision, Delegation, Status, Turn
from portal.agreements.states import workflow
from portal.agreements.terms import DecidingBody, Party, Terms
from portal.core import audit, clock
from portal.core.db import db
from portal.core.documents import Document
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.permissions import Actor, Permission

LONGEST_ADDRESS = 500


@dataclass(frozen=True)
class DecisionDetails:
    """A decision as its organisation records it. uri: of the published decision; page_url: where
    people read it. Neither is ever fetched."""

    body: DecidingBody
    decided_on: date
    title: str
    number: str = ""
    uri: str = ""
    page_url: str = ""


def record_decision(
    actor: Actor,
    agreement: Agreement,
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
    action = "record_decision" if own else "record_decision_for"
    workflow.expect(agreement, version)
    db.session.refresh(agreement, ["decisions"])
    agreed = agreed_version(agreement)
    party = party_of(agreed.terms, organisation_id)
    check(party, details, agreed.proposed_at)
    workflow.fire(
        agreement,
        action,
        actor,
        number=agreement.agreed_number,
        on=details.decided_on,
        note=f"{party.name}: {details.title}",
    )
    replace_earlier(agreement.decisions, organisation_id, None)
    made = made_by(actor, organisation_id, agreed.number, details, document)
    agreement.decisions.append(made)
    db.session.flush()
    approve_when_complete(actor, agreement)
    return made


def made_by(
    actor: Actor,
    organisation_id: int,
    version_number: int,
    details: DecisionDetails,
    document: Document | None,
) -> Decision:
    """Return a decision to keep, recorded by this person now."""
    return Decision(
        organisation_id=organisation_id,
        version_number=version_number,
        **vars(details),
        document_id=document.id if document else None,
        recorded_by_id=actor.account_id,
        recorded_at=clock.now(),
    )


def check(party: Party, details: DecisionDetails, proposed_at: datetime) -> None:
    """Raise DomainError unless this body can have decided this, after it was proposed."""
    if details.body not in signatories.bodies(party.kind):
        raise DomainError(N_("Dit orgaan beslist niet voor deze partner."), "body")
    if details.decided_on > clock.today():
        raise DomainError(N_("Deze datum ligt in de toekomst."), "decided_on")
    proposed_on = clock.local(proposed_at).date()
    if details.decided_on < proposed_on:
        message = N_("Deze datum ligt voor de dag waarop deze versie voorgesteld werd.")
        raise DomainError(message, "decided_on")
    if not details.title:
        raise DomainError(N_("Neem de titel van de beslissing over."), "title")
    for field in ("uri", "page_url"):
        check_address(getattr(details, field), field)


def check_address(address: str, field: str) -> None:
    """Raise DomainError unless this is an ordinary web address, or nothing."""
    if not address:
        return
    try:
        parts = urlsplit(address)
        ordinary = parts.scheme in ("http", "https") and bool(parts.hostname)
        ordinary = ordinary and not parts.username and not parts.password
    except ValueError:
        ordinary = False
    odd = any(c.isspace() or not c.isprintable() for c in address)
    if not ordinary or odd or len(address) > LONGEST_ADDRESS:
        message = N_("Vul een webadres in dat begint met https:// of http://.")
        raise DomainError(message, field)


def replace_earlier(
    rows: Iterable[Decision], organisation_id: int, addendum_id: int | None
) -> None:
    """Let a decision of an organisation make place for a newer one on the same subject."""
    for earlier in rows:
        same = (earlier.organisation_id, earlier.addendum_id) == (organisation_id, addendum_id)
        if same and earlier.replaced_at is None:
            earlier.replaced_at = clock.now()


def current(agreement: Agreement) -> dict[int, Decision]:
    """Return the decision in force per organisation, on the version that was agreed."""
    return {
        row.organisation_id: row
        for row in agreement.decisions
        if row.addendum_id is None
        and row.version_number == agreement.agreed_number
        and row.replaced_at is None
    }


def awaited(agreement: Agreement) -> list[Party]:
    """Return the public partners whose decision is not there yet; none before everybody agreed."""
    if agreement.agreed_number is None:
        return []
    there = current(agreement)
    partners = agreed_version(agreement).terms.partners
    return [p for p in partners if p.is_public and p.organisation_id not in there]


def approve_when_complete(actor: Actor | None, agreement: Agreement) -> bool:
    """Approve the agreement when no decision is awaited any more. Returns whether it did."""
    if agreement.status != Status.AGREED:
        return False
    if awaited(agreement):
        agreement.turn = Turn.PARTNERS
        return False
    agreement.turn = Turn.NOBODY
    agreement.approved_at = clock.now()
    by = actor if actor and actor.can(Permission.AGREEMENT_NEGOTIATE) else None
    workflow.fire(agreement, "approve", by, number=agreement.agreed_number)
    return True


def record_delegation(
    actor: Actor,
    agreement: Agreement,
    given: Mapping[str, str],
    given_on: date,
    document: Document,
    *,
    version: int | None = None,
) -> Delegation:
    """Record who signs in whose place for one's organisation; `given` has from_capacity, to_name,
    to_capacity and note. A later delegation of the same capacity replaces it. Raises DomainError.
    """
    workflow.expect(agreement, version)
    if actor.organisation_id is None:
        raise NotFoundError()
    party = party_of(agreed_version(agreement).terms, actor.organisation_id)
    if given_on > clock.today():
        raise DomainError(N_("Deze datum ligt in de toekomst."), "given_on")
    expected = {s.instead_of or s.capacity for s in signing(agreement, party)}
    if given["from_capacity"] not in expected:
        raise DomainError(N_("Kies in wiens plaats er getekend wordt."), "from_capacity")
    note = f"{party.name}: {given['from_capacity']} → {given['to_name']}"
    workflow.fire(agreement, "record_delegation", actor, on=given_on, note=note)
    now = clock.now()
    for earlier in delegations(agreement, actor.organisation_id):
        if earlier.from_capacity == given["from_capacity"]:
            earlier.ended_at = now
    made = Delegation(
        agreement_id=agreement.id,
        organisation_id=actor.organisation_id,
        **{k: given[k] for k in ("from_capacity", "to_name", "to_capacity", "note")},
        given_on=given_on,
        document_id=document.id,
        recorded_by_id=actor.account_id,
        recorded_at=now,
    )
    db.session.add(made)
    db.session.flush()
    audit.record("agreement_delegation:record", made, actor=actor)
    return made


def delegations(agreement: Agreement, organisation_id: int) -> list[Delegation]:
    """Return the delegations in force of one organisation."""
    rows = db.session.scalars(
        select(Delegation)
        .where(
            Delegation.agreement_id == agreement.id,
            Delegation.organisation_id == organisation_id,
            Delegation.ended_at.is_(None),
        )
        .order_by(Delegation.id)
    )
    return list(rows)


def signing(agreement: Agreement, party: Party) -> list[signatories.Signatory]:
    """Return who signs for a party: by the body that decided, else by the body that will."""
    if party.organisation_id is None:
        return signatories.signatories(party, None, (), clock.today())
    decided = current(agreement).get(party.organisation_id)
    given = delegations(agreement, party.organisation_id)
    body = decided.body if decided else None
    on = decided.decided_on if decided else clock.today()
    return signatories.signatories(party, body, given, on)


def agreed_version(agreement: Agreement) -> AgreementVersion:
    """Return the version everybody agreed to. Raises NotFoundError before that."""
    for version in agreement.versions:
        if version.number == agreement.agreed_number:
            return version
    raise NotFoundError()


def party_of(terms: Terms, organisation_id: int) -> Party:
    """Return the party an organisation is in some terms. Raises NotFoundError."""
    for party in terms.partners:
        if party.organisation_id == organisation_id:
            return party
    raise NotFoundError()
