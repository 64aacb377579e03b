"""One mail a day or a week with what waits: when it goes, to whom, and what it never says."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts import mail_choices
from portal.accounts.mail_choices import Chosen, MailChoice, Rhythm
from portal.core import clock as portal_clock
from portal.core import mail, outbox
from portal.core.audit import AuditEvent
from portal.core.db import db
from portal.core.permissions import Role
from portal.home import digest
from portal.referrals import drafts, follow, messages, quiet
from portal.referrals.models import Status
from tests import make
from tests.browser import Browser, Page
from tests.referrals.conftest import World
from tests.referrals.make_referral import moved_to, submitted

MONDAY_MORNING = "2026-11-23T07:05:00+01:00"


@pytest.fixture(autouse=True)
def _sunday(clock: Any) -> None:
    clock.move_to("2026-11-22T12:00:00+01:00")


def digests() -> list[dict[str, Any]]:
    found = db.session.scalars(select(outbox.OutboxMessage).order_by(outbox.OutboxMessage.key))
    return [one.payload for one in found if one.key.startswith("mail:digest:")]


def to(email: str) -> list[str]:
    """The subjects of every mail to an address."""
    found = db.session.scalars(select(outbox.OutboxMessage))
    return [one.subject for one in found if one.payload["to"] == email]


def choose(actor: Any, rhythm: Rhythm, **more: Any) -> None:
    mail_choices.choose(actor, Chosen(rhythm, **more))
    db.session.commit()


def link_of(payload: dict[str, Any]) -> str:
    return payload["footer_url"].removeprefix(mail_choices.STOP_PATH)


def choose_on_page(browser: Browser, **answers: str) -> Page:
    page = browser.get("accounts.mail_settings")
    return browser.submit(page, "accounts.mail_settings", answers)


def test_a_coordinator_gets_one_mail_with_counts_and_no_family(world: World, clock: Any) -> None:
    choose(world.coordinator, Rhythm.DAILY)
    late = submitted(world.branch, world.referrer)
    submitted(world.branch, world.referrer)
    waiting = moved_to(submitted(world.branch, world.referrer), Status.WAITING, world.coordinator)
    follow.propose_match(world.coordinator, waiting, "Marleen", portal_clock.today())
    messages.write(world.referrer, late, "Kun je bellen?")
    late.first_contact_due_on = portal_clock.today() - timedelta(days=1)
    db.session.commit()
    assert digest.send_digests() == 0  # Sunday
    clock.move_to(MONDAY_MORNING)
    assert digest.send_digests() == 1
    [one] = digests()
    assert one["to"] == world.coordinator.email
    assert one["paragraphs"] == [
        "• 2 nieuwe verwijzingen",
        "• 1 eerste contact is te laat",
        "• nieuwe berichten bij 1 verwijzing",
        "• 1 match om op te volgen",
    ]
    for word in ("Nadia", "Şahin", "Marleen", "V-", "bellen", "Gent"):
        assert word not in str({**one, "greeting": ""})


def test_it_goes_once_a_period_however_often_the_job_runs(world: World, clock: Any) -> None:
    choose(world.coordinator, Rhythm.DAILY)
    submitted(world.branch, world.referrer)
    clock.move_to(MONDAY_MORNING)
    assert [digest.send_digests() for _ in range(3)] == [1, 0, 0]
    clock.move_to("2026-11-24T06:59:00+01:00")
    assert digest.send_digests() == 0
    clock.move_to("2026-11-24T07:00:00+01:00")
    assert digest.send_digests() == 1
    assert len(digests()) == 2


def test_two_workers_at_once_send_one(world: World, clock: Any) -> None:
    choose(world.coordinator, Rhythm.DAILY)
    submitted(world.branch, world.referrer)
    clock.move_to(MONDAY_MORNING)
    assert len(mail_choices.take_due()) == 1
    assert mail_choices.take_due() == []


def test_there_is_no_mail_when_nothing_waits(world: World, clock: Any) -> None:
    choose(world.coordinator, Rhythm.DAILY)
    choose(world.referrer, Rhythm.DAILY)
    clock.move_to(MONDAY_MORNING)
    assert digest.send_digests() == 0
    submitted(world.branch, world.referrer)
    assert digest.send_digests() == 0  # Monday was looked at already


@pytest.mark.parametrize(
    ("rhythm", "weekday", "now", "due"),
    [
        (Rhythm.DAILY, 0, "2026-11-23T07:00:00+01:00", date(2026, 11, 23)),
        (Rhythm.DAILY, 0, "2026-11-23T06:59:59+01:00", date(2026, 11, 20)),
        (Rhythm.DAILY, 0, "2026-11-22T23:30:00+01:00", date(2026, 11, 20)),
        (Rhythm.WEEKLY, 2, "2026-11-24T23:00:00+01:00", date(2026, 11, 18)),
        (Rhythm.WEEKLY, 2, "2026-11-25T07:00:00+01:00", date(2026, 11, 25)),
        (Rhythm.WEEKLY, 4, "2026-11-23T12:00:00+01:00", date(2026, 11, 20)),
        (Rhythm.DAILY, 0, "2026-10-26T06:00:00Z", date(2026, 10, 26)),  # winter time began
        (Rhythm.DAILY, 0, "2027-03-29T05:00:00Z", date(2027, 3, 29)),  # summer time began
        (Rhythm.DAILY, 0, "2027-01-01T05:59:00Z", date(2026, 12, 31)),
    ],
    ids=[
        "seven",
        "before",
        "weekend",
        "not yet",
        "wednesday",
        "friday",
        "winter",
        "summer",
        "year",
    ],
)
def test_the_day_is_that_of_brussels(
    clock: Any, rhythm: Rhythm, weekday: int, now: str, due: date
) -> None:
    clock.move_to(now)
    assert mail_choices.day_due(Chosen(rhythm, weekday), portal_clock.now()) == due


def test_a_week_is_counted_from_the_day_chosen_and_a_missed_one_is_made_up_once(
    world: World, clock: Any
) -> None:
    choose(world.coordinator, Rhythm.WEEKLY, weekday=2)
    submitted(world.branch, world.referrer)
    clock.move_to("2026-11-24T12:00:00+01:00")
    assert digest.send_digests() == 0
    clock.move_to("2026-11-27T12:00:00+01:00")  # the worker stood still on Wednesday
    assert digest.send_digests() == 1
    assert digest.send_digests() == 0
    [sent] = db.session.scalars(
        select(outbox.OutboxMessage.key).where(outbox.OutboxMessage.key.contains("digest"))
    )
    assert sent.endswith(":2026-11-25")


def test_a_referrer_hears_how_many_have_news_as_far_as_families_allow(
    world: World, clock: Any
) -> None:
    choose(world.referrer, Rhythm.DAILY)
    heard = submitted(world.branch, world.referrer)
    quiet_one = submitted(world.branch, world.referrer, consent={"feedback": "none"})
    clock.move_to(MONDAY_MORNING)
    digest.send_digests()
    clock.move_to("2026-11-23T15:00:00+01:00")
    for referral in (heard, quiet_one):
        moved_to(referral, Status.WAITING, world.coordinator)
    drafts.begin(world.referrer)
    db.session.commit()
    db.session.expire_all()  # the worker begins each round anew
    clock.move_to("2026-11-24T07:00:00+01:00")
    digest.send_digests()
    assert digests()[-1]["paragraphs"] == [
        "• nieuws over 1 verwijzing",
        "• 1 ontwerp om verder in te vullen",
    ]


def test_somebody_with_two_roles_reads_both_in_one_mail(world: World, clock: Any) -> None:
    clock.shift(timedelta(minutes=1))
    second = make.referrer(world.organisation, who=world.coordinator_account)
    choose(world.coordinator, Rhythm.DAILY)
    submitted(world.branch, world.referrer)
    drafts.begin(make.actor(second))
    db.session.commit()
    clock.move_to(MONDAY_MORNING)
    digest.send_digests()
    assert digests()[0]["paragraphs"] == [
        "Home-Start Gent:",
        "• 1 nieuwe verwijzing",
        "CAW Oost-Vlaanderen:",
        "• 1 ontwerp om verder in te vullen",
    ]


def test_staff_hear_what_failed_and_who_has_no_coordinator(session: Any, clock: Any) -> None:
    who = make.administrator()
    choose(make.actor(who), Rhythm.DAILY)
    make.branch()
    failed = outbox.enqueue("mail", {"to": "x@y.example"}, key="mislukt")
    failed.state = outbox.State.FAILED
    db.session.commit()
    clock.move_to(MONDAY_MORNING)
    digest.send_digests()
    assert digests()[0]["paragraphs"] == [
        "• 1 verzending is mislukt",
        "• 1 afdeling heeft geen coördinator",
    ]


def test_it_speaks_the_language_of_its_reader(world: World, clock: Any) -> None:
    world.coordinator_account.locale = "en"
    choose(world.coordinator, Rhythm.DAILY)
    submitted(world.branch, world.referrer)
    clock.move_to(MONDAY_MORNING)
    digest.send_digests()
    assert digests()[0]["paragraphs"] == ["• 1 new referral"]


def test_who_was_stopped_or_lost_her_role_gets_nothing(world: World, clock: Any) -> None:
    choose(world.coordinator, Rhythm.DAILY)
    submitted(world.branch, world.referrer)
    world.coordinator_account.active = False
    db.session.commit()
    clock.move_to(MONDAY_MORNING)
    assert digest.send_digests() == 0


def test_news_waits_for_the_digest_and_what_asks_something_still_comes_at_once(
    world: World, clock: Any
) -> None:
    choose(world.coordinator, Rhythm.DAILY)
    choose(world.referrer, Rhythm.WEEKLY)
    referral = submitted(world.branch, world.referrer)
    assert to(world.coordinator.email) == [f"Nieuwe verwijzing {referral.reference}"]
    confirmed = to(world.referrer.email)
    assert confirmed == [f"Je verwijzing {referral.reference} is ontvangen"]
    moved_to(referral, Status.WAITING, world.coordinator)
    assert to(world.referrer.email) == confirmed
    messages.write(world.coordinator, referral, "Bel je me?")
    assert len(to(world.referrer.email)) == 2
    clock.shift(timedelta(days=40))
    assert quiet.remind() == 1
    assert len(to(world.coordinator.email)) == 1


def test_who_wants_nothing_at_once_gets_only_the_digest_and_mail_about_herself(
    world: World, clock: Any
) -> None:
    choose(world.coordinator, Rhythm.DAILY, urgent_at_once=False)
    submitted(world.branch, world.referrer)
    assert to(world.coordinator.email) == []
    clock.move_to(MONDAY_MORNING)
    digest.send_digests()
    assert to(world.coordinator.email) == ["Wat er op je wacht in het Home-Startportaal"]


def test_everybody_chooses_on_a_page_of_her_account(world: World, browser: Browser) -> None:
    hilde = browser.sign_in(world.coordinator_account)
    page = hilde.get("accounts.mail_settings")
    assert page.value("rhythm") == "at_once"
    answer = choose_on_page(hilde, rhythm="weekly", weekday="3", urgent_at_once="nee")
    assert "Eén mail per week" in hilde.follow(answer).text
    row = make.only(MailChoice)
    assert (row.rhythm, row.weekday, row.urgent_at_once) == (Rhythm.WEEKLY, 3, False)
    assert row.covered_on == date(2026, 11, 19)  # the first one comes next Thursday
    page = hilde.get("accounts.mail_settings")
    assert (page.value("rhythm"), page.value("weekday")) == ("weekly", "3")
    choose_on_page(hilde, rhythm="at_once")
    assert make.only(MailChoice).rhythm == Rhythm.AT_ONCE
    assert len(choose_on_page(hilde, rhythm="elk uur").errors) == 1
    noted = select(AuditEvent).where(AuditEvent.action == "account:choose_mail")
    assert len(db.session.scalars(noted).all()) == 2


def test_the_link_in_the_mail_stops_digests_with_a_button_and_never_by_itself(
    world: World, browser: Browser, clock: Any
) -> None:
    choose(world.coordinator, Rhythm.DAILY, urgent_at_once=False)
    submitted(world.branch, world.referrer)
    clock.move_to(MONDAY_MORNING)
    digest.send_digests()
    token = link_of(digests()[0])
    page = browser.get("accounts.stop_digest", token=token)
    assert "Hilde" not in page.text
    assert mail_choices.of(world.coordinator.account_id).rhythm == Rhythm.DAILY
    answer = browser.submit(page, "accounts.stop_digest", {}, token=token)
    assert "geen samenvattingen meer" in browser.follow(answer).text
    assert mail_choices.of(world.coordinator.account_id) == Chosen()
    again = browser.get("accounts.stop_digest", token=token)
    assert "Er is niets meer te stoppen." in again.text
    browser.submit(page, "accounts.stop_digest", {}, token=token)
    noted = select(AuditEvent).where(AuditEvent.action == "account:stop_digest")
    assert len(db.session.scalars(noted).all()) == 1


def test_a_guessed_link_or_one_of_another_stops_nothing(world: World, browser: Browser) -> None:
    choose(world.coordinator, Rhythm.DAILY)
    mine, theirs = (a.account_id for a in (world.coordinator, world.referrer))
    proof = mail_choices.stop_token(theirs).partition("-")[2]
    for token in (f"{mine:x}-{proof}", f"{mine:x}-", f"{mine:x}", "-", "zz-00", "0-0", "f" * 40):
        page = browser.get("accounts.stop_digest", token=token)
        assert page.status == 404
        assert browser.post("accounts.stop_digest", token=token).status == 404
    assert mail_choices.of(mine).rhythm == Rhythm.DAILY


def test_the_mail_itself_carries_the_link_in_both_its_forms_and_its_head(
    world: World, clock: Any
) -> None:
    choose(world.coordinator, Rhythm.DAILY)
    submitted(world.branch, world.referrer)
    clock.move_to(MONDAY_MORNING)
    digest.send_digests()
    [payload] = digests()
    email = mail.compose(mail.Mail(**payload), 1)
    link = f"http://localhost{payload['footer_url']}"
    assert email["List-Unsubscribe"].endswith(f"{payload['footer_url']}>")
    for part in email.iter_parts():
        assert payload["footer_url"] in part.get_content(), link


def test_roles_without_a_desk_get_what_waits_in_agreements(session: Any, clock: Any) -> None:
    for role in (Role.FINANCE_OFFICER, Role.NEGOTIATOR, Role.DPO):
        choose(make.actor(make.membership(role)), Rhythm.DAILY)
    clock.move_to(MONDAY_MORNING)
    assert digest.send_digests() == 0
