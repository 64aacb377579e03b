"""Envelopes: a frozen PDF gets its fields and HSV's seal, and goes out to who must sign it.

    source = envelopes.Source(Subject.ADDENDUM, 2, title, reference, pdf, docx)
    ready = envelopes.make_ready(source, invitees)
    envelope = envelopes.prepare(actor, agreement, ready, expires_on)
    envelopes.send(actor, envelope)

`make_ready` takes a moment and touches no database: call it outside the transaction that keeps.
What was sealed is never made again.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select

from portal.accounts import service as accounts
from portal.agreements import envelope_turns
from portal.agreements.envelope_states import workflow
from portal.agreements.models import (
    Agreement,
    Envelope,
    EnvelopeRevision,
    EnvelopeSignatory,
    EnvelopeStatus,
    SignatoryStatus,
    Subject,
)
from portal.core import clock, documents, signing
from portal.core.db import db
from portal.core.documents import DamagedDocumentError, Document
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.core.signing.sealing import SEAL_FIELD, said_at, seal_of
from portal.directory.kinds import OrganisationKind
from portal.directory.models import Organisation

PDF = "application/pdf"
HOME_START = "Home-Start Vlaanderen vzw"
DEMONSTRATION = (
    "DEMONSTRATIE: verzegeld en ondertekend met testcertificaten. Dit document heeft geen "
    "rechtswaarde."
)


@dataclass(frozen=True)
class Invitee:
    """Somebody who must sign. Those with the same `slot` can each do it, one is enough; without a
    slot everybody signs. A lower `step` goes first."""

    party: str
    name: str
    capacity: str
    email: str
    organisation_id: int | None = None
    instead_of: str = ""
    step: int = 1
    slot: int | None = None


@dataclass(frozen=True)
class Source:
    """What is to be signed: which subject and which of them, its title, the reference printed with
    it, the PDF as it was frozen, and the Word it came from, to read on screen."""

    subject: Subject
    number: int
    title: str
    reference: str
    pdf: bytes
    docx: Document | None = None


@dataclass(frozen=True)
class Ready:
    """A sealed PDF with an empty field for each signature, and whose field is whose."""

    source: Source
    sealed: bytes
    invitees: tuple[tuple[str, Invitee], ...]


def make_ready(source: Source, invitees: Sequence[Invitee]) -> Ready:
    """Return the document with its page of signatures, sealed. Raises DomainError."""
    if not invitees:
        raise DomainError(N_("Er is nog niemand die ondertekent."))
    pki = signing.pki()
    seal_of(pki)  # before the work, not after it
    placed = _placed(invitees)
    boxes = [signing.Box(SEAL_FIELD, ("Zegel", "na dit zegel kan alleen nog getekend worden"))]
    for field in dict.fromkeys(field for field, _one in placed):
        boxes.append(signing.Box(field, _box_lines([one for f, one in placed if f == field])))
    intro = (source.title, f"Kenmerk {source.reference}")
    warning = DEMONSTRATION if pki.demonstration else ""
    footer = f"Handtekeningen bij {source.reference}"
    sheet = signing.draw("Handtekeningen", intro, boxes, warning, footer)
    lines = ("Verzegeld door", HOME_START, said_at())
    stamp = signing.Stamp(HOME_START, f"Verzegeld: {source.reference}", lines=lines)
    sealed = signing.seal_with_fields(source.pdf, sheet, stamp, pki)
    return Ready(source, sealed, tuple(placed))


def _placed(invitees: Sequence[Invitee]) -> list[tuple[str, Invitee]]:
    """Return each invitee with the name of the field to sign in, in the order of the steps."""
    found: list[tuple[str, Invitee]] = []
    fields: dict[int, str] = {}
    ordered = sorted(invitees, key=lambda one: one.step)
    for one in ordered:
        field = f"Tekenaar{len({f for f, _ in found}) + 1}"
        if one.slot is not None:
            field = fields.setdefault(one.slot, field)
        found.append((field, one))
    return found


def _box_lines(people: list[Invitee]) -> tuple[str, ...]:
    names = " of ".join(one.name for one in people)
    capacities = " of ".join(dict.fromkeys(one.capacity for one in people))
    instead = next((f"in de plaats van: {o.instead_of}" for o in people if o.instead_of), "")
    return tuple(filter(None, (names, capacities, people[0].party, instead)))


def prepare(actor: Actor, agreement: Agreement, ready: Ready, expires_on: date) -> Envelope:
    """Keep a sealed document and who must sign it. Nobody is asked yet: see `send`.

    Raises DomainError when one of the people cannot be asked, or something is out already.
    """
    if expires_on <= clock.today():
        raise DomainError(N_("Kies een dag in de toekomst."), "expires_on")
    if under_way(agreement, ready.source.subject):
        raise DomainError(N_("Er is al een document ter ondertekening."))
    invitees = [(field, _checked(actor, one)) for field, one in ready.invitees]
    emails = [one.email for _field, one in invitees]
    if len(set(emails)) < len(emails):
        raise DomainError(N_("Elke ondertekenaar heeft een eigen e-mailadres nodig."))
    envelope = Envelope(
        agreement_id=agreement.id,
        number=_next_number(agreement),
        subject=ready.source.subject,
        subject_number=ready.source.number,
        title=ready.source.title[:200],
        status=EnvelopeStatus.PREPARED,
        version=1,
        source_sha256=hashlib.sha256(ready.source.pdf).digest(),
        docx_id=ready.source.docx.id if ready.source.docx else None,
        prepared_by_id=actor.account_id,
        prepared_at=clock.now(),
        expires_on=expires_on,
    )
    envelope.agreement = agreement
    db.session.add(envelope)
    for position, (field, one) in enumerate(invitees, 1):
        envelope.signatories.append(_signatory(position, field, one))
    db.session.flush()
    keep_revision(envelope, SEAL_FIELD, ready.sealed, {"seal": HOME_START})
    workflow.fire(envelope, "prepare", actor)
    return envelope


def _checked(actor: Actor, one: Invitee) -> Invitee:
    """Return who is asked, once sure that the one who sends cannot sign in their place."""
    if not one.name.strip() or not one.capacity.strip():
        raise DomainError(N_("Vul van iedereen die tekent de naam en de hoedanigheid in."))
    email = accounts.normalise_email(one.email)
    organisation = db.session.get(Organisation, one.organisation_id or 0)
    own = organisation.kind == OrganisationKind.HSV if organisation else one.party == HOME_START
    if not own and (email == actor.email or _works_for_home_start(email)):
        raise DomainError(
            N_(
                "%(email)s is van iemand van Home-Start Vlaanderen: die tekent niet voor %(party)s."
            ),
            email=email,
            party=one.party,
        )
    return replace(one, email=email)


def _works_for_home_start(email: str) -> bool:
    known = accounts.find_account(email)
    if known is None:
        return False
    held = accounts.active_memberships(known.id)
    return any(m.organisation and m.organisation.kind == OrganisationKind.HSV for m in held)


def _signatory(position: int, field: str, one: Invitee) -> EnvelopeSignatory:
    known = accounts.find_account(one.email)
    return EnvelopeSignatory(
        position=position,
        field=field,
        step=one.step,
        organisation_id=one.organisation_id,
        party=one.party[:160],
        name=one.name.strip()[:120],
        capacity=one.capacity.strip()[:120],
        instead_of=one.instead_of[:120],
        email=one.email,
        status=SignatoryStatus.PENDING,
        account_id=known.id if known else None,
    )


def send(actor: Actor, envelope: Envelope) -> None:
    """Ask those whose turn it is to sign."""
    envelope.sent_at = clock.now()
    workflow.fire(envelope, "send", actor, fields={"sent_at"})
    envelope_turns.invite_next(envelope, actor)


def keep_revision(
    envelope: Envelope,
    field: str,
    data: bytes,
    evidence: dict[str, object],
    signatory: EnvelopeSignatory | None = None,
) -> EnvelopeRevision:
    """Keep a state of the PDF for ever, in the transaction under way."""
    number = len(envelope.revisions)
    name = f"{envelope.agreement.reference} {envelope.title} ({envelope.number}.{number}).pdf"
    document = documents.put(data, name, PDF)
    db.session.flush()
    kept = EnvelopeRevision(
        number=number,
        field=field,
        document_id=document.id,
        sha256=hashlib.sha256(data).digest(),
        size_bytes=len(data),
        signatory_id=signatory.id if signatory else None,
        way=signatory.way if signatory else None,
        evidence_json=evidence,
        made_at=clock.now(),
    )
    kept.document = document
    envelope.revisions.append(kept)
    db.session.flush()
    return kept


def read(revision: EnvelopeRevision) -> bytes:
    """Return a state of the PDF as it was kept. Raises DamagedDocumentError."""
    data = documents.read(revision.document)
    if not hmac.compare_digest(hashlib.sha256(data).digest(), revision.sha256):
        raise DamagedDocumentError(f"revision {revision.number} of envelope {revision.envelope_id}")
    return data


def of_agreement(agreement: Agreement) -> list[Envelope]:
    """Return the envelopes of an agreement, the newest first."""
    rows = db.session.scalars(
        select(Envelope)
        .where(Envelope.agreement_id == agreement.id)
        .order_by(Envelope.number.desc())
    )
    return list(rows)


def find(agreement: Agreement, number: int) -> Envelope:
    """Return one envelope of an agreement one may see. Raises NotFoundError."""
    found = db.session.scalar(
        select(Envelope).where(Envelope.agreement_id == agreement.id, Envelope.number == number)
    )
    if found is None:
        raise NotFoundError()
    return found


def under_way(agreement: Agreement, subject: Subject) -> Envelope | None:
    """Return what is prepared or out on this subject, if anything is."""
    return db.session.scalar(
        select(Envelope).where(
            Envelope.agreement_id == agreement.id,
            Envelope.subject == subject,
            Envelope.status.in_((EnvelopeStatus.PREPARED, EnvelopeStatus.OUT)),
        )
    )


def asked(actor: Actor, signatory_id: int) -> EnvelopeSignatory:
    """Return what this very person is asked to sign. Raises NotFoundError for anybody else."""
    found = db.session.scalar(
        select(EnvelopeSignatory).where(
            EnvelopeSignatory.id == signatory_id, EnvelopeSignatory.of(actor)
        )
    )
    if found is None or found.invited_at is None:
        raise NotFoundError()
    return found


def waiting_for(actor: Actor) -> list[EnvelopeSignatory]:
    """Return what this person can sign now."""
    rows = db.session.scalars(
        select(EnvelopeSignatory)
        .join(Envelope)
        .where(
            EnvelopeSignatory.of(actor),
            EnvelopeSignatory.status == SignatoryStatus.PENDING,
            EnvelopeSignatory.invited_at.is_not(None),
            Envelope.status == EnvelopeStatus.OUT,
        )
        .order_by(Envelope.expires_on, EnvelopeSignatory.id)
    )
    return list(rows)


def _next_number(agreement: Agreement) -> int:
    """Return the number of the next envelope; who writes holds the agreement's row."""
    last = db.session.scalar(
        select(func.max(Envelope.number)).where(Envelope.agreement_id == agreement.id)
    )
    return (last or 0) + 1
