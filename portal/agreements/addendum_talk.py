"""Coming to one addendum: proposing it, what the parties say to it, and stopping.

Proposing freezes a numbered version with all its documents, made before the transaction that keeps
them. A yes is about one version; when a newer one was proposed in between, it is refused.
"""

import hashlib
import hmac
from dataclasses import dataclass

from sqlalchemy import select

from portal.agreements import addendum_checks, addendum_decisions, addendum_text
from portal.agreements.addendum_states import changes_since, workflow
from portal.agreements.addendum_text import Texts
from portal.agreements.models import (
    Addendum,
    AddendumAnswer,
    AddendumFile,
    AddendumVersion,
    AgreementParty,
    FileKind,
)
from portal.agreements.proposing import PDF, WORD, hash_of
from portal.agreements.terms import Terms
from portal.core import audit, clock, documents
from portal.core.db import db
from portal.core.documents import DamagedDocumentError, Document
from portal.core.errors import ConflictError, DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.numbering import next_number
from portal.core.permissions import Actor
from portal.core.plain import to_plain
from portal.core.rendering import Converter

NEWER = N_("Intussen is er een aangepast addendum voorgelegd.")
_MEDIA = {
    FileKind.WORD: WORD,
    FileKind.PDF: PDF,
    FileKind.TEXT_WORD: WORD,
    FileKind.TEXT_PDF: PDF,
    FileKind.BEFORE_WORD: WORD,
}
_NAMES = {
    FileKind.WORD: "{reference} addendum {number}.docx",
    FileKind.PDF: "{reference} addendum {number}.pdf",
    FileKind.TEXT_WORD: "{reference} geconsolideerd met addendum {number}.docx",
    FileKind.TEXT_PDF: "{reference} geconsolideerd met addendum {number}.pdf",
    FileKind.BEFORE_WORD: "{reference} voor addendum {number}.docx",
}


@dataclass(frozen=True)
class Prepared:
    """A version ready to be kept: what it was printed from, and its documents."""

    number: int
    edition: int
    terms: Terms
    texts: Texts
    files: dict[FileKind, bytes]


def prepare(addendum: Addendum) -> Prepared:
    """Return the next version of an addendum in Word and PDF; changes nothing.

    Raises DomainError when it is not finished, RefusedError when it cannot be printed.
    """
    if addendum_checks.blocking(addendum):
        raise DomainError(N_("Er ontbreekt nog iets. Kijk na wat er bij elke stap staat."))
    number, edition = next_number_of(addendum), len(addendum.versions) + 1
    texts = addendum_text.make(addendum, number, edition)
    if not texts.changes and texts.finance == addendum_text.NOTHING_CHANGES:
        raise DomainError(N_("De tekst van de overeenkomst blijft dezelfde."))
    files = {
        FileKind.WORD: texts.docx,
        FileKind.PDF: Converter().to_pdf(texts.docx),
        FileKind.TEXT_WORD: texts.consolidated,
        FileKind.TEXT_PDF: Converter().to_pdf(texts.consolidated),
        FileKind.BEFORE_WORD: texts.before,
    }
    return Prepared(number, edition, addendum.terms, texts, files)


def next_number_of(addendum: Addendum) -> int:
    """Return the number of an addendum: its own, or the next one of its agreement."""
    taken = [one.number or 0 for one in addendum.agreement.addenda]
    return addendum.number or max(taken, default=0) + 1


def propose(
    actor: Actor, addendum: Addendum, prepared: Prepared, version: int | None, note: str = ""
) -> AddendumVersion:
    """Put an addendum to the partners. Raises ConflictError when somebody was first."""
    workflow.expect(addendum, version)
    db.session.refresh(addendum, ["versions", "terms_json"])
    if addendum.number is None:
        addendum.number = next_number(f"addendum-{addendum.agreement_id}")
    unchanged = prepared.terms == addendum.terms and prepared.edition == len(addendum.versions) + 1
    if prepared.number != addendum.number or not unchanged:
        raise ConflictError(NEWER, changes_since(addendum, 0))
    assert addendum.from_on is not None
    kept = AddendumVersion(
        number=prepared.edition,
        reason=addendum.reason,
        from_on=addendum.from_on,
        terms_json=addendum.terms_json,
        terms_sha256=hash_of(addendum.terms_json),
        changes_json=[to_plain(one) for one in prepared.texts.changes],
        finance=prepared.texts.finance,
        template_edition_id=prepared.texts.template_edition_id,
        note=note,
        proposed_by_id=actor.account_id,
        proposed_at=clock.now(),
    )
    addendum.versions.append(kept)
    for kind, data in prepared.files.items():
        kept.files.append(_file(addendum, kind, data))
    workflow.fire(addendum, "propose", actor, note=note, fields={"versions"})
    return kept


