"""The start page of each role: what waits, without a family's name, at a constant cost."""

from datetime import timedelta
from typing import Any

import pytest

from portal.core import clock as portal_clock
from portal.core import outbox
from portal.core.db import db
from portal.core.outbox import State
from portal.core.permissions import Role
from portal.referrals import drafts, follow
from portal.referrals.choices import Feedback
from portal.referrals.models import Status
from tests import make
from tests.browser import Browser
from tests.directory.conftest import count_queries
from tests.referrals.conftest import World
from tests.referrals.make_referral import moved_to, submitted


def start(browser: Browser, account: Any) -> Any:
    return Browser(browser.app).sign_in(account).get("home.start")


def references(page: Any) -> list[str]:
    links = [e for e in page.find("a") if e.get("class") == "reference"]
    return [e.text or "" for e in links]


def figures(page: Any) -> dict[str, str]:
    """Return what stands on the tiles, by their label."""
    tiles = [e for e in page.find("div") if (e.get("class") or "").split()[:1] == ["stat"]]
    texts = [["".join(p.itertext()).strip() for p in tile] for tile in tiles]
    return {label: value for value, label, *_hint in texts}


def test_a_visitor_reads_what_home_start_is_and_where_to_turn_in_a_crisis(
    browser: Browser,
) -> None:
    page = browser.get("home.start")
    assert page.status == 200
    assert "Een vriend aan huis" in page.heading
    assert browser.path("security.login") in page.links()
    assert {"tel:112", "tel:1712", "tel:1813", "tel:102"} <= set(page.links())


def test_a_coordinator_sees_what_waits_today(browser: Browser, world: World, clock: Any) -> None:
    clock.move_to("2026-11-03T10:00:00+01:00")
    late = submitted(world.branch, world.referrer)
    clock.move_to("2026-11-20T10:00:00+01:00")
    new = submitted(world.branch, world.referrer)
    planned = moved_to(
        submitted(world.branch, world.referrer), Status.INTAKE_PLANNED, world.coordinator
    )
    waiting = moved_to(submitted(world.branch, world.referrer), Status.WAITING, world.coordinator)
    proposed = moved_to(submitted(world.branch, world.referrer), Status.WAITING, world.coordinator)
    follow.propose_match(world.coordinator, proposed, "Marleen", portal_clock.today())
    running = moved_to(submitted(world.branch, world.referrer), Status.RUNNING, world.coordinator)
    moved_to(submitted(world.branch, world.referrer), Status.COMPLETED, world.coordinator)
    db.session.commit()
    page = start(browser, world.coordinator_account)
    assert figures(page) == {
        "Nieuw": "2",
        "Te laat": "1",
        "Intake gepland": "1",
        "Wachtlijst": "2",
        "Lopend": "1",
    }
    assert references(page)[:2] == [late.reference, new.reference]  # the first due comes first
    assert "Eerste contact moest tegen 17 november 2026" in page.text
    assert "Eerste contact tegen 4 december 2026" in page.text
    assert "23 november 2026 om 10.00 uur" in page.text
    assert "Wacht op gezin en vrijwilliger" in page.text
    assert "1 van 25" in page.text
    assert {planned.reference, waiting.reference, proposed.reference} <= set(references(page))
    assert running.reference not in page.text
    for name in ("Nadia", "Şahin", "Marleen"):
        assert name not in page.text


def test_an_intake_that_is_further_off_waits_its_turn(
    browser: Browser, world: World, clock: Any
) -> None:
    referral = submitted(world.branch, world.referrer)
    follow.plan_intake(world.coordinator, referral, portal_clock.now() + timedelta(days=9))
    db.session.commit()
    assert (
        "Geen intakes in de komende zeven dagen." in start(browser, world.coordinator_account).text
    )
    clock.shift(timedelta(days=3))
    assert references(start(browser, world.coordinator_account)) == [referral.reference]
    clock.shift(timedelta(days=9))
    assert "noteer de beslissing" in start(browser, world.coordinator_account).text


def test_a_coordinator_sees_only_her_own_branch(browser: Browser, world: World) -> None:
    elsewhere = submitted(make.branch(["24062"]), world.referrer)
    page = start(browser, world.coordinator_account)
    assert elsewhere.reference not in page.text
    assert "Geen nieuwe verwijzingen." in page.text


