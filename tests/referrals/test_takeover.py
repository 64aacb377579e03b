"""A branch takes its own list over: looked at first, kept sealed, made in one go."""

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import audit
from portal.core import clock as portal_clock
from portal.core.audit import AuditEvent
from portal.core.db import db
from portal.core.outbox import OutboxMessage
from portal.referrals import present, progress
from portal.referrals.models import Channel, Family, Referral, Status
from portal.referrals.takeover import pending, template
from portal.referrals.takeover.columns import COLUMNS, MANNERS, STEPS
from portal.referrals.takeover.pending import PendingList
from tests import make
from tests.browser import Browser, Page
from tests.directory.conftest import count_queries
from tests.referrals import make_list
from tests.referrals.conftest import World
from tests.referrals.make_list import csv_of, family, running, xlsx_of
from tests.referrals.make_referral import submitted

CORPUS = (
    "<script>alert(1)</script>", "A & B", "{{7*7}}", "${7*7}", "%(kwaad)s", "'); drop table x;--",
    "\u202eomgekeerd", "💛 Łukasz Şahin", "</td></tr>", "javascript:alert(1)",
)  # fmt: skip


@pytest.fixture
def hilde(world: World, browser: Browser) -> Browser:
    return browser.sign_in(world.coordinator_account)


def upload(browser: Browser, data: bytes, name: str = "lijst.xlsx") -> Page:
    page = browser.get("referrals.take_over")
    path = browser.path("referrals.take_over")
    sent = {**page.hidden(), "file": (io.BytesIO(data), name)}
    return browser._page(browser.send("POST", path, data=sent))


def take(browser: Browser, preview: Page, **answers: Any) -> Page:
    path = preview.response.request.path
    sent = {**preview.hidden(), "agreed": "y", **answers}
    return browser._page(browser.send("POST", path, data=sent))


def looked_at(browser: Browser, data: bytes) -> Page:
    return browser.follow(upload(browser, data))


def mistakes(page: Page) -> list[tuple[str, str, str]]:
    """Row, column and what is wrong of each line in the table of mistakes."""
    lines = [[" ".join(c.itertext()).strip() for c in row] for row in page.find("tr")]
    return [(line[0], line[2], line[3]) for line in lines if len(line) == 4][1:]


def test_families_get_the_step_the_days_and_the_consent_of_the_list(
    hilde: Browser, world: World
) -> None:
    data = xlsx_of(
        family(),
        running(first_name="Bo", phone="0472 00 00 01"),
        running(step="Gematcht", started_on=None, first_name="Cem", phone="0472 00 00 02"),
        family(step="Nieuw", street=None, intake_on=None, first_name="Dua", phone="0472 00 00 03"),
    )
    preview = looked_at(hilde, data)
    assert preview.text.count("in orde") == 4
    assert make.number_of(Referral) == 0
    answer = take(hilde, preview)
    assert answer.status == 302
    found: list[Any] = list(db.session.scalars(select(Referral)))
    made = {r.family.identity["first_name"]: r for r in found}
    assert {name: r.status for name, r in made.items()} == {
        "Amina": Status.WAITING,
        "Bo": Status.RUNNING,
        "Cem": Status.MATCHED,
        "Dua": Status.SUBMITTED,
    }
    amina = made["Amina"]
    today = portal_clock.today()
    assert amina.branch_id == world.branch.id
    assert amina.channel == Channel.LIST
    assert amina.referrer_kind == "ocmw"
    assert portal_clock.local(amina.received_at).date() == today - timedelta(days=90)
    assert amina.waiting_since_on == amina.intake_on == today - timedelta(days=60)
    assert amina.family.street == "Sint-Pietersnieuwstraat 12"
    assert amina.family.situation["indicators"] == ["single_parent"]
    assert amina.family.health == []
    assert [e.action for e in amina.events] == ["take_over"]
    assert amina.events[0].note == "Belt liefst terug."
    assert (amina.consent.given_by, amina.consent.manner) == ("mother", "spoken")
    assert amina.consent.given_on == today - timedelta(days=60)
    assert amina.consent.recorded_by_id == world.coordinator.account_id
    assert not amina.consent.shares_health
    assert made["Bo"].active_match.volunteer_name == "Marleen"
    assert make.number_of(PendingList) == 0
    assert make.number_of(OutboxMessage) == 0
    assert list(audit.broken_links()) == []


