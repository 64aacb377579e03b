"""Whose key seals, and whose certificates are believed: from settings, or made for the demo.

Roots of seals and roots of people's certificates are kept apart: a citizen's card must not pass
for the organisation's seal, nor a seal for a person.
"""

import asyncio
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from asn1crypto import pem, x509
from flask import current_app
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko_certvalidator import ValidationContext

from portal.core import clock
from portal.core.signing import demo_ca

T = TypeVar("T")
MAY_SIGN = frozenset({"non_repudiation"})


class IdentityError(Exception):
    """A key or certificate in the settings cannot be used; the text says why."""


@dataclass(frozen=True)
class Pki:
    """The seal (None: nothing can be sealed), who is believed, and the time stamps."""

    seal: SimpleSigner | None
    seal_roots: tuple[x509.Certificate, ...]
    person_roots: tuple[x509.Certificate, ...]
    tsa_url: str = ""
    tsa_roots: tuple[x509.Certificate, ...] = ()
    demonstration: bool = False

    @property
    def timestamper(self) -> HTTPTimeStamper | None:
        """Return what stamps the time, when a service is configured."""
        return HTTPTimeStamper(self.tsa_url) if self.tsa_url else None

    def seal_context(self, **options: Any) -> ValidationContext:
        """Return whom to believe about seals and time stamps. Close it with `aclose`."""
        options.setdefault("allow_fetching", bool(self.tsa_url))
        options.setdefault("revocation_mode", "hard-fail" if self.tsa_url else "soft-fail")
        others: list[x509.Certificate] = _chain(self.seal) if self.seal else []
        return ValidationContext(
            trust_roots=[*self.seal_roots, *self.tsa_roots], other_certs=others, **options
        )

    def person_context(self, **options: Any) -> ValidationContext:
        """Return whom to believe about people: revocation is asked where the certificate says."""
        options = {"allow_fetching": True, "revocation_mode": "hard-fail", **options}
        return ValidationContext(trust_roots=list(self.person_roots), **options)

    def time_context(self) -> ValidationContext:
        """Return whom to believe about the time stamps people's tools add."""
        roots = [*self.tsa_roots, *self.person_roots]
        return ValidationContext(trust_roots=roots, allow_fetching=True)


def _chain(seal: SimpleSigner) -> list[x509.Certificate]:
    store: Any = seal.cert_registry
    return list(store)


def pki() -> Pki:
    """Return what this installation seals with and believes."""
    known = current_app.extensions.get("pki")
    if known is None:
        known = current_app.config["PKI"]
        if known is None:  # the demonstration and the tests make their own
            known = made(Path(current_app.config["VAR"]) / "pki")
        current_app.extensions["pki"] = known
    return known


def made(folder: Path) -> Pki:
    """Return a test seal with its own roots, made once and kept in a folder."""
    demo_ca.ensure(folder)
    seal = load_p12(folder / "seal.p12", demo_ca.PASSWORD)
    return Pki(
        seal,
        seal_roots=certificates((folder / "seal-root.pem").read_bytes()),
        person_roots=certificates((folder / "people-root.pem").read_bytes()),
        demonstration=True,
    )


def load_p12(path: Path, password: str) -> SimpleSigner:
    """Return the key and chain in a PKCS#12 file. Raises IdentityError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise IdentityError(f"{path} cannot be read") from error
    loaded = SimpleSigner.load_pkcs12_data(data, other_certs=[], passphrase=password.encode())
    if loaded is None:
        raise IdentityError(f"{path} is no PKCS#12 file, or the password is wrong")
    return loaded


def certificates(data: bytes) -> tuple[x509.Certificate, ...]:
    """Return the certificates in PEM or DER. Raises IdentityError."""
    try:
        if not pem.detect(data):
            return (x509.Certificate.load(data, strict=True),)
        parts: Any = pem.unarmor(data, multiple=True)
        return tuple(x509.Certificate.load(der) for _name, _headers, der in parts)
    except (ValueError, TypeError) as error:
        raise IdentityError("no certificate in PEM or DER") from error


def check_seal(seal: SimpleSigner, roots: Iterable[x509.Certificate]) -> None:
    """Raise IdentityError unless this key may sign, now, and is vouched for by the roots."""
    certificate = seal.signing_cert
    assert certificate is not None
    usage: Any = certificate.key_usage_value
    if usage is None or not MAY_SIGN & set(usage.native):
        raise IdentityError("the certificate is not meant for signing (no nonRepudiation)")
    if not (certificate.not_valid_before <= clock.now() <= certificate.not_valid_after):
        raise IdentityError("the certificate is not valid today")
    context = ValidationContext(trust_roots=list(roots), other_certs=_chain(seal))
    if not waited_for(_is_vouched_for(certificate, context)):
        raise IdentityError("the certificate does not lead to the roots given")


async def _is_vouched_for(certificate: x509.Certificate, context: ValidationContext) -> bool:
    from pyhanko_certvalidator import CertificateValidator
    from pyhanko_certvalidator.errors import PathError

    try:
        await CertificateValidator(certificate, validation_context=context).async_validate_usage(
            set(MAY_SIGN)
        )
    except PathError:
        return False
    finally:
        await context.aclose()
    return True


def expires_at(seal: SimpleSigner) -> datetime:
    """Return when the seal can no longer be used."""
    assert seal.signing_cert is not None
    return seal.signing_cert.not_valid_after


def waited_for(work: Coroutine[Any, Any, T]) -> T:
    """Return what asynchronous work gives; the signing library speaks to services that way."""
    return asyncio.run(work)
