"""Dated settings of contracts: recorded on screen, in force from their day, never over what is."""

import io
from datetime import date

import docx
import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.agreements import dated_texts, proposing, signatories
from portal.agreements.contract_law import shipped_law
from portal.agreements.models import DatedText
from portal.agreements.signatories import FLANDERS
from portal.agreements.terms import DecidingBody, OrganisationKind
from portal.core import clock
from portal.core.db import db
from tests import make
from tests.agreements import make_agreement, make_negotiation
from tests.browser import Browser, Page

SECRECY = "het beroepsgeheim bedoeld in artikel 352 van het Strafwetboek"
LANGUAGES = "de wetgeving op het gebruik van de talen in bestuurszaken"
SOURCE = "Belgisch Staatsblad, nagekeken"


@pytest.fixture
def staff(browser: Browser, session: Session) -> Browser:
    return browser.sign_in(make_agreement.manager().account)


def change(staff: Browser, topic: str, key: str, **values: str) -> Page:
    page = staff.get("agreements.change_wording", topic=topic, key=key)
    filled = {"from_on": clock.today().isoformat(), "source": SOURCE, **values}
    return staff.submit(page, "agreements.change_wording", filled, topic=topic, key=key)


def said(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_a_new_wording_stands_in_the_next_version_and_not_in_the_one_before(
    staff: Browser, session: Session
) -> None:
    world = make_negotiation.world()
    agreement = make_negotiation.proposed(world)
    page = staff.follow(change(staff, "wetten", "beroepsgeheim", text=SECRECY))
    assert SECRECY in page.text
    db.session.refresh(agreement)
    second = make_negotiation.propose(world, agreement)

    first, second = agreement.versions
    assert SECRECY not in said(proposing.read(first, "docx")[0])
    assert SECRECY in said(proposing.read(second, "docx")[0])


def test_a_wording_of_later_waits_for_its_day_on_the_page(staff: Browser, session: Session) -> None:
    day = date(clock.today().year + 1, 7, 1)
    page = staff.follow(
        change(staff, "wetten", "beroepsgeheim", text=SECRECY, from_on=day.isoformat())
    )

    assert f"Later, 01/07/{day.year}: {SECRECY}" in page.text
    assert dated_texts.law_on(clock.today()) == shipped_law(clock.today())
    assert dated_texts.law_on(day).wordings["beroepsgeheim"] == SECRECY


def test_of_the_same_day_the_last_correction_counts(staff: Browser, session: Session) -> None:
    change(staff, "bewaartermijnen", "kerngegevens", text="zeven jaar")
    change(staff, "bewaartermijnen", "kerngegevens", text="acht jaar na het einde van het traject")
    page = staff.get("agreements.change_wording", topic="bewaartermijnen", key="kerngegevens")

    kept = {r.key: r.term for r in dated_texts.law_on(clock.today()).retentions}
    assert kept["kerngegevens"] == "acht jaar na het einde van het traject"
    assert kept["overeenkomsten"] == "tien jaar na het einde"
    assert "zeven jaar" in page.text
    assert "vijf jaar na het einde van het traject" in page.text


def test_who_signs_follows_a_changed_rule_from_its_day(staff: Browser, session: Session) -> None:
    key = "gemeente.flanders.college"
    change(staff, "ondertekening", key, text=" burgemeester \r\n\r\nadjunct-algemeendirecteur ")

    def signing(on: date) -> tuple[str, ...]:
        kind, body = OrganisationKind.GEMEENTE, DecidingBody.COLLEGE
        found = signatories.rule(kind, body, FLANDERS, on)
        assert found is not None
        return found.capacities

    assert signing(clock.today()) == ("burgemeester", "adjunct-algemeendirecteur")
    assert signing(clock.today() - date.resolution) == ("burgemeester", "algemeen directeur")


@pytest.mark.parametrize(
    ("topic", "key", "changes", "words"),
    [
        ("wetten", "avg", {"text": ""}, "Vul dit in."),
        ("wetten", "avg", {"text": "een\r\ntwee"}, "Schrijf de tekst op één regel"),
        ("wetten", "avg", {"text": "a" * 401}, "hoogstens 400 tekens"),
        ("wetten", "avg", {"text": "de AVG", "source": ""}, "Vul dit in."),
        ("wetten", "avg", {"text": "de AVG", "from_on": "2001-01-01"}, "voor de eerste dag"),
        ("wetten", "taalgebruik", {"text": LANGUAGES}, "Dat staat er op die dag al zo."),
        ("ondertekening", "vgc.brussels.vgc_college", {"text": "a\r\na"}, "er twee keer"),
        ("ondertekening", "vgc.brussels.vgc_college", {"text": "a\nb\nc\nd\ne"}, "één tot vier"),
        ("ondertekening", "vgc.brussels.vgc_college", {"text": "a" * 121}, "hoogstens 120"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else "",
)
def test_what_cannot_be_said_is_refused_and_what_was_typed_stays(
    staff: Browser, topic: str, key: str, changes: dict[str, str], words: str
) -> None:
    page = change(staff, topic, key, **changes)

    assert words in page.text
    assert db.session.query(DatedText).count() == 0


def test_a_setting_that_does_not_exist_is_not_found(staff: Browser) -> None:
    page = staff.get("agreements.change_wording", topic="wetten", key="zwaartekracht")

    assert page.status == 404


def test_a_dated_text_is_never_changed(session: Session) -> None:
    by = make.actor(make_agreement.manager())
    found = dated_texts.setting("wetten", "avg")
    dated_texts.record(by, found, "de AVG", SOURCE, clock.today())
    db.session.commit()

    with pytest.raises(DBAPIError, match="dated_text"):
        db.session.execute(update(DatedText).values(text="iets anders"))
