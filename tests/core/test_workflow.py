"""One table moves a status; everything else follows from the same row."""

from enum import StrEnum

import pytest
from flask import Flask
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.orm.exc import StaleDataError

from portal.core.audit import AuditEvent, broken_links
from portal.core.db import db, text_enum
from portal.core.errors import Change, ConflictError, NotAllowedError
from portal.core.permissions import Actor, Permission, Role, granted
from portal.core.workflow import Fired, Transition, Workflow
from tests.core.races import in_threads


class Status(StrEnum):
    OPEN = "open"
    BUSY = "busy"
    DONE = "done"


class ToyBase(DeclarativeBase):
    pass


class Task(ToyBase):
    __tablename__ = "toy_task"
    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[Status] = mapped_column(text_enum(Status))
    version: Mapped[int] = mapped_column()
    ready: Mapped[bool] = mapped_column(default=True)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's name


class Step(ToyBase):
    __tablename__ = "toy_step"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    task_id: Mapped[int]
    action: Mapped[str]
    note: Mapped[str | None]
    version: Mapped[int]


told: list[tuple[str, str]] = []


def write_step(fired: Fired[Task]) -> None:
    task = fired.thing
    step = Step(task_id=task.id, action=fired.transition.action, note=fired.details.get("note"))
    step.version = task.version + 1
    db.session.add(step)


def changes_since(task: Task, version: int) -> list[Change]:
    steps = select(Step).where(Step.task_id == task.id, Step.version > version).order_by(Step.id)
    return [Change(s.action, "", "An") for s in db.session.scalars(steps)]


START = Transition(
    "start", (Status.OPEN,), Status.BUSY, Permission.REFERRAL_HANDLE, "Start", "Gestart",
    tells=("referrer", "branch"), when=lambda task: task.ready,
)  # fmt: skip
FINISH = Transition(
    "finish", (Status.BUSY,), Status.DONE, Permission.REFERRAL_HANDLE, "Rond af", "Afgerond"
)
REOPEN = Transition(
    "reopen",
    (Status.BUSY, Status.DONE),
    Status.OPEN,
    Permission.REFERRAL_FOLLOW,
    "Heropen",
    "Heropend",
)
REMARK = Transition(
    "remark", tuple(Status), None, Permission.REFERRAL_HANDLE, "Noteer", "Genoteerd"
)
WORKFLOW: Workflow[Task] = Workflow(
    (START, FINISH, REOPEN, REMARK),
    write_event=write_step,
    tell=lambda fired, audience: told.append((fired.transition.action, audience)),
    changes_since=changes_since,
)


def somebody(role: Role | None) -> Actor:
    return Actor(account_id=1, name="An", email="an@x.be", role=role, permissions=granted(role))


COORDINATOR, REFERRER = somebody(Role.COORDINATOR), somebody(Role.REFERRER)


@pytest.fixture
def task(session: Session) -> Task:
    told.clear()
    ToyBase.metadata.create_all(session.connection())
    task = Task(id=1, status=Status.OPEN, ready=True)
    session.add(task)
    session.commit()
    return task


def test_a_step_moves_the_status_and_leaves_its_traces(session: Session, task: Task) -> None:
    fired = WORKFLOW.fire(task, "start", COORDINATOR, note="na overleg", fields=["volunteer"])
    session.commit()
    assert task.status is Status.BUSY
    assert (fired.before, fired.transition, fired.by) == ("open", START, COORDINATOR)
    step = session.scalars(select(Step)).one()
    assert (step.action, step.note) == ("start", "na overleg")
    event_row = session.scalars(select(AuditEvent)).one()
    assert (event_row.action, event_row.object_id) == ("toy_task:start", "1")
    assert event_row.fields == ["status", "volunteer"]
    assert told == [("start", "referrer"), ("start", "branch")]


def test_a_step_that_does_not_fit_is_a_conflict_and_changes_nothing(
    session: Session, task: Task
) -> None:
    for action in ("finish", "reopen"):
        with pytest.raises(ConflictError):
            WORKFLOW.fire(task, action, COORDINATOR)
    task.ready = False
    with pytest.raises(ConflictError):
        WORKFLOW.fire(task, "start", COORDINATOR)
    assert task.status is Status.OPEN
    assert session.scalars(select(Step)).all() == []
    assert told == []


def test_a_role_that_may_not_is_refused(session: Session, task: Task) -> None:
    with pytest.raises(NotAllowedError):
        WORKFLOW.fire(task, "start", REFERRER)
    assert task.status is Status.OPEN


def test_the_system_itself_may_take_a_step(session: Session, task: Task) -> None:
    WORKFLOW.fire(task, "start", None)
    assert task.status is Status.BUSY


