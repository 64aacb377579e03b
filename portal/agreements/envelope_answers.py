"""What else than signing: not signing, letting a delegate sign, stopping, reminding, expiring."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import select

from portal.accounts import service as accounts
from portal.agreements import envelope_notices, envelope_subjects, envelope_turns, envelopes
from portal.agreements.envelope_codes import Circumstances
from portal.agreements.envelope_states import workflow
from portal.agreements.models import (
    Delegation,
    Envelope,
    EnvelopeSignatory,
    EnvelopeStatus,
    SignatoryStatus,
)
from portal.core import audit, clock
from portal.core.db import db
from portal.core.documents import Document
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.jobs import periodic
from portal.core.permissions import Actor
from portal.core.terms import days
from portal.directory.kinds import OrganisationKind
from portal.directory.models import Organisation


def decline(actor: Actor, signatory: EnvelopeSignatory, reason: str, where: Circumstances) -> None:
    """Refuse to sign, with the reason; signatures that were put stay. Raises DomainError."""
    envelope = signatory.envelope
    workflow.expect(envelope, None)
    envelope_turns.check_turn(signatory)
    signatory.account_id = actor.account_id
    signatory.status, signatory.reason = SignatoryStatus.DECLINED, reason
    signatory.answered_at = clock.now()
    envelope.stopped_reason = reason
    workflow.fire(
        envelope, "decline", actor, signatory=signatory, address=where.address, note=reason
    )
    envelope_subjects.stopped(envelope)


def forward(
    actor: Actor,
    signatory: EnvelopeSignatory,
    given: Mapping[str, str],
    *,
    given_on: date,
    document: Document,
    where: Circumstances,
) -> EnvelopeSignatory:
    """Let a delegate of the same party sign in one's place, by written delegation.

    given: name, capacity and email of the delegate. A delegate cannot pass it on, and nobody signs
    twice. Raises DomainError.
    """
    envelope = signatory.envelope
    workflow.expect(envelope, None)
    envelope_turns.check_turn(signatory)
    email = accounts.normalise_email(given["email"])
    _check_delegate(actor, signatory, email, given_on)
    signatory.account_id = actor.account_id
    signatory.status = SignatoryStatus.FORWARDED
    signatory.answered_at = clock.now()
    delegate = EnvelopeSignatory(
        position=len(envelope.signatories) + 1,
        field=signatory.field,
        step=signatory.step,
        organisation_id=signatory.organisation_id,
        party=signatory.party,
        name=given["name"],
        capacity=given["capacity"],
        instead_of=signatory.capacity,
        email=email,
        status=SignatoryStatus.PENDING,
        delegated_from_id=signatory.id,
        delegation_id=document.id,
    )
    envelope.signatories.append(delegate)
    _record(actor, signatory, delegate, given_on, document)
    note = f"{signatory.name} → {delegate.name} ({delegate.capacity})"
    workflow.fire(envelope, "forward", actor, signatory=signatory, address=where.address, note=note)
    envelope_turns.invite_next(envelope, actor)
    return delegate


def _check_delegate(actor: Actor, signatory: EnvelopeSignatory, email: str, given_on: date) -> None:
    if signatory.delegated_from_id is not None:
        raise DomainError(N_("Wie zelf gemachtigd is, kan dat niet doorgeven."))
    if given_on > clock.today():
        raise DomainError(N_("Deze datum ligt in de toekomst."), "given_on")
    envelope = signatory.envelope
    if email == actor.email or any(one.email == email for one in envelope.signatories):
        raise DomainError(N_("Deze persoon tekent al: kies iemand anders."), "email")
    known = accounts.find_account(email)
    preparer = known is not None and known.id == envelope.prepared_by_id
    held = accounts.active_memberships(known.id) if known else []
    of_home_start = any(
        m.organisation and m.organisation.kind == OrganisationKind.HSV for m in held
    )
    party = db.session.get(Organisation, signatory.organisation_id or 0)
    home_start = signatory.party == envelopes.HOME_START
    for_home_start = party.kind == OrganisationKind.HSV if party else home_start
    if preparer or (of_home_start and not for_home_start):
        raise DomainError(N_("Kies iemand van de eigen organisatie."), "email")


def _record(
    actor: Actor,
    signatory: EnvelopeSignatory,
    delegate: EnvelopeSignatory,
    given_on: date,
    document: Document,
) -> None:
    """Keep it as any delegation of the agreement, which everybody can read there."""
    if signatory.organisation_id is None:
        return
    made = Delegation(
        agreement_id=signatory.envelope.agreement_id,
        organisation_id=signatory.organisation_id,
        from_capacity=signatory.capacity,
        to_name=delegate.name,
        to_capacity=delegate.capacity,
        given_on=given_on,
        document_id=document.id,
        recorded_by_id=actor.account_id,
        recorded_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    audit.record("agreement_delegation:record", made, actor=actor)


def cancel(actor: Actor | None, envelope: Envelope, reason: str, version: int | None) -> None:
    """Stop the signing for HSV, or of itself (None); who signed and who was asked hears why."""
    workflow.expect(envelope, version)
    envelope.stopped_reason = reason
    workflow.fire(envelope, "cancel", actor, note=reason, fields={"stopped_reason"})
    envelope_subjects.stopped(envelope)


def remind(actor: Actor | None, envelope: Envelope) -> int:
    """Write to everybody whose turn it is, once more. Returns how many."""
    asked = envelope_turns.turn_now(envelope)
    for one in asked:
        one.reminded_at = clock.now()
        workflow.fire(envelope, "remind", actor, signatory=one, note=one.name)
        envelope_turns.offer_account(one, actor)
        envelope_notices.invite(one, again=True)
    return len(asked)


@periodic(timedelta(hours=6))
def follow_up() -> int:
    """Remind who lets wait, and let expire what is past its last day. Returns how many acts."""
    out = db.session.scalars(
        select(Envelope).where(Envelope.status == EnvelopeStatus.OUT).order_by(Envelope.id)
    )
    return sum(_follow_up(envelope) for envelope in out)


def _follow_up(envelope: Envelope) -> int:
    if clock.today() > envelope.expires_on:
        workflow.expect(envelope, None)
        if envelope.status != EnvelopeStatus.OUT:
            return 0
        workflow.fire(envelope, "expire", None)
        envelope_subjects.stopped(envelope)
        return 1
    since = clock.now() - days("SIGNING_REMIND_DAYS")
    quiet = [
        one
        for one in envelope_turns.turn_now(envelope)
        if max(filter(None, (one.invited_at, one.reminded_at)), default=since) < since
    ]
    return remind(None, envelope) if quiet else 0
