"""Messages between referrer and branch, and the notes a branch keeps for itself."""

from typing import Any

import pytest
from sqlalchemy import event, select

from portal.core.audit import AuditEvent
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.outbox import OutboxMessage
from portal.referrals import listing, messages, notes
from portal.referrals.choices import Feedback
from portal.referrals.messages import Message
from portal.referrals.models import Referral
from tests import make
from tests.browser import Browser, Page
from tests.referrals.conftest import World
from tests.referrals.make_referral import submitted

QUESTION = "Mag ik Nadia vrijdag bellen over haar kot?"


@pytest.fixture
def referral(world: World) -> Referral:
    return submitted(world.branch, world.referrer)


@pytest.fixture
def referrer(world: World, browser: Browser) -> Browser:
    return browser.sign_in(world.referrer_account)


@pytest.fixture
def coordinator(world: World, browser: Browser) -> Browser:
    return Browser(browser.app).sign_in(world.coordinator_account)


def say(browser: Browser, referral: Referral, text: str = QUESTION) -> Page:
    page = browser.get("referrals.messages", reference=referral.reference)
    return browser.submit(page, "referrals.messages", {"text": text}, reference=referral.reference)


def open_thread(browser: Browser, referral: Referral) -> Page:
    return browser.get("referrals.messages", reference=referral.reference)


def mails_about_messages() -> list[OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.key.contains(":message:"))
    return list(db.session.scalars(query))


def test_a_question_of_the_referrer_is_read_and_answered_by_the_branch(
    referrer: Browser, coordinator: Browser, referral: Referral
) -> None:
    answer = say(referrer, referral)
    assert "Je bericht is verstuurd." in referrer.follow(answer).text
    assert "Nog niet gelezen" in open_thread(referrer, referral).text
    assert "1 nieuw bericht" in coordinator.get("home.start").text
    assert "1 nieuw bericht" in coordinator.get("referrals.show", reference=referral.reference).text
    page = open_thread(coordinator, referral)
    assert QUESTION in page.text
    assert "Nieuw" in page.text
    say(coordinator, referral, "Dat mag, na 16 uur.")
    thread = open_thread(referrer, referral).text
    assert "Gelezen door Hilde Claes" in thread
    assert "Dat mag, na 16 uur." in thread
    assert "nieuw bericht" not in coordinator.get("home.start").text


def test_the_mail_says_only_that_there_is_a_message(
    referrer: Browser, world: World, referral: Referral
) -> None:
    say(referrer, referral)
    [mail] = mails_about_messages()
    assert mail.payload["to"] == world.coordinator.email
    assert mail.payload["button_url"] == f"/verwijzingen/{referral.reference}/berichten"
    written = repr(mail.payload) + mail.subject
    for secret in ("Nadia", "Şahin", "vrijdag", "kot"):
        assert secret not in written


def test_one_mail_until_it_is_read_then_one_more(
    referrer: Browser, coordinator: Browser, referral: Referral
) -> None:
    for text in ("Eerste", "Tweede", "Derde"):
        say(referrer, referral, text)
    assert len(mails_about_messages()) == 1
    open_thread(coordinator, referral)
    say(referrer, referral, "Vierde")
    assert len(mails_about_messages()) == 2


def test_a_message_sent_twice_is_there_once(referrer: Browser, referral: Referral) -> None:
    page = open_thread(referrer, referral)
    for _ in range(2):
        answer = referrer.submit(
            page, "referrals.messages", {"text": QUESTION}, reference=referral.reference
        )
        assert answer.status == 302
    assert len(db.session.scalars(select(Message)).all()) == 1


def test_nothing_is_sent_without_words_and_a_national_number_is_refused(
    referrer: Browser, referral: Referral
) -> None:
    assert say(referrer, referral, "  ").errors == ["Je bericht: Vul dit in."]
    page = say(referrer, referral, "Haar nummer is 85.07.30-033.28")
    assert "rijksregisternummer" in page.errors[0]
    assert "85.07.30-033.28" in page.value("text")
    assert db.session.scalars(select(Message)).all() == []


def test_messages_are_sealed_and_opening_them_is_noted_without_a_value(
    referrer: Browser, coordinator: Browser, referral: Referral
) -> None:
    say(referrer, referral)
    message = db.session.scalars(select(Message)).one()
    assert b"Nadia" not in bytes(message.text_encrypted)  # type: ignore[attr-defined]
    open_thread(coordinator, referral)
    events = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "referral:read_by_branch")
    ).all()
    assert [one.fields for one in events] == [["messages"]]


def test_other_branches_and_organisations_find_no_messages(
    browser: Browser, referral: Referral
) -> None:
    for stranger in (make.coordinator(make.branch()), make.referrer()):
        other = Browser(browser.app).sign_in(stranger.account)
        assert open_thread(other, referral).status == 404


def test_where_the_family_lets_nothing_be_heard_the_branch_is_warned(
    coordinator: Browser, world: World
) -> None:
    silent = submitted(world.branch, world.referrer, consent={"feedback": Feedback.NONE})
    assert "vertel niets over het gezin" in open_thread(coordinator, silent).text


def test_the_list_counts_what_is_unread_for_each_side_without_a_query_per_row(
    world: World, referral: Referral
) -> None:
    others = [submitted(world.branch, world.referrer) for _ in range(5)]
    for one in (referral, *others):
        messages.write(world.referrer, one, "Vraag")
        messages.write(world.referrer, one, "Nog een vraag")
    db.session.commit()
    asked: list[str] = []
    listen = lambda *args: asked.append(args[2])  # noqa: E731
    engine = db.session.connection().engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        query, listed = listing.for_actor(world.coordinator)
        found = listing.lines(listed.page(query, {}, "/").rows)
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    assert [line.unread for line in found] == [2] * 6
    assert len(asked) == 1
    query, listed = listing.for_actor(world.referrer)
    assert {line.unread for line in listing.lines(listed.page(query, {}, "/").rows)} == {0}


def test_the_list_shows_the_count(referrer: Browser, coordinator: Browser, referral: Any) -> None:
    say(referrer, referral)
    assert f"{referral.reference} 1 nieuwe berichten" in coordinator.get("referrals.index").text


def test_a_note_is_for_the_branch_and_never_for_the_referrer(
    referrer: Browser, coordinator: Browser, referral: Referral
) -> None:
    page = coordinator.get("referrals.notes", reference=referral.reference)
    words = "Vader liever niet bellen."
    answer = coordinator.submit(
        page, "referrals.notes", {"text": words}, reference=referral.reference
    )
    assert words in coordinator.follow(answer).text
    assert referrer.get("referrals.notes", reference=referral.reference).status == 403
    for endpoint in ("referrals.show", "referrals.messages"):
        assert words not in referrer.get(endpoint, reference=referral.reference).text


def test_what_was_written_is_erased_with_the_family(world: World, referral: Referral) -> None:
    messages.write(world.referrer, referral, QUESTION)
    notes.add(world.coordinator, referral, "Kanarie")
    db.session.flush()
    messages.open_thread(world.coordinator, referral)
    db.session.commit()
    db.session.delete(referral.family)
    db.session.commit()
    for table in (Message, messages.MessageRead, notes.BranchNote):
        assert db.session.scalars(select(table)).all() == []
    db.session.expire_all()
    with pytest.raises(DomainError):
        messages.write(world.referrer, referral, QUESTION)
