"""Finding a municipality by what people type."""

import pytest
from sqlalchemy.orm import Session

from portal.core.errors import DomainError
from portal.directory import gazetteer
from portal.directory.municipalities import (
    By,
    find_municipalities,
    municipalities_of_postcode,
    pick_municipality,
    resolve,
)


def _names(text: str) -> list[str]:
    return [found.place.name for found in find_municipalities(text)]


@pytest.mark.parametrize(
    ("typed", "name", "by", "shown"),
    [
        ("Melle", "Merelbeke-Melle", By.FORMER_NAME, "Melle"),
        ("9090", "Merelbeke-Melle", By.POSTCODE, "9090"),
        ("9090 Melle", "Merelbeke-Melle", By.FORMER_NAME, "Melle"),
        ("Borsbeek", "Antwerpen", By.FORMER_NAME, "Borsbeek"),
        ("gooik", "Pajottegem", By.FORMER_NAME, "Gooik"),
        ("kruib", "Beveren-Kruibeke-Zwijndrecht", By.FORMER_NAME, "Kruibeke"),
        ("Bruxelles", "Brussel", By.FRENCH_NAME, "Bruxelles"),
        ("leau", "Zoutleeuw", By.FRENCH_NAME, "Léau"),
        ("LÉAU", "Zoutleeuw", By.FRENCH_NAME, "Léau"),
        ("st.-niklaas", "Sint-Niklaas", By.NAME, "Sint-Niklaas"),
        ("  sint   niklaas ", "Sint-Niklaas", By.NAME, "Sint-Niklaas"),
        ("Merelbeke-Melle (9090)", "Merelbeke-Melle", By.NAME, "Merelbeke-Melle"),
    ],
)
def test_a_municipality_is_found_first_by(typed: str, name: str, by: By, shown: str) -> None:
    best = find_municipalities(typed)[0]
    assert (best.place.name, best.by, best.shown) == (name, by, shown)


def test_the_whole_name_comes_before_its_beginning_and_that_before_a_part() -> None:
    names = _names("as")
    assert names[:3] == ["As", "Asse", "Assenede"]
    assert "Hasselt" in names[3:]


def test_a_postcode_of_two_municipalities_finds_both() -> None:
    assert _names("1040") == ["Brussel", "Etterbeek"]


def test_the_first_digits_of_a_postcode_find_in_order_of_postcode() -> None:
    shown = [found.shown for found in find_municipalities("910")]
    assert shown == sorted(shown)
    assert "9100" in shown


def test_a_part_of_a_municipality_is_found_by_the_postcode_beside_it() -> None:
    assert _names("9050 Gentbrugge") == ["Gent"]


@pytest.mark.parametrize(
    "typed", ["", "   ", "-", "Parijs", "9999", "123456", "0471 12 34 56", "'"]
)
def test_nothing_is_found_for(typed: str) -> None:
    assert find_municipalities(typed) == []


@pytest.mark.parametrize(
    "typed", ["x" * 100_000, "\0", "%", "_", "٩٠٩٠", "<script>", "\ud800", "😀"]
)
def test_odd_input_finds_nothing_and_breaks_nothing(typed: str) -> None:
    assert find_municipalities(typed) == []


def test_no_more_than_asked_for_is_returned_and_each_once() -> None:
    assert len(find_municipalities("e", limit=5)) == 5
    everything = [found.place.nis for found in find_municipalities("e", limit=None)]
    assert len(everything) == len(set(everything)) > 200


def test_the_municipalities_of_a_postcode(reference: Session) -> None:
    assert [m.name for m in municipalities_of_postcode("9090")] == ["Merelbeke-Melle"]
    assert [m.name for m in municipalities_of_postcode(" 1050 ")] == ["Brussel", "Elsene"]
    assert municipalities_of_postcode("4000") == []  # Liège


def test_a_municipality_with_one_of_its_postcodes_resolves(reference: Session) -> None:
    assert resolve("44088", "9090").name == "Merelbeke-Melle"


def test_a_postcode_of_elsewhere_is_refused_with_those_that_are_possible(
    reference: Session,
) -> None:
    with pytest.raises(DomainError) as refused:
        resolve("44088", "9000")
    assert refused.value.field == "postcode"
    assert refused.value.values == {"name": "Merelbeke-Melle", "postcodes": "9090, 9820"}


def test_a_municipality_outside_flanders_and_brussels_is_refused(reference: Session) -> None:
    with pytest.raises(DomainError) as refused:
        resolve("62063", "4000")  # Liège
    assert refused.value.field == "municipality"


def test_every_municipality_can_be_picked_by_its_name_and_by_its_suggestion() -> None:
    for place in gazetteer.places().values():
        assert pick_municipality(place.name) is place
        assert pick_municipality(f"{place.name} ({place.postcodes[0]} …) – vroeger X") is place


@pytest.mark.parametrize(
    ("typed", "name"),
    [("Melle", "Merelbeke-Melle"), ("9090", "Merelbeke-Melle"), ("antw", "Antwerpen")],
)
def test_a_municipality_can_be_picked_by_what_finds_only_one(typed: str, name: str) -> None:
    assert pick_municipality(typed).name == name


def test_when_several_answer_it_is_asked_which_is_meant() -> None:
    with pytest.raises(DomainError) as asked:
        pick_municipality("1040")
    assert asked.value.values == {"names": "Brussel, Etterbeek"}
    with pytest.raises(DomainError) as asked:
        pick_municipality("sint")
    assert str(asked.value.values["names"]).endswith(" …")


def test_what_is_no_municipality_cannot_be_picked() -> None:
    with pytest.raises(DomainError) as refused:
        pick_municipality("Parijs")
    assert refused.value.field == "municipality"
