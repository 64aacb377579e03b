"""Certificate authorities, revocation and time stamps as they are outside, served on loopback."""

import asyncio
import socket
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web
from asn1crypto import x509
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from csc_dummy.csc_dummy_server import CSCWithCertomancer, DummyServiceParams
from pyhanko.sign.signers import SimpleSigner
from werkzeug.serving import WSGIRequestHandler, make_server

PEOPLE = {  # label → names and issuer
    "jan": ("Jan", "Smet", "citizens"),
    "els": ("Els", "Mertens", "citizens"),
    "revoked": ("Jan", "Smet", "citizens"),
    "expired": ("Jan", "Smet", "citizens"),
    "lookalike": ("Jan", "Smet", "false-citizens"),
    "unanswered": ("Jan", "Smet", "silent-citizens"),
    "login": ("Jan", "Smet", "citizens"),
    "seal": ("Home-Start", "Vlaanderen", "seals"),
    "silent-seal": ("Home-Start", "Vlaanderen", "silent-citizens"),
}
ISSUERS = {
    "citizens": "root",
    "false-citizens": "false-root",
    "silent-citizens": "root",
    "seals": "root",
}
VALID = '{valid-from: "2020-01-01T00:00:00+0000", valid-to: "2045-01-01T00:00:00+0000"}'
OVER = '{valid-from: "2020-01-01T00:00:00+0000", valid-to: "2021-01-01T00:00:00+0000"}'


@dataclass
class Authorities:
    """What is trusted (`root`), everybody's card, and where time is stamped."""

    root: x509.Certificate
    tsa_url: str
    _arch: Any

    @property
    def false_tsa_url(self) -> str:
        """Where time is stamped by somebody nobody believes."""
        return self.tsa_url.replace("/tsa/tsa", "/tsa/false-tsa")

    def authority(self, label: str) -> x509.Certificate:
        """Return the certificate of one of ISSUERS."""
        return self._arch.get_cert(CertLabel(label))

    def card(self, label: str) -> SimpleSigner:
        """Return the key and chain of one of PEOPLE."""
        data = self._arch.package_pkcs12(CertLabel(label), password=b"kaart")
        loaded = SimpleSigner.load_pkcs12_data(data, [], b"kaart")
        assert loaded is not None
        return loaded


@contextmanager
def running(folder: Path) -> Iterator[Authorities]:
    """Make the authorities and serve their answers while the block runs."""
    port = _free_port()
    config = CertomancerConfig.from_file(_written(folder, port), key_search_dir=str(folder))
    store = AnimatorArchStore(config.pki_archs)
    app = Animator(store, with_web_ui=False, allow_time_override=False)
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    arch = config.get_pki_arch(ArchLabel("test"))
    try:
        root = arch.get_cert(CertLabel("root"))
        yield Authorities(root, f"http://127.0.0.1:{port}/test/tsa/tsa", arch)
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        pass


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _written(folder: Path, port: int) -> str:
    names = ["root", "false-root", *ISSUERS, *PEOPLE, "tsa", "false-tsa"]
    for name in names:
        key: Any = (
            rsa.generate_private_key(65537, 2048)
            if name.endswith("tsa")
            else ec.generate_private_key(ec.SECP256R1())
        )
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        (folder / f"{name}.pem").write_bytes(pem)
    path = folder / "authorities.yml"
    path.write_text(_config(names, port), "utf-8")
    return str(path)


