"""Referring a family through the form, from the first question to the receipt."""

import pytest
from sqlalchemy import select

from portal.core.db import db
from portal.core.outbox import OutboxMessage
from portal.referrals.models import Draft, Referral, Status
from tests import make
from tests.browser import Browser
from tests.referrals import typed
from tests.referrals.conftest import World


def referrals() -> list[Referral]:
    return list(db.session.scalars(select(Referral)))


def test_a_midwife_refers_a_family_and_gets_a_reference(signed_in: Browser, world: World) -> None:
    start = signed_in.get("referrals.start")
    assert start.heading == "Een gezin verwijzen"
    assert "Ongeveer vijf minuten" in start.text
    answer = signed_in.submit(start, "referrals.start", typed.consent())
    page = signed_in.follow(answer)
    assert page.heading == "Het gezin"
    draft = typed.draft_id(answer)
    page = signed_in.follow(typed.save(signed_in, draft, "gezin", typed.family()))
    assert page.heading == "Vraag en krachten"
    page = signed_in.follow(typed.save(signed_in, draft, "vraag", typed.request()))
    assert page.heading == "Praktisch"
    page = signed_in.follow(typed.save(signed_in, draft, "praktisch", typed.practical()))
    assert page.heading == "Nakijken en versturen"
    assert "Versturen naar Home-Start Gent" in page.text

    sent = signed_in.follow(typed.send(signed_in, draft))

    [referral] = referrals()
    assert sent.heading == "Je verwijzing is verstuurd"
    assert referral.reference in sent.text
    assert "Home-Start Gent heeft je verwijzing ontvangen" in sent.text
    assert signed_in.path("referrals.receipt", reference=referral.reference) in sent.links()
    assert referral.status == Status.SUBMITTED
    assert (referral.branch_id, referral.postcode) == (world.branch.id, "9000")
    assert db.session.scalars(select(Draft)).all() == []


def test_everything_typed_is_in_the_referral(signed_in: Browser) -> None:
    typed.send(signed_in, typed.up_to_check(signed_in))

    [referral] = referrals()
    family, consent = referral.family, referral.consent
    assert family is not None
    assert consent is not None
    assert family.identity == {
        "first_name": "Nadia",
        "last_name": "Şahin",
        "phone": "0470 99 88 77",
        "email": "nadia@familie.example",
        "contact_mode": "may_call",
        "call_moment": "weekdagen voor 15 uur",
    }
    assert family.household["children"][0]["first_name"] == "Łukasz"
    assert family.household["children"][0]["born"].endswith("-03-01")
    assert family.household["language"] == "tr"
    assert family.situation["indicators"] == ["single_parent", "small_network"]
    assert family.situation["tasks"] == ["rest", "listening", "leisure"]
    assert family.situation["strengths"] == "Een warme band met haar zoontje."
    assert family.situation["function"] == "vroedvrouw"
    assert family.situation["referred_before"] == "unknown"
    assert family.health == ["mental"]
    assert family.practical["access"] == "tweede bel"
    assert (consent.given_by, consent.shares_health, consent.feedback) == (
        "mother",
        True,
        "outcome",
    )
    assert len(consent.secrecy_lines) == 5


def test_the_check_page_shows_what_was_typed_with_a_link_to_change_each(
    signed_in: Browser,
) -> None:
    draft = typed.up_to_check(signed_in)
    page = signed_in.get("referrals.check", draft_id=draft)

    for words in (
        "Nadia Şahin 0470 99 88 77 nadia@familie.example",
        "De coördinator mag het gezin bellen weekdagen voor 15 uur",
        "Łukasz, maart",
        "9000 Gent",
        "Turks",
        "Gezinslid met een psychische kwetsbaarheid",
        "Een luisterend oor",
        "Ik zou graag eens op adem komen.",
        "tweede bel",
    ):
        assert words in page.text
    family = signed_in.path("referrals.step", draft_id=draft, name="gezin")
    assert f"{family}#children" in page.links()
    assert f"{family}#first_name" in page.links()


def test_who_must_know_is_mailed_without_a_word_about_the_family(
    signed_in: Browser, world: World
) -> None:
    typed.send(signed_in, typed.up_to_check(signed_in))

    mails = {m.payload["to"]: m.payload for m in db.session.scalars(select(OutboxMessage))}
    assert set(mails) == {world.referrer.email, world.coordinator.email}
    [referral] = referrals()
    for mail in mails.values():
        assert referral.reference in mail["subject"]
        whole = str(mail)
        for secret in ("Nadia", "ahin", "0470", "adem", "Łukasz", "alleenstaand", "vroedvrouw"):
            assert secret not in whole


def test_going_back_to_one_step_leads_straight_to_the_check_page_again(
    signed_in: Browser,
) -> None:
    draft = typed.up_to_check(signed_in)
    answer = typed.save(signed_in, draft, "gezin", typed.family(first_name="Amina"))
    assert signed_in.follow(answer).heading == "Nakijken en versturen"
    assert "Amina Şahin" in signed_in.get("referrals.check", draft_id=draft).text


