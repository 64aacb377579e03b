"""What comes back signed: our very bytes, one signature more, by somebody who is believed.

The order of the checks is the order of the reasons: first whether it is our document at all, then
what was added to it, then by whom. Nothing of a certificate is kept but names, issuer and a
fingerprint: the serial number on a Belgian card is the national register number.
"""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel

from portal.core import clock
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.signing.identity import Pki, waited_for

MAX_BYTES = 12 * 1024 * 1024
SUBFILTERS = frozenset({"/ETSI.CAdES.detached", "/adbe.pkcs7.detached"})
OUTDATED = frozenset({"md5", "sha1"})
# What a signature may follow on, and what may follow on a signature.
ALLOWED = ModificationLevel.FORM_FILLING

EMPTY = N_("Het bestand is leeg.")
TOO_LARGE = N_("Het bestand is te groot.")
NO_PDF = N_("Dit is geen PDF.")
UNSIGNED = N_("In dit bestand staat geen nieuwe handtekening: het is wat je gedownload hebt.")
OLDER = N_(
    "Intussen heeft iemand anders getekend. Download het document opnieuw en teken die versie."
)
RESAVED = N_(
    "Het document is opnieuw bewaard of afgedrukt in plaats van ondertekend. Teken het bestand "
    "zoals je het gedownload hebt."
)
OTHER_DOCUMENT = N_("Dit is een ander document dan wat je moet ondertekenen.")
LOCKED = N_("Deze PDF is beveiligd met een wachtwoord.")
UNREADABLE = N_("Wat aan het document toegevoegd is, is beschadigd en niet te lezen.")
CHANGED_UNSIGNED = N_("Aan het document is iets toegevoegd, maar het is niet ondertekend.")
SEVERAL = N_("Er staat meer dan één nieuwe handtekening in. Teken alleen in je eigen vak.")
OWN_FIELD = N_(
    "Je programma maakte een eigen handtekeningveld. Teken in het vak met jouw naam op de laatste "
    "bladzijde."
)
FOREIGN_FIELD = N_("Er is getekend in het vak van iemand anders. Teken in het vak met jouw naam.")
KIND = N_("Deze soort handtekening kunnen we niet controleren. Kies PAdES of PDF-handtekening.")
BROKEN = N_("De handtekening klopt niet met de inhoud: er is na het tekenen iets veranderd.")
PARTIAL = N_("De handtekening dekt niet het hele document.")
ADDED_AFTER = N_("Na je handtekening is nog iets aan het document toegevoegd.")
PAGES_CHANGED = N_("Behalve de handtekening is ook de inhoud van het document veranderd.")
WRONG_USAGE = N_(
    "Dit certificaat dient niet om te ondertekenen. Kies het certificaat voor handtekeningen, "
    "niet dat om in te loggen."
)
NOT_TRUSTED = N_("Het certificaat komt niet van een uitgever die we vertrouwen.")
EXPIRED = N_("Het certificaat is verlopen of nog niet geldig.")
REVOKED = N_("Het certificaat is ingetrokken.")
NOT_ASKED = N_(
    "We konden niet nagaan of het certificaat ingetrokken is. Probeer het straks opnieuw."
)
WEAK = N_("De handtekening gebruikt een verouderde methode. Werk je programma bij.")
BAD_TIME = N_("Het tijdstempel in de handtekening is niet te vertrouwen.")


class RefusedSignatureError(DomainError):
    """An uploaded file is not accepted; the message says why, in words one can act on."""

    def __init__(self, message: str, field: str = "file") -> None:
        super().__init__(message, field)


@dataclass(frozen=True)
class NewSignature:
    """Who put the one new signature, as the certificate says. `fingerprint`: its SHA-256, hex."""

    field: str
    common_name: str
    given_name: str
    surname: str
    issuer: str
    fingerprint: str
    signed_at: datetime | None
    timestamped: bool


def check_addition(
    issued: bytes, uploaded: bytes, field: str, pki: Pki, *, older: tuple[bytes, ...] = ()
) -> NewSignature:
    """Return the one signature that was added in `field` to the bytes we issued.

    `older`: earlier states of the document, to say that somebody else signed meanwhile. Raises
    RefusedSignatureError with the first thing that is wrong.
    """
    _check_bytes(issued, uploaded, older)
    return waited_for(_checked(issued, uploaded, field, pki))


def _check_bytes(issued: bytes, uploaded: bytes, older: tuple[bytes, ...]) -> None:
    if not uploaded:
        raise RefusedSignatureError(EMPTY)
    if len(uploaded) > MAX_BYTES:
        raise RefusedSignatureError(TOO_LARGE)
    if not uploaded.startswith(b"%PDF-"):
        raise RefusedSignatureError(NO_PDF)
    if uploaded == issued:
        raise RefusedSignatureError(UNSIGNED)
    if uploaded.startswith(issued):
        return
    if any(uploaded.startswith(one) for one in older):
        raise RefusedSignatureError(OLDER)
    raise RefusedSignatureError(RESAVED if _same_origin(issued, uploaded) else OTHER_DOCUMENT)


def _same_origin(issued: bytes, uploaded: bytes) -> bool:
    """Say whether a file was made from ours: PDF keeps the first half of its id for ever."""
    try:
        ours, theirs = _first_id(issued), _first_id(uploaded)
    except Exception:  # noqa: BLE001 - a broken or foreign file is simply another document
        return False
    return ours == theirs


def _first_id(pdf: bytes) -> bytes:
    trailer: Any = PdfFileReader(BytesIO(pdf), strict=False).trailer
    return bytes(trailer["/ID"][0].original_bytes)


