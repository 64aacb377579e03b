"""What people type in a list, understood the way they meant it or refused in plain words."""

from datetime import date
from typing import Any

import pytest

from portal.referrals.takeover import cells
from portal.referrals.takeover.cells import CellError
from portal.referrals.takeover.columns import COLUMNS, MANNERS


@pytest.fixture(autouse=True)
def _now(clock: Any) -> None:
    clock.move_to("2026-11-23T10:00:00+01:00")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("15/3/2024", date(2024, 3, 15)),
        ("15-03-24", date(2024, 3, 15)),
        ("15.03.98", date(1998, 3, 15)),
        ("15 maart 2024", date(2024, 3, 15)),
        ("5 MRT 24", date(2024, 3, 5)),
        ("2024-03-15", date(2024, 3, 15)),
        ("2024-03-15 00:00:00", date(2024, 3, 15)),
        ("15/03/2024 00:00", date(2024, 3, 15)),
        ("45366", date(2024, 3, 15)),
        (date(2024, 3, 15), date(2024, 3, 15)),
    ],
    ids=str,
)
def test_a_day_is_understood_as_people_write_it(typed: Any, meant: date) -> None:
    assert cells.day(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["31/02/2024", "15/13/2024", "maart", "2024", "15/03/0024", "99999", "gisteren", "15/03/1890"],
)
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(CellError, match="geen datum"):
        cells.day(typed)


@pytest.mark.parametrize(
    "typed",
    ["3/2022", "03-22", "maart 2022", "2022-03", "2022/3", "17/03/2022", date(2022, 3, 17)],
    ids=str,
)
def test_of_a_birth_only_the_month_is_kept(typed: Any) -> None:
    assert cells.month(typed) == date(2022, 3, 1)


def test_a_telephone_number_gets_back_the_zero_a_spreadsheet_took() -> None:
    assert cells.phone("470123456") == "0470123456"
    assert cells.phone("9 123 45 67") == "09 123 45 67"
    assert cells.phone("+32 470 12 34 56") == "+32 470 12 34 56"
    for typed in ("12345", "geen", "0470 12 34 56 (mama)", "0" * 30):
        with pytest.raises(CellError, match="geen telefoonnummer"):
            cells.phone(typed)


def test_a_choice_is_found_without_capitals_or_accents_and_else_named_with_the_others() -> None:
    assert cells.choice("MONDELING", MANNERS) == "spoken"
    with pytest.raises(CellError) as refused:
        cells.choice("per duif", MANNERS)
    assert refused.value.values == {"text": "per duif", "choices": "Mondeling, Schriftelijk"}


def test_a_national_register_number_is_refused_in_every_text() -> None:
    for column in COLUMNS:
        if column.read.__class__.__name__ == "partial" and not column.choices:
            with pytest.raises(CellError):
                column.read("85.07.30-033.28")


@pytest.mark.parametrize("typed", ["a b@c.be", "a@b", "@b.be", "a@b.be, c@d.be", "<a@b.be>"])
def test_what_is_no_email_address_is_refused(typed: str) -> None:
    with pytest.raises(CellError, match="geen e-mailadres"):
        cells.email(typed)
