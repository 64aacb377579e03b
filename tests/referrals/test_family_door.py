"""The letter, its code, and the page it opens: for the family, for nobody else, and not for long."""

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from docx import Document as WordDocument
from sqlalchemy import select

from portal.core import clock as portal_clock
from portal.core.audit import AuditEvent
from portal.core.db import db
from portal.core.rendering import inspect_template
from portal.core.rendering.completeness import text_of_pdf
from portal.referrals import family_door, letters
from portal.referrals.family_requests import FamilyRequest
from portal.referrals.filled import Child
from portal.referrals.models import Referral, Status
from portal.referrals.submission import submit
from tests import make
from tests.accounts.make_guest import mails_to
from tests.browser import Browser, Page
from tests.referrals.conftest import World
from tests.referrals.make_referral import moved_to, submission, submitted

DIGITS = "3456"  # of 0470 12 34 56
NASTY = "<script>alert(1)</script> {{ 7*7 }} %(name)s {day}"


@pytest.fixture
def referral(world: World) -> Referral:
    return submitted(world.branch, world.referrer)


@pytest.fixture
def hilde(world: World, browser: Browser) -> Browser:
    return browser.sign_in(world.coordinator_account)


def code_for(world: World, referral: Referral) -> str:
    code, _until = family_door.new_code(world.coordinator, referral)
    db.session.commit()
    return code


def knock(browser: Browser, code: str, answer: str = DIGITS) -> Page:
    page = browser.get("referrals.family_door")
    return browser.submit(page, "referrals.family_door", {"code": code, "answer": answer})


def inside(browser: Browser, world: World, referral: Referral) -> Browser:
    """A parent at her page, in a browser of her own."""
    parent = Browser(browser.app)
    answer = knock(parent, code_for(world, referral))
    assert answer.status == 303, answer.errors
    return parent


def the_page(parent: Browser) -> Page:
    return parent.get("referrals.family_page")


def do(parent: Browser, endpoint: str, **answers: Any) -> Page:
    return parent.submit(the_page(parent), endpoint, answers)


def letter(browser: Browser, referral: Referral, language: str, form: str) -> Any:
    place = {"reference": referral.reference}
    page = browser.get("referrals.letter", **place)
    data = {**page.hidden(), "language": language, "form": form}
    return browser.send("POST", browser.path("referrals.letter", **place), data=data)


def words_of(docx: bytes) -> str:
    document = WordDocument(io.BytesIO(docx))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_the_template_uses_only_what_a_letter_has() -> None:
    assert inspect_template(letters.TEMPLATE.read_bytes(), letters.FIELDS) == []


