"""The municipalities a branch serves, each from a day and perhaps to a day.

On any day a municipality has one branch at most: a referral must have one place to go. Whoever
changes the area of a municipality holds its row until the transaction ends, so that two people
cannot give it to two branches at once.
"""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from portal.core import audit
from portal.core.db import db
from portal.core.errors import DomainError, NotFoundError
from portal.core.i18n import N_, short_date
from portal.core.permissions import Actor
from portal.directory.models import Branch, BranchArea, Municipality
from portal.directory.municipalities import UNKNOWN


def areas_of(branch: Branch) -> list[BranchArea]:
    """Return the area of a branch with its municipalities, by name, the latest period first."""
    return list(
        db.session.scalars(
            select(BranchArea)
            .join(Municipality)
            .where(BranchArea.branch_id == branch.id)
            .options(joinedload(BranchArea.municipality))
            .order_by(Municipality.sort_name, BranchArea.from_on.desc())
        )
    )


def area(branch: Branch, area_id: int) -> BranchArea:
    """Return one part of the area of a branch. Raises NotFoundError for another branch's."""
    found = db.session.get(BranchArea, area_id)
    if found is None or found.branch_id != branch.id:
        raise NotFoundError()
    return found


def history_of(nis: str) -> list[BranchArea]:
    """Return who serves and served a municipality, the latest first."""
    return list(
        db.session.scalars(
            select(BranchArea)
            .where(BranchArea.nis == nis)
            .options(joinedload(BranchArea.branch))
            .order_by(BranchArea.from_on.desc())
        )
    )


def add_municipality(
    branch: Branch, nis: str, from_on: date, by: Actor | None, to_on: date | None = None
) -> BranchArea:
    """Let a branch serve a municipality from a day, to and including a day when given.

    Raises DomainError when the branch is not open then, or when the municipality has a branch on
    any of those days (values: name of the municipality, branch, day).
    """
    municipality = _hold(nis)
    if from_on < branch.active_from:
        raise DomainError(
            N_("De afdeling is pas open vanaf %(day)s."),
            field="from_on",
            day=short_date(branch.active_from),
        )
    if branch.closed_on is not None:
        to_on = branch.closed_on if to_on is None else to_on
    _check_period(branch, from_on, to_on)
    _check_free(municipality, from_on, to_on)
    added = BranchArea(branch=branch, nis=nis, from_on=from_on, to_on=to_on)
    db.session.add(added)
    db.session.flush()
    audit.record("branch_area:add", added, actor=by, fields={"nis", "from_on", "to_on"})
    return added


def end_municipality(part: BranchArea, to_on: date | None, by: Actor | None) -> None:
    """Set the last day a branch serves a municipality; None: it goes on without an end.

    Raises DomainError when the period becomes impossible or another branch has those days.
    """
    municipality = _hold(part.nis)
    _check_period(part.branch, part.from_on, to_on)
    _check_free(municipality, part.from_on, to_on, besides=part)
    part.to_on = to_on
    audit.record("branch_area:end", part, actor=by, fields={"to_on"})
    db.session.flush()


def remove_municipality(part: BranchArea, today: date, by: Actor | None) -> None:
    """Take back what has not begun yet. Raises DomainError once it has: then it can be ended."""
    if part.from_on <= today:
        raise DomainError(N_("Dit is al begonnen: kies een laatste dag."), field="to_on")
    audit.record("branch_area:remove", part, actor=by, fields={"nis"})
    part.branch.areas.remove(part)
    db.session.flush()


def _hold(nis: str) -> Municipality:
    query = select(Municipality).where(Municipality.nis == nis).with_for_update()
    found = db.session.scalar(query)
    if found is None:
        raise DomainError(UNKNOWN, field="municipality")
    return found


def _check_period(branch: Branch, from_on: date, to_on: date | None) -> None:
    if to_on is not None and to_on < from_on:
        raise DomainError(
            N_("De laatste dag kan niet voor de eerste dag liggen (%(day)s)."),
            field="to_on",
            day=short_date(from_on),
        )
    if branch.closed_on is not None and (to_on is None or to_on > branch.closed_on):
        raise DomainError(
            N_("De afdeling sluit op %(day)s."), field="to_on", day=short_date(branch.closed_on)
        )


def _check_free(
    municipality: Municipality, from_on: date, to_on: date | None, besides: BranchArea | None = None
) -> None:
    query = (
        select(BranchArea)
        .where(BranchArea.nis == municipality.nis)
        .where(or_(BranchArea.to_on.is_(None), BranchArea.to_on >= from_on))
        .options(joinedload(BranchArea.branch))
        .order_by(BranchArea.from_on)
    )
    if to_on is not None:
        query = query.where(BranchArea.from_on <= to_on)
    if besides is not None:
        query = query.where(BranchArea.id != besides.id)
    other = db.session.scalars(query).first()
    if other is None:
        return
    message = N_("%(branch)s bedient %(name)s al vanaf %(day)s. Sluit dat eerst af.")
    if other.to_on is not None:
        message = N_("%(branch)s bedient %(name)s van %(day)s tot en met %(last)s.")
    raise DomainError(
        message,
        field="municipality" if besides is None else "to_on",
        branch=other.branch.name,
        name=municipality.name,
        day=short_date(other.from_on),
        last=short_date(other.to_on),
    )
