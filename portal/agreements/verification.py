"""Whether a PDF somebody shows us is genuine: by its hash in the archive, else by its seal."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from portal.agreements.models import (
    AddendumFile,
    AddendumVersion,
    AgreementVersion,
    Envelope,
    EnvelopeEvidence,
    EnvelopeRevision,
    EnvelopeStatus,
    FileKind,
    SignatoryStatus,
    Way,
)
from portal.core import signing
from portal.core.db import db
from portal.core.i18n import N_


class Verdict(StrEnum):
    GENUINE = "genuine"
    ALTERED = "altered"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """What a genuine file is."""

    SIGNED = "signed"  # by everybody
    PARTLY_SIGNED = "partly_signed"
    SEALED = "sealed"  # nobody signed yet
    EVIDENCE = "evidence"
    PROPOSAL = "proposal"  # a version as proposed, not sealed
    CONSOLIDATED = "consolidated"  # the text with an addendum, to read


@dataclass(frozen=True)
class Signer:
    """Somebody who signed the file shown."""

    name: str
    capacity: str
    party: str
    at: datetime
    way: Way


@dataclass(frozen=True)
class Finding:
    """The verdict and why (a message id); of a genuine file, what it is and who signed it."""

    verdict: Verdict
    why: str
    kind: Kind | None = None
    title: str = ""
    reference: str = ""
    made_at: datetime | None = None
    signers: tuple[Signer, ...] = ()
    stopped: bool = False  # signing it came to nothing
    sha256: str = ""


_SIGNED = N_("Dit is het document zoals het in het archief zit, door iedereen ondertekend.")
_PARTLY = N_("Dit is een echt exemplaar, maar toen had nog niet iedereen getekend.")
_SEALED = N_("Dit is een echt exemplaar, verzegeld, maar nog door niemand ondertekend.")
_EVIDENCE = N_("Dit is het bewijsstuk van een ondertekening, zoals het in het archief zit.")
_PROPOSAL = N_("Dit is een versie zoals ze voorgesteld werd. Ze is niet ondertekend.")
_CONSOLIDATED = N_(
    "Dit is een geconsolideerde tekst zoals hij bij een addendum hoort. Hij is niet ondertekend."
)
_PRINTED = (FileKind.PDF, FileKind.TEXT_PDF)
_ADDED = N_("Dit begint met een document uit het archief, maar er is later iets aan toegevoegd.")
_BROKEN = N_("Dit bestand draagt ons zegel, maar de inhoud is na het verzegelen veranderd.")
_ELSEWHERE = N_(
    "Dit bestand draagt een ongeschonden zegel van ons, maar zit niet in dit archief. Neem contact "
    "op met Home-Start Vlaanderen."
)
_UNKNOWN = N_("Dit bestand kennen we niet: het zit niet in het archief en draagt ons zegel niet.")


def verify(data: bytes) -> Finding:
    """Return what a file is. Reads only; anybody may ask."""
    digest = hashlib.sha256(data).digest()
    found = _in_archive(digest)
    if found is not None:
        return found
    verdict, why = _by_seal(data)
    return Finding(verdict, why, sha256=digest.hex())


def _in_archive(digest: bytes) -> Finding | None:
    revision = db.session.scalar(
        select(EnvelopeRevision).where(EnvelopeRevision.sha256 == digest).limit(1)
    )
    if revision is not None:
        return _revision(revision)
    evidence = db.session.scalar(
        select(EnvelopeEvidence).where(EnvelopeEvidence.sha256 == digest).limit(1)
    )
    if evidence is not None:
        envelope = db.session.get_one(Envelope, evidence.envelope_id)
        return _of(envelope, Kind.EVIDENCE, _EVIDENCE, evidence.made_at, digest)
    version = db.session.scalar(
        select(AgreementVersion).where(AgreementVersion.pdf_sha256 == digest).limit(1)
    )
    if version is None:
        return _of_addendum(digest)
    return Finding(
        Verdict.GENUINE,
        _PROPOSAL,
        Kind.PROPOSAL,
        version.terms.title,
        made_at=version.proposed_at,
        sha256=digest.hex(),
    )


def _of_addendum(digest: bytes) -> Finding | None:
    """Return what a document of an addendum is that is not the signed one itself."""
    version = db.session.scalar(
        select(AddendumVersion)
        .join(AddendumFile, AddendumFile.version_id == AddendumVersion.id)
        .where(AddendumFile.sha256 == digest, AddendumFile.kind.in_(_PRINTED))
        .limit(1)
    )
    if version is None:
        return None
    kinds = {one.sha256: one.kind for one in version.files}
    text = kinds[digest] == FileKind.TEXT_PDF
    return Finding(
        Verdict.GENUINE,
        _CONSOLIDATED if text else _PROPOSAL,
        Kind.CONSOLIDATED if text else Kind.PROPOSAL,
        version.terms.title,
        version.addendum.agreement.reference,
        version.proposed_at,
        sha256=digest.hex(),
    )


def _revision(revision: EnvelopeRevision) -> Finding:
    envelope = db.session.get_one(Envelope, revision.envelope_id)
    complete = envelope.status == EnvelopeStatus.COMPLETE
    last = max((r.number for r in envelope.revisions if r.signatory_id), default=0)
    if complete and revision.number >= last:
        kind, why = Kind.SIGNED, _SIGNED
    elif revision.number:
        kind, why = Kind.PARTLY_SIGNED, _PARTLY
    else:
        kind, why = Kind.SEALED, _SEALED
    return _of(envelope, kind, why, revision.made_at, revision.sha256, upto=revision.number)


def _of(
    envelope: Envelope, kind: Kind, why: str, made_at: datetime, digest: bytes, *, upto: int = 10**6
) -> Finding:
    return Finding(
        Verdict.GENUINE,
        why,
        kind,
        envelope.title,
        envelope.agreement.reference,
        made_at,
        _signers(envelope, upto),
        envelope.status not in (EnvelopeStatus.COMPLETE, EnvelopeStatus.OUT),
        digest.hex(),
    )


def _signers(envelope: Envelope, upto: int) -> tuple[Signer, ...]:
    """Return who signed up to a state of the document; on paper counts once it is complete."""
    numbers = {r.signatory_id: r.number for r in envelope.revisions if r.signatory_id}
    complete = envelope.status == EnvelopeStatus.COMPLETE and upto >= max(
        numbers.values(), default=0
    )
    found = []
    for one in envelope.signatories:
        if one.status != SignatoryStatus.SIGNED or one.way is None or one.answered_at is None:
            continue
        inside = one.id in numbers and numbers[one.id] <= upto
        if inside or (one.way == Way.WET_INK and complete):
            found.append(Signer(one.name, one.capacity, one.party, one.answered_at, one.way))
    return tuple(found)


def _by_seal(data: bytes) -> tuple[Verdict, str]:
    for end in signing.revision_ends(data):
        if _in_archive(hashlib.sha256(data[:end]).digest()) is not None:
            return Verdict.ALTERED, _ADDED
    ours = [one for one in signing.looked_at(data, signing.pki()) if one.ours]
    if not ours:
        return Verdict.UNKNOWN, _UNKNOWN
    if all(one.whole for one in ours):
        return Verdict.UNKNOWN, _ELSEWHERE
    return Verdict.ALTERED, _BROKEN
