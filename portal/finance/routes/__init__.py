"""Ways to the Peppol network, behind one interface: can_reach, send, status.

Which one is in use follows from the configuration; the rest of finance does not know.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from flask import current_app


class Outcome(StrEnum):
    """What a route knows of a document: not sent yet, under way, arrived, or refused."""

    UNSENT = "unsent"
    UNDER_WAY = "under_way"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True)
class Parcel:
    """What is delivered. `key` is ours and stays the same however often delivery is tried."""

    key: str
    number: str
    peppol_id: str
    email: str
    pdf: bytes
    xml: bytes | None
    remote_id: str | None


class Route(Protocol):
    """One access point. Its errors are `outbox.TryAgainError` and `outbox.PermanentError`."""

    name: str
    confirms: bool  # whether `status` will ever say that a document arrived

    def can_reach(self, peppol_id: str) -> bool:
        """Say whether this address receives invoices."""
        ...

    def send(self, parcel: Parcel, remember: Callable[[str], None]) -> Outcome:
        """Send a parcel once, however often this is called for it.

        `remember` stores what the other side calls it, durably, before anything is sent; the
        parcel carries that back as `remote_id` when delivery is resumed after a crash.
        """
        ...

    def status(self, remote_id: str) -> Outcome:
        """Return how it went with a document."""
        ...


def in_use() -> Route | None:
    """Return the route of this installation; None without access to the network."""
    from portal.finance.routes import einvoice_be, folder, http

    kind = current_app.config["PEPPOL_ROUTE"]
    makers: dict[str, Callable[[], Route]] = {
        "e-invoice.be": einvoice_be.from_config,
        "http": http.from_config,
        "folder": folder.from_config,
    }
    return makers[kind]() if kind else None
