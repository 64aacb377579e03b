"""Index figures and legal grounds on screen."""

import pytest
from sqlalchemy.orm import Session

from portal.agreements import figures, legal
from portal.agreements.terms import IndexKind
from tests import make
from tests.agreements import make_agreement
from tests.browser import Browser

FIGURE = {
    "kind": "health",
    "month": "2025-11",
    "base_year": "2013",
    "value": "135,17",
    "source": "Statbel",
    "published_on": "2025-11-27",
}


@pytest.fixture
def staff(browser: Browser, session: Session) -> Browser:
    legal.load_first_grounds()
    session.commit()
    return browser.sign_in(make_agreement.manager().account)


def _record(staff: Browser, **changes: str) -> object:
    page = staff.get("agreements.record_figure")
    return staff.submit(page, "agreements.record_figure", {**FIGURE, **changes})


def test_a_figure_is_recorded_with_its_source_and_corrected_in_sight(staff: Browser) -> None:
    page = staff.follow(_record(staff))  # type: ignore[arg-type]
    assert "november 2025 135,17 2013 Statbel 27/11/2025" in page.text
    page = staff.follow(_record(staff, value="135,71"))  # type: ignore[arg-type]
    assert "135,71" in page.text
    assert "Verbeterd" in page.text
    assert [r.value_e4 for r in figures.history(IndexKind.HEALTH)] == [1_357_100, 1_351_700]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"value": "honderd"}, "zoals het gepubliceerd is"),
        ({"value": "0,00"}, "zoals het gepubliceerd is"),
        ({"source": ""}, "Bron: Vul dit in."),
        ({"month": "2099-01"}, "Deze maand moet nog komen"),
        ({"published_on": "2099-01-01"}, "Deze dag moet nog komen"),
        ({"base_year": "13"}, "Basisjaar"),
    ],
)
def test_a_figure_that_cannot_be_is_refused_in_words(
    staff: Browser, changes: dict[str, str], words: str
) -> None:
    page = _record(staff, **changes)
    assert words in page.text  # type: ignore[attr-defined]
    assert figures.history(IndexKind.HEALTH) == []


def test_a_ground_is_added_and_ended(staff: Browser) -> None:
    page = staff.get("agreements.add_ground")
    filled = {
        "use": "council",
        "text": "Het reglement <lokale toelagen> & meer",
        "from_on": "2027-01-01",
        "source": "Codex",
    }
    listed = staff.follow(staff.submit(page, "agreements.add_ground", filled))
    assert "Het reglement <lokale toelagen> & meer" in listed.text
    added = next(g for g in legal.all_grounds() if "reglement" in g.text)
    page = staff.get("agreements.end_ground", ground_id=added.id)
    wrong = staff.submit(page, "agreements.end_ground", {"to_on": "2026-12-31"}, ground_id=added.id)
    assert "voor de eerste dag" in wrong.text
    done = staff.submit(page, "agreements.end_ground", {"to_on": "2027-06-30"}, ground_id=added.id)
    assert "01/01/2027 tot en met 30/06/2027" in staff.follow(done).text
    assert staff.get("agreements.end_ground", ground_id=7).status == 404


def test_only_hsv_sees_the_settings(browser: Browser, session: Session) -> None:
    for role in ("negotiator", "coordinator", "administrator", "referrer"):
        other = Browser(browser.app).sign_in(make.membership(role).account)
        assert other.get("agreements.index_figures").status == 403
        assert other.get("agreements.legal_grounds").status == 403


def test_an_amount_is_recalculated_in_figures_anybody_can_check(staff: Browser) -> None:
    _record(staff)
    asked = {"kind": "health", "amount": "34.000", "base_month": "2024-11", "month": "2025-11"}
    page = staff.get("agreements.recalculate", **asked)
    assert "Nog niet bekend: het cijfer van november 2024, met basisjaar 2013." in page.text
    _record(staff, month="2024-11", value="133,15")
    page = staff.get("agreements.recalculate", **asked)
    assert (
        "€ 34.000,00 × 135,17 (november 2025) ÷ 133,15 (november 2024) = € 34.515,81" in page.text
    )
    wrong = staff.get("agreements.recalculate", kind="health", amount="veel")
    assert any("Vul een bedrag in" in error for error in wrong.errors)
    assert staff.get("agreements.recalculate").errors == []
