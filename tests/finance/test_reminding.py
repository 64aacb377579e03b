"""Reminders: three steps, each once, in order, a week apart; never of what is paid or paused."""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import service as accounts
from portal.core import clock as time
from portal.core import documents
from portal.core.db import db
from portal.core.errors import DomainError
from portal.core.outbox import OutboxMessage
from portal.core.permissions import Role
from portal.directory.models import Organisation
from portal.finance import (
    pay_links,
    questions,
    reminder_pauses,
    reminder_settings,
    reminder_worklist,
    reminding,
)
from portal.finance.models import Invoice, Reminder, ReminderItem, ReminderState
from portal.finance.reminder_settings import Rules
from portal.finance.reminder_texts import SHIPPED, StepText, paragraphs
from tests import make
from tests.agreements import make_agreement
from tests.browser import Browser
from tests.directory.conftest import count_queries
from tests.finance import make_finance, make_online, make_payment
from tests.finance.make_late import batches, deliver, late, partner

pytestmark = pytest.mark.usefixtures("settings")


@pytest.fixture(autouse=True)
def november(clock) -> None:  # type: ignore[no-untyped-def]
    clock.move_to(datetime(2026, 11, 23, 9, tzinfo=UTC))


def send(organisation: Organisation | None = None) -> Reminder:
    """Press the button of a batch (of this partner), and let the worker deliver."""
    batch = next(one for one in batches() if organisation in (None, one.organisation))
    ids = [one.invoice.id for one in batch.items]
    made = reminding.decide(batch.organisation.id, batch.step, ids, make_finance.finance_officer())
    db.session.commit()
    deliver()
    db.session.expire_all()
    return db.session.get_one(Reminder, made.id)


def mails(app: Flask) -> list[Any]:
    from email import message_from_bytes, policy

    folder = app.config["MAIL_FOLDER"]
    found = [
        message_from_bytes(f.read_bytes(), policy=policy.default) for f in folder.glob("*.eml")
    ]
    return [
        one for one in found if "ebrekestelling" in one["Subject"] or "erinnering" in one["Subject"]
    ]


def test_one_mail_gathers_what_a_partner_is_late_with_and_has_a_statement_with_it(
    app: Flask,
    clock,  # type: ignore[no-untyped-def]
) -> None:
    temse = partner()
    first, second = (late(temse, days, clock_=clock) for days in (9, 8))
    late(temse, 3, clock_=clock)  # not seven days yet
    late(partner("Stad Lokeren"), 9, clock_=clock)
    before = len(mails(app))
    sent = send(temse)
    assert sent.state == ReminderState.SENT
    assert {item.invoice_id for item in sent.items} == {first.id, second.id}
    assert len(mails(app)) == before + 1
    mail = next(m for m in mails(app) if m["To"] == "facturen@gemeente.example")
    body = mail.get_body(("plain",)).get_content().replace("\u00a0", " ")
    for invoice in (first, second):
        assert f"Factuur {invoice.number} van" in body
        assert f"{invoice.number}: {pay_links.url_of(invoice)}" in body
        assert pay_links.path_of(invoice) not in sent.body
    assert "€ 500,00 overschrijven op rekening BE71" in body
    assert "{" not in body
    (attached,) = mail.iter_attachments()
    assert sent.pdf is not None
    assert attached.get_content() == documents.read(sent.pdf)
    assert attached.get_content().startswith(b"%PDF")


def test_the_three_steps_come_in_order_and_never_two_within_a_week(clock) -> None:  # type: ignore[no-untyped-def]
    invoice = late(partner(), 60, clock_=clock)  # late for all three at once
    assert [one.step for one in batches()] == [1]
    assert send().step == 1
    assert batches() == []
    clock.shift(timedelta(days=6))
    assert batches() == []
    clock.shift(timedelta(days=1))
    assert send().step == 2
    clock.shift(timedelta(days=7))
    assert send().step == 3
    clock.shift(timedelta(days=100))
    assert batches() == []
    steps = [item.step for item in db.session.query(ReminderItem).filter_by(invoice_id=invoice.id)]
    assert sorted(filter(None, steps)) == [1, 2, 3]


def test_what_is_paid_credited_or_not_late_enough_is_not_reminded_of(clock) -> None:  # type: ignore[no-untyped-def]
    temse = partner()
    make_payment.paid(late(temse, 20, clock_=clock))
    late(temse, 6, clock_=clock)
    assert batches() == []
    partly = late(temse, 20, clock_=clock)
    make_payment.paid(partly, 100_00)
    assert [one.cents for one in batches()] == [150_00]


