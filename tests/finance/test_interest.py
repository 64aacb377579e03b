"""What lateness costs: counted by half-year, said where no rate is known, charged by decision."""

import itertools
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.core import clock as time
from portal.core.db import db
from portal.core.errors import DomainError
from portal.finance import charging, interest, payments
from portal.finance.content import Line
from portal.finance.models import InterestCharge, InvoiceKind, InvoiceStatus
from tests import make
from tests.agreements import make_agreement
from tests.browser import Browser
from tests.finance import make_finance, make_late, make_payment

pytestmark = pytest.mark.usefixtures("settings")


@pytest.fixture(autouse=True)
def november(clock) -> None:  # type: ignore[no-untyped-def]
    clock.move_to(datetime(2026, 11, 23, 9, tzinfo=UTC))


def test_each_half_year_counts_at_its_own_rate() -> None:
    found = interest.count(1_000_00, [], date(2025, 6, 21), date(2025, 7, 20), "commercial")
    assert [(one.days, one.rate_bp) for one in found.stretches] == [(10, 1150), (20, 1050)]
    assert [one.cents for one in found.stretches] == [3_15, 5_75]  # 1000 x 11.5 % x 10 / 365 …
    assert found.cents == 8_90


def test_what_was_paid_bears_interest_until_the_day_it_was_paid() -> None:
    paid = [(date(2026, 8, 10), 400_00)]
    found = interest.count(1_000_00, paid, date(2026, 8, 1), date(2026, 8, 20), "commercial")
    assert [(one.open_cents, one.days) for one in found.stretches] == [(1_000_00, 10), (600_00, 10)]


def test_a_half_year_without_a_published_rate_is_said_and_not_guessed() -> None:
    found = interest.count(1_000_00, [], date(2026, 12, 30), date(2027, 1, 10), "commercial")
    assert found.unknown_from == date(2027, 1, 1)
    assert [one.rate_bp for one in found.stretches] == [1050, None]
    assert found.cents == sum(one.cents for one in found.known) == 58


def test_the_legal_rate_holds_where_the_agreement_says_so() -> None:
    found = interest.count(1_000_00, [], date(2026, 1, 1), date(2026, 12, 31), "legal")
    assert found.cents == 45_00  # 4,5 % on a whole year


@given(
    asked=st.integers(1, 10_000_00),
    settled=st.lists(
        st.tuples(st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.integers(-500_00, 500_00)),
        max_size=6,
    ),
    days=st.tuples(
        st.dates(date(2024, 1, 1), date(2027, 6, 30)), st.dates(date(2024, 1, 1), date(2027, 6, 30))
    ),
)
def test_every_day_is_counted_once_whatever_was_paid_when(
    asked: int, settled: list[tuple[date, int]], days: tuple[date, date]
) -> None:
    first, last = min(days), max(days)
    found = interest.count(asked, settled, first, last, "commercial")
    counted = [(one.from_on, one.to_on) for one in found.stretches]
    assert all(a <= b for a, b in counted)
    assert all(b < c for (_a, b), (c, _d) in itertools.pairwise(counted))
    assert all(first <= a and b <= last for a, b in counted)
    for one in found.stretches:
        left = asked - sum(cents for day, cents in settled if day < one.from_on)
        assert one.open_cents == left > 0


def test_interest_and_cost_become_a_claim_only_when_a_person_decides_so(clock) -> None:  # type: ignore[no-untyped-def]
    officer = make_finance.finance_officer()
    invoice = make_late.late(make_late.partner(), 73, 1_000_00, clock_=clock)
    shown = charging.late(invoice, time.today())
    assert shown is not None
    assert (shown.chargeable_cents, shown.cost_cents) == (21_00, 40_00)  # 10,5 % x 73 / 365
    assert make.number_of(InterestCharge) == 0
    claim = charging.charge(officer, invoice, with_interest=True, with_cost=True)
    db.session.commit()
    assert (claim.kind, claim.status) == (InvoiceKind.CLAIM, InvoiceStatus.DRAFT)
    assert claim.total_cents == 61_00
    words = claim.lines[0].description.replace("\u00a0", " ")
    assert f"{invoice.number}: € 1.000,00 tegen 10,5 % van 12/09/2026" in words
    assert "(73 dagen)" in words


