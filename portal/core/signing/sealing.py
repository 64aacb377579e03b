"""Putting seals and signatures into a PDF, always as an addition: what was there stays there.

With a time-stamping service configured, everything gets a time stamp and what is needed to check
it in ten years (PAdES B-LT); without one it is B-B.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

import pymupdf_fonts
from flask_babel import force_locale
from fontTools.ttLib import TTFont
from pyhanko.pdf_utils import generic, layout
from pyhanko.pdf_utils.font.api import FontEngineFactory
from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.text import TextBoxStyle
from pyhanko.pdf_utils.writer import BasePdfFileWriter, PageObject
from pyhanko.sign.fields import (
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    append_signature_field,
)
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, PdfTimeStamper, Signer
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation.dss import async_add_validation_info
from pyhanko.stamp import TextStampStyle
from pyhanko_certvalidator.errors import InsufficientRevinfoError, PathError, ValidationError

from portal.core import clock, text
from portal.core.errors import DomainError
from portal.core.i18n import N_, moment
from portal.core.signing.identity import Pki, waited_for
from portal.core.signing.sheet import Sheet

SEAL_FIELD = "Zegel"


class NoSealError(DomainError):
    """Nothing can be sealed: no certificate is configured."""

    def __init__(self) -> None:
        super().__init__(N_("Er is geen zegelcertificaat ingesteld. Een beheerder doet dat."))


class ServiceSilentError(DomainError):
    """A service the signature needs does not answer: time stamps, or the seal's own issuer."""

    def __init__(self) -> None:
        super().__init__(
            N_("De dienst voor tijdstempels antwoordt niet. Er is niets verloren: probeer straks.")
        )


@dataclass(frozen=True)
class Stamp:
    """What a signature says in the PDF: who, why, where, and the lines one sees."""

    name: str
    reason: str
    location: str = ""
    lines: tuple[str, ...] = ()


def seal_with_fields(pdf: bytes, sheet: Sheet, stamp: Stamp, pki: Pki) -> bytes:
    """Return the PDF with its page of signatures and an empty field for each, sealed.

    The seal certifies the document: from then on only those fields may be filled in. The bytes
    given are the beginning of the bytes returned. Raises NoSealError, ServiceSilentError.
    """
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    first = int(writer.root["/Pages"]["/Count"])
    _add_pages(writer, sheet)
    for field, (page, corners) in sheet.places.items():
        append_signature_field(writer, SigFieldSpec(field, on_page=first + page, box=corners))
    ready = BytesIO()
    writer.write(ready)
    return _signed(ready.getvalue(), seal_of(pki), SEAL_FIELD, stamp, pki, certify=True)


def seal_invisibly(pdf: bytes, stamp: Stamp, pki: Pki) -> bytes:
    """Return a document of our own, sealed against any change. Raises NoSealError,
    ServiceSilentError."""
    seal, spec = seal_of(pki), SigFieldSpec(SEAL_FIELD)
    options: dict[str, Any] = {
        "certify": True,
        "docmdp_permissions": MDPPerm.NO_CHANGES,
    }
    return waited_for(_sign(pdf, seal, spec, stamp, pki, options=options, existing=False))


def sign(pdf: bytes, field: str, stamp: Stamp, signer: Signer, pki: Pki) -> bytes:
    """Return the PDF with one of its empty fields signed by a key. Raises ServiceSilentError."""
    return _signed(pdf, signer, field, stamp, pki, certify=False)


def archive(pdf: bytes, pki: Pki) -> bytes:
    """Return a finished PDF, where time is stamped with a stamp over all of it (PAdES B-LTA), and
    before it what shows that people's own certificates were good. Raises ServiceSilentError.
    """
    if pki.timestamper is None:
        return pdf
    return waited_for(_archived(pdf, pki))


def seal_of(pki: Pki) -> Signer:
    """Return the key that seals. Raises NoSealError."""
    if pki.seal is None:
        raise NoSealError
    return pki.seal


def _signed(
    pdf: bytes, signer: Signer, field: str, stamp: Stamp, pki: Pki, *, certify: bool
) -> bytes:
    options = {"certify": certify, "docmdp_permissions": MDPPerm.FILL_FORMS}
    spec = SigFieldSpec(field)
    return waited_for(_sign(pdf, signer, spec, stamp, pki, options=options, existing=True))


async def _sign(
    pdf: bytes,
    signer: Signer,
    field: SigFieldSpec,
    stamp: Stamp,
    pki: Pki,
    *,
    options: Mapping[str, Any],
    existing: bool,
) -> bytes:
    context = pki.seal_context() if pki.tsa_url and signer is pki.seal else None
    metadata = PdfSignatureMetadata(
        field_name=field.sig_field_name,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        name=stamp.name,
        reason=stamp.reason,
        location=stamp.location or None,
        embed_validation_info=context is not None,
        validation_context=context,
        **options,
    )
    style = stamp_style(stamp) if stamp.lines else None
    work = PunctualSigner(
        metadata,
        signer=signer,
        timestamper=pki.timestamper,
        stamp_style=style,
        new_field_spec=None if existing else field,
    )
    try:
        with _services_answering():
            out = await work.async_sign_pdf(
                IncrementalPdfFileWriter(BytesIO(pdf)), existing_fields_only=existing
            )
    finally:
        if context is not None:
            await context.aclose()  # it holds connections
    return out.getvalue()


