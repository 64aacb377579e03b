"""The branch of an agreement: on its first day it opens, or takes the new municipalities on.

When the municipalities that are served already have one and the same branch, that branch takes the
others on; else a new one opens, named after the agreement. A municipality that another branch
serves stays there: a person decides, and the timeline says so.
"""

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


def open_for(agreement: Agreement, terms: Terms) -> str:
    """Open the branch and area of an agreement. Returns what could not be done, or nothing."""
    assert terms.starts_on is not None
    served = {
        place.nis: branches.branch_serving(place.nis, terms.starts_on) for place in terms.area
    }
    free = [place for place in terms.area if served[place.nis] is None]
    known = {branch.id: branch for branch in served.values() if branch is not None}
    branch = next(iter(known.values())) if len(known) == 1 else None
    if branch is None and free:
        branch = _new(agreement, terms, terms.starts_on)
    agreement.branch_id = branch.id if branch else None
    if branch is None:
        return ""
    skipped = [place.name for place in free if not _serves(branch, place.nis, terms.starts_on)]
    return _SKIPPED.format(places=", ".join(skipped)) if skipped else ""


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
