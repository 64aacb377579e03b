"""What would be made of a list: every row looked at, and who of them may be known already."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import or_, select

from portal.core.db import db
from portal.core.permissions import Actor
from portal.directory.models import Branch
from portal.referrals.duplicates import GROUNDS
from portal.referrals.marks import FamilyMark, Kind, mark
from portal.referrals.models import OPEN, Family, Referral, Status
from portal.referrals.takeover.columns import Cells
from portal.referrals.takeover.families import Checked, Taken, check

_AT_A_TIME = 400  # marks in one query

Mark = tuple[Kind, bytes]


@dataclass(frozen=True)
class Preview:
    """The rows of a list. wrong: cannot be taken over; alike: may be known already."""

    rows: list[Checked]

    @property
    def wrong(self) -> list[Checked]:
        return [one for one in self.rows if one.taken is None]

    @property
    def alike(self) -> list[Checked]:
        return [one for one in self.rows if one.taken is not None and one.alike]

    @property
    def ready(self) -> list[Checked]:
        return [one for one in self.rows if one.ready]

    def chosen(self, *, with_alike: bool) -> list[Checked]:
        """Return what is taken over, in the order of the file."""
        return [one for one in self.rows if one.ready or (with_alike and one.taken is not None)]


def of(actor: Actor, rows: Iterable[tuple[int, Cells]]) -> Preview:
    """Return every row checked, with where its family may be known already: by phone, e-mail, or
    the parent's name with a child's month. The number of queries follows the size of the list.
    """
    checked = [check(number, row) for number, row in rows]
    marks = {one.number: set(_marks(one.taken)) for one in checked if one.taken is not None}
    known = _known(actor, {mark for found in marks.values() for mark in found})
    first_with: dict[Mark, int] = {}
    for one in checked:
        for each in sorted(marks.get(one.number, ())):
            earlier = first_with.setdefault(each, one.number)
            places = known.get(each, [])
            if earlier != one.number:
                places = [*places, str(earlier)]
            one.alike += [place for place in places if place not in one.alike]
    return Preview(checked)


def _marks(taken: Taken) -> Iterator[Mark]:
    identity, household = taken.identity, taken.household
    name = f"{identity.first_name} {identity.last_name}"
    months = {child.born for child in household.children} | {household.due}
    texts = [(Kind.PHONE, identity.phone), (Kind.EMAIL, identity.email)]
    texts += [(Kind.CHILD, f"{name} {month:%Y%m}") for month in months if month]
    for kind, text in texts:
        found = mark(kind, text)
        if found is not None:
            yield kind, found


def _known(actor: Actor, marks: set[Mark]) -> dict[Mark, list[str]]:
    """Return where each mark is known: references of the branch, names of other branches."""
    wanted = sorted({found for _kind, found in marks})
    places: dict[Mark, list[str]] = defaultdict(list)
    for begin in range(0, len(wanted), _AT_A_TIME):
        query = (
            select(FamilyMark.kind, FamilyMark.mark, Referral, Branch.name)
            .join(Family, Family.id == FamilyMark.family_id)
            .join(Referral, Referral.id == Family.referral_id)
            .join(Branch, Branch.id == Referral.branch_id)
            .where(
                FamilyMark.mark.in_(wanted[begin : begin + _AT_A_TIME]),
                FamilyMark.kind.in_(GROUNDS),
                Referral.status != Status.NOT_SERVED,
                or_(Referral.branch_id == actor.branch_id, Referral.status.in_(OPEN)),
            )
            .order_by(Referral.id)
        )
        for kind, found, referral, branch in db.session.execute(query):
            own = referral.branch_id == actor.branch_id
            places[kind, bytes(found)].append(referral.reference if own else branch)
    return places
