"""Signed files that come back: the good ones pass, each bad one is refused with its reason."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.validation import DocumentSecurityStore
from pypdf import PdfReader, PdfWriter

from portal.core import signing
from portal.core.signing import Box, Pki, RefusedSignatureError, Stamp, checking, demo_ca, identity
from portal.core.signing.sealing import ServiceSilentError
from tests.agreements.access import a_pdf
from tests.core.signing import authorities
from tests.core.signing.authorities import Authorities

FIELD, OTHER = "Tekenaar1", "Tekenaar2"


@dataclass
class Desk:
    """The document as we issued it, who is believed, and everybody's card."""

    pki: Pki
    issued: bytes
    outside: Authorities
    folder: Path

    def card(self, label: str = "jan") -> SimpleSigner:
        return self.outside.card(label)

    def signed(self, label: str = "jan", field: str = FIELD, of: bytes | None = None) -> bytes:
        return signing.sign(
            of or self.issued, field, Stamp("", "Akkoord"), self.card(label), self.pki
        )

    def by(self, signer: Any, field: str = FIELD) -> bytes:
        return signing.sign(self.issued, field, Stamp("", "Akkoord"), signer, self.pki)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, shared_app: Flask) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("pki")
    with authorities.running(folder) as outside, shared_app.app_context():
        own = identity.made(folder / "own")
        pki = replace(own, person_roots=(outside.root,))
        yield Desk(pki, sealed(pki, a_pdf()), outside, folder)


def sealed(pki: Pki, pdf: bytes) -> bytes:
    boxes = [Box(name, (name,)) for name in ("Zegel", FIELD, OTHER)]
    sheet = signing.draw("Handtekeningen", (), boxes)
    return signing.seal_with_fields(pdf, sheet, Stamp("Home-Start", "Verzegeld"), pki)


def other_program(desk: Desk, of: bytes | None = None, **options: Any) -> bytes:
    """What a program signs that does things its own way."""
    new_field = options.pop("new_field", None)
    settings = {"field_name": FIELD, "md_algorithm": "sha256", "subfilter": SigSeedSubFilter.PADES}
    metadata = PdfSignatureMetadata(**{**settings, **options})  # type: ignore[arg-type]
    writer = IncrementalPdfFileWriter(BytesIO(of or desk.issued))
    signer = PdfSigner(metadata, signer=desk.card(), new_field_spec=new_field)
    return signer.sign_pdf(writer).getvalue()