def _config(names: list[str], port: int) -> str:
    keys = "".join(f"      {n}: {{path: {n}.pem}}\n" for n in names)
    entities = "".join(_entity(n) for n in names)
    certs = "".join(
        [_ca("root", "root"), _ca("false-root", "false-root")]
        + [_ca(name, issuer) for name, issuer in ISSUERS.items()]
        + [_person(label) for label in PEOPLE]
        + [_tsa("tsa", "root"), _tsa("false-tsa", "false-root")]
    )
    silent = _free_port()  # where nobody answers
    crls = "".join(
        f'        {n}: {{for-issuer: {n}, signing-key: {n}, simulated-update-schedule: "P30D"}}\n'
        for n in ("root", "citizens", "false-citizens")
    )
    return f"""external-url-prefix: "http://127.0.0.1:{port}"
keysets:
  ks:
    path-prefix: .
    keys:
{keys}pki-architectures:
  test:
    keyset: ks
    entity-defaults: {{country-name: BE}}
    entities:
{entities}    certs:
{certs}    services:
      ocsp:
        seals: {{for-issuer: seals, responder-cert: seals, signing-key: seals}}
      crl-repo:
{crls}      time-stamping:
        tsa: {{signing-key: tsa, signing-cert: tsa}}
        false-tsa: {{signing-key: false-tsa, signing-cert: false-tsa}}
""".replace("SILENT", f"http://127.0.0.1:{silent}/crl")


def _entity(name: str) -> str:
    if name not in PEOPLE:
        called = name.replace("false-", "")  # the very name of the one it pretends to be
        return f"      {name}: {{common-name: TEST {called}}}\n"
    given, surname, _issuer = PEOPLE[name]
    return (
        f"      {name}: {{common-name: {given} {surname} (Signature), surname: {surname}, "
        f"given-name: {given}, serial-number: '70010100123'}}\n"
    )


def _ca(name: str, issuer: str) -> str:
    return f"""      {name}:
        subject: {name}
        subject-key: {name}
        issuer: {issuer}
        authority-key: {issuer}
        validity: {VALID}
        profiles:
          - id: simple-ca
            params: {{max-path-len: 2}}
"""


def _person(label: str) -> str:
    issuer = PEOPLE[label][2]
    usage = "digital_signature" if label == "login" else "non_repudiation"
    points = (
        "          - {id: crl_distribution_points, smart-value: {schema: crl-dist-url, params: "
        f"{{crl-repo-names: [{issuer}]}}}}}}\n"
    )
    if issuer == "seals":
        points = (
            "          - {id: authority_information_access, smart-value: {schema: aia-urls, "
            "params: {ocsp-responder-names: [seals]}}}\n"
        )
    if issuer.startswith("silent"):
        points = (
            "          - {id: crl_distribution_points, smart-value: {schema: crl-dist-url, params: "
            "{crl-repo-names: [], urls: [SILENT]}}}\n"
        )
    revoked = (
        '        revocation: {revoked-since: "2026-06-01T00:00:00+0000", reason: key_compromise}\n'
        if label == "revoked"
        else ""
    )
    return f"""      {label}:
        subject: {label}
        subject-key: {label}
        issuer: {issuer}
        authority-key: {issuer}
        validity: {OVER if label == "expired" else VALID}
        extensions:
          - id: key_usage
            critical: true
            smart-value: {{schema: key-usage, params: [{usage}]}}
{points}{revoked}"""


def _tsa(name: str, issuer: str) -> str:
    return f"""      {name}:
        subject: {name}
        issuer: {issuer}
        validity: {VALID}
        extensions:
          - {{id: key_usage, critical: true, smart-value: {{schema: key-usage, params: [digital_signature]}}}}
          - {{id: extended_key_usage, critical: true, value: [time_stamping]}}
"""


@contextmanager
def signing_service(folder: Path) -> Iterator[str]:
    """Serve the remote signing service that keeps everybody's key; yields its address."""
    config = CertomancerConfig.from_file(
        str(folder / "authorities.yml"), key_search_dir=str(folder)
    )
    port, started = _free_port(), threading.Event()
    loop = asyncio.new_event_loop()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what the service does its own way
        service = CSCWithCertomancer(config, service_params=DummyServiceParams())
        service.register_routes()

    async def serve() -> web.AppRunner:
        runner = web.AppRunner(service.app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        return runner

    def run() -> None:
        asyncio.set_event_loop(loop)
        runner = loop.run_until_complete(serve())
        started.set()
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert started.wait(20)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
