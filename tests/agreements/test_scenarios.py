"""What a branch would cost: for any municipalities, size and start, shared out to the euro."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.agreements import scenarios
from portal.agreements.offer import Offer
from portal.agreements.scenarios import EQUALLY, INHABITANTS, Scenario, Snapshot
from portal.core.plain import from_plain, to_plain
from portal.directory.gazetteer import places
from tests.agreements import make_agreement
from tests.agreements.make_agreement import AALST, GENT, MERELBEKE_MELLE

THREE = (GENT, MERELBEKE_MELLE, AALST)


@pytest.fixture
def offer(session: Session) -> Offer:
    return make_agreement.offer()


def _priced(offer: Offer, **changes: Any) -> Snapshot:
    return scenarios.price(Scenario(date(2027, 9, 1), **changes), offer, 1, "Aanbod 2026")


def test_package_b_from_september_costs_a_third_in_its_first_calendar_year(offer: Offer) -> None:
    _a, b, _c = _priced(offer).quotes
    assert (b.first_cents, b.following_cents) == (53_244_00, 53_244_00)
    assert [(y.year, y.months, y.cents) for y in b.years] == [
        (2027, 4, 17_748_00),
        (2028, 12, 53_244_00),
        (2029, 12, 53_244_00),
        (2030, 8, 35_496_00),
    ]


def test_package_a_shows_what_the_partner_bears_itself(offer: Offer) -> None:
    a, b, _c = _priced(offer).quotes
    assert a.own_cents == 43_800_00
    assert b.own_cents == 0


def test_package_c_costs_what_its_chosen_services_cost(offer: Offer) -> None:
    few = _priced(offer, services=(1,)).quotes[2]
    more = _priced(offer, services=(1, 4)).quotes[2]
    assert 0 < few.following_cents < more.following_cents
    assert _priced(offer, services=()).quotes[2].following_cents == 0


def test_more_families_and_more_hours_cost_more(offer: Offer) -> None:
    usual, families, hours = (
        _priced(offer, **changes).quotes[1].following_cents
        for changes in ({}, {"families": 30}, {"fte_percent": 100})
    )
    assert usual < families < hours


def test_inhabitants_share_the_cost_or_all_bear_as_much(offer: Offer) -> None:
    gent, merelbeke, aalst = _priced(offer, nis=THREE).quotes[1].years[1].shares_cents
    assert gent > aalst > merelbeke
    equal = _priced(offer, nis=THREE, sharing=EQUALLY).quotes[1].years[1].shares_cents
    assert max(equal) - min(equal) <= 1_00


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    nis=st.lists(st.sampled_from(sorted(places())), max_size=20, unique=True),
    starts_on=st.dates(date(2027, 1, 1), date(2035, 12, 1)),
    fte=st.integers(1, 1000),
    families=st.integers(1, 500),
    sharing=st.sampled_from([INHABITANTS, EQUALLY]),
    services=st.sets(st.integers(1, 10)),
)
def test_any_scenario_adds_up_and_comes_back_from_an_enquiry(
    offer: Offer,
    nis: list[str],
    starts_on: date,
    fte: int,
    families: int,
    sharing: str,
    services: set[int],
) -> None:
    scenario = Scenario(
        starts_on.replace(day=1), tuple(nis), fte, families, sharing, tuple(sorted(services))
    )
    snapshot = scenarios.price(scenario, offer, 1, "Aanbod 2026")
    for quote in snapshot.quotes:
        for year in quote.years:
            assert year.cents % 100 == 0
            assert not nis or sum(year.shares_cents) == year.cents
    assert from_plain(Snapshot, to_plain(snapshot)) == snapshot


def test_a_coordinator_follows_a_limited_number_of_families(offer: Offer) -> None:
    assert _priced(offer).most_families == 25
    assert _priced(offer, fte_percent=100).most_families == 50


def test_the_address_of_a_scenario_says_all_of_it() -> None:
    scenario = Scenario(date(2027, 9, 1), (GENT, AALST), 75, 30, EQUALLY, (1, 4))
    assert scenario.query() == (
        "nis=44021&nis=41002&start=2027-09&vte=0%2C75&gezinnen=30&verdeling=gelijk"
        "&diensten=1&diensten=4"
    )
    assert replace(scenario, services=()).query().endswith("verdeling=gelijk")