def page_changed(pdf: bytes) -> bytes:
    """Add a line to the first page, as an addition to the file."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    page: Any = writer.root["/Pages"]["/Kids"][0].get_object()  # type: ignore[index]
    line = generic.StreamObject(stream_data=b"q BT /F1 40 Tf 100 400 Td (GRATIS) Tj ET Q")
    added = writer.add_object(line)
    before = page.raw_get("/Contents")
    page["/Contents"] = generic.ArrayObject([before, added])
    writer.update_container(page)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def note_added(pdf: bytes) -> bytes:
    """Stick a note on the first page, as an addition to the file."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    page: Any = writer.root["/Pages"]["/Kids"][0].get_object()  # type: ignore[index]
    name, number = generic.pdf_name, generic.FloatObject
    note = generic.DictionaryObject(
        {
            name("/Type"): name("/Annot"),
            name("/Subtype"): name("/Text"),
            name("/Rect"): generic.ArrayObject([number(str(n)) for n in (10, 10, 30, 30)]),
            name("/Contents"): generic.pdf_string("niet akkoord"),
        }
    )
    page["/Annots"] = generic.ArrayObject([writer.add_object(note)])
    writer.update_container(page)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def resaved(pdf: bytes, password: str = "") -> bytes:
    writer, out = PdfWriter(clone_from=BytesIO(pdf)), BytesIO()
    if password:
        writer.encrypt(password, algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


def printed(pdf: bytes) -> bytes:
    """Only the pages, as a printer to PDF keeps them."""
    writer, out = PdfWriter(), BytesIO()
    for page in PdfReader(BytesIO(pdf)).pages:
        writer.add_page(page)
    writer.write(out)
    return out.getvalue()


def flipped(pdf: bytes, at: int) -> bytes:
    changed = bytearray(pdf)
    changed[at] ^= 1
    return bytes(changed)


def self_signed(desk: Desk) -> bytes:
    other = desk.folder / "stranger"
    demo_ca.ensure(other)
    data = demo_ca.person(other, "Jan", "Smet")
    signer = SimpleSigner.load_pkcs12_data(data, [], demo_ca.PASSWORD.encode())
    return desk.by(signer)


def _reason_changed(pdf: bytes) -> bytes:
    return flipped(pdf, pdf.rindex(b"Akkoord"))


def _kind_changed(pdf: bytes) -> bytes:
    at = pdf.rindex(b"/ETSI.CAdES.detached")
    return pdf[:at] + b"/adbe.x509.rsa_sha1 " + pdf[at + 20 :]


BAD: dict[str, tuple[Callable[[Desk], bytes], str]] = {
    "empty": (lambda d: b"", checking.EMPTY),
    "too large": (lambda d: d.issued + b"\0" * checking.MAX_BYTES, checking.TOO_LARGE),
    "a picture": (lambda d: b"\x89PNG\r\n\x1a\n" + d.issued, checking.NO_PDF),
    "what was downloaded": (lambda d: d.issued, checking.UNSIGNED),
    "another document, signed": (
        lambda d: d.signed(of=sealed(d.pki, a_pdf() + b"\n")), checking.OTHER_DOCUMENT,
    ),
    "re-saved": (lambda d: resaved(d.issued), checking.RESAVED),
    "signed, then re-saved": (lambda d: resaved(d.signed()), checking.RESAVED),
    "re-saved, then signed": (
        lambda d: other_program(d, resaved(d.issued)), checking.RESAVED,
    ),
    "printed to PDF": (lambda d: printed(d.issued), checking.OTHER_DOCUMENT),
    "with a password": (lambda d: resaved(d.issued, "geheim"), checking.RESAVED),
    "a byte of ours changed": (lambda d: flipped(d.signed(), 700), checking.RESAVED),
    "cut short": (lambda d: d.signed()[:-700], checking.UNREADABLE),
    "rubbish added": (lambda d: d.issued + b"\nzomaar iets", checking.CHANGED_UNSIGNED),
    "a line added, not signed": (lambda d: page_changed(d.issued), checking.CHANGED_UNSIGNED),
    "a line added, then signed": (
        lambda d: other_program(d, page_changed(d.issued)), checking.PAGES_CHANGED,
    ),
    "a line added after signing": (lambda d: page_changed(d.signed()), checking.PAGES_CHANGED),
    "a note added after signing": (lambda d: note_added(d.signed()), checking.PAGES_CHANGED),
    "signed in another's box": (lambda d: d.signed(field=OTHER), checking.FOREIGN_FIELD),
    "signed in two boxes": (
        lambda d: d.signed(field=OTHER, of=d.signed()), checking.SEVERAL,
    ),
    "a box of its own": (
        lambda d: other_program(d, field_name="Eigen", new_field=SigFieldSpec("Eigen")),
        checking.OWN_FIELD,
    ),
    "the signature tampered with": (lambda d: _reason_changed(d.signed()), checking.BROKEN),
    "an old kind of signature": (lambda d: _kind_changed(d.signed()), checking.KIND),
    "something after the signature": (
        lambda d: d.signed() + b"\n% nog iets\n", checking.ADDED_AFTER,
    ),
    "a look-alike root": (lambda d: d.signed("lookalike"), checking.NOT_TRUSTED),
    "a root of one's own": (self_signed, checking.NOT_TRUSTED),
    "our own seal": (lambda d: d.by(d.pki.seal), checking.NOT_TRUSTED),
    "a revoked card": (lambda d: d.signed("revoked"), checking.REVOKED),
    "a card nobody answers for": (lambda d: d.signed("unanswered"), checking.NOT_ASKED),
    "an expired card": (lambda d: d.signed("expired"), checking.EXPIRED),
    "the certificate to log in": (lambda d: d.signed("login"), checking.WRONG_USAGE),
    "a time stamp of nobody": (
        lambda d: signing.sign(
            d.issued, FIELD, Stamp("", "Akkoord"), d.card(),
            replace(d.pki, tsa_url=d.outside.false_tsa_url),
        ),
        checking.BAD_TIME,
    ),
    "SHA-1": (lambda d: other_program(d, md_algorithm="sha1"), checking.WEAK),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_its_reason(desk: Desk, name: str) -> None:
    make, why = BAD[name]
    with pytest.raises(RefusedSignatureError) as refused:
        signing.check_addition(desk.issued, make(desk), FIELD, desk.pki)
    assert refused.value.message == why


def test_there_are_at_least_twenty_bad_files_with_a_reason_each() -> None:
    assert len(BAD) >= 20
    assert len({why for _make, why in BAD.values()}) >= 20


def test_signed_on_what_was_there_before_another_signed_is_told_so(desk: Desk) -> None:
    newest = signing.sign(desk.issued, OTHER, Stamp("Mia", "Akkoord"), desk.pki.seal, desk.pki)  # type: ignore[arg-type]
    with pytest.raises(RefusedSignatureError) as refused:
        signing.check_addition(newest, desk.signed(), FIELD, desk.pki, older=(desk.issued,))
    assert refused.value.message == checking.OLDER


GOOD: dict[str, Callable[[Desk], bytes]] = {
    "a card": lambda d: d.signed(),
    "with a time stamp": lambda d: signing.sign(
        d.issued, FIELD, Stamp("", "Akkoord"), d.card(), replace(d.pki, tsa_url=d.outside.tsa_url)
    ),
    "with a stamp one sees": lambda d: signing.sign(
        d.issued, FIELD, Stamp("", "Akkoord", lines=("Jan Smet", "met kaart")), d.card(), d.pki
    ),
    "the older PDF kind": lambda d: other_program(
        d, subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_is_accepted(desk: Desk, name: str) -> None:
    found = signing.check_addition(
        desk.issued, GOOD[name](desk), FIELD, replace(desk.pki, tsa_roots=(desk.outside.root,))
    )
    assert (found.given_name, found.surname) == ("Jan", "Smet")
    assert found.timestamped == (name == "with a time stamp")


def test_the_number_on_a_card_is_not_read(desk: Desk) -> None:
    found = signing.check_addition(desk.issued, desk.signed(), FIELD, desk.pki)
    assert "70010100123" not in repr(found)


def test_with_a_time_stamping_service_a_seal_can_be_checked_in_ten_years(desk: Desk) -> None:
    pki = replace(desk.pki, tsa_url=desk.outside.tsa_url, tsa_roots=(desk.outside.root,))
    pdf = signing.archive(sealed(pki, a_pdf()), pki)
    names = [str(s["/SubFilter"]) for s in _signatures(pdf)]
    assert names == ["/ETSI.CAdES.detached", "/ETSI.RFC3161"]
    assert b"/DSS" in pdf
    assert all(one.whole for one in signing.looked_at(pdf, pki))


@pytest.mark.parametrize("card", ["jan", "revoked"])
def test_the_archive_keeps_a_signature_as_accepted_whatever_became_of_the_card(
    desk: Desk, card: str
) -> None:
    pki = replace(desk.pki, tsa_url=desk.outside.tsa_url, tsa_roots=(desk.outside.root,))
    signed = desk.signed(card)
    pdf = signing.archive(signed, pki)
    assert pdf.startswith(signed)
    proof = DocumentSecurityStore.read_dss(PdfFileReader(BytesIO(pdf)))
    assert bool(proof.crls) == (card == "jan")
    assert [str(s["/SubFilter"]) for s in _signatures(pdf)][-1] == "/ETSI.RFC3161"
    assert all(one.whole for one in signing.looked_at(pdf, pki))


def test_the_archive_waits_for_an_issuer_that_does_not_answer(desk: Desk) -> None:
    pki = replace(desk.pki, tsa_url=desk.outside.tsa_url, tsa_roots=(desk.outside.root,))
    with pytest.raises(ServiceSilentError):
        signing.archive(desk.signed("unanswered"), pki)


def _signatures(pdf: bytes) -> list[Any]:
    fields = PdfReader(BytesIO(pdf)).get_fields() or {}
    return [f["/V"] for f in fields.values() if f.get("/FT") == "/Sig" and "/V" in f]
