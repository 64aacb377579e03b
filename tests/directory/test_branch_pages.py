"""The pages on which administrators keep branches and their area."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.directory import areas, branches, gazetteer
from portal.directory.models import Branch, BranchArea
from tests.browser import Browser
from tests.directory.conftest import AALST, GENT, count_queries

NEW = {
    "name": "Home-Start Gent",
    "email": "gent@home-start.example",
    "places_capacity": "25",
    "active_from": "2026-01-01",
}
LONG_AGO, SOON = date(2020, 1, 1), timedelta(30)


def test_without_branches_the_list_says_what_a_branch_is(administrator: Browser) -> None:
    page = administrator.get("directory.branches")
    assert "Nog geen afdelingen" in page.text
    assert administrator.path("directory.new_branch") in page.links()


def test_the_list_shows_capacity_state_and_how_many_municipalities_are_served_today(
    administrator: Browser, new_branch: Callable[..., Branch]
) -> None:
    gent = new_branch("Home-Start Gent", places_capacity=25, active_from=LONG_AGO)
    areas.add_municipality(gent, GENT, LONG_AGO, None)
    areas.add_municipality(gent, AALST, clock.today() + SOON, None)
    new_branch("Home-Start Later", active_from=clock.today() + SOON)
    closed = new_branch("Home-Start Vroeger", active_from=LONG_AGO)
    branches.close_branch(closed, date(2021, 1, 1), None)
    page = administrator.get("directory.branches")
    assert "Home-Start Gent 1 25 01/01/2020 Open" in page.text
    assert "Nog niet open" in page.text
    assert "Gesloten" in page.text
    assert "Home-Start Vroeger" not in administrator.get("directory.branches", staat="open").text
    only = administrator.get("directory.branches", staat="gesloten")
    assert "Home-Start Vroeger" in only.text
    assert "1 van 1" in only.text


def test_the_number_of_queries_does_not_depend_on_the_number_of_branches(
    administrator: Browser, new_branch: Callable[..., Branch]
) -> None:
    new_branch("Home-Start 1")
    with count_queries() as one:
        administrator.get("directory.branches")
    for n, nis in enumerate(list(gazetteer.places())[:10]):
        areas.add_municipality(new_branch(f"Home-Start {n + 2}"), nis, date(2026, 1, 1), None)
    with count_queries() as many:
        administrator.get("directory.branches")
    assert len(many) == len(one) <= 8


def test_a_branch_is_opened(administrator: Browser, session: Session) -> None:
    form = administrator.get("directory.new_branch")
    answers = [administrator.submit(form, "directory.new_branch", NEW) for _ in range(2)]
    assert {answer.location for answer in answers} == {"/afdelingen/home-start-gent"}
    page = administrator.follow(answers[0])
    assert "25 gezinnen tegelijk" in page.text
    assert "Nog geen gemeenten" in page.text
    assert session.scalars(select(Branch)).one().active_from == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"name": " "}, "Naam: Vul dit in."),
        ({"name": "home start gent"}, "Naam: Er is al een afdeling met deze naam."),
        ({"email": ""}, "E-mailadres: Vul dit in."),
        ({"active_from": "31/02/2026"}, "Open vanaf: Vul een datum in"),
        ({"places_capacity": "-1"}, "Plaatsen: Vul een getal van 0 tot en met 1000 in."),
        ({"places_capacity": "veel"}, "Plaatsen: Vul een geheel getal in."),
    ],
)
def test_what_is_wrong_with_a_branch_is_said_on_its_field(
    administrator: Browser,
    new_branch: Callable[..., Branch],
    wrong: dict[str, str],
    message: str,
) -> None:
    new_branch("Home-Start Gent")
    form = administrator.get("directory.new_branch")
    sent = {**NEW, "name": "Home-Start Aalst", "street": "Kerkstraat 1", **wrong}
    page = administrator.submit(form, "directory.new_branch", sent)
    assert page.status == 200
    assert any(error.startswith(message) for error in page.errors), page.errors
    assert page.value("street") == "Kerkstraat 1"


def test_a_branch_is_changed_and_the_second_of_two_is_told(
    administrator: Browser, new_branch: Callable[..., Branch]
) -> None:
    gent = new_branch("Home-Start Gent", active_from=date(2026, 1, 1))
    form = administrator.get("directory.edit_branch", slug=gent.slug)
    assert form.value("active_from") == "2026-01-01"
    changed = {**NEW, "places_capacity": "30", "recognised_on": "15/01/2026"}
    answer = administrator.submit(form, "directory.edit_branch", changed, slug=gent.slug)
    assert "De wijzigingen zijn bewaard." in administrator.follow(answer).text
    assert (gent.places_capacity, gent.recognised_on) == (30, date(2026, 1, 15))
    late = administrator.submit(form, "directory.edit_branch", NEW, slug=gent.slug)
    assert late.status == 409
    assert "Plaatsen" in late.text


def test_a_municipality_is_added_by_its_former_name_and_found_under_it(
    administrator: Browser, new_branch: Callable[..., Branch]
) -> None:
    gent = new_branch(active_from=LONG_AGO)
    form = administrator.get("directory.add_municipality", slug=gent.slug)
    assert form.value("from_on") == clock.today().isoformat()
    sent = {"municipality": "Melle", "from_on": "01/02/2024"}
    answers = [
        administrator.submit(form, "directory.add_municipality", sent, slug=gent.slug)
        for _ in range(2)
    ]
    assert [answer.status for answer in answers] == [302, 302]
    page = administrator.follow(answers[0])
    assert "Merelbeke-Melle" in page.text
    assert "01/02/2024" in page.text
    assert len(areas.areas_of(gent)) == 1
    assert branches.branch_serving("44088", clock.today()) is gent


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"municipality": ""}, "Gemeente: Vul een gemeente of postcode in."),
        ({"municipality": "Parijs"}, "Gemeente: Kies een gemeente"),
        ({"municipality": "Gent"}, "Gemeente: Home-Start Aalst bedient Gent al vanaf 01/01/2024."),
        ({"municipality": "Ronse", "from_on": "2019-12-31"}, "Vanaf: De afdeling is pas open"),
        ({"municipality": "Ronse", "from_on": ""}, "Vanaf: Vul dit in."),
        (
            {"municipality": "Ronse", "to_on": "2023-01-01"},
            "Tot en met: De laatste dag kan niet voor de eerste dag liggen (01/01/2024).",
        ),
    ],
)
def test_what_is_wrong_with_a_municipality_is_said_on_its_field(
    administrator: Browser,
    new_branch: Callable[..., Branch],
    sent: dict[str, str],
    message: str,
) -> None:
    aalst = new_branch("Home-Start Aalst", active_from=LONG_AGO)
    areas.add_municipality(aalst, GENT, date(2024, 1, 1), None)
    gent = new_branch("Home-Start Gent", active_from=LONG_AGO)
    form = administrator.get("directory.add_municipality", slug=gent.slug)
    sent = {"from_on": "2024-01-01", **sent}
    page = administrator.submit(form, "directory.add_municipality", sent, slug=gent.slug)
    assert page.status == 200
    assert any(error.startswith(message) for error in page.errors), page.errors
    assert page.value("municipality") == sent["municipality"]
    assert areas.areas_of(gent) == []


def test_a_municipality_gets_a_last_day_and_is_then_shown_as_served_before(
    administrator: Browser, new_branch: Callable[..., Branch]
) -> None:
    gent = new_branch(active_from=LONG_AGO)
    part = areas.add_municipality(gent, GENT, LONG_AGO, None)
    form = administrator.get("directory.end_municipality", slug=gent.slug, area_id=part.id)
    wrong = administrator.submit(
        form, "directory.end_municipality", {"to_on": "2019-12-31"}, slug=gent.slug, area_id=part.id
    )
    assert wrong.errors == [
        "Laatste dag: De laatste dag kan niet voor de eerste dag liggen (01/01/2020)."
    ]
    answer = administrator.submit(
        form, "directory.end_municipality", {"to_on": "2024-06-30"}, slug=gent.slug, area_id=part.id
    )
    page = administrator.follow(answer)
    assert "Vroeger bediend (1)" in page.text
    assert "tot en met 30 juni 2024" in page.text


def test_a_municipality_that_is_not_served_yet_can_be_taken_away(
    administrator: Browser, new_branch: Callable[..., Branch], session: Session
) -> None:
    gent = new_branch(active_from=LONG_AGO)
    coming = areas.add_municipality(gent, GENT, clock.today() + SOON, None)
    begun = areas.add_municipality(gent, AALST, LONG_AGO, None)
    page = administrator.get("directory.branch", slug=gent.slug)
    assert "Binnenkort" in page.text
    for part, left in ((coming, 1), (begun, 1)):
        answer = administrator.submit(
            page, "directory.remove_municipality", {}, slug=gent.slug, area_id=part.id
        )
        page = administrator.follow(answer)
        assert len(session.scalars(select(BranchArea)).all()) == left
    assert "Dit is al begonnen: kies een laatste dag." in page.text


def test_a_branch_is_closed_and_the_closing_taken_back(
    administrator: Browser, new_branch: Callable[..., Branch]
) -> None:
    gent = new_branch(active_from=LONG_AGO)
    areas.add_municipality(gent, GENT, LONG_AGO, None)
    form = administrator.get("directory.close_branch", slug=gent.slug)
    wrong = administrator.submit(
        form, "directory.close_branch", {"closed_on": "2019-01-01"}, slug=gent.slug
    )
    assert wrong.errors[0].startswith("Laatste dag open: De laatste dag kan niet")
    last_day = clock.today() + SOON
    answer = administrator.submit(
        form, "directory.close_branch", {"closed_on": last_day.isoformat()}, slug=gent.slug
    )
    page = administrator.follow(answer)
    assert "Deze afdeling sluit" in page.text
    assert branches.branch_serving(GENT, last_day + timedelta(1)) is None
    answer = administrator.submit(page, "directory.reopen_branch", {}, slug=gent.slug)
    assert "De sluiting is ongedaan gemaakt." in administrator.follow(answer).text
    assert gent.closed_on is None


def test_a_part_of_another_branch_is_not_found(
    administrator: Browser, new_branch: Callable[..., Branch]
) -> None:
    gent, aalst = new_branch("Home-Start Gent"), new_branch("Home-Start Aalst")
    part = areas.add_municipality(gent, GENT, clock.today() + SOON, None)
    page = administrator.get("directory.end_municipality", slug=aalst.slug, area_id=part.id)
    assert page.status == 404
    gone = administrator.post("directory.remove_municipality", slug=aalst.slug, area_id=part.id)
    assert gone.status == 404
    assert administrator.get("directory.branch", slug="bestaat-niet").status == 404
    assert administrator.open("/afdelingen/%00").status == 404


def test_the_branches_are_exported(
    administrator: Browser, new_branch: Callable[..., Branch]
) -> None:
    new_branch("Home-Start Gent")
    text = administrator.client.get("/afdelingen?formaat=csv").get_data(as_text=True)
    assert '"Home-Start Gent";"0";"0";"01/01/2026"' in text


def test_a_referrer_cannot_come_near_the_branches(
    referrer: Browser, new_branch: Callable[..., Branch]
) -> None:
    gent = new_branch()
    assert referrer.get("directory.branches").status == 403
    assert referrer.get("directory.branch", slug=gent.slug).status == 403
    assert referrer.post("directory.new_branch", NEW).status == 403