def test_what_is_paid_between_the_press_and_the_mail_is_never_reminded_of(
    app: Flask,
    clock,  # type: ignore[no-untyped-def]
) -> None:
    temse = partner()
    paid, still = late(temse, 10, clock_=clock), late(temse, 10, clock_=clock)
    batch = batches()[0]
    ids = [one.invoice.id for one in batch.items]
    made = reminding.decide(temse.id, 1, ids, make_finance.finance_officer())
    db.session.commit()
    make_payment.paid(paid)
    deliver()
    db.session.expire_all()
    sent = db.session.get_one(Reminder, made.id)
    assert sent.open_cents == 250_00
    assert str(still.number) in sent.body
    assert str(paid.number) not in sent.body
    assert {item.invoice_id: item.step for item in sent.items} == {paid.id: None, still.id: 1}


def test_when_all_is_paid_meanwhile_no_mail_leaves(app: Flask, clock) -> None:  # type: ignore[no-untyped-def]
    invoice = late(partner(), 10, clock_=clock)
    made = reminding.decide(
        invoice.organisation_id, 1, [invoice.id], make_finance.finance_officer()
    )
    db.session.commit()
    before = len(mails(app))
    make_payment.paid(invoice)
    deliver()
    db.session.expire_all()
    assert db.session.get_one(Reminder, made.id).state == ReminderState.LEFT_OUT
    assert len(mails(app)) == before


def test_what_a_bank_carries_out_online_is_not_reminded_of(clock) -> None:  # type: ignore[no-untyped-def]
    invoice = late(partner(), 10, clock_=clock)
    make_online.agreed(invoice)
    assert batches() == []
    make_online.failed(invoice)
    assert [one.invoice for batch in batches() for one in batch.items] == [invoice]


def test_a_pause_holds_until_its_day_has_passed(clock) -> None:  # type: ignore[no-untyped-def]
    officer = make_finance.finance_officer()
    invoice = late(partner(), 10, clock_=clock)
    reminder_pauses.pause(invoice, date(2026, 11, 30), "Betaling beloofd", officer)
    db.session.commit()
    assert batches() == []
    with pytest.raises(DomainError):
        reminding.decide(invoice.organisation_id, 1, [invoice.id], officer)
    clock.move_to(datetime(2026, 12, 1, 9, tzinfo=UTC))
    assert [one.step for one in batches()] == [1]
    with pytest.raises(DomainError):
        reminder_pauses.pause(invoice, date(2026, 11, 30), "Voorbij", officer)


def test_a_question_that_waits_for_an_answer_holds_reminders_back(clock) -> None:  # type: ignore[no-untyped-def]
    temse, officer = partner(), make_finance.finance_officer()
    invoice = late(temse, 10, clock_=clock)
    nele = make.actor(make_finance.finance_contact(temse))
    asked = questions.ask(nele, invoice, "Waarvoor dient dit?")
    db.session.commit()
    assert batches() == []
    questions.answer(officer, invoice, asked, "Voor de startcursus.")
    db.session.commit()
    assert len(batches()) == 1


def test_without_an_address_nothing_is_decided(clock) -> None:  # type: ignore[no-untyped-def]
    temse = partner(email="")
    invoice = late(temse, 10, clock_=clock)
    with pytest.raises(DomainError, match="e-mailadres"):
        reminding.decide(temse.id, 1, [invoice.id], make_finance.finance_officer())
    assert batches()[0].email == ""


def test_another_partners_invoice_never_gets_into_a_mail(clock) -> None:  # type: ignore[no-untyped-def]
    mine, theirs = late(partner(), 10, clock_=clock), late(partner("B"), 10, clock_=clock)
    made = reminding.decide(
        mine.organisation_id, 1, [mine.id, theirs.id], make_finance.finance_officer()
    )
    assert {item.invoice_id for item in db.session.query(ReminderItem)} == {mine.id}
    with pytest.raises(DomainError):
        reminding.decide(mine.organisation_id, 2, [mine.id], make_finance.finance_officer())
    assert made.step == 1


def test_by_itself_only_where_hsv_says_so_and_not_where_money_has_no_place(clock) -> None:  # type: ignore[no-untyped-def]
    temse, lokeren = partner(), partner("Stad Lokeren")
    late(temse, 10, clock_=clock)
    late(lokeren, 10, clock_=clock)
    make_finance.finance_officer()
    reminding.remind()
    db.session.commit()
    assert make.number_of(Reminder) == 0
    reminder_settings.record(Rules(from_on=date(2026, 1, 1), automatic=True), None)
    make_payment.received(250_00, organisation_id=lokeren.id)
    db.session.commit()
    reminding.remind()
    reminding.remind()
    sent = db.session.scalars(select(Reminder)).all()
    assert [(one.organisation_id, one.account_id) for one in sent] == [(temse.id, None)]


