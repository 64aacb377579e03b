"""A family is handed over to another branch: who sees it then, who is told, what goes on."""

from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock as portal_clock
from portal.core.db import db
from portal.core.errors import ConflictError, DomainError
from portal.core.outbox import OutboxMessage
from portal.directory.models import Branch
from portal.referrals import messages, notes
from portal.referrals.choices import Feedback
from portal.referrals.models import OPEN, Referral, Status
from portal.referrals.states import workflow
from portal.referrals.transfer import Handover, transfer
from tests import make
from tests.browser import Browser, Page
from tests.referrals.conftest import World
from tests.referrals.make_referral import moved_to, submitted

LEUVEN = "24062"


@pytest.fixture
def leuven(world: World) -> Branch:
    return make.branch([LEUVEN], "Home-Start Leuven")


@pytest.fixture
def there(leuven: Branch) -> Any:
    return make.coordinator(leuven, who=make.account(name="Griet Maes"))


@pytest.fixture
def referral(world: World, there: Any) -> Referral:
    return submitted(world.branch, world.referrer)


@pytest.fixture
def coordinator(world: World, browser: Browser) -> Browser:
    return Browser(browser.app).sign_in(world.coordinator_account)


def moved(**values: Any) -> Handover:
    today = portal_clock.today()
    return Handover(
        **{"nis": LEUVEN, "postcode": "3000", "reason": "moved", "agreed_on": today} | values
    )


def send(browser: Browser, referral: Referral, **values: Any) -> Page:
    page = browser.get("referrals.transfer", reference=referral.reference)
    data = {
        "reason": "moved",
        "municipality": "3000",
        "agreed": "y",
        "agreed_on": portal_clock.today().isoformat(),
        "note": "Ze verhuizen in december.",
    }
    return browser.submit(page, "referrals.transfer", data | values, reference=referral.reference)


def mails() -> dict[str, OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.key.contains(":transfer:"))
    return {one.payload["to"]: one for one in db.session.scalars(query)}


def test_the_old_branch_loses_sight_and_the_new_one_goes_on(
    coordinator: Browser, browser: Browser, world: World, there: Any, referral: Referral
) -> None:
    messages.write(world.referrer, referral, "Een vraag")
    notes.add(world.coordinator, referral, "Een notitie")
    db.session.commit()
    answer = send(coordinator, referral)
    page = coordinator.follow(answer)
    assert "is overgedragen" in page.text
    assert referral.reference not in page.text
    for endpoint in ("show", "messages", "notes", "attachments", "duplicates", "transfer"):
        gone = coordinator.get(f"referrals.{endpoint}", reference=referral.reference)
        assert gone.status == 404
    new = Browser(browser.app).sign_in(there.account)
    page = new.get("referrals.show", reference=referral.reference)
    assert "Verwijzing verstuurd" in page.text
    assert "Home-Start Gent → Home-Start Leuven" in page.text
    assert "Het gezin stemde in op" in page.text
    assert "Ze verhuizen in december." in page.text
    assert "3000 Leuven" in page.text
    assert "Een notitie" in new.get("referrals.notes", reference=referral.reference).text
    assert "Een vraag" in new.get("referrals.messages", reference=referral.reference).text


def test_both_branches_and_the_referrer_are_told_without_the_family(
    coordinator: Browser, world: World, there: Any, referral: Referral
) -> None:
    send(coordinator, referral)
    told = mails()
    assert set(told) == {world.coordinator.email, there.account.email, world.referrer.email}
    for mail in told.values():
        for secret in ("Nadia", "Şahin", "verhuizen", "0470"):
            assert secret not in repr(mail.payload)
    assert told[world.coordinator.email].payload["button_url"] == "/verwijzingen/"
    assert "Home-Start Leuven" in told[world.referrer.email].subject


@pytest.mark.parametrize(("feedback", "hears"), [(Feedback.NONE, 2), (Feedback.STATUS, 3)])
def test_the_referrer_hears_as_far_as_the_family_allows(
    world: World, there: Any, feedback: Feedback, hears: int
) -> None:
    referral = submitted(world.branch, world.referrer, consent={"feedback": feedback})
    transfer(world.coordinator, referral, moved())
    assert len(mails()) == hears


