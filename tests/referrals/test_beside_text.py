"""Whatever people write beside a referral comes out as text, on every page that shows it."""

import io
from typing import Any

import pytest

from portal.core import clock as portal_clock
from portal.core.text import paragraphs
from portal.referrals.models import Referral
from tests import make
from tests.browser import Browser
from tests.core.files import PDF
from tests.referrals.conftest import World
from tests.referrals.make_referral import submitted

CORPUS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"'><svg onload=alert(1)>",
    "' autofocus onfocus=alert(1) x='",
    "javascript:alert(1)",
    "</textarea><b>x</b>",
    "{{ 7*7 }} {% print 7*7 %} ${7*7} #{7*7} <%= 7*7 %>",
    "%(reference)s %s {reference}",
    "'; DROP TABLE referral; --",
    "=HYPERLINK(\"http://evil.example\")",
    "+1", "-1", "@SUM(A1)", "\tTAB",
    "regel een\r\nSet-Cookie: x=1",
    "A & B &amp; &lt;b&gt;",
    "\u202egnp.exe",
    "nul\x00in het midden",
    "👩‍👧 Łukasz Şahin Жанна محمد",
    "lang " * 700,
)  # fmt: skip


@pytest.fixture
def referral(world: World) -> Referral:
    return submitted(world.branch, world.referrer)


@pytest.fixture
def coordinator(world: World, browser: Browser) -> Browser:
    return Browser(browser.app).sign_in(world.coordinator_account)


def write(browser: Browser, endpoint: str, referral: Referral, data: dict[str, Any]) -> Any:
    page = browser.get(endpoint, reference=referral.reference)
    return browser.submit(page, endpoint, data, reference=referral.reference)


def seen(text: str) -> str:
    """What a person reads of a text: cleaned, white space folded."""
    return " ".join(paragraphs(text).split())


@pytest.mark.parametrize("text", CORPUS)
def test_messages_and_notes_are_text(coordinator: Browser, referral: Referral, text: str) -> None:
    for endpoint in ("referrals.messages", "referrals.notes"):
        plain = len(coordinator.get(endpoint, reference=referral.reference).find("b"))
        answer = write(coordinator, endpoint, referral, {"text": text})
        page = coordinator.follow(answer)
        assert seen(text) in page.text
        assert len(page.find("b")) == plain
        assert not page.find("img")[1:]


@pytest.mark.parametrize("text", CORPUS)
def test_the_reason_of_a_duplicate_is_text(
    coordinator: Browser, world: World, referral: Referral, text: str
) -> None:
    submitted(world.branch, world.referrer)
    page = coordinator.get("referrals.duplicates", reference=referral.reference)
    form = coordinator.open(next(one for one in page.links() if "?paar=" in one))
    answer = coordinator.submit(
        form, "referrals.duplicates", {"same": "nee", "reason": text}, reference=referral.reference
    )
    assert seen(text) in coordinator.follow(answer).text


@pytest.mark.parametrize("text", CORPUS)
def test_a_search_gives_back_the_words_as_text(
    coordinator: Browser, referral: Referral, text: str
) -> None:
    page = coordinator.submit(coordinator.get("referrals.search"), "referrals.search", {"q": text})
    assert page.status == 200
    assert page.value("q") == seen(text)


@pytest.mark.parametrize("text", CORPUS)
def test_the_name_of_a_file_is_text(coordinator: Browser, referral: Referral, text: str) -> None:
    sent = text[:80].replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")  # as browsers do
    file = (io.BytesIO(PDF), f"{sent}.pdf")
    answer = write(coordinator, "referrals.attachments", referral, {"file": file})
    page = coordinator.follow(answer)
    assert "De bijlage is toegevoegd." in page.text
    link = next(one for one in page.links() if "/bijlagen/" in one)
    saved = coordinator.open(link)
    assert saved.body == PDF
    assert "\n" not in saved.response.headers["Content-Disposition"]


@pytest.mark.parametrize("text", CORPUS)
def test_the_note_of_a_transfer_is_text(
    coordinator: Browser, browser: Browser, world: World, referral: Referral, text: str
) -> None:
    there = make.coordinator(make.branch(["24062"]))
    data = {"reason": "moved", "municipality": "3000", "agreed": "y", "note": text[:1900]}
    data["agreed_on"] = portal_clock.today().isoformat()
    assert write(coordinator, "referrals.transfer", referral, data).status == 302
    new = Browser(browser.app).sign_in(there.account)
    page = new.get("referrals.show", reference=referral.reference)
    assert seen(text[:1900]) in page.text