def test_a_referrer_sees_her_referrals_with_the_latest_she_may_hear(
    browser: Browser, world: World
) -> None:
    def of(level: Feedback, status: Status) -> Any:
        referral = submitted(world.branch, world.referrer, consent={"feedback": level})
        return moved_to(referral, status, world.coordinator)

    heard = of(Feedback.OUTCOME, Status.RUNNING)
    quiet = of(Feedback.NONE, Status.RUNNING)
    declined = of(Feedback.STATUS, Status.DECLINED)
    silent = of(Feedback.NONE, Status.DECLINED)
    page = start(browser, world.referrer_account)
    lines = {
        e.find("*").text: " ".join("".join(e.itertext()).split())
        for e in page.find("li")
        if e.find("*") is not None and (e.find("*").text or "").startswith("V-")
    }
    assert "Lopend traject" in lines[heard.reference]
    assert "Traject gestart" in lines[heard.reference]
    assert "Ontvangen" in lines[quiet.reference]
    assert "Verwijzing verstuurd" in lines[quiet.reference]
    assert "Niet aanvaard" in lines[declined.reference]
    assert lines[silent.reference].count("Afgehandeld") == 2
    assert "Niet aanvaard" not in lines[silent.reference]
    assert "Nadia" not in page.text


def test_a_referrer_finds_her_drafts_and_one_big_button(browser: Browser, world: World) -> None:
    page = start(browser, world.referrer_account)
    assert "Je hebt nu geen lopende verwijzingen" in page.text
    assert "ontwerp" not in page.text
    drafts.begin(world.referrer)
    drafts.begin(world.referrer)
    db.session.commit()
    page = start(browser, world.referrer_account)
    assert "Er wachten 2 ontwerpen op je" in page.text
    assert browser.path("referrals.drafts") in page.links()
    [button] = [e for e in page.find("a") if "btn-lg" in (e.get("class") or "")]
    assert button.get("href") == browser.path("referrals.start")


def test_a_colleagues_referral_is_in_the_list_and_not_on_the_start_page(
    browser: Browser, world: World
) -> None:
    referral = submitted(world.branch, world.referrer)
    colleague = make.referrer(world.organisation)
    assert referral.reference not in start(browser, colleague.account).text


def test_staff_see_needs_gaps_and_what_did_not_leave(browser: Browser, world: World) -> None:
    submitted(world.branch, world.referrer, nis="11002", postcode="2000")
    submitted(world.branch, world.referrer, nis="11002", postcode="2000")
    make.branch(["24062"], "Home-Start Leuven")
    message = outbox.enqueue("mail", {}, key="one", subject="Onderwerp")
    message.state = State.FAILED
    db.session.commit()
    page = start(browser, make.administrator().account)
    assert "Antwerpen" in page.text
    assert "2 vragen" in page.text
    assert "Home-Start Leuven" in page.text
    assert "Home-Start Gent" not in page.text
    assert "1 verzending is mislukt" in page.text
    manager = start(browser, make.membership(Role.AGREEMENTS_MANAGER).account)
    assert "Antwerpen" in manager.text
    assert "mislukt" not in manager.text


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.NEGOTIATOR, "Gegevens van gezinnen krijg je hier nooit te zien"),
        (Role.SIGNATORY, "Gegevens van gezinnen krijg je hier nooit te zien"),
        (Role.PARTNER_FINANCE, "Er ligt nu niets te bespreken"),
        (Role.FINANCE_OFFICER, "Er ligt nu niets te bespreken"),
        (Role.DPO, "het logboek"),
    ],
)
def test_other_roles_read_what_they_will_find_here(
    browser: Browser, world: World, role: Role, words: str
) -> None:
    submitted(world.branch, world.referrer)
    place = make.organisation("gemeente") if role.value in ("negotiator", "signatory") else None
    page = start(browser, make.membership(role, place).account)
    assert words in page.text
    assert "V-" not in page.text


def test_somebody_without_a_role_reads_whom_to_ask(browser: Browser) -> None:
    page = start(browser, make.account(name="Zonder Rol"))
    assert "Je account heeft nog geen rol" in page.text


def test_a_name_is_shown_as_it_is_written(browser: Browser, world: World) -> None:
    world.coordinator_account.name = "<b>Hilde</b> 100%"
    db.session.commit()
    page = start(browser, world.coordinator_account)
    assert page.heading == "Dag <b>Hilde</b>"


@pytest.mark.parametrize("who", ["coordinator_account", "referrer_account", "staff"])
def test_the_cost_of_a_start_page_does_not_depend_on_what_waits(
    browser: Browser, world: World, who: str
) -> None:
    account = make.administrator().account if who == "staff" else getattr(world, who)
    statuses = (Status.SUBMITTED, Status.INTAKE_PLANNED, Status.WAITING, Status.MATCHED)

    def one_of_each() -> None:
        for status in (*statuses, Status.RUNNING, Status.DECLINED):
            moved_to(submitted(world.branch, world.referrer), status, world.coordinator)
        submitted(world.branch, world.referrer, nis="11002", postcode="2000")

    one_of_each()
    signed_in = Browser(browser.app).sign_in(account)
    signed_in.get("home.start")
    with count_queries() as few:
        signed_in.get("home.start")
    for _ in range(3):
        one_of_each()
    make.branch(["24062"])
    with count_queries() as many:
        assert signed_in.get("home.start").status == 200
    assert len(many) == len(few) <= 11
