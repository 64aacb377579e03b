"""Branches: opening, changing and closing them, and which one serves a municipality when."""

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from portal.core import audit
from portal.core.db import db
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import N_, short_date
from portal.core.permissions import Actor
from portal.directory.changes import expect
from portal.directory.folding import fold
from portal.directory.models import Branch, BranchArea

_TAKEN_ADDRESSES = {"nieuw"}


@dataclass(frozen=True)
class BranchDetails:
    """What staff write down about a branch. places_capacity: families at the same time."""

    name: str
    email: str
    active_from: date
    places_capacity: int = 0
    phone: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    recognition_number: str = ""
    recognised_on: date | None = None


def serving(on: date) -> ColumnElement[bool]:
    """Return the condition on areas that are served on a day."""
    return and_(BranchArea.from_on <= on, or_(BranchArea.to_on.is_(None), BranchArea.to_on >= on))


def branch_serving(nis: str, on: date) -> Branch | None:
    """Return the branch that serves a municipality on a day, if there is one."""
    return db.session.scalar(
        select(Branch).join(BranchArea).where(BranchArea.nis == nis, serving(on))
    )


def matching(text: str) -> ColumnElement[bool]:
    """Return the condition on branches for words of the name, in any order."""
    return and_(true(), *(Branch.sort_name.contains(word) for word in fold(text).split()))


def not_closed(on: date) -> ColumnElement[bool]:
    """Return the condition on branches that are open on a day or still have to open."""
    return or_(Branch.closed_on.is_(None), Branch.closed_on >= on)


def branch_at(slug: str) -> Branch:
    """Return the branch with this address. Raises NotFoundError."""
    found = db.session.scalar(select(Branch).where(Branch.slug == slug))
    if found is None:
        raise NotFoundError()
    return found


def open_branch(details: BranchDetails, by: Actor | None) -> Branch:
    """Return a new branch, open from its first day. Raises DomainError."""
    _check(details, None)
    created = Branch(slug=_free_slug(details.name), **_columns(details))
    db.session.add(created)
    db.session.flush()
    filled = {name for name, value in asdict(details).items() if value}
    audit.record("branch:open", created, actor=by, fields=filled)
    return created


def update_branch(
    branch: Branch, details: BranchDetails, by: Actor | None, version: int | None = None
) -> set[str]:
    """Set the details and return the names of those that changed. Its address stays the same.

    Raises ConflictError when `version` is no longer the current one, DomainError when the
    details break a rule.
    """
    expect(branch, version)
    _check(details, branch)
    values = _columns(details)
    changed = {name for name, value in values.items() if getattr(branch, name) != value}
    if not changed:
        return changed
    for name in changed:
        setattr(branch, name, values[name])
    audit.record("branch:update", branch, actor=by, fields=changed)
    db.session.flush()
    return changed


def close_branch(
    branch: Branch, last_day_on: date, by: Actor | None, version: int | None = None
) -> None:
    """Set the last day a branch is open; its area ends that day, what would begin later goes.

    Raises DomainError on `closed_on` when that is before its first day.
    """
    expect(branch, version)
    if last_day_on < branch.active_from:
        raise DomainError(
            N_("De laatste dag kan niet voor de eerste dag liggen (%(day)s)."),
            field="closed_on",
            day=short_date(branch.active_from),
        )
    branch.closed_on = last_day_on
    for area in list(branch.areas):
        if area.from_on > last_day_on:
            branch.areas.remove(area)
        elif area.to_on is None or area.to_on > last_day_on:
            area.to_on = last_day_on
    audit.record("branch:close", branch, actor=by, fields={"closed_on"})
    db.session.flush()


def reopen_branch(branch: Branch, by: Actor | None, version: int | None = None) -> None:
    """Take back the closing. Its area stays as it is: others may serve it by now."""
    expect(branch, version)
    if branch.closed_on is None:
        return
    branch.closed_on = None
    audit.record("branch:reopen", branch, actor=by, fields={"closed_on"})
    db.session.flush()


def _check(details: BranchDetails, existing: Branch | None) -> None:
    if not details.name.strip():
        raise DomainError(N_("Vul de naam van de afdeling in."), field="name")
    if not details.email.strip():
        raise DomainError(
            N_("Vul een e-mailadres in: verwijzers bereiken de afdeling ermee."), field="email"
        )
    if details.places_capacity < 0:
        raise DomainError(
            N_("Het aantal plaatsen kan niet negatief zijn."), field="places_capacity"
        )
    _check_name_is_free(details.name, existing)
    if existing is not None:
        _check_first_day(details.active_from, existing)


def _check_name_is_free(name: str, existing: Branch | None) -> None:
    query = select(Branch).where(Branch.sort_name == fold(name))
    if existing is not None:
        query = query.where(Branch.id != existing.id)
    if db.session.scalar(query) is not None:
        raise DomainError(N_("Er is al een afdeling met deze naam."), field="name")


def _check_first_day(first_on: date, branch: Branch) -> None:
    served = db.session.scalar(
        select(func.min(BranchArea.from_on)).where(BranchArea.branch_id == branch.id)
    )
    limits = [day for day in (served, branch.closed_on) if day is not None]
    if limits and first_on > min(limits):
        raise DomainError(
            N_("De afdeling bedient al gemeenten of sluit op %(day)s: kies een dag daarvoor."),
            field="active_from",
            day=short_date(min(limits)),
        )


def _columns(details: BranchDetails) -> dict[str, object]:
    return {n: v.strip() if isinstance(v, str) else v for n, v in asdict(details).items()}


def _free_slug(name: str) -> str:
    base = fold(name).replace(" ", "-")[:50].strip("-") or "afdeling"
    taken = set(db.session.scalars(select(Branch.slug).where(Branch.slug.startswith(base))))
    taken |= _TAKEN_ADDRESSES
    numbered = (base if n == 1 else f"{base}-{n}" for n in range(1, len(taken) + 3))
    return next(slug for slug in numbered if slug not in taken)
