"""The branch of an agreement: on its first day it opens, or takes the new municipalities on.

An addendum that adds municipalities lets it take those on too. One that leaves some out closes
nothing: families are in them, so a person decides.

When the municipalities that are served already have one and the same branch, that branch takes the
others on; else a new one opens, named after the agreement. A municipality that another branch
serves stays there: a person decides, and the timeline says so.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from portal.agreements.models import Agreement
from portal.agreements.terms import Terms
from portal.core import terms as settings
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.directory import areas, branches
from portal.directory.branches import BranchDetails
from portal.directory.models import Branch

_SKIPPED = N_("Niet geopend, want daar is al een andere regeling: {places}")
_LEFT_OPEN = N_("Niet meer in het werkingsgebied, maar nog open: {places}. Beslis wat er gebeurt.")


def open_for(agreement: Agreement, terms: Terms, since: date) -> str:
    """Open the branch and area of an agreement. Returns what could not be done, or nothing."""
    served = {place.nis: branches.branch_serving(place.nis, since) for place in terms.area}
    free = [place for place in terms.area if served[place.nis] is None]
    branch = _own(agreement) or _only(served.values())
    if branch is None and free:
        branch = _new(agreement, terms, since)
    agreement.branch_id = branch.id if branch else None
    if branch is None:
        return ""
    skipped = [place.name for place in free if not _serves(branch, place.nis, since)]
    return _SKIPPED.format(places=", ".join(skipped)) if skipped else ""


def follow(agreement: Agreement, before: Terms, after: Terms, since: date) -> str:
    """Let the branch take on what an addendum adds to the area. Returns what a person is to see
    to, or nothing."""
    if before.area == after.area:
        return ""
    kept = {place.nis for place in after.area}
    gone = [place.name for place in before.area if place.nis not in kept]
    said = [open_for(agreement, after, since)]
    if gone:
        said.append(_LEFT_OPEN.format(places=", ".join(gone)))
    return " ".join(part for part in said if part)


def _own(agreement: Agreement) -> Branch | None:
    return db.session.get(Branch, agreement.branch_id) if agreement.branch_id else None


def _only(served: Iterable[Branch | None]) -> Branch | None:
    """Return the branch that serves what is served already, when there is just one."""
    known = {branch.id: branch for branch in served if branch is not None}
    return next(iter(known.values())) if len(known) == 1 else None


def _serves(branch: Branch, nis: str, since: date) -> bool:
    try:
        areas.add_municipality(branch, nis, max(since, branch.active_from), None)
    except DomainError:
        return False
    return True


def _new(agreement: Agreement, terms: Terms, since: date) -> Branch:
    name = (terms.title or agreement.title)[:80]
    taken = db.session.scalar(select(Branch.id).where(Branch.name == name))
    details = BranchDetails(
        name=f"{name} ({agreement.reference})" if taken else name,
        email=terms.hsv.contact_email or settings.text("CONTACT_EMAIL"),
        active_from=since,
        places_capacity=terms.families,
    )
    return branches.open_branch(details, None)
