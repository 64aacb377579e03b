"""Families on a list: told when a branch opens, asked once more, taken up or forgotten."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock as portal_clock
from portal.core import outbox
from portal.core.audit import AuditEvent
from portal.core.db import db
from portal.core.errors import NotFoundError
from portal.core.permissions import Role
from portal.directory.models import BranchArea
from portal.referrals import openings, unserved
from portal.referrals.choices import GIVEN_BY_SELF, MANNER_ONLINE, Feedback
from portal.referrals.models import Family, Referral, Status
from portal.referrals.openings import OpeningNews
from tests import make
from tests.browser import Browser
from tests.directory.conftest import count_queries
from tests.referrals.conftest import World
from tests.referrals.make_referral import kept_on_list, submitted

AALST = ("41002", "9300")
BRUGGE = ("31005", "8000")


def mails() -> dict[str, dict[str, Any]]:
    """What was written about openings, by whom it goes to."""
    found = db.session.scalars(select(outbox.OutboxMessage))
    return {one.payload["to"]: one.payload for one in found if "opening:" in one.key}


def by_herself(branch: Any, **identity: str) -> Referral:
    return kept_on_list(
        branch,
        None,
        *AALST,
        consent={"given_by": GIVEN_BY_SELF, "manner": MANNER_ONLINE},
        referrer={"wants_feedback": False},
        identity=identity,
        practical={"pets": "", "smoking": ""},
    )


def yes(browser: Browser, referral: Referral, **answers: str) -> Any:
    page = browser.get("referrals.take_up", reference=referral.reference)
    today = portal_clock.today().isoformat()
    said = {"answer": "ja", "on": today, "by": "mother", "manner": "spoken", **answers}
    return browser.submit(page, "referrals.take_up", said, reference=referral.reference)


@pytest.fixture
def hilde(world: World, browser: Browser) -> Browser:
    return browser.sign_in(world.coordinator_account)


def test_nobody_is_told_as_long_as_no_branch_serves_the_place(world: World) -> None:
    kept_on_list(None, world.referrer, *AALST)
    assert openings.announce() == 0
    assert make.number_of(OpeningNews) == 0


def test_the_referrer_and_the_branch_are_told_once_and_no_mail_names_the_family(
    world: World, clock: Any
) -> None:
    referral = kept_on_list(None, world.referrer, *AALST)
    world.branch.areas.append(
        BranchArea(nis=AALST[0], from_on=portal_clock.today() + timedelta(days=2))
    )
    db.session.commit()
    assert openings.announce() == 0  # announced, not begun
    clock.shift(timedelta(days=2))
    assert openings.announce() == 1
    assert openings.announce() == 0
    assert set(mails()) == {world.referrer.email, world.coordinator.email}
    to_referrer, to_branch = mails()[world.referrer.email], mails()[world.coordinator.email]
    assert to_referrer["subject"] == f"Verwijzing {referral.reference}: er is nu een werking"
    assert "Home-Start Gent" in str(to_referrer["paragraphs"])
    assert to_branch["button_url"] == "/verwijzingen/op-de-lijst"
    for word in ("Nadia", "Şahin", "Aalst", "0470"):
        assert word not in str(mails())


def test_a_guest_who_referred_gets_a_private_link(world: World) -> None:
    from portal.accounts import guests
    from tests.accounts import make_guest

    guest = make_guest.guest("lien@wieg.example")
    kept_on_list(world.branch, guests.actor_of(guest), *AALST)
    openings.announce()
    assert "/verwijzen-zonder-account/volgen/" in mails()["lien@wieg.example"]["button_url"]


def test_a_parent_who_gave_an_address_is_mailed_and_one_who_did_not_is_called(
    world: World, hilde: Browser
) -> None:
    silent = by_herself(None, email="")
    by_herself(world.branch, email="nadia@familie.example")
    assert openings.announce() == 2
    assert set(mails()) == {"nadia@familie.example", world.coordinator.email}
    to_parent = mails()["nadia@familie.example"]
    assert to_parent["subject"] == "Home-Start is nu ook in je gemeente"
    assert "09 765 43 21" in str(to_parent["paragraphs"])
    assert "Nadia" not in str(to_parent)
    page = hilde.get("referrals.take_up", reference=silent.reference)
    assert "0470 12 34 56" in page.text


def test_the_coordinator_sees_who_waits_and_only_how_to_reach_them(
    world: World, hilde: Browser
) -> None:
    referral = kept_on_list(world.branch, world.referrer, *AALST)
    start = hilde.get("home.start")
    assert "1 gezin wacht op jouw werking" in start.text
    listed = hilde.get("referrals.listed")
    assert referral.reference in listed.text
    assert "Nadia" not in listed.text
    assert hilde.get("referrals.show", reference=referral.reference).status == 404
    page = hilde.get("referrals.take_up", reference=referral.reference)
    assert "Nadia Şahin" in page.text
    assert "Els Peeters" in page.text
    assert "Ik sta er alleen voor" not in page.text
    read = select(AuditEvent).where(AuditEvent.object_id == str(referral.id))
    events = db.session.scalars(read.where(AuditEvent.action == "referral:read_by_branch")).all()
    assert [(e.account_id, e.fields) for e in events] == [
        (world.coordinator.account_id, ["identity"])
    ]


def test_a_family_that_says_yes_again_becomes_a_referral_of_the_branch(
    world: World, hilde: Browser
) -> None:
    referral = kept_on_list(world.branch, world.referrer, *AALST)
    page = hilde.follow(yes(hilde, referral, note="Belt na 17 uur."))
    assert "Het gezin staat nu bij jullie verwijzingen." in page.text
    assert "Ik sta er alleen voor" in page.text
    db.session.refresh(referral)
    assert referral.status == Status.SUBMITTED
    assert referral.branch_id == world.branch.id
    assert referral.first_contact_due_on == portal_clock.today() + timedelta(days=14)
    event = referral.events[-1]
    assert event.action == "take_up"
    assert "Moeder. Mondeling, in gesprek met de afdeling." in event.note
    assert "Belt na 17 uur." in event.note
    told = db.session.scalars(select(outbox.OutboxMessage.subject)).all()
    assert f"Verwijzing {referral.reference}: Home-Start Gent neemt contact op" in told
    assert hilde.get("referrals.take_up", reference=referral.reference).status == 404
    assert openings.number_for(world.coordinator) == 0


def test_a_yes_may_come_through_the_referrer(world: World, hilde: Browser) -> None:
    referral = kept_on_list(world.branch, world.referrer, *AALST)
    assert yes(hilde, referral, manner="referrer").status == 302
    db.session.refresh(referral)
    assert "Aan de verwijzer, die het doorgaf." in referral.events[-1].note


def test_a_family_that_says_no_is_erased(world: World, hilde: Browser) -> None:
    referral = kept_on_list(world.branch, world.referrer, *AALST)
    answer = yes(hilde, referral, answer="nee")
    assert "gewist" in hilde.follow(answer).text
    db.session.refresh(referral)
    assert referral.status == Status.WITHDRAWN
    assert referral.consent is not None
    assert referral.consent.withdrawn_at is not None
    assert referral.ended_on == portal_clock.today()
    assert make.number_of(Family) == 0


def test_a_yes_without_who_and_how_or_in_the_future_is_refused(
    world: World, hilde: Browser
) -> None:
    referral = kept_on_list(world.branch, world.referrer, *AALST)
    assert len(yes(hilde, referral, by="", manner="").errors) == 2
    assert len(yes(hilde, referral, answer="").errors) == 1
    tomorrow = (portal_clock.today() + timedelta(days=1)).isoformat()
    assert "in de toekomst" in yes(hilde, referral, on=tomorrow).errors[0]
    before = (portal_clock.today() - timedelta(days=1)).isoformat()
    assert "voor de verwijzing" in yes(hilde, referral, on=before).errors[0]
    db.session.refresh(referral)
    assert referral.status == Status.NOT_SERVED


def test_of_two_answers_the_second_is_told_that_somebody_was_first(
    world: World, hilde: Browser
) -> None:
    referral = kept_on_list(world.branch, world.referrer, *AALST)
    place = {"reference": referral.reference}
    first, second = (hilde.get("referrals.take_up", **place) for _ in range(2))
    said = {"answer": "nee", "on": portal_clock.today().isoformat()}
    assert hilde.submit(first, "referrals.take_up", said, **place).status == 302
    assert hilde.submit(second, "referrals.take_up", said, **place).status == 404
    assert hilde.submit(first, "referrals.take_up", said, **place).status == 302  # once is once


def test_another_branch_and_a_referrer_find_nothing(world: World, browser: Browser) -> None:
    referral = kept_on_list(world.branch, world.referrer, *AALST)
    other = make.coordinator(make.branch([BRUGGE[0]]))
    page = browser.sign_in(other.account)
    assert page.get("referrals.take_up", reference=referral.reference).status == 404
    assert referral.reference not in page.get("referrals.listed").text
    with pytest.raises(NotFoundError):
        openings.find(world.referrer, referral.reference)


def test_after_its_year_a_family_is_neither_told_nor_shown(world: World, clock: Any) -> None:
    referral = kept_on_list(None, world.referrer, *AALST)
    world.branch.areas.append(
        BranchArea(nis=AALST[0], from_on=portal_clock.today() + timedelta(days=366))
    )
    db.session.commit()
    clock.shift(timedelta(days=366))
    assert openings.announce() == 0
    assert openings.number_for(world.coordinator) == 0
    with pytest.raises(NotFoundError):
        openings.find(world.coordinator, referral.reference)
    assert unserved.forget_listed() == 1


def test_who_was_only_counted_waits_for_nobody(world: World) -> None:
    submitted(
        world.branch, world.referrer, nis=AALST[0], postcode=AALST[1],
        consent={"kept_when_unserved": False},
    )  # fmt: skip
    world.branch.areas.append(BranchArea(nis=AALST[0], from_on=portal_clock.today()))
    db.session.commit()
    assert openings.announce() == 0
    assert openings.number_for(world.coordinator) == 0


def test_the_referrer_reads_whom_to_tell_as_soon_as_there_is_a_branch(
    world: World, browser: Browser
) -> None:
    referral = kept_on_list(
        world.branch, world.referrer, *AALST, consent={"feedback": Feedback.NONE}
    )
    page = browser.sign_in(world.referrer_account).get(
        "referrals.show", reference=referral.reference
    )
    assert "In Aalst is er nu een werking: Home-Start Gent." in page.text
    assert "09 765 43 21" in page.text


def test_the_referrers_start_page_says_whom_to_ask(world: World, browser: Browser) -> None:
    waiting = kept_on_list(None, world.referrer, *BRUGGE)
    referral = kept_on_list(world.branch, world.referrer, *AALST)
    page = browser.sign_in(world.referrer_account).get("home.start").text
    said = page.partition("Er is nu een werking voor een gezin op je lijst")[2]
    asked = said.partition("Je lopende verwijzingen")[0]
    assert referral.reference in asked
    assert waiting.reference not in asked
    colleague = make.referrer(world.organisation, who=make.account(name="Jan Maes"))
    other = Browser(browser.app).sign_in(colleague.account).get("home.start").text
    assert "Er is nu een werking" not in other


def test_staff_see_how_many_wait_where_and_never_who(world: World, browser: Browser) -> None:
    kept_on_list(world.branch, world.referrer, *AALST)
    kept_on_list(None, world.referrer, *BRUGGE)
    assert openings.totals() == (2, 1)
    staff = browser.sign_in(make.membership(Role.AGREEMENTS_MANAGER).account)
    start = staff.get("home.start").text
    assert "2 gezinnen staan op de lijst; voor 1 is er intussen een werking" in start
    page = staff.get("referrals.unmet")
    rows: list[Any] = [row for row in page.find("tr") if row.findall("{*}td")]
    cells = {row.find("{*}th/{*}a").text: [c.text for c in row.findall("{*}td")] for row in rows}
    assert cells["Aalst"][-2:] == ["1", "Home-Start Gent"]
    assert cells["Brugge"][-2:] == ["1", "nog geen"]
    assert "Nadia" not in page.text


def test_the_list_costs_the_same_however_many_wait(world: World, hilde: Browser) -> None:
    def cost() -> int:
        with count_queries() as queries:
            hilde.get("referrals.listed")
        return len(queries)

    kept_on_list(world.branch, world.referrer, *AALST)
    one = cost()
    for _ in range(4):
        kept_on_list(None, world.referrer, *AALST)
    assert cost() == one
