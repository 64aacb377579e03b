"""However often and from wherever a form is sent, there is one referral."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import Account
from portal.core.db import db
from portal.core.outbox import OutboxMessage
from portal.directory.reference import load_reference
from portal.referrals.models import Draft, Referral
from tests.browser import Browser
from tests.referrals import typed
from tests.referrals.conftest import build_world

TIMES = 20


def a_referrer() -> Account:
    """Somebody who refers, in a world of its own; nothing stays locked for the threads."""
    load_reference(db.session())
    account = build_world().referrer_account
    db.session.remove()
    return account


def test_twenty_parallel_submits_make_one_referral_and_twenty_equal_answers(
    live_app: Flask,
) -> None:
    with live_app.app_context():
        browser = Browser(live_app).sign_in(a_referrer())
        draft = typed.up_to_check(browser)
        page = browser.get("referrals.check", draft_id=draft)
        cookie = browser.client.get_cookie("portal")
        assert cookie is not None
    body = {**page.hidden(), **typed.lines()}
    path = f"/verwijzingen/ontwerp/{draft}/nakijken"
    barrier = Barrier(TIMES)

    def press(_: int) -> tuple[int, str]:
        client = live_app.test_client()
        client.set_cookie("portal", cookie.value)
        barrier.wait()
        answer = client.post(path, data=body)
        return answer.status_code, answer.headers.get("Location", "")

    with ThreadPoolExecutor(TIMES) as pool:
        answers = list(pool.map(press, range(TIMES)))

    with live_app.app_context():
        [referral] = db.session.scalars(select(Referral))
        assert set(answers) == {(303, f"/verwijzingen/{referral.reference}/verstuurd")}
        assert db.session.scalar(select(func.count()).select_from(OutboxMessage)) == 2
        assert db.session.scalars(select(Draft)).all() == []


def test_two_windows_that_save_at_the_same_moment_keep_one_and_tell_the_other(
    live_app: Flask,
) -> None:
    with live_app.app_context():
        browser = Browser(live_app).sign_in(a_referrer())
        draft = typed.begin(browser)
        page = browser.get("referrals.step", draft_id=draft, name="vraag")
        cookie = browser.client.get_cookie("portal")
        assert cookie is not None
    barrier = Barrier(4)

    def save(number: int) -> int:
        client = live_app.test_client()
        client.set_cookie("portal", cookie.value)
        barrier.wait()
        body = {**page.hidden(), **typed.request(question=f"venster {number}")}
        return client.post(f"/verwijzingen/ontwerp/{draft}/vraag", data=body).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(save, range(4)))
    assert statuses == [303, 409, 409, 409]


def test_sending_again_after_a_back_button_leads_to_the_same_page(
    signed_in: Browser,
) -> None:
    draft = typed.up_to_check(signed_in)
    page = signed_in.get("referrals.check", draft_id=draft)
    answers = [
        signed_in.submit(page, "referrals.check", typed.lines(), draft_id=draft) for _ in range(2)
    ]
    assert answers[0].location == answers[1].location
    assert signed_in.get("referrals.check", draft_id=draft).status == 404
    assert db.session.scalar(select(func.count()).select_from(Referral)) == 1
