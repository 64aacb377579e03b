"""The forms of a coordinator's day: what they ask, what they say, and who wins when two decide."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock as portal_clock
from portal.core.audit import AuditEvent
from portal.core.db import db
from portal.referrals import follow
from portal.referrals.choices import Feedback
from portal.referrals.forms.decisions import DECISIONS
from portal.referrals.models import Referral, ReferralEvent, Status
from tests import make
from tests.browser import Browser, Page
from tests.referrals.conftest import World
from tests.referrals.make_referral import moved_to, submitted


@pytest.fixture
def coordinator(world: World, browser: Browser) -> Browser:
    return browser.sign_in(world.coordinator_account)


@pytest.fixture
def referral(world: World) -> Referral:
    return submitted(world.branch, world.referrer)


def form(browser: Browser, referral: Referral, action: str) -> Page:
    return browser.get("referrals.decide", reference=referral.reference, action=action)


def take(browser: Browser, referral: Referral, action: str, data: dict[str, Any]) -> Page:
    """Open the form, fill it in and send it."""
    page = form(browser, referral, action)
    assert page.status == 200
    return send(browser, page, referral, action, data)


def send(
    browser: Browser, page: Page, referral: Referral, action: str, data: dict[str, Any]
) -> Page:
    place = {"reference": referral.reference, "action": action}
    return browser.submit(page, "referrals.decide", data, **place)


def today() -> str:
    return portal_clock.today().isoformat()


def actions(referral: Referral) -> list[str]:
    events = select(ReferralEvent.action).where(ReferralEvent.referral_id == referral.id)
    return list(db.session.scalars(events.order_by(ReferralEvent.id)))


def test_a_coordinator_takes_a_family_from_first_contact_to_the_end(
    coordinator: Browser, referral: Referral
) -> None:
    moment = (portal_clock.local(portal_clock.now()) + timedelta(days=2)).strftime("%Y-%m-%dT10:30")
    road: list[tuple[str, dict[str, Any], str]] = [
        ("record_contact", {"on": today(), "note": "Belt graag terug."}, "Eerste contact met het"),
        ("plan_intake", {"at": moment}, "Intake gepland"),
        (
            "accept",
            {"on": today(), "street": "Kerkstraat 12", "priority": "0", "note": ""},
            "op de wachtlijst",
        ),
        ("set_priority", {"priority": "1", "reason": "Bevalling over een maand."}, "Volgorde"),
        ("record_visit", {"on": today()}, "Kennismaking aan huis"),
        ("propose_match", {"volunteer_name": "Marleen", "on": today()}, "Match voorgesteld"),
        (
            "answer_match",
            {
                "family": "yes",
                "family_on": today(),
                "volunteer": "yes",
                "volunteer_on": today(),
            },
            "Match: gezin en vrijwilliger kiezen voor elkaar",
        ),
        ("introduce", {"on": today()}, "Kennismaking met de vrijwilliger"),
        ("start", {"on": today()}, "Traject gestart"),
        ("complete", {"on": today(), "reason": "moved", "note": "Verhuisd."}, "Traject afgerond"),
    ]
    page = form(coordinator, referral, "record_contact")
    for action, data, told in road:
        page = coordinator.follow(take(coordinator, referral, action, data))
        assert told in page.text
        assert page.heading.startswith(f"Verwijzing {referral.reference}")
    db.session.refresh(referral)
    assert referral.status == Status.COMPLETED
    assert referral.family is not None
    assert referral.family.street == "Kerkstraat 12"
    assert "Kerkstraat 12" in page.text
    assert "Bevalling over een maand." in page.text


@pytest.mark.parametrize("action", sorted(DECISIONS))
def test_every_step_says_what_happens_and_who_gets_a_mail(
    coordinator: Browser, world: World, referral: Referral, action: str
) -> None:
    before = {
        "set_priority": Status.WAITING,
        "record_visit": Status.WAITING,
        "propose_match": Status.WAITING,
        "answer_match": Status.WAITING,
        "introduce": Status.MATCHED,
        "start": Status.MATCHED,
        "end_match": Status.MATCHED,
        "complete": Status.RUNNING,
        "plan_half_day": Status.MATCHED,
    }
    moved_to(referral, before.get(action, Status.SUBMITTED), world.coordinator)
    if action == "answer_match":
        follow.propose_match(world.coordinator, referral, "Marleen", portal_clock.today())
    if action == "start":
        follow.introduce(world.coordinator, referral, portal_clock.today())
    db.session.commit()
    page = form(coordinator, referral, action)
    assert page.status == 200
    leads = [e for e in page.find("p") if e.get("class") == "lead"]
    assert leads
    assert len(leads[0].text or "") > 20
    assert ("krijgt" in page.text) or ("Niemand krijgt" in page.text)


@pytest.mark.parametrize(
    ("level", "sentence"),
    [
        (Feedback.OUTCOME, "In het portaal lees je waarom"),
        (Feedback.STATUS, "Het gezin koos ervoor om de reden niet te delen"),
        (Feedback.NONE, "Het gezin koos ervoor om niet meer te laten weten"),
    ],
)
def test_declining_shows_the_mail_the_referrer_will_read(
    coordinator: Browser, world: World, level: Feedback, sentence: str
) -> None:
    referral = submitted(world.branch, world.referrer, consent={"feedback": level})
    page = form(coordinator, referral, "decline")
    assert sentence in page.text
    assert ("Het gezin laat niet toe dat de verwijzer dit leest" in page.text) == (
        level != Feedback.OUTCOME
    )


def test_a_mail_the_family_does_not_allow_is_not_promised(
    coordinator: Browser, world: World
) -> None:
    referral = submitted(world.branch, world.referrer, consent={"feedback": Feedback.NONE})
    page = form(coordinator, referral, "accept")
    assert "De verwijzer krijgt geen mail: het gezin laat dat niet toe." in page.text


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
    data = {"on": today(), "reason": "goals_reached"}
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


def test_of_two_coordinators_one_wins_and_the_other_sees_what_changed(
    coordinator: Browser, world: World, referral: Referral
) -> None:
    other = make.coordinator(world.branch, who=make.account(name="Jo Aers"))
    second = Browser(coordinator.app).sign_in(other.account)
    hers, his = form(coordinator, referral, "decline"), form(second, referral, "accept")
    won = send(coordinator, hers, referral, "decline", {"reason": "not_reached"})
    assert won.status == 302
    data = {"on": today(), "street": "Kerkstraat 12", "priority": "0", "note": "Lief gezin."}
    lost = send(second, his, referral, "accept", data)
    assert lost.status == 409
    assert "Niet aanvaard" in lost.text
    assert "Hilde Claes" in lost.text
    assert "Lief gezin." in lost.text
    assert "Kerkstraat 12" in lost.text
    assert second.path("referrals.show", reference=referral.reference) in lost.links()
    db.session.refresh(referral)
    assert referral.status == Status.DECLINED
    assert actions(referral) == ["submit", "decline"]
    assert referral.family is not None
    assert referral.family.street is None


def test_a_form_sent_twice_takes_its_step_once(coordinator: Browser, referral: Referral) -> None:
    page = form(coordinator, referral, "record_contact")
    first = send(coordinator, page, referral, "record_contact", {"on": today()})
    again = send(coordinator, page, referral, "record_contact", {"on": today()})
    assert (first.status, again.status) == (302, 302)
    assert first.location == again.location
    assert actions(referral) == ["submit", "record_contact"]


def test_a_step_that_no_longer_fits_leads_back_to_the_referral(
    coordinator: Browser, world: World, referral: Referral
) -> None:
    moved_to(referral, Status.DECLINED, world.coordinator)
    page = coordinator.follow(form(coordinator, referral, "plan_intake"))
    assert "Deze stap kan nu niet." in page.text
    assert page.heading.startswith("Verwijzing")


def test_no_other_branch_and_no_referrer_takes_a_step(browser: Browser, referral: Referral) -> None:
    stranger = Browser(browser.app).sign_in(make.coordinator(make.branch(["24062"])).account)
    assert form(stranger, referral, "plan_intake").status == 404
    place = {"reference": referral.reference, "action": "record_contact"}
    assert stranger.post("referrals.decide", {"on": today(), "version": "1"}, **place).status == 404
    referrer = Browser(browser.app).sign_in(make.referrer().account)
    assert form(referrer, referral, "plan_intake").status == 403
    assert actions(referral) == ["submit"]


def test_contact_details_are_corrected_with_only_their_names_in_the_trail(
    coordinator: Browser, world: World, referral: Referral
) -> None:
    place = {"reference": referral.reference}
    page = coordinator.get("referrals.correct_contact", **place)
    assert page.value("phone") == "0470 12 34 56"
    assert "Straat" not in page.text
    moved_to(referral, Status.WAITING, world.coordinator)
    page = coordinator.get("referrals.correct_contact", **place)
    data = {"phone": "0499 00 11 22", "email": "", "street": "Kerkstraat 12"}
    page = coordinator.follow(coordinator.submit(page, "referrals.correct_contact", data, **place))
    assert "0499 00 11 22" in page.text
    assert "Kerkstraat 12" in page.text
    assert "Contactgegevens aangepast" in page.text
    trail = select(AuditEvent).where(AuditEvent.action == "referral:correct_contact")
    [event] = db.session.scalars(trail)
    assert {"phone", "email", "street"} <= set(event.fields)
    reads = select(AuditEvent).where(AuditEvent.action == "referral:read_by_branch")
    assert len(db.session.scalars(reads).all()) == 3  # the form twice, then the referral


def test_nothing_changed_is_said_and_a_wrong_number_refused(
    coordinator: Browser, referral: Referral
) -> None:
    place = {"reference": referral.reference}
    page = coordinator.get("referrals.correct_contact", **place)
    same = {"phone": page.value("phone"), "email": page.value("email")}
    answer = coordinator.submit(page, "referrals.correct_contact", same, **place)
    assert answer.errors == ["Je hebt niets gewijzigd."]
    wrong = {**same, "phone": "geen nummer"}
    answer = coordinator.submit(page, "referrals.correct_contact", wrong, **place)
    assert "Vul een telefoonnummer in" in answer.errors[0]
    assert answer.value("phone") == "geen nummer"


def test_a_referrer_withdraws_and_the_branch_reads_why(
    browser: Browser, world: World, referral: Referral
) -> None:
    referrer = Browser(browser.app).sign_in(world.referrer_account)
    place = {"reference": referral.reference}
    page = referrer.get("referrals.withdraw", **place)
    assert referrer.submit(page, "referrals.withdraw", {"note": "x"}, **place).errors
    data = {"reason": "moved", "note": "Verhuist naar Oostende."}
    page = referrer.follow(referrer.submit(page, "referrals.withdraw", data, **place))
    assert "Ingetrokken" in page.heading
    assert "Verwijzing intrekken" not in page.text
    branch = Browser(browser.app).sign_in(world.coordinator_account)
    page = branch.get("referrals.show", **place)
    assert "Het gezin verhuist" in page.text
    assert "Verhuist naar Oostende." in page.text


def test_withdrawing_too_late_tells_the_referrer_no_more_than_allowed(
    browser: Browser, world: World
) -> None:
    referral = submitted(world.branch, world.referrer, consent={"feedback": Feedback.NONE})
    referrer = Browser(browser.app).sign_in(world.referrer_account)
    page = referrer.get("referrals.withdraw", reference=referral.reference)
    moved_to(referral, Status.DECLINED, world.coordinator)
    data = {"reason": "mistake", "note": "Toch niet."}
    lost = referrer.submit(page, "referrals.withdraw", data, reference=referral.reference)
    assert lost.status == 409
    assert "Afgehandeld" in lost.text
    assert "Toch niet." in lost.text
    assert "Niet aanvaard" not in lost.text
    assert "Hilde Claes" not in lost.text


def test_a_family_leaves_the_list_of_a_municipality_without_branch(
    signed_in: Browser, world: World
) -> None:
    referral = submitted(
        world.branch,
        world.referrer,
        nis="11002",
        postcode="2000",
        consent={"kept_when_unserved": True},
    )
    place = {"reference": referral.reference}
    page = signed_in.get("referrals.withdraw", **place)
    assert "meteen gewist" in page.text
    page = signed_in.follow(signed_in.submit(page, "referrals.withdraw", {}, **place))
    assert "Nadia" not in page.text
    assert "Ingetrokken" in page.heading
    db.session.refresh(referral)
    assert referral.family is None
    assert referral.status == Status.WITHDRAWN