async def _checked(issued: bytes, uploaded: bytes, field: str, pki: Pki) -> NewSignature:
    before = {one.field_name for one in _signatures(issued)}
    found = _signatures(uploaded)
    added = [one for one in found if one.field_name not in before]
    known_fields = _field_names(issued)
    if not added:
        odd = _field_names(uploaded, filled=True) - before
        raise RefusedSignatureError(KIND if odd else CHANGED_UNSIGNED)
    if len(added) > 1:
        raise RefusedSignatureError(SEVERAL)
    (new,) = added
    if new.field_name not in known_fields:
        raise RefusedSignatureError(OWN_FIELD)
    if new.field_name != field:
        raise RefusedSignatureError(FOREIGN_FIELD)
    if str(new.sig_object.get("/SubFilter")) not in SUBFILTERS:
        raise RefusedSignatureError(KIND)
    await _check_first(found[0], pki)
    return await _check_new(new, pki)


def _signatures(pdf: bytes) -> list[EmbeddedPdfSignature]:
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=True)
        if reader.encrypted:
            raise RefusedSignatureError(LOCKED)
        found = reader.embedded_signatures
        return [one for one in found if one.sig_object_type != "/DocTimeStamp"]
    except RefusedSignatureError:
        raise
    except Exception as error:
        raise RefusedSignatureError(UNREADABLE) from error


def _field_names(pdf: bytes, *, filled: bool | None = None) -> set[str]:
    """Return the names of the signature fields; with `filled`, of those that are."""
    found = enumerate_sig_fields(PdfFileReader(BytesIO(pdf)), filled_status=filled)
    return {name for name, _value, _reference in found}


async def _check_first(seal: EmbeddedPdfSignature, pki: Pki) -> None:
    """Check what our seal allows to follow on it: only its fields being filled in."""
    context = pki.seal_context(allow_fetching=False, revocation_mode="soft-fail")
    try:
        status = await async_validate_pdf_signature(seal, context)
    except (SignatureValidationError, PdfError) as error:
        raise RefusedSignatureError(PAGES_CHANGED) from error
    finally:
        await context.aclose()
    if not (status.intact and status.valid):
        raise RefusedSignatureError(BROKEN)
    level = status.modification_level
    if status.docmdp_ok is False or (level is not None and level > ALLOWED):
        raise RefusedSignatureError(PAGES_CHANGED)


async def _check_new(new: EmbeddedPdfSignature, pki: Pki) -> NewSignature:
    context, times = pki.person_context(), pki.time_context()
    usage = KeyUsageConstraints(key_usage={"non_repudiation"})
    try:
        status = await async_validate_pdf_signature(new, context, times, key_usage_settings=usage)
    except (SignatureValidationError, SigningError, PdfError, ValueError) as error:
        raise RefusedSignatureError(BROKEN) from error
    finally:
        await context.aclose()
        await times.aclose()
    _check_whole(status)
    await _check_trust(new, status, pki)
    return _as_kept(new, status)


def _check_whole(status: PdfSignatureStatus) -> None:
    if not (status.intact and status.valid):
        raise RefusedSignatureError(BROKEN)
    if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        raise RefusedSignatureError(PARTIAL)
    if status.docmdp_ok is False:
        raise RefusedSignatureError(ADDED_AFTER)
    # What follows on the signature may only be what checking it in ten years needs.
    at_the_end = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    if not at_the_end and status.modification_level != ModificationLevel.LTA_UPDATES:
        raise RefusedSignatureError(ADDED_AFTER)


async def _check_trust(new: EmbeddedPdfSignature, status: PdfSignatureStatus, pki: Pki) -> None:
    certificate = status.signing_cert
    usage = certificate.key_usage_value
    if usage is None or "non_repudiation" not in usage.native:
        raise RefusedSignatureError(WRONG_USAGE)
    if status.md_algorithm.lower() in OUTDATED:
        raise RefusedSignatureError(WEAK)
    stamp = status.timestamp_validity
    if stamp is not None and not (stamp.valid and stamp.intact and stamp.trusted):
        raise RefusedSignatureError(BAD_TIME)
    if status.trusted:
        return
    if status.revoked:
        raise RefusedSignatureError(REVOKED)
    now = clock.now()
    if not certificate.not_valid_before <= now <= certificate.not_valid_after:
        raise RefusedSignatureError(EXPIRED)
    # Believed but for the answer about revocation: then it is that answer which is missing.
    raise RefusedSignatureError(NOT_ASKED if await _leads_to_roots(new, pki) else NOT_TRUSTED)


async def _leads_to_roots(new: EmbeddedPdfSignature, pki: Pki) -> bool:
    context = pki.person_context(allow_fetching=False, revocation_mode="soft-fail")
    try:
        status = await async_validate_pdf_signature(new, context, skip_diff=True)
    finally:
        await context.aclose()
    return status.trusted


def _as_kept(new: EmbeddedPdfSignature, status: PdfSignatureStatus) -> NewSignature:
    certificate = status.signing_cert
    subject: dict[str, Any] = certificate.subject.native
    issuer: dict[str, Any] = certificate.issuer.native
    stamp = status.timestamp_validity
    return NewSignature(
        field=new.field_name,
        common_name=_words(subject.get("common_name")),
        given_name=_words(subject.get("given_name")),
        surname=_words(subject.get("surname")),
        issuer=_words(issuer.get("common_name") or issuer.get("organization_name")),
        fingerprint=certificate.sha256.hex(),
        signed_at=stamp.timestamp if stamp else status.signer_reported_dt,
        timestamped=stamp is not None,
    )


def _words(value: object) -> str:
    """Return a name of a certificate; one that occurs more than once comes as a list."""
    return " ".join(value) if isinstance(value, list) else str(value or "")
