"""Proposing freezes a numbered version: its terms, its Word, its PDF and the hash of each.

Word and PDF are made before the transaction that keeps them (`prepare`), because that takes a
moment in which nobody should wait; the version of the draft they were made of must still be the
newest when they are kept. What was kept is read back and checked, never made again.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass

from portal.agreements import contract, drafting, drafting_checks, word_templates
from portal.agreements.contract import TemplateKind
from portal.agreements.imprints import imprint_of
from portal.agreements.models import (
    Agreement,
    AgreementVersion,
    CounterDraft,
    Side,
    Turn,
)
from portal.agreements.states import changes_since, workflow
from portal.agreements.terms import Terms
from portal.core import clock, documents
from portal.core.db import db
from portal.core.documents import DamagedDocumentError, Document
from portal.core.errors import ConflictError, DomainError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.core.rendering import Converter

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
NEWER = N_("Intussen is er een nieuwere versie voorgesteld.")


@dataclass(frozen=True)
class Prepared:
    """A version ready to be kept: what it says, and as which number it was printed."""

    number: int
    terms: Terms
    docx: bytes
    pdf: bytes
    template_edition_id: int | None


def prepare(agreement: Agreement, terms: Terms) -> Prepared:
    """Return the next version of an agreement in Word and PDF; changes nothing.

    Raises DomainError when the terms are not finished, RefusedError when they cannot be printed.
    """
    if drafting_checks.blocking(terms):
        raise DomainError(N_("Er ontbreekt nog iets. Kijk na wat er bij elke stap staat."))
    number = next_number(agreement)
    imprint = imprint_of(agreement, number, clock.today())
    template = word_templates.in_use(TemplateKind(str(terms.formula)))
    docx = contract.agreement_docx(terms, imprint, template.content)
    return Prepared(number, terms, docx, Converter().to_pdf(docx), template.edition_id)


def next_number(agreement: Agreement) -> int:
    """Return the number of the next version."""
    return agreement.latest.number + 1 if agreement.latest else 1


def propose(
    actor: Actor, agreement: Agreement, prepared: Prepared, version: int | None, note: str = ""
) -> AgreementVersion:
    """Put HSV's draft to the partners. Raises ConflictError when somebody was first."""
    workflow.expect(agreement, version)
    _expect_next(agreement, prepared, agreement.terms)
    kept = keep(agreement, prepared, actor, Side.HSV, note=note)
    drafting.follow_parties(agreement, prepared.terms)
    agreement.show(prepared.terms)
    agreement.turn = Turn.PARTNERS
    agreement.first_proposed_at = agreement.first_proposed_at or clock.now()
    agreement.agreed_number = None
    workflow.fire(agreement, "propose", actor, number=kept.number, note=note)
    return kept


def counter_propose(
    actor: Actor, draft: CounterDraft, prepared: Prepared, version: int | None, note: str = ""
) -> AgreementVersion:
    """Put a partner's draft to HSV and the other partners. Raises ConflictError or DomainError."""
    agreement = draft.agreement
    workflow.expect(agreement, None)
    db.session.refresh(draft, with_for_update=True)
    if version is not None and version != draft.version:
        raise ConflictError(N_("Een collega heeft dit tegenvoorstel intussen aangepast."))
    base = drawn_from(draft)
    _expect_next(agreement, prepared, draft.terms)
    if agreement.latest is not base:
        raise ConflictError(NEWER, changes_since(agreement, 0))
    if draft.terms == base.terms:
        raise DomainError(N_("Je hebt nog niets gewijzigd ten opzichte van de laatste versie."))
    kept = keep(agreement, prepared, actor, Side.PARTNER, note=note)
    agreement.turn = Turn.HSV
    workflow.fire(agreement, "counter_propose", actor, number=kept.number, note=note)
    db.session.delete(draft)
    return kept


def drawn_from(draft: CounterDraft) -> AgreementVersion:
    """Return the version a counter-proposal began with."""
    return next(v for v in draft.agreement.versions if v.number == draft.number)


def _expect_next(agreement: Agreement, prepared: Prepared, terms: Terms) -> None:
    """Raise ConflictError unless what was printed is what stands there now, under its number."""
    db.session.refresh(agreement, ["versions"])
    if prepared.number != next_number(agreement) or prepared.terms != terms:
        raise ConflictError(NEWER, changes_since(agreement, 0))


def keep(
    agreement: Agreement,
    prepared: Prepared,
    actor: Actor,
    side: Side,
    *,
    uploaded: bool = False,
    note: str = "",
) -> AgreementVersion:
    """Store a version for ever, in the transaction under way."""
    name = f"{agreement.reference} versie {prepared.number}"
    terms_json = prepared.terms.to_json()
    word = documents.put(prepared.docx, f"{name}.docx", WORD)
    printed = documents.put(prepared.pdf, f"{name}.pdf", PDF)
    db.session.flush()
    kept = AgreementVersion(
        agreement_id=agreement.id,
        number=prepared.number,
        terms_json=terms_json,
        terms_sha256=hash_of(terms_json),
        docx_id=word.id,
        docx_sha256=hashlib.sha256(prepared.docx).digest(),
        pdf_id=printed.id,
        pdf_sha256=hashlib.sha256(prepared.pdf).digest(),
        template_edition_id=prepared.template_edition_id,
        uploaded=uploaded,
        side=side,
        organisation_id=actor.organisation_id if side == Side.PARTNER else None,
        proposed_by_id=actor.account_id,
        proposed_at=clock.now(),
        note=note,
    )
    agreement.versions.append(kept)
    db.session.flush()
    return kept


def hash_of(terms_json: dict[str, object]) -> bytes:
    """Return the SHA-256 of terms, the same however their JSON was stored."""
    text = json.dumps(terms_json, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


def read(version: AgreementVersion, form: str) -> tuple[bytes, Document]:
    """Return a version's Word ("docx") or "pdf" as it was kept, and its row.

    Raises DamagedDocumentError when the bytes or the terms are no longer what was kept.
    """
    document, digest = {
        "docx": (version.docx, version.docx_sha256),
        "pdf": (version.pdf, version.pdf_sha256),
    }[form]
    data = documents.read(document)
    whole = hmac.compare_digest(hashlib.sha256(data).digest(), digest)
    if not whole or hash_of(version.terms_json) != version.terms_sha256:
        raise DamagedDocumentError(f"version {version.number} of agreement {version.agreement_id}")
    return data, document
