"""A year is closed with a statement for each partner, frozen as it was sent, to the cent."""

import io
from datetime import date
from functools import partial
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.agreements.kinds import IndexKind
from portal.agreements.terms import Indexation
from portal.core.db import db
from portal.core.errors import ConflictError, DomainError
from portal.core.outbox import OutboxMessage
from portal.core.rendering import Converter
from portal.finance import budget_closing, budget_figures, budget_opening
from portal.finance.budget_closing import Choice
from portal.finance.budget_settlement import settle
from portal.finance.models import Budget, Statement, StatementStatus, YearStatus
from tests import make
from tests.agreements import make_agreement
from tests.browser import Browser
from tests.finance import make_budget, make_finance

pytestmark = pytest.mark.usefixtures("offer")
amounts = st.integers(0, 10_000_000)
UNINDEXED = Indexation(IndexKind.NONE)


@pytest.fixture(autouse=True)
def printed_by_word2pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """The converter every installation has."""
    monkeypatch.setattr(budget_closing, "Converter", partial(Converter, libreoffice=None))


@pytest.fixture
def last_year(app: Flask, offer: Any) -> Budget:
    """Last year's budget of an agreement of two partners, with one cost."""
    partners = [make_finance.municipality("Stad Gent"), make_finance.municipality("Stad Aalst")]
    year = make_budget.this_year() - 1
    agreement = make_budget.agreement(
        year, partners=partners, reserve_bp=1_000, indexation=UNINDEXED
    )
    budget = make_budget.opened(agreement, year)
    make_budget.cost(budget, 3_000_001, booked_on=date(year, 12, 15))
    return budget


@given(
    amounts,
    amounts,
    st.lists(amounts, min_size=1, max_size=6),
    amounts,
    st.integers(0, 10_000),
)
def test_a_settlement_always_adds_up_and_nobody_pays_twice(
    cost: int, income: int, contributions: list[int], carried_in: int, share_bp: int
) -> None:
    left = sum(contributions) + income + carried_in - cost
    carry = max(left, 0) * share_bp // 10_000
    found = settle(cost, income, contributions, carried_in, carry)
    assert found.balance - found.shortage == left
    assert sum(found.balances) == found.balance
    assert sum(found.carried) == carry
    assert sum(found.returned) == found.balance - carry
    each = zip(found.balances, found.returned, found.carried, strict=True)
    for whole, back, over in each:
        assert whole == back + over
        assert back >= 0
        assert over >= 0


def test_more_than_is_left_cannot_be_carried_over() -> None:
    for carry in (-1, 101):
        with pytest.raises(ValueError, match="carry"):
            settle(900, 0, [1_000], 0, carry)
    with pytest.raises(ValueError, match="nothing"):
        settle(1_100, 0, [1_000], 0, 1)


def _closed(budget: Budget, **choice: Any) -> list[Statement]:
    by = make_finance.finance_officer()
    chosen = Choice(**choice)
    prepared = budget_closing.prepare(budget, chosen)
    made = budget_closing.close(budget, prepared, chosen, by)
    db.session.commit()
    return made


def test_closing_makes_a_statement_in_word_and_pdf_for_each_partner(last_year: Budget) -> None:
    standing = budget_figures.standing(last_year)
    left = standing.contribution.planned - standing.cost.actual
    gent, aalst = _closed(last_year, carry_cents=100_001)
    assert gent.balance_cents + aalst.balance_cents == left
    assert gent.carried_cents + aalst.carried_cents == 100_001
    assert last_year.status == YearStatus.CLOSED
    data, document = budget_closing.read(gent, "pdf")
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    folded = words.replace("\u00a0", " ")
    assert "Stad Gent" in folded
    assert "30.000,01" in folded
    assert f"Afrekening {last_year.year}" in folded
    assert "Terug" in folded
    assert (document.filename or "").endswith("Stad Gent.pdf")
    word, _document = budget_closing.read(aalst, "word")
    assert word.startswith(b"PK")


def test_a_shortage_is_borne_by_hsv_and_said(last_year: Budget) -> None:
    planned = budget_figures.standing(last_year).contribution.planned
    make_budget.cost(last_year, planned, "B20")
    gent, aalst = _closed(last_year)
    assert gent.figures_json["shortage"] == 3_000_001
    assert (gent.balance_cents, gent.returned_cents, aalst.carried_cents) == (0, 0, 0)


