"""What follows on an envelope, by what was signed in it.

The module that owns a subject says so once, where it is imported at start:

    envelope_subjects.follow(Subject.ADDENDUM, completed=in_force, stopped=take_back)

Both run in the transaction of the last signature, or of the decline, expiry or cancellation.
"""

from collections.abc import Callable
from dataclasses import dataclass

from portal.agreements.models import Envelope, Subject

Consequence = Callable[[Envelope], None]


@dataclass(frozen=True)
class _Consequences:
    completed: Consequence
    stopped: Consequence


_known: dict[Subject, _Consequences] = {}


def follow(subject: Subject, *, completed: Consequence, stopped: Consequence) -> None:
    """Register what happens when an envelope on this subject is complete, or came to nothing."""
    _known[subject] = _Consequences(completed, stopped)


def completed(envelope: Envelope) -> None:
    """Do what follows on the last signature."""
    _known[envelope.subject].completed(envelope)


def stopped(envelope: Envelope) -> None:
    """Do what follows on a decline, an expiry or a cancellation."""
    _known[envelope.subject].stopped(envelope)
