"""Unmet demand: counts that lead to no family, for the staff of Home-Start Vlaanderen."""

from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from portal.core.db import db
from portal.core.permissions import Role
from portal.referrals import unmet
from portal.referrals.models import Referral, UnmetDemand
from tests import make
from tests.browser import Browser, Page
from tests.directory.conftest import count_queries
from tests.referrals.conftest import World
from tests.referrals.make_referral import submitted

ANTWERPEN, KORTRIJK, LEUVEN = ("11002", "2000"), ("34022", "8500"), ("24062", "3000")


def ask(world: World, place: tuple[str, str], **overrides: Any) -> Referral:
    nis, postcode = place
    return submitted(world.branch, world.referrer, nis=nis, postcode=postcode, **overrides)


@pytest.fixture
def staff(world: World, browser: Browser) -> Browser:
    return browser.sign_in(make.membership(Role.AGREEMENTS_MANAGER).account)


def lines(page: Page) -> list[tuple[str, str]]:
    """Return (municipality, number) of each row."""
    rows = [e for e in page.find("tr") if len(list(e)) > 1][1:]
    cells = [["".join(cell.itertext()).strip() for cell in row] for row in rows]
    return [(row[0], row[2]) for row in cells]


def test_municipalities_are_counted_the_most_asked_first(staff: Browser, world: World) -> None:
    ask(world, ANTWERPEN)
    for _ in range(2):
        ask(world, KORTRIJK)
    page = staff.get("referrals.unmet")
    assert lines(page) == [("Kortrijk", "2"), ("Antwerpen", "1")]
    assert "3 vragen in 2 gemeenten" in page.text


def test_the_list_filters_by_province_and_period(
    browser: Browser, world: World, clock: Any
) -> None:
    clock.move_to("2024-05-10T10:00:00+02:00")
    ask(world, ANTWERPEN)
    clock.move_to("2026-11-10T10:00:00+01:00")
    ask(world, ANTWERPEN)
    ask(world, KORTRIJK)
    staff = Browser(browser.app).sign_in(make.membership(Role.AGREEMENTS_MANAGER).account)
    found = lines(staff.get("referrals.unmet", provincie="Antwerpen"))
    assert found == [("Antwerpen", "2")]
    page = staff.get("referrals.unmet", periode="12")
    assert sorted(lines(page)) == [("Antwerpen", "1"), ("Kortrijk", "1")]
    assert "2 vragen in 2 gemeenten" in page.text
    assert lines(staff.get("referrals.unmet", provincie="Antwerpen", periode="vorig-jaar")) == []
    assert len(lines(staff.get("referrals.unmet", periode="onzin", provincie="x"))) == 2


def test_one_municipality_shows_months_referrers_and_indicators(
    staff: Browser, world: World
) -> None:
    ask(world, ANTWERPEN, situation={"indicators": ("financial", "newcomer")})
    ask(world, ANTWERPEN, situation={"indicators": ("financial",)})
    page = staff.get("referrals.unmet_municipality", nis="11002")
    assert "2 vragen waarvoor er geen werking was" in page.text
    assert "Financieel kwetsbaar" in page.text
    assert "CAW" in page.text
    needs = unmet.needs_of("11002", "")
    assert dict(needs.by_indicator) == {
        "Financieel kwetsbaar": 2,
        "Gezinslid met een psychische kwetsbaarheid": 2,
        "Nieuwkomer: minder dan 5 jaar in België": 1,
    }
    assert needs.by_kind == [("CAW", 2)]
    assert staff.get("referrals.unmet_municipality", nis="00000").status == 404


def test_no_page_and_no_export_leads_to_a_family(staff: Browser, world: World) -> None:
    referral = ask(world, ANTWERPEN, consent={"kept_when_unserved": True})
    shown = [
        staff.get("referrals.unmet"),
        staff.get("referrals.unmet_municipality", nis="11002"),
        staff.get("referrals.unmet", formaat="csv"),
    ]
    for page in shown:
        assert page.status == 200
        assert referral.reference.encode() not in page.body
        assert b"Nadia" not in page.body
    row = db.session.scalars(select(UnmetDemand)).one()
    columns = {column.name for column in UnmetDemand.__table__.columns}
    assert columns == {"id", "municipality_nis", "month", "referrer_kind", "indicators"}
    assert row.month.day == 1


def test_the_list_leaves_as_csv_and_as_excel(staff: Browser, world: World) -> None:
    ask(world, ANTWERPEN)
    csv = staff.get("referrals.unmet", formaat="csv")
    assert "11002" in csv.response.get_data(as_text=True)
    excel = staff.get("referrals.unmet", formaat="xlsx")
    sheet = openpyxl.load_workbook(BytesIO(excel.body)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:4] == ("NIS-code", "Gemeente", "Provincie", "Aantal vragen")
    assert rows[1][:4] == ("11002", "Antwerpen", "Antwerpen", 1)


def test_a_branch_that_opened_since_is_shown_beside_the_count(staff: Browser, world: World) -> None:
    ask(world, LEUVEN)
    make.branch(["24062"], "Home-Start Leuven")
    assert "Home-Start Leuven" in staff.get("referrals.unmet").text
    assert unmet.most_asked(5) == []


@pytest.mark.parametrize("role", [Role.REFERRER, Role.COORDINATOR, Role.NEGOTIATOR, Role.DPO])
def test_others_do_not_see_it(browser: Browser, world: World, role: Role) -> None:
    signed_in = browser.sign_in(make.membership(role).account)
    assert signed_in.get("referrals.unmet").status == 403
    assert signed_in.get("referrals.unmet_municipality", nis="11002").status == 403


def test_the_number_of_queries_does_not_depend_on_the_number_of_municipalities(
    staff: Browser, world: World
) -> None:
    ask(world, ANTWERPEN)
    with count_queries() as one:
        staff.get("referrals.unmet")
    for place in (KORTRIJK, LEUVEN, ("41002", "9300")):
        ask(world, place)
    with count_queries() as many:
        assert len(lines(staff.get("referrals.unmet"))) == 4
    assert len(many) == len(one) <= 8


def test_periods_begin_on_the_first_of_a_month(world: World, clock: Any) -> None:
    clock.move_to("2026-02-28T10:00:00+01:00")
    for month in (date(2025, 2, 1), date(2025, 3, 1), date(2026, 1, 1), date(2026, 2, 1)):
        db.session.add(
            UnmetDemand(municipality_nis="11002", month=month, referrer_kind="caw", indicators=[])
        )
    db.session.commit()
    counted = {period: unmet.totals(period)[0] for period in ("", *unmet.PERIODS)}
    assert counted == {"": 4, "12": 3, "36": 4, "dit-jaar": 2, "vorig-jaar": 2}