def test_hsv_is_told_once_a_week_that_reminders_wait(clock) -> None:  # type: ignore[no-untyped-def]
    make_finance.finance_officer()
    late(partner(), 10, clock_=clock)
    for _ in range(2):
        reminding.remind()
        db.session.commit()
    officers = len(accounts.members_with_role(Role.FINANCE_OFFICER))
    told = select(OutboxMessage.key).where(OutboxMessage.key.like("mail:reminders:%"))
    assert len(db.session.scalars(told).all()) == officers
    clock.shift(timedelta(days=7))
    reminding.remind()
    db.session.commit()
    assert len(db.session.scalars(told).all()) == 2 * officers


def test_the_worklist_costs_as_many_queries_however_many_partners(clock) -> None:  # type: ignore[no-untyped-def]
    late(partner(), 10, clock_=clock)
    with count_queries() as few:
        batches()
    for number in range(4):
        late(partner(f"Gemeente {number}"), 10, clock_=clock)
    db.session.expunge_all()
    with count_queries() as many:
        assert len(batches()) == 5
    assert len(many) == len(few)


@given(
    gaps=st.lists(st.integers(0, 12), min_size=1, max_size=8),
    rules=st.sampled_from([Rules(), Rules(first_days=1, second_days=8, third_days=15)]),
)
def test_however_often_one_presses_the_steps_keep_their_order_and_distance(
    gaps: list[int], rules: Rules
) -> None:
    """The rule itself, over many days: what `_overdue` gives as the next step and its first day."""
    due_on, today = date(2026, 1, 1), date(2026, 1, 1)
    last_step, last_on = None, None
    taken: list[tuple[int, date]] = []
    for gap in gaps:
        today += timedelta(days=gap)
        invoice = Invoice(due_on=due_on)
        row = (invoice, 1, last_step, last_on, None, False)
        one = reminder_worklist._overdue(row, rules, today)
        if one.step is not None and one.is_ready(today):
            taken.append((one.step, today))
            last_step, last_on = one.step, today
    assert [step for step, _on in taken] == list(range(1, len(taken) + 1))
    assert all((b - a).days >= 7 for (_s, a), (_t, b) in itertools.pairwise(taken))
    assert all((on - due_on).days >= rules.days(step) for step, on in taken)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("second_days", {"second_days": 13}),
        ("third_days", {"third_days": 27}),
        ("first_days", {"first_days": 0}),
        ("third_days", {"third_days": 400}),
        ("cost_cents", {"cost_cents": -1}),
        ("body_2", {"texts": (SHIPPED[0], StepText("Onderwerp", "Zonder lijst."), SHIPPED[2])}),
        ("body_1", {"texts": (StepText("Onderwerp", "{lijst}\n\n{gezin}"), *SHIPPED[1:])}),
        ("subject_3", {"texts": (*SHIPPED[:2], StepText("Voor {lijst}", SHIPPED[2].body))}),
        ("body_1", {"texts": (StepText("Onderwerp", "{lijst}\n\nEen { te veel"), *SHIPPED[1:])}),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_settings_that_would_go_wrong_are_refused_on_their_field(
    session: Session, field: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(DomainError) as refused:
        reminder_settings.record(Rules(**{"from_on": date(2026, 1, 1), **changes}), None)
    assert refused.value.field == field


def test_what_stands_in_a_value_is_never_taken_for_a_field() -> None:
    text = StepText("Voor {partner}", "Dag {partner}.\n{lijst}\nTot {uiterlijk}.")
    values = {"partner": "{totaal}", "uiterlijk": "31/12/2026"}
    filled = text.filled(values, ["{partner} één"])
    assert filled.subject == "Voor {totaal}"
    assert filled.body.split("\n\n") == ["Dag {totaal}.", "{partner} één", "Tot 31/12/2026."]
    assert paragraphs("a\nb\n\n\nc") == ["a b", "c"]


def test_on_screen_one_looks_at_the_mail_presses_once_and_reads_it_back(
    app: Flask,
    clock,  # type: ignore[no-untyped-def]
) -> None:
    temse = partner()
    invoice = late(temse, 10, clock_=clock)
    bram = Browser(app).sign_in(make_agreement.finance_officer().account)
    page = bram.get("finance.reminders")
    assert "Gemeente Temse" in page.text
    place = {"organisation_id": temse.id, "number": 1}
    page = bram.get("finance.reminder_preview", **place)
    assert "Misschien is het aan uw aandacht ontsnapt" in page.text
    ids = {"invoice": [e.get("value") for e in page.find("input") if e.get("name") == "invoice"]}
    page = bram.follow(bram.post("finance.send_reminder", ids, **place))
    assert "De herinnering vertrekt nu." in page.text
    again = bram.follow(bram.post("finance.send_reminder", ids, **place))
    assert "niet meer nodig, of werd al verstuurd" in again.text
    deliver()
    sent = db.session.scalars(select(Reminder)).one()
    page = bram.get("finance.reminder", reminder_id=sent.id)
    assert str(invoice.number) in page.text
    assert bram.get("finance.reminder_file", reminder_id=sent.id).body.startswith(b"%PDF")
    page = bram.get("finance.invoice", reference=invoice.reference)
    assert "Verstuurde herinneringen" in page.text
    assert bram.follow(bram.get("finance.reminder_preview", **place)).heading == "Herinneringen"


def test_on_screen_one_pauses_with_a_reason_and_goes_on(app: Flask, clock) -> None:  # type: ignore[no-untyped-def]
    invoice = late(partner(), 10, clock_=clock)
    bram = Browser(app).sign_in(make_agreement.finance_officer().account)
    place = {"reference": invoice.reference}
    page = bram.get("finance.pause_reminders", **place)
    assert len(bram.submit(page, "finance.pause_reminders", {}, **place).errors) == 2
    typed = {"until_on": "2026-11-22", "reason": "Beloofd"}
    refused = bram.submit(page, "finance.pause_reminders", typed, **place)
    assert "Kies een dag vanaf vandaag, hoogstens een jaar ver." in refused.errors[0]
    typed["until_on"] = "2026-12-15"
    page = bram.follow(bram.submit(page, "finance.pause_reminders", typed, **place))
    assert "Gepauzeerd tot en met 15 december 2026" in page.text
    assert "Even met rust gelaten" in bram.get("finance.reminders").text
    page = bram.follow(bram.post("finance.resume_reminders", {}, **place))
    assert "Aan de beurt: Herinnering" in page.text


def test_on_screen_hsv_tries_out_its_own_words_before_it_keeps_them(app: Flask, clock) -> None:  # type: ignore[no-untyped-def]
    bram = Browser(app).sign_in(make_agreement.finance_officer().account)
    page = bram.get("finance.record_reminders")
    names = ("from_on", "first_days", "second_days", "third_days", "answer_days", "cost_cents")
    typed = {name: page.value(name) for name in names} | {"way": "person"}
    for step in (1, 2, 3):
        typed |= {name: page.value(name) for name in (f"subject_{step}", f"body_{step}")}
    typed["body_1"] = "Beste {partner}, dit staat open.\n{lijst}\nBedankt!"
    shown = bram.submit(page, "finance.record_reminders", {**typed, "preview": "1"})
    assert "Beste Gemeente Voorbeeld, dit staat open." in shown.text
    assert reminder_settings.history() == []
    wrong = {**typed, "body_1": "Zonder lijst", "second_days": "9"}
    refused = bram.submit(page, "finance.record_reminders", wrong)
    assert "Laat minstens 7 dagen tussen twee stappen." in refused.errors[0]
    done = bram.follow(bram.submit(page, "finance.record_reminders", typed))
    assert "Beste {partner}, dit staat open." in done.text
    assert reminder_settings.in_force(time.today()).texts[0].body.startswith("Beste {partner}")


def test_what_could_not_be_delivered_is_said_and_sent_again(app: Flask, clock) -> None:  # type: ignore[no-untyped-def]
    temse = partner(email="geen adres")
    late(temse, 10, clock_=clock)
    failed = send()
    assert failed.state == ReminderState.FAILED
    make_finance.wishes(temse, email="facturen@temse.example")
    bram = Browser(app).sign_in(make_agreement.finance_officer().account)
    page = bram.get("finance.reminder", reminder_id=failed.id)
    assert "Dit is geen geldig e-mailadres." in page.text
    bram.post("finance.resend_reminder", {}, reminder_id=failed.id)
    deliver()
    db.session.expire_all()
    sent = db.session.get_one(Reminder, failed.id)
    assert (sent.state, sent.target) == (ReminderState.SENT, "facturen@temse.example")


def test_a_partner_fetches_its_statement_of_account(app: Flask, clock) -> None:  # type: ignore[no-untyped-def]
    from io import BytesIO

    from pypdf import PdfReader

    temse = partner()
    invoices = [late(temse, days, clock_=clock) for days in (40, 5, -10)]
    nele = Browser(app).sign_in(make_finance.finance_contact(temse).account)
    answer = nele.get("finance.own_statement")
    reader = PdfReader(BytesIO(answer.body))
    assert len(reader.pages) == 1
    words = " ".join(reader.pages[0].extract_text().split()).replace("\u00a0", " ")
    assert all(str(one.number) in words for one in invoices)
    assert "40 dagen te laat" in words
    assert "Totaal, waarvan € 500,00 vervallen € 750,00" in words
