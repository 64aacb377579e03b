"""Whose turn it is to sign, decided on the server: order, together, and one of several."""

from portal.accounts import service as accounts
from portal.agreements import envelope_notices, envelope_subjects
from portal.agreements.envelope_states import workflow
from portal.agreements.models import (
    Envelope,
    EnvelopeSignatory,
    EnvelopeStatus,
    SignatoryStatus,
)
from portal.core import clock, outbox
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.permissions import Actor, Role
from portal.directory.models import Organisation


def has_turn(signatory: EnvelopeSignatory) -> bool:
    """Say whether this person may sign now."""
    envelope = signatory.envelope
    missing = envelope.missing_fields
    return (
        envelope.status == EnvelopeStatus.OUT
        and signatory.status == SignatoryStatus.PENDING
        and clock.today() <= envelope.expires_on
        and signatory.field in missing
        and signatory.step == min(missing.values())
    )


def check_turn(signatory: EnvelopeSignatory) -> None:
    """Raise DomainError, with why, unless this person may sign now."""
    if has_turn(signatory):
        return
    envelope = signatory.envelope
    if signatory.status == SignatoryStatus.SIGNED:
        raise DomainError(N_("Je hebt dit document al ondertekend."))
    if signatory.status == SignatoryStatus.SPARED:
        raise DomainError(N_("Iemand anders heeft in jullie plaats al getekend."))
    if signatory.status != SignatoryStatus.PENDING or envelope.status != EnvelopeStatus.OUT:
        raise DomainError(N_("Dit document ligt niet meer voor om te ondertekenen."))
    if clock.today() > envelope.expires_on:
        raise DomainError(N_("De termijn om te ondertekenen is voorbij."))
    raise DomainError(N_("Je bent nog niet aan de beurt: anderen tekenen eerst."))


def turn_now(envelope: Envelope) -> list[EnvelopeSignatory]:
    """Return who may sign now."""
    return [one for one in envelope.signatories if has_turn(one)]


def invite_next(envelope: Envelope, actor: Actor | None) -> None:
    """Invite those whose turn it became."""
    for one in turn_now(envelope):
        if one.invited_at is None:
            one.invited_at = clock.now()
            workflow.fire(envelope, "invite", None, signatory=one, note=one.name)
            offer_account(one, actor)
            envelope_notices.invite(one)


def offer_account(signatory: EnvelopeSignatory, actor: Actor | None) -> None:
    """Let somebody without account make one, by a link in a mail that only they get."""
    known = accounts.find_account(signatory.email)
    if known is not None:
        signatory.account_id = signatory.account_id or known.id
        return
    organisation = db.session.get(Organisation, signatory.organisation_id or 0)
    inviting = actor or _preparer(signatory.envelope)
    try:
        accounts.invite(
            inviting,
            email=signatory.email,
            name=signatory.name,
            role=Role.SIGNATORY,
            organisation=organisation,
            function=signatory.capacity,
        )
    except DomainError:
        return  # there is an invitation already, which still works


def _preparer(envelope: Envelope) -> Actor:
    who = accounts.recipient(envelope.prepared_by_id)
    return Actor(who.account_id, who.name, who.email)


def after_signature(signatory: EnvelopeSignatory) -> None:
    """Spare those who could have signed in the same field; go on to who is next, or finish."""
    envelope = signatory.envelope
    for other in envelope.signatories:
        same = other.field == signatory.field and other is not signatory
        if same and other.status == SignatoryStatus.PENDING:
            other.status = SignatoryStatus.SPARED
            other.answered_at = clock.now()
    if envelope.missing_fields:
        invite_next(envelope, None)
        return
    envelope.completed_at = clock.now()
    workflow.fire(envelope, "complete", None, fields={"completed_at"})
    envelope_subjects.completed(envelope)
    outbox.enqueue("evidence", {"envelope_id": envelope.id}, key=f"evidence:{envelope.id}")
