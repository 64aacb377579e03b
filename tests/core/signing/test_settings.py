"""The seal and the roots in the settings: what is wrong with them is said at the start."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import pem, x509
from flask import Flask
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.config import SettingError
from portal.core import signing
from portal.core.signing import Box, Stamp, checking, demo_ca
from portal.core.signing.identity import MAY_SIGN
from tests.agreements.access import a_pdf
from tests.core.signing import authorities
from tests.core.test_config import production


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seal") / "pki"
    demo_ca.ensure(folder)
    return folder


def sealed(made: Path, **changed: str) -> dict[str, Any]:
    return production(
        **{
            "PORTAL_SEAL_P12": str(made / "seal.p12"),
            "PORTAL_SEAL_PASSWORD": demo_ca.PASSWORD,
            "PORTAL_SEAL_ROOTS": str(made / "seal-root.pem"),
            "PORTAL_SIGNER_ROOTS": str(made / "people-root.pem"),
            **changed,
        }
    )


def test_a_seal_that_its_roots_vouch_for_is_used(made: Path) -> None:
    pki = sealed(made)["PKI"]
    assert pki.seal is not None
    assert set(pki.seal.signing_cert.key_usage_value.native) >= MAY_SIGN
    assert not pki.demonstration


def test_production_without_a_seal_makes_none_of_its_own() -> None:
    assert production()["PKI"].seal is None


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("PORTAL_SEAL_PASSWORD", "fout", "password is wrong"),
        ("PORTAL_SEAL_P12", "{made}/seal-root.pem", "no PKCS#12"),
        ("PORTAL_SEAL_P12", "{made}/niets.p12", "cannot be read"),
        ("PORTAL_SEAL_ROOTS", "{made}/people-root.pem", "does not lead to the roots"),
        ("PORTAL_SEAL_ROOTS", "{made}/niets.pem", "cannot be read"),
        ("PORTAL_SIGNER_ROOTS", "{made}/seal.p12", "no certificate in PEM or DER"),
    ],
)
def test_what_is_wrong_with_the_seal_or_its_roots_is_named(
    made: Path, name: str, value: str, why: str
) -> None:
    with pytest.raises(SettingError, match=why) as refused:
        sealed(made, **{name: value.format(made=made)})
    assert "PORTAL_SEAL" in str(refused.value) or name in str(refused.value)


class TestAFolderOfRoots:
    """As a country publishes them: a file for each, and who stands between them and people."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        made = tmp_path / "roots"
        made.mkdir()
        return made

    def write(self, folder: Path, name: str, certificate: x509.Certificate) -> None:
        der = certificate.dump()
        (folder / name).write_bytes(der if name.endswith(".der") else pem.armor("CERTIFICATE", der))

    def test_roots_vouch_and_what_stands_between_leads_to_them(
        self, made: Path, folder: Path, tmp_path: Path, shared_app: Flask
    ) -> None:
        with authorities.running(tmp_path) as outside, shared_app.app_context():
            self.write(folder, "root.pem", outside.root)
            self.write(folder, "citizens.der", outside.authority("citizens"))
            pki = replace(sealed(made, PORTAL_SIGNER_ROOTS=str(folder))["PKI"], demonstration=True)
            boxes = [Box(name, (name,)) for name in ("Zegel", "Tekenaar1")]
            sheet = signing.draw("Handtekeningen", (), boxes)
            issued = signing.seal_with_fields(a_pdf(), sheet, Stamp("Home-Start", "Zegel"), pki)
            whole = outside.card("jan")
            alone = SimpleCertificateStore()  # as a tool that sends no chain
            assert whole.signing_cert is not None
            card = SimpleSigner(whole.signing_cert, whole.signing_key, alone)
            file = signing.sign(issued, "Tekenaar1", Stamp("", "Akkoord"), card, pki)
            found = signing.check_addition(issued, file, "Tekenaar1", pki)
            assert found.surname == "Smet"
            false = signing.sign(
                issued, "Tekenaar1", Stamp("", "Akkoord"), outside.card("lookalike"), pki
            )
            with pytest.raises(signing.RefusedSignatureError) as refused:
                signing.check_addition(issued, false, "Tekenaar1", pki)
            assert refused.value.message == checking.NOT_TRUSTED

    def test_a_person_among_the_roots_would_vouch_for_himself(
        self, made: Path, folder: Path
    ) -> None:
        data = demo_ca.person(made, "Jan", "Smet")
        card = SimpleSigner.load_pkcs12_data(data, [], demo_ca.PASSWORD.encode())
        assert card is not None
        assert card.signing_cert is not None
        self.write(folder, "jan.pem", card.signing_cert)
        with pytest.raises(SettingError, match=r"PORTAL_SIGNER_ROOTS: .*is no authority"):
            sealed(made, PORTAL_SIGNER_ROOTS=str(folder))

    def test_an_empty_folder_and_one_without_a_root_are_mistakes(
        self, made: Path, folder: Path, tmp_path: Path
    ) -> None:
        with pytest.raises(SettingError, match="PORTAL_SIGNER_ROOTS: there is no certificate"):
            sealed(made, PORTAL_SIGNER_ROOTS=str(folder))
        with authorities.running(tmp_path) as outside:
            self.write(folder, "citizens.pem", outside.authority("citizens"))
        with pytest.raises(SettingError, match="there is no root"):
            sealed(made, PORTAL_SIGNER_ROOTS=str(folder))