def test_a_letter_names_nobody_and_has_a_code_that_opens_the_page(
    hilde: Browser, referral: Referral
) -> None:
    answer = letter(hilde, referral, "fr", "word")
    assert answer.status_code == 200
    words = words_of(answer.get_data())
    for said in ("Vos données chez Home-Start", "Jouw gegevens bij Home-Start", "Home-Start Gent"):
        assert said in words
    assert "http://127.0.0.1:8010/mijn-vraag" in words
    assert "Nadia" not in words
    assert "Şahin" not in words
    [code] = set(re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", words))
    parent = Browser(hilde.app)
    assert knock(parent, code.lower().replace("-", " ")).status == 303
    actions = list(
        db.session.scalars(
            select(AuditEvent.action).where(AuditEvent.object_id == str(referral.id))
        )
    )
    assert "referral:make_family_code" in actions
    assert actions.count("referral:read_by_branch") == 2, "the page and the letter"


def test_a_letter_in_dutch_is_one_column_and_prints_as_pdf(
    hilde: Browser, referral: Referral
) -> None:
    answer = letter(hilde, referral, "nl", "pdf")
    assert answer.mimetype == "application/pdf"
    words = " ".join(text_of_pdf(answer.get_data()).split())
    assert words.count("Jouw gegevens bij Home-Start") == 1


def test_the_code_is_nowhere_in_the_database(world: World, referral: Referral) -> None:
    code = code_for(world, referral)
    [kept] = family_door.codes(referral)
    assert code.replace("-", "").encode() not in kept.digest
    assert len(kept.digest) == 32


def test_the_page_says_what_is_kept_without_telling_it(
    hilde: Browser, world: World, referral: Referral
) -> None:
    hilde.get("referrals.show", reference=referral.reference)
    page = the_page(inside(hilde, world, referral))
    for said in (
        "Je naam, je taal en hoe we je bereiken.",
        "eindigt op 56",
        "Iets over gezondheid, omdat jij dat goed vond.",
        "Alleen de coördinator van Home-Start Gent.",
        "Je gegevens zijn 1 keer geopend.",
        "De gemeente krijgt geen namen.",
        "Zolang we je helpen.",
    ):
        assert said in page.text
    for secret in ("Nadia", "Şahin", "0470", "adem komen", "psychische", "Łukasz", "Hilde"):
        assert secret not in page.text
    headers = page.response.headers
    assert headers["Cache-Control"] == "no-store"
    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["Referrer-Policy"] == "no-referrer"
    read = select(AuditEvent).where(AuditEvent.action == "referral:read_by_family")
    assert len(list(db.session.scalars(read))) == 1


def test_the_page_speaks_her_language(hilde: Browser, world: World, referral: Referral) -> None:
    parent = inside(hilde, world, referral)
    page = parent.get("referrals.family_page", taal="fr")
    assert "Que gardons-nous ?" in page.text
    assert [e.get("lang") for e in page.find("html")] == ["fr"]
    assert "Que gardons-nous ?" in the_page(parent).text, "it is remembered"
    assert "Wat bewaren we?" in parent.get("referrals.family_page", taal="nl").text
    assert parent.get("referrals.family_page", taal="xx").status == 200


@pytest.mark.parametrize("answer", ["0000", "345", "13456", "", "abcd", NASTY[:19]])
def test_a_code_alone_opens_nothing(
    browser: Browser, world: World, referral: Referral, answer: str
) -> None:
    page = knock(browser, code_for(world, referral), answer)
    assert page.status == 200
    assert page.errors
    assert browser.get("referrals.family_page").status == 303


@pytest.mark.parametrize("code", ["AAAA-AAAA-AAAA", "", "geen code", NASTY, "V-0000-0000"])
def test_a_guessed_code_gets_the_same_answer_as_a_wrong_answer(
    browser: Browser, world: World, referral: Referral, code: str
) -> None:
    wrong = knock(browser, code_for(world, referral), "0000")
    guessed = knock(browser, code)
    if code:
        assert guessed.errors == wrong.errors or "lang" in guessed.errors[0]
    assert browser.get("referrals.family_page").status == 303
    assert b"<script>alert" not in guessed.body


def test_digits_of_another_script_are_digits(
    browser: Browser, world: World, referral: Referral
) -> None:
    assert knock(browser, code_for(world, referral), "٣٤٥٦").status == 303


def test_after_five_wrong_answers_the_door_is_shut_for_a_day(
    browser: Browser, world: World, referral: Referral, clock: Any
) -> None:
    code = code_for(world, referral)
    for _ in range(5):
        knock(browser, code, "0000")
    assert knock(browser, code).status == 200, "even the right answer"
    clock.shift(timedelta(hours=25))
    assert knock(browser, code).status == 303


def test_a_code_ends_with_its_term_and_when_the_branch_ends_it(
    hilde: Browser, world: World, referral: Referral, clock: Any
) -> None:
    parent = inside(hilde, world, referral)
    place = {"reference": referral.reference}
    page = hilde.get("referrals.letter", **place)
    assert "Code werkt tot" in page.text
    hilde.submit(page, "referrals.end_codes", {}, **place)
    assert the_page(parent).status == 303, "the page closes where it is open"
    assert "Code werkt niet meer" in hilde.get("referrals.letter", **place).text
    late = code_for(world, referral)
    clock.shift(timedelta(days=366))
    assert knock(Browser(hilde.app), late).status == 200


def test_the_page_closes_by_itself_and_by_its_button(
    hilde: Browser, world: World, referral: Referral, clock: Any
) -> None:
    parent = inside(hilde, world, referral)
    copied = parent.client.get_cookie("portal")
    assert copied is not None
    assert do(parent, "referrals.family_leave").status == 303
    thief = Browser(hilde.app)
    thief.client.set_cookie("portal", copied.value)
    assert the_page(thief).status == 303, "a copied cookie opens nothing"
    parent = inside(hilde, world, referral)
    clock.shift(timedelta(minutes=21))
    over = parent.follow(the_page(parent))
    assert "Je pagina is afgesloten." in over.text


def test_where_there_is_no_number_the_month_of_the_eldest_child_is_asked(
    browser: Browser, world: World
) -> None:
    children = (Child(date(2025, 6, 1)), Child(date(2023, 3, 1), "Noor"))
    referral = submitted(
        world.branch,
        world.referrer,
        identity={"phone": ""},
        household={"children": children},
    )
    code = code_for(world, referral)
    assert knock(browser, code, "06/2025").status == 200
    assert knock(Browser(browser.app), code, "3/2023").status == 303


def test_a_code_opens_one_family_only(browser: Browser, world: World, referral: Referral) -> None:
    other = submitted(world.branch, world.referrer, identity={"phone": "0499 99 99 99"})
    assert knock(browser, code_for(world, other), DIGITS).status == 200
    parent = inside(browser, world, referral)
    assert "eindigt op 56" in the_page(parent).text


def test_she_changes_what_may_be_kept_and_heard_and_the_branch_is_told(
    hilde: Browser, world: World, referral: Referral
) -> None:
    parent = inside(hilde, world, referral)
    answer = do(parent, "referrals.family_choose", situation="ja", health="nee", feedback="none")
    assert answer.status == 303
    assert "Je keuze is bewaard." in parent.follow(answer).text
    page = hilde.get("referrals.consent", reference=referral.reference)
    assert "Gezondheid, voor zover nodig Nee" in page.text
    assert "De ouder zelf" in page.text
    told = mails_to(world.coordinator_account.email)[-1]
    assert "de toestemming is gewijzigd" in told["subject"]
    same = do(parent, "referrals.family_choose", situation="ja", health="nee", feedback="none")
    assert "Je hebt niets veranderd." in parent.follow(same).text
    page = do(parent, "referrals.family_choose", situation="", health="soms", feedback="alles")
    assert len(page.errors) == 3


def test_she_asks_and_the_branch_answers_without_the_referrer_reading_along(
    hilde: Browser, world: World, referral: Referral
) -> None:
    parent = inside(hilde, world, referral)
    empty = do(parent, "referrals.family_ask")
    assert "Maak een keuze." in " ".join(empty.errors)
    answer = do(parent, "referrals.family_ask", kind="correct", text=NASTY)
    assert "Je krijgt antwoord ten laatste op" in parent.follow(answer).text
    place = {"reference": referral.reference}
    page = hilde.get("referrals.show", **place)
    assert "Het gezin wil iets verbeteren" in page.text
    assert NASTY in page.text
    assert b"<script>alert" not in page.body
    els = Browser(hilde.app).sign_in(world.referrer_account)
    read = els.get("referrals.show", **place).text
    assert "alert(1)" not in read
    assert "verbeteren" not in read
    asked = make.only(FamilyRequest)
    done = hilde.submit(page, "referrals.answer_family", {}, request_id=asked.id, **place)
    assert "Beantwoord op" in hilde.follow(done).text
    other = submitted(world.branch, world.referrer)
    strange = hilde.submit(
        page, "referrals.answer_family", {}, request_id=asked.id, reference=other.reference
    )
    assert strange.status == 404


def test_a_referrer_makes_a_letter_only_where_she_may_hear_how_far_it_is(
    browser: Browser, world: World, referral: Referral
) -> None:
    els = browser.sign_in(world.referrer_account)
    assert letter(els, referral, "en", "word").status_code == 200
    silent = submitted(world.branch, world.referrer, consent={"feedback": "none"})
    page = els.get("referrals.letter", reference=silent.reference)
    assert "Vraag de brief aan de coördinator" in page.text
    sent = {"csrf_token": els.token(), "language": "nl", "form": "word"}
    path = els.path("referrals.letter", reference=silent.reference)
    assert els.send("POST", path, data=sent).mimetype == "text/html"
    assert family_door.codes(silent) == []


def test_a_parent_who_asked_herself_comes_in_by_the_link_in_her_mail(
    browser: Browser, world: World
) -> None:
    own = submission(
        consent={"given_by": "self", "manner": "online", "secrecy_lines": ()},
        identity={"email": "nadia@familie.example"},
    )
    submit(None, own)
    db.session.commit()
    [mail] = mails_to("nadia@familie.example")
    page = browser.open(mail["button_url"])
    [to] = [link for link in page.links() if "/mijn-vraag/met/" in link]
    door = browser.open(to)
    answer = browser.submit(
        door, "referrals.family_door", {"code": door.value("code"), "answer": DIGITS}
    )
    page = browser.follow(answer)
    assert "Wat mag wie je stuurde nog horen?" not in page.text
    done = browser.submit(page, "referrals.family_choose", {"situation": "ja", "health": "nee"})
    assert "Je keuze is bewaard." in browser.follow(done).text


def test_a_page_of_a_family_on_its_way_says_where_it_is(
    hilde: Browser, world: World, referral: Referral
) -> None:
    moved_to(referral, Status.COMPLETED, world.coordinator)
    page = the_page(inside(hilde, world, referral))
    assert "De bezoeken zijn afgerond." in page.text
    told = portal_clock.today() + timedelta(days=365)
    assert f"{told.day} " in page.text.split("Hoelang bewaren we het?")[1]
