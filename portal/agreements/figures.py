"""Index figures as HSV's people record them, each with where it was published."""

from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from portal.agreements.indexation import Figure
from portal.agreements.models import IndexFigure
from portal.agreements.terms import IndexKind
from portal.core import audit, clock
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.permissions import Actor

LARGEST_JUMP = 1.25  # a figure that differs more from its neighbour is a typing error


def record_figure(
    kind: IndexKind, figure: Figure, source: str, by: Actor, published_on: date | None = None
) -> IndexFigure:
    """Write down a published figure; an earlier one of the same month and series is replaced.

    Raises DomainError for a month to come, or a value that cannot follow its neighbours.
    """
    if figure.month > clock.today():
        raise DomainError(N_("Deze maand moet nog komen: er is nog geen cijfer."), "month")
    if published_on is not None and published_on > clock.today():
        raise DomainError(N_("Deze dag moet nog komen."), "published_on")
    _check_plausible(kind, figure)
    now = clock.now()
    earlier = db.session.scalar(
        _current()
        .where(IndexFigure.kind == kind, IndexFigure.month == figure.month)
        .where(IndexFigure.base_year == figure.base_year)
        .with_for_update()
    )
    if earlier is not None:
        if earlier.value_e4 == figure.value_e4:
            raise DomainError(N_("Dit cijfer staat er al."), "value")
        earlier.replaced_at = now
    recorded = IndexFigure(
        kind=kind,
        month=figure.month,
        base_year=figure.base_year,
        value_e4=figure.value_e4,
        source=source,
        published_on=published_on,
        recorded_by_id=by.account_id,
        recorded_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(recorded)
    except IntegrityError as error:
        message = N_("Iemand anders voerde dit cijfer net in. Kijk de lijst na.")
        raise DomainError(message, "month") from error
    audit.record("index_figure:record", recorded, actor=by, fields={"value_e4", "source"})
    return recorded


def _check_plausible(kind: IndexKind, figure: Figure) -> None:
    series = select(IndexFigure.value_e4).where(
        IndexFigure.kind == kind,
        IndexFigure.base_year == figure.base_year,
        IndexFigure.replaced_at.is_(None),
        IndexFigure.month != figure.month,
    )
    before = series.where(IndexFigure.month < figure.month).order_by(IndexFigure.month.desc())
    after = series.where(IndexFigure.month > figure.month).order_by(IndexFigure.month)
    for query in (before, after):
        neighbour = db.session.scalar(query.limit(1))
        if neighbour and not 1 / LARGEST_JUMP < figure.value_e4 / neighbour < LARGEST_JUMP:
            raise DomainError(
                N_("Dit wijkt meer dan 25 % af van het cijfer ernaast. Kijk het na."), "value"
            )


def history(kind: IndexKind) -> list[IndexFigure]:
    """Return every figure of a kind, the latest month first, a replaced one after its successor."""
    query = (
        select(IndexFigure)
        .where(IndexFigure.kind == kind)
        .order_by(IndexFigure.month.desc(), IndexFigure.base_year.desc(), IndexFigure.id.desc())
    )
    return list(db.session.scalars(query))


def lookup(
    kind: IndexKind, base_month: date, wanted_month: date
) -> tuple[Figure | None, Figure | None]:
    """Return the figures of two months in one series, the newest that has both.

    Without such a series, the figure there is of one of them; never two that cannot be compared.
    """
    rows = db.session.scalars(
        _current()
        .where(IndexFigure.kind == kind, IndexFigure.month.in_((base_month, wanted_month)))
        .order_by(IndexFigure.base_year.desc())
    ).all()
    base = {r.base_year: _figure(r) for r in rows if r.month == base_month}
    wanted = {r.base_year: _figure(r) for r in rows if r.month == wanted_month}
    for year in wanted:
        if year in base:
            return base[year], wanted[year]
    if base:
        return next(iter(base.values())), None
    return None, next(iter(wanted.values()), None)


def _current() -> Select[IndexFigure]:
    return select(IndexFigure).where(IndexFigure.replaced_at.is_(None))


def _figure(row: IndexFigure) -> Figure:
    return Figure(row.month, row.base_year, row.value_e4)