def test_sent_twice_it_is_handed_over_once(coordinator: Browser, referral: Referral) -> None:
    page = coordinator.get("referrals.transfer", reference=referral.reference)
    data = {"reason": "route", "municipality": "Leuven 3000", "agreed": "y"}
    data["agreed_on"] = portal_clock.today().isoformat()
    for _ in range(2):
        answer = coordinator.submit(page, "referrals.transfer", data, reference=referral.reference)
        assert answer.status == 302
    assert [e.action for e in referral.events].count("transfer") == 1


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"agreed": ""}, "alleen als het gezin ermee instemt"),
        ({"reason": ""}, "Maak een keuze"),
        ({"municipality": "Amsterdam"}, "vinden we niet"),
        ({"municipality": "Leuven"}, "Kies de postcode"),
        ({"municipality": "9000"}, "Je eigen afdeling bedient deze gemeente"),
        ({"municipality": "8400"}, "geen werking die het gezin kan opvolgen"),
        ({"agreed_on": "2099-01-01"}, "ligt in de toekomst"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_moves(
    coordinator: Browser, world: World, referral: Referral, values: Any, error: str
) -> None:
    page = send(coordinator, referral, **values)
    assert error in " ".join(page.errors)
    assert page.value("note") == "Ze verhuizen in december."
    assert referral.branch_id == world.branch.id
    assert mails() == {}


@pytest.mark.parametrize("status", OPEN)
def test_from_every_open_status_it_begins_anew(
    world: World, there: Any, referral: Referral, status: Status
) -> None:
    moved_to(referral, status, world.coordinator)
    transfer(world.coordinator, referral, moved())
    db.session.commit()
    assert referral.status == Status.SUBMITTED
    assert referral.active_match is None
    begun = (referral.intake_at, referral.waiting_since_on, referral.matched_on)
    assert (*begun, referral.started_on, referral.first_contact_on) == (None,) * 5
    moved_to(referral, Status.RUNNING, make.actor(there))
    assert referral.status == Status.RUNNING


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.DECLINED, Status.WITHDRAWN])
def test_what_ended_is_not_handed_over(world: World, referral: Referral, status: Status) -> None:
    moved_to(referral, status, world.coordinator)
    assert not workflow.can(referral, "transfer", world.coordinator)
    with pytest.raises(ConflictError):
        transfer(world.coordinator, referral, moved())
    assert referral.branch_id == world.branch.id


def test_the_old_address_does_not_go_along_when_the_family_moved(
    world: World, referral: Referral
) -> None:
    moved_to(referral, Status.WAITING, world.coordinator)
    referral.family.street = "Kerkstraat 12"  # type: ignore[union-attr]
    transfer(world.coordinator, referral, moved())
    assert not referral.family.street  # type: ignore[union-attr]


def test_of_two_coordinators_who_hand_over_one_wins(
    coordinator: Browser, browser: Browser, world: World, referral: Referral
) -> None:
    page = coordinator.get("referrals.transfer", reference=referral.reference)
    moved_to(referral, Status.INTAKE_PLANNED, world.coordinator)
    data = {"reason": "route", "municipality": "3000", "agreed": "y"}
    data["agreed_on"] = portal_clock.today().isoformat()
    answer = coordinator.submit(page, "referrals.transfer", data, reference=referral.reference)
    assert answer.status == 409
    with pytest.raises(DomainError):
        transfer(world.coordinator, referral, moved(nis="44021", postcode="9000"))


def test_the_page_offers_it_and_the_referrer_reads_it(
    coordinator: Browser, browser: Browser, world: World, referral: Referral
) -> None:
    page = coordinator.get("referrals.show", reference=referral.reference)
    assert any(link.endswith("/overdragen") for link in page.links())
    send(coordinator, referral)
    browser.sign_in(world.referrer_account)
    page = browser.get("referrals.show", reference=referral.reference)
    assert "Overgedragen aan een andere afdeling" in page.text
    assert "Ze verhuizen in december." not in page.text
    assert "Home-Start Leuven" in page.text