def test_what_was_taken_over_is_read_and_followed_like_any_referral(
    hilde: Browser, world: World
) -> None:
    take(hilde, looked_at(hilde, xlsx_of(family())))
    referral = make.only(Referral)
    page = hilde.get("referrals.show", reference=referral.reference)
    assert "Overgenomen uit lijst" in page.text
    assert "OCMW Gent, Jan" in page.text
    assert "Mondeling, in gesprek met de afdeling" in page.text
    assert "Overgenomen uit lijst" in hilde.get("referrals.index").text
    for action in ("propose_match", "decline", "record_withdrawal", "set_priority"):
        assert (
            hilde.get("referrals.decide", reference=referral.reference, action=action).status == 200
        )
    for page_of in ("intake_sheet", "notes", "attachments", "messages", "duplicates", "transfer"):
        assert hilde.get(f"referrals.{page_of}", reference=referral.reference).status == 200
    assert hilde.get("referrals.waiting").text.count(referral.reference) == 1
    export = hilde.send("GET", "/verwijzingen/?formaat=csv").get_data(as_text=True)
    assert "Overgenomen uit lijst" in export
    assert "Idrissi" not in export
    rows = present.consent_rows(referral, "Hilde Claes", {})
    assert ("Overgenomen door", "Hilde Claes") in [(r.label, r.value) for r in rows]
    assert progress.next_step(referral)


def test_mistakes_are_named_by_row_and_column_and_nothing_wrong_is_taken(
    hilde: Browser, world: World
) -> None:
    tomorrow = f"{portal_clock.today() + timedelta(days=1):%d/%m/%Y}"
    data = csv_of(
        family(),
        family(received_on="ooit", step="Ergens", phone="0471 00 00 01"),
        family(phone=None, consent_on=tomorrow, first_name="Bea"),
        family(postcode="1000x", last_name="Cools"),
        running(volunteer=None, first_name="Dirk"),
        family(child_1="03/1999", first_name="Eva"),
        family(intake_on="01/02/2019", received_on="01/03/2019", first_name="Fien"),
        family(consent_by=None, question="nummer 85.07.30-033.28", first_name="Gita"),
        family(started_on=f"{portal_clock.today():%d/%m/%Y}", first_name="Hans"),
        family(postcode="1040", first_name="Ina"),
    )
    page = looked_at(hilde, data)
    assert mistakes(page) == [
        ("3", "Stap", "“Ergens” kennen we hier niet. Kies een van: "
         "Nieuw, Wachtlijst, Gematcht, Lopend."),
        ("3", "Aangemeld op", "Dit is geen datum. Schrijf ze als dag/maand/jaar, zoals "
         "15/03/2024."),
        ("4", "Telefoon", "Vul een telefoonnummer of een e-mailadres in."),
        ("4", "Instemming op", "Deze datum ligt in de toekomst."),
        ("5", "Postcode", "Een postcode telt vier cijfers."),
        ("6", "Vrijwilliger", "Vul dit in bij Lopend."),
        ("7", "Kind 1 geboren", "Home-Start is er voor gezinnen met minstens één kind jonger dan "
         "12, of een zwangerschap."),
        ("8", "Intake op", "Deze datum ligt voor Aangemeld op (01/03/2019)."),
        ("9", "Vraag van het gezin", "Hierin staat wat op een rijksregisternummer lijkt. Het "
         "portaal bewaart dat niet: haal het weg."),
        ("9", "Instemming door", "Vul dit in."),
        ("10", "Gestart op", "Dit past niet bij Wachtlijst. Kies een andere stap of maak het "
         "leeg."),
        ("11", "Gemeente", "Deze postcode hoort bij Brussel, Etterbeek. Vul de gemeente in."),
    ]  # fmt: skip
    take(hilde, page)
    assert make.only(Referral).family.identity["first_name"] == "Amina"


def test_a_formula_a_merged_cell_and_an_error_are_mistakes_of_their_cell(
    hilde: Browser, world: World
) -> None:
    codes = [column.code for column in COLUMNS]

    def spoil(sheet: Any) -> None:
        sheet.cell(2, codes.index("first_name") + 1).value = '=HYPERLINK("http://kwaad.example")'
        sheet.merge_cells(start_row=3, end_row=4, start_column=1, end_column=1)

    data = make_list.book_of(make_list.rows_of(family(), family(), family()), spoil)
    page = looked_at(hilde, data)
    assert [(row, column) for row, column, _ in mistakes(page)] == [
        ("2", "Voornaam ouder"),
        ("3", "Stap"),
        ("4", "Stap"),
    ]
    assert "Hier staat een formule." in page.text
    assert "samengevoegd" in page.text


