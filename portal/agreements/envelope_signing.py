"""Putting a signature: in the portal, by one's own certificate, by a remote service, on paper.

Making a signature takes a moment; it is done on the newest state of the PDF, outside the
transaction that keeps it. If somebody else's was kept meanwhile, it is made again on theirs
(`StaleDocumentError`): nobody's signature is lost and nobody signs twice, however many sign at
once on however many processes.
"""

from dataclasses import dataclass
from typing import Any

from portal.agreements import envelope_codes, envelope_names, envelope_turns, envelopes
from portal.agreements.envelope_codes import Circumstances
from portal.agreements.envelope_states import workflow
from portal.agreements.models import EnvelopeSignatory, SignatoryStatus, Way
from portal.core import clock, signing
from portal.core.db import db
from portal.core.documents import Document
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.core.signing import NewSignature, RefusedSignatureError
from portal.core.signing.csc import RemoteService
from portal.core.signing.sealing import said_at, seal_of

MOST_ATTEMPTS = 12  # of as many who sign at the very same moment


class StaleDocumentError(DomainError):
    """Somebody else signed meanwhile: make the signature again on what is there now."""

    def __init__(self) -> None:
        super().__init__(N_("Intussen tekende iemand anders. Probeer nog eens."))


@dataclass(frozen=True)
class Put:
    """A signature that was made on a state of the PDF (`base`, its number), not kept yet."""

    base: int
    data: bytes
    way: Way
    evidence: dict[str, Any]


def in_portal(signatory: EnvelopeSignatory, where: Circumstances) -> Put:
    """Return the newest PDF with this person's signature, put by HSV's seal on their behalf.

    The signature says in whose name, in which capacity and how it was established who it is.
    """
    pki = signing.pki()
    base = signatory.envelope.latest
    reason = f"{signatory.name}, {signatory.capacity}, ondertekent voor {signatory.party}"
    lines = ("Elektronisch ondertekend door", *_who(signatory), said_at())
    stamp = signing.Stamp(signatory.name, reason, lines=lines)
    data = signing.sign(envelopes.read(base), signatory.field, stamp, seal_of(pki), pki)
    evidence = {"how": "sign-in and one-time code by e-mail", "browser": where.browser[:200]}
    return Put(base.number, data, Way.PORTAL, evidence)


def uploaded(signatory: EnvelopeSignatory, data: bytes) -> Put:
    """Return a PDF that was signed elsewhere, once it is sure by whom. Raises
    RefusedSignatureError."""
    envelope = signatory.envelope
    base = envelope.latest
    older = tuple(envelopes.read(one) for one in envelope.revisions[:-1])
    found = signing.check_addition(
        envelopes.read(base), data, signatory.field, signing.pki(), older=older
    )
    _check_name(signatory, found)
    return Put(base.number, data, Way.OWN_CERTIFICATE, _evidence(found))


def remotely(
    signatory: EnvelopeSignatory, service: RemoteService, credential: str, secret: str
) -> Put:
    """Return the newest PDF as signed by a remote service, held to the same rules as an upload.

    Raises RemoteServiceError or RefusedSignatureError.
    """
    base = signatory.envelope.latest
    before = envelopes.read(base)
    reason = f"{signatory.name}, {signatory.capacity}, ondertekent voor {signatory.party}"
    lines = ("Ondertekend met eigen certificaat door", *_who(signatory), said_at())
    stamp = signing.Stamp(signatory.name, reason, lines=lines)
    data = service.sign(before, signatory.field, stamp, credential, secret)
    found = signing.check_addition(before, data, signatory.field, signing.pki())
    _check_name(signatory, found)
    return Put(base.number, data, Way.REMOTE, _evidence(found) | {"service": service.name})


def keep(
    actor: Actor,
    signatory: EnvelopeSignatory,
    put: Put,
    where: Circumstances,
    *,
    code_id: int | None = None,
) -> None:
    """Keep a signature, and do what follows on it. Raises StaleDocumentError or DomainError."""
    envelope = signatory.envelope
    workflow.expect(envelope, None)
    db.session.refresh(envelope, ["revisions", "signatories"])
    for one in envelope.signatories:
        db.session.refresh(one, ["status"])
    envelope_turns.check_turn(signatory)
    if envelope.latest.number != put.base:
        raise StaleDocumentError
    if put.way == Way.PORTAL:
        envelope_codes.use(code_id or 0)
    signatory.account_id = actor.account_id
    signatory.status, signatory.way = SignatoryStatus.SIGNED, put.way
    signatory.answered_at = clock.now()
    evidence = {**put.evidence, "address": where.address}
    envelopes.keep_revision(envelope, signatory.field, put.data, evidence, signatory)
    _fire(actor, signatory, "sign", where, put.evidence.get("certificate", ""))
    envelope_turns.after_signature(signatory)


def refuse(
    actor: Actor, signatory: EnvelopeSignatory, refused: RefusedSignatureError, where: Circumstances
) -> None:
    """Note that an uploaded file was not accepted, so that HSV can help."""
    _fire(actor, signatory, "refuse_file", where, refused.message)


def record_wet_ink(actor: Actor, signatory: EnvelopeSignatory, scan: Document) -> None:
    """Record that somebody signed on paper; the scan is kept beside the sealed PDF, not in it.

    Raises DomainError.
    """
    envelope = signatory.envelope
    workflow.expect(envelope, None)
    for one in envelope.signatories:
        db.session.refresh(one, ["status"])
    envelope_turns.check_turn(signatory)
    signatory.status, signatory.way = SignatoryStatus.SIGNED, Way.WET_INK
    signatory.answered_at, signatory.scan_id = clock.now(), scan.id
    workflow.fire(envelope, "record_wet_ink", actor, signatory=signatory)
    envelope_turns.after_signature(signatory)


def _fire(
    actor: Actor, signatory: EnvelopeSignatory, action: str, where: Circumstances, note: str
) -> None:
    workflow.fire(
        signatory.envelope, action, actor, signatory=signatory, address=where.address, note=note
    )


def _who(signatory: EnvelopeSignatory) -> tuple[str, ...]:
    return (signatory.name, signatory.capacity)


def _check_name(signatory: EnvelopeSignatory, found: NewSignature) -> None:
    if not envelope_names.fits(signatory.name, found):
        raise RefusedSignatureError(
            N_("Dit certificaat staat op een andere naam dan die van wie moet ondertekenen.")
        )


def _evidence(found: NewSignature) -> dict[str, Any]:
    """Return what is kept of a certificate; never its serial number."""
    return {
        "how": "certificate",
        "certificate": f"{found.common_name} ({found.issuer})",
        "fingerprint": found.fingerprint,
        "timestamped": found.timestamped,
        "signed_at": found.signed_at.isoformat() if found.signed_at else "",
    }
