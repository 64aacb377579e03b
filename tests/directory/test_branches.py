"""Opening, changing and closing branches."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from portal.core.errors import ConflictError, DomainError, NotFoundError
from portal.directory import areas, branches
from portal.directory.branches import BranchDetails
from portal.directory.models import Branch
from tests.directory.conftest import AALST, ANTWERPEN, GENT

JANUARY, JUNE, DECEMBER = date(2026, 1, 1), date(2026, 6, 30), date(2026, 12, 31)


def _details(**values: object) -> BranchDetails:
    return BranchDetails(
        **{"name": "Home-Start Gent", "email": "gent@x.example", "active_from": JANUARY, **values}  # type: ignore[arg-type]
    )


def test_a_branch_gets_an_address_from_its_name_that_a_new_name_does_not_change(
    new_branch: Callable[..., Branch],
) -> None:
    gent = new_branch("Home-Start Gent & Meetjesland")
    assert gent.slug == "home-start-gent-meetjesland"
    branches.update_branch(gent, _details(name="Home-Start Oost-Vlaanderen"), None)
    assert gent.slug == "home-start-gent-meetjesland"
    assert branches.branch_at("home-start-gent-meetjesland") is gent


@pytest.mark.parametrize(
    ("name", "slug"), [("Nieuw", "nieuw-2"), ("!!!", "afdeling"), ("x" * 90, "x" * 50)]
)
def test_a_branch_always_gets_an_address(
    new_branch: Callable[..., Branch], name: str, slug: str
) -> None:
    assert new_branch(name).slug == slug


def test_two_branches_never_share_an_address(new_branch: Callable[..., Branch]) -> None:
    first = new_branch("x" * 60)
    second = new_branch("x" * 61)
    assert (first.slug, second.slug) == ("x" * 50, f"{'x' * 50}-2")


def test_two_branches_never_share_a_name(new_branch: Callable[..., Branch]) -> None:
    new_branch("Home-Start Gent")
    with pytest.raises(DomainError) as refused:
        branches.open_branch(_details(name="home start GENT"), None)
    assert refused.value.field == "name"


@pytest.mark.parametrize(
    ("field", "value"), [("name", " "), ("email", ""), ("places_capacity", -1)]
)
def test_a_branch_needs(reference: Session, field: str, value: object) -> None:
    with pytest.raises(DomainError) as refused:
        branches.open_branch(_details(**{field: value}), None)
    assert refused.value.field == field


def test_a_branch_cannot_begin_after_it_serves_somebody(new_branch: Callable[..., Branch]) -> None:
    gent = new_branch("Home-Start Gent")
    areas.add_municipality(gent, GENT, date(2026, 2, 1), None)
    with pytest.raises(DomainError) as refused:
        branches.update_branch(gent, _details(active_from=date(2026, 2, 2)), None)
    assert refused.value.field == "active_from"
    assert refused.value.values == {"day": "01/02/2026"}


def test_a_closed_branch_serves_nobody_after_its_last_day(
    new_branch: Callable[..., Branch],
) -> None:
    gent = new_branch()
    areas.add_municipality(gent, GENT, JANUARY, None)
    areas.add_municipality(gent, AALST, JANUARY, None, to_on=date(2026, 3, 31))
    areas.add_municipality(gent, ANTWERPEN, date(2026, 9, 1), None)
    branches.close_branch(gent, JUNE, None)
    assert branches.branch_serving(GENT, JUNE) is gent
    assert branches.branch_serving(GENT, date(2026, 7, 1)) is None
    assert branches.branch_serving(ANTWERPEN, DECEMBER) is None
    assert {part.nis: part.to_on for part in areas.areas_of(gent)} == {
        GENT: JUNE,
        AALST: date(2026, 3, 31),
    }
    assert gent.is_open(JUNE)
    assert not gent.is_open(date(2026, 7, 1))


def test_a_branch_cannot_close_before_it_opens(new_branch: Callable[..., Branch]) -> None:
    with pytest.raises(DomainError) as refused:
        branches.close_branch(new_branch(), date(2025, 12, 31), None)
    assert refused.value.field == "closed_on"


def test_closing_can_be_taken_back_and_the_area_stays_as_it_was(
    new_branch: Callable[..., Branch],
) -> None:
    gent = new_branch()
    areas.add_municipality(gent, GENT, JANUARY, None)
    branches.close_branch(gent, JUNE, None)
    branches.reopen_branch(gent, None)
    assert gent.is_open(DECEMBER)
    assert branches.branch_serving(GENT, DECEMBER) is None


def test_the_second_of_two_who_change_a_branch_sees_what_the_first_did(
    new_branch: Callable[..., Branch], session: Session
) -> None:
    gent = new_branch()
    seen = gent.version
    branches.update_branch(gent, _details(places_capacity=25), None, seen)
    session.commit()
    with pytest.raises(ConflictError) as conflict:
        branches.close_branch(gent, JUNE, None, seen)
    assert [change.label for change in conflict.value.changes] == ["E-mailadres", "Plaatsen"]


def test_a_branch_that_does_not_exist_is_not_found(reference: Session) -> None:
    with pytest.raises(NotFoundError):
        branches.branch_at("home-start-nergens")
