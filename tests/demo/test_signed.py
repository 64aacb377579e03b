"""The demonstration is made by the steps of the portal: its signatures are real, if of test keys."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts import service as accounts
from portal.agreements import envelopes, proposing, verification
from portal.agreements.models import Agreement, Envelope, EnvelopeStatus, Status, Way
from portal.agreements.verification import Kind
from portal.core import outbox
from portal.core.db import db
from portal.core.rendering import Converter
from portal.demo import world
from portal.finance import budget_closing
from tests.browser import Browser


@pytest.fixture
def demo(make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    for module in (proposing, budget_closing):
        monkeypatch.setattr(module, "Converter", partial(Converter, libreoffice=None))
    monkeypatch.setattr(world, "REFERRALS", 120)
    monkeypatch.setattr(world, "LATELY", 40)
    made = make_app(DEMO=True, SMTP_HOST="")
    with made.app_context():
        assert world.build()
        db.session.remove()
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.slow
def test_one_waits_for_the_mayor_one_is_complete_and_one_was_declined(
    demo: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with demo.app_context():
        found = db.session.scalars(select(Envelope)).all()
        states = Counter(one.status for one in found)
        assert states[EnvelopeStatus.OUT] == states[EnvelopeStatus.DECLINED] == 1
        active = db.session.scalars(select(Agreement).where(Agreement.status == Status.ACTIVE))
        signed = {e.agreement_id for e in found if e.status == EnvelopeStatus.COMPLETE}
        assert {one.id for one in active} <= signed
        for one in found:
            if one.status == EnvelopeStatus.COMPLETE:
                assert verification.verify(envelopes.read(one.latest)).kind == Kind.SIGNED
        ways = {s.way for one in found for s in one.signatories}
        assert ways >= {Way.PORTAL, Way.OWN_CERTIFICATE, Way.WET_INK}
        while outbox.deliver_due():
            pass
        els = accounts.find_account("ondertekenaar@portal.test")
        db.session.remove()
    said = [record.getMessage() for record in caplog.get_records("setup")]
    assert not any("failed for good" in one for one in said)  # made to fail: no alarm
    mayor = Browser(demo).sign_in(els, world.PASSWORD)
    shown = Browser(demo).get("home.demo_mail", aan="ondertekenaar@")
    paths = {re.sub(r"^https?://[^/]+", "", link) for link in shown.links()}
    asked = [mayor.open(path) for path in paths if path.startswith("/ondertekenen/")]
    assert any("Naar het tekenen" in page.text for page in asked)
