"""Which branch serves a municipality, from when to when."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta
from threading import Barrier

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.db import db
from portal.core.errors import DomainError, NotFoundError
from portal.directory import areas, branches
from portal.directory.branches import BranchDetails
from portal.directory.models import Branch, BranchArea
from portal.directory.reference import load_reference
from tests.directory.conftest import AALST, ANTWERPEN, GENT

JANUARY, MARCH, JUNE = date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 30)
JULY = date(2026, 7, 1)


def test_a_branch_serves_a_municipality_from_its_first_to_and_including_its_last_day(
    new_branch: Callable[..., Branch],
) -> None:
    gent = new_branch()
    areas.add_municipality(gent, GENT, MARCH, None, to_on=JUNE)
    days = [MARCH - timedelta(1), MARCH, JUNE, JULY]
    assert [branches.branch_serving(GENT, day) for day in days] == [None, gent, gent, None]
    assert branches.branch_serving(AALST, MARCH) is None


def test_a_municipality_cannot_be_given_to_a_second_branch(
    new_branch: Callable[..., Branch],
) -> None:
    areas.add_municipality(new_branch("Home-Start Gent"), GENT, MARCH, None)
    with pytest.raises(DomainError) as refused:
        areas.add_municipality(new_branch("Home-Start Aalst"), GENT, JULY, None)
    assert refused.value.field == "municipality"
    assert refused.value.values["branch"] == "Home-Start Gent"
    assert refused.value.values["day"] == "01/03/2026"


def test_a_municipality_passes_from_one_branch_to_another(
    new_branch: Callable[..., Branch],
) -> None:
    gent, aalst = new_branch("Home-Start Gent"), new_branch("Home-Start Aalst")
    part = areas.add_municipality(gent, GENT, MARCH, None)
    areas.end_municipality(part, JUNE, None)
    areas.add_municipality(aalst, GENT, JULY, None)
    assert branches.branch_serving(GENT, JUNE) is gent
    assert branches.branch_serving(GENT, JULY) is aalst
    assert [past.branch.name for past in areas.history_of(GENT)] == [aalst.name, gent.name]


def test_an_end_cannot_be_moved_into_the_time_of_another_branch(
    new_branch: Callable[..., Branch],
) -> None:
    gent, aalst = new_branch("Home-Start Gent"), new_branch("Home-Start Aalst")
    part = areas.add_municipality(gent, GENT, MARCH, None, to_on=JUNE)
    areas.add_municipality(aalst, GENT, JULY, None)
    for later in (JULY, None):
        with pytest.raises(DomainError) as refused:
            areas.end_municipality(part, later, None)
        assert refused.value.field == "to_on"


def test_a_branch_serves_nobody_before_it_opens_or_after_it_closes(
    new_branch: Callable[..., Branch],
) -> None:
    gent = new_branch(active_from=MARCH)
    branches.close_branch(gent, JUNE, None)
    with pytest.raises(DomainError) as too_early:
        areas.add_municipality(gent, GENT, JANUARY, None)
    with pytest.raises(DomainError) as too_long:
        areas.add_municipality(gent, GENT, MARCH, None, to_on=JULY)
    assert (too_early.value.field, too_long.value.field) == ("from_on", "to_on")
    assert areas.add_municipality(gent, GENT, MARCH, None).to_on == JUNE


def test_a_last_day_before_the_first_is_refused(new_branch: Callable[..., Branch]) -> None:
    with pytest.raises(DomainError) as refused:
        areas.add_municipality(new_branch(), GENT, MARCH, None, to_on=JANUARY)
    assert refused.value.field == "to_on"


def test_a_municipality_that_does_not_exist_is_refused(new_branch: Callable[..., Branch]) -> None:
    with pytest.raises(DomainError) as refused:
        areas.add_municipality(new_branch(), "99999", MARCH, None)
    assert refused.value.field == "municipality"


def test_what_has_not_begun_can_be_taken_back_and_what_has_cannot(
    new_branch: Callable[..., Branch], session: Session
) -> None:
    part = areas.add_municipality(new_branch(), GENT, MARCH, None)
    with pytest.raises(DomainError):
        areas.remove_municipality(part, MARCH, None)
    areas.remove_municipality(part, MARCH - timedelta(1), None)
    session.commit()
    assert session.scalars(select(BranchArea)).all() == []


def test_the_area_of_a_branch_is_sorted_by_municipality(
    new_branch: Callable[..., Branch],
) -> None:
    gent = new_branch()
    for nis in (GENT, AALST, ANTWERPEN):
        areas.add_municipality(gent, nis, MARCH, None)
    names = [part.municipality.name for part in areas.areas_of(gent)]
    assert names == ["Aalst", "Antwerpen", "Gent"]


def test_a_part_of_another_branch_is_not_found(new_branch: Callable[..., Branch]) -> None:
    part = areas.add_municipality(new_branch("Home-Start Gent"), GENT, MARCH, None)
    with pytest.raises(NotFoundError):
        areas.area(new_branch("Home-Start Aalst"), part.id)


SPANS = st.tuples(st.integers(0, 30), st.none() | st.integers(0, 30), st.integers(0, 1))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(SPANS, min_size=1, max_size=8))
def test_whatever_is_asked_a_municipality_never_has_two_branches_on_a_day(
    reference: Session, spans: list[tuple[int, int | None, int]]
) -> None:
    both = [
        branches.open_branch(BranchDetails(name, "a@x.example", JANUARY), None)
        for name in ("Een", "Twee")
    ]
    for start, length, which in spans:
        from_on = JANUARY + timedelta(start)
        to_on = None if length is None else from_on + timedelta(length)
        with suppress(DomainError):
            areas.add_municipality(both[which], GENT, from_on, None, to_on)
    parts = areas.history_of(GENT)
    days = [JANUARY + timedelta(n) for n in range(70)]
    served = [sum(part.covers(day) for part in parts) for day in days]
    reference.rollback()
    assert max(served) == 1


def test_of_two_people_who_give_a_municipality_to_two_branches_at_once_one_wins(
    live_app: Flask,
) -> None:
    with live_app.app_context():
        load_reference(db.session)  # type: ignore[arg-type]
        details = [BranchDetails(name, "a@x.example", JANUARY) for name in ("Een", "Twee")]
        ids = [branches.open_branch(each, None).id for each in details]
        db.session.commit()
    start = Barrier(2)

    def give(branch_id: int) -> bool:
        with live_app.app_context():
            start.wait()
            try:
                areas.add_municipality(db.session.get_one(Branch, branch_id), GENT, JULY, None)
                db.session.commit()
            except DomainError:
                db.session.rollback()
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(give, ids)) == [False, True]
