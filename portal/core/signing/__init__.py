"""Signatures in PDF (PAdES): sealing, signing, checking what comes back, remote services.

No domain words here: whoever signs what, and why, is the business of the slices. See ADR 11.
"""

import logging

from portal.core.signing.checking import NewSignature, RefusedSignatureError, check_addition
from portal.core.signing.identity import Pki, pki
from portal.core.signing.reading import Seen, looked_at, revision_ends
from portal.core.signing.sealing import Stamp, archive, seal_invisibly, seal_with_fields, sign
from portal.core.signing.sheet import Box, Sheet, draw

__all__ = [
    "Box",
    "NewSignature",
    "Pki",
    "RefusedSignatureError",
    "Seen",
    "Sheet",
    "Stamp",
    "archive",
    "check_addition",
    "draw",
    "looked_at",
    "pki",
    "revision_ends",
    "seal_invisibly",
    "seal_with_fields",
    "sign",
]

# The library logs whose certificate it could not believe; names do not belong in a log.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)
