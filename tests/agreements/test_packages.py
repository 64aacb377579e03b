"""Editions of the offer: copied, changed, compared, put in use by somebody else, then fixed."""

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from portal.agreements import packages, pricing
from portal.agreements.models import EditionState, PackageEdition
from portal.agreements.offer import Offer, PriceLine, Scale
from portal.agreements.packages_compare import differences
from portal.agreements.packages_shown import shown_differences, yearly_totals
from portal.agreements.pricing import TWO_YEARS, Size
from portal.agreements.terms import Formula
from portal.core.errors import ConflictError, DomainError
from portal.core.permissions import Actor
from tests import make
from tests.agreements import make_agreement


@pytest.fixture
def writer(session: Session) -> Actor:
    make_agreement.load_offer()
    return make.actor(make_agreement.manager("Ann Claes"))


@pytest.fixture
def colleague(session: Session) -> Actor:
    return make.actor(make_agreement.finance_officer("Bram Nys"))


@pytest.fixture
def draft(writer: Actor, session: Session) -> PackageEdition:
    made = packages.begin_draft("Aanbod 2028", "Indexering", writer)
    session.commit()
    return made


def _dearer(offer: Offer, by_cents: int = 1_000_00) -> Offer:
    """The offer with a dearer wage line in package B."""
    package = offer.package(Formula.COORDINATOR)
    lines = tuple(
        replace(line, following_cents=line.following_cents + by_cents) if line.wage else line
        for line in package.lines
    )
    changed = replace(package, lines=lines)
    return replace(offer, packages=tuple(changed if p == package else p for p in offer.packages))


def test_the_packages_as_shipped_cost_what_the_default_budgets_say(session: Session) -> None:
    offer = make_agreement.offer()
    totals = {p.formula: yearly_totals(p) for p in offer.packages}
    assert totals[Formula.COORDINATOR] == (53_244_00, 53_244_00)
    assert totals[Formula.EXPERT] == (5_778_00, 3_780_00)
    assert [s.number for s in offer.services] == list(range(1, 11))
    assert packages.offer_problems(offer) == []


def test_a_new_edition_is_a_copy_that_nobody_uses_yet(draft: PackageEdition) -> None:
    assert packages.active_edition().number == 1
    assert draft.offer_json == packages.active_edition().offer_json
    assert draft.based_on == 1


def test_there_is_one_draft_at_a_time(draft: PackageEdition, colleague: Actor) -> None:
    with pytest.raises(DomainError):
        packages.begin_draft("Nog een", "", colleague)


def test_who_wrote_in_an_edition_does_not_put_it_in_use(
    draft: PackageEdition, writer: Actor, colleague: Actor, session: Session
) -> None:
    second = make.actor(make_agreement.manager("Lies Baert"))
    packages.save(draft, _dearer(packages.offer_of(draft)), draft.version, second)
    session.commit()
    for one in (writer, second):
        with pytest.raises(DomainError, match="collega"):
            packages.activate(draft, draft.version, one)
    packages.activate(draft, draft.version, colleague)
    session.commit()
    assert packages.active_edition() == draft
    assert packages.edition(1).state == EditionState.RETIRED


def test_two_people_writing_at_once_lose_nothing(
    draft: PackageEdition, writer: Actor, colleague: Actor, session: Session
) -> None:
    seen = draft.version
    packages.save(draft, _dearer(packages.offer_of(draft)), seen, writer)
    session.commit()
    with pytest.raises(ConflictError):
        packages.save(draft, packages.offer_of(draft), seen, colleague)


