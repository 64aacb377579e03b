"""Signing by a remote service that keeps people's keys (Cloud Signature Consortium API v1).

Only the hash of the document leaves the portal. The service authorises each hash with the secret
the person gives (a PIN, or a code of an app); the portal passes it on and keeps it nowhere.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from flask import current_app
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata
from pyhanko.sign.signers.csc_signer import (
    CSCAuthorizationInfo,
    CSCAuthorizationManager,
    CSCServiceSessionInfo,
    CSCSigner,
    fetch_certs_in_csc_credential,
)

from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.signing.identity import pki, waited_for
from portal.core.signing.sealing import PunctualSigner, Stamp, stamp_style

TIMEOUT = aiohttp.ClientTimeout(total=30)


class RemoteServiceError(DomainError):
    """The service did not sign; the message says what to do."""


class _Authorization(CSCAuthorizationManager):
    """Authorises the very hashes that are signed, with what the person typed."""

    def __init__(self, session: aiohttp.ClientSession, secret: str, *known: Any) -> None:
        super().__init__(*known)
        self._session, self._secret = session, secret

    async def authorize_signature(self, hash_b64s: list[str]) -> CSCAuthorizationInfo:
        asked = self.format_csc_auth_request(hash_b64s=hash_b64s, pin=self._secret)
        async with self._session.post(
            self.csc_session_info.endpoint_url("credentials/authorize"),
            headers=self.auth_headers,
            json=asked,
            raise_for_status=True,
        ) as response:
            return self.parse_csc_auth_response(await response.json())


@dataclass(frozen=True)
class RemoteService:
    """A service by its address (without `/csc/v1`) and the token it gave the portal."""

    url: str
    token: str = ""

    @property
    def name(self) -> str:
        """Return where it is, as evidence prints it."""
        return urlsplit(self.url).hostname or self.url

    def sign(self, pdf: bytes, field: str, stamp: Stamp, credential: str, secret: str) -> bytes:
        """Return the PDF with one field signed by a key the service keeps.

        Raises RemoteServiceError when it cannot be reached, knows no such credential, or refuses.
        """
        try:
            return waited_for(self._signed(pdf, field, stamp, credential, secret))
        except (aiohttp.ClientError, TimeoutError, SigningError) as error:
            raise _explained(error) from error

    async def _signed(
        self, pdf: bytes, field: str, stamp: Stamp, credential: str, secret: str
    ) -> bytes:
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
            info = CSCServiceSessionInfo(self.url, credential, oauth_token=self.token or None)
            known = await fetch_certs_in_csc_credential(session, info)
            permit = _Authorization(session, secret, info, known)
            metadata = PdfSignatureMetadata(
                field_name=field,
                md_algorithm="sha256",
                subfilter=SigSeedSubFilter.PADES,
                name=stamp.name,
                reason=stamp.reason,
            )
            signer = PunctualSigner(
                metadata,
                signer=CSCSigner(session, permit, prefer_pss=False),
                timestamper=pki().timestamper,
                stamp_style=stamp_style(stamp),
            )
            out = await signer.async_sign_pdf(
                IncrementalPdfFileWriter(BytesIO(pdf)), existing_fields_only=True
            )
            return out.getvalue()


def _explained(error: BaseException) -> RemoteServiceError:
    """Return what went wrong in words one can act on; the library wraps what the network said."""
    cause = error.__cause__ if isinstance(error, SigningError) else error
    if isinstance(cause, aiohttp.ClientResponseError):
        if cause.status < 500:
            message = N_("De dienst weigert: kijk de naam van je certificaat en je code na.")
            return RemoteServiceError(message, "secret")
        return RemoteServiceError(N_("De dienst heeft een storing. Probeer later."))
    if isinstance(cause, (aiohttp.ClientError, TimeoutError)):
        return RemoteServiceError(N_("De dienst is niet bereikbaar. Probeer later opnieuw."))
    return RemoteServiceError(N_("De dienst gaf geen bruikbare handtekening terug."))


def remote_service() -> RemoteService | None:
    """Return the service of this installation, when there is one."""
    url = current_app.config["CSC_URL"]
    return RemoteService(url, current_app.config["CSC_TOKEN"]) if url else None
