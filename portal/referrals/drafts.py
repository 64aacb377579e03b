"""Drafts: every step is kept as it was typed, and found again."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from portal.core import audit, clock
from portal.core.db import db
from portal.core.errors import ConflictError, NotFoundError
from portal.core.i18n import N_
from portal.core.jobs import periodic
from portal.core.permissions import Actor
from portal.core.terms import days
from portal.referrals.models import Draft

Typed = Mapping[str, Any]


def begin(actor: Actor) -> Draft:
    """Return a new, empty draft of this person."""
    now = clock.now()
    draft = Draft(
        account_id=actor.account_id or None,
        organisation_id=actor.organisation_id,
        guest_id=actor.guest_id,
        created_at=now,
        changed_at=now,
    )
    draft.steps = {}
    db.session.add(draft)
    return draft


def mine(actor: Actor) -> list[Draft]:
    """Return this person's drafts, the latest first."""
    drafts = select(Draft).where(Draft.visible_to(actor)).order_by(Draft.changed_at.desc())
    return list(db.session.scalars(drafts.limit(50)))


def find(actor: Actor, draft_id: int) -> Draft:
    """Return one of this person's drafts. Raises NotFoundError for any other."""
    draft = db.session.scalar(select(Draft).where(Draft.id == draft_id, Draft.visible_to(actor)))
    if draft is None:
        raise NotFoundError
    return draft


def save_step(draft: Draft, step: str, typed: Typed, *, done: bool, version: int | None) -> None:
    """Keep what was typed in one step, right or wrong; `done` when it passed the form.

    Raises ConflictError when the draft was saved elsewhere (another tab) in the meantime.
    """
    if version is not None and version != draft.version:
        raise ConflictError(N_("Je bewaarde dit ontwerp intussen in een ander venster."))
    draft.steps = {**draft.steps, step: {"typed": dict(typed), "done": done}}
    draft.changed_at = clock.now()
    db.session.flush()


def discard(draft: Draft, actor: Actor) -> None:
    """Delete a draft for good."""
    audit.record("referral_draft:discard", draft, actor=actor)
    db.session.delete(draft)


@periodic(timedelta(days=1))
def purge_old() -> int:
    """Delete drafts nobody touched for the term of DRAFT_KEPT_DAYS. Returns how many."""
    old = delete(Draft).where(Draft.changed_at < clock.now() - days("DRAFT_KEPT_DAYS"))
    return len(db.session.execute(old.returning(Draft.id)).all())
