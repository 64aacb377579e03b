"""Documents people add to an agreement: a decision or a delegation.

They are kept as they came and only ever sent as a download; what could act is refused.
"""

from portal.core import documents, uploads
from portal.core.db import db
from portal.core.documents import Document


def keep(data: bytes, filename: str, field: str = "file") -> Document:
    """Keep a PDF, picture or Word file. Raises DomainError on `field` with why it is refused."""
    upload = uploads.accept(data, filename, field)
    document = documents.put(upload.data, upload.filename, upload.media_type)
    db.session.flush()
    return document
