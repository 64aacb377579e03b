"""What partners owe: late by age, and expected over twelve months; each sees its own."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.core import clock as time
from portal.core.money import euro
from portal.finance import billing, dues, owed
from portal.finance.payment_state import PaymentState
from tests import make
from tests.agreements import make_agreement
from tests.browser import Browser
from tests.directory.conftest import count_queries
from tests.finance import make_finance, make_late, make_payment
from tests.finance.make_late import late, partner

pytestmark = pytest.mark.usefixtures("settings")


@pytest.fixture(autouse=True)
def november(clock) -> None:  # type: ignore[no-untyped-def]
    clock.move_to(datetime(2026, 11, 23, 9, tzinfo=UTC))


def test_what_is_late_is_summed_by_partner_and_age(clock) -> None:  # type: ignore[no-untyped-def]
    temse, lokeren = partner(), partner("Stad Lokeren")
    for days in (1, 30, 31, 60, 61, 90, 91):
        late(temse, days, 10_00, clock_=clock)
    late(temse, 0, clock_=clock)  # due today: not late
    make_payment.paid(late(lokeren, 40, 500_00, clock_=clock), 100_00)
    make_payment.paid(late(lokeren, 100, 70_00, clock_=clock))
    found = owed.aged(make_finance.finance_officer(), time.today())
    assert [(one.organisation_id, one.by_age) for one in found] == [
        (lokeren.id, (0, 400_00, 0, 0)),
        (temse.id, (20_00, 20_00, 20_00, 10_00)),
    ]


def test_expected_is_what_is_open_on_its_day_and_what_is_still_to_bill(
    clock,  # type: ignore[no-untyped-def]
    offer: object,
) -> None:
    officer = make_finance.finance_officer()
    temse = partner()
    make_finance.active([temse], starts_on=date(2027, 1, 1))
    late(temse, 20, 40_00, clock_=clock)
    late(temse, -20, 60_00, clock_=clock)
    found = owed.expected(officer, dues.visible_to(officer), time.today())
    assert len(found.months) == 12
    assert (found.months[0].first_on, found.late_cents) == (date(2026, 11, 1), 40_00)
    assert [one.billed_cents for one in found.months if one.billed_cents] == [60_00]
    coming = [due for due in dues.visible_to(officer) if due.on and due.year == 2027]
    unbilled = {one.first_on: one.unbilled_cents for one in found.months if one.unbilled_cents}
    paid_by = {(due.on + timedelta(days=30)).replace(day=1): due.cents for due in coming if due.on}
    assert unbilled == paid_by
    assert found.conditional_cents > 0
    clock.move_to(datetime(2027, 2, 1, 9, tzinfo=UTC))
    billing.prepare(billing.standing(time.today()).to_bill, officer)
    again = owed.expected(officer, dues.visible_to(officer), time.today())
    # The draft of the first instalment counts on the day it is due when it is issued now.
    drafted = {one.first_on: one.unbilled_cents for one in again.months if one.unbilled_cents}
    assert {on: cents for on, cents in drafted.items() if on.year == 2027} == unbilled


def test_hsv_sees_what_waits_and_the_sums_on_its_start_page(app: Flask, clock) -> None:  # type: ignore[no-untyped-def]
    late(partner(), 40, 333_00, clock_=clock)
    make_payment.received(55_00)
    assert owed.to_do(time.today()) == owed.ToDo(1, 1, 55_00)
    page = Browser(app).sign_in(make_agreement.finance_officer().account).get("finance.start")
    words = page.text.replace("\u00a0", " ")
    assert "Te laat, per ouderdom" in words
    assert euro(333_00).replace("\u00a0", " ") in words
    assert "Daarnaast is € 333,00 te laat." in words
    assert any("Per maand" in "".join(e.itertext()) for e in page.find("figcaption"))


def test_a_partner_sees_what_it_has_to_pay_and_nothing_of_another(app: Flask, clock) -> None:  # type: ignore[no-untyped-def]
    temse = partner()
    mine, theirs = late(temse, 5, clock_=clock), late(partner("Elders"), 5, clock_=clock)
    partly = late(temse, -5, clock_=clock)
    make_payment.paid(partly, 50_00)
    contact = make_finance.finance_contact(temse)
    found = owed.still_open(make.actor(contact), time.today(), 10)
    assert [(one.number, one.state, one.cents) for one in found] == [
        (mine.number, PaymentState.OVERDUE, 250_00),
        (partly.number, PaymentState.PARTLY_PAID, 200_00),
    ]
    page = Browser(app).sign_in(contact.account).get("finance.start")
    assert str(mine.number) in page.text
    assert str(theirs.number) not in page.text
    assert "Deels betaald" in page.text
    assert "Te laat, per ouderdom" not in page.text


def test_the_sums_cost_as_many_queries_however_many_invoices(session: Session, clock) -> None:  # type: ignore[no-untyped-def]
    officer, today = make_finance.finance_officer(), time.today()
    late(partner(), 10, clock_=clock)

    def ask() -> None:
        owed.aged(officer, today)
        owed.expected(officer, [], today)
        owed.to_do(today)

    with count_queries() as few:
        ask()
    for number in range(3):
        late(partner(f"Gemeente {number}"), 10, clock_=clock)
    session.expunge_all()
    with count_queries() as many:
        ask()
    assert len(many) == len(few)
    assert make_late.batches()