@contextmanager
def _services_answering() -> Iterator[None]:
    """Say in our words that a service is silent; the library wraps what the network said."""
    try:
        yield
    except TimestampRequestError as error:
        raise ServiceSilentError from error
    except SigningError as error:
        if isinstance(error.__cause__, ValidationError):  # no word on the seal's own certificate
            raise ServiceSilentError from error
        raise


class PunctualSigner(PdfSigner):
    """Signs at the moment the portal's clock says, as everything else that is kept."""

    def init_signing_session(
        self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False
    ) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = clock.now()
        return session


async def _archived(pdf: bytes, pki: Pki) -> bytes:
    assert pki.timestamper is not None
    for number in range(len(PdfFileReader(BytesIO(pdf)).embedded_regular_signatures)):
        pdf = await _with_proof(pdf, number, pki)
    context = pki.seal_context()
    try:
        with _services_answering():
            out = await PdfTimeStamper(pki.timestamper).async_timestamp_pdf(
                IncrementalPdfFileWriter(BytesIO(pdf)), "sha256", context
            )
    finally:
        await context.aclose()
    return out.getvalue()


async def _with_proof(pdf: bytes, number: int, pki: Pki) -> bytes:
    """Add to a signature by somebody's own certificate what its issuer says of it now.

    One that was good when it was put, and is not now, stays as it was accepted.
    """
    one = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures[number]
    seal = pki.seal.signing_cert if pki.seal else None
    if seal is not None and one.signer_cert.sha256 == seal.sha256:
        return pdf  # proven when it was put
    context, out = pki.proof_context(), BytesIO()
    try:
        await async_add_validation_info(one, context, output=out)
    except InsufficientRevinfoError as error:
        raise ServiceSilentError from error
    except (ValidationError, PathError):
        return pdf
    finally:
        await context.aclose()
    return out.getvalue()


def _add_pages(writer: IncrementalPdfFileWriter, sheet: Sheet) -> None:
    drawn = PdfFileReader(BytesIO(sheet.pdf))
    for number in range(sheet.pages):
        content = writer.import_page_as_xobject(drawn, number)
        box = drawn.root["/Pages"]["/Kids"][number]["/MediaBox"]
        corners = tuple(float(one) for one in box)
        name = generic.pdf_name("/Blad")
        page = PageObject(
            contents=writer.add_object(generic.StreamObject(stream_data=b"q /Blad Do Q")),
            media_box=corners,
            resources=generic.DictionaryObject(
                {generic.pdf_name("/XObject"): generic.DictionaryObject({name: content})}
            ),
        )
        writer.insert_page(page)


def stamp_style(stamp: Stamp) -> TextStampStyle:
    """Return how a signature looks on the page."""
    words = "\n".join(text.line(line).replace("%", "%%") for line in stamp.lines)
    return TextStampStyle(
        stamp_text=words,
        text_box_style=TextBoxStyle(
            font=_NotoFactory(), font_size=9, leading=12, box_layout_rule=_beside_the_edge(0)
        ),
        inner_content_layout=_beside_the_edge(6),
        border_width=0,
    )


def _beside_the_edge(margin: int) -> layout.SimpleBoxLayoutRule:
    """Return: at the left, in the middle of the height; smaller only where it would not fit."""
    return layout.SimpleBoxLayoutRule(
        x_align=layout.AxisAlignment.ALIGN_MIN,
        y_align=layout.AxisAlignment.ALIGN_MID,
        margins=layout.Margins(left=margin, right=margin, top=margin // 2, bottom=margin // 2),
    )


class _NotoFactory(FontEngineFactory):
    """Noto Sans, of which only the letters used go into the PDF."""

    def create_font_engine(self, writer: Any, obj_stream: Any = None) -> GlyphAccumulator:
        return GlyphAccumulator(writer, BytesIO(_noto()), font_size=9, obj_stream=obj_stream)


# A stamp of a few words needs no kerning, ligatures or hints; making a subset of them takes long.
_NOT_NEEDED = ("TTFA", "GPOS", "GSUB", "GDEF", "fpgm", "prep", "cvt ", "gasp", "kern")


@cache
def _noto() -> bytes:
    font, out = TTFont(BytesIO(pymupdf_fonts.myfont("notos"))), BytesIO()
    for table in _NOT_NEEDED:
        if table in font:
            del font[table]
    font.save(out)
    return out.getvalue()


def said_at() -> str:
    """Return the moment as a stamp prints it: in Dutch, as the document, in Brussels time."""
    with force_locale("nl"):
        return moment(clock.now())
