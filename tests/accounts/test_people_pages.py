"""The pages with which administrators let people in and out."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from portal.core.db import db
from portal.core.permissions import Role
from tests import make
from tests.accounts.conftest import is_signed_in
from tests.browser import Browser

Mails = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def staff(browser: Browser) -> Browser:
    return browser.sign_in(make.administrator().account)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_see_people(browser: Browser, role: Role) -> None:
    who = make.account()
    browser.sign_in(make.membership(role).account)
    for endpoint in ("accounts.people", "accounts.invite", "accounts.invitations"):
        assert browser.get(endpoint).status == 403
    assert browser.get("accounts.person", account_id=who.id).status == 403
    assert browser.post("accounts.disable", account_id=who.id).status == 403
    assert who.active


def test_people_are_found_by_name_address_role_and_place(staff: Browser) -> None:
    branch = make.branch(name="Home-Start Gent")
    caw = make.organisation("caw", "CAW Oost-Vlaanderen")
    make.referrer(caw, who=make.account("els@werk.example", "Éls Peeters"))
    make.coordinator(branch, who=make.account("hilde@werk.example", "Hilde Claes"))
    make.account("weg@werk.example", "Wim Weg", active=False)

    def found(**values: Any) -> list[str]:
        page = staff.get("accounts.people", **values)
        return [name for name in ("Éls", "Hilde", "Wim") if name in page.text]

    assert found() == ["Éls", "Hilde", "Wim"]
    assert found(q="peeters els") == ["Éls"]
    assert found(q="HILDE@werk") == ["Hilde"]
    assert found(rol="coordinator") == ["Hilde"]
    assert found(organisatie="caw") == ["Éls"]
    assert found(afdeling=branch.id) == ["Hilde"]
    assert found(staat="uitgeschakeld") == ["Wim"]
    assert found(q="100%") == []


def test_the_list_costs_the_same_however_long(staff: Browser) -> None:
    def queries() -> int:
        seen: list[str] = []
        engine = db.session.get_bind().engine
        note = lambda *args: seen.append(args[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", note)
        staff.get("accounts.people")
        event.remove(engine, "before_cursor_execute", note)
        return len([s for s in seen if s.startswith("SELECT")])

    make.referrer()
    few = queries()
    for _ in range(12):
        make.referrer()
    assert queries() == few
    assert few <= 6


def test_a_role_is_added_and_told(staff: Browser, mails_to: Mails) -> None:
    who = make.referrer().account
    make.organisation("vzw", "Vzw De Brug")
    page = staff.get("accounts.add_membership", account_id=who.id)
    typed = {"role": "signatory", "organisation": "de brug"}
    answer = staff.submit(page, "accounts.add_membership", typed, account_id=who.id)
    assert "De rol is toegevoegd" in staff.follow(answer).text
    assert (
        "ondertekenaar voor een partner bij Vzw De Brug" in mails_to(who.email)[0]["paragraphs"][0]
    )


def test_a_role_that_is_held_already_is_refused_on_its_field(staff: Browser) -> None:
    held = make.administrator()
    page = staff.get("accounts.add_membership", account_id=held.account_id)
    typed = {"role": "administrator"}
    answer = staff.submit(page, "accounts.add_membership", typed, account_id=held.account_id)
    assert answer.errors == ["Rol: Deze persoon heeft die rol al."]


def test_a_role_is_ended_from_the_page_of_the_person(staff: Browser) -> None:
    held = make.coordinator()
    ids: dict[str, Any] = {"account_id": held.account_id, "membership_id": held.id}
    assert "Beëindigen" in staff.get("accounts.person", account_id=held.account_id).text
    staff.post("accounts.end_membership", **ids)
    assert held.ended_at is not None
    assert "Beëindigen" not in staff.get("accounts.person", account_id=held.account_id).text


def test_a_role_cannot_be_ended_on_the_page_of_somebody_else(staff: Browser) -> None:
    held, other = make.coordinator(), make.account()
    answer = staff.post("accounts.end_membership", account_id=other.id, membership_id=held.id)
    assert answer.status == 404
    assert held.active


def test_an_account_is_stopped_and_resumed(staff: Browser) -> None:
    who = make.referrer().account
    theirs = Browser(staff.app).sign_in(who)
    answer = staff.post("accounts.disable", account_id=who.id)
    assert "overal uitgelogd" in staff.follow(answer).text
    assert not is_signed_in(theirs)
    page = theirs.get("security.login")
    typed = {"email": who.email, "password": make.PASSWORD}
    assert theirs.submit(page, "security.login", typed).status == 200
    staff.post("accounts.enable", account_id=who.id)
    assert is_signed_in(theirs.sign_in(who))


def test_a_stolen_laptop_is_signed_out(staff: Browser) -> None:
    who = make.referrer().account
    theirs = Browser(staff.app).sign_in(who)
    staff.post("accounts.end_sessions", account_id=who.id)
    assert not is_signed_in(theirs)
    assert who.active


def test_an_administrator_cannot_lock_himself_out(browser: Browser) -> None:
    administrator = make.administrator()
    browser.sign_in(administrator.account)
    page = browser.get("accounts.person", account_id=administrator.account_id)
    assert "Account uitschakelen" not in page.text
    answer = browser.post("accounts.disable", account_id=administrator.account_id)
    assert "Je kunt je eigen account niet uitschakelen." in browser.follow(answer).text
    ids: dict[str, Any] = {
        "account_id": administrator.account_id,
        "membership_id": administrator.id,
    }
    assert (
        "niet zelf beëindigen"
        in browser.follow(browser.post("accounts.end_membership", **ids)).text
    )
    assert is_signed_in(browser)


def test_nobody_is_a_page_not_found(staff: Browser) -> None:
    assert staff.get("accounts.person", account_id=1).status == 404
    assert staff.post("accounts.disable", account_id=1).status == 404
    assert staff.post("accounts.revoke_invitation", invitation_id=1).status == 404


def test_an_organisation_shows_who_works_there(staff: Browser, session: Session) -> None:
    held = make.referrer(function="maatschappelijk werker")
    page = staff.get("directory.organisation", organisation_id=held.organisation_id)
    assert f"{held.account.name}, verwijzer (maatschappelijk werker)" in page.text
    assert f"/mensen/{held.account_id}" in page.links()
    coordinator = make.coordinator(who=make.account(name="Hilde Claes"))
    assert coordinator.branch is not None
    assert "Hilde Claes" in staff.get("directory.branch", slug=coordinator.branch.slug).text