def test_function_and_phone_need_not_be_typed_twice(signed_in: Browser, world: World) -> None:
    start = signed_in.get("referrals.start")
    assert start.value("function") == "maatschappelijk werker"
    assert start.value("phone") == ""

    typed.begin(signed_in, function="gezinsbegeleider", phone="0499 11 22 33")

    again = signed_in.get("referrals.start")
    assert again.value("function") == "gezinsbegeleider"
    assert again.value("phone") == "0499 11 22 33"


def test_a_pregnancy_is_enough_without_children(signed_in: Browser) -> None:
    page = signed_in.get("referrals.step", draft_id=typed.begin(signed_in), name="gezin")
    month = [o.get("value") for o in page.find("option") if (o.get("value") or "").startswith("20")]
    no_child = {"children-0-first_name": "", "children-0-month": "", "children-0-year": ""}
    expecting = {"pregnant": "ja", "due": month[3], **no_child}
    draft = typed.up_to_check(signed_in, gezin=expecting)
    typed.send(signed_in, draft)

    [referral] = referrals()
    assert referral.family is not None
    assert referral.family.household["due"] == f"{month[3]}-01"
    assert referral.family.household["children"] == []


def test_health_is_not_asked_and_not_taken_without_the_familys_agreement(
    signed_in: Browser,
) -> None:
    draft = typed.begin(signed_in, shares_health="nee")
    typed.save(signed_in, draft, "gezin", typed.family())
    page = signed_in.get("referrals.step", draft_id=draft, name="vraag")
    assert "psychische kwetsbaarheid" not in page.text
    typed.save(signed_in, draft, "vraag", typed.request(health=["mental"]))
    typed.save(signed_in, draft, "praktisch", typed.practical())
    assert typed.send(signed_in, draft).status == 303

    [referral] = referrals()
    assert referral.family is not None
    assert referral.family.health == []


def test_health_that_was_ticked_is_dropped_when_the_agreement_is_taken_back(
    signed_in: Browser,
) -> None:
    draft = typed.up_to_check(signed_in)
    typed.save(signed_in, draft, "instemming", typed.consent(shares_health="nee"))
    assert "psychische" not in signed_in.get("referrals.check", draft_id=draft).text
    typed.send(signed_in, draft)

    [referral] = referrals()
    assert referral.family is not None
    assert referral.family.health == []


def test_a_family_that_wants_no_feedback_is_heeded(signed_in: Browser) -> None:
    quiet = {"feedback": "none", "wants_feedback": "ja"}
    sent = signed_in.follow(typed.send(signed_in, typed.up_to_check(signed_in, instemming=quiet)))
    [referral] = referrals()
    assert (referral.feedback, referral.referrer_hears) == ("none", True)
    assert "Jij krijgt een mail als de verwijzing afgehandeld is." in sent.text


@pytest.mark.parametrize(
    "answers", [{"feedback": "none"}, {"wants_feedback": "nee"}, {"feedback": "status"}]
)
def test_the_first_mail_promises_no_more_than_will_come(
    signed_in: Browser, world: World, answers: dict[str, str]
) -> None:
    typed.send(signed_in, typed.up_to_check(signed_in, instemming=answers))
    mails = {m.payload["to"]: str(m.payload) for m in db.session.scalars(select(OutboxMessage))}
    promised = "Je hoort van ons zodra er een beslissing is" in mails[world.referrer.email]
    assert promised == (answers == {"feedback": "status"})


def test_only_who_refers_may_open_the_form(browser: Browser, world: World) -> None:
    browser.sign_in(world.coordinator_account)
    for endpoint in ("referrals.start", "referrals.drafts", "referrals.consent_text"):
        assert browser.get(endpoint).status == 403


def test_the_page_of_a_sent_referral_is_its_senders(
    signed_in: Browser, world: World, app: object
) -> None:
    typed.send(signed_in, typed.up_to_check(signed_in))
    [referral] = referrals()
    colleague = make.referrer(world.organisation)
    stranger = make.referrer(make.organisation())
    for somebody in (colleague, stranger):
        other = Browser(signed_in.app).sign_in(somebody.account)
        assert other.get("referrals.sent", reference=referral.reference).status == 404
    assert signed_in.get("referrals.sent", reference="V-0000-0000").status == 404


def test_the_consent_text_can_be_printed_and_names_its_version(signed_in: Browser) -> None:
    page = signed_in.get("referrals.consent_text")
    assert page.heading == "Voor je akkoord gaat"
    for words in (
        "Wie is Home-Start?",
        "Alleen de coördinator",
        "Je kunt op elk moment stoppen",
        "Gegevensbeschermingsautoriteit",
        "Tekst van 2026-11",
    ):
        assert words in page.text
