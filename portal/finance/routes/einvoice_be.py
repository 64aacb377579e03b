"""The access point e-invoice.be, through its own client.

Two steps and no idempotency key: a document is uploaded (and has an id), then told to be sent.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from e_invoice_api import APIConnectionError, APIStatusError, EInvoice
from flask import current_app

from portal.finance.routes import Outcome, Parcel
from portal.finance.routes.answers import refusal, unreachable

TIMEOUT_SECONDS = 20.0
_STATES = {
    "DRAFT": Outcome.UNSENT,
    "TRANSIT": Outcome.UNDER_WAY,
    "SENT": Outcome.DELIVERED,
    "RECEIVED": Outcome.DELIVERED,
    "FAILED": Outcome.FAILED,
}


def from_config() -> "EInvoiceBe":
    """Return the route with the key and address of this installation."""
    config = current_app.config
    return EInvoiceBe(config["PEPPOL_KEY"], config["PEPPOL_URL"] or None)


class EInvoiceBe:
    """See `portal.finance.routes.Route`."""

    name = "e-invoice.be"
    confirms = True

    def __init__(self, key: str, url: str | None = None) -> None:
        self._client = EInvoice(api_key=key, base_url=url, timeout=TIMEOUT_SECONDS, max_retries=0)

    def can_reach(self, peppol_id: str) -> bool:
        """Say whether this address is registered on the network."""
        with _translated():
            return bool(self._client.validate.validate_peppol_id(peppol_id=peppol_id).is_valid)

    def send(self, parcel: Parcel, remember: Callable[[str], None]) -> Outcome:
        """Upload, remember the id, then send; a resumed parcel is asked after first."""
        assert parcel.xml is not None
        remote_id = parcel.remote_id
        if remote_id is None:
            with _translated():
                made: Any = self._client.documents.ubl.create_from_ubl(
                    file=(f"{parcel.number}.xml", parcel.xml, "application/xml")
                )
            remote_id = str(made.id)
            remember(remote_id)
        elif (known := self.status(remote_id)) != Outcome.UNSENT:
            return known
        with _translated():
            sent: Any = self._client.documents.send(remote_id)
        return _outcome(sent)

    def status(self, remote_id: str) -> Outcome:
        """Return how it went with a document."""
        with _translated():
            return _outcome(self._client.documents.retrieve(remote_id))


def _outcome(document: Any) -> Outcome:
    return _STATES.get(str(document.state), Outcome.UNDER_WAY)


@contextmanager
def _translated() -> Iterator[None]:
    """Turn the client's errors into those of the outbox."""
    try:
        yield
    except APIConnectionError as error:
        raise unreachable(error) from error
    except APIStatusError as error:
        raise refusal(error.status_code) from error