def test_families_that_may_be_known_are_marked_and_left_out_unless_she_wants_them(
    hilde: Browser, world: World
) -> None:
    own = submitted(world.branch, world.referrer, identity={"phone": "0471/22.33.44"})
    elsewhere = make.branch(["24062"], "Home-Start Leuven")
    theirs = submitted(elsewhere, world.referrer, identity={"email": "bo@familie.example"})
    data = csv_of(
        family(),
        family(first_name="Bo", phone=None, email="BO@familie.example"),
        family(first_name="Cem", last_name="Aksoy", phone="0472 00 00 02"),
        family(first_name="Aksoy", last_name="Cem", phone="0472 00 00 09"),
    )
    page = looked_at(hilde, data)
    assert own.reference in page.text
    assert "Home-Start Leuven" in page.text
    assert theirs.reference not in page.text
    assert "rij 4" in page.text  # the same family twice in one file
    before = make.number_of(Referral)
    take(hilde, page)
    assert make.number_of(Referral) == before + 1
    page = looked_at(hilde, data)
    take(hilde, page, with_alike="y")
    assert make.number_of(Referral) == before + 5


def test_without_the_families_agreeing_nothing_is_taken(hilde: Browser, world: World) -> None:
    preview = looked_at(hilde, xlsx_of(family()))
    answer = take(hilde, preview, agreed="")
    assert answer.status == 200
    assert any("ermee akkoord zijn" in error for error in answer.errors)
    assert make.number_of(Referral) == 0


def test_sending_the_yes_twice_takes_the_list_once(hilde: Browser, world: World) -> None:
    preview = looked_at(hilde, xlsx_of(family()))
    answers = [take(hilde, preview) for _ in range(2)]
    assert [answer.status for answer in answers] == [302, 302]
    assert make.number_of(Referral) == 1


def test_a_list_is_sealed_until_the_yes_and_gone_after_a_day(
    hilde: Browser, world: World, clock: Any
) -> None:
    looked_at(hilde, xlsx_of(family(last_name="Kanarievogel")))
    row = db.session.execute(select(PendingList.__table__)).one()  # type: ignore[arg-type]
    assert b"anarievogel" not in repr(row).encode()
    waiting = make.only(PendingList)
    clock.shift(timedelta(hours=25))
    hilde = Browser(hilde.app).sign_in(world.coordinator_account)
    assert hilde.get("referrals.pending_list", list_id=waiting.id).status == 404
    assert pending.forget_pending() == 1
    assert make.number_of(PendingList) == 0


def test_a_list_can_be_thrown_away(hilde: Browser, world: World) -> None:
    looked_at(hilde, xlsx_of(family()))
    waiting = make.only(PendingList)
    answer = hilde.post("referrals.discard_list", list_id=waiting.id)
    assert "weggegooid" in hilde.follow(answer).text
    assert make.number_of(PendingList) == 0


def test_a_list_is_for_who_uploaded_it_not_even_for_a_colleague(
    hilde: Browser, world: World
) -> None:
    looked_at(hilde, xlsx_of(family()))
    waiting = make.only(PendingList)
    colleague = make.coordinator(world.branch, who=make.account(name="Jan Maes"))
    jan = Browser(hilde.app).sign_in(colleague.account)
    assert jan.get("referrals.pending_list", list_id=waiting.id).status == 404
    assert jan.post("referrals.discard_list", list_id=waiting.id).status == 404


def test_every_opening_of_a_list_is_noted_before_it_is_shown(hilde: Browser, world: World) -> None:
    looked_at(hilde, xlsx_of(family()))
    waiting = make.only(PendingList)
    hilde.get("referrals.pending_list", list_id=waiting.id)
    query = select(AuditEvent.action).where(AuditEvent.object_id == str(waiting.id))
    assert db.session.scalars(query.order_by(AuditEvent.number)).all() == [
        "pending_list:upload",
        "pending_list:read",
        "pending_list:read",
    ]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["Iets", "Anders"], ["1", "2"]], "We vinden de rij met kolomnamen niet"),
        ([["Stap", "Telefoon", "Postcode"], ["Nieuw", "1", "2"]], "Deze kolommen ontbreken"),
    ],
    ids=["no header", "columns missing"],
)
def test_a_file_with_other_columns_is_refused_with_what_to_do(
    hilde: Browser, world: World, rows: list[list[str]], said: str
) -> None:
    page = upload(hilde, make_list.book_of(rows))
    assert said in " ".join(page.errors)
    assert make.number_of(PendingList) == 0