def test_an_edition_in_use_never_changes_by_any_path(
    draft: PackageEdition, writer: Actor, colleague: Actor, session: Session
) -> None:
    offer = packages.offer_of(draft)
    packages.activate(draft, None, colleague)
    session.commit()
    for change in (
        lambda: packages.save(draft, _dearer(offer), None, writer),
        lambda: packages.discard(draft, None, writer),
        lambda: packages.activate(draft, None, writer),
    ):
        with pytest.raises(ConflictError):
            change()
    for statement in (
        "UPDATE package_edition SET offer_json = '{}' WHERE number = 2",
        "UPDATE package_edition SET number = 9 WHERE number = 1",
        "DELETE FROM package_edition",
    ):
        with pytest.raises(DatabaseError, match="does not change"), session.begin_nested():
            session.execute(text(statement))


def test_a_draft_thrown_away_leaves_the_offer_as_it_was(
    draft: PackageEdition, writer: Actor, session: Session
) -> None:
    packages.discard(draft, draft.version, writer)
    session.commit()
    assert [e.number for e in packages.editions()] == [1]


def test_what_differs_is_said_field_by_field_with_the_totals_that_follow(
    draft: PackageEdition,
) -> None:
    before = packages.offer_of(draft)
    after = _dearer(before)
    assert differences(before, before) == []
    (one,) = differences(before, after)
    assert (one.part, one.key, one.field) == ("line", "B10", "following_cents")
    rows = [(r.place, r.what, r.before, r.after) for r in shown_differences(before, after)]
    assert rows == [
        ("Pakket B, lijn B10", "volgende jaren", "€\xa034.000,00", "€\xa035.000,00"),
        ("Pakket B", "totaal volgende jaren", "€\xa053.244,00", "€\xa054.324,00"),
    ]


def test_lines_and_instalments_added_or_left_out_are_said_whole(draft: PackageEdition) -> None:
    before = packages.offer_of(draft)
    package = before.package(Formula.EXPERT)
    line = PriceLine("A99", "Extra", "2", 100_00, 100_00)
    changed = replace(package, lines=(*package.lines[1:], line), instalments=(), targets=())
    after = replace(before, packages=tuple(changed if p == package else p for p in before.packages))
    said = {(r.place, r.what) for r in shown_differences(before, after)}
    assert ("Pakket A, lijn A10", "weggelaten") in said
    assert ("Pakket A, lijn A99", "toegevoegd") in said
    assert ("Pakket A, schijf 1", "weggelaten") in said
    assert ("Pakket A, streefdoel jaar 3", "weggelaten") in said


@pytest.mark.parametrize("problem", ["no services", "same code", "outside", "instalments"])
def test_an_offer_that_contradicts_itself_cannot_be_saved(
    draft: PackageEdition, writer: Actor, problem: str
) -> None:
    offer = packages.offer_of(draft)
    package = offer.package(Formula.EXPERT)
    broken = {
        "no services": replace(package, services=(), lines=()),
        "same code": replace(package, lines=(*package.lines, package.lines[0])),
        "outside": replace(package, lines=(PriceLine("A1", "Lijn", "7"),)),
        "instalments": replace(package, instalments=package.instalments * 2),
    }[problem]
    wrong = replace(offer, packages=tuple(broken if p == package else p for p in offer.packages))
    with pytest.raises(DomainError):
        packages.save(draft, wrong, draft.version, writer)


def test_prices_grow_with_what_they_scale_with(session: Session) -> None:
    package = make_agreement.offer().package(Formula.COORDINATOR)
    usual, double = Size.of(package), Size(100, 40, 40)
    for line in package.lines:
        small, large = (
            pricing.scaled(line.first_cents, line.scale, package, size) for size in (usual, double)
        )
        assert large == small * (1 if line.scale == Scale.NONE else 2)


def test_a_service_covered_by_another_is_not_paid_twice(session: Session) -> None:
    package = make_agreement.offer().package(Formula.CUSTOM)

    def codes(*services: int) -> set[str]:
        lines = pricing.budget_lines(package.lines, package, Size.of(package), TWO_YEARS, services)
        return {line.code for line in lines}

    assert codes(6) == {"C60", "C99"}
    assert "C60" not in codes(6, 10)
    assert {"C95", "C96", "C97"} <= codes(6, 10)
