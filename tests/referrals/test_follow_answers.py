"""What is filled in for a step: what is missing, what is nonsense, what asks for a word."""

import pytest

from portal.core.db import db
from portal.referrals.models import Referral, Status
from tests.browser import Browser
from tests.referrals.conftest import World
from tests.referrals.make_referral import moved_to, submitted
from tests.referrals.steps import actions, form, take, today


@pytest.fixture
def coordinator(world: World, browser: Browser) -> Browser:
    return browser.sign_in(world.coordinator_account)


@pytest.fixture
def referral(world: World) -> Referral:
    return submitted(world.branch, world.referrer)


def test_an_empty_form_says_what_is_missing_and_keeps_what_was_typed(
    coordinator: Browser, referral: Referral
) -> None:
    page = take(coordinator, referral, "decline", {"advice": "Het CAW", "note": "Sprak moeder."})
    assert page.status == 200
    assert page.errors == ["Reden: Maak een keuze."]
    assert page.value("advice") == "Het CAW"
    assert page.value("note") == "Sprak moeder."
    assert actions(referral) == ["submit"]


@pytest.mark.parametrize(
    ("action", "data", "error"),
    [
        ("record_contact", {"on": "onzin"}, "Datum: Vul een datum in, zoals 15/11/2026."),
        ("record_contact", {"on": "2999-01-01"}, "Datum: Vul een jaar met vier cijfers in."),
        ("record_contact", {"on": "2099-01-01"}, "Datum: Deze datum ligt in de toekomst."),
        ("record_contact", {"on": "2001-01-01"}, "Datum: Deze datum ligt voor de verwijzing."),
        ("plan_intake", {"at": ""}, "Datum en uur van de intake: Vul dit in."),
        (
            "plan_intake",
            {"at": "2001-01-01T10:00"},
            "Datum en uur van de intake: Het moment van de intake ligt in het verleden.",
        ),
        (
            "decline",
            {"reason": "onzin"},
            "Reden: Kies een van de mogelijkheden.",
        ),
    ],
)
def test_nonsense_is_refused_on_its_field(
    coordinator: Browser, referral: Referral, action: str, data: dict[str, str], error: str
) -> None:
    page = take(coordinator, referral, action, {**data, "note": "Blijft staan."})
    assert page.errors == [error]
    assert page.value("note") == "Blijft staan."
    assert actions(referral) == ["submit"]


def test_a_national_number_in_a_note_is_refused(coordinator: Browser, referral: Referral) -> None:
    page = take(coordinator, referral, "record_contact", {"on": today(), "note": "85.07.30-033.28"})
    assert "rijksregisternummer" in page.errors[0]
    assert actions(referral) == ["submit"]


def test_a_trajectory_shorter_than_a_year_asks_for_a_word(
    coordinator: Browser, world: World, referral: Referral
) -> None:
    moved_to(referral, Status.RUNNING, world.coordinator)
    data = {"on": today(), "reason": "goals_reached", "last": "none", "follow_up": "nee"}
    page = take(coordinator, referral, "complete", data)
    assert page.errors == [
        "Notitie voor de afdeling: Het traject duurde korter dan een jaar. Schrijf kort waarom."
    ]
    take(coordinator, referral, "complete", {**data, "note": "Ging sneller dan gehoopt."})
    db.session.refresh(referral)
    assert referral.status == Status.COMPLETED


def test_an_answer_needs_its_day_and_a_no_ends_the_proposal(
    coordinator: Browser, world: World, referral: Referral
) -> None:
    moved_to(referral, Status.WAITING, world.coordinator)
    take(coordinator, referral, "propose_match", {"volunteer_name": "Marleen", "on": today()})
    nothing = {"family": "open", "volunteer": "open", "family_on": "", "volunteer_on": ""}
    page = take(coordinator, referral, "answer_match", nothing)
    assert page.errors == ["Noteer minstens één antwoord."]
    page = take(coordinator, referral, "answer_match", {**nothing, "family": "yes"})
    assert page.errors == ["Antwoord van het gezin op: Vul in op welke dag het antwoord kwam."]
    answer = take(
        coordinator,
        referral,
        "answer_match",
        {**nothing, "family": "yes", "family_on": today()},
    )
    page = coordinator.follow(answer)
    assert "Noteer het antwoord van de vrijwilliger" in page.text
    assert form(coordinator, referral, "answer_match").value("family") == "yes"
    data = {**nothing, "family": "yes", "family_on": today(), "volunteer": "no"}
    page = coordinator.follow(take(coordinator, referral, "answer_match", data))
    assert "Matchvoorstel ging niet door" in page.text
    assert "Zoek een vrijwilliger" in page.text
