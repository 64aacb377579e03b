"""Word templates that HSV makes itself: uploaded, inspected, previewed, put in use by a second
person. Until there is one of a kind, the template that came with the portal is used.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update

from portal.agreements.contract import TemplateKind
from portal.agreements.contract_fields import fields_of
from portal.agreements.models import EditionState, TemplateEdition
from portal.core import audit, clock, documents
from portal.core.db import db
from portal.core.documents import DamagedDocumentError
from portal.core.errors import ConflictError, DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.permissions import Actor
from portal.core.rendering import Problem, inspect_template

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class InUse:
    """The template in use: HSV's own, or (both None) the one that came with the portal."""

    content: bytes | None = None
    edition_id: int | None = None


class RefusedTemplateError(Exception):
    """A template is refused; `problems` says why, each with its paragraph."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(one) for one in problems))
        self.problems = list(problems)


def in_use(kind: TemplateKind) -> InUse:
    """Return the template new versions of a kind are printed with."""
    found = db.session.scalar(
        select(TemplateEdition).where(
            TemplateEdition.kind == kind, TemplateEdition.state == EditionState.ACTIVE
        )
    )
    return InUse(content(found), found.id) if found else InUse()


def content(edition: TemplateEdition) -> bytes:
    """Return the bytes of a template. Raises DamagedDocumentError when they are not its own."""
    data = documents.read(edition.document)
    if hashlib.sha256(data).digest() != edition.sha256:
        raise DamagedDocumentError(f"template edition {edition.id}")
    return data


def editions() -> list[TemplateEdition]:
    """Return every template that was uploaded, by kind, the newest first."""
    query = select(TemplateEdition).order_by(TemplateEdition.kind, TemplateEdition.number.desc())
    return list(db.session.scalars(query))


def edition(kind: str, number: int) -> TemplateEdition:
    """Return one template. Raises NotFoundError."""
    found = db.session.scalar(
        select(TemplateEdition).where(
            TemplateEdition.kind == kind, TemplateEdition.number == number
        )
    )
    if found is None:
        raise NotFoundError()
    return found


def add(
    actor: Actor, kind: TemplateKind, data: bytes, filename: str, note: str = ""
) -> TemplateEdition:
    """Keep a new template that is not in use yet. Raises RefusedTemplateError."""
    problems = inspect_template(data, [one.name for one in fields_of(kind)])
    if problems:
        raise RefusedTemplateError(problems)
    document = documents.put(data, filename, WORD)
    db.session.flush()
    highest = select(func.max(TemplateEdition.number)).where(TemplateEdition.kind == kind)
    added = TemplateEdition(
        kind=str(kind),
        number=(db.session.scalar(highest) or 0) + 1,
        state=EditionState.DRAFT,
        document_id=document.id,
        sha256=hashlib.sha256(data).digest(),
        note=note,
        made_by_id=actor.account_id,
        made_at=clock.now(),
    )
    db.session.add(added)
    db.session.flush()
    audit.record("template_edition:add", added, actor=actor)
    return added


def activate(actor: Actor, chosen: TemplateEdition, version: int | None) -> None:
    """Put a template in use instead of the one that was. Raises DomainError or ConflictError.

    Two people look at what every new contract will say: who uploaded it cannot.
    """
    db.session.refresh(chosen, with_for_update=True)
    if chosen.state == EditionState.ACTIVE or version != chosen.version:
        raise ConflictError(N_("Intussen heeft iemand anders dit gewijzigd."))
    if chosen.made_by_id == actor.account_id:
        raise DomainError(N_("Een collega moet je sjabloon nakijken en in gebruik nemen."))
    now = clock.now()
    db.session.execute(
        update(TemplateEdition)
        .where(TemplateEdition.kind == chosen.kind, TemplateEdition.state == EditionState.ACTIVE)
        .values(state=EditionState.RETIRED, retired_at=now, version=TemplateEdition.version + 1)
        .execution_options(synchronize_session=False)
    )
    chosen.state, chosen.retired_at = EditionState.ACTIVE, None
    chosen.activated_by_id, chosen.activated_at = actor.account_id, now
    audit.record("template_edition:activate", chosen, actor=actor, fields={"state"})
    db.session.flush()


def retire(actor: Actor, chosen: TemplateEdition, version: int | None) -> None:
    """Take a template out of use: new versions are printed with the one that came with the
    portal. Raises ConflictError."""
    db.session.refresh(chosen, with_for_update=True)
    if chosen.state != EditionState.ACTIVE or version != chosen.version:
        raise ConflictError(N_("Intussen heeft iemand anders dit gewijzigd."))
    chosen.state, chosen.retired_at = EditionState.RETIRED, clock.now()
    audit.record("template_edition:retire", chosen, actor=actor, fields={"state"})
    db.session.flush()
