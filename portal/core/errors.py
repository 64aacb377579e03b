"""What can go wrong in the rules of the portal, in words a person can act on."""

from collections.abc import Sequence
from dataclasses import dataclass


class DomainError(Exception):
    """A rule said no. `message` is Dutch (a message id); `field` is the form field it is about."""

    def __init__(self, message: str, field: str | None = None, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.values = values


class NotFoundError(DomainError):
    """There is no such thing, or it is not yours: the two look the same from outside."""

    def __init__(self, message: str = "Niet gevonden") -> None:
        super().__init__(message)


class NotAllowedError(DomainError):
    """The person's role does not allow this."""


@dataclass(frozen=True)
class Change:
    """One thing that happened in between: what, when (as shown), by whom."""

    label: str
    at: object
    who: str


class ConflictError(DomainError):
    """Somebody else was first. `changes` says what they did since this person looked.

    `back`: the address of the thing itself, set by the view that knows it.
    """

    def __init__(self, message: str, changes: Sequence[Change] = ()) -> None:
        super().__init__(message)
        self.changes = list(changes)
        self.back: str | None = None


class AlreadyUsedError(DomainError):
    """A one-time form key came back with other content."""
