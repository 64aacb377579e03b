"""What one is where, and what follows from it at once."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import memberships, service
from portal.accounts.models import Membership
from portal.core.audit import AuditEvent
from portal.core.errors import DomainError, NotFoundError
from portal.core.permissions import Role
from tests import make
from tests.browser import Browser

pytestmark = pytest.mark.usefixtures("session")


def test_switching_role_changes_what_one_may_at_once(browser: Browser, session: Session) -> None:
    who = make.account()
    referrer = make.referrer(who=who)
    administrator = make.administrator(who=who)
    browser.sign_in(who)
    assert browser.get("accounts.people").status == 403
    answer = browser.post("accounts.choose_membership", {"membership": administrator.id})
    assert "Je werkt nu voor Home-Start Vlaanderen." in browser.follow(answer).text
    assert browser.get("accounts.people").status == 200
    browser.post("accounts.choose_membership", {"membership": referrer.id})
    assert browser.get("accounts.people").status == 403
    switches = select(AuditEvent.object_id).where(AuditEvent.action == "session:switch")
    assert session.scalars(switches).all() == [str(administrator.id), str(referrer.id)]


def test_a_switch_holds_for_this_browser_only(browser: Browser) -> None:
    who = make.account()
    make.referrer(who=who)
    administrator = make.administrator(who=who)
    elsewhere = Browser(browser.app).sign_in(who)
    browser.sign_in(who)
    browser.post("accounts.choose_membership", {"membership": administrator.id})
    assert elsewhere.get("accounts.people").status == 403


def test_nobody_takes_the_role_of_somebody_else(browser: Browser) -> None:
    administrator = make.administrator()
    browser.sign_in(make.referrer().account)
    page = browser.post("accounts.choose_membership", {"membership": administrator.id})
    assert page.errors == ["Als wie wil je werken? Kies een van de mogelijkheden."]
    assert browser.get("accounts.people").status == 403


def test_an_ended_role_loses_access_at_once(browser: Browser, session: Session) -> None:
    administrator = make.administrator()
    browser.sign_in(administrator.account)
    assert browser.get("accounts.people").status == 200
    memberships.end_membership(administrator, make.actor(make.administrator()))
    session.commit()
    assert browser.get("accounts.people").status == 403
    page = browser.get("accounts.choose_membership")
    assert "Je hebt op dit moment geen rol" in page.text
    assert (
        browser.post("accounts.choose_membership", {"membership": administrator.id}).status == 200
    )
    assert browser.get("accounts.people").status == 403


def test_a_stopped_organisation_gives_no_access(browser: Browser, session: Session) -> None:
    referrer = make.referrer()
    browser.sign_in(referrer.account)
    assert browser.get("accounts.organisation_sharing").status == 200
    assert referrer.organisation is not None
    referrer.organisation.active = False
    session.commit()
    assert browser.get("accounts.organisation_sharing").status == 403
    assert service.active_memberships(referrer.account_id) == []


def test_somebody_without_any_role_reaches_only_the_own_account(browser: Browser) -> None:
    browser.sign_in(make.account())
    assert browser.get("accounts.profile").status == 200
    assert browser.get("accounts.organisation_sharing").status == 403


def test_a_role_is_held_once(session: Session) -> None:
    held = make.referrer()
    with pytest.raises(DomainError):
        service.add_membership(held.account, Role.REFERRER, held.organisation)
    memberships.end_membership(held, make.actor(make.administrator()))
    service.add_membership(held.account, Role.REFERRER, held.organisation)


def test_the_role_in_use_cannot_be_ended_by_oneself() -> None:
    administrator = make.administrator()
    with pytest.raises(DomainError):
        memberships.end_membership(administrator, make.actor(administrator))


def test_mails_reach_who_holds_the_role_now() -> None:
    branch, organisation = make.branch(), make.organisation()
    first = make.coordinator(branch, who=make.account(name="Hilde Claes", locale="en"))
    gone = make.coordinator(branch)
    stopped = make.coordinator(branch)
    make.coordinator()
    referrer = make.referrer(organisation)
    make.membership(Role.SIGNATORY, organisation, referrer.account)
    memberships.end_membership(gone, make.actor(make.administrator()))
    stopped.account.active = False
    assert service.members_of_branch(branch.id) == [
        service.Recipient(first.account.id, "Hilde Claes", first.account.email, "en")
    ]
    everybody = service.members_of_organisation(organisation.id)
    assert [r.account_id for r in everybody] == [referrer.account_id], "once, with two roles"
    assert service.members_of_organisation(organisation.id, Role.NEGOTIATOR) == []


def test_names_are_found_by_id_in_one_go() -> None:
    one, two = make.account(name="Els"), make.account(name="Hilde")
    found = service.accounts_by_id([one.id, two.id, 1])
    assert {key: person.name for key, person in found.items()} == {one.id: "Els", two.id: "Hilde"}
    assert service.accounts_by_id([]) == {}
    with pytest.raises(NotFoundError):
        service.recipient(1)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_belongs_in_one_organisation_or_one_branch(role: Role) -> None:
    held = make.membership(role)
    assert (held.organisation_id is None) != (held.branch_id is None)
    assert service.role_label(role)


def test_an_organisation_stops_sharing_referrals_among_colleagues(
    browser: Browser, session: Session
) -> None:
    referrer = make.referrer()
    organisation = referrer.organisation
    assert organisation is not None
    browser.sign_in(referrer.account)
    assert browser.get("accounts.organisation_sharing").value("shared") == "ja"
    browser.post("accounts.organisation_sharing", {"shared": "nee"})
    assert organisation.colleagues_see_referrals is False
    assert browser.get("accounts.organisation_sharing").value("shared") == "nee"
    browser.post("accounts.organisation_sharing", {"shared": "ja"})
    rows = session.scalars(select(AuditEvent).where(AuditEvent.object_type == "organisation"))
    assert [(r.action, r.account_id) for r in rows] == [
        ("organisation:stop_sharing", referrer.account_id),
        ("organisation:share", referrer.account_id),
    ]


@pytest.mark.parametrize("role", [Role.SIGNATORY, Role.COORDINATOR, Role.ADMINISTRATOR])
def test_only_referrers_decide_on_sharing(browser: Browser, role: Role) -> None:
    browser.sign_in(make.membership(role).account)
    assert browser.get("accounts.organisation_sharing").status == 403


def test_the_profile_keeps_name_and_language(browser: Browser, session: Session) -> None:
    who = make.referrer().account
    browser.sign_in(who)
    browser.post("accounts.profile", {"name": "  Els   Peeters-Maes ", "locale": "en"})
    assert (who.name, who.locale) == ("Els Peeters-Maes", "en")
    assert browser.get("accounts.profile").tree is not None
    events = session.scalars(select(AuditEvent).where(AuditEvent.action == "account:update"))
    assert [event.fields for event in events] == [["locale", "name"]]


def test_a_role_shows_since_when(browser: Browser, clock: Any) -> None:
    membership: Membership = make.referrer()
    clock.shift(timedelta(days=1))
    browser.sign_in(make.administrator().account)
    page = browser.get("accounts.person", account_id=membership.account_id)
    assert membership.place_name in page.text