def test_a_step_without_a_target_still_counts_as_a_change(session: Session, task: Task) -> None:
    before = task.version
    WORKFLOW.fire(task, "remark", COORDINATOR, note="belde terug")
    session.commit()
    assert (task.status, task.version) == (Status.OPEN, before + 1)
    assert session.scalars(select(AuditEvent)).one().fields == []


def test_the_buttons_are_the_steps_this_person_can_take_now(session: Session, task: Task) -> None:
    assert WORKFLOW.allowed(task, COORDINATOR) == [START, REMARK]
    assert WORKFLOW.allowed(task, REFERRER) == []
    task.ready = False
    assert WORKFLOW.allowed(task, COORDINATOR) == [REMARK]
    task.status = Status.BUSY
    assert WORKFLOW.can(task, "finish", COORDINATOR)
    assert WORKFLOW.can(task, "reopen", REFERRER)
    assert not WORKFLOW.can(task, "reopen", COORDINATOR)


def test_who_looked_at_an_older_version_is_told_what_happened(session: Session, task: Task) -> None:
    seen = task.version
    WORKFLOW.expect(task, seen)
    WORKFLOW.fire(task, "remark", COORDINATOR)
    WORKFLOW.fire(task, "start", COORDINATOR)
    session.commit()
    with pytest.raises(ConflictError) as refusal:
        WORKFLOW.expect(task, seen)
    assert [c.label for c in refusal.value.changes] == ["remark", "start"]
    WORKFLOW.expect(task, None)


@pytest.mark.slow
def test_of_twenty_decisions_at_once_one_wins_and_the_others_see_it(live_app: Flask) -> None:
    with live_app.app_context():
        ToyBase.metadata.create_all(db.engine)
        db.session.add(Task(id=1, status=Status.OPEN, ready=True))
        db.session.commit()

    def decide(index: int) -> str:
        task = db.session.get_one(Task, 1)
        WORKFLOW.expect(task, 1)
        WORKFLOW.fire(task, "start", COORDINATOR, note=str(index))
        db.session.commit()
        return "won"

    results = in_threads(live_app, 20, decide)
    assert results.count("won") == 1
    lost = [r for r in results if r != "won"]
    assert all(isinstance(r, ConflictError) for r in lost), lost
    assert all(
        [c.label for c in r.changes] == ["start"] for r in lost if isinstance(r, ConflictError)
    )
    with live_app.app_context():
        assert len(db.session.scalars(select(Step)).all()) == 1
        assert len(db.session.scalars(select(AuditEvent)).all()) == 1


@pytest.mark.slow
def test_without_looking_at_the_version_no_update_is_lost_either(live_app: Flask) -> None:
    with live_app.app_context():
        ToyBase.metadata.create_all(db.engine)
        db.session.add(Task(id=1, status=Status.OPEN, ready=True))
        db.session.commit()

    def decide(index: int) -> str:
        WORKFLOW.fire(db.session.get_one(Task, 1), "start", COORDINATOR)
        db.session.commit()
        return "won"

    results = in_threads(live_app, 20, decide)
    assert results.count("won") == 1
    assert all(isinstance(r, (ConflictError, StaleDataError)) for r in results if r != "won")


class AnyOrder(RuleBasedStateMachine):
    """Whatever is tried in whatever order, the status only moves along the table."""

    @initialize()
    def open_task(self) -> None:
        ToyBase.metadata.create_all(db.session.connection())
        db.session.execute(delete(Task))
        db.session.execute(delete(Step))
        db.session.expunge_all()
        self.task = Task(id=1, status=Status.OPEN, ready=True)
        db.session.add(self.task)
        db.session.flush()
        self.expected, self.steps = Status.OPEN, 0

    @rule(
        action=st.sampled_from([t.action for t in WORKFLOW.table]),
        by=st.sampled_from([COORDINATOR, REFERRER, None]),
    )
    def attempt(self, action: str, by: Actor | None) -> None:
        (row,) = [t for t in WORKFLOW.table if t.action == action]
        fits = self.expected in row.sources and (action != "start" or self.task.ready)
        allowed = by is None or by.can(row.permission)
        try:
            WORKFLOW.fire(self.task, action, by)
        except ConflictError:
            assert not fits
        except NotAllowedError:
            assert fits
            assert not allowed
        else:
            assert fits
            assert allowed
            self.expected, self.steps = Status(row.target or self.expected), self.steps + 1

    @rule(ready=st.booleans())
    def prepare(self, ready: bool) -> None:
        self.task.ready = ready

    @invariant()
    def the_timeline_tells_it_all(self) -> None:
        assert self.task.status is self.expected
        assert len(db.session.scalars(select(Step)).all()) == self.steps


def test_no_order_of_steps_leaves_the_table(app: Flask) -> None:
    run_state_machine_as_test(AnyOrder, settings=settings(max_examples=25, deadline=None))
    db.session.commit()
    assert list(broken_links()) == []
