"""Certificates for a demonstration or a test: they say so, and nobody else believes them."""

import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

PASSWORD = "demo"  # noqa: S105 - of test keys, which nobody believes
# Wide, so that a demonstration may travel in time.
_FROM, _TO = datetime(2020, 1, 1, tzinfo=UTC), datetime(2049, 1, 1, tzinfo=UTC)
Key = ec.EllipticCurvePrivateKey


def ensure(folder: Path) -> None:
    """Make the test certificates unless they are there; safe when several processes do."""
    if folder.exists():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=folder.parent))
    try:
        _make(fresh)
        os.replace(fresh, folder)  # noqa: PTH105 - fails when another was first
    except OSError:
        if not folder.exists():
            raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _make(folder: Path) -> None:
    root_key, root = _root("TEST Home-Start zegel-CA (zonder rechtswaarde)")
    _write(folder / "seal-root.pem", _pem(root))
    key = ec.generate_private_key(ec.SECP256R1())
    seal = _leaf("Home-Start Vlaanderen vzw (TESTZEGEL)", key, root, root_key)
    _write(folder / "seal.p12", _p12(key, seal, root))
    people_key, people = _root("TEST Burgers-CA (zonder rechtswaarde)")
    _write(folder / "people-root.pem", _pem(people))
    _write(folder / "people-root.p12", _p12(people_key, people, None))


def person(folder: Path, given_name: str, surname: str) -> bytes:
    """Return a PKCS#12 (password: PASSWORD) as a person's card would be, by the test roots."""
    ensure(folder)
    held = pkcs12.load_key_and_certificates(
        (folder / "people-root.p12").read_bytes(), PASSWORD.encode()
    )
    root_key, root, _ = held
    assert isinstance(root_key, ec.EllipticCurvePrivateKey)
    assert root is not None
    key = ec.generate_private_key(ec.SECP256R1())
    names = {NameOID.GIVEN_NAME: given_name, NameOID.SURNAME: surname}
    return _p12(key, _leaf(f"{given_name} {surname} (Signature)", key, root, root_key, names), root)


def _root(name: str) -> tuple[Key, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = _usage(key_cert_sign=True, crl_sign=True)
    made = (
        _builder(subject, subject, key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return key, made.sign(key, hashes.SHA256())


def _leaf(
    name: str,
    key: Key,
    root: x509.Certificate,
    root_key: Key,
    names: dict[x509.ObjectIdentifier, str] | None = None,
) -> x509.Certificate:
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            *(x509.NameAttribute(oid, value) for oid, value in (names or {}).items()),
        ]
    )
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    made = (
        _builder(subject, root.subject, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(content_commitment=True), critical=True)
        .add_extension(issuer, critical=False)
    )
    return made.sign(root_key, hashes.SHA256())


def _builder(subject: x509.Name, issuer: x509.Name, key: Key) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_FROM)
        .not_valid_after(_TO)
    )


def _usage(**chosen: bool) -> x509.KeyUsage:
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: chosen.get(name, False) for name in names})


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _p12(key: Key, certificate: x509.Certificate, root: x509.Certificate | None) -> bytes:
    secret = serialization.BestAvailableEncryption(PASSWORD.encode())
    others = [root] if root is not None else None
    return pkcs12.serialize_key_and_certificates(b"portal", key, certificate, others, secret)


def _write(path: Path, data: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(data)
