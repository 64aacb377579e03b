"""An enquiry: asked without an account, confirmed by link, answered, and opened as a draft."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.agreements import enquiries
from portal.agreements.models import Agreement, Enquiry, EnquiryStatus
from portal.core.outbox import OutboxMessage
from portal.directory.models import Organisation
from portal.directory.reference import load_reference
from tests import make
from tests.agreements import make_agreement
from tests.browser import Browser, Page

SCENARIO = {
    "nis": ["44021", "44088"],
    "start": "2027-09",
    "vte": "0,5",
    "gezinnen": "25",
    "verdeling": "inwoners",
    "diensten": ["1", "4"],
}
FILLED = {
    "name": "An De Smet",
    "function": "Schepen van welzijn",
    "email": "An.DeSmet@merelbeke.example",
    "organisation": "gemeente merelbeke-melle",
    "municipalities": "Gent, Merelbeke-Melle",
    "formula": "B",
    "support": "carried",
    "support_text": "Unaniem in het college.",
    "budget": "sought",
    "initiatives": "Er is een Huis van het Kind.",
    "remarks": "Wanneer kunnen we starten? <b>Snel</b> & graag.",
}


@pytest.fixture
def managers(session: Session) -> Account:
    load_reference(session)
    make_agreement.load_offer()
    return make_agreement.manager("Ann Claes").account


def _ask(browser: Browser, scenario: bool = True, **changes: Any) -> Page:
    page = browser.get("agreements.ask", **(SCENARIO if scenario else {}), pakket="B")
    return browser.submit(page, "agreements.ask", {**FILLED, **changes})


def _mails(session: Session) -> list[dict[str, Any]]:
    rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    return [row.payload for row in rows]


def _link(session: Session) -> str:
    return _mails(session)[-1]["button_url"]


def _confirmed(browser: Browser, session: Session, **changes: Any) -> Enquiry:
    assert _ask(browser, **changes).status == 302
    page = browser.open(_link(session))
    answer = browser.post_to(_link(session), page.hidden())
    assert answer.location.endswith("/samenwerken/aanvraag/ontvangen")
    return session.scalars(select(Enquiry).order_by(Enquiry.id.desc())).first()  # type: ignore[return-value]


def test_nothing_reaches_hsv_before_the_address_is_confirmed(
    browser: Browser, session: Session, managers: Account
) -> None:
    answer = _ask(browser)
    assert answer.location.endswith("/samenwerken/aanvraag/verstuurd")
    (mail,) = _mails(session)
    assert mail["to"] == "an.desmet@merelbeke.example"
    found = session.scalars(select(Enquiry)).one()
    assert found.status == EnquiryStatus.UNCONFIRMED
    assert _link(session).rsplit("/", 1)[-1].encode() not in (found.token_hash or b"")
    staff = Browser(browser.app).sign_in(managers)
    assert "Nog geen aanvragen" in staff.get("agreements.enquiries").text
    assert staff.get("agreements.enquiry", reference=found.reference).status == 404


def test_opening_the_link_changes_nothing_and_the_button_works_once(
    browser: Browser, session: Session, managers: Account
) -> None:
    _ask(browser)
    link = _link(session)
    page = browser.open(link)
    assert "voor Gemeente Merelbeke-Melle" in page.text
    assert session.scalars(select(Enquiry)).one().status == EnquiryStatus.UNCONFIRMED
    received = browser.follow(browser.post_to(link, page.hidden()))
    found = session.scalars(select(Enquiry)).one()
    assert found.status == EnquiryStatus.RECEIVED
    assert found.reference in received.text
    subjects = [(m["to"], m["subject"]) for m in _mails(session)[1:]]
    assert subjects == [
        ("an.desmet@merelbeke.example", f"We hebben je aanvraag {found.reference} ontvangen"),
        (managers.email, f"Nieuwe aanvraag {found.reference}: Gent, Merelbeke-Melle"),
    ]
    assert "Deze link werkt niet meer" in browser.post_to(link, page.hidden()).text
    assert "Deze link werkt niet meer" in browser.open(link).text
    assert len(_mails(session)) == 3


def test_an_expired_link_is_refused(
    browser: Browser, session: Session, managers: Account, clock: Any
) -> None:
    _ask(browser)
    link, page = _link(session), browser.open(_link(session))
    clock.shift(timedelta(days=3, seconds=1))
    assert "Deze link werkt niet meer" in browser.post_to(link, page.hidden()).text
    assert session.scalars(select(Enquiry)).one().status == EnquiryStatus.UNCONFIRMED


def test_the_scenario_is_frozen_with_the_prices_as_they_were_shown(
    browser: Browser, session: Session, managers: Account
) -> None:
    found = _confirmed(browser, session)
    staff = Browser(browser.app).sign_in(managers)
    page = staff.get("agreements.enquiry", reference=found.reference)
    for words in (
        "Schepen van welzijn",
        "september 2027",
        "0,5 VTE, 25 gezinnen tegelijk",
        "Met de prijzen van “Aanbod 2026” (uitgave 1)",
        "Unaniem in het college.",
        "<b>Snel</b> & graag.",
    ):
        assert words in page.text
    assert found.scenario is not None
    assert [q["formula"] for q in found.scenario["quotes"]] == ["A", "B", "C"]


def test_a_question_without_scenario_is_welcome_too(
    browser: Browser, session: Session, managers: Account
) -> None:
    found = _confirmed(browser, session, scenario=False, formula="")
    assert found.scenario is None
    staff = Browser(browser.app).sign_in(managers)
    assert "Weet men nog niet" in staff.get("agreements.enquiry", reference=found.reference).text


def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    browser: Browser, session: Session, managers: Account
) -> None:
    answer = _ask(
        browser,
        name="",
        email="geen adres",
        organisation="Vzw De Brug",
        municipalities="Gent, Atlantis",
        support="",
        remarks="Rijksregisternummer 85.07.30-033.28",
    )
    assert len(answer.errors) == 6
    assert any("Atlantis: Kies een gemeente" in e for e in answer.errors)
    assert any(e.startswith("Wat voor organisatie is dat?") for e in answer.errors)
    assert answer.value("municipalities") == "Gent, Atlantis"
    assert answer.value("support_text") == "Unaniem in het college."
    assert _mails(session) == []


def test_a_program_that_fills_in_everything_is_thanked_and_ignored(
    browser: Browser, session: Session, managers: Account
) -> None:
    answer = _ask(browser, website="https://spam.example")
    assert answer.location.endswith("/samenwerken/aanvraag/verstuurd")
    assert session.scalar(select(func.count(Enquiry.id))) == 0


def test_a_double_click_asks_once(browser: Browser, session: Session, managers: Account) -> None:
    page = browser.get("agreements.ask", **SCENARIO)
    for _time in range(2):
        assert browser.submit(page, "agreements.ask", FILLED).status == 302
    assert session.scalar(select(func.count(Enquiry.id))) == 1
    assert len(_mails(session)) == 1


def test_one_address_cannot_be_flooded_with_mail(
    browser: Browser, session: Session, managers: Account
) -> None:
    for _time in range(enquiries.MOST_A_DAY):
        assert _ask(browser).status == 302
    assert "Kijk in je mailbox" in _ask(browser).text
    assert len(_mails(session)) == enquiries.MOST_A_DAY


def test_public_input_changes_no_person_and_no_organisation(
    browser: Browser, session: Session, managers: Account
) -> None:
    def known() -> tuple[Any, ...]:
        organisations = session.execute(select(Organisation.id, Organisation.version)).all()
        accounts = session.execute(select(Account.id, Account.name, Account.email)).all()
        return sorted(organisations), sorted(accounts)

    before = known()
    _confirmed(browser, session, name="Iemand Anders", email=managers.email)
    assert known() == before


def test_an_answer_is_mailed_and_kept(
    browser: Browser, session: Session, managers: Account
) -> None:
    found = _confirmed(browser, session)
    staff = Browser(browser.app).sign_in(managers)
    page = staff.get("agreements.answer_enquiry", reference=found.reference)
    answer = staff.submit(
        page,
        "agreements.answer_enquiry",
        {"text": "We bellen je {morgen}, met 100 % zekerheid."},
        reference=found.reference,
    )
    shown = staff.follow(answer)
    assert "We bellen je {morgen}, met 100 % zekerheid." in shown.text
    assert "Beantwoord" in shown.text
    mail = _mails(session)[-1]
    assert mail["to"] == "an.desmet@merelbeke.example"
    assert mail["paragraphs"][1] == "We bellen je {morgen}, met 100 % zekerheid."


def test_what_waits_for_an_answer_stands_on_the_start_page_until_it_is_answered(
    browser: Browser, session: Session, managers: Account
) -> None:
    found = _confirmed(browser, session)
    staff = Browser(browser.app).sign_in(managers)
    assert f"{found.reference} Gemeente Merelbeke-Melle" in staff.get("home.start").text
    enquiries.answer(make.actor(managers), found, "Graag!", found.version)
    session.commit()
    assert found.reference not in staff.get("home.start").text


def test_of_two_managers_answering_at_once_the_second_sees_what_the_first_did(
    browser: Browser, session: Session, managers: Account
) -> None:
    found = _confirmed(browser, session)
    first = Browser(browser.app).sign_in(managers)
    second = Browser(browser.app).sign_in(make_agreement.manager("Lies Baert").account)
    pages = [
        b.get("agreements.decline_enquiry", reference=found.reference) for b in (first, second)
    ]
    reason = {"reason": "Er is al een werking in opstart."}
    for one, page, status in ((first, pages[0], 302), (second, pages[1], 409)):
        answer = one.submit(page, "agreements.decline_enquiry", reason, reference=found.reference)
        assert answer.status == status
    assert "Ann Claes" in answer.text
    session.refresh(found)
    assert found.status == EnquiryStatus.DECLINED


def test_a_draft_is_opened_with_the_parties_the_budget_and_the_shares_of_the_scenario(
    browser: Browser, session: Session, managers: Account
) -> None:
    make.home_start()
    found = _confirmed(browser, session)
    staff = Browser(browser.app).sign_in(managers)
    page = staff.get("agreements.open_enquiry", reference=found.reference)
    names = ("Gemeente Merelbeke-Melle", "Stad Gent", "OCMW Gent")
    assert all(name in page.text for name in names)
    chosen = session.scalars(
        select(Organisation.id).where(Organisation.name.in_(names[:2])).order_by(Organisation.name)
    ).all()
    answer = staff.submit(
        page,
        "agreements.open_enquiry",
        {"formula": "B", "partners": [*map(str, chosen)], "starts_on": "2027-09-01", "years": "3"},
        reference=found.reference,
    )
    assert answer.status == 302, answer.errors
    agreement = session.scalars(select(Agreement)).one()
    assert agreement.reference in answer.location
    terms = agreement.terms
    assert {p.name for p in terms.partners} == set(names[:2])
    assert {place.name for place in terms.area} == {"Gent", "Merelbeke-Melle"}
    assert terms.families == 25
    assert {p.share.kind for p in terms.partners} == {"inhabitants"}
    assert agreement.enquiry_id == found.id
    shown = staff.get("agreements.enquiry", reference=found.reference)
    assert agreement.reference in shown.text
    assert "Ontwerp geopend" in shown.text
    assert _mails(session)[-1]["subject"].startswith("We werken aan een ontwerp")


def test_partners_and_others_at_hsv_do_not_see_enquiries(
    browser: Browser, session: Session, managers: Account
) -> None:
    found = _confirmed(browser, session)
    for role in ("negotiator", "finance_officer", "administrator", "coordinator", "dpo"):
        other = Browser(browser.app).sign_in(make.membership(role).account)
        assert other.get("agreements.enquiries").status == 403
        assert other.get("agreements.enquiry", reference=found.reference).status == 403


def test_the_list_finds_by_name_reference_and_municipality_and_exports_plain_text(
    browser: Browser, session: Session, managers: Account
) -> None:
    found = _confirmed(browser, session, organisation="=SOM(1)", kind="vzw")
    staff = Browser(browser.app).sign_in(managers)
    for query in ("q=SOM", f"q={found.reference.lower()}", "gemeente=Melle", "staat=received"):
        assert found.reference in staff.open(f"/aanvragen?{query}").text, query
    for query in ("q=OCMW", "q=100%25", "gemeente=Aalst", "staat=declined"):
        assert "Geen aanvraag gevonden" in staff.open(f"/aanvragen?{query}").text, query
    assert "'=SOM(1)" in staff.open("/aanvragen?formaat=csv").text


def test_what_was_never_confirmed_or_came_to_nothing_is_forgotten(
    browser: Browser, session: Session, managers: Account, clock: Any
) -> None:
    kept = _confirmed(browser, session)
    _ask(browser)
    clock.shift(timedelta(days=8))
    assert enquiries.forget_old() == 1
    enquiries.decline(make.actor(managers), kept, "Nee", kept.version)
    session.commit()
    clock.shift(timedelta(days=364))
    assert enquiries.forget_old() == 0
    clock.shift(timedelta(days=2))
    assert enquiries.forget_old() == 1
    session.expire_all()
    assert session.scalar(select(func.count(Enquiry.id))) == 0
