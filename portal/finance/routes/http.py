"""A plain HTTP access point, for whoever puts a small bridge in front of another provider.

    GET  {url}/participants/{peppol id}   200 receives invoices, 404 does not
    PUT  {url}/documents/{our key}        the UBL as application/xml, with header Peppol-Receiver;
                                          sends it, once for each key
    GET  {url}/documents/{our key}        {"state": "under_way" | "delivered" | "failed"}, or 404

Every request carries `Authorization: Bearer {key}`.
"""

from collections.abc import Callable
from urllib.parse import quote

import httpx
from flask import current_app

from portal.finance.routes import Outcome, Parcel
from portal.finance.routes.answers import refusal, unreachable

TIMEOUT_SECONDS = 20.0
NOT_FOUND = 404


def from_config() -> "HttpAccessPoint":
    """Return the route with the key and address of this installation."""
    config = current_app.config
    return HttpAccessPoint(config["PEPPOL_URL"], config["PEPPOL_KEY"])


class HttpAccessPoint:
    """See `portal.finance.routes.Route`."""

    name = "http"
    confirms = True

    def __init__(self, url: str, key: str) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {key}"}

    def can_reach(self, peppol_id: str) -> bool:
        """Say whether this address receives invoices."""
        return self._ask("GET", f"participants/{quote(peppol_id)}") is not None

    def send(self, parcel: Parcel, remember: Callable[[str], None]) -> Outcome:
        """Send under a name of our own, which is remembered before anything leaves."""
        assert parcel.xml is not None
        if parcel.remote_id is None:
            remember(parcel.key)
        elif (known := self.status(parcel.remote_id)) != Outcome.UNSENT:
            return known
        headers = {"Content-Type": "application/xml", "Peppol-Receiver": parcel.peppol_id}
        answer = self._ask(
            "PUT", f"documents/{quote(parcel.key)}", content=parcel.xml, headers=headers
        )
        if answer is None:
            raise refusal(NOT_FOUND)
        return Outcome.UNDER_WAY

    def status(self, remote_id: str) -> Outcome:
        """Return how it went with a document."""
        answer = self._ask("GET", f"documents/{quote(remote_id)}")
        if answer is None:
            return Outcome.UNSENT
        try:
            return Outcome(answer.json()["state"])
        except (ValueError, KeyError, TypeError):
            return Outcome.UNDER_WAY

    def _ask(
        self,
        method: str,
        path: str,
        content: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response | None:
        """Return the answer, None for 404. Raises TryAgainError, PermanentError."""
        try:
            answer = httpx.request(
                method,
                f"{self._url}/{path}",
                content=content,
                headers={**self._headers, **(headers or {})},
                timeout=TIMEOUT_SECONDS,
            )
        except httpx.HTTPError as error:
            raise unreachable(error) from error
        if answer.status_code == NOT_FOUND:
            return None
        if not answer.is_success:
            raise refusal(answer.status_code)
        return answer
