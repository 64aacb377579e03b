"""The worker delivers and keeps its rounds, alone or with others, whatever fails."""

import threading
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.core import clock as time
from portal.core import jobs, outbox
from portal.core.db import db
from portal.core.jobs import Job, JobRun, run_due
from tests.core.races import in_threads

ran: list[str] = []


@pytest.fixture(autouse=True)
def rounds(monkeypatch: pytest.MonkeyPatch) -> dict[str, Job]:
    """A worker with one job of its own, once an hour."""
    ran.clear()
    job = Job("tests.sweep", timedelta(hours=1), lambda: ran.append("sweep"))
    registry = {"tests.sweep": job}
    monkeypatch.setattr(jobs, "_jobs", registry)
    return registry


@pytest.fixture
def noon(clock) -> None:
    clock.move_to(datetime(2026, 11, 15, 12, tzinfo=UTC))


def test_a_job_runs_at_once_and_then_every_so_often(session: Session, noon: None, clock) -> None:
    assert run_due() == 1
    assert run_due() == 0
    clock.shift(timedelta(minutes=59))
    assert run_due() == 0
    clock.shift(timedelta(minutes=1))
    assert run_due() == 1
    assert ran == ["sweep", "sweep"]
    row = session.get_one(JobRun, "tests.sweep", populate_existing=True)
    assert (row.due_at, row.finished_at) == (time.now() + timedelta(hours=1), time.now())


def test_a_worker_that_slept_for_days_runs_a_job_once(session: Session, noon: None, clock) -> None:
    run_due()
    clock.shift(timedelta(days=9))
    assert run_due() == 1
    assert run_due() == 0


def test_a_clock_that_goes_back_ten_minutes_doubles_nothing(
    session: Session, noon: None, clock
) -> None:
    run_due()
    clock.shift(timedelta(minutes=-10))
    assert run_due() == 0


def test_a_job_that_fails_is_named_and_comes_round_again(
    session: Session, noon: None, clock, rounds: dict[str, Job], caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        ran.append("fail")
        raise ValueError("Canarini")

    rounds["tests.fail"] = Job("tests.fail", timedelta(hours=1), fail)
    assert run_due() == 2
    assert "sweep" in ran, "the others run all the same"
    assert session.get_one(JobRun, "tests.fail", populate_existing=True).error == "ValueError"
    assert "tests.fail failed: ValueError" in caplog.text
    assert "Canarini" not in caplog.text
    clock.shift(timedelta(hours=1))
    rounds["tests.fail"] = Job("tests.fail", timedelta(hours=1), lambda: ran.append("ok"))
    run_due()
    assert session.get_one(JobRun, "tests.fail", populate_existing=True).error is None


def test_a_job_that_was_killed_runs_again_when_its_lease_is_over(
    session: Session, noon: None, clock, rounds: dict[str, Job]
) -> None:
    assert jobs._claim(rounds["tests.sweep"]), "and then its process is killed"
    assert run_due() == 0
    clock.shift(jobs.LEASE + timedelta(seconds=1))
    assert run_due() == 1


def test_what_a_job_changes_is_committed_or_not_at_all(
    session: Session, noon: None, rounds: dict[str, Job]
) -> None:
    def half() -> None:
        outbox.enqueue("pigeon", {}, key="half")
        db.session.flush()
        raise RuntimeError

    rounds["tests.half"] = Job("tests.half", timedelta(hours=1), half)
    rounds["tests.whole"] = Job(
        "tests.whole", timedelta(hours=1), lambda: outbox.enqueue("pigeon", {}, key="whole")
    )
    run_due()
    session.rollback()
    assert [m.key for m in session.query(outbox.OutboxMessage)] == ["whole"]


@pytest.mark.slow
def test_of_eight_workers_one_runs_the_job(live_app: Flask) -> None:
    assert sorted(str(r) for r in in_threads(live_app, 8, lambda _: run_due())) == ["0"] * 7 + ["1"]
    assert ran == ["sweep"]


def test_a_function_becomes_a_job_by_being_marked(rounds: dict[str, Job]) -> None:
    @jobs.periodic(timedelta(days=1))
    def tidy() -> None: ...

    job = rounds["tests.core.test_jobs.tidy"]
    assert (job.every, job.run) == (timedelta(days=1), tidy)


def test_the_kernel_keeps_its_own_house(shared_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    kept = {"core.once.purge", "core.outbox.forget_sent", "core.audit.note_head"}
    assert kept <= jobs._jobs.keys()


def work_for(app: Flask, stop: Event, until: Event) -> None:
    def work() -> None:
        with app.app_context():
            jobs.run(stop)

    worker = threading.Thread(target=work)
    worker.start()
    assert until.wait(20), "the worker did not get to it"
    stop.set()
    worker.join(20)
    assert not worker.is_alive()


@pytest.mark.slow
def test_the_worker_delivers_runs_jobs_and_stops_when_asked(
    live_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived = Event()
    monkeypatch.setitem(outbox._handlers, "pigeon", lambda _message: arrived.set())
    with live_app.app_context():
        outbox.enqueue("pigeon", {}, key="a")
        db.session.commit()
    work_for(live_app, Event(), arrived)
    assert ran == ["sweep"]
    with live_app.app_context():
        assert outbox.waiting_count() == 0


@pytest.mark.slow
def test_the_worker_outlives_its_database(
    live_app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(jobs, "PAUSE_AFTER_FAILURE_SECONDS", 0.01)
    arrived, real, failures = Event(), outbox.deliver_due, [0]

    def sometimes() -> int:
        failures[0] += 1
        if failures[0] < 4:
            raise OperationalError("select Canarini", {}, Exception("gone"))
        arrived.set()
        return real()

    monkeypatch.setattr(outbox, "deliver_due", sometimes)
    work_for(live_app, Event(), arrived)
    assert caplog.text.count("worker failed: OperationalError") == 3
    assert "Canarini" not in caplog.text
