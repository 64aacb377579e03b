"""National register numbers are found however they are written; other numbers are left alone."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.national_number import contains_national_number

SEPARATORS = st.sampled_from(["", " ", ".", "-", "/", " - ", "–", "\u00a0"]).filter(
    lambda s: len(s) <= 2
)
BORN = st.dates(date(1930, 1, 1), date(2029, 12, 31))


def national_number(born: date, serial: int, bis: int = 0) -> str:
    """Return the eleven digits somebody born that day could have."""
    first = f"{born:%y}{born.month + bis:02}{born.day:02}{serial:03}"
    whole = int(("2" if born.year >= 2000 else "") + first)
    return f"{first}{97 - whole % 97:02}"


NUMBERS = st.builds(
    national_number, BORN, st.integers(1, 998), st.sampled_from([0, 0, 20, 40])
).filter(lambda n: not n.startswith(("3245", "3246", "3247", "3248", "3249")))


@pytest.mark.parametrize(
    "words",
    [
        "85073003328",
        "85.07.30-033.28",
        "Mama (85.07.30-033.28) belde",
        "rijksregister: 850730 033 28.",
        "85 07 30 033 28",
        "85/07/30-033-28",
        "nr.85073003328en meer",
        "17073003384",
        "８５０７３００３３２８",
        "geboren 30/07/1985, 85.07.30-033.28",
        "gsm 0470 12 34 56, nummer 85073003328",
    ],
)
def test_a_national_number_is_found(words: str) -> None:
    assert contains_national_number(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "0404.616.494",
        "BE 0404.616.494",
        "KBO 0404616494 en OVO002067",
        "0470 12 34 56",
        "+32 470 12 34 56",
        "+32470123456",
        "+32 (0)470 12 34 56",
        "0032 470 12 34 56",
        "0032470123456",
        "02 123 45 67 of 09/123.45.67",
        "15/11/2026",
        "2026-11-15",
        "15/11/2026 15.30",
        "5-11-2026 14.30",
        "BE71 0961 2345 6769",
        "+++090/9337/55493+++",
        "9000 Gent, Dorpsstraat 12 bus 3",
        "3 kinderen: 2019, 2021 en 2024",
        "85.07.30-033.29",
        "850730033281",
        "185073003328",
    ],
)
def test_another_number_is_left_alone(words: str) -> None:
    assert not contains_national_number(words)


@given(NUMBERS, st.data())
def test_every_valid_number_is_found_whatever_stands_between_its_groups(number: str, data) -> None:
    groups = data.draw(st.sampled_from([(2, 2, 2, 3, 2), (6, 3, 2), (6, 5), (11,), (3, 3, 3, 2)]))
    written, at = "", 0
    for size in groups:
        written += (data.draw(SEPARATORS) if at else "") + number[at : at + size]
        at += size
    before = data.draw(st.sampled_from(["", "Mama: ", "(", "zoals besproken, "]))
    after = data.draw(st.sampled_from(["", ".", ") en", ", tot morgen"]))
    assert contains_national_number(before + written + after)


@given(NUMBERS, st.integers(1, 96))
def test_a_wrong_check_is_no_national_number(number: str, off: int) -> None:
    wrong = f"{number[:9]}{(int(number[9:]) + off - 1) % 97 + 1:02}"
    other = {97 - int(number[:9]) % 97, 97 - int("2" + number[:9]) % 97}
    assert contains_national_number(wrong) is (int(wrong[9:]) in other)


@given(
    st.sampled_from(["0", "+32 ", "+32", "0032 ", "0032"]),
    st.sampled_from(["470", "485", "491", "456", "2", "9", "56", "89"]),
    st.text("0123456789", min_size=6, max_size=7),
    st.sampled_from(["", " ", ".", "/"]),
)
def test_a_telephone_number_is_never_taken_for_one(
    country: str, zone: str, rest: str, between: str
) -> None:
    rest = rest[: 6 if len(zone) > 1 else 7]
    pairs = between.join(rest[i : i + 2] for i in range(0, 6, 2)) + rest[6:]
    assert not contains_national_number(f"Bel {country}{zone}{between}{pairs} voor vijf uur")


@given(st.integers(0, 10**10 - 1))
def test_ten_digits_are_never_taken_for_one(number: int) -> None:
    digits = f"{number:010}"
    assert not contains_national_number(digits)
    assert not contains_national_number(f"{digits[:4]}.{digits[4:7]}.{digits[7:]}")


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.times())
def test_a_date_with_or_without_an_hour_is_never_taken_for_one(day: date, hour) -> None:
    for form in (f"{day.day}/{day.month}/{day.year}", f"{day:%d-%m-%Y}", day.isoformat()):
        assert not contains_national_number(form)
        assert not contains_national_number(f"{form} {hour:%H.%M}")


@given(st.text())
def test_any_text_can_be_looked_through(words: str) -> None:
    assert contains_national_number(words) in (True, False)