def test_a_column_nobody_knows_is_named_so_that_nothing_is_lost(
    hilde: Browser, world: World
) -> None:
    rows = make_list.rows_of(family())
    rows[0].append("Rijksregisternummer")
    page = upload(hilde, make_list.book_of(rows))
    assert "Rijksregisternummer" in " ".join(page.errors)
    twice = make_list.rows_of(family())
    twice[0].append("Telefoon")
    assert "Telefoon" in " ".join(upload(hilde, make_list.book_of(twice)).errors)


def test_a_title_above_the_columns_and_columns_left_out_do_no_harm(
    hilde: Browser, world: World
) -> None:
    rows = make_list.rows_of(family())
    empty = {at for at, cell in enumerate(rows[1]) if cell == ""}
    kept = [[cell for at, cell in enumerate(row) if at not in empty] for row in rows]
    titled = [["Onze gezinnen"], ["bijgewerkt in november"], [], *kept]
    page = looked_at(hilde, make_list.book_of(titled, title="Blad1"))
    assert "in orde" in page.text
    assert "5" in [row.text for row in page.find("th")]


def test_nothing_chosen_or_something_else_is_said_on_the_field(
    hilde: Browser, world: World
) -> None:
    assert any("Kies een bestand" in e for e in upload(hilde, b"", "").errors)
    assert any("geen rekenblad" in e for e in upload(hilde, b"%PDF-\x00", "a.pdf").errors)


def test_what_was_typed_in_a_list_comes_out_as_text_everywhere(
    hilde: Browser, world: World
) -> None:
    for number, words in enumerate(CORPUS):
        typed = dict.fromkeys(
            ("first_name", "last_name", "street", "question", "referred_by"), words
        )
        shown = " ".join(words.replace("\u202e", "").split())
        data = csv_of(
            running(**typed, volunteer=words, note=words, phone=f"0473 00 00 {number:02}"),
            family(step=words, phone=words, first_name=words),
        )
        preview = looked_at(hilde, data)
        assert shown in preview.text
        assert take(hilde, preview, with_alike="y").status == 302
        newest = select(Referral).order_by(Referral.id.desc()).limit(1)
        referral = db.session.scalars(newest).one()
        page = hilde.get("referrals.show", reference=referral.reference)
        assert page.text.count(shown) >= 5
        assert not [e for e in page.find("script") if "alert" in (e.text or "")]


def test_the_example_has_every_column_a_list_to_pick_from_and_can_be_filled_in(
    hilde: Browser, world: World
) -> None:
    answer = hilde.send("GET", hilde.path("referrals.takeover_template"))
    assert "attachment" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    sheet: Any = book["Gezinnen"]
    assert [cell.value for cell in sheet[1]] == [column.header for column in COLUMNS]
    picked = [column for column in COLUMNS if column.choices]
    assert len(sheet.data_validations.dataValidation) == len(picked)
    hidden: Any = book["Keuzes"]
    assert [c.value for c in hidden["A"] if c.value] == list(STEPS.values())
    explained = [str(c.value) for row in book["Uitleg"].iter_rows() for c in row]
    assert set(explained) >= {column.explained for column in COLUMNS}
    for at, value in enumerate(make_list.rows_of(family())[1], start=1):
        sheet.cell(2, at).value = value or None
    out = io.BytesIO()
    book.save(out)
    assert "in orde" in looked_at(hilde, out.getvalue()).text


def test_the_choices_of_the_file_are_those_of_the_portal() -> None:
    assert set(MANNERS) == {"spoken", "written"}
    assert len(template.build()) < 200_000


def test_looking_at_a_longer_list_costs_no_more_queries(hilde: Browser, world: World) -> None:
    def cost(number: int) -> int:
        families = [family(phone=f"0474 00 {n // 100:02} {n % 100:02}") for n in range(number)]
        answer = upload(hilde, csv_of(*families))
        with count_queries() as queries:
            hilde.open(answer.location)
        return len(queries)

    assert cost(3) == cost(60)


def test_no_name_of_a_list_stands_in_the_database_unsealed(
    app: Flask, hilde: Browser, world: World
) -> None:
    take(hilde, looked_at(hilde, xlsx_of(running(last_name="Kanarievogel", volunteer="Kanarie"))))
    assert make.number_of(Family) == 1
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(table.select()):
            assert "kanarie" not in repr(tuple(row)).lower(), table.name
