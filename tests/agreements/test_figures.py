"""Index figures and legal grounds: dated, with a source, corrected without forgetting."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from portal.agreements import figures, legal
from portal.agreements.indexation import Figure
from portal.agreements.terms import IndexKind
from portal.core.errors import DomainError
from portal.core.permissions import Actor
from tests import make
from tests.agreements import make_agreement

SOURCE = "Statbel, gezondheidsindex"
NOV_2024, NOV_2025 = date(2024, 11, 1), date(2025, 11, 1)


@pytest.fixture
def by(session: Session) -> Actor:
    return make.actor(make_agreement.manager())


def _record(by: Actor, month: date, value: int, base_year: int = 2013) -> None:
    figure = Figure(month, base_year, value)
    figures.record_figure(IndexKind.HEALTH, figure, SOURCE, by)


def test_a_figure_not_recorded_is_unknown(session: Session, by: Actor) -> None:
    _record(by, NOV_2024, 1_331_500)
    base, new = figures.lookup(IndexKind.HEALTH, NOV_2024, NOV_2025)
    assert (base, new) == (Figure(NOV_2024, 2013, 1_331_500), None)


def test_figures_of_two_series_are_never_compared(session: Session, by: Actor) -> None:
    _record(by, NOV_2024, 1_331_500, base_year=2013)
    _record(by, NOV_2025, 1_020_000, base_year=2025)
    assert figures.lookup(IndexKind.HEALTH, NOV_2024, NOV_2025)[1] is None
    _record(by, NOV_2025, 1_358_000, base_year=2013)
    found = figures.lookup(IndexKind.HEALTH, NOV_2024, NOV_2025)
    assert [f.value_e4 for f in found if f] == [1_331_500, 1_358_000]


def test_a_correction_replaces_a_figure_and_keeps_it(session: Session, by: Actor) -> None:
    _record(by, NOV_2024, 1_331_500)
    _record(by, NOV_2024, 1_332_500)
    rows = figures.history(IndexKind.HEALTH)
    assert [(r.value_e4, r.replaced_at is None) for r in rows] == [
        (1_332_500, True),
        (1_331_500, False),
    ]
    base, _new = figures.lookup(IndexKind.HEALTH, NOV_2024, NOV_2025)
    assert base is not None
    assert base.value_e4 == 1_332_500


@pytest.mark.parametrize(
    ("month", "value"),
    [(date(2099, 1, 1), 1_331_500), (NOV_2025, 133_150), (NOV_2025, 1_950_000)],
)
def test_a_figure_that_cannot_be_is_refused(
    session: Session, by: Actor, month: date, value: int
) -> None:
    _record(by, NOV_2024, 1_331_500)
    with pytest.raises(DomainError):
        _record(by, month, value)


def test_the_database_refuses_to_change_a_figure(session: Session, by: Actor) -> None:
    _record(by, NOV_2024, 1_331_500)
    with pytest.raises(DatabaseError, match="does not change"), session.begin_nested():
        session.execute(text("UPDATE index_figure SET value_e4 = 1"))


def test_legal_grounds_shipped_are_loaded_once(session: Session) -> None:
    assert legal.load_first_grounds()
    assert not legal.load_first_grounds()
    for use in legal.USES:
        assert legal.grounds_on(use, date(2027, 1, 1)), use
    assert legal.grounds_on("considerations", date(2000, 1, 1)) == []


def test_a_ground_that_ended_is_not_named_any_more(session: Session, by: Actor) -> None:
    added = legal.add_ground("council", "Artikel 41", date(2019, 1, 1), by)
    with pytest.raises(DomainError):
        legal.add_ground("council", "Artikel 41", date(2020, 1, 1), by)
    legal.end_ground(added, date(2027, 6, 30), by)
    assert legal.grounds_on("council", date(2027, 6, 30)) == [added]
    assert legal.grounds_on("council", date(2027, 7, 1)) == []
    with pytest.raises(DomainError):
        legal.end_ground(added, date(2018, 1, 1), by)
