"""The worker: delivers the outbox and runs what must happen every so often.

When a periodic job last ran, and who runs it now, stands in a table: several workers or a restart
neither skip nor double it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import Any

from sqlalchemy import String, or_, update
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import audit, clock, once, outbox
from portal.core.db import Model, db, insert_if_absent, reading

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=15)
PAUSE_SECONDS = 1.0
PAUSE_AFTER_FAILURE_SECONDS = 5.0


class JobRun(Model):
    """When a periodic job is due, who has it until when, and how the last run went."""

    __tablename__ = "job_run"
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(300))


@dataclass(frozen=True)
class Job:
    """A function that must run once every `every`; it leaves the commit to the worker."""

    name: str
    every: timedelta
    run: Callable[[], Any]


_jobs: dict[str, Job] = {}


def periodic(every: timedelta) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Register a function without arguments that the worker runs every so often."""

    def register(function: Callable[[], Any]) -> Callable[[], Any]:
        name = f"{function.__module__.removeprefix('portal.')}.{function.__name__}"
        _jobs[name] = Job(name, every, function)
        return function

    return register


periodic(timedelta(hours=1))(once.purge)
periodic(timedelta(hours=6))(outbox.forget_sent)
periodic(timedelta(hours=24))(audit.note_head)


def run(stop: Event) -> None:
    """Work until `stop` is set. Needs an app context; survives whatever a job or database does."""
    while not stop.is_set():
        try:
            tried = outbox.deliver_due()
            ran = run_due()
        except Exception as error:  # noqa: BLE001 - the worker outlives its database
            _log_failure("worker", error)
            stop.wait(PAUSE_AFTER_FAILURE_SECONDS)
        else:
            if not tried and not ran:
                stop.wait(PAUSE_SECONDS)
        finally:
            db.session.remove()


def run_due() -> int:
    """Run the periodic jobs that are due. Returns how many ran here."""
    now = clock.now()
    with reading():
        known = {row.name: row for row in db.session.query(JobRun)}
        due = [j for j in _jobs.values() if j.name not in known or known[j.name].due_at <= now]
    return sum(_run(job) for job in due)


def _run(job: Job) -> bool:
    if not _claim(job):
        return False
    error = None
    try:
        job.run()
        db.session.commit()
    except Exception as failure:  # noqa: BLE001 - one job's failure is not another's
        db.session.rollback()
        _log_failure(job.name, failure)
        error = type(failure).__name__
    _release(job, error)
    return True


def _claim(job: Job) -> bool:
    now = clock.now()
    insert_if_absent(JobRun, name=job.name, due_at=now)
    free = or_(JobRun.claimed_until.is_(None), JobRun.claimed_until < now)
    claim = (
        update(JobRun)
        .where(JobRun.name == job.name, JobRun.due_at <= now, free)
        .values(claimed_until=now + LEASE)
        .returning(JobRun.name)
        .execution_options(synchronize_session=False)
    )
    claimed = db.session.scalar(claim) is not None
    db.session.commit()
    return claimed


def _release(job: Job, error: str | None) -> None:
    now = clock.now()
    done = update(JobRun).where(JobRun.name == job.name)
    db.session.execute(
        done.values(due_at=now + job.every, claimed_until=None, finished_at=now, error=error)
    )
    db.session.commit()


def _log_failure(name: str, error: Exception) -> None:
    """Log what broke, never with what: messages of exceptions may quote a family."""
    log.error("%s failed: %s", name, type(error).__name__)
