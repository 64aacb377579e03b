"""Unmet demand: where families were referred that no branch could serve. Counts, never a family."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, Subquery, and_, func, select, true

from portal.core import clock
from portal.core.db import db
from portal.core.i18n import N_
from portal.directory.branches import serving
from portal.directory.kinds import OrganisationKind
from portal.directory.models import Branch, BranchArea, Municipality
from portal.referrals import openings
from portal.referrals.choices import INDICATORS, SELF_LABEL
from portal.referrals.models import Channel, UnmetDemand

PERIODS = {
    "12": N_("Laatste 12 maanden"),
    "36": N_("Laatste 3 jaar"),
    "dit-jaar": N_("Dit jaar"),
    "vorig-jaar": N_("Vorig jaar"),
}

KINDS = tuple((str(kind), kind.label) for kind in OrganisationKind)

Count = tuple[str, int]


@dataclass(frozen=True)
class Needs:
    """What was asked in one municipality: counts by month, kind of referrer and indicator."""

    total: int
    by_month: list[tuple[date, int]]
    by_kind: list[Count]
    by_indicator: list[Count]


def within(period: str) -> ColumnElement[bool]:
    """Return the condition for a period of PERIODS; anything else is all of time."""
    month = clock.today().replace(day=1)
    if period in ("12", "36"):
        return UnmetDemand.month > month.replace(year=month.year - int(period) // 12)
    if period == "dit-jaar":
        return UnmetDemand.month >= date(month.year, 1, 1)
    if period == "vorig-jaar":
        return UnmetDemand.month.between(date(month.year - 1, 1, 1), date(month.year - 1, 12, 1))
    return true()


def counted(period: str) -> Subquery:
    """Return the counts per municipality: nis, number, latest (the last month asked in)."""
    return (
        select(
            UnmetDemand.municipality_nis.label("nis"),
            func.count().label("number"),
            func.max(UnmetDemand.month).label("latest"),
        )
        .where(within(period))
        .group_by(UnmetDemand.municipality_nis)
        .subquery()
    )


def per_municipality(counts: Subquery) -> Select[Municipality, Any, Any, str, int]:
    """Return a select of (Municipality, number, latest, branch, listed): the branch that serves it
    now, and how many families are kept on the list there.
    """
    today = and_(BranchArea.nis == Municipality.nis, serving(clock.today()))
    return (
        select(
            Municipality,
            counts.c.number,
            counts.c.latest,
            func.coalesce(Branch.name, "").label("branch"),
            openings.listed_in(Municipality.nis).label("listed"),
        )
        .join(counts, counts.c.nis == Municipality.nis)
        .outerjoin(BranchArea, today)
        .outerjoin(Branch, Branch.id == BranchArea.branch_id)
    )


def totals(period: str) -> tuple[int, int]:
    """Return how many questions there were, in how many municipalities."""
    asked = select(func.count(), func.count(UnmetDemand.municipality_nis.distinct()))
    number, places = db.session.execute(asked.where(within(period))).one()
    return number, places


def most_asked(most: int) -> list[tuple[Municipality, int]]:
    """Return the municipalities without a branch today that were asked for most in a year."""
    counts = counted("12")
    query = per_municipality(counts).where(Branch.id.is_(None))
    query = query.order_by(counts.c.number.desc(), Municipality.sort_name).limit(most)
    return [(row.Municipality, row.number) for row in db.session.execute(query)]


def needs_of(nis: str, period: str) -> Needs:
    """Return what was asked in one municipality: months latest first, counts largest first."""
    query = select(UnmetDemand.month, UnmetDemand.referrer_kind, UnmetDemand.indicators)
    query = query.where(UnmetDemand.municipality_nis == nis, within(period))
    rows = db.session.execute(query).all()
    months = Counter(row.month for row in rows)
    kinds = Counter(row.referrer_kind for row in rows)
    told = Counter(code for row in rows for code in row.indicators)
    return Needs(
        total=len(rows),
        by_month=sorted(months.items(), reverse=True),
        by_kind=_named((*KINDS, (str(Channel.SELF), SELF_LABEL)), kinds),
        by_indicator=_named(((one.code, one.label) for one in INDICATORS), told),
    )


def _named(labels: Iterable[tuple[str, str]], counts: Counter[str]) -> list[Count]:
    found = [(_(label), counts[code]) for code, label in labels if counts[code]]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))
