"""Services delivered: noted by HSV, read by the partner, put right with a trace."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from portal.agreements import deliveries, promised
from portal.agreements.deliveries import Done
from portal.agreements.models import Agreement, Delivery, DeliveryKind, Meeting
from portal.agreements.work_years import work_years
from portal.core import clock
from portal.core.db import db
from portal.core.errors import ConflictError, DomainError, NotAllowedError
from portal.core.permissions import Role
from tests import make
from tests.agreements import make_living, make_negotiation
from tests.agreements.make_negotiation import World
from tests.agreements.test_draft import filled
from tests.browser import Browser
from tests.core.files import PDF


@pytest.fixture
def agreement(world: World) -> Agreement:
    return make_living.active(world)


@pytest.fixture
def hsv(world: World, app: Flask) -> Browser:
    return Browser(app).sign_in(world.manager.account)


def _yesterday() -> date:
    return clock.today() - timedelta(days=1)


def _note(hsv: Browser, agreement: Agreement, **answers: Any) -> Any:
    page = hsv.get("agreements.record_delivery", reference=agreement.reference)
    sent = {**filled(page), "done_on": _yesterday().isoformat(), **answers}
    return hsv.submit(page, "agreements.record_delivery", sent, reference=agreement.reference)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "expected"),
    [
        (date(2026, 1, 1), date(2028, 12, 31), [date(2026, 12, 31), date(2027, 12, 31), date(2028, 12, 31)]),
        (date(2026, 9, 15), date(2027, 12, 31), [date(2027, 9, 14), date(2027, 12, 31)]),
        (date(2028, 2, 29), date(2030, 2, 27), [date(2029, 2, 28), date(2030, 2, 27)]),
        (None, None, []),
    ],
)  # fmt: skip
def test_a_year_of_work_is_twelve_months_from_the_first_day(
    starts_on: date | None, ends_on: date | None, expected: list[date]
) -> None:
    years = work_years(starts_on, ends_on)
    assert [year.last_on for year in years] == expected
    for before, after in pairwise(years):
        assert after.first_on == before.last_on + timedelta(days=1)


def test_what_hsv_notes_is_read_by_the_partner_with_its_document(
    hsv: Browser, browser: Browser, world: World, agreement: Agreement
) -> None:
    page = hsv.get("agreements.record_delivery", reference=agreement.reference)
    answers = {
        **filled(page),
        "kind": "start_course",
        "done_on": _yesterday().isoformat(),
        "hours": "7,5",
        "text": "Eerste dag met drie medewerkers",
    }
    sent = {**page.hidden(), **answers, "file": (BytesIO(PDF), "programma.pdf")}
    path = hsv.path("agreements.record_delivery", reference=agreement.reference)
    assert hsv.send("POST", path, data=sent).status_code == 302
    made = make.only(Delivery)
    assert (made.minutes, made.service, made.count) == (450, "1", 1)
    karel = browser.sign_in(world.gent_people.account)
    read = karel.get("agreements.services", reference=agreement.reference)
    assert "Eerste dag met drie medewerkers" in read.text
    assert "Iets noteren" not in read.text
    saved = karel.get(
        "agreements.delivery_file", reference=agreement.reference, delivery_id=made.id
    )
    assert saved.body == PDF


@pytest.mark.parametrize("role", [Role.SIGNATORY, Role.PARTNER_FINANCE, Role.NEGOTIATOR])
def test_every_role_of_a_partner_reads_and_none_writes(
    world: World, browser: Browser, agreement: Agreement, role: Role
) -> None:
    made = make_living.delivery(world, agreement, text="Over de wachtlijst")
    somebody = browser.sign_in(make.membership(role, world.gent).account)
    at = {"reference": agreement.reference}
    assert "Over de wachtlijst" in somebody.get("agreements.services", **at).text
    assert somebody.get("agreements.record_delivery", **at).status == 403
    for page in ("correct_delivery", "strike_delivery"):
        assert somebody.post(f"agreements.{page}", {}, **at, delivery_id=made.id).status == 403


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"kind": ""}, "Wat: Maak een keuze."),
        ({"kind": "visitation", "done_on": "2199-01-01"}, "Vul een jaar met vier cijfers in."),
        ({"kind": "visitation", "done_on": "2099-01-01"}, "Deze datum ligt in de toekomst."),
        ({"kind": "visitation", "done_on": "2019-01-01"}, "voor het begin van de overeenkomst"),
        ({"kind": "visitation", "count": "0"}, "Aantal"),
        ({"kind": "visitation", "count": "-3"}, "Aantal"),
        ({"kind": "visitation", "hours": "veel"}, "Vul een aantal uren in"),
        ({"kind": "visitation", "hours": "500"}, "Vul een duur tot 120 uur in."),
        ({"kind": "visitation", "service": "99"}, "Voor welke dienst"),
        ({"kind": "other"}, "Schrijf kort wat er gedaan is."),
        ({"kind": "visitation", "by_name": ""}, "Vul dit in."),
        ({"kind": "visitation", "text": "93051822361"}, "rijksregisternummer"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_on_its_field_and_nothing_typed_is_lost(
    hsv: Browser, agreement: Agreement, answers: dict[str, str], error: str
) -> None:
    answer = _note(hsv, agreement, **{"by_name": "Rik Nys", **answers})
    assert answer.status == 200
    assert any(error in one for one in answer.errors), answer.errors
    assert answer.value("by_name") == answers.get("by_name", "Rik Nys")
    assert make.number_of(Delivery) == 0


def test_a_double_click_notes_it_once(hsv: Browser, agreement: Agreement) -> None:
    page = hsv.get("agreements.record_delivery", reference=agreement.reference)
    sent = {**filled(page), "kind": "visitation", "done_on": _yesterday().isoformat()}
    for _ in range(2):
        answer = hsv.submit(page, "agreements.record_delivery", sent, reference=agreement.reference)
        assert answer.status == 302
    assert make.number_of(Delivery) == 1


def test_a_mistake_is_put_right_with_a_trace_everybody_reads(
    hsv: Browser, browser: Browser, world: World, agreement: Agreement
) -> None:
    wrong = make_living.delivery(world, agreement, count=5, text="Coaching")
    at = {"reference": agreement.reference, "delivery_id": wrong.id}
    page = hsv.get("agreements.correct_delivery", **at)
    answers = {**filled(page), "count": "2", "reason": "Twee, geen vijf"}
    assert hsv.submit(page, "agreements.correct_delivery", answers, **at).status == 302
    assert _done(agreement, "Coachingsgesprekken") == 2
    karel = browser.sign_in(world.gent_people.account)
    path = karel.path("agreements.services", reference=agreement.reference)
    assert "Twee, geen vijf" not in karel.open(path).text
    assert "Twee, geen vijf" in karel.open(f"{path}?alles=1").text
    again = hsv.submit(page, "agreements.correct_delivery", {**answers, "once": "x" * 30}, **at)
    assert again.status == 409


def test_what_should_not_be_there_is_struck_out_and_counts_no_more(
    hsv: Browser, world: World, agreement: Agreement
) -> None:
    wrong = make_living.delivery(world, agreement)
    at = {"reference": agreement.reference, "delivery_id": wrong.id}
    page = hsv.get("agreements.strike_delivery", **at)
    assert (
        "Vul dit in."
        in hsv.submit(page, "agreements.strike_delivery", {"reason": ""}, **at).errors[0]
    )
    answer = hsv.submit(page, "agreements.strike_delivery", {"reason": "Ging niet door"}, **at)
    assert answer.status == 302
    assert _done(agreement, "Coachingsgesprekken") == 0
    assert make.number_of(Delivery) == 1


@pytest.mark.parametrize(
    "change",
    ["count = 9", "text = 'anders'", "done_on = '2001-01-01'", "by_name = 'Iemand anders'"],
)
def test_the_database_itself_keeps_a_row_as_it_was_noted(
    world: World, agreement: Agreement, session: Session, change: str
) -> None:
    make_living.delivery(world, agreement)
    with pytest.raises(DatabaseError, match="does not change"):
        session.execute(text(f"UPDATE agreement_delivery SET {change}"))
    session.rollback()


def test_only_hsv_notes_and_only_of_an_agreement_in_force(world: World) -> None:
    approved = make_negotiation.agreed(world, world.gent)
    done = Done(DeliveryKind.VISITATION, _yesterday(), "Ann")
    with pytest.raises(ConflictError):
        deliveries.record(make_negotiation.manager(world), approved, done)
    with pytest.raises(NotAllowedError):
        deliveries.record(make.actor(world.gent_people), approved, done)


def test_a_service_that_was_not_promised_is_refused(world: World, agreement: Agreement) -> None:
    done = Done(DeliveryKind.VISITATION, _yesterday(), "Ann", service="10")
    with pytest.raises(DomainError, match="staat niet in de overeenkomst"):
        deliveries.record(make_negotiation.manager(world), agreement, done)


def _done(agreement: Agreement, label: str, year: int = 2) -> int:
    found = next(p for p in promised.overview(agreement).promises if p.label == label)
    return found.cells[year - 1].done


def test_promised_and_done_are_counted_per_year_of_work(world: World) -> None:
    starts_on = date(clock.today().year - 1, 1, 1)
    agreement = make_living.active(world, starts_on=starts_on, coaching_talks=8, expert_hours=60)
    kinds = DeliveryKind
    make_living.delivery(world, agreement, kinds.START_COURSE, date(starts_on.year, 3, 2))
    make_living.delivery(
        world, agreement, kinds.COACHING_TALK, date(starts_on.year, 5, 4), count=3, minutes=270
    )
    make_living.delivery(
        world, agreement, kinds.EXPERT_SUPPORT, date(starts_on.year, 6, 4), minutes=60
    )
    make_living.delivery(world, agreement, kinds.LEARNING_NETWORK)
    found = {p.label: p for p in promised.overview(agreement).promises}
    first = {
        label: (p.cells[0].promised, p.cells[0].done, p.cells[0].short)
        for label, p in found.items()
    }
    assert first["Startopleiding"] == (1, 1, False)
    assert first["Coachingsgesprekken"] == (8, 3, True)
    assert first["Uren van de expert (tot)"] == (60, 5, False)
    assert first["Visitatie"] == (0, 0, False)
    assert first["Stuurgroep"] == (2, 0, True)
    second = found["Visitatie"].cells[1]
    assert (second.promised, second.short) == (1, False), "the year is not over"
    assert found["Bijeenkomsten van het lerend netwerk"].cells[1].done == 1


def test_steering_groups_that_took_place_count(world: World, agreement: Agreement) -> None:
    for days, cancelled in ((-40, None), (-30, clock.now()), (30, None)):
        db.session.add(
            Meeting(
                agreement_id=agreement.id,
                starts_at=clock.now() + timedelta(days=days),
                subject="Stuurgroep",
                planned_by_id=world.manager.account.id,
                planned_at=clock.now(),
                cancelled_at=cancelled,
            )
        )
    db.session.commit()
    assert _done(agreement, "Stuurgroep") == 1


def test_the_log_is_filtered_and_exported_without_formulas(
    hsv: Browser, world: World, agreement: Agreement
) -> None:
    make_living.delivery(world, agreement, text="=1+1", by_name="@Ann")
    make_living.delivery(world, agreement, DeliveryKind.VISITATION, text="Bezoek")
    path = hsv.path("agreements.services", reference=agreement.reference)
    assert "Bezoek" not in hsv.open(f"{path}?wat=coaching_talk").text
    assert "Bezoek" in hsv.open(f"{path}?jaar=2&tekst=bezoek").text
    assert "Niets gevonden" in hsv.open(f"{path}?jaar=1").text
    assert hsv.open(f"{path}?wat=onzin&jaar=77&na=zzz").status == 200
    export = hsv.open(f"{path}?formaat=csv&wat=coaching_talk").text
    assert "'=1+1" in export
    assert "'@Ann" in export
    assert "Bezoek" not in export


def test_the_log_costs_the_same_however_long_it_is(
    hsv: Browser,
    world: World,
    agreement: Agreement,
    queries: Callable[[Callable[[], Any]], int],
) -> None:
    def look() -> None:
        hsv.get("agreements.services", reference=agreement.reference)

    make_living.delivery(world, agreement)
    first = queries(look)
    for _ in range(5):
        make_living.delivery(world, agreement, DeliveryKind.VISITATION)
    assert queries(look) == first
