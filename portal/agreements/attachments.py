"""Documents people add to an agreement: a decision or delegation, as PDF or Word.

They are kept as they came and only ever sent as a download; what could act on opening is refused.
"""

import re

import pypdfium2
import pypdfium2.raw as pdfium

from portal.core import documents
from portal.core.db import db
from portal.core.documents import Document
from portal.core.errors import DomainError
from portal.core.i18n import N_
from portal.core.rendering import inspect_docx

MAX_BYTES = 10 * 1024 * 1024
PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|RichMedia|EmbeddedFiles?|XFA|SubmitForm)\b")
NOT_READABLE = N_("Dit bestand is geen leesbare PDF en geen Word-document (.docx).")


def keep(data: bytes, filename: str, field: str = "file") -> Document:
    """Keep a PDF or Word file. Raises DomainError on `field` with the reason it is refused."""
    if len(data) > MAX_BYTES:
        raise DomainError(N_("Het bestand is groter dan 10 MB."), field)
    if data.startswith(b"%PDF-"):
        _check_pdf(data, field)
        kind = PDF
    elif data.startswith(b"PK\x03\x04"):
        problems = inspect_docx(data, revisions_allowed=True)
        if problems:
            why = "; ".join(str(one) for one in problems[:3])
            raise DomainError(N_("Dit Word-bestand wordt niet aanvaard. %(why)s"), field, why=why)
        kind = WORD
    else:
        raise DomainError(NOT_READABLE, field)
    document = documents.put(data, filename, kind)
    db.session.flush()
    return document


def _check_pdf(data: bytes, field: str) -> None:
    """Raise DomainError for a PDF that does not open, or that acts or carries other files."""
    try:
        opened = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        message = N_("Deze PDF kan niet geopend worden: ze is beschadigd of beveiligd.")
        raise DomainError(message, field) from error
    try:
        pages = len(opened)
        scripts = pdfium.FPDFDoc_GetJavaScriptActionCount(opened)
        carried = pdfium.FPDFDoc_GetAttachmentCount(opened)
    finally:
        opened.close()
    if not pages:
        raise DomainError(NOT_READABLE, field)
    if scripts > 0 or carried > 0 or _ACTIVE.search(data):
        message = N_(
            "Deze PDF bevat een script, een formulier dat iets verstuurt of een bijgevoegd "
            "bestand. Druk ze opnieuw af naar PDF en probeer nog eens."
        )
        raise DomainError(message, field)
