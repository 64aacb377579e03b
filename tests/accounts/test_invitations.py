"""Inviting somebody, and accepting."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import invitations, memberships
from portal.accounts.models import Account, Invitation
from portal.core import outbox
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.outbox import OutboxMessage
from portal.core.permissions import Role
from portal.directory.models import Organisation
from tests import make
from tests.accounts.conftest import NEW_PASSWORD, at_the_same_time, is_signed_in
from tests.browser import Browser, Page

Mails = Callable[[str], list[dict[str, Any]]]
Link = Callable[[str], str]

NELE = "nele@werk.example"


def invite(browser: Browser, **values: Any) -> Page:
    page = browser.get("accounts.invite")
    typed = {"name": "Nele Nieuw", "email": NELE, "role": "referrer", **values}
    return browser.submit(page, "accounts.invite", typed)


def accept(browser: Browser, link: str, **values: str) -> Page:
    page = browser.open(link)
    assert page.status == 200, page.status
    typed = {"name": "Nele Nieuw", "password": NEW_PASSWORD, "password_confirm": NEW_PASSWORD}
    data = {**page.hidden(), **typed, **values}
    return Page(browser.send("POST", link, data=data))


@pytest.fixture
def organisation(session: Session) -> Organisation:
    return make.organisation("caw", "CAW Oost-Vlaanderen")


@pytest.fixture
def invited(organisation: Organisation, session: Session) -> Invitation:
    administrator = make.actor(make.administrator())
    made = invitations.invite(
        administrator, email=NELE, name="Nele", role=Role.REFERRER, organisation=organisation
    )
    session.commit()
    return made


def test_an_invitation_leads_from_a_mail_to_a_signed_in_account(
    browser: Browser, organisation: Organisation, link_to: Link, mails_to: Mails
) -> None:
    staff = Browser(browser.app).sign_in(make.administrator().account)
    answer = invite(staff, organisation="caw oost", function="maatschappelijk werker")
    assert answer.location == "/mensen/uitnodigingen"
    assert "Nele Nieuw" in staff.follow(answer).text
    (mail,) = mails_to(NELE)
    assert "verwijzer bij CAW Oost-Vlaanderen" in mail["paragraphs"][0]

    page = browser.open(link_to(NELE))
    assert "CAW Oost-Vlaanderen" in page.text
    assert "Verwijzer" in page.text
    answer = accept(browser, link_to(NELE), name="Nele Nieuwenhuis")
    assert answer.location == "/"
    profile = browser.get("accounts.profile")
    assert profile.value("name") == "Nele Nieuwenhuis"
    assert "CAW Oost-Vlaanderen: verwijzer (maatschappelijk werker)" in profile.text
    assert "Nele" not in staff.get("accounts.invitations").text


def test_the_link_in_the_mail_leads_to_the_portal(
    invited: Invitation, session: Session, app: Flask
) -> None:
    message = session.scalars(select(OutboxMessage)).one()
    outbox.deliver(message.id)
    (kept,) = app.config["MAIL_FOLDER"].glob(f"*{message.id}*")
    assert f"{app.config['BASE_URL']}/uitnodiging/" in kept.read_text()


def test_nothing_typed_is_lost_when_the_password_is_refused(
    browser: Browser, invited: Invitation, link_to: Link
) -> None:
    weak = {"password": "welkom123456", "password_confirm": "welkom123456"}
    page = accept(browser, link_to(NELE), name="Nele van Zee", **weak)
    assert "te makkelijk te raden" in page.errors[0]
    assert page.value("name") == "Nele van Zee"
    assert accept(browser, link_to(NELE)).location == "/", "the invitation is not spent"


def test_the_two_passwords_must_be_the_same(
    browser: Browser, invited: Invitation, link_to: Link
) -> None:
    page = accept(browser, link_to(NELE), password_confirm="iets anders dan dat")
    assert page.errors == ["Herhaal het wachtwoord: De twee wachtwoorden zijn niet dezelfde."]


def test_an_invitation_is_accepted_once(
    browser: Browser, invited: Invitation, link_to: Link
) -> None:
    link = link_to(NELE)
    accept(browser, link)
    page = Browser(browser.app).open(link)
    assert page.status == 404
    assert page.heading == "Deze uitnodiging werkt niet meer"


def test_an_invitation_lasts_seven_days(
    browser: Browser, clock: Any, session: Session, organisation: Organisation, link_to: Link
) -> None:
    actor = make.actor(make.administrator())
    invitations.invite(actor, email=NELE, name="N", role=Role.REFERRER, organisation=organisation)
    session.commit()
    clock.shift(timedelta(days=6, hours=23))
    assert browser.open(link_to(NELE)).status == 200
    clock.shift(timedelta(hours=2))
    assert browser.open(link_to(NELE)).status == 404
    with pytest.raises(DomainError):
        invitations.accept(link_to(NELE).rsplit("/")[-1], name="N", password=NEW_PASSWORD)


def test_sending_again_makes_the_first_link_void(
    browser: Browser, invited: Invitation, link_to: Link
) -> None:
    first = link_to(NELE)
    staff = Browser(browser.app).sign_in(make.administrator().account)
    staff.post("accounts.resend_invitation", invitation_id=invited.id)
    assert link_to(NELE) != first
    assert browser.open(first).status == 404
    assert accept(browser, link_to(NELE)).location == "/"


def test_a_revoked_invitation_works_no_more(
    browser: Browser, invited: Invitation, link_to: Link
) -> None:
    staff = Browser(browser.app).sign_in(make.administrator().account)
    staff.post("accounts.revoke_invitation", invitation_id=invited.id)
    assert browser.open(link_to(NELE)).status == 404
    assert "Nele" not in staff.get("accounts.invitations").text


def test_who_has_an_account_gets_the_role_and_keeps_the_password(
    browser: Browser, link_to: Link
) -> None:
    els = make.referrer().account
    staff = Browser(browser.app).sign_in(make.administrator().account)
    branch = make.branch(name="Home-Start Gent")
    invite(staff, email=els.email.upper(), role="coordinator", branch=branch.id)
    assert "Uitgenodigd, nog niet" in staff.get("accounts.person", account_id=els.id).text
    page = browser.open(link_to(els.email))
    assert "Je hebt al een account" in page.text
    assert not [e for e in page.find("input") if e.get("type") == "password"]
    answer = Page(browser.send("POST", link_to(els.email), data=page.hidden()))
    assert answer.location == "/inloggen", "a link alone signs nobody in to an account there is"
    assert not is_signed_in(browser)
    browser.sign_in(els)
    assert "Home-Start Gent" in browser.get("accounts.choose_membership").text


def test_the_role_is_there_at_once_for_who_is_signed_in(browser: Browser, link_to: Link) -> None:
    els = make.referrer().account
    staff = Browser(browser.app).sign_in(make.administrator().account)
    invite(staff, email=els.email, role="dpo")
    browser.sign_in(els)
    page = browser.open(link_to(els.email))
    answer = Page(browser.send("POST", link_to(els.email), data=page.hidden()))
    assert answer.location == "/account/rol"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"role": ""}, "Rol: Maak een keuze."),
        ({"email": "geen adres"}, "E-mailadres: Vul een e-mailadres in, zoals naam@voorbeeld.be."),
        ({"organisation": ""}, "Organisatie: Kies de organisatie."),
        (
            {"organisation": "bestaat niet"},
            "Organisatie: Er is geen actieve organisatie met deze naam of dit nummer. "
            "Voeg ze eerst toe.",
        ),
        ({"role": "coordinator"}, "Afdeling: Kies de afdeling van deze coördinator."),
        (
            {"organisation": "Home-Start Vlaanderen"},
            "Organisatie: Deze soort organisatie verwijst geen gezinnen.",
        ),
        (
            {"role": "signatory", "organisation": "Vroedvrouw An"},
            "Organisatie: Deze soort organisatie kan geen partner zijn.",
        ),
        (
            {"role": "dpo", "organisation": "CAW"},
            "Organisatie: Deze rol bestaat alleen bij Home-Start Vlaanderen zelf.",
        ),
    ],
)
def test_an_invitation_that_does_not_fit_says_why_and_keeps_what_was_typed(
    browser: Browser, organisation: Organisation, values: dict[str, str], message: str
) -> None:
    make.organisation("vroedvrouw", "Vroedvrouw An")
    browser.sign_in(make.administrator().account)
    page = invite(browser, **{"organisation": organisation.name, **values})
    assert page.errors == [message]
    assert page.value("name") == "Nele Nieuw"


def test_of_several_organisations_with_the_name_one_is_chosen(
    browser: Browser, mails_to: Mails
) -> None:
    schools = [make.organisation("school", "De Regenboog", city=c) for c in ("Aalst", "Gent")]
    browser.sign_in(make.administrator().account)
    page = invite(browser, organisation="regenboog")
    assert "Kies er een" in page.errors[0]
    assert "De Regenboog, Gent" in page.text
    invite(browser, organisation="regenboog", organisation_id=str(schools[1].id))
    assert mails_to(NELE)[0]["paragraphs"][0].endswith("als verwijzer bij De Regenboog.")
    stored = db.session.scalars(select(Invitation)).one()
    assert stored.organisation_id == schools[1].id


def test_an_organisation_that_was_not_offered_cannot_be_chosen(
    browser: Browser, organisation: Organisation
) -> None:
    hidden = make.organisation("caw", "Elders", active=False)
    browser.sign_in(make.administrator().account)
    page = invite(browser, organisation="CAW", organisation_id=str(hidden.id))
    assert page.status == 200
    assert db.session.scalars(select(Invitation)).all() == []


def test_the_same_invitation_is_not_sent_twice(
    browser: Browser, organisation: Organisation, mails_to: Mails
) -> None:
    browser.sign_in(make.administrator().account)
    invite(browser, organisation=organisation.name)
    page = invite(browser, organisation=organisation.name)
    assert "al uitgenodigd voor deze rol" in page.errors[0]
    assert len(mails_to(NELE)) == 1


def test_a_double_click_sends_one_invitation(
    browser: Browser, organisation: Organisation, mails_to: Mails
) -> None:
    browser.sign_in(make.administrator().account)
    page = browser.get("accounts.invite")
    typed = {"name": "N", "email": NELE, "role": "referrer", "organisation": organisation.name}
    answers = [browser.submit(page, "accounts.invite", typed) for _ in range(2)]
    assert [a.location for a in answers] == ["/mensen/uitnodigingen"] * 2
    assert len(mails_to(NELE)) == 1


def test_the_database_does_not_hold_the_link(
    invited: Invitation, link_to: Link, session: Session
) -> None:
    token = link_to(NELE).rsplit("/", 1)[1]
    row = session.execute(select(Invitation.__table__)).one()
    assert token not in repr(row)
    assert len(token) >= 43


def test_of_several_who_accept_together_one_wins(live_app: Flask) -> None:
    with live_app.app_context():
        actor, place = make.actor(make.administrator()), make.organisation()
        invitations.invite(actor, email=NELE, name="N", role=Role.REFERRER, organisation=place)
        db.session.commit()
        link = db.session.scalars(select(OutboxMessage)).one().payload["button_url"]
        browsers = [Browser(live_app) for _ in range(4)]
        ready = [browser.open(link).hidden() for browser in browsers]
        db.session.remove()

        def use(number: int) -> int:
            typed = {"password": NEW_PASSWORD, "password_confirm": NEW_PASSWORD}
            data = {**ready[number], **typed, "name": f"Nele {number}"}
            return browsers[number].send("POST", link, data=data).status_code

        answers = at_the_same_time([lambda n=n: use(n) for n in range(4)])
        assert sorted(answers) == [302, 404, 404, 404]
        made = db.session.scalars(select(Account).where(Account.email == NELE)).one()
        assert made.name == f"Nele {answers.index(302)}"
        assert len(memberships.active_memberships(made.id)) == 1


def test_old_invitations_are_forgotten(invited: Invitation, session: Session, clock: Any) -> None:
    clock.shift(timedelta(days=180))
    assert invitations.forget_old() == 0
    clock.shift(timedelta(days=8))
    assert invitations.forget_old() == 1
