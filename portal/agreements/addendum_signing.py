"""An addendum goes out for signature, comes back signed, and applies from its day."""

from collections.abc import Sequence
from datetime import date

from portal.agreements import (
    addenda,
    addendum_decisions,
    addendum_talk,
    agreement_branch,
    agreement_signing,
    envelope_answers,
    envelope_subjects,
    envelopes,
    in_force,
)
from portal.agreements.addendum_states import workflow
from portal.agreements.agreement_signing import Expected
from portal.agreements.envelopes import Invitee, Ready, Source
from portal.agreements.models import (
    Addendum,
    Agreement,
    Envelope,
    FileKind,
    RenewalOutcome,
    Status,
    Subject,
)
from portal.agreements.states import workflow as agreement_workflow
from portal.core import audit, clock
from portal.core.db import db
from portal.core.errors import ConflictError, NotFoundError
from portal.core.i18n import N_
from portal.core.permissions import Actor

_ENDED = N_("De overeenkomst is afgelopen.")


def expected(addendum: Addendum) -> list[Expected]:
    """Return who signs: each partner's people, then HSV's; of the bodies that decided."""
    terms = addendum.terms
    return agreement_signing.of_parties(
        terms, lambda party: addendum_decisions.signing(addendum, party)
    )


def make_ready(addendum: Addendum, invitees: Sequence[Invitee]) -> Ready:
    """Return the addendum, sealed and with its fields; changes nothing.

    Raises DomainError, DamagedDocumentError.
    """
    version = addendum_talk.latest(addendum)
    pdf, _document = addendum_talk.read(version, FileKind.PDF)
    _word, docx = addendum_talk.read(version, FileKind.WORD)
    assert addendum.number is not None
    title = f"Addendum {addendum.number}: {addendum.terms.title}"
    reference = f"{addendum.agreement.reference}, addendum {addendum.number}"
    source = Source(Subject.ADDENDUM, addendum.number, title[:200], reference, pdf, docx)
    return envelopes.make_ready(source, invitees)


def send(
    actor: Actor, addendum: Addendum, ready: Ready, expires_on: date, version: int | None
) -> Envelope:
    """Send an addendum out for signature. Raises ConflictError or DomainError."""
    workflow.expect(addendum, version)
    agreement_workflow.expect(addendum.agreement, None)  # numbers of envelopes are its own
    if addendum.agreement.status != Status.ACTIVE:
        raise ConflictError(addendum_talk.NEWER)
    envelope = envelopes.prepare(actor, addendum.agreement, ready, expires_on)
    workflow.fire(addendum, "send_for_signature", actor)
    envelopes.send(actor, envelope)
    return envelope


def _of(envelope: Envelope) -> Addendum:
    for one in envelope.agreement.addenda:
        if one.number == envelope.subject_number:
            return one
    raise NotFoundError()


def _completed(envelope: Envelope) -> None:
    conclude(_of(envelope))


def conclude(addendum: Addendum) -> None:
    """Let an addendum that everybody signed apply from its day, or from today when signing took
    longer; the money, the dates and the area follow from its terms."""
    agreement = addendum.agreement
    agreement_workflow.expect(agreement, None)
    workflow.expect(addendum, None)
    assert addendum.from_on is not None
    before, after = in_force.concluded(agreement), addendum.terms
    since = max(addendum.from_on, clock.today())
    addendum.signed_at = addendum.changed_at = clock.now()
    addendum.in_force_on = since
    note = agreement_branch.follow(agreement, before, after, since)
    workflow.fire(addendum, "conclude", None, on=since, note=note)
    agreement.show(in_force.concluded(agreement))
    _close_renewal(agreement)
    number = addendum.number
    agreement_workflow.fire(
        agreement, "amend", None, on=since, note=f"Addendum {number}", fields={"ends_on", "area"}
    )


def _close_renewal(agreement: Agreement) -> None:
    """Close the question whether to go on, once an addendum moved the end."""
    for asked in agreement.renewals:
        if asked.closed_at is None and agreement.ends_on and asked.ends_on < agreement.ends_on:
            asked.closed_at, asked.outcome = clock.now(), RenewalOutcome.ADDENDUM
            audit.record("agreement_renewal_round:close", asked, fields={"outcome"})
            db.session.flush()


def _stopped(envelope: Envelope) -> None:
    """The text stays approved: HSV sends it again, writes it anew, or withdraws it."""
    addendum = _of(envelope)
    workflow.expect(addendum, None)
    workflow.fire(addendum, "stop_signing", None, note=envelope.stopped_reason)


envelope_subjects.follow(Subject.ADDENDUM, completed=_completed, stopped=_stopped)


def expire(agreement: Agreement) -> None:
    """Let what was not signed before its agreement ended come to nothing."""
    found = addenda.open_one(agreement)
    if found is None:
        return
    workflow.expect(found, None)
    out = envelopes.under_way(agreement, Subject.ADDENDUM)
    if out is not None:
        envelope_answers.cancel(None, out, _ENDED, None)
    workflow.fire(found, "discard" if found.number is None else "expire", None)
