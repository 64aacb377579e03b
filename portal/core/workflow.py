"""One table of transitions per aggregate; `fire` is the only thing that moves a status.

The same row gives the button, the timeline line, the permission and who is told.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy.orm.attributes import flag_modified

from portal.core import audit
from portal.core.db import db
from portal.core.errors import Change, ConflictError, NotAllowedError
from portal.core.i18n import N_
from portal.core.permissions import Actor, Permission


class Aggregate(Protocol):
    """What has a status, and a version that goes up with every change."""

    id: Any
    __tablename__: Any
    status: Any
    version: Any


A = TypeVar("A", bound=Aggregate)


@dataclass(frozen=True)
class Transition:
    """action: from → to. `target` None leaves the status as it is.

    label: on the button; past: in the timeline; tells: audiences that get a mail;
    tone: how the button looks; when: what more must be true of the thing.
    """

    action: str
    sources: tuple[str, ...]
    target: str | None
    permission: Permission
    label: str
    past: str
    tells: tuple[str, ...] = ()
    tone: str = "secondary"
    when: Callable[[Any], bool] = field(default=lambda _thing: True)


@dataclass(frozen=True)
class Fired(Generic[A]):
    """What happened, for those who are to be told."""

    thing: A
    transition: Transition
    before: str
    by: Actor | None
    details: Mapping[str, Any]


class Workflow(Generic[A]):
    """The transitions of one kind of aggregate.

    `write_event(fired)` adds the timeline row; `tell(fired, audience)` writes the mails of one
    audience. Both run inside the transaction of the change.
    """

    def __init__(
        self,
        transitions: Iterable[Transition],
        *,
        write_event: Callable[[Fired[A]], Any],
        tell: Callable[[Fired[A], str], None],
        changes_since: Callable[[A, int], Sequence[Change]],
    ) -> None:
        self.table = tuple(transitions)
        self._by_action: dict[str, list[Transition]] = {}
        for row in self.table:
            self._by_action.setdefault(row.action, []).append(row)
        self._write_event = write_event
        self._tell = tell
        self._changes_since = changes_since

    def allowed(self, thing: A, actor: Actor) -> list[Transition]:
        """Return the transitions this person can fire now, in the order of the table."""
        status = str(thing.status)
        rows = [t for t in self.table if status in t.sources and t.when(thing)]
        return [t for t in rows if actor.can(t.permission)]

    def can(self, thing: A, action: str, actor: Actor) -> bool:
        """Say whether this person can fire this action now."""
        return any(t.action == action for t in self.allowed(thing, actor))

    def expect(self, thing: A, version: int | None) -> None:
        """Raise ConflictError when the thing is no longer what the person looked at.

        Waits for whoever is changing it now, so that the error can say what they did. Call it
        before changing anything.
        """
        db.session.refresh(thing, ("status", "version"), with_for_update=True)
        if version is not None and version != thing.version:
            raise ConflictError(
                N_("Intussen heeft iemand anders dit gewijzigd."),
                self._changes_since(thing, version),
            )

    def fire(
        self,
        thing: A,
        action: str,
        by: Actor | None,
        *,
        fields: Iterable[str] = (),
        flush: bool = True,
        **details: Any,
    ) -> Fired[A]:
        """Move the thing, write its timeline and audit rows, and the mails that go with it.

        `by` None is the system itself or somebody outside (a parent by link); the caller then
        answers for the right to do so. `details` (a note, a day) go to the timeline. `flush` False
        where many things are made at once, which are written together; then nobody is told. Raises
        ConflictError when the action no longer fits the status, NotAllowedError when the role
        may not do it.
        """
        before = str(thing.status)
        rows = [t for t in self._by_action[action] if before in t.sources and t.when(thing)]
        if not rows:
            raise ConflictError(N_("Deze stap kan nu niet meer."), self._changes_since(thing, 0))
        transition = rows[0]
        if by is not None and not by.can(transition.permission):
            raise NotAllowedError(N_("Je rol laat deze stap niet toe."))
        changed = set(fields)
        if transition.target is not None:
            thing.status = type(thing.status)(transition.target)
            changed.add("status")
        flag_modified(thing, "status")  # so that the version goes up with every step
        fired = Fired(thing, transition, before, by, details)
        audit.record(f"{thing.__tablename__}:{action}", thing, actor=by, fields=changed)
        self._write_event(fired)
        if not flush:
            return fired
        db.session.flush()
        for audience in transition.tells:
            self._tell(fired, audience)
        return fired
