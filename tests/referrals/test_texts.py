"""The texts families read: written by HSV, looked at by a second person, kept as they were."""

from typing import Any

import pytest
from sqlalchemy import text as sql
from sqlalchemy.exc import DatabaseError

from portal.accounts.models import Membership
from portal.core.db import db
from portal.core.errors import DomainError, NotFoundError
from portal.core.permissions import Role
from portal.referrals import texts
from portal.referrals.text_kinds import TextKind, direction
from portal.referrals.text_rules import blocks, phrases, sections
from portal.referrals.texts import TextEdition, TextState
from tests import make
from tests.browser import Browser, Page
from tests.referrals.conftest import World
from tests.referrals.make_referral import submitted

NASTY = "<script>alert(1)</script> {{ 7*7 }} %(name)s 'A & B'"
ARABIC = "## من هي هوم ستارت؟\n\nنساعد العائلات التي لديها أطفال صغار."


@pytest.fixture
def writer(world: World) -> Membership:
    return make.administrator()


@pytest.fixture
def privacy(world: World) -> Membership:
    return make.membership(Role.DPO)


@pytest.fixture
def desk(writer: Membership, browser: Browser) -> Browser:
    return browser.sign_in(writer.account)


def begun(browser: Browser, kind: str = "self") -> Page:
    page = browser.get("referrals.begin_text", text_kind=kind)
    answer = browser.submit(
        page, "referrals.begin_text", {"reason": "Nieuwe termijnen"}, text_kind=kind
    )
    return browser.follow(answer)


def written(browser: Browser, body: str, language: str = "nl", kind: str = "self") -> Page:
    place: dict[str, Any] = {"text_kind": kind, "text_number": 2, "language": language}
    page = browser.get("referrals.write_text", **place)
    return browser.submit(page, "referrals.write_text", {"body": body}, **place)


def put_in_use(browser: Browser, kind: str = "self") -> Page:
    place: dict[str, Any] = {"text_kind": kind, "text_number": 2}
    page = browser.get("referrals.text", **place)
    return browser.follow(browser.submit(page, "referrals.activate_text", {}, **place))


@pytest.mark.parametrize("kind", list(TextKind))
def test_what_comes_with_the_portal_is_whole_in_three_languages(kind: TextKind) -> None:
    from portal.referrals import text_rules

    shipped = texts.shipped(kind)
    assert shipped.languages == ["nl", "en", "fr"]
    for language, body in shipped.bodies.items():
        dutch = shipped.bodies["nl"]
        text_rules.check(kind, body, dutch, dutch, language)


def test_a_text_is_paragraphs_headings_and_lists_and_nothing_else() -> None:
    found = blocks(
        "## Kop\n\nEen zin\nloopt door.\n- een\n- {code}\n\n{onbekend} {{x}}", {"code": "A"}
    )
    assert [(b.kind, b.lines) for b in found] == [
        ("heading", ("Kop",)),
        ("text", ("Een zin loopt door.",)),
        ("list", ("een", "A")),
        ("text", ("{onbekend} {{x}}",)),
    ]
    assert len(sections(found)) == 1
    assert phrases("a: b: c\n\nonzin\nd:e") == {"a": "b: c", "d": "e"}


def test_a_new_version_is_in_use_once_a_second_person_read_it(
    desk: Browser, privacy: Membership, world: World
) -> None:
    assert "In voorbereiding" in begun(desk).text
    assert written(desk, f"- {NASTY}\n- Mail {{email}}.").status == 303
    assert "Jouw versie" not in put_in_use(desk).text
    assert texts.in_use(TextKind.SELF).number == 1, "who wrote it cannot put it in use"
    officer = Browser(desk.app).sign_in(privacy.account)
    assert "De tekst is in gebruik." in put_in_use(officer).text
    assert texts.in_use(TextKind.SELF).number == 2
    page = Browser(desk.app).get("referrals.refer_oneself")
    assert NASTY in page.text
    assert b"<script>alert" not in page.body


def test_a_consent_keeps_the_version_it_was_given_to(
    desk: Browser, privacy: Membership, world: World
) -> None:
    before = submitted(world.branch, world.referrer)
    begun(desk, "consent")
    dutch = texts.shipped(TextKind.CONSENT).bodies["nl"].replace("een halve dag", "een halve dag!")
    assert written(desk, dutch, kind="consent").status == 303
    put_in_use(Browser(desk.app).sign_in(privacy.account), "consent")
    after = submitted(world.branch, world.referrer)
    assert before.consent is not None
    assert after.consent is not None
    assert before.consent.text_version == "2026-11"
    assert after.consent.text_version == texts.in_use(TextKind.CONSENT).name != "2026-11"
    hilde = Browser(desk.app).sign_in(world.coordinator_account)
    for referral, says in ((before, "een halve dag bij"), (after, "een halve dag! bij")):
        consent = referral.consent
        assert consent is not None
        assert says in hilde.get("referrals.text_version", versie=consent.text_version).text
    assert hilde.get("referrals.text_version", versie="2019-01").status == 404


