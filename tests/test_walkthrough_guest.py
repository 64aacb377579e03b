"""A midwife without account refers a family, follows it, and later makes an account."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.audit import AuditEvent
from portal.core.db import db
from portal.directory.models import Organisation
from portal.directory.reference import load_reference
from portal.referrals import follow
from portal.referrals.models import Draft, Referral
from tests import make
from tests.accounts.make_guest import EMAIL, filled, mails_to, press
from tests.browser import Browser
from tests.referrals import typed
from tests.referrals.conftest import World, build_world


@pytest.fixture
def world(session: Session) -> World:
    load_reference(session)
    session.commit()
    return build_world()


def test_a_midwife_without_account_refers_and_later_makes_an_account(
    browser: Browser, world: World
) -> None:
    # She begins on the public page and confirms her address by the link in the mail.
    page = browser.open("/verwijzen-zonder-account")
    browser.submit(page, "accounts.guest_start", filled())
    browser.follow(press(browser, mails_to(EMAIL)[-1]["button_url"]))

    # The very same form, with her details known; the receipt carries her name and practice.
    sent = browser.follow(typed.send(browser, typed.up_to_check(browser)))
    [referral] = db.session.scalars(select(Referral))
    assert sent.heading == "Je verwijzing is verstuurd"
    assert referral.account_id is None
    assert referral.organisation_id is None
    assert referral.referrer_kind == "vroedvrouw"
    receipt = browser.get("referrals.receipt", reference=referral.reference)
    assert receipt.body.startswith(b"%PDF")
    half_done = typed.begin(browser)

    # The coordinator sees who referred, and that she has no account.
    coordinator = Browser(browser.app).sign_in(world.coordinator_account)
    listed = coordinator.get("referrals.index")
    assert "Vroedvrouwenpraktijk De Wieg" in listed.text
    seen = coordinator.get("referrals.show", reference=referral.reference)
    assert "Lien De Pauw" in seen.text
    assert "Zonder account" in seen.text

    # The intake is done; she hears of it and comes back by the private link in the mail.
    follow.accept(world.coordinator, referral, clock.today())
    db.session.commit()
    mail = mails_to(EMAIL)[-1]
    assert mail["subject"] == f"Verwijzing {referral.reference}: intake gebeurd"
    elsewhere = Browser(browser.app)
    shown = elsewhere.follow(press(elsewhere, mail["button_url"]))
    assert "Wacht op een match" in shown.text
    assert "Hilde Claes" in shown.text, "who opened it"

    # She asks for an account; an administrator adds her practice and invites her.
    page = elsewhere.get("accounts.guest_account")
    answer = elsewhere.submit(page, "accounts.guest_account", {})
    assert "Je vraag is doorgegeven" in elsewhere.follow(answer).text
    staff = Browser(browser.app).sign_in(make.administrator().account)
    assert "Lien De Pauw" in staff.get("accounts.guest_requests").text
    assert referral.guest_id is not None
    request = {"guest_id": referral.guest_id}
    page = staff.get("accounts.guest_request", **request)
    assert page.value("new_name") == "Vroedvrouwenpraktijk De Wieg"
    new = {"where": "new", "new_name": page.value("new_name"), "new_kind": "vroedvrouw"}
    assert staff.submit(page, "accounts.guest_request", new, **request).status == 303
    assert "Uitgenodigd" in staff.get("accounts.guest_requests").text

    # She takes it up: her referral and her draft are now the account's, and the practice's.
    invitation = mails_to(EMAIL)[-1]["button_url"]
    page = browser.open(invitation)
    passwords = dict.fromkeys(("password", "password_confirm"), "vier losse woorden samen")
    data = {**page.hidden(), "name": "Lien De Pauw", **passwords}
    home = browser.follow(browser.post_to(invitation, data))
    assert "Er wacht 1 ontwerp op je" in home.text
    assert referral.reference in home.text
    practice = db.session.scalars(
        select(Organisation).where(Organisation.name == "Vroedvrouwenpraktijk De Wieg")
    ).one()
    db.session.expire_all()
    assert (referral.guest_id, referral.organisation_id) == (None, practice.id)
    [draft] = db.session.scalars(select(Draft))
    assert (draft.id, draft.organisation_id) == (half_done, practice.id)
    assert browser.get("referrals.step", draft_id=half_done, name="gezin").status == 200
    moved = select(AuditEvent.object_id).where(AuditEvent.action == "referral:join_account")
    assert db.session.scalars(moved).all() == [str(referral.id)]

    # The old private link opens nothing any more, and the next mail leads to the portal itself.
    assert Browser(browser.app).open(mail["button_url"]).status == 404
    follow.decline(world.coordinator, referral, "other_offer")
    db.session.commit()
    assert mails_to(EMAIL)[-1]["button_url"] == f"/verwijzingen/{referral.reference}"
    assert "Niet aanvaard" in browser.get("referrals.show", reference=referral.reference).text
    assert coordinator.get("referrals.show", reference=referral.reference).status == 200
