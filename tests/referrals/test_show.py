"""The page of one referral: who may open it, what is noted of that, and what the branch reads."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import NoResultFound

from portal.core import clock as portal_clock
from portal.core.audit import AuditEvent, AuditHead
from portal.core.db import db
from portal.referrals import follow
from portal.referrals.filled import Child
from portal.referrals.models import Referral, Status
from tests import make
from tests.browser import Browser, Page
from tests.referrals.conftest import World
from tests.referrals.make_referral import moved_to, submitted


@pytest.fixture
def coordinator(world: World, browser: Browser) -> Browser:
    return browser.sign_in(world.coordinator_account)


def reads(referral: Referral) -> list[AuditEvent]:
    events = select(AuditEvent).where(
        AuditEvent.object_id == str(referral.id), AuditEvent.action.contains(":read_by_")
    )
    return list(db.session.scalars(events))


def show(browser: Browser, referral: Referral) -> Page:
    return browser.get("referrals.show", reference=referral.reference)


def sign_in(browser: Browser, membership: Any) -> Browser:
    return Browser(browser.app).sign_in(membership.account)


def anew(browser: Browser, world: World) -> Browser:
    """The coordinator signed in at the moment it is now."""
    return Browser(browser.app).sign_in(world.coordinator_account)


def test_a_coordinator_reads_what_she_needs_for_a_first_contact(
    coordinator: Browser, world: World
) -> None:
    referral = submitted(
        world.branch,
        world.referrer,
        household={"language": "ar", "interpreter": True},
        practical={"known_risk": True},
    )
    page = show(coordinator, referral)
    assert page.heading == f"Verwijzing {referral.reference} Ontvangen"
    for words in (
        "Nadia Şahin",
        "op weekdagen voor 15 uur",
        "De coördinator mag het gezin bellen",
        "Arabisch Tolk nodig",
        "Ik sta er alleen voor en zou graag eens op adem komen.",
        "Een warme band met haar zoontje.",
        "Alleenstaande ouder",
        "Een luisterend oor",
        "Els Peeters",
        "CAW Oost-Vlaanderen",
        "maatschappelijk werker",
        "Bel de verwijzer voor je op bezoek gaat",
        "Moeder",
    ):
        assert words in page.text
    assert "tel:0470123456" in page.links()
    assert "tel:091234567" in page.links()
    assert f"mailto:{world.referrer_account.email}" in page.links()


def test_what_concerns_health_says_that_it_is_shared_with_consent(
    coordinator: Browser, world: World
) -> None:
    referral = submitted(world.branch, world.referrer)
    page = show(coordinator, referral)
    mark = "Gezondheid, gedeeld met toestemming"
    assert f"Gezinslid met een psychische kwetsbaarheid {mark}" in page.text
    assert page.text.count(mark) == 1


def test_children_are_as_old_as_their_month_of_birth_says(
    browser: Browser, world: World, clock: Any
) -> None:
    clock.move_to("2026-11-20T10:00:00+01:00")
    children = (Child(date(2023, 12, 1), "Noor"), Child(date(2025, 6, 1)), Child(date(2026, 11, 1)))
    household = {"children": children, "due": date(2027, 2, 1)}
    referral = submitted(world.branch, world.referrer, household=household)
    page = show(anew(browser, world), referral)
    assert "Noor, 2 jaar (december 2023)" in page.text
    assert "17 maanden (juni 2025)" in page.text
    assert "deze maand geboren (november 2026)" in page.text
    assert "Zwanger, kindje verwacht in februari 2027" in page.text


def test_opening_a_referral_writes_exactly_one_event_with_no_value_in_it(
    coordinator: Browser, world: World
) -> None:
    referral = submitted(world.branch, world.referrer)
    show(coordinator, referral)
    [event] = reads(referral)
    assert event.action == "referral:read_by_branch"
    assert event.account_id == world.coordinator.account_id
    assert event.fields == sorted(
        ["identity", "household", "situation", "health", "practical", "street"]
    )
    show(coordinator, referral)
    assert len(reads(referral)) == 2


def test_when_the_event_cannot_be_written_no_page_is_served(
    coordinator: Browser, world: World
) -> None:
    referral = submitted(world.branch, world.referrer)
    db.session.execute(delete(AuditHead))
    db.session.commit()
    with pytest.raises(NoResultFound):
        show(coordinator, referral)
    coordinator.app.config["PROPAGATE_EXCEPTIONS"] = False
    try:
        page = show(coordinator, referral)
    finally:
        coordinator.app.config["PROPAGATE_EXCEPTIONS"] = True
    assert page.status == 500
    assert "Nadia" not in page.text


def test_a_reference_may_be_typed_in_any_way(coordinator: Browser, world: World) -> None:
    referral = submitted(world.branch, world.referrer)
    plain = referral.reference.replace("-", "")
    for spelling in (plain, plain.lower(), plain[1:], referral.reference.lower().replace("0", "o")):
        answer = coordinator.get("referrals.show", reference=spelling)
        assert answer.status == 302
        assert answer.location.endswith(f"/verwijzingen/{referral.reference}")
    assert reads(referral) == []


def test_a_stranger_learns_nothing_from_any_spelling(browser: Browser, world: World) -> None:
    referral = submitted(world.branch, world.referrer)
    stranger = sign_in(browser, make.coordinator(make.branch(["24062"])))
    for reference in (referral.reference, referral.reference.lower(), "V-0000-0000", "onzin"):
        assert stranger.get("referrals.show", reference=reference).status == 404
    assert reads(referral) == []


def test_another_branch_and_another_organisation_do_not_see_it(
    browser: Browser, world: World
) -> None:
    referral = submitted(world.branch, world.referrer)
    for membership in (
        make.coordinator(make.branch(["24062"])),
        make.referrer(make.organisation("clb")),
        make.administrator(),
    ):
        page = show(sign_in(browser, membership), referral)
        assert page.status in (403, 404)
        assert "Nadia" not in page.text


def test_a_colleague_reads_along_until_the_organisation_turns_that_off(
    browser: Browser, world: World
) -> None:
    referral = submitted(world.branch, world.referrer)
    colleague = sign_in(browser, make.referrer(world.organisation))
    page = show(colleague, referral)
    assert page.status == 200
    assert "Els Peeters" in page.text
    world.organisation.colleagues_see_referrals = False
    db.session.commit()
    assert show(colleague, referral).status == 404
    assert show(Browser(browser.app).sign_in(world.referrer_account), referral).status == 200


def test_a_first_contact_that_is_late_says_so_in_words(
    browser: Browser, world: World, clock: Any
) -> None:
    clock.move_to("2026-11-03T10:00:00+01:00")
    referral = submitted(world.branch, world.referrer)
    page = show(anew(browser, world), referral)
    assert "Neem ten laatste op 17 november 2026" in page.text
    assert "Te laat" not in page.text
    clock.move_to("2026-11-17T23:30:00+01:00")
    assert "Te laat" not in show(anew(browser, world), referral).text
    clock.move_to("2026-11-18T00:30:00+01:00")
    page = show(anew(browser, world), referral)
    assert "Te laat" in page.text
    assert "had er tegen 17 november 2026 moeten zijn" in page.text


def test_a_contact_in_time_is_never_late(browser: Browser, world: World, clock: Any) -> None:
    clock.move_to("2026-11-03T10:00:00+01:00")
    referral = submitted(world.branch, world.referrer)
    follow.record_contact(world.coordinator, referral, date(2026, 11, 3))
    db.session.commit()
    clock.move_to("2026-12-24T10:00:00+01:00")
    page = show(anew(browser, world), referral)
    assert "Te laat" not in page.text
    assert "Je sprak het gezin al. Plan nu de intake." in page.text


def test_a_family_that_calls_itself_is_not_to_be_called(coordinator: Browser, world: World) -> None:
    referral = submitted(world.branch, world.referrer, identity={"contact_mode": "family_calls"})
    assert "Het gezin neemt zelf contact op" in show(coordinator, referral).text


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (Status.INTAKE_PLANNED, "De intake is op"),
        (Status.WAITING, "Zoek een vrijwilliger"),
        (Status.MATCHED, "Breng gezin en vrijwilliger samen"),
        (Status.RUNNING, "Het traject loopt sinds"),
        (Status.COMPLETED, "Er hoeft niets meer te gebeuren"),
        (Status.DECLINED, "Een ander aanbod in de buurt sluit beter aan"),
        (Status.WITHDRAWN, "Het gezin wenst geen ondersteuning meer"),
    ],
)
def test_each_status_says_what_comes_next(
    coordinator: Browser, world: World, status: Status, sentence: str
) -> None:
    referral = moved_to(submitted(world.branch, world.referrer), status, world.coordinator)
    page = show(coordinator, referral)
    assert page.status == 200
    assert sentence in page.text


def test_an_intake_that_has_been_asks_for_its_decision(
    browser: Browser, world: World, clock: Any
) -> None:
    referral = submitted(world.branch, world.referrer)
    moved_to(referral, Status.INTAKE_PLANNED, world.coordinator)
    clock.shift(timedelta(days=4))
    page = show(anew(browser, world), referral)
    assert "Noteer wat jullie samen beslisten" in page.text


def test_only_the_steps_that_fit_are_offered(coordinator: Browser, world: World) -> None:
    referral = submitted(world.branch, world.referrer)
    offered = {link.rsplit("/", 1)[-1] for link in show(coordinator, referral).links()}
    assert {"intake-plannen", "eerste-contact", "niet-aanvaarden", "gezin-stopt"} <= offered
    assert not offered & {"traject-starten", "match-voorstellen", "volgorde"}
    moved_to(referral, Status.COMPLETED, world.coordinator)
    offered = {link.rsplit("/", 1)[-1] for link in show(coordinator, referral).links()}
    assert not offered & {"gezin-stopt", "contactgegevens", "match-stoppen"}


def test_the_timeline_tells_who_did_what_with_the_notes_of_the_branch(
    coordinator: Browser, world: World
) -> None:
    referral = submitted(world.branch, world.referrer)
    today = portal_clock.today()
    follow.record_contact(world.coordinator, referral, today, "Belt liefst na de siësta.")
    db.session.commit()
    page = show(coordinator, referral)
    assert "Eerste contact met het gezin" in page.text
    assert "Hilde Claes" in page.text
    assert "Belt liefst na de siësta." in page.text


def test_the_match_tells_who_said_yes_when(coordinator: Browser, world: World) -> None:
    referral = moved_to(submitted(world.branch, world.referrer), Status.WAITING, world.coordinator)
    today = portal_clock.today()
    follow.propose_match(world.coordinator, referral, "Marleen", today)
    follow.answer_match(world.coordinator, referral, today, None)
    db.session.commit()
    page = show(coordinator, referral)
    assert "Marleen" in page.text
    assert "Het gezin zei ja. Noteer het antwoord van de vrijwilliger." in page.text
    assert page.text.count("nog niet") == 1


def test_text_of_a_family_is_text_and_never_a_page(coordinator: Browser, world: World) -> None:
    nasty = "<script>alert(1)</script> {{ 7*7 }} %(name)s \"'><img src=x>"
    referral = submitted(
        world.branch,
        world.referrer,
        identity={"first_name": nasty, "phone": '0470"><b>'},
        situation={"question": nasty, "strengths": nasty},
        practical={"access": nasty},
    )
    follow.record_contact(world.coordinator, referral, portal_clock.today(), nasty)
    follow.accept(world.coordinator, referral, portal_clock.today(), street=nasty)
    follow.propose_match(world.coordinator, referral, nasty, portal_clock.today())
    db.session.commit()
    page = show(coordinator, referral)
    assert b"<script>alert" not in page.body
    assert b"<img src=x" not in page.body
    assert page.text.count("<script>alert(1)</script> {{ 7*7 }} %(name)s") == 7
