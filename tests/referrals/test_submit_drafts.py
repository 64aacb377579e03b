"""A referral being written: kept at every step, found again, and its writer's alone."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts.models import Account
from portal.core.db import db
from portal.referrals import drafts
from portal.referrals.models import Draft, Referral
from tests import make
from tests.browser import Browser
from tests.referrals import typed
from tests.referrals.conftest import World

NATIONAL_NUMBER = "85.07.30-033.28"


def kept(draft_id: int) -> dict[str, Any]:
    draft = db.session.get(Draft, draft_id)
    assert draft is not None
    return draft.steps


def kept_by(draft_id: int) -> int:
    draft = db.session.get(Draft, draft_id)
    assert draft is not None
    assert draft.account_id is not None
    return draft.account_id


def test_what_is_wrong_is_kept_and_shown_with_its_error(signed_in: Browser) -> None:
    page = signed_in.get("referrals.start")
    answer = signed_in.submit(page, "referrals.start", typed.consent(phone="geen", relation=""))
    assert answer.status == 200
    assert "Je telefoonnummer: Vul een telefoonnummer in" in answer.errors[0]
    assert answer.value("phone") == "geen"
    assert answer.value("function") == "vroedvrouw"

    [draft] = db.session.scalars(select(Draft))
    again = signed_in.get("referrals.step", draft_id=draft.id, name="instemming")
    assert again.errors == []
    assert again.value("phone") == "geen"
    assert again.value("given_by") == "mother"


def test_the_corrected_first_step_goes_on_with_the_same_draft(signed_in: Browser) -> None:
    page = signed_in.get("referrals.start")
    wrong = signed_in.submit(page, "referrals.start", typed.consent(phone=""))
    [draft] = db.session.scalars(select(Draft))
    form = next(f for f in wrong.find("form") if "ontwerp" in f.get("action", ""))
    right = signed_in.post_to(form.get("action", ""), {**wrong.hidden(), **typed.consent()})
    assert typed.draft_id(right) == draft.id
    assert len(db.session.scalars(select(Draft)).all()) == 1


def test_sending_the_first_step_twice_makes_one_draft(signed_in: Browser) -> None:
    page = signed_in.get("referrals.start")
    first = signed_in.submit(page, "referrals.start", typed.consent())
    second = signed_in.submit(page, "referrals.start", typed.consent())
    assert typed.draft_id(first) == typed.draft_id(second)
    assert len(db.session.scalars(select(Draft)).all()) == 1


def test_stopping_halfway_keeps_everything_without_asking_for_the_rest(
    signed_in: Browser,
) -> None:
    draft = typed.begin(signed_in)
    half = {"municipality": "Gent", "first_name": "Nadia", "later": "1"}
    page = signed_in.follow(typed.save(signed_in, draft, "gezin", half))

    assert page.heading == "Mijn ontwerpen"
    assert "Bewaard. Je vindt je ontwerp hier terug." in page.text
    assert "Gezin van Nadia in Gent" in page.text
    assert "Je bent bij stap 2 van 5" in page.text
    step = signed_in.path("referrals.step", draft_id=draft, name="gezin")
    assert step in page.links()
    assert signed_in.open(step).value("first_name") == "Nadia"


def test_the_start_page_tells_of_drafts(signed_in: Browser) -> None:
    assert "Daaraan verder werken" not in signed_in.get("referrals.start").text
    typed.begin(signed_in)
    page = signed_in.get("referrals.start")
    assert "Je hebt nog een ontwerp." in page.text
    assert signed_in.path("referrals.drafts") in page.links()


def test_a_draft_is_deleted_after_a_question(signed_in: Browser) -> None:
    draft = typed.begin(signed_in)
    page = signed_in.get("referrals.discard_draft", draft_id=draft)
    assert page.heading == "Dit ontwerp verwijderen?"
    assert db.session.get(Draft, draft) is not None
    page = signed_in.follow(signed_in.submit(page, "referrals.discard_draft", {}, draft_id=draft))
    assert "Het ontwerp is verwijderd." in page.text
    assert db.session.get(Draft, draft) is None


def test_a_draft_of_somebody_else_looks_like_one_that_is_not_there(
    signed_in: Browser, world: World
) -> None:
    draft = typed.up_to_check(signed_in)
    colleague = Browser(signed_in.app).sign_in(make.referrer(world.organisation).account)
    pages = [
        ("referrals.step", {"name": "gezin"}),
        ("referrals.check", {}),
        ("referrals.discard_draft", {}),
    ]
    for endpoint, values in pages:
        foreign = colleague.get(endpoint, draft_id=draft, **values)
        absent = colleague.get(endpoint, draft_id=42, **values)
        assert (foreign.status, absent.status) == (404, 404)
        assert strip(foreign) == strip(absent)
        assert colleague.post(endpoint, {"version": "1"}, draft_id=draft, **values).status != 303
    assert db.session.get(Draft, draft) is not None
    assert colleague.get("referrals.drafts").text.count("Verdergaan") == 0


def strip(page: Any) -> str:
    """A page without what differs on every request."""
    words = page.text.split()
    return " ".join(word for word in words if not any(c.isdigit() for c in word))


def test_two_windows_do_not_overwrite_each_other_unasked(signed_in: Browser) -> None:
    draft = typed.begin(signed_in)
    typed.save(signed_in, draft, "gezin", typed.family())
    step = {"draft_id": draft, "name": "vraag"}
    one = signed_in.get("referrals.step", **step)
    two = signed_in.get("referrals.step", **step)
    signed_in.submit(one, "referrals.step", typed.request(question="Uit het eerste"), **step)

    page = signed_in.submit(two, "referrals.step", typed.request(question="Uit het tweede"), **step)

    assert page.status == 409
    assert page.heading == "Je werkt aan dit ontwerp in twee vensters"
    assert "Uit het tweede" in page.text
    assert kept(draft)["vraag"]["typed"]["question"] == ["Uit het eerste"]
    form = next(f for f in page.find("form") if f.get("action", "").endswith("/vraag"))
    fields = [(i.get("name", ""), i.get("value", "")) for i in form.iter() if i.get("name")]
    typed_again: dict[str, Any] = {}
    for name, value in fields:
        typed_again.setdefault(name, []).append(value)
    assert signed_in.post_to(form.get("action", ""), typed_again).status == 303
    assert kept(draft)["vraag"]["typed"]["question"] == ["Uit het tweede"]
    assert kept(draft)["vraag"]["typed"]["indicators"] == ["single_parent", "small_network"]


def test_a_check_page_that_is_out_of_date_sends_nothing(signed_in: Browser) -> None:
    draft = typed.up_to_check(signed_in)
    old = signed_in.get("referrals.check", draft_id=draft)
    typed.save(signed_in, draft, "gezin", typed.family(first_name="Amina"))
    page = signed_in.submit(old, "referrals.check", typed.lines(), draft_id=draft)
    assert page.status == 409
    assert db.session.scalars(select(Referral)).all() == []


def test_without_a_version_nothing_is_overwritten(signed_in: Browser) -> None:
    draft = typed.begin(signed_in)
    page = signed_in.post(
        "referrals.step", typed.consent(function="x"), draft_id=draft, name="instemming"
    )
    assert page.status == 409
    assert kept(draft)["instemming"]["typed"]["function"] == ["vroedvrouw"]


@pytest.mark.parametrize(
    ("step", "field"),
    [
        ("instemming", "function"),
        ("instemming", "phone"),
        ("gezin", "municipality"),
        ("gezin", "first_name"),
        ("gezin", "last_name"),
        ("gezin", "phone"),
        ("gezin", "call_moment"),
        ("gezin", "other_language"),
        ("gezin", "children-0-first_name"),
        ("vraag", "question"),
        ("vraag", "strengths"),
        ("praktisch", "access"),
    ],
)
def test_a_national_number_is_refused_shown_back_and_never_stored(
    signed_in: Browser, step: str, field: str
) -> None:
    draft = typed.up_to_check(signed_in)
    number = "01.02.03-001.41" if field == "phone" else f"Sanne {NATIONAL_NUMBER}"
    page = typed.save(signed_in, draft, step, {**typed.of(step), field: number})

    assert page.status == 200
    assert any("rijksregisternummer" in error for error in page.errors)
    assert page.value(field) == number
    assert kept(draft)[step]["typed"].get(field) in ([], None)
    assert not kept(draft)[step]["done"]
    assert typed.send(signed_in, draft).status == 200
    assert db.session.scalars(select(Referral)).all() == []


def test_stopping_halfway_says_that_a_national_number_was_not_kept(signed_in: Browser) -> None:
    draft = typed.begin(signed_in)
    half = {"municipality": "Gent", "first_name": NATIONAL_NUMBER, "later": "1"}
    page = signed_in.follow(typed.save(signed_in, draft, "gezin", half))
    assert "Een rijksregisternummer hebben we niet bewaard." in page.text
    assert NATIONAL_NUMBER not in page.text


def test_a_step_as_long_as_a_book_is_not_kept(signed_in: Browser) -> None:
    draft = typed.begin(signed_in)
    assert typed.save(signed_in, draft, "vraag", {"question": "x" * 150_000}).status == 413
    assert "vraag" not in kept(draft)


def test_only_fields_of_the_form_are_kept(signed_in: Browser) -> None:
    draft = typed.begin(signed_in)
    typed.save(signed_in, draft, "gezin", typed.family(street="Kerkstraat 1", once="x"))
    assert not {"street", "once", "csrf_token", "version"} & set(kept(draft)["gezin"]["typed"])


def test_drafts_nobody_touched_for_a_month_are_deleted(signed_in: Browser, clock: Any) -> None:
    old = typed.begin(signed_in)
    clock.shift(timedelta(days=20))
    signed_in.sign_in(db.session.get(Account, kept_by(old)))
    new = typed.begin(signed_in)
    clock.shift(timedelta(days=20))
    assert drafts.purge_old() == 1
    db.session.commit()
    assert [draft.id for draft in db.session.scalars(select(Draft))] == [new]


def test_the_list_says_how_long_drafts_are_kept(signed_in: Browser) -> None:
    assert "Geen ontwerpen" in signed_in.get("referrals.drafts").text
    typed.begin(signed_in)
    page = signed_in.get("referrals.drafts")
    assert "Gezin zonder naam" in page.text
    assert "30 dagen" in page.text