def test_no_day_is_charged_twice_and_the_cost_once(clock) -> None:  # type: ignore[no-untyped-def]
    officer = make_finance.finance_officer()
    invoice = make_late.late(make_late.partner(), 10, clock_=clock)
    charging.charge(officer, invoice, with_interest=False, with_cost=True)
    charging.charge(officer, invoice, with_interest=True, with_cost=True)
    db.session.commit()
    with pytest.raises(DomainError):
        charging.charge(officer, invoice, with_interest=True, with_cost=True)
    clock.move_to(datetime(2026, 11, 25, 9, tzinfo=UTC))
    again = charging.late(invoice, time.today())
    assert again is not None
    assert [(one.from_on, one.to_on) for one in again.interest.stretches] == [
        (date(2026, 11, 24), date(2026, 11, 25))
    ]
    assert again.cost_cents == 0


def test_interest_goes_by_the_day_money_came_and_not_the_day_it_was_placed(clock) -> None:  # type: ignore[no-untyped-def]
    invoice = make_late.late(make_late.partner(), 30, 1_000_00, clock_=clock)
    assert invoice.due_on is not None
    make_payment.paid(invoice, on=invoice.due_on)
    assert charging.late(invoice, time.today()) is None


def test_what_charges_lateness_is_not_charged_for_lateness_itself(clock) -> None:  # type: ignore[no-untyped-def]
    officer = make_finance.finance_officer()
    invoice = make_late.late(make_late.partner(), 40, clock_=clock)
    claim = charging.charge(officer, invoice, with_interest=True, with_cost=True)
    from portal.finance import issuing

    issuing.issue(officer, claim, claim.version)
    db.session.commit()
    clock.move_to(datetime(2027, 3, 1, 9, tzinfo=UTC))
    assert payments.open_cents(claim) == claim.total_cents
    assert charging.late(claim, time.today()) is None


def test_an_agreement_under_the_legal_rate_gives_no_right_to_the_fixed_cost(
    clock,  # type: ignore[no-untyped-def]
    offer: object,
) -> None:
    organisation = make_late.partner()
    agreement = make_finance.active([organisation])
    invoice = make_late.late(organisation, 20, clock_=clock, agreement_id=agreement.id)
    found = charging.late(invoice, time.today())
    assert found is not None
    assert (found.interest.kind, found.cost_cents) == ("legal", 0)


def test_on_screen_one_sees_the_sum_and_charges_a_part_of_it(app: Flask, clock, session: Session):  # type: ignore[no-untyped-def]
    invoice = make_late.late(make_late.partner(), 73, 1_000_00, clock_=clock)
    bram = Browser(app).sign_in(make_agreement.finance_officer().account)
    page = bram.get("finance.invoice", reference=invoice.reference)
    assert "73 dagen te laat" in page.text
    assert "€ 21,00" in page.text.replace("\u00a0", " ")
    page = bram.get("finance.charge_interest", reference=invoice.reference)
    nothing = bram.submit(page, "finance.charge_interest", {}, reference=invoice.reference)
    assert nothing.errors == ["Kies wat je aanrekent. Wat al aangerekend is, kan niet nog eens."]
    done = bram.submit(
        page, "finance.charge_interest", {"with_interest": "y"}, reference=invoice.reference
    )
    assert done.status in (302, 303)
    made = db.session.query(InterestCharge).one()
    assert (made.interest_cents, made.cost_cents) == (21_00, 0)
    listed = bram.get("finance.to_bill").text
    assert "Verwijlinterest op" in listed


def test_a_free_invoice_line_of_nothing_is_left_out_of_the_claim(clock) -> None:  # type: ignore[no-untyped-def]
    officer = make_finance.finance_officer()
    invoice = make_finance.issued(make_late.partner(), Line("Sticker", 10), term_days=1)
    clock.move_to(datetime(2026, 11, 26, 9, tzinfo=UTC))
    claim = charging.charge(officer, invoice, with_interest=True, with_cost=True)
    assert [line.cents for line in claim.lines] == [40_00]
