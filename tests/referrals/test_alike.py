"""Families that are found again: by search, and as a possible duplicate."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.db import db
from portal.core.errors import NotFoundError
from portal.referrals import duplicates, follow, search
from portal.referrals.filled import Child
from portal.referrals.marks import FamilyMark, Kind, mark, plain_name, plain_phone
from portal.referrals.models import Referral, Status
from tests import make
from tests.browser import Browser, Page
from tests.referrals.conftest import World
from tests.referrals.make_referral import moved_to, submitted

OTHER = {"phone": "0499 99 99 99", "email": "ander@familie.example"}
STRANGER = {**OTHER, "first_name": "An", "last_name": "Peeters"}


@pytest.fixture
def referral(world: World) -> Referral:
    return submitted(world.branch, world.referrer)


@pytest.fixture
def coordinator(world: World, browser: Browser) -> Browser:
    return Browser(browser.app).sign_in(world.coordinator_account)


@pytest.mark.parametrize(
    "typed",
    [
        *("0470 12 34 56", "0470/12.34.56", "+32 470 12 34 56", "+32 (0)470 12 34 56"),
        *("0032470123456", "+32470-12-34-56"),
    ],
)
def test_a_telephone_number_is_the_same_however_it_is_typed(typed: str) -> None:
    assert plain_phone(typed) == "32470123456"


def test_a_foreign_number_is_not_a_belgian_one() -> None:
    assert plain_phone("+31 470 12 34 56") != plain_phone("0470 12 34 56")
    assert plain_phone("1712") == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nadia Şahin", "sahin NADIA"),
        ("Łukasz D'Hondt", "lukasz dhondt"),
        ("Anne-Marie Van den Broeck", "van den broeck anne marie"),
        ("Zoë", "Zoe\u0308"),
    ],
)
def test_a_name_is_the_same_in_any_order_and_accent(one: str, other: str) -> None:
    assert plain_name(one) == plain_name(other)


def test_a_name_in_another_script_is_a_name() -> None:
    assert plain_name("Жанна Иванова") not in ("", plain_name("Ольга Иванова"))
    assert plain_name("محمد") != ""


def marks(referral: Referral) -> set[str]:
    query = select(FamilyMark.kind).where(FamilyMark.family_id == referral.family.id)  # type: ignore[union-attr]
    return set(db.session.scalars(query))


def test_marks_follow_the_family_and_go_with_it(world: World, referral: Referral) -> None:
    assert marks(referral) == set(Kind)
    follow.correct_contact(world.coordinator, referral, phone="", email=OTHER["email"], street="")
    db.session.commit()
    assert marks(referral) == set(Kind) - {Kind.PHONE}
    kept = db.session.scalars(select(FamilyMark.mark).where(FamilyMark.kind == Kind.EMAIL)).one()
    assert bytes(kept) == mark(Kind.EMAIL, "ANDER@familie.example ")
    db.session.delete(referral.family)
    db.session.commit()
    assert db.session.scalars(select(FamilyMark)).all() == []


# Duplicates


@pytest.mark.parametrize(
    ("identity", "ground"),
    [
        ({**STRANGER, "phone": "+32470123456"}, Kind.PHONE),
        ({**STRANGER, "email": "Nadia@Familie.example"}, Kind.EMAIL),
        ({**OTHER, "first_name": "Sahin", "last_name": "Nadia"}, Kind.CHILD),
    ],
)
def test_the_same_family_referred_twice_is_noticed(
    world: World, referral: Referral, identity: dict[str, Any], ground: Kind
) -> None:
    again = submitted(world.branch, world.referrer, identity=identity)
    [found] = duplicates.candidates(again)
    assert found.reference == referral.reference
    assert found.grounds == [duplicates.GROUNDS[ground]]
    assert [one.reference for one in duplicates.candidates(referral)] == [again.reference]


def test_a_name_alone_is_no_duplicate(world: World, referral: Referral) -> None:
    household = {"children": (Child(date(2023, 1, 1)),)}
    again = submitted(world.branch, world.referrer, identity=OTHER, household=household)
    assert duplicates.candidates(again) == []


def test_the_coordinator_is_told_before_the_intake_and_links_them(
    coordinator: Browser, world: World, referral: Referral
) -> None:
    again = submitted(world.branch, world.referrer, identity={"first_name": "Nadja"})
    page = coordinator.get("referrals.show", reference=again.reference)
    assert "Misschien is dit gezin al aangemeld" in page.text
    page = coordinator.get("referrals.duplicates", reference=again.reference)
    assert "zelfde telefoonnummer, zelfde e-mailadres" in page.text
    assert referral.reference in page.text
    decided = decide(coordinator, page, again, "ja", "Zelfde moeder, opnieuw verwezen.")
    assert decided.status == 302
    for one, other in ((again, referral), (referral, again)):
        page = coordinator.get("referrals.show", reference=one.reference)
        assert "Misschien is dit gezin" not in page.text
        assert f"Dit gezin is ook bekend onder {other.reference}" in page.text


def decide(browser: Browser, page: Page, referral: Referral, same: str, reason: str) -> Page:
    link = next(one for one in page.links() if "?paar=" in one)
    form = browser.open(link)
    data = {"same": same, "reason": reason}
    return browser.submit(form, "referrals.duplicates", data, reference=referral.reference)


def test_dismissing_asks_why_and_is_kept(
    coordinator: Browser, world: World, referral: Referral
) -> None:
    again = submitted(world.branch, world.referrer)
    page = coordinator.get("referrals.duplicates", reference=again.reference)
    refused = decide(coordinator, page, again, "nee", "")
    assert refused.errors == ["Waarom? Vul dit in."]
    decide(coordinator, page, again, "nee", "Twee zussen met één telefoon.")
    page = coordinator.get("referrals.duplicates", reference=referral.reference)
    assert "Niet hetzelfde gezin: Twee zussen met één telefoon." in page.text
    row = db.session.scalars(select(duplicates.DuplicateDecision)).one()
    assert b"zussen" not in bytes(row.reason_encrypted)  # type: ignore[attr-defined]


@pytest.fixture
def elsewhere(world: World, referral: Referral) -> Referral:
    branch = make.branch(["24062"], "Home-Start Leuven", phone="016 12 34 56")
    return submitted(branch, make.actor(make.referrer()))


def test_of_another_branch_only_that_there_is_one_since_when_and_whom_to_call(
    coordinator: Browser, referral: Referral, elsewhere: Referral
) -> None:
    page = coordinator.get("referrals.duplicates", reference=referral.reference)
    assert "Een verwijzing bij Home-Start Leuven" in page.text
    assert "016 12 34 56" in page.text
    body = page.body.decode()
    assert elsewhere.reference not in body
    assert str(elsewhere.id) not in body
    assert str(elsewhere.family.id) not in body  # type: ignore[union-attr]


def test_each_branch_decides_for_itself(
    world: World, referral: Referral, elsewhere: Referral
) -> None:
    [one] = duplicates.candidates(referral)
    duplicates.decide(world.coordinator, referral, one.pair, False, "Gebeld met Leuven.")
    assert duplicates.undecided(duplicates.candidates(referral)) == 0
    [back] = duplicates.candidates(elsewhere)
    assert (back.same, back.reason) == (None, "")


def test_what_is_closed_elsewhere_is_not_told(
    world: World, referral: Referral, elsewhere: Referral
) -> None:
    leuven = make.coordinator(elsewhere.branch)
    moved_to(elsewhere, Status.WITHDRAWN, make.actor(leuven))
    assert duplicates.candidates(referral) == []


def test_a_guessed_pair_is_not_found(world: World, referral: Referral) -> None:
    with pytest.raises(NotFoundError):
        duplicates.decide(world.coordinator, referral, "00" * 16, True, "Gok")


def test_a_referrer_never_hears_of_it(
    browser: Browser, world: World, referral: Referral, elsewhere: Referral
) -> None:
    again = submitted(world.branch, world.referrer)
    browser.sign_in(world.referrer_account)
    page = browser.get("referrals.show", reference=again.reference)
    assert "zelfde gezin" not in page.text.lower()
    assert "al aangemeld" not in page.text
    assert browser.get("referrals.duplicates", reference=again.reference).status == 403


def test_the_decision_is_erased_with_either_family(world: World, referral: Referral) -> None:
    again = submitted(world.branch, world.referrer)
    [one] = duplicates.candidates(again)
    duplicates.decide(world.coordinator, again, one.pair, True, "Zelfde")
    db.session.commit()
    db.session.delete(referral.family)
    db.session.commit()
    assert db.session.scalars(select(duplicates.DuplicateDecision)).all() == []


# Searching


def look(browser: Browser, text: str) -> Page:
    page = browser.get("referrals.search")
    return browser.submit(page, "referrals.search", {"q": text})


@pytest.mark.parametrize(
    "text",
    [
        *("Nadia Şahin", "sahin nadia", "ŞAHİN".lower(), "Sahin"),
        *("0470/12 34 56", "nadia@FAMILIE.example"),
    ],
)
def test_a_family_is_found_by_what_is_exact(
    coordinator: Browser, referral: Referral, text: str
) -> None:
    page = look(coordinator, text)
    assert "1 verwijzing gevonden" in page.text
    assert referral.reference in page.text
    assert "Nadia" not in page.text.replace(text, "")


def test_a_reference_opens_at_once(coordinator: Browser, referral: Referral) -> None:
    answer = look(coordinator, referral.reference.lower().replace("-", ""))
    assert answer.location.endswith(referral.reference)


@pytest.mark.parametrize("text", ["Nad", "Nadia", "0470 12 34 57", "V-0000-0000", "x@y.example"])
def test_a_part_or_another_finds_nothing(
    coordinator: Browser, referral: Referral, text: str
) -> None:
    assert "Niets gevonden" in look(coordinator, text).text


def test_searching_is_noted_without_the_words(coordinator: Browser, referral: Referral) -> None:
    look(coordinator, "Nadia Şahin")
    query = select(AuditEvent).where(AuditEvent.action == "referral:search")
    [event] = db.session.scalars(query)
    assert event.fields == ["last_name", "name"]
    assert "Nadia" not in repr(vars(event))


def test_nobody_finds_what_is_not_theirs(
    browser: Browser, world: World, referral: Referral
) -> None:
    for stranger in (make.coordinator(make.branch()), make.referrer()):
        other = Browser(browser.app).sign_in(stranger.account)
        for text in ("Nadia Şahin", referral.reference):
            assert "Niets gevonden" in look(other, text).text


def test_a_referrer_does_not_learn_a_corrected_number(world: World, referral: Referral) -> None:
    assert search.find(world.referrer, "0470123456").lines
    follow.correct_contact(
        world.coordinator, referral, phone=OTHER["phone"], email="nadia@familie.example", street=""
    )
    db.session.commit()
    assert search.find(world.coordinator, OTHER["phone"]).lines
    assert not search.find(world.referrer, OTHER["phone"]).lines


def test_the_list_has_the_search_box(coordinator: Browser, referral: Referral) -> None:
    page = coordinator.get("referrals.index")
    form = next(f for f in page.find("form") if f.get("action", "").endswith("/zoeken"))
    assert form.get("method") == "post"
