"""What a referrer hears: as far as the family allows, on the page, in the timeline, in mails."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.outbox import OutboxMessage
from portal.referrals import feedback, follow
from portal.referrals.choices import Feedback
from portal.referrals.models import Referral, Status
from portal.referrals.submission import submit
from portal.referrals.trajectory import closing
from portal.referrals.trajectory.closing import Closing
from tests.browser import Browser, Page
from tests.referrals.conftest import World
from tests.referrals.make_referral import moved_to, submission, submitted

# What only the branch may know: notes, the volunteer, the address, corrections.
SECRETS = ("Geheime notitie", "Marleen", "Kerkstraat 12", "0499 00 11 22")
REASON, ADVICE = "Een ander aanbod in de buurt sluit beter aan", "Het Huis van het Kind"
# Which lines of the timeline each level hears of a whole road to the end.
LINES: dict[Feedback, list[str]] = {
    Feedback.NONE: ["Verwijzing verstuurd", "Afgehandeld"],
    Feedback.STATUS: [
        "Verwijzing verstuurd",
        "Intake gepland",
        "Intake gebeurd, gezin op de wachtlijst",
        "Match: gezin en vrijwilliger kiezen voor elkaar",
        "Traject gestart",
        "Traject afgerond",
    ],
    Feedback.OUTCOME: [
        "Verwijzing verstuurd",
        "Eerste contact met het gezin",
        "Intake gepland",
        "Intake gebeurd, gezin op de wachtlijst",
        "Kennismaking aan huis",
        "Match: gezin en vrijwilliger kiezen voor elkaar",
        "Kennismaking met de vrijwilliger",
        "Traject gestart",
        "Traject afgerond",
    ],
}
MAILS: dict[Feedback, list[str]] = {
    Feedback.NONE: ["Je verwijzing {} is ontvangen", "Verwijzing {} is afgehandeld"],
    Feedback.STATUS: [
        "Je verwijzing {} is ontvangen",
        "Verwijzing {}: intake gebeurd",
        "Verwijzing {}: er is een match",
        "Verwijzing {}: het traject is gestart",
        "Verwijzing {}: het traject is afgerond",
    ],
}
MAILS[Feedback.OUTCOME] = MAILS[Feedback.STATUS]
LEVELS = list(Feedback)


def referral_of(world: World, level: Feedback, **overrides: Any) -> Referral:
    return submitted(world.branch, world.referrer, consent={"feedback": level}, **overrides)


def whole_road(world: World, level: Feedback) -> Referral:
    """A referral from the first contact to the end, with a note at every step."""
    referral, who, today = referral_of(world, level), world.coordinator, clock.today()
    note = "Geheime notitie"
    follow.record_contact(who, referral, today, note)
    follow.plan_intake(who, referral, clock.now() + timedelta(days=2), note)
    follow.accept(who, referral, today, note, street="Kerkstraat 12")
    follow.set_priority(who, referral, 1, note)
    follow.record_visit(who, referral, today, note)
    follow.propose_match(who, referral, "Marleen", today, note)
    follow.answer_match(who, referral, today, today, note=note)
    follow.introduce(who, referral, today, note)
    follow.start(who, referral, today, note)
    follow.correct_contact(
        who, referral, phone="0499 00 11 22", email="", street="Kerkstraat 12", note=note
    )
    closing.complete(who, referral, Closing(today, "goals_reached", note))
    db.session.commit()
    return referral


def page_of(browser: Browser, referral: Referral) -> Page:
    page = browser.get("referrals.show", reference=referral.reference)
    assert page.status == 200
    return page


def timeline(page: Page) -> list[str]:
    lines = [e for e in page.find("p") if e.get("class") == "timeline-label"]
    return [(e.text or "").strip() for e in lines][::-1]


def mails_to_referrer(world: World) -> list[OutboxMessage]:
    rows = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    return [row for row in rows if row.payload["to"] == world.referrer_account.email]


@pytest.mark.parametrize("level", LEVELS)
def test_the_timeline_and_the_mails_hold_no_more_than_the_family_allows(
    signed_in: Browser, world: World, level: Feedback
) -> None:
    referral = whole_road(world, level)
    page = page_of(signed_in, referral)
    assert timeline(page) == LINES[level]
    subjects = [mail.subject for mail in mails_to_referrer(world)]
    assert subjects == [text.format(referral.reference) for text in MAILS[level]]
    for secret in SECRETS:
        assert secret not in page.text
        assert secret.encode() not in page.body
        assert not [m for m in mails_to_referrer(world) if secret in str(m.payload)]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("status", [Status.DECLINED, Status.WITHDRAWN, Status.COMPLETED])
def test_reasons_are_for_who_may_hear_the_outcome(
    signed_in: Browser, world: World, level: Feedback, status: Status
) -> None:
    referral = moved_to(referral_of(world, level), status, world.coordinator)
    page = page_of(signed_in, referral)
    reasons = {
        Status.DECLINED: (REASON, ADVICE),
        Status.WITHDRAWN: ("Het gezin wenst geen ondersteuning meer",),
        Status.COMPLETED: ("Het gezin kan verder, de doelen zijn bereikt",),
    }[status]
    for reason in reasons:
        assert (reason in page.text) == (level == Feedback.OUTCOME)
    labels = {
        Status.DECLINED: "Niet aanvaard",
        Status.WITHDRAWN: "Ingetrokken",
        Status.COMPLETED: "Afgerond",
    }
    if level == Feedback.NONE:
        assert "Afgehandeld" in page.heading
        assert not [word for word in labels.values() if word in page.text]
    else:
        assert labels[status] in page.heading
    assert "geweigerd" not in page.text.lower()


def test_who_stopped_is_a_reason_too(signed_in: Browser, world: World) -> None:
    stopped = moved_to(referral_of(world, Feedback.STATUS), Status.WITHDRAWN, world.coordinator)
    page = page_of(signed_in, stopped)
    assert timeline(page)[-1] == "De aanmelding is stopgezet"
    assert "Het gezin zet de aanmelding stop" not in page.text
    body = str(mails_to_referrer(world)[-1].payload)
    assert "op vraag van het gezin" not in body
    declined = moved_to(referral_of(world, Feedback.STATUS), Status.DECLINED, world.coordinator)
    body = str(mails_to_referrer(world)[-1].payload)
    assert "de reden niet te delen" in body
    assert ADVICE not in body + page_of(signed_in, declined).text


@pytest.mark.parametrize(
    "status",
    [Status.SUBMITTED, Status.INTAKE_PLANNED, Status.WAITING, Status.MATCHED, Status.RUNNING],
)
def test_a_family_that_lets_nothing_be_heard_is_only_received_until_it_is_handled(
    world: World, status: Status
) -> None:
    quiet = moved_to(referral_of(world, Feedback.NONE), status, world.coordinator)
    heard = feedback.news(quiet)
    assert heard.badge.label == "Ontvangen"
    assert [line.label for line in heard.lines] == ["Verwijzing verstuurd"]
    assert (heard.reason, heard.advice, heard.readers) == ("", "", [])
    open_one = moved_to(referral_of(world, Feedback.STATUS), status, world.coordinator)
    assert (feedback.news(open_one).badge.label == "Ontvangen") == (status == Status.SUBMITTED)


@pytest.mark.parametrize("level", LEVELS)
def test_who_of_the_branch_opened_it_is_told_once_for_each(
    signed_in: Browser, world: World, level: Feedback
) -> None:
    referral = referral_of(world, level)
    assert "Wie opende je verwijzing" not in page_of(signed_in, referral).text
    branch = Browser(signed_in.app).sign_in(world.coordinator_account)
    page_of(branch, referral)
    page_of(branch, referral)
    page = page_of(signed_in, referral)
    assert page.text.count("Wie opende je verwijzing") == (level != Feedback.NONE)
    told = [e for e in page.find("li") if "Hilde Claes" in (e.text or "")]
    assert len(told) == (level != Feedback.NONE)


def test_reading_back_what_she_wrote_is_noted_and_shows_no_correction(
    signed_in: Browser, world: World
) -> None:
    referral = whole_road(world, Feedback.OUTCOME)
    page = page_of(signed_in, referral)
    assert "Nadia Şahin" in page.text
    assert "Intussen aangepast door de afdeling" in page.text
    assert "nadia@familie.example" not in page.text  # it was corrected away
    assert "op weekdagen voor 15 uur" in page.text
    assert "0470 12 34 56" not in page.text


def test_a_referrer_who_asked_for_no_word_gets_only_her_receipt(world: World) -> None:
    referral = submit(world.referrer, submission(referrer={"wants_feedback": False}))
    moved_to(referral, Status.COMPLETED, world.coordinator)
    assert [m.subject for m in mails_to_referrer(world)] == [
        f"Je verwijzing {referral.reference} is ontvangen"
    ]


def test_a_late_first_contact_is_told_with_whom_to_ask(
    browser: Browser, world: World, clock: Any
) -> None:
    referral = referral_of(world, Feedback.STATUS)
    quiet = referral_of(world, Feedback.NONE)
    clock.shift(timedelta(days=20))
    later = Browser(browser.app).sign_in(world.referrer_account)
    page = page_of(later, referral)
    assert "Dat is nog niet genoteerd. Bel of mail gerust met Home-Start Gent." in page.text
    assert "tel:097654321" in page.links()
    assert "nog niet genoteerd" not in page_of(later, quiet).text


def test_a_receipt_is_one_click_away(signed_in: Browser, world: World) -> None:
    referral = referral_of(world, Feedback.NONE)
    link = signed_in.path("referrals.receipt", reference=referral.reference)
    assert link in page_of(signed_in, referral).links()


@pytest.mark.parametrize("kept", [True, False])
def test_where_no_branch_serves_the_page_says_what_is_kept(
    signed_in: Browser, world: World, kept: bool
) -> None:
    consent = {"kept_when_unserved": kept, "feedback": Feedback.NONE}
    referral = submitted(
        world.branch, world.referrer, nis="11002", postcode="2000", consent=consent
    )
    page = page_of(signed_in, referral)
    assert "Geen werking in de gemeente" in page.heading
    assert "In Antwerpen is er vandaag geen werking." in page.text
    assert ("Gezin van de lijst halen" in page.text) == kept
    assert ("Nadia" in page.text) == kept
