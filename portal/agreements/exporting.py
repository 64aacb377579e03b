"""A version of an agreement as a file, for who runs the portal."""

from sqlalchemy import select

from portal.agreements import envelopes, proposing
from portal.agreements.listing import LETTER
from portal.agreements.models import Agreement, Envelope, EnvelopeStatus, Subject
from portal.core.db import db
from portal.core.errors import NotFoundError
from portal.core.references import read_reference


def signed(reference: str, *, partly: bool = False) -> bytes:
    """Return the agreement as signed by everybody; `partly`: else as far as it was signed.

    Raises NotFoundError when nobody signed it, DamagedDocumentError.
    """
    known = read_reference(LETTER, reference)
    rows = db.session.scalars(
        select(Envelope)
        .join(Agreement)
        .where(Agreement.reference == known, Envelope.subject == Subject.AGREEMENT)
        .order_by(Envelope.number.desc())
    ).all()
    for envelope in rows:
        if envelope.status == EnvelopeStatus.COMPLETE:
            return envelopes.read(envelope.latest)
    begun = [one for one in rows if one.latest.signatory_id is not None]
    if partly and begun:
        return envelopes.read(begun[0].latest)
    raise NotFoundError()


def agreement(reference: str, form: str, number: int | None = None) -> tuple[int, bytes]:
    """Return the number and bytes ("docx" or "pdf") of a version: the one asked for, else the one
    agreed to, else the newest. Raises NotFoundError, DamagedDocumentError.
    """
    known = read_reference(LETTER, reference)
    found = db.session.scalar(select(Agreement).where(Agreement.reference == known))
    if found is None or found.latest is None:
        raise NotFoundError()
    wanted = number or found.agreed_number or found.latest.number
    for version in found.versions:
        if version.number == wanted:
            return version.number, proposing.read(version, form)[0]
    raise NotFoundError()