def _file(addendum: Addendum, kind: FileKind, data: bytes) -> AddendumFile:
    reference = addendum.agreement.reference
    name = _NAMES[kind].format(reference=reference, number=addendum.number)
    document = documents.put(data, name, _MEDIA[kind])
    db.session.flush()
    made = AddendumFile(kind=kind, document_id=document.id, sha256=hashlib.sha256(data).digest())
    made.document = document
    return made


def read(version: AddendumVersion, kind: FileKind) -> tuple[bytes, Document]:
    """Return a document of a version as it was kept, and its row. Raises DamagedDocumentError."""
    found = next((one for one in version.files if one.kind == kind), None)
    if found is None:
        raise NotFoundError()
    data = documents.read(found.document)
    if not hmac.compare_digest(hashlib.sha256(data).digest(), found.sha256):
        raise DamagedDocumentError(f"{kind} of version {version.number} of {version.addendum_id}")
    return data, found.document


def latest(addendum: Addendum) -> AddendumVersion:
    """Return the version that was proposed last. Raises NotFoundError before the first."""
    if addendum.latest is None:
        raise NotFoundError()
    return addendum.latest


def comment(actor: Actor, addendum: Addendum, edition: int, text: str) -> AddendumAnswer:
    """Say something to the newest version, for one's organisation or for HSV.

    Two people may do so at once. Raises ConflictError for an older version.
    """
    version = _expect_newest(addendum, edition)
    if not text:
        raise DomainError(N_("Schrijf je opmerking."), "text")
    place = _place(actor, addendum)
    action = "reply" if place is None else "comment"
    workflow.fire(addendum, action, actor, note=_short(text))
    return _keep(actor, version, place, accepts=False, text=text)


def accept(actor: Actor, addendum: Addendum, edition: int) -> None:
    """Agree for one's organisation; the last to do so makes it agreed."""
    version = _expect_newest(addendum, edition)
    place = _place(actor, addendum)
    if place is None:
        raise NotFoundError()
    if place in accepted(version):
        raise DomainError(N_("Jouw organisatie gaf haar akkoord al."))
    workflow.fire(addendum, "accept", actor)
    _keep(actor, version, place, accepts=True)
    if not outstanding(addendum):
        addendum.agreed_at = clock.now()
        workflow.fire(addendum, "agree", actor)
        addendum_decisions.approve_when_complete(actor, addendum)


def accepted(version: AddendumVersion) -> set[int | None]:
    """Return the organisations that agreed with a version."""
    return {one.organisation_id for one in version.answers if one.accepts}


def outstanding(addendum: Addendum) -> list[AgreementParty]:
    """Return the partners who have not agreed with the newest version."""
    there = accepted(addendum.latest) if addendum.latest else set()
    return [one for one in addendum.agreement.parties if one.organisation_id not in there]


def decline(actor: Actor, addendum: Addendum, version: int | None, reason: str) -> None:
    """Refuse for one's organisation: the agreement stays as it is."""
    _need(reason)
    workflow.expect(addendum, version)
    if _place(actor, addendum) is None:
        raise NotFoundError()
    workflow.fire(addendum, "decline", actor, note=reason)


def withdraw(actor: Actor, addendum: Addendum, version: int | None, reason: str) -> None:
    """Stop for HSV: the agreement stays as it is."""
    _need(reason)
    workflow.expect(addendum, version)
    workflow.fire(addendum, "withdraw", actor, note=reason)


def reopen(actor: Actor, addendum: Addendum, version: int | None, reason: str) -> None:
    """Write it anew after everybody agreed; a next version has to be agreed with again."""
    _need(reason)
    workflow.expect(addendum, version)
    addendum.agreed_at = addendum.approved_at = None
    workflow.fire(addendum, "reopen", actor, note=reason)


def _keep(
    actor: Actor, version: AddendumVersion, place: int | None, *, accepts: bool, text: str = ""
) -> AddendumAnswer:
    made = AddendumAnswer(
        organisation_id=place,
        accepts=accepts,
        text=text,
        account_id=actor.account_id,
        at=clock.now(),
    )
    version.answers.append(made)
    db.session.flush()
    audit.record("addendum_answer:record", made, actor=actor)
    return made


def _expect_newest(addendum: Addendum, edition: int) -> AddendumVersion:
    """Return the version a person looked at. Raises ConflictError unless it is the newest."""
    workflow.expect(addendum, None)
    db.session.refresh(addendum, ["versions"])
    version = latest(addendum)
    if version.number != edition:
        raise ConflictError(NEWER, changes_since(addendum, 0))
    db.session.refresh(version, ["answers"])
    return version


def _place(actor: Actor, addendum: Addendum) -> int | None:
    """Return for whom somebody speaks: a partner's organisation, or HSV (None)."""
    query = select(AgreementParty.organisation_id).where(
        AgreementParty.agreement_id == addendum.agreement_id,
        AgreementParty.organisation_id == (actor.organisation_id or 0),
    )
    return db.session.scalar(query)


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 200 else f"{words[:199]}…"


def _need(reason: str) -> None:
    if not reason:
        raise DomainError(N_("Schrijf kort waarom."), "reason")
