"""Realistic referrals in any number: the seed's shares of indicators, plausible trajectories.

Rows go in bulk, past the services: this is for demonstrations and measurements only. What must
hold for every referral (sealed columns, events in order, a consent) holds here too.
"""

from datetime import timedelta
from random import Random

from sqlalchemy import select
from tqdm import tqdm

from portal.accounts.models import Account, Membership
from portal.core import clock
from portal.core.db import db
from portal.core.permissions import Role
from portal.demo.rows import Route, Source, Writer
from portal.directory.models import BranchArea, MunicipalityPostcode, Organisation

BATCH = 1000


def make(number: int, *, seed: int = 2026, years: float = 3.0, quiet: bool = False) -> None:
    """Add `number` referrals of the last `years`, to the branches and by the referrers there are.

    Commits per thousand; the same seed makes up the same families.
    Raises LookupError when there is no branch with a coordinator, or nobody who refers.
    """
    routes, sources = _routes(), _sources()
    if not routes or not sources:
        raise LookupError("there are no branches with a coordinator, or no referrers")
    writer = Writer(Random(seed))
    horizon = timedelta(days=365 * years)
    near = _nearby(routes, sources)
    with tqdm(total=number, unit=" verwijzingen", disable=quiet, mininterval=1) as bar:
        for start in range(0, number, BATCH):
            size = min(BATCH, number - start)
            for _ in range(size):
                received = clock.now() - writer.random.random() * horizon
                route = writer.random.choice(routes)
                writer.add(route, writer.random.choice(near[route.branch_id]), received)
            writer.write()
            db.session.commit()
            bar.update(size)


def _routes() -> list[Route]:
    query = select(Membership.branch_id, Membership.account_id)
    query = query.where(Membership.role == Role.COORDINATOR).order_by(Membership.id.desc())
    coordinators = {row.branch_id: row.account_id for row in db.session.execute(query)}
    today = clock.today()
    found = []
    for area in db.session.scalars(select(BranchArea)):
        if area.branch_id in coordinators and area.covers(today):
            codes = select(MunicipalityPostcode.postcode).where(
                MunicipalityPostcode.nis == area.nis
            )
            coordinator = coordinators[area.branch_id]
            found += [
                Route(area.nis, code, area.branch_id, coordinator)
                for code in db.session.scalars(codes)
            ]
    return found


def _sources() -> list[Source]:
    rows = db.session.execute(
        select(Account.id, Organisation.id, Organisation.kind, Organisation.nis)
        .join(Membership, Membership.account_id == Account.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.role == Role.REFERRER)
    )
    return [Source(row[0], row[1], str(row[2]), row[3]) for row in rows]


def _nearby(routes: list[Route], sources: list[Source]) -> dict[int, list[Source]]:
    """Return who refers to each branch: the services of its area, or everybody."""
    areas: dict[int, set[str]] = {}
    for route in routes:
        areas.setdefault(route.branch_id, set()).add(route.nis)
    near = {branch: [s for s in sources if s.nis in nis] for branch, nis in areas.items()}
    return {branch: found or sources for branch, found in near.items()}
