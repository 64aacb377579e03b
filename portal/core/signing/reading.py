"""Reading the seals and signatures in any PDF somebody shows us."""

from dataclasses import dataclass
from io import BytesIO

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from portal.core.signing.identity import Pki, waited_for

MOST_REVISIONS = 60
_END = b"%%EOF"


@dataclass(frozen=True)
class Seen:
    """A signature in a PDF. ours: by our seal; whole: nothing it covers was changed and only what
    it allows was added."""

    field: str
    ours: bool
    whole: bool


def looked_at(pdf: bytes, pki: Pki) -> list[Seen]:
    """Return the signatures in a PDF, in order; none when it cannot be read."""
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=False)
        found = list(reader.embedded_regular_signatures)
    except Exception:  # noqa: BLE001 - anybody may show us anything
        return []
    return [waited_for(_seen(one, pki)) for one in found[:MOST_REVISIONS]]


async def _seen(one: EmbeddedPdfSignature, pki: Pki) -> Seen:
    own = {root.sha256 for root in pki.seal_roots}
    context = pki.seal_context(allow_fetching=False, revocation_mode="soft-fail")
    try:
        status = await async_validate_pdf_signature(one, context)
    except Exception:  # noqa: BLE001 - a signature that cannot be judged is not whole
        return Seen(one.field_name or "", _names_our_seal(one, pki), whole=False)
    finally:
        await context.aclose()
    level = status.modification_level
    kept = level is None or level <= ModificationLevel.FORM_FILLING
    whole = status.intact and status.valid and kept and status.docmdp_ok is not False
    ours = (status.trusted and bool(own)) or _names_our_seal(one, pki)
    return Seen(one.field_name or "", ours, whole)


def _names_our_seal(one: EmbeddedPdfSignature, pki: Pki) -> bool:
    """Say whether the signature carries the certificate of our seal, whatever became of it."""
    try:
        carried = one.signer_cert.sha256
    except Exception:  # noqa: BLE001 - a broken signature carries nothing
        return False
    seal = pki.seal.signing_cert if pki.seal else None
    return seal is not None and carried == seal.sha256


def revision_ends(pdf: bytes) -> list[int]:
    """Return how many bytes each earlier state of the PDF may have had, the longest first."""
    ends, at = set(), pdf.find(_END)
    while at >= 0 and len(ends) < 3 * MOST_REVISIONS:
        after = at + len(_END)
        ends |= {after, after + 1, after + 2}
        at = pdf.find(_END, after)
    return sorted((end for end in ends if end < len(pdf)), reverse=True)