def test_what_stands_in_the_way_is_said_before_anything_is_printed(
    last_year: Budget, browser: Browser
) -> None:
    this_year = make_budget.opened(last_year.agreement)
    make_budget.commitment(last_year, 100, "B20")
    wim = browser.sign_in(make_agreement.finance_officer().account)
    place = {"reference": last_year.agreement.reference}
    page = wim.get("finance.close_budget", year=last_year.year, **place)
    assert "nog iets vastgelegd" in page.text
    page = wim.get("finance.close_budget", year=this_year.year, **place)
    assert "nog niet voorbij" in page.text
    assert "Sluit eerst het vorige jaar af" in page.text
    with pytest.raises(DomainError):
        budget_closing.prepare(this_year, Choice())
    typed = {"checked": "y"}
    refused = wim.submit(page, "finance.close_budget", typed, year=this_year.year, **place)
    assert refused.errors
    assert make.number_of(Statement) == 0


def test_carrying_over_more_than_the_reserve_needs_the_steering_group(last_year: Budget) -> None:
    most = budget_closing.reserve_cents(last_year)
    assert most == budget_figures.standing(last_year).cost.planned // 10
    with pytest.raises(DomainError, match="stuurgroep") as refused:
        budget_closing.prepare(last_year, Choice(most + 1))
    assert refused.value.field == "steering_on"
    with pytest.raises(DomainError, match="hoogstens") as refused:
        budget_closing.prepare(last_year, Choice(10**9, date(2026, 1, 5)))
    assert refused.value.field == "carry"
    agreed = Choice(most + 1, date(last_year.year, 12, 1))
    assert budget_closing.prepare(last_year, agreed).statements[0].figures["steering_on"]


def test_what_was_booked_while_printing_stops_the_closing(last_year: Budget) -> None:
    prepared = budget_closing.prepare(last_year, Choice())
    make_budget.cost(last_year, 1, "B20")
    with pytest.raises(ConflictError, match="geboekt"):
        budget_closing.close(last_year, prepared, Choice(), make_finance.finance_officer())


def test_hsv_closes_a_partner_asks_hsv_answers_and_the_partner_approves(
    last_year: Budget, app: Flask
) -> None:
    place = {"reference": last_year.agreement.reference, "year": last_year.year}
    gent = last_year.agreement.parties[0].organisation
    contact = make_finance.finance_contact(gent)
    wim = Browser(app).sign_in(make_agreement.finance_officer().account)
    page = wim.get("finance.close_budget", **place)
    assert wim.submit(page, "finance.close_budget", {"carry": "10"}, **place).errors
    done = wim.submit(page, "finance.close_budget", {"carry": "10", "checked": "y"}, **place)
    shown = wim.follow(done)
    assert "Wacht op goedkeuring" in shown.text
    mail = db.session.query(OutboxMessage).filter(OutboxMessage.subject.contains("Afrekening"))
    sent = [m for m in mail if m.payload["to"] == contact.account.email]
    assert len(sent) == 1
    nele = Browser(app).sign_in(contact.account)
    assert "Keur ze goed, of stel er een vraag over." in nele.get("home.start").text
    mine = db.session.query(Statement).filter_by(organisation_id=gent.id).one()
    here = {**place, "statement_id": mine.id}
    assert sent[0].payload["button_url"] == nele.path("finance.statement", **here)
    page = nele.get("finance.statement", **here)
    assert nele.submit(page, "finance.question_statement", {"text": ""}, **here).errors
    asked = {"text": "Waarom is B10 lager?"}
    assert (
        "Je vraag is bezorgd"
        in nele.follow(nele.submit(page, "finance.question_statement", asked, **here)).text
    )
    assert "Een partner heeft een vraag." in wim.get("home.start").text
    assert "Afrekeningen die op jou wachten" not in nele.get("home.start").text
    page = wim.get("finance.statement", **here)
    assert "Waarom is B10 lager?" in page.text
    wim.submit(page, "finance.answer_statement", {"text": "Vacature in mei."}, **here)
    page = nele.get("finance.statement", **here)
    assert "Vacature in mei." in page.text
    assert (
        "goedgekeurd"
        in nele.follow(nele.submit(page, "finance.approve_statement", {}, **here)).text
    )
    again = nele.submit(page, "finance.approve_statement", {}, **here)
    assert again.status == 409
    assert nele.get("finance.statement_file", form="pdf", **here).body.startswith(b"%PDF")


