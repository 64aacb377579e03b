"""An agreement goes out for signature, comes back signed, and begins on its start date."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from portal.accounts import service as accounts
from portal.agreements import (
    agreement_branch,
    decisions,
    envelope_subjects,
    envelopes,
    proposing,
)
from portal.agreements.envelopes import Invitee, Ready, Source
from portal.agreements.models import Agreement, Envelope, Status, Subject
from portal.agreements.signatories import Signatory
from portal.agreements.states import workflow
from portal.agreements.terms import Party, Terms
from portal.core import clock
from portal.core.db import db
from portal.core.errors import ConflictError
from portal.core.i18n import N_
from portal.core.jobs import periodic
from portal.core.permissions import Actor
from portal.core.terms import days
from portal.directory.folding import fold
from portal.directory.kinds import OrganisationKind
from portal.directory.models import Organisation


@dataclass(frozen=True)
class Expected:
    """Somebody who must sign the agreement, as follows from decisions and delegations."""

    party: str
    name: str
    capacity: str
    organisation_id: int | None
    instead_of: str = ""
    ours: bool = False  # for HSV itself


def expected(agreement: Agreement) -> list[Expected]:
    """Return who signs the version that was agreed: each partner's people, then HSV's."""
    terms = decisions.agreed_version(agreement).terms
    return of_parties(terms, lambda party: decisions.signing(agreement, party))


def of_parties(terms: Terms, signing: Callable[[Party], Iterable[Signatory]]) -> list[Expected]:
    """Return who signs for each party of some terms, HSV last; `signing`: a party's people."""
    home_start = db.session.scalar(
        select(Organisation.id).where(Organisation.kind == OrganisationKind.HSV).limit(1)
    )
    return [
        Expected(
            party.name,
            who.name,
            who.capacity,
            home_start if party is terms.hsv else party.organisation_id,
            who.instead_of,
            party is terms.hsv,
        )
        for party in (*terms.partners, terms.hsv)
        for who in signing(party)
    ]


def known_email(one: Expected) -> str:
    """Return the address of an account of that name in that organisation; nothing without."""
    if one.organisation_id is None:
        return ""
    people = accounts.members_of_organisation(one.organisation_id)
    return next((p.email for p in people if fold(p.name) == fold(one.name)), "")


def last_day() -> date:
    """Return the day until which people may sign, as usual."""
    return clock.today() + days("SIGNING_DAYS")


def make_ready(agreement: Agreement, invitees: list[Invitee]) -> Ready:
    """Return the agreed version, sealed and with its fields; changes nothing.

    Raises DomainError, DamagedDocumentError.
    """
    version = decisions.agreed_version(agreement)
    pdf, _document = proposing.read(version, "pdf")
    title = version.terms.title or agreement.title
    reference = f"{agreement.reference}, versie {version.number}"
    source = Source(Subject.AGREEMENT, version.number, title, reference, pdf, version.docx)
    return envelopes.make_ready(source, invitees)


def send(
    actor: Actor, agreement: Agreement, ready: Ready, expires_on: date, version: int | None
) -> Envelope:
    """Send the agreement out for signature. Raises ConflictError or DomainError."""
    workflow.expect(agreement, version)
    if ready.source.number != agreement.agreed_number:
        raise ConflictError(N_("Intussen is een andere versie afgesproken."))
    envelope = envelopes.prepare(actor, agreement, ready, expires_on)
    workflow.fire(agreement, "send_for_signature", actor, number=agreement.agreed_number)
    envelopes.send(actor, envelope)
    return envelope


def _completed(envelope: Envelope) -> None:
    agreement = envelope.agreement
    workflow.expect(agreement, None)
    agreement.signed_at = clock.now()
    workflow.fire(agreement, "complete_signing", None, number=envelope.subject_number)
    _start_when_due(agreement)


def _stopped(envelope: Envelope) -> None:
    """The text stays approved: HSV sends it again, or opens it for discussion."""
    agreement = envelope.agreement
    workflow.expect(agreement, None)
    workflow.fire(agreement, "stop_signing", None, note=envelope.stopped_reason)


envelope_subjects.follow(Subject.AGREEMENT, completed=_completed, stopped=_stopped)


def _start_when_due(agreement: Agreement) -> bool:
    terms = decisions.agreed_version(agreement).terms
    if terms.starts_on is None or terms.starts_on > clock.today():
        return False
    note = agreement_branch.open_for(agreement, terms, terms.starts_on)
    workflow.fire(agreement, "start", None, on=terms.starts_on, note=note)
    return True


@periodic(timedelta(hours=1))
def start_due() -> int:
    """Let the agreements begin whose first day it is: active, their branch and area open."""
    signed = db.session.scalars(
        select(Agreement)
        .where(Agreement.status == Status.SIGNED, Agreement.starts_on <= clock.today())
        .order_by(Agreement.id)
    )
    started = 0
    for agreement in signed:
        workflow.expect(agreement, None)
        if agreement.status == Status.SIGNED:
            started += _start_when_due(agreement)
    return started
