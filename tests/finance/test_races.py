"""Issued by many at once and killed anywhere: no gap, no duplicate, each delivered once."""

import hashlib
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, Integer, MetaData, Table, insert, select
from sqlalchemy.exc import OperationalError

from portal.core import documents, outbox
from portal.core.db import db
from portal.core.numbering import next_number
from portal.finance import bill_run
from portal.finance.models import DeliveryState, Invoice, InvoiceDelivery, InvoiceStatus
from tests import make
from tests.agreements import make_agreement
from tests.core.races import in_processes, in_threads, ready_to_fork
from tests.finance import access_points, make_finance
from tests.finance.access_points import EInvoiceHandler

pytestmark = pytest.mark.slow
PROCESSES, EACH = 50, 20
DOCUMENTS = 200
numbered = Table("numbered_invoice", MetaData(), Column("number", Integer))


def _take_and_die(index: int) -> int:
    """Take numbers; give one in ten back; every tenth process dies with one in its hands."""
    chance, given_back = random.Random(index), 0
    for turn in range(EACH):
        db.session.execute(insert(numbered).values(number=next_number("invoice-2027")))
        if index % 10 == 0 and turn == EACH // 2:
            os.kill(os.getpid(), signal.SIGKILL)
        if chance.random() < 0.1:
            db.session.rollback()
            given_back += 1
        else:
            db.session.commit()
    return given_back


def _in_mortal_processes(app: Flask, work: Callable[[int], Any]) -> list[Any]:
    """Run the work in many processes of which some die; returns what the others answered."""
    method = multiprocessing.get_context("fork")
    start, answers = method.Barrier(PROCESSES), method.SimpleQueue()

    def one(index: int) -> None:
        with app.app_context():
            db.engine.dispose(close=False)
            start.wait(60)
            answers.put(work(index))

    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    ready_to_fork()
    processes = [method.Process(target=one, args=(index,)) for index in range(PROCESSES)]
    for process in processes:
        process.start()
    living = PROCESSES - PROCESSES // 10
    found = [answers.get() for _ in range(living)]
    for process in processes:
        process.join(60)
    assert {p.exitcode for p in processes} == {-signal.SIGKILL, 0}
    return found


def test_fifty_processes_that_give_up_and_die_leave_no_gap_and_no_duplicate(
    live_app: Flask,
) -> None:
    with live_app.app_context():
        numbered.create(db.engine)
    found = _in_mortal_processes(live_app, _take_and_die)
    with live_app.app_context():
        numbers = sorted(db.session.scalars(select(numbered.c.number)))
        db.session.remove()
    assert numbers == list(range(1, len(numbers) + 1))
    assert sum(found) > 0


def _issue_all(officer_email: str) -> None:
    """What a worker does: issue every draft, then deliver; until nothing is left."""
    by = bill_run.officer(officer_email)
    db.session.rollback()
    bill_run.issue(by, bill_run.Run(), lambda things, _what: things)
    while outbox.deliver_due():
        pass


def _work_until_killed(app: Flask, email: str, after: float) -> bool:
    """Run the worker in a process of its own and kill it; returns whether it was done before."""
    method = multiprocessing.get_context("fork")

    def work() -> None:
        with app.app_context():
            db.engine.dispose(close=False)
            _issue_all(email)

    ready_to_fork()
    process = method.Process(target=work)
    process.start()
    process.join(after)
    if process.is_alive():
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
    return process.exitcode == 0


def test_a_worker_killed_anywhere_issues_each_invoice_once_and_delivers_it_once(
    live_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "LEASE", outbox.timedelta(milliseconds=200))
    with access_points.running(EInvoiceHandler) as post:
        live_app.config.update(
            PEPPOL_ROUTE="e-invoice.be", PEPPOL_URL=post.url, PEPPOL_KEY="geheim"
        )
        with live_app.app_context():
            make_finance.settings()
            partners = [make_finance.municipality(f"Gemeente {n}") for n in range(4)]
            for number in range(DOCUMENTS):
                make_finance.draft(partners[number % 4])
            email = make_agreement.finance_officer().account.email
            db.session.remove()
            db.engine.dispose()
        chance, kills = random.Random(2027), 0
        while not _work_until_killed(live_app, email, 1 + chance.random() * 4):
            kills += 1
            assert kills < 200
        time.sleep(0.3)  # a lease of who was killed in its last delivery
        while not _work_until_killed(live_app, email, 30):
            pass
        assert kills >= 3
        assert sorted(post.sent.values()) == [1] * DOCUMENTS
    with live_app.app_context():
        issued = db.session.scalars(select(Invoice).order_by(Invoice.sequence)).all()
        assert [one.sequence for one in issued] == list(range(1, DOCUMENTS + 1))
        assert {one.status for one in issued} == {InvoiceStatus.ISSUED}
        for one in issued:
            assert one.pdf is not None
            assert one.ubl is not None
            assert hashlib.sha256(documents.read(one.pdf)).digest() == one.pdf_sha256
            assert hashlib.sha256(documents.read(one.ubl)).digest() == one.ubl_sha256
        assert len({one.pdf_id for one in issued} | {one.ubl_id for one in issued}) == 400
        states = db.session.scalars(select(InvoiceDelivery.state)).all()
        assert states == [DeliveryState.HANDED_OVER] * DOCUMENTS
        db.session.remove()


def test_two_who_credit_the_same_invoice_at_once_never_take_back_too_much(live_app: Flask) -> None:
    from portal.core.errors import DomainError
    from portal.finance import crediting
    from portal.finance.content import Line

    with live_app.app_context():
        make_finance.settings()
        invoice_id = make_finance.issued().id  # € 250
        officer = make_finance.finance_officer()
        db.session.remove()

    def credit(_index: int) -> bool:
        try:
            invoice = db.session.get_one(Invoice, invoice_id)
            crediting.credit(officer, invoice, (Line("Korting", 200_00),), "Afspraak")
            db.session.commit()
        except DomainError:
            db.session.rollback()
            return False
        finally:
            db.session.remove()
        return True

    assert sorted(in_threads(live_app, 4, credit)) == [False, False, False, True]  # type: ignore[type-var]
    with live_app.app_context():
        assert make.number_of(Invoice) == 2
        db.session.remove()


def test_the_control_without_the_lock_goes_wrong(live_app: Flask) -> None:
    """The largest plus one, and no lock: what the counter row is there against."""
    from portal.core.db import reading_only

    with live_app.app_context():
        numbered.create(db.engine)

    def careless(_index: int) -> int:
        reading_only.set(True)
        failures = 0
        for _ in range(EACH // 2):
            try:
                largest = db.session.scalar(select(db.func.max(numbered.c.number))) or 0
                db.session.execute(insert(numbered).values(number=largest + 1))
                db.session.commit()
            except OperationalError:
                db.session.rollback()
                failures += 1
        return failures

    failures = sum(in_processes(live_app, 20, careless))
    with live_app.app_context():
        numbers = db.session.scalars(select(numbered.c.number)).all()
        db.session.remove()
    assert failures or len(numbers) != len(set(numbers))
