"""Editions of the offer: one in use, perhaps one being made, and all that were.

A new edition starts as a copy of the one in use. Somebody who wrote nothing in it activates it;
from then on the database refuses every change to what it says.
"""

from collections.abc import Sequence

from sqlalchemy import func, select

from portal.agreements.first_offer import first_offer
from portal.agreements.models import EditionState, PackageEdition
from portal.agreements.offer import Offer, Package
from portal.agreements.terms import ALL_BP
from portal.core import audit, clock
from portal.core.db import db
from portal.core.errors import Change, ConflictError, DomainError, NotFoundError
from portal.core.i18n import N_
from portal.core.permissions import Actor, Permission


def active_edition() -> PackageEdition:
    """Return the edition in use. Raises NotFoundError before the portal was filled."""
    found = _in_state(EditionState.ACTIVE)
    if found is None:
        raise NotFoundError()
    return found


def draft_edition() -> PackageEdition | None:
    """Return the edition being made; there is one at most."""
    return _in_state(EditionState.DRAFT)


def editions() -> list[PackageEdition]:
    """Return every edition, the newest first."""
    return list(db.session.scalars(select(PackageEdition).order_by(PackageEdition.number.desc())))


def edition(number: int) -> PackageEdition:
    """Return one edition. Raises NotFoundError."""
    found = db.session.scalar(select(PackageEdition).where(PackageEdition.number == number))
    if found is None:
        raise NotFoundError()
    return found


def offer_of(edition: PackageEdition) -> Offer:
    """Return what an edition says."""
    return Offer.from_json(edition.offer_json)


def begin_draft(title: str, reason: str, by: Actor) -> PackageEdition:
    """Copy the edition in use into a new one. Raises DomainError when one is being made already."""
    source, now = active_edition(), clock.now()
    db.session.refresh(source, with_for_update=True)  # of two who begin, one waits for the other
    if draft_edition() is not None:
        raise DomainError(N_("Er is al een uitgave in voorbereiding."))
    last = db.session.scalar(select(func.max(PackageEdition.number))) or 0
    made = PackageEdition(
        number=last + 1,
        title=title,
        reason=reason,
        state=EditionState.DRAFT,
        offer_json=source.offer_json,
        based_on=source.number,
        writer_ids=[by.account_id],
        made_at=now,
        changed_at=now,
    )
    db.session.add(made)
    db.session.flush()
    audit.record("package_edition:begin", made, actor=by)
    return made


def save(draft: PackageEdition, offer: Offer, version: int | None, by: Actor) -> None:
    """Keep what a draft says now. Raises ConflictError when somebody saved in between, DomainError
    when the offer contradicts itself."""
    _expect_draft(draft, version)
    problems = offer_problems(offer)
    if problems:
        raise problems[0]
    draft.offer_json = offer.to_json()
    draft.writer_ids = sorted({*draft.writer_ids, by.account_id})
    draft.changed_at = clock.now()
    audit.record("package_edition:edit", draft, actor=by, fields={"offer_json"})
    db.session.flush()


def activate(draft: PackageEdition, version: int | None, by: Actor) -> None:
    """Put a draft in use instead of the edition that was. Raises DomainError to its writers."""
    _expect_draft(draft, version)
    if not may_activate(draft, by):
        raise DomainError(
            N_("Je schreef mee aan deze uitgave. Laat een collega ze nakijken en in gebruik nemen.")
        )
    now = clock.now()
    replaced = active_edition()
    replaced.state, replaced.retired_at = EditionState.RETIRED, now
    db.session.flush()
    draft.state, draft.activated_at = EditionState.ACTIVE, now
    draft.activated_by_id = by.account_id
    audit.record("package_edition:activate", draft, actor=by, fields={"state"})
    db.session.flush()


def may_activate(draft: PackageEdition, by: Actor) -> bool:
    """Say whether this person looks at the draft with fresh eyes and may activate."""
    return by.can(Permission.PACKAGE_ACTIVATE) and by.account_id not in draft.writer_ids


def discard(draft: PackageEdition, version: int | None, by: Actor) -> None:
    """Throw a draft away; its number is given to the next one."""
    _expect_draft(draft, version)
    audit.record("package_edition:discard", draft, actor=by)
    db.session.delete(draft)
    db.session.flush()


def offer_problems(offer: Offer) -> list[DomainError]:
    """Return what in an offer contradicts itself, in words; nothing when all is well."""
    return [problem for package in offer.packages for problem in _package_problems(package)]


def _package_problems(package: Package) -> list[DomainError]:
    found = []
    if not package.services:
        found.append(DomainError(N_("Kies minstens één dienst."), "services"))
    lines = (*package.lines, *package.own_costs)
    for code in _twice([line.code for line in lines]):
        found.append(DomainError(N_("De code %(code)s staat er twee keer."), "lines", code=code))
    outside = (line for line in lines if not line.services <= set(package.services))
    for line in outside:
        message = N_("Lijn %(code)s hoort bij een dienst die niet in het pakket zit.")
        found.append(DomainError(message, "lines", code=line.code))
    if sum(one.share_bp for one in package.instalments) != ALL_BP:
        found.append(DomainError(N_("De schijven zijn samen geen 100 %."), "instalments"))
    return found


def _twice(codes: Sequence[str]) -> list[str]:
    return sorted({code for code in codes if codes.count(code) > 1})


def _expect_draft(draft: PackageEdition, version: int | None) -> None:
    """Hold the edition and make sure that it is what the person looked at, and still a draft."""
    db.session.refresh(draft, with_for_update=True)
    if draft.state == EditionState.DRAFT and version in (None, draft.version):
        return
    label = N_("Uitgave aangepast")
    if draft.state != EditionState.DRAFT:
        label = N_("Uitgave in gebruik genomen")
    raise ConflictError(
        N_("Intussen heeft iemand anders dit gewijzigd."), [Change(label, draft.changed_at, "")]
    )


def _in_state(state: EditionState) -> PackageEdition | None:
    return db.session.scalar(select(PackageEdition).where(PackageEdition.state == state))


def load_first_edition() -> bool:
    """Put the offer shipped with the portal in use, when there is none yet. Says whether it did."""
    if db.session.scalar(select(func.count()).select_from(PackageEdition)):
        return False
    title, offer = first_offer()
    now = clock.now()
    db.session.add(
        PackageEdition(
            number=1,
            title=title,
            state=EditionState.ACTIVE,
            offer_json=offer.to_json(),
            reason=N_("Ramingen in euro van 2026, meegeleverd met het portaal."),
            writer_ids=[],
            made_at=now,
            changed_at=now,
            activated_at=now,
        )
    )
    db.session.flush()
    return True