def test_a_partner_sees_its_own_statement_only(last_year: Budget, app: Flask) -> None:
    gent, aalst = _closed(last_year)
    place = {"reference": last_year.agreement.reference, "year": last_year.year}
    contact = make_finance.finance_contact(last_year.agreement.parties[0].organisation)
    nele = Browser(app).sign_in(contact.account)
    assert nele.get("finance.statement", statement_id=gent.id, **place).status == 200
    theirs = nele.get("finance.statement", statement_id=aalst.id, **place)
    missing = nele.get("finance.statement", statement_id=7, **place)
    assert (theirs.status, theirs.body) == (404, missing.body)
    for form in ("pdf", "word"):
        page = nele.get("finance.statement_file", statement_id=aalst.id, form=form, **place)
        assert page.status == 404
    page = nele.get("finance.statement", statement_id=gent.id, **place)
    answer = nele.submit(page, "finance.approve_statement", {}, statement_id=aalst.id, **place)
    assert answer.status == 404


def test_a_signatory_reads_a_statement_but_does_not_approve_it(
    last_year: Budget, app: Flask
) -> None:
    gent, _aalst = _closed(last_year)
    place = {
        "reference": last_year.agreement.reference,
        "year": last_year.year,
        "statement_id": gent.id,
    }
    who = make.membership("signatory", last_year.agreement.parties[0].organisation)
    els = Browser(app).sign_in(who.account)
    page = els.get("finance.statement", **place)
    assert page.status == 200
    assert "Afrekening goedkeuren" not in page.text
    assert els.submit(page, "finance.approve_statement", {}, **place).status == 403


def test_what_is_carried_over_counts_next_year_once_the_partners_approve(
    last_year: Budget,
) -> None:
    this_year = make_budget.opened(last_year.agreement)
    statements = _closed(last_year, carry_cents=50_000)
    assert budget_figures.standing(this_year).carried == 0
    for one in statements:
        by = make.actor(make_finance.finance_contact(one.organisation))
        budget_closing.approve(one, by, one.version)
    db.session.commit()
    after = budget_figures.standing(this_year)
    assert after.carried == 50_000
    assert after.result == 50_000 + (
        after.contribution.forecast + after.other_income.forecast - after.cost.forecast
    )


def test_reopening_makes_the_statements_void_and_closing_again_makes_new_ones(
    last_year: Budget,
) -> None:
    first = _closed(last_year)
    by = make_finance.finance_officer()
    with pytest.raises(DomainError, match="waarom"):
        budget_closing.reopen(last_year, " ", by, None)
    budget_closing.reopen(last_year, "Factuur vergeten", by, last_year.version)
    db.session.commit()
    assert {one.status for one in first} == {StatementStatus.REPLACED}
    before = budget_closing.read(first[0], "pdf")[0]
    make_budget.cost(last_year, 5_000, "B20")
    second = _closed(last_year)
    assert [one.number for one in second] == [2, 2]
    assert budget_closing.read(first[0], "pdf")[0] == before
    assert second[0].figures_json["cost"][1] == 3_005_001


def test_a_year_whose_next_one_is_closed_stays_closed(last_year: Budget, clock: Any) -> None:
    for one in _closed(last_year):
        by = make.actor(make_finance.finance_contact(one.organisation))
        budget_closing.approve(one, by, None)
    this_year = budget_opening.open_year(
        last_year.agreement, last_year.year + 1, make_finance.finance_officer()
    )
    db.session.commit()
    clock.move_to(f"{last_year.year + 2}-02-01T09:00:00Z")
    _closed(this_year)
    with pytest.raises(DomainError, match="volgende jaar"):
        budget_closing.reopen(last_year, "Fout", make_finance.finance_officer(), None)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE budget_statement SET balance_cents = 1",
        "UPDATE budget_statement SET figures_json = '{}'",
        "DELETE FROM budget_statement",
        "UPDATE budget_statement_event SET note = 'x'",
    ],
)
def test_the_database_refuses_to_change_what_was_sent(last_year: Budget, change: str) -> None:
    _closed(last_year)
    with pytest.raises(DBAPIError, match="does not change"), db.session.begin_nested():
        db.session.execute(text(change))


def test_two_people_closing_at_once_close_once(last_year: Budget) -> None:
    by = make_finance.finance_officer()
    prepared = budget_closing.prepare(last_year, Choice())
    budget_closing.close(last_year, prepared, Choice(), by)
    db.session.commit()
    with pytest.raises(ConflictError):
        budget_closing.close(last_year, prepared, Choice(), by)
    assert make.number_of(Statement) == 2
