"""Files that leave the portal: always saved, never opened inside it."""

import unicodedata
from collections.abc import Iterable
from urllib.parse import quote

from flask import Response

from portal.core import documents
from portal.core.documents import Document


def attachment(content: bytes | Iterable[bytes], filename: str, media_type: str) -> Response:
    """Return a response that a browser saves under this name and never runs (RFC 6266)."""
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = disposition(filename)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def send(document: Document) -> Response:
    """Return a stored document as a download. Raises DamagedDocumentError."""
    data = documents.read(document)
    return attachment(data, document.filename or "document", document.media_type)


def disposition(filename: str) -> str:
    """Return the header's value: the name in ASCII for old browsers, and in full."""
    name = documents.plain_filename(filename)
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    ascii_name = folded.replace("\\", "").replace('"', "") or "document"
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"
