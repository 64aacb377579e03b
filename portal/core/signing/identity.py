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
        return _context([*self.seal_roots, *self.tsa_roots], others, options)

    def person_context(self, **options: Any) -> ValidationContext:
        """Return whom to believe about people: revocation is asked where the certificate says."""
        options = {"allow_fetching": True, "revocation_mode": "hard-fail", **options}
        return _context(self.person_roots, [], options)

    def proof_context(self) -> ValidationContext:
        """Return whom to ask, about people and the time stamps they added, for the archive."""
        options = {"allow_fetching": True, "revocation_mode": "hard-fail"}
        return _context([*self.person_roots, *self.tsa_roots], [], options)

    def time_context(self) -> ValidationContext:
        """Return whom to believe about the time stamps people's tools add."""
        return _context([*self.tsa_roots, *self.person_roots], [], {"allow_fetching": True})


def _context(
    authorities: Iterable[x509.Certificate],
    others: list[x509.Certificate],
    options: dict[str, Any],
) -> ValidationContext:
    """Believe the roots among the authorities; the others must lead to one, and be checked."""
    known = list(authorities)
    links = [one for one in known if not is_root(one)]
    return ValidationContext(
        trust_roots=[one for one in known if is_root(one)],
        other_certs=[*others, *links],
        **options,
    )


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
    wrong = f"{path} is no PKCS#12 file, or the password is wrong"
    try:
        loaded = SimpleSigner.load_pkcs12_data(data, other_certs=[], passphrase=password.encode())
    except ValueError as error:
        raise IdentityError(wrong) from error
    if loaded is None:
        raise IdentityError(wrong)
    return loaded


def certificates(data: bytes) -> tuple[x509.Certificate, ...]:
    """Return the certificates in PEM or DER. Raises IdentityError."""
    try:
        if pem.detect(data):
            parts: Any = pem.unarmor(data, multiple=True)
            ders = [der for _name, _headers, der in parts]
        else:
            ders = [data]
        found = tuple(x509.Certificate.load(der, strict=True) for der in ders)
        for one in found:
            one.subject.native  # noqa: B018 - read now: the library reads no sooner than it must
        return found
    except (ValueError, TypeError) as error:
        raise IdentityError("no certificate in PEM or DER") from error


def authorities(path: Path) -> tuple[x509.Certificate, ...]:
    """Return the certificates of authorities in a file, or in every file of a folder.

    Raises IdentityError, also for a certificate that is not of an authority (who holds it would
    vouch for himself), and when none of them is a root.
    """
    files = sorted(one for one in path.iterdir() if one.is_file()) if path.is_dir() else [path]
    found: list[x509.Certificate] = []
    for file in files:
        try:
            found += certificates(file.read_bytes())
        except OSError as error:
            raise IdentityError(f"{file} cannot be read") from error
        except IdentityError as error:
            raise IdentityError(f"{file} holds no certificate in PEM or DER") from error
    if not found:
        raise IdentityError(f"there is no certificate in {path}")
    for one in found:
        if not one.ca:
            raise IdentityError(f"{one.subject.human_friendly} is no authority")
    if not any(is_root(one) for one in found):
        raise IdentityError(f"there is no root in {path}, only what should lead to one")
    return tuple(found)


def is_root(one: x509.Certificate) -> bool:
    """Say whether a certificate vouches for itself; any other only links to one that does."""
    return one.self_signed != "no"


def check_seal(seal: SimpleSigner, roots: Iterable[x509.Certificate]) -> None:
    """Raise IdentityError unless this key may sign, now, and is vouched for by the roots."""
    certificate = seal.signing_cert
    assert certificate is not None
    usage: Any = certificate.key_usage_value
    if usage is None or not MAY_SIGN & set(usage.native):
        raise IdentityError("the certificate is not meant for signing (no nonRepudiation)")
    if not (certificate.not_valid_before <= clock.now() <= certificate.not_valid_after):
        raise IdentityError("the certificate is not valid today")
    context = _context(roots, _chain(seal), {})
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