def test_what_was_in_use_cannot_be_changed_even_past_the_portal(
    desk: Browser, privacy: Membership, session: Any
) -> None:
    begun(desk)
    put_in_use(Browser(desk.app).sign_in(privacy.account))
    assert (
        desk.get("referrals.write_text", text_kind="self", text_number=2, language="nl").status
        == 302
    )
    with pytest.raises(DatabaseError), session.begin_nested():
        session.execute(sql("update family_text_edition set bodies = '{}'"))


def test_a_language_that_runs_from_right_to_left_is_written_and_read_so(
    desk: Browser, privacy: Membership, world: World
) -> None:
    begun(desk, "consent")
    body = ARABIC + "".join(f"\n\n## {n}\n\nنص" for n in range(7))
    page = desk.get("referrals.write_text", text_kind="consent", text_number=2, language="ar")
    assert [e.get("dir") for e in page.find("textarea")] == ["rtl"]
    assert written(desk, body, "ar", "consent").status == 303
    put_in_use(Browser(desk.app).sign_in(privacy.account), "consent")
    els = Browser(desk.app).sign_in(world.referrer_account)
    page = els.get("referrals.consent_text", taal="ar")
    assert [e.get("lang") for e in page.find("div") if e.get("dir") == "rtl"] == ["ar"]
    assert "نساعد العائلات" in page.text
    assert [direction(one) for one in ("ar", "ps", "fa", "tr", "nl")] == ["rtl"] * 3 + ["ltr"] * 2


@pytest.mark.parametrize(
    ("kind", "language", "body", "refusal"),
    [
        ("self", "nl", "", "De Nederlandse tekst kan niet weg"),
        ("self", "nl", "Mail {adres}", "{adres} bestaat niet"),
        ("letter", "nl", "Ga naar {link}", "Zet ook {code}"),
        ("consent", "fr", "## Un seul titre", "evenveel tussentitels"),
        ("page", "fr", "title: Bonjour", "ontbreekt"),
    ],
)
def test_a_text_that_would_not_work_is_refused_with_what_to_do(
    desk: Browser, kind: str, language: str, body: str, refusal: str
) -> None:
    begun(desk, kind)
    page = written(desk, body, language, kind)
    assert refusal in " ".join(page.errors)
    assert page.value("body") == body


def test_there_is_one_new_version_at_a_time_and_it_can_be_thrown_away(desk: Browser) -> None:
    begun(desk)
    page = desk.get("referrals.begin_text", text_kind="self")
    again = desk.submit(page, "referrals.begin_text", {"reason": "Nog een"}, text_kind="self")
    assert "al een nieuwe versie" in again.errors[0]
    place: dict[str, Any] = {"text_kind": "self", "text_number": 2}
    page = desk.get("referrals.text", **place)
    assert desk.submit(page, "referrals.discard_text", {}, **place).status == 303
    assert make.number_of(TextEdition) == 0


def test_of_two_who_write_at_once_the_second_is_told(
    desk: Browser, writer: Membership, world: World
) -> None:
    begun(desk)
    place: dict[str, Any] = {"text_kind": "self", "text_number": 2, "language": "nl"}
    page = desk.get("referrals.write_text", **place)
    written(Browser(desk.app).sign_in(make.administrator().account), "Iemand anders")
    assert desk.submit(page, "referrals.write_text", {"body": "Te laat"}, **place).status == 409


def test_a_language_is_added_and_taken_away_again(desk: Browser) -> None:
    begun(desk)
    place: dict[str, Any] = {"text_kind": "self", "text_number": 2}
    page = desk.get("referrals.text", **place)
    to = desk.submit(page, "referrals.add_language", {"language": "tr"}, **place)
    assert to.location.endswith("/tr")
    assert written(desk, "Merhaba", "tr").status == 303
    assert make.only(TextEdition).bodies["tr"] == "Merhaba"
    assert written(desk, "", "tr").status == 303
    db.session.expire_all()
    assert "tr" not in make.only(TextEdition).bodies
    assert make.only(TextEdition).state == TextState.DRAFT
    assert desk.get("referrals.write_text", language="xx", **place).status == 404


def test_a_version_that_is_not_there_is_not_found(desk: Browser) -> None:
    assert desk.get("referrals.text", text_kind="self", text_number=9).status == 404
    with pytest.raises(NotFoundError):
        texts.find(TextKind.SELF, 9)


def test_a_text_that_fits_the_old_dutch_is_looked_at_again_before_use(
    writer: Membership, privacy: Membership
) -> None:
    draft = texts.begin(make.actor(writer), TextKind.CONSENT, "Korter")
    texts.write(make.actor(writer), draft, "nl", "## Kort", draft.version)
    with pytest.raises(DomainError, match="evenveel"):
        texts.activate(make.actor(privacy), draft, draft.version)
