"""The receipt: a page to file, with every name as it is written and nothing about the family."""

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from portal.core.db import db
from portal.referrals import receipt
from portal.referrals.models import Referral
from tests import make
from tests.browser import Browser
from tests.referrals import make_referral, typed
from tests.referrals.conftest import World


def text_of(pdf: bytes) -> str:
    reader = PdfReader(BytesIO(pdf))
    assert len(reader.pages) == 1
    return " ".join(reader.pages[0].extract_text().split())


def test_the_receipt_says_what_was_handed_to_whom_and_when(
    signed_in: Browser, world: World
) -> None:
    typed.send(signed_in, typed.up_to_check(signed_in))
    [referral] = db.session.scalars(select(Referral))

    page = signed_in.get("referrals.receipt", reference=referral.reference)

    assert page.status == 200
    headers = page.response.headers
    assert headers["Content-Type"] == "application/pdf"
    assert f"ontvangstbewijs-{referral.reference}.pdf" in headers["Content-Disposition"]
    words = text_of(page.body)
    for expected in (
        referral.reference,
        "Els Peeters",
        "CAW Oost-Vlaanderen",
        "9000 Gent",
        "Home-Start Gent",
        "09 765 43 21",
    ):
        assert expected in words
    for secret in ("Nadia", "Şahin", "Łukasz", "0470", "adem"):
        assert secret not in words
    assert page.body == signed_in.get("referrals.receipt", reference=referral.reference).body


@pytest.mark.parametrize(
    "name", ["Ayşe Şahin", "Łukasz Wójcik", "Željka Đorđević", "Ștefan Țurcanu", "Жанна Ελένη"]
)
def test_every_name_is_written_as_it_is(world: World, name: str) -> None:
    referral = make_referral.submitted(world.branch, world.referrer)
    words = text_of(receipt.render(referral, replace(world.referrer, name=f"<b>{name}</b> & co")))
    assert f"<b>{name}</b> & co" in words


def test_a_receipt_is_for_the_organisation_that_referred(signed_in: Browser, world: World) -> None:
    referral = make_referral.submitted(world.branch, world.referrer)
    where = {"endpoint": "referrals.receipt", "reference": referral.reference}
    stranger = Browser(signed_in.app).sign_in(make.referrer(make.organisation()).account)
    assert stranger.get(**where).status == 404
    coordinator = Browser(signed_in.app).sign_in(world.coordinator_account)
    assert coordinator.get(**where).status == 403
    colleague = Browser(signed_in.app).sign_in(make.referrer(world.organisation).account)
    assert colleague.get(**where).status == 200


def test_a_receipt_of_a_need_that_was_only_counted_says_so(world: World) -> None:
    aalst = {"nis": "41002", "postcode": "9300"}
    counted = make_referral.submitted(world.branch, world.referrer, **aalst)
    assert "De nood is geteld" in text_of(receipt.render(counted, world.referrer))
    kept = {"consent": {"kept_when_unserved": True}}
    listed = make_referral.submitted(world.branch, world.referrer, **aalst, **kept)
    assert "staat op de lijst" in text_of(receipt.render(listed, world.referrer))
